"""Icons: the vendored drawings of lucide, put into the page so that they take its colour and need no request."""

from functools import cache
from pathlib import Path

from markupsafe import Markup

FOLDER = Path(__file__).resolve().parent.parent / "static" / "icons"


@cache
def icon(name: str, classes: str = "") -> Markup:
    """The drawing ``name`` of static/icons, hidden from screen readers: the word beside it says the same."""
    return Markup('<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>').format(
        f"ic {classes}".strip(), _shapes(name)
    )


@cache
def _shapes(name: str) -> Markup:
    drawing = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    inside = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
    return Markup("".join(line.strip() for line in inside.splitlines()))  # noqa: S704 (our own vendored files)
