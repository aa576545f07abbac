"""The dates of an assignment to move: where they stand, and all that other dates would mean before they are stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day, day_numeric, day_short, day_year, language, moment, sentence, week
from hto_track.rules.better_dates import BetterDate
from hto_track.rules.due_dates import AssignmentDates, DueClash, DueClashKind
from hto_track.rules.lesson_dates import public_holiday_names
from hto_track.rules.room_change import RoomChange, WeekOfRoom
from hto_track.services.due_date_preview import DueDatePlanning, DueDatePreview, PastMove
from hto_track.services.due_dates import DUE, OPENS, REASON, SEEN, Moved, fault_refusal, version
from hto_track.services.planning_preview import WhoIsTold
from hto_track.web.pictures.pairs import PairChart, pair_chart
from hto_track.web.pictures.planning_words import listed
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something to know before the dates are moved."""

    icon: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """A week, and how many do not fit in it before and after; ``kind`` marks one that becomes fuller."""

    week: str
    days: str
    before: int
    after: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BetterLine:
    """A date that asks less."""

    href: str
    day: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPart:
    """What the dates wanted would mean. ``said`` is what is read aloud when it takes the place of another."""

    title: str
    headline: str
    headline_text: str
    kind: str
    icon: str
    chart: PairChart | None
    weeks: tuple[WeekLine, ...]
    against: tuple[Line, ...]
    people: tuple[Line, ...]
    told: str
    button: str
    opens_on: str
    due_on: str
    said: str
    errors: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDatePage:
    """The page. ``asked`` is what the fields hold; ``conflict`` says what someone else did meanwhile."""

    title: str
    eyebrow: str
    cohort_code: str
    cohort_name: str
    code: str
    figures: tuple[tuple[str, str], ...]
    laid_out: str
    asked: dict[str, str]
    reason: str
    seen: str
    key: str
    preview: PreviewPart | None
    better_title: str
    better: tuple[BetterLine, ...]
    history: tuple[str, ...]
    conflict: str


