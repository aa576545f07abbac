"""Pages: views that parse, call a service and answer. No queries, no rules, no figures made here."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register every page."""
