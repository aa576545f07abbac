"""From a row of the table of routes to a request, and from its answer to a cell."""

import io
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access import cells
from tests.access.route import Form, Route
from tests.access.site import AccessSite
from tests.access.things import Values
from tests.access.world import World

LET_IN = frozenset({200, 201, 204, 302, 303, 400, 409, 410, 413, 422, 502})
IN_BRACES = re.compile(r"\{(\w+)\}")
CHANGING = re.compile(
    r'nonce[="-]+[\w-]+|name="(?:key|csrf_token)" value="[^"]*"|-seconds="\d+"|next=[^"]*|"key": "[^"]*"'
)
"""What differs between two pages that say the same."""


def rules_of(app: Flask) -> dict[tuple[str, str], Rule]:
    """Every endpoint and method of the URL map; HEAD is GET, and OPTIONS is offered by none."""
    return {
        (rule.endpoint, method): rule
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }


def named_in(route: Route, rule: Rule) -> tuple[set[str], set[str]]:
    """The values that a row asks with: those of the address, and those in braces in its form and files."""
    templates = " ".join(f"{key} {value}" for key, value in ((route.form or {}) | route.files).items())
    return set(rule.arguments), set(IN_BRACES.findall(templates))


def values_of(route: Route, world: World, things: Values) -> Values:
    """What a row is asked with: one of the world's three lists, but what the row says itself."""
    said = {
        name: value.format(**world.own | things) if IN_BRACES.search(value) else value
        for name, value in route.values.items()
        if things is world.own or IN_BRACES.search(value)
    }
    return things | said


def ask(site: AccessSite, name: str, route: Route, rule: Rule, values: Values) -> TestResponse:
    """What ``name`` is answered to the request of a row with these values."""
    with site.app.test_request_context():
        path = site.app.url_for(route.endpoint, _method=route.method, **{key: values[key] for key in rule.arguments})
    if route.method == "GET":
        return site.ask(name, "GET", path, query=_with_values(route.form or {}, values))
    return site.ask(name, route.method, path, _filled_in(route, values))


def _filled_in(route: Route, values: Values) -> dict[str, Any]:
    form: dict[str, Any] = _with_values(route.form or {}, values)
    for name, text in _with_values(route.files, values).items():
        form["files"] = (io.BytesIO(text.encode()), name)
    return form


def _with_values(templates: Form, values: Values) -> Form:
    return {key.format(**values): text.format(**values) for key, text in templates.items()}


def cell_of(answer: TestResponse) -> str:
    """What an answer is in the table."""
    if answer.status_code in (302, 303) and urlsplit(answer.headers["Location"]).path == "/sign-in":
        return cells.TO_SIGN_IN
    return cells.OK if answer.status_code in LET_IN else str(answer.status_code)


def text_of(answer: TestResponse) -> str:
    """What can be read of an answer; of a file its bytes, one letter each."""
    return answer.get_data().decode("utf-8", errors="replace")


def said(answer: TestResponse, *asked: object) -> tuple[int, str]:
    """The status and the page, without the address and the values that were ``asked`` for and what is new in every page."""
    text = CHANGING.sub("", text_of(answer)).replace(answer.request.path, "…")
    for value in asked:
        text = re.sub(rf"(?<!\w){re.escape(str(value))}(?!\w)", "…", text)
    return answer.status_code, text
