"""The page on which a participant says that they will not come: what stands, and the one thing to do about it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.formats import clock_from_to, day, day_short
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import Mark
from hto_track.services.absences import Announcing, OwnLesson
from hto_track.web.pictures.attendance import WORDS, eyebrow_of, title_of

SENTENCES: dict[Announcing, Any] = {
    Announcing.CAN_ANNOUNCE: _l("Tell your teacher that you will not come. You need not say why."),
    Announcing.ANNOUNCED: _l(
        "Your teacher sees it on the list of this lesson. Can you come after all? Then take it back."
    ),
    Announcing.TOO_LATE: _l("The lesson has begun: this can no longer be changed here. Tell your teacher."),
    Announcing.MARKED: _l(
        "The college has noted something for this lesson already: that counts. Ask your teacher to change it."
    ),
    Announcing.CANCELLED: _l("This lesson is cancelled: you need not say that you will not come."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsencePage:
    """The whole page."""

    title: str
    eyebrow: str
    lesson_number: int
    state: str
    sentence: str
    can_announce: bool
    can_withdraw: bool


def absence_page(own: OwnLesson) -> AbsencePage:
    """The page of one lesson."""
    return AbsencePage(
        title=title_of(own.lesson),
        eyebrow=eyebrow_of(own.lesson),
        lesson_number=own.lesson.number,
        state=_state(own),
        sentence=str(SENTENCES[own.announcing]),
        can_announce=own.announcing is Announcing.CAN_ANNOUNCE,
        can_withdraw=own.announcing is Announcing.ANNOUNCED,
    )


def announced_text(own: OwnLesson) -> str:
    """What is said once it is done."""
    when = {"day": day(own.lesson.on), "time": clock_from_to(own.lesson.starts_at, own.lesson.ends_at)}
    if own.mark is Mark.EXCUSED:
        return _("You are excused on %(day)s, %(time)s.", **when)
    return _("You will be there on %(day)s, %(time)s.", **when)


def _state(own: OwnLesson) -> str:
    if own.mark is None:
        return ""
    if own.mark is Mark.EXCUSED and own.announced_at is not None:
        announced_on: date = own.announced_at.astimezone(AMSTERDAM).date()
        return _("You said on %(date)s that you will not come", date=day_short(announced_on))
    return str(WORDS[own.mark])
