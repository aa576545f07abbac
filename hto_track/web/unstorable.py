"""What no database can keep or look for: such a request is about nothing of ours, and answered so before anyone asks.

No keyboard and no link of ours makes one. PostgreSQL takes no NUL in text, and neither database a number beyond its columns.
"""

from flask import Flask, request
from werkzeug.routing import IntegerConverter

from hto_track.services.refusals import NotFound

NUL = "\0"


class Number(IntegerConverter):
    """A number in an address: of as many figures as fit into every column of whole numbers."""

    regex = r"\d{1,9}"


def init_app(app: Flask) -> None:
    """Answer such requests as those for pages that are not there; for use before any route is added."""
    app.url_map.converters["int"] = Number
    app.before_request(_refuse_nul)


def _refuse_nul() -> None:
    in_form = request.method == "POST" and any(
        NUL in word for field in request.form.items(multi=True) for word in field
    )
    if in_form or NUL in request.path or b"%00" in request.query_string:
        raise NotFound
