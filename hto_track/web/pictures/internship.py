"""Internship hours as they are logged, listed and confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import clock_from_to, day, day_numeric, day_plain, hours, hours_bare, number, sentence
from hto_track.rules.facts import Activity, EntryState
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services.confirmations import WaitingHours
from hto_track.services.entry_views import EntryView
from hto_track.services.internship import HoursList
from hto_track.services.views import PlacementView
from hto_track.web.sent_forms import new_key

CHIPS = (60, 120, 150, 180, 240)
"""The usual lengths of a visit, in minutes."""
OTHER, TODAY, YESTERDAY = "other", "today", "yesterday"

ACTIVITIES: dict[Activity, Any] = {
    Activity.OBSERVE: _l("Observing"),
    Activity.ASSIST: _l("Assisting"),
    Activity.CO_TEACH: _l("Teaching together"),
    Activity.TEACH: _l("Teaching"),
    Activity.PREPARE: _l("Preparing"),
    Activity.OTHER: _l("Something else"),
}
STATES: dict[EntryState, tuple[Any, str, str]] = {
    EntryState.DRAFT: (_l("Draft"), "", "pencil"),
    EntryState.SUBMITTED: (_l("Waiting for the school"), "", "clock"),
    EntryState.CONFIRMED: (_l("Confirmed"), "ok", "check"),
    EntryState.REJECTED: (_l("Not confirmed"), "warn", "triangle-alert"),
    EntryState.WITHDRAWN: (_l("Withdrawn"), "", "undo-2"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HourChip:
    """A length to choose; ``said`` is what the button says of it."""

    value: str
    text: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """A placement to choose, with who hears of the hours."""

    value: str
    name: str
    who_hears: str

    @property
    def pair(self) -> tuple[str, str]:
        """Value and text, as a list of choices takes them."""
        return self.value, self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursForm:
    """The form of one visit. ``values`` are what its fields hold, ``question`` asks whether to save the same once more."""

    title: str
    action: str
    key: str
    version: str
    values: Mapping[str, str]
    days: tuple[tuple[str, str], ...]
    chips: tuple[HourChip, ...]
    activities: tuple[tuple[str, str], ...]
    schools: tuple[School, ...]
    chosen_school: School | None
    question: str
    withdraw_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursLine:
    """An entry in a list."""

    id: int
    version: str
    day: str
    hours: str
    details: str
    note: str
    state: str
    state_class: str
    state_icon: str
    reason: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursPage:
    """All hours of a participant."""

    participant_code: str
    title: str
    crumb: str
    crumb_href: str
    is_own: bool
    has_school: bool
    sums: tuple[tuple[str, str], ...]
    lines: tuple[HoursLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCard:
    """The hours of one participant that wait for the reader."""

    id: str
    title: str
    cohort: str
    confirm: str
    key: str
    reject_key: str
    lines: tuple[HoursLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """An entry that can be changed or withdrawn: its form, or why it can only be withdrawn."""

    participant_code: str
    line: HoursLine
    form: HoursForm | None
    needs_reason: bool
    is_withdrawn: bool


def new_hours_form(
    known: HoursList, on: date, *, typed: Mapping[str, str] | None = None, question: str = "", back_to: str = ""
) -> HoursForm:
    """An empty form, with the length, school and activity of the latest entry; ``typed`` is what was filled in before."""
    latest = next((entry for entry in known.entries if entry.state is not EntryState.WITHDRAWN), None)
    open_now = [place for place in known.placements if place.start_on <= on <= place.end_on]
    places = open_now or list(known.placements)
    place = next((place for place in places if latest and place.id == latest.placement.id), None)
    usual = place or (places[-1] if places else None)
    values = {
        "day": TODAY,
        "date": "",
        "note": "",
        "next": back_to,
        "placement": str(usual.id) if usual else "",
        "activity": latest.activity.value if latest else Activity.OBSERVE.value,
        **_time_values(WorkedTime(on=on, minutes_given=latest.work.minutes if latest else CHIPS[2])),
    }
    return _form(
        _("Log internship hours"), url_for("internship.save_hours"), known.placements, values, typed, question=question
    )


def entry_page(known: HoursList, entry: EntryView, on: date, *, typed: Mapping[str, str] | None = None) -> EntryPage:
    """An entry with its form, where it can still be changed."""
    can_change = entry.state in (EntryState.DRAFT, EntryState.SUBMITTED)
    form = None
    if can_change:
        is_today, is_yesterday = entry.work.on == on, entry.work.on == on - timedelta(days=1)
        values = {
            "day": TODAY if is_today else YESTERDAY if is_yesterday else OTHER,
            "date": day_numeric(entry.work.on),
            "note": entry.note or "",
            "next": "",
            "placement": str(entry.placement.id),
            "activity": entry.activity.value,
            **_time_values(entry.work),
        }
        form = _form(
            _("Change hours"),
            url_for("internship.change", entry_id=entry.id),
            known.placements,
            values,
            typed,
            version=entry.version,
            withdraw_url=url_for("internship.withdraw", entry_id=entry.id),
        )
    return EntryPage(
        participant_code=known.member.code,
        line=hours_line(entry),
        form=form,
        needs_reason=entry.state is EntryState.CONFIRMED,
        is_withdrawn=entry.state is EntryState.WITHDRAWN,
    )


def hours_page(known: HoursList, *, is_own: bool) -> HoursPage:
    """The list, latest first, with the sums that count."""
    sums = {state: sum(entry.work.minutes for entry in known.entries if entry.state is state) for state in EntryState}
    shown = (EntryState.CONFIRMED, EntryState.SUBMITTED, EntryState.REJECTED)
    return HoursPage(
        participant_code=known.member.code,
        title=_("My hours") if is_own else _("Hours of %(name)s", name=known.member.name),
        crumb=_("My path") if is_own else known.member.name,
        crumb_href=url_for("traject.mine")
        if is_own
        else url_for("traject.of_participant", participant_code=known.member.code),
        is_own=is_own,
        has_school=bool(known.placements),
        sums=tuple((str(STATES[state][0]), hours(sums[state])) for state in shown if sums[state]),
        lines=tuple(
            hours_line(entry, href=url_for("internship.entry", entry_id=entry.id) if is_own else "")
            for entry in known.entries
        ),
    )


def hours_line(entry: EntryView, *, href: str = "") -> HoursLine:
    """An entry in words."""
    state, kind, icon = STATES[entry.state]
    work = entry.work
    details = [entry.placement.school, str(ACTIVITIES[entry.activity])]
    if work.starts_at and work.ends_at:
        details.insert(0, clock_from_to(work.starts_at, work.ends_at))
    return HoursLine(
        id=entry.id,
        version=entry.version,
        day=sentence(day(work.on)),
        hours=hours(work.minutes),
        details=" · ".join(details),
        note=entry.note or "",
        state=str(state),
        state_class=kind,
        state_icon=icon,
        reason=entry.reason or "",
        href=href,
    )


def waiting_cards(waiting: Iterable[WaitingHours]) -> tuple[WaitingCard, ...]:
    """One card a participant, with a button that says how much it confirms."""
    return tuple(
        WaitingCard(
            id=f"wacht-{person.member.code}",
            title=ngettext(
                "%(name)s logged %(hours)s in %(num)d visit",
                "%(name)s logged %(hours)s in %(num)d visits",
                len(person.entries),
                name=person.member.name,
                hours=hours(_total(person.entries)),
            ),
            cohort=person.cohort_name,
            confirm=_("Right, confirm %(hours)s", hours=hours(_total(person.entries))),
            key=new_key(),
            reject_key=new_key(),
            lines=tuple(map(hours_line, person.entries)),
        )
        for person in waiting
    )


def saved_text(entry: EntryView) -> str:
    """What is said after hours were saved."""
    return _("%(hours)s saved.", hours=hours(entry.work.minutes))


def decided_text(confirmed: Iterable[EntryView], rejected: Iterable[EntryView]) -> str:
    """What is said after a decision: how much was confirmed, how much was not."""
    parts = []
    if yes := _total(confirmed):
        parts.append(_("%(hours)s confirmed.", hours=hours(yes)))
    if no := _total(rejected):
        parts.append(_("%(hours)s not confirmed.", hours=hours(no)))
    return " ".join(parts)


def changed_text(changed: Iterable[EntryView]) -> str:
    """Which entries were not decided on, because they are not what was seen."""
    said = ", ".join(
        _("%(day)s: now %(hours)s, %(state)s", day=day_plain(entry.work.on), hours=hours(entry.work.minutes),
          state=str(STATES[entry.state][0]).lower())
        for entry in changed
    )  # fmt: skip
    return _("This changed meanwhile and was left as it is: %(entries)s.", entries=said)


def _total(entries: Iterable[EntryView]) -> int:
    return sum(entry.work.minutes for entry in entries)


def _form(
    title: str,
    action: str,
    placements: tuple[PlacementView, ...],
    values: dict[str, str],
    typed: Mapping[str, str] | None,
    *,
    version: str = "",
    question: str = "",
    withdraw_url: str = "",
) -> HoursForm:
    values = values | {name: value for name, value in (typed or {}).items() if name in values}
    schools = tuple(School(value=str(place.id), name=place.school, who_hears=_who_hears(place)) for place in placements)
    return HoursForm(
        title=title,
        action=action,
        key=new_key(),
        version=version,
        values=values,
        days=((TODAY, _("Today")), (YESTERDAY, _("Yesterday")), (OTHER, _("Another day"))),
        chips=(
            *(HourChip(value=str(chip), text=hours_bare(chip), said=hours(chip)) for chip in CHIPS),
            HourChip(value=OTHER, text=_("Other"), said=""),
        ),
        activities=tuple((activity.value, str(words)) for activity, words in ACTIVITIES.items()),
        schools=schools,
        chosen_school=next((school for school in schools if school.value == values["placement"]), None),
        question=question,
        withdraw_url=withdraw_url,
    )


def _time_values(work: WorkedTime) -> dict[str, str]:
    """A length as the form holds it: a chip, or in words under "other"; or its times."""
    values = {"hours_other": "", "starts_at": "", "ends_at": "", "break_minutes": ""}
    if work.starts_at and work.ends_at:
        return values | {
            "hours": OTHER,
            "starts_at": f"{work.starts_at:%H:%M}",
            "ends_at": f"{work.ends_at:%H:%M}",
            "break_minutes": str(work.break_minutes),
        }
    if work.minutes in CHIPS:
        return values | {"hours": str(work.minutes)}
    whole, rest = divmod(work.minutes, 60)
    exact = f"{whole}:{rest:02d}" if rest % 15 else number(work.minutes / 60)
    return values | {"hours": OTHER, "hours_other": exact}


def _who_hears(place: PlacementView) -> str:
    if place.supervisor_email:
        who = place.supervisor_name or place.supervisor_email
        return _("%(name)s gets a mail to confirm this.", name=who)
    return _("The college confirms these hours.")
