"""One lesson to plan: where it stands, where it is wanted, and all that comes with it before it is stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import (
    clock_from_to,
    day,
    day_numeric,
    day_plain,
    day_short,
    day_year,
    month_short,
    sentence,
    week,
    weekday_short,
)
from hto_track.rules.lesson_dates import Slot, SlotFault
from hto_track.rules.room_change import RoomChange
from hto_track.services.planned import Planned
from hto_track.services.planning import PlannedLesson
from hto_track.services.planning_preview import LessonPlanning, Preview, TiedDate, TiedTo, WhoIsTold
from hto_track.services.planning_refusals import END_OF_COHORT, slot_refusal
from hto_track.web.pictures.planning_words import ClashLine, clash_lines, history_lines, lesson_title, listed, when
from hto_track.web.sent_forms import new_key

LIKELY = ("18:30", "21:30")
"""The times of a lesson in a cohort that has none yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A date as a leaf of a calendar."""

    label: str
    month: str
    number: int
    weekday: str
    times: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TiedLine:
    """A date of an assignment that may move along: a box to tick, or to leave."""

    value: str
    text: str
    note: str
    is_ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLine:
    """A week and how many do not fit in it, before and after."""

    week: str
    days: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPart:
    """What it would mean. ``errors`` are what makes it impossible, by field; ``end`` asks whether the cohort's end moves."""

    before: Sheet | None
    after: Sheet
    errors: dict[str, str]
    clashes: tuple[ClashLine, ...]
    announced: str
    tied: tuple[TiedLine, ...]
    end: str
    end_is_ticked: bool
    room: str
    room_icon: str
    room_kind: str
    weeks: tuple[RoomLine, ...]
    told: str
    button: str
    reason: str
    slot: dict[str, str]
    """The date and times as the form sends them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonPage:
    """The page of a lesson, or of a new one."""

    title: str
    eyebrow: str
    cohort_code: str
    cohort_name: str
    number: int | None
    stands: Sheet | None
    is_cancelled: bool
    cancelled_because: str
    cannot_cancel: str
    lesson_title: str
    title_now: str
    seen: str
    asked: dict[str, str]
    preview: PreviewPart | None
    conflict: str
    why: str
    """What was filled in of why it is cancelled."""
    history: tuple[str, ...]
    keys: dict[str, str]


def lesson_page(
    planning: LessonPlanning,
    on: date,
    *,
    asked: Mapping[str, str],
    ticked: Collection[str] | None = None,
    ends_later: bool = False,
    errors: Mapping[str, str] | None = None,
) -> LessonPage:
    """The page; ``asked`` is what the fields hold, ``ticked`` which dates were to move along in a form that was refused."""
    lesson, cohort = planning.lesson, planning.cohort
    return LessonPage(
        title=lesson_title(lesson) if lesson else _("Add lesson %(number)s", number=planning.next_number),
        eyebrow=_("Lesson %(number)s", number=lesson.number) if lesson and lesson.stands.title else "",
        cohort_code=cohort.code,
        cohort_name=cohort.name,
        number=lesson.number if lesson else None,
        stands=_sheet(lesson.stands.slot, _("Now")) if lesson else None,
        is_cancelled=lesson is not None and lesson.stands.cancelled,
        cancelled_because=(lesson.stands.cancel_reason or "") if lesson else "",
        cannot_cancel=_cannot_cancel(lesson),
        lesson_title=asked.get("titel", (lesson.stands.title or "") if lesson else ""),
        title_now=(lesson.stands.title or "") if lesson else "",
        seen=lesson.stands.version if lesson else "",
        asked=_fields(planning, asked),
        preview=_preview(planning, planning.preview, on, asked, ticked, ends_later) if planning.preview else None,
        conflict=(errors or {}).get("seen", ""),
        why=asked.get("waarom", ""),
        history=history_lines(lesson, on) if lesson else (),
        keys={name: new_key() for name in ("move", "cancel", "back", "title")},
    )


def done_text(planned: Planned) -> str:
    """What is said after something was stored."""
    if not planned.is_change:
        return _("Nothing was changed.")
    name = _("Lesson %(number)s", number=planned.number)
    before, after = planned.before, planned.after
    if after is None:
        return _("%(lesson)s is gone again.", lesson=name)
    now = when(after.slot)
    if before is None:
        return _("%(lesson)s is added on %(when)s.", lesson=name, when=now)
    if after.cancelled:
        return _("%(lesson)s of %(when)s is cancelled. Whoever it touches gets a mail.", lesson=name, when=now)
    if before.cancelled:
        return _("%(lesson)s is on again: %(when)s.", lesson=name, when=now)
    if before.slot == after.slot:
        return _("The title of %(lesson)s is changed.", lesson=name.lower())
    said: str = _("%(lesson)s is now on %(when)s.", lesson=name, when=now)
    if planned.along:
        codes = listed(tuple(sorted({one.code for one in planned.along})))
        said += " " + _("Of assignment %(codes)s the date moved along.", codes=codes)
    if planned.end:
        said += " " + _("The cohort now ends on %(day)s.", day=day_plain(planned.end[1]))
    return said


def tied_value(tied: TiedDate) -> str:
    """A date that may move along, as a form says it, with what it was when it was shown."""
    return f"{tied.code}/{tied.which.value}/{tied.stands.isoformat()}"


def _fields(planning: LessonPlanning, asked: Mapping[str, str]) -> dict[str, str]:
    """What the date and times hold: what was asked for, else where the lesson stands, else the usual times."""
    if planning.preview:
        wanted = planning.preview.wanted
        return {
            "op": day_numeric(wanted.on),
            "van": f"{wanted.starts_at:%H:%M}",
            "tot": f"{wanted.ends_at:%H:%M}",
        }
    stands = planning.lesson.stands.slot if planning.lesson else planning.usual
    starts, ends = (f"{stands.starts_at:%H:%M}", f"{stands.ends_at:%H:%M}") if stands else LIKELY
    begins = {"op": day_numeric(stands.on) if planning.lesson and stands else "", "van": starts, "tot": ends}
    return {name: asked.get(name, value) for name, value in begins.items()}


def _cannot_cancel(lesson: PlannedLesson | None) -> str:
    if lesson is None or not lesson.marks.given:
        return ""
    return _("It is recorded who was at this lesson, so it cannot be cancelled any more.")


def _preview(
    planning: LessonPlanning,
    preview: Preview,
    on: date,
    asked: Mapping[str, str],
    ticked: Collection[str] | None,
    ends_later: bool,
) -> PreviewPart:
    lesson = planning.lesson
    room, icon, kind = _room(preview.room)
    return PreviewPart(
        before=_sheet(lesson.stands.slot, _("Cancelled") if lesson.stands.cancelled else _("Now")) if lesson else None,
        after=_sheet(preview.wanted, _("Becomes")),
        errors=_errors(planning, preview),
        clashes=clash_lines(preview.clashes, preview.wanted),
        announced=_announced(lesson) if lesson else "",
        tied=tuple(_tied(tied, ticked) for tied in preview.tied),
        end=_("Let the cohort end on %(day)s instead of %(was)s", day=day_year(preview.ends_on), was=day_year(was))
        if preview.ends_on and preview.may_move_end and (was := planning.cohort.end_on)
        else "",
        end_is_ticked=ends_later,
        room=room,
        room_icon=icon,
        room_kind=kind,
        weeks=_weeks(preview.room),
        told=_told(preview.told),
        button=_button(planning, preview),
        reason=asked.get("reden", ""),
        slot={
            "op": preview.wanted.on.isoformat(),
            "van": f"{preview.wanted.starts_at:%H:%M}",
            "tot": f"{preview.wanted.ends_at:%H:%M}",
        },
    )


def _sheet(slot: Slot, label: str) -> Sheet:
    return Sheet(
        label=label,
        month=month_short(slot.on),
        number=slot.on.day,
        weekday=weekday_short(slot.on),
        times=clock_from_to(slot.starts_at, slot.ends_at),
        said=sentence(day(slot.on)),
    )


def _errors(planning: LessonPlanning, preview: Preview) -> dict[str, str]:
    """What makes it impossible; that the cohort's end would move is asked of who may let it."""
    refusals = [
        slot_refusal(fault, planning.cohort, preview.overlaps, takes_end_along=not preview.may_move_end)
        for fault in preview.faults
        if not (fault is SlotFault.AFTER_COHORT and preview.may_move_end)
    ]
    return {_shown_at(refusal.field): str(refusal.message) for refusal in refusals}


