"""What is against a date and what became of a lesson, in words: for the year and for the page of one lesson."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import clock_from_to, day, day_dated, language, moment, sentence, week, weekday_short
from hto_track.rules.lesson_dates import Clash, ClashKind, Slot, public_holiday_names
from hto_track.services.planning import PastChange, PlannedLesson

ICONS = {
    ClashKind.PUBLIC_HOLIDAY: "flag",
    ClashKind.SCHOOL_HOLIDAY: "school",
    ClashKind.ELSEWHERE: "users",
    ClashKind.OUT_OF_ORDER: "arrow-down",
    ClashKind.DUE_DATES: "file-text",
    ClashKind.PAUSED: "pause",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClashLine:
    """Something against a date."""

    icon: str
    text: str


def clash_lines(clashes: tuple[Clash, ...], slot: Slot) -> tuple[ClashLine, ...]:
    """Everything against a date, each as a sentence."""
    return tuple(ClashLine(icon=ICONS[clash.kind], text=_clash(clash, slot)) for clash in clashes)


def holiday_name(on: date) -> str:
    """What a public holiday is called; empty for any other day."""
    return public_holiday_names(on.year, language()).get(on, "")


def when(slot: Slot) -> str:
    """``di 1 september, 18.30–21.30 uur``."""
    return _("%(day)s, %(time)s", day=day(slot.on), time=clock_from_to(slot.starts_at, slot.ends_at))


def lesson_title(lesson: PlannedLesson) -> str:
    """What a lesson is called."""
    return lesson.stands.title or _("Lesson %(number)s", number=lesson.number)


def history_lines(lesson: PlannedLesson, today: date) -> tuple[str, ...]:
    """What became of a lesson, the latest first."""
    return tuple(_change(change, today) for change in lesson.history)


def listed(names: tuple[str, ...]) -> str:
    """``a``, ``a en b``, ``a, b en c``."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s", first=", ".join(names[:-1]), last=names[-1])


def _clash(clash: Clash, slot: Slot) -> str:
    names = listed(clash.names)
    match clash.kind:
        case ClashKind.PUBLIC_HOLIDAY:
            return _("%(day)s is a public holiday: %(name)s.", day=sentence(day(slot.on)), name=holiday_name(slot.on))
        case ClashKind.SCHOOL_HOLIDAY:
            return _("It falls in a school holiday: %(name)s.", name=names)
        case ClashKind.ELSEWHERE if not any(clash.names):
            return _("Another cohort of the college has a lesson there at that time.")
        case ClashKind.ELSEWHERE:
            return _("%(cohort)s has a lesson there at that time.", cohort=names)
        case ClashKind.OUT_OF_ORDER:
            numbers = listed(tuple(map(str, clash.numbers)))
            return ngettext(
                "It passes lesson %(numbers)s: the numbers are no longer in order of date.",
                "It passes lessons %(numbers)s: the numbers are no longer in order of date.",
                len(clash.numbers),
                numbers=numbers,
            )
        case ClashKind.DUE_DATES:
            return _("In %(week)s assignments %(codes)s are due too.", week=week(slot.on), codes=names)
        case ClashKind.PAUSED:
            return ngettext(
                "%(names)s has a pause then.", "%(names)s have a pause then.", len(clash.names), names=names
            )


def _change(change: PastChange, today: date) -> str:
    said = _what_happened(change, today)
    if change.by:
        said = _("%(what)s by %(name)s", what=said, name=change.by)
    return _("%(what)s: %(reason)s", what=said, reason=change.reason) if change.reason else f"{said}."


def _what_happened(change: PastChange, today: date) -> str:
    at = moment(change.at)
    if change.was is None:
        return _("Added on %(at)s", at=at)
    was = _("%(day)s, %(time)s", day=_dated(change.was.on, today), time=_times(change.was))
    if change.became_cancelled and not change.was_cancelled:
        return _("Was on %(was)s, cancelled on %(at)s", was=was, at=at)
    if change.was_cancelled and not change.became_cancelled:
        return _("Was cancelled, put back on %(at)s", at=at)
    return _("Was on %(was)s, moved on %(at)s", was=was, at=at)


def _dated(on: date, today: date) -> str:
    return f"{weekday_short(on)} {day_dated(on, today)}"


def _times(slot: Slot) -> str:
    return clock_from_to(slot.starts_at, slot.ends_at)
