"""Forms as a browser fills them in: hidden fields, tokens and preset values go along, the test gives only what a person
types.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Form:
    """A form of a page: where it goes, and the values that its fields have."""

    action: str
    method: str
    id: str
    values: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, value: str) -> None:
        """A further value of a field."""
        self.values.setdefault(name, []).append(value)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._inside: Form | None = None
        self._select: str | None = None
        self._first_option: str | None = None
        self._chosen = False
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, and what its fields hold."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = Form(given.get("action", ""), given.get("method", "get").lower(), given.get("id", ""))
            self.forms.append(self._inside)
        elif self._inside is None:
            return
        elif tag == "input" and "name" in given:
            self._input(self._inside, given)
        elif tag == "select":
            self._select, self._first_option, self._chosen = given.get("name"), None, False
        elif tag == "option" and self._select:
            self._option(self._inside, self._select, given)
        elif tag == "textarea":
            self._textarea = given.get("name")
            if self._textarea:
                self._inside.values[self._textarea] = [""]

    def _input(self, form: Form, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        is_choice = kind in ("radio", "checkbox")
        if kind not in ("submit", "button", "file") and (not is_choice or "checked" in given):
            form.add(given["name"], given.get("value", "on" if is_choice else ""))

    def _option(self, form: Form, name: str, given: dict[str, str]) -> None:
        value = given.get("value", "")
        if self._first_option is None:
            self._first_option = value
        if "selected" in given:
            self._chosen = True
            form.add(name, value)

    def handle_data(self, data: str) -> None:
        """The text of a text area is its value."""
        if self._inside and self._textarea:
            self._inside.values[self._textarea][-1] += data

    def handle_endtag(self, tag: str) -> None:
        """A list without a choice sends its first option."""
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "select":
            if self._inside and self._select and not self._chosen and self._first_option is not None:
                self._inside.add(self._select, self._first_option)
            self._select = None


def forms_of(page: TestResponse) -> list[Form]:
    """The forms of a page, in order."""
    parser = _Forms()
    parser.feed(page.text)
    return parser.forms


def submit(client: FlaskClient, path: str, *, form: str = "", follow: bool = False, **typed: Any) -> TestResponse:
    """Open the page at ``path``, fill in ``typed`` and send its form: the one whose id or action holds ``form``.

    A field that the form does not have may be typed too: it stands for a button or an unchecked box.
    """
    page = client.get(path, follow_redirects=True)
    assert page.status_code == 200, f"{path} answers {page.status_code}"
    chosen = [
        candidate
        for candidate in forms_of(page)
        if candidate.method == "post" and (form in candidate.action or form == candidate.id)
    ]
    assert chosen, f"{path} has no form {form!r} to send"
    values: dict[str, Any] = chosen[0].values | typed
    return client.post(chosen[0].action or path, data=values, follow_redirects=follow)


def send_by_hand(client: FlaskClient, path: str, *, follow: bool = False, **values: Any) -> TestResponse:
    """POST what no page offered, with a token of the reader's own: somebody who tries."""
    token = forms_of(client.get("/account"))[0].values["csrf_token"]
    return client.post(path, data={"csrf_token": token, **values}, follow_redirects=follow)
