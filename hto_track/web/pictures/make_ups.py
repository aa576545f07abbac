"""The form of a lesson made up, and the page of a participant who will not come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day_numeric, day_plain
from hto_track.rules.facts import Mark
from hto_track.services.make_ups import MakeUpForm, OtherLesson
from hto_track.web.pictures.attendance import made_up_text, said, title_of
from hto_track.web.sent_forms import new_key

OTHERWISE = "otherwise"
"""What a form says for made up, but at no lesson."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpPage:
    """The whole page. ``options`` are where: otherwise first, then lessons, latest first."""

    title: str
    eyebrow: str
    action: str
    list_href: str
    list_title: str
    key: str
    seen: str
    options: tuple[tuple[str, str], ...]
    at: str
    on: str
    now: str
    left: str
    refusal: str


def make_up_page(asked: MakeUpForm, on: date, typed: Mapping[str, str] | None = None) -> MakeUpPage:
    """The form, filled in with what stands, else with today; ``typed`` is what somebody filled in before."""
    lesson, row = asked.lesson, asked.row
    address = {"cohort_code": asked.cohort.code, "lesson_number": lesson.number}
    stands = row.made_up if row.mark is Mark.MADE_UP else None
    at = str(stands.at_lesson_id) if stands and stands.at_lesson_id else OTHERWISE
    return MakeUpPage(
        title=_("%(name)s made up a lesson", name=row.name),
        eyebrow=_("Lesson %(number)s · %(day)s", number=lesson.number, day=day_plain(lesson.on)),
        action=url_for("make_ups.save", **address, participant_code=row.participant),
        list_href=url_for("lessons.attendance", **address),
        list_title=title_of(lesson),
        key=new_key(),
        seen=(typed or {}).get("seen", said(row.mark)),
        options=(
            (OTHERWISE, _("Not at a lesson: a task, online or with the teacher")),
            *((str(other.id), _option(other)) for other in asked.others),
        ),
        at=(typed or {}).get("at", at),
        on=(typed or {}).get("on", day_numeric(stands.on if stands else on)),
        now=made_up_text(stands, of=asked.cohort.code) if stands else "",
        left=ngettext(
            "%(name)s may make up %(num)s lesson more.",
            "%(name)s may make up %(num)s lessons more.",
            row.make_ups_left,
            name=row.name,
        ),
        refusal="" if asked.can_be_made_up else _cannot(asked, on),
    )


def _option(other: OtherLesson) -> str:
    return _(
        "%(day)s · lesson %(number)s of %(cohort)s", day=day_plain(other.on), number=other.number, cohort=other.cohort
    )


def _cannot(asked: MakeUpForm, on: date) -> str:
    if asked.lesson.on > on:
        return _("This lesson is still to come: only an announced absence can be recorded.")
    return _("%(name)s has no lessons left to make up.", name=asked.row.name)
