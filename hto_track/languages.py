"""Dutch by default, English second: which language a reader gets, and catalogues that are never older than their text."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import has_request_context, request

LANGUAGES = ("nl", "en")
COOKIE = "language"
TRANSLATIONS = Path(__file__).parent / "translations"


def reader_language() -> str:
    """The language the reader chose, Dutch until they did."""
    chosen = request.cookies.get(COOKIE) if has_request_context() else None
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def compile_catalogues() -> None:
    """Write each ``.mo`` that is missing or older than its ``.po``."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        fresh = compiled.with_suffix(".mo.new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(compiled)
