"""The list of a lesson as it is filled in: a row is one big toggle, what it does next is on it, the rest is under "more"."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import clock_from_to, day, day_short, percent
from hto_track.rules.attendance import ABSENCES_IN_A_ROW
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import Mark
from hto_track.rules.requirement import RequirementState
from hto_track.services.attendance import MarkConflict, MarksRecorded
from hto_track.services.attendance_lists import AttendanceRow, LessonAttendance, MadeUp
from hto_track.services.views import LessonPlan
from hto_track.web.sent_forms import new_key

WORDS: dict[Mark, Any] = {
    Mark.PRESENT: _l("Present"),
    Mark.ABSENT: _l("Absent"),
    Mark.LATE: _l("Late"),
    Mark.EXCUSED: _l("Excused"),
    Mark.MADE_UP: _l("Made up"),
}
"""In the order in which a row offers them."""
ICONS = {
    Mark.PRESENT: "check",
    Mark.LATE: "clock",
    Mark.ABSENT: "x",
    Mark.EXCUSED: "mail-check",
    Mark.MADE_UP: "history",
}
NEXT: dict[Mark | None, Mark] = {
    None: Mark.PRESENT,
    Mark.PRESENT: Mark.ABSENT,
    Mark.ABSENT: Mark.LATE,
    Mark.LATE: Mark.PRESENT,
    Mark.EXCUSED: Mark.PRESENT,
}
"""What a tap makes of a mark at a lesson that came; a lesson made up has its own page."""
NO_MARK = "none"
"""What a form says for no mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A mark that can be given: a button."""

    value: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A line under a name."""

    text: str
    icon: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A participant. ``seen`` goes along with the form, ``key`` makes a tap on this row carried out once.

    ``next`` is what a tap on the row gives, None where it leads to ``make_up_href``. ``to_settle`` are the two marks between
    which to choose when someone else changed the row meanwhile.
    """

    code: str
    id: str
    name: str
    seen: str
    key: str
    mark: Choice
    next: Choice | None
    more: tuple[Choice, ...]
    make_up_href: str
    notes: tuple[Note, ...]
    error: str
    conflict: str
    to_settle: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendancePage:
    """The whole page."""

    title: str
    eyebrow: str
    cohort_code: str
    cohort_name: str
    lesson_number: int
    everyone_key: str
    rows: tuple[Row, ...]
    guests: tuple[str, ...]
    counted: str
    nobody: str
    can_be_filled: bool
    hint: str


def attendance_page(
    listed: LessonAttendance,
    on: date,
    *,
    conflicts: Collection[MarkConflict] = (),
    errors: Mapping[str, str] | None = None,
) -> AttendancePage:
    """The list; ``conflicts`` are what of a form was not stored, ``errors`` the sentences of one that was refused, by code."""
    lesson = listed.lesson
    by_code = {conflict.participant: conflict for conflict in conflicts}
    return AttendancePage(
        title=title_of(lesson),
        eyebrow=eyebrow_of(lesson),
        cohort_code=listed.cohort.code,
        cohort_name=listed.cohort.name,
        lesson_number=lesson.number,
        everyone_key=new_key(),
        rows=tuple(
            _row(listed, row, by_code.get(row.participant), (errors or {}).get(row.participant, ""))
            for row in listed.rows
        ),
        guests=tuple(
            _("%(name)s, for lesson %(number)s of %(cohort)s", name=one.name, number=one.missed, cohort=one.cohort)
            for one in listed.guests
        ),
        counted=present_of(listed.attended, len(listed.rows))
        if lesson.on <= on
        else _("%(marked)s excused", marked=listed.excused),
        nobody=_nobody(lesson),
        can_be_filled=listed.to_fill > 0,
        hint="" if lesson.on <= on else _("This lesson is still to come. You can note who will not be there."),
    )


def title_of(lesson: LessonPlan) -> str:
    """What a lesson is called."""
    return lesson.title or _("Lesson %(number)s", number=lesson.number)


def eyebrow_of(lesson: LessonPlan) -> str:
    """Which lesson it is, and when."""
    return _(
        "Lesson %(number)s · %(day)s, %(time)s",
        number=lesson.number,
        day=day(lesson.on),
        time=clock_from_to(lesson.starts_at, lesson.ends_at),
    )


def done_text(recorded: MarksRecorded) -> str:
    """What is said after marks were stored."""
    if not recorded.changes:
        return _("Nothing was changed.")
    if recorded.attended is None:
        return _("Noted.")
    return _("%(count)s.", count=present_of(recorded.attended, recorded.expected))


def present_of(attended: int, expected: int) -> str:
    """``18 van 18 aanwezig``."""
    return _("%(attended)s of %(expected)s present", attended=attended, expected=expected)


def said(mark: Mark | None) -> str:
    """A mark as a form says it."""
    return mark.value if mark else NO_MARK


def made_up_text(made_up: MadeUp, *, of: str) -> str:
    """When and where a lesson of the cohort ``of`` was made up."""
    if made_up.at_number is None:
        return _("made up on %(date)s", date=day_short(made_up.on))
    said_at = {"date": day_short(made_up.on), "number": made_up.at_number}
    if made_up.at_cohort == of:
        return _("made up on %(date)s at lesson %(number)s", **said_at)
    return _("made up on %(date)s at lesson %(number)s of %(cohort)s", cohort=made_up.at_cohort, **said_at)


def outlook_text(row: AttendanceRow) -> str:
    """What attendance still allows, where it matters; empty where nothing is at risk."""
    outlook = row.outlook
    if outlook.state is RequirementState.OUT_OF_REACH:
        return _("can no longer reach enough lessons")
    if outlook.state is not RequirementState.AT_RISK or outlook.attainable is None:
        return ""
    share = percent(outlook.attainable)
    if row.to_spare < 0:
        return ngettext(
            "can still reach %(share)s: %(num)s lesson to make up",
            "can still reach %(share)s: %(num)s lessons to make up",
            -row.to_spare,
            share=share,
        )
    if row.to_spare == 0:
        return (
            _("can still reach %(share)s by making up; may miss no lesson more without", share=share)
            if outlook.repairable
            else _("can still reach %(share)s: may miss no lesson more", share=share)
        )
    if outlook.repairable:  # the share counts what can be made up, the lessons to spare do not
        return ngettext(
            "can still reach %(share)s by making up; may miss %(num)s lesson more without",
            "can still reach %(share)s by making up; may miss %(num)s lessons more without",
            row.to_spare,
            share=share,
        )
    return ngettext(
        "can still reach %(share)s: may miss %(num)s lesson more",
        "can still reach %(share)s: may miss %(num)s lessons more",
        row.to_spare,
        share=share,
    )


def absent_in_a_row_text(times: int) -> str:
    """That somebody is missed; empty while that is not so often that it is said."""
    return _("%(times)s times absent without word", times=times) if times >= ABSENCES_IN_A_ROW else ""


def _row(listed: LessonAttendance, row: AttendanceRow, conflict: MarkConflict | None, error: str) -> Row:
    now = _next(row.mark, listed.recordable)
    others: list[Mark | None] = [mark for mark in listed.recordable if mark not in (row.mark, now, Mark.MADE_UP)]
    if row.mark is not None and now is not None:
        others.append(None)
    can_make_up = Mark.MADE_UP in listed.recordable and (row.make_ups_left > 0 or row.mark is Mark.MADE_UP)
    return Row(
        code=row.participant,
        id=f"rij-{row.id}",
        name=row.name,
        seen=said(row.mark),
        key=new_key(),
        mark=_choice(row.mark),
        next=None if row.mark is Mark.MADE_UP else _choice(now),
        more=tuple(_choice(mark) for mark in WORDS if mark in others) + ((_choice(None),) if None in others else ()),
        make_up_href=url_for(
            "make_ups.ask",
            cohort_code=listed.cohort.code,
            lesson_number=listed.lesson.number,
            participant_code=row.participant,
        )
        if can_make_up
        else "",
        notes=tuple(_notes(listed, row)),
        error=error,
        conflict=_conflict(conflict) if conflict else "",
        to_settle=tuple(_choice(mark) for mark in (conflict.stands, conflict.wanted)) if conflict else (),
    )


def _next(mark: Mark | None, recordable: Collection[Mark]) -> Mark | None:
    """What a tap gives; at a lesson to come an announced absence, and that taken back."""
    if Mark.PRESENT in recordable:
        return NEXT.get(mark)
    return None if mark is Mark.EXCUSED else Mark.EXCUSED


def _choice(mark: Mark | None) -> Choice:
    if mark is None:
        return Choice(value=NO_MARK, text=_("No mark"), icon="minus")
    return Choice(value=mark.value, text=str(WORDS[mark]), icon=ICONS[mark])


def _notes(listed: LessonAttendance, row: AttendanceRow) -> list[Note]:
    notes = []
    if row.announced_at is not None:
        announced_on = day_short(row.announced_at.astimezone(AMSTERDAM).date())
        text = _("excused by %(name)s on %(date)s", name=row.name, date=announced_on)
        notes.append(Note(text=text, icon="mail-check"))
    if row.made_up is not None and row.mark is Mark.MADE_UP:
        notes.append(Note(text=made_up_text(row.made_up, of=listed.cohort.code), icon="history"))
    if row.makes_up is not None:
        notes.append(Note(text=_("made up lesson %(number)s here", number=row.makes_up), icon="history"))
    if missed := absent_in_a_row_text(row.absent_in_a_row):
        notes.append(Note(text=missed, icon="circle-alert", kind="bad"))
    if outlook := outlook_text(row):
        kind = "bad" if row.outlook.state is RequirementState.OUT_OF_REACH else "warn"
        notes.append(Note(text=outlook, icon="triangle-alert", kind=kind))
    return notes


def _conflict(conflict: MarkConflict) -> str:
    stands = str(WORDS[conflict.stands]) if conflict.stands else _("no mark")
    wanted = str(WORDS[conflict.wanted]) if conflict.wanted else _("no mark")
    return _(
        "Someone else changed this meanwhile: it is now %(stands)s, you chose %(wanted)s. Choose which one stays.",
        stands=stands.lower(),
        wanted=wanted.lower(),
    )


def _nobody(lesson: LessonPlan) -> str:
    if lesson.cancelled:
        return _("This lesson is cancelled: there is no attendance to record.")
    return _("This lesson is in nobody's training.")
