.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

help:  ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: $(VENV)/run.stamp  ## Serve the demo cohorts on http://127.0.0.1:8000 and say how to sign in
	$(BIN)/hto-track demo --port $(PORT)

$(VENV)/run.stamp: requirements.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

lock:  ## Resolve pyproject.toml into the two hashed requirement files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
	  pyproject.toml --group build -o requirements.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet \
	  pyproject.toml --group build --group dev -o requirements-dev.txt

test: $(VENV)/dev.stamp chromium lint types  ## Run every test: both databases and the browser
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/dev.stamp lint types  ## The checks of a minute: imports, types, style, rules, services on SQLite, pages
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not browser" -k "not postgresql"

lint: $(VENV)/dev.stamp  ## Hold the floors apart and the style together
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/ruff check --quiet .
	$(BIN)/djlint --lint --quiet templates

types: $(VENV)/dev.stamp  ## Check the types of rules and services
	$(BIN)/mypy

browser: $(VENV)/dev.stamp chromium  ## Run the browser tests alone
	$(BIN)/python -m pytest -m browser

bench: $(VENV)/dev.stamp  ## Measure pages, import and evaluation on this machine (needs wrk; makes the demo anew)
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.commands

year: $(VENV)/dev.stamp  ## Live a year of mails with kills and a mail server that is down, and count what came
	$(BIN)/python -m bench.year

bench-forecast: $(VENV)/dev.stamp  ## Measure the forecast on 200 simulated cohorts, beside two baselines (some minutes)
	$(BIN)/python -m bench.forecast

scan: $(VENV)/dev.stamp  ## Scan the demo as each role with Wapiti (installed aside), and write docs/scan.md
	test -x $(VENV)-scan/bin/wapiti || { $(PYTHON) -m venv $(VENV)-scan && $(VENV)-scan/bin/pip install --quiet wapiti3; }
	PATH=$(VENV)-scan/bin:$$PATH $(BIN)/python -m bench.scan

chromium:
	@command -v chromium >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qqy --no-install-recommends chromium >/dev/null; \
	  else echo "The browser tests need Chromium: install the package chromium" >&2; exit 1; fi; }

.PHONY: help run lock test check lint types browser bench bench-forecast year scan chromium