def due_date_page(
    planning: DueDatePlanning, *, asked: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> DueDatePage:
    """The page of an assignment's dates; ``asked`` is what was filled in, ``errors`` why it was refused."""
    stands, wanted = planning.stands, planning.preview.wanted if planning.preview else planning.stands
    begins = {OPENS: day_numeric(wanted.opens_on), DUE: day_numeric(wanted.due_on)}
    return DueDatePage(
        title=_("When is ‘%(title)s’ due?", title=planning.title),
        eyebrow=planning.code,
        cohort_code=planning.cohort.code,
        cohort_name=planning.cohort.name,
        code=planning.code,
        figures=((_("Begins"), day_year(stands.opens_on)), (_("To hand in"), day_year(stands.due_on))),
        laid_out=_laid_out(planning),
        asked=begins if planning.preview else {name: asked.get(name) or value for name, value in begins.items()},
        reason=asked.get(REASON, ""),
        seen=version(stands) if SEEN in (errors or {}) else asked.get(SEEN) or version(stands),
        key=new_key(),
        preview=_preview(planning, planning.preview) if planning.preview else None,
        better_title=_("Dates near by with less work above the room"),
        better=tuple(_better(planning, one, wanted) for one in planning.better),
        history=tuple(map(_history, planning.history)),
        conflict=(errors or {}).get("seen", ""),
    )


def moved_text(moved: Moved) -> str:
    """What is said after dates were moved, or given back."""
    if not moved.is_change:
        return _("Nothing was changed.")
    if moved.before.due_on == moved.after.due_on:
        return _("‘%(title)s’ now begins on %(day)s.", title=moved.title, day=day(moved.after.opens_on))
    return _("‘%(title)s’ is due on %(day)s now.", title=moved.title, day=day(moved.after.due_on))


def _laid_out(planning: DueDatePlanning) -> str:
    if planning.laid_out_by is None or planning.lesson_on is None:
        return ""
    return _(
        "This date belongs to lesson %(number)s, on %(day)s. That stays so: when the lesson moves later, you are asked whether "
        "this date moves along.",
        number=planning.laid_out_by,
        day=day(planning.lesson_on),
    )


def _preview(planning: DueDatePlanning, preview: DueDatePreview) -> PreviewPart:
    wanted, room = preview.wanted, preview.room
    headline, text, kind, icon = _headline(planning, room)
    refusals = [fault_refusal(fault, planning.cohort) for fault in preview.faults]
    weeks = tuple(map(_week, room.weeks))
    changes = any(week.before != week.after for week in room.weeks)
    return PreviewPart(
        title=_title(planning, wanted),
        headline=headline,
        headline_text=text,
        kind=kind,
        icon=icon,
        chart=_chart(room) if changes else None,
        weeks=weeks if changes else (),
        against=tuple(_clash(clash, wanted) for clash in preview.clashes),
        people=(*_room_lines(preview), *_stays(preview, wanted)),
        told=_told(preview.told),
        button=_("Move to %(day)s", day=day(wanted.due_on))
        if wanted.due_on != planning.stands.due_on
        else _("Let it begin on %(day)s", day=day(wanted.opens_on)),
        opens_on=wanted.opens_on.isoformat(),
        due_on=wanted.due_on.isoformat(),
        said=" ".join((headline, text)),
        errors={refusal.field or "": str(refusal.message) for refusal in refusals},
    )


def _title(planning: DueDatePlanning, wanted: AssignmentDates) -> str:
    if wanted == planning.stands:
        return _("These are the dates that stand")
    if wanted.due_on == planning.stands.due_on:
        return _("Begins on %(day)s", day=day(wanted.opens_on))
    return _("Due on %(day)s", day=day(wanted.due_on))


def _headline(planning: DueDatePlanning, room: RoomChange) -> tuple[str, str, str, str]:
    """How many are above their room before and after, what that is called, a class and an icon."""
    if not planning.is_mandatory:
        text = _("This assignment is not mandatory, so its hours do not count in anybody's load.")
        return "", text, "ok", "circle-check"
    if all(week.before == week.after for week in room.weeks):
        return "", _("It brings nobody above their room, and nobody below it."), "ok", "circle-check"
    text = ngettext(
        "participant above their room in these weeks", "participants above their room in these weeks", room.after
    )
    kind, icon = ("warn", "arrow-up") if room.after > room.before else ("ok", "arrow-down")
    if room.after == room.before:
        kind, icon = "", "weight"
    return f"{room.before} → {room.after}", text, kind, icon


def _chart(room: RoomChange) -> PairChart:
    changed = [one for one in room.weeks if one.before != one.after]
    return pair_chart(
        [(str(one.monday.isocalendar().week), one.before, one.after) for one in room.weeks],
        chart_id="ruimte",
        title=_("Participants above their room, week by week: now, and then"),
        description="; ".join(
            _("%(week)s: %(before)s → %(after)s", week=week(one.monday), before=one.before, after=one.after)
            for one in changed
        ),
    )


def _week(one: WeekOfRoom) -> WeekLine:
    return WeekLine(
        week=sentence(week(one.monday)),
        days=f"{day_short(one.monday)} – {day_short(one.monday + timedelta(days=6))}",
        before=one.before,
        after=one.after,
        kind="isover" if one.after > one.before else "",
    )


def _room_lines(preview: DueDatePreview) -> tuple[Line, ...]:
    lines = (
        ("arrow-up", preview.rising, _("Comes above their room: %(names)s.", names=listed(preview.rising))),
        ("arrow-down", preview.falling, _("No longer above their room: %(names)s.", names=listed(preview.falling))),
    )
    return tuple(Line(icon=icon, text=text) for icon, names, text in lines if names)


def _stays(preview: DueDatePreview, wanted: AssignmentDates) -> tuple[Line, ...]:
    by_date: dict[date, list[str]] = {}
    for one in preview.extended:
        by_date.setdefault(one.due_on, []).append(one.name)
    lines = [
        Line(icon="calendar-days", text=_extended(tuple(names), due_on, wanted.due_on))
        for due_on, names in sorted(by_date.items())
    ]
    if preview.handed_in:
        lines.append(
            Line(
                icon="circle-check",
                text=ngettext(
                    "Handed in already, so nothing changes for %(names)s.",
                    "Handed in already, so nothing changes for %(num)s participants: %(names)s.",
                    len(preview.handed_in),
                    names=listed(preview.handed_in),
                ),
            )
        )
    return tuple(lines)


def _extended(names: tuple[str, ...], due_on: date, wanted: date) -> str:
    said: str = ngettext(
        "%(names)s has an extension until %(day)s. That stays.",
        "%(names)s have an extension until %(day)s. That stays.",
        len(names),
        names=listed(names),
        day=day(due_on),
    )
    if due_on >= wanted:
        return said
    sooner = _("It is sooner than the new date: give another one, or withdraw it.")
    return f"{said} {sooner}"


def _clash(clash: DueClash, wanted: AssignmentDates) -> Line:
    on, names = wanted.due_on, listed(clash.names)
    match clash.kind:
        case DueClashKind.PUBLIC_HOLIDAY:
            name = public_holiday_names(on.year, language()).get(on, "")
            return Line(icon="flag", text=_("%(day)s is a public holiday: %(name)s.", day=sentence(day(on)), name=name))
        case DueClashKind.SCHOOL_HOLIDAY:
            return Line(icon="school", text=_("It falls in a school holiday: %(name)s.", name=names))
        case DueClashKind.SAME_DAY:
            text = ngettext(
                "Assignment %(codes)s is due on that day too.",
                "Assignments %(codes)s are due on that day too.",
                len(clash.names),
                codes=names,
            )
            return Line(icon="file-text", text=text)
        case DueClashKind.AFTER_COHORT:
            return Line(icon="flag", text=_("The cohort has ended by then."))
        case DueClashKind.SOONER:
            return Line(icon="clock", text=_("That is sooner: it takes time away from participants."))


def _told(told: WhoIsTold) -> str:
    if not told.participants and not told.colleagues:
        return _("Nobody gets a mail of this.")
    return _(
        "%(people)s and %(colleagues)s get one mail with all changes, ten minutes after the last one.",
        people=ngettext("%(num)s participant", "%(num)s participants", told.participants),
        colleagues=ngettext("%(num)s colleague", "%(num)s colleagues", told.colleagues),
    )


def _better(planning: DueDatePlanning, one: BetterDate, wanted: AssignmentDates) -> BetterLine:
    values = {"opens": wanted.opens_on.isoformat(), "due": one.due_on.isoformat()}
    return BetterLine(
        href=url_for(
            "due_dates.form",
            cohort_code=planning.cohort.code,
            assignment_code=planning.code,
            **{OPENS: values["opens"], DUE: values["due"]},
        ),
        day=sentence(day(one.due_on)),
        text=ngettext(
            "%(before)s → %(after)s above their room, together %(num)s week fewer above it",
            "%(before)s → %(after)s above their room, together %(num)s weeks fewer above it",
            one.fewer_weeks,
            before=one.before,
            after=one.after,
        ),
    )


def _history(past: PastMove) -> str:
    said = _was(past)
    if past.by:
        said = _("%(what)s by %(name)s", what=said, name=past.by)
    return _("%(what)s: %(reason)s", what=said, reason=past.reason) if past.reason else f"{said}."


def _was(past: PastMove) -> str:
    at = moment(past.at)
    if past.was.due_on == past.became.due_on:
        return _("Began on %(was)s, moved on %(at)s", was=day(past.was.opens_on), at=at)
    return _("Was due on %(was)s, moved on %(at)s", was=day(past.was.due_on), at=at)