def _shown_at(field: str | None) -> str:
    """The box for the cohort's end is not there for who may not tick it."""
    return "op" if field == END_OF_COHORT else field or ""


def _announced(lesson: PlannedLesson) -> str:
    if not lesson.marks.announced:
        return ""
    return ngettext(
        "%(num)s participant announced not to come. That stays, also on the new date.",
        "%(num)s participants announced not to come. That stays, also on the new date.",
        lesson.marks.announced,
    )


def _tied(tied: TiedDate, ticked: Collection[str] | None) -> TiedLine:
    value = tied_value(tied)
    dates: dict[str, Any] = {"title": tied.title, "was": day(tied.stands), "becomes": day(tied.becomes)}
    text = (
        _("Due date of ‘%(title)s’: from %(was)s to %(becomes)s", **dates)
        if tied.which is TiedTo.DUE
        else _("Opening of ‘%(title)s’: from %(was)s to %(becomes)s", **dates)
    )
    return TiedLine(
        value=value,
        text=text,
        note="" if tied.is_proposed else _("That is earlier: it takes time away from participants."),
        is_ticked=tied.is_proposed if ticked is None else value in ticked,
    )


def _room(room: RoomChange | None) -> tuple[str, str, str]:
    """What it does to the load, with an icon and a class."""
    if room is None or not room.weeks or (room.before == room.after and not _weeks(room)):
        return _("Nobody comes above their room by it."), "circle-check", "ok"
    said = _(
        "Above their room in these weeks: %(before)s → %(after)s participants", before=room.before, after=room.after
    )
    if room.after > room.before:
        return said, "arrow-up", "warn"
    return said, "arrow-down" if room.after < room.before else "weight", "ok" if room.after < room.before else ""


