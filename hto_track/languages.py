"""Dutch by default, English second: which language a reader gets, and catalogues that are never older than their text."""

import os
from collections.abc import Mapping
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import has_request_context, request

LANGUAGES = ("nl", "en")
COOKIE = "language"
TRANSLATIONS = Path(__file__).parent / "translations"


def reader_language() -> str:
    """The language the reader of a page chose, Dutch until they did; outside requests that of the terminal."""
    if not has_request_context():
        return _terminal_language(os.environ)
    chosen = request.cookies.get(COOKIE)
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _terminal_language(environment: Mapping[str, str]) -> str:
    """Dutch where the environment says so, else English: commands are read by whoever set up the machine."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    chosen = next((environment[name] for name in names if environment.get(name)), "")
    return "nl" if chosen.casefold().startswith("nl") else "en"


def compile_catalogues() -> None:
    """Write each ``.mo`` that is missing or older than its ``.po``."""
    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        fresh = compiled.with_suffix(f".{os.getpid()}.mo")  # one's own: workers start at the same time
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(compiled)
