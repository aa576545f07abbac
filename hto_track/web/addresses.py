"""Codes in addresses: a college may write a slash, a percent sign or dots into one, and its page is found all the same.

Servers undo one layer of percent signs before we see a path, and browsers walk up at a dot or two; so these are written
with one layer more. Any other code looks as it is.
"""

from flask import Flask
from werkzeug.routing import UnicodeConverter

_WRITTEN = (("%", "%25"), ("/", "%2F"))


class Code(UnicodeConverter):
    """A part of an address that may hold any text."""

    def to_url(self, value: str) -> str:
        """The code as it stands in an address."""
        for sign, written in _WRITTEN:
            value = value.replace(sign, written)
        return super().to_url(value.replace(".", "%2E") if value in (".", "..") else value)

    def to_python(self, value: str) -> str:
        """The code that an address says."""
        value = value.replace("%2E", ".")
        for sign, written in reversed(_WRITTEN):
            value = value.replace(written, sign)
        return value


def init_app(app: Flask) -> None:
    """For use before any route is added."""
    app.url_map.converters["default"] = Code
