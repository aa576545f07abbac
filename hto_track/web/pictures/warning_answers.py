"""What somebody answered to a warning, as a word with its icon."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.formats import moment
from hto_track.models.warnings import AnswerKind
from hto_track.services.views import AnswerGiven, WarningInForce

WORDS: dict[AnswerKind, tuple[Any, str, str]] = {
    AnswerKind.CALL_ME: (_l("Asks for a call"), "phone", "warn"),
    AnswerKind.PLANNED: (_l("Has planned it"), "calendar-days", ""),
    AnswerKind.SEEN: (_l("Has seen it"), "eye", ""),
}
"""Its words for who guides, its icon and its colour; the most pressing first."""
OWN_WORDS: dict[AnswerKind, Any] = {
    AnswerKind.CALL_ME: _l("You ask for a call"),
    AnswerKind.PLANNED: _l("You have planned it"),
    AnswerKind.SEEN: _l("You have seen it"),
}
BUTTONS: tuple[tuple[AnswerKind, Any, str], ...] = (
    (AnswerKind.SEEN, _l("I have seen this"), "eye"),
    (AnswerKind.PLANNED, _l("I have planned it"), "calendar-days"),
    (AnswerKind.CALL_ME, _l("Call me"), "phone"),
)
"""What one can answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTag:
    """An answer: a word, its icon and colour, when it was given, and what was written."""

    text: str
    icon: str
    kind: str
    when: str
    note: str


def answer_tag(answer: AnswerGiven | None, *, yours: bool = False) -> AnswerTag | None:
    """An answer as it is shown; None where none was given."""
    if answer is None:
        return None
    text, icon, kind = WORDS[answer.kind]
    return AnswerTag(
        text=str(OWN_WORDS[answer.kind] if yours else text),
        icon=icon,
        kind=kind,
        when=_("answered %(moment)s", moment=moment(answer.answered_at)),
        note=answer.note or "",
    )


def most_pressing(warnings: Iterable[WarningInForce]) -> AnswerTag | None:
    """The answer that asks most of who guides, of all that somebody gave to their open warnings."""
    given = {warning.answer.kind: warning.answer for warning in warnings if warning.answer}
    return next((answer_tag(given[kind]) for kind in WORDS if kind in given), None)
