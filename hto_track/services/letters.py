"""How every mail is made: a greeting, what happened, one question, and one button (UX.md section 6).

A button stands in the text as its words, a colon, and the whole address on the line below; the outbox makes it look like a
button in the HTML that goes along.
"""

# mypy: disable-error-code="no-any-return"
# ... because flask_babel has no types.

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from hto_track.config import Settings

P = ParamSpec("P")
LANGUAGE = "nl"
"""Of every mail: nobody has told us another yet."""
SECRET_LINK, SECRET_CODE = "[[link]]", "[[code]]"
"""Where the outbox puts what is for the addressee alone."""
SIGNED = "HTO Track"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailText:
    """What stands in a mail."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Where a mail leads: what it says there, and the whole address."""

    label: str
    address: str


def in_its_language(text: Callable[P, MailText]) -> Callable[P, MailText]:
    """Let a function that words a mail speak the language of mails."""

    @wraps(text)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> MailText:
        with force_locale(LANGUAGE):
            return text(*args, **kwargs)

    return spoken


def greeting(name: str | None) -> str:
    """How every mail begins: with the name that somebody is known by, the given name of who takes part.

    An address is no name to be called by.
    """
    return _("Hello %(name)s,", name=name) if name and "@" not in name else _("Hello,")


def letter(*paragraphs: str, question: str, button: Button, after: tuple[str, ...] = ()) -> str:
    """The body of a mail: ``paragraphs``, then the ``question`` that it asks, the ``button`` that answers it, the rest."""
    return "\n\n".join((*paragraphs, question, f"{button.label}:\n{button.address}", *after, SIGNED)) + "\n"


def address_of(path: str) -> str:
    """The whole address of a page of ours."""
    settings: Settings = current_app.extensions["hto_settings"]
    return settings.base_url + path