def _weeks(room: RoomChange | None) -> tuple[RoomLine, ...]:
    """The weeks in which the number changes."""
    return tuple(
        RoomLine(
            week=sentence(week(one.monday)),
            days=_days_of(one.monday),
            before=one.before,
            after=one.after,
        )
        for one in (room.weeks if room else ())
        if one.before != one.after
    )


def _days_of(monday: date) -> str:
    return f"{day_short(monday)} – {day_short(monday + timedelta(days=6))}"


def _told(told: WhoIsTold) -> str:
    if not told.participants and not told.colleagues:
        return _("Nobody gets a mail: this lesson is past.")
    people = ngettext("%(num)s participant", "%(num)s participants", told.participants)
    colleagues = ngettext("%(num)s colleague", "%(num)s colleagues", told.colleagues)
    return _(
        "%(people)s and %(colleagues)s get one mail with all changes, ten minutes after the last one.",
        people=people,
        colleagues=colleagues,
    )


def _button(planning: LessonPlanning, preview: Preview) -> str:
    on = day(preview.wanted.on)
    if planning.lesson is None:
        return _("Add lesson %(number)s on %(day)s", number=planning.next_number, day=on)
    if planning.lesson.stands.cancelled:
        return _("Put lesson %(number)s on %(day)s", number=planning.lesson.number, day=on)
    return _("Move lesson %(number)s to %(day)s", number=planning.lesson.number, day=on)
