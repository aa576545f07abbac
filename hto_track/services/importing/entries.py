"""Internship hours in an import: which placement they belong to, and what RULES.md section 3 refuses."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.models.lessons import LessonState
from hto_track.rules.calendar import SchoolCalendar
from hto_track.rules.days import Days
from hto_track.rules.facts import Enrolment, EnrolmentStatus, EntryState, Facts, Pause, Placement, Programme
from hto_track.rules.internship_entry import LIVE, EntryFault, EntryRequest, WorkedTime, entry_faults, overlap
from hto_track.rules.span import span_of
from hto_track.services.importing.faults import Fault
from hto_track.services.importing.files import Row
from hto_track.services.importing.kinds import shown_hours
from hto_track.services.importing.known import Draft, Known
from hto_track.services.importing.parsing import ParsedFile
from hto_track.services.importing.stores import ENTRY_MINUTES, PLACEMENT_START

JUDGED = ("date", "start", "end", "break_minutes", "hours")
"""What section 3 judges an entry by; a change of anything else is not an entry anew."""

_NO_HOLIDAYS = SchoolCalendar.of(())


class Spans:
    """The active span of each participant, from what will be known after the import; worked out when it is asked for."""

    def __init__(self, known: Known, today: date) -> None:
        self.known = known
        self.today = today
        self._active: dict[str, Days | None] = {}

    def programme_of(self, code: str) -> Row:
        """The programme of a participant; empty when something on the way to it is wrong."""
        cohort = self.known.row("participants", code).get("cohort_code")
        return self.known.row("programmes", self.known.row("cohorts", cohort).get("programme_code"))

    def active(self, code: str) -> Days | None:
        """The active span of a participant; None when something it rests on is wrong."""
        if code not in self._active:
            self._active[code] = self._span(code)
        return self._active[code]

    def is_lesson_of(self, code: str, attendance: Row) -> bool:
        """Whether the lesson of this row is one of the participant's own: not cancelled, in the active span."""
        lesson = self.known.row("lessons", attendance.get("cohort_code"), attendance.get("lesson_no"))
        active = self.active(code)
        return (
            active is not None
            and lesson.get("date") is not None
            and lesson.get("state") is not LessonState.CANCELLED
            and lesson["date"] in active
        )

    def _span(self, code: str) -> Days | None:
        participant = self.known.row("participants", code)
        cohort = self.known.row("cohorts", participant.get("cohort_code"))
        status, status_on = participant.get("status"), participant.get("status_on")
        first, last = cohort.get("start_on"), cohort.get("end_on")
        if not isinstance(status, EnrolmentStatus) or first is None or last is None or last < first:
            return None
        enrolment = Enrolment(
            cohort_start_on=first,
            cohort_end_on=last,
            start_on=participant.get("start_on"),
            end_on=participant.get("end_on"),
            status=status,
            status_on=status_on,
            pauses=self._pauses.get(code, ()),
        )
        facts = Facts(programme=Programme(), calendar=_NO_HOLIDAYS, enrolment=enrolment)
        return span_of(facts, self.today).active

    @cached_property
    def _pauses(self) -> dict[str, tuple[Pause, ...]]:
        pauses: defaultdict[str, tuple[Pause, ...]] = defaultdict(tuple)
        for (code, start_on), values in self.known.rows("pauses").items():
            if start_on is not None and values.get("end_on") is not None:
                pauses[code] += (Pause(start_on=start_on, end_on=values["end_on"]),)
        return pauses


def check_entries(file: ParsedFile, known: Known, spans: Spans) -> Iterator[Fault]:
    """What is refused of the rows of internship hours; gives each its minutes and its placement."""
    placements, doubtful = _placements(known)
    drafts = known.drafts["internship_hours"]
    for draft in drafts:
        _finish(draft, placements)
    live = _standing(known, drafts)
    for draft in drafts:
        yield from _refusals_of_change(file, draft)
        if not _can_be_judged(draft):
            continue
        code, school = draft.values["participant_code"], draft.values["school"]
        periods = placements.get((code, school), [])
        if not periods:
            if "placements" not in known.unreadable and (code, school) not in doubtful:
                yield from _without_placement(file, known, draft)
            continue
        period = next((found for found in periods if found["start_on"] == draft.values[PLACEMENT_START]), None)
        active = spans.active(code)
        if period is None or active is None or not _is_judged(draft):
            continue
        request = EntryRequest(
            work=_work(draft.values),
            placement=Placement(start_on=period["start_on"], end_on=period["end_on"]),
            active=active,
            today=spans.today,
            others=tuple(work for _, work in live[code, draft.values["date"]]),
            is_live=draft.values["state"] in LIVE,
        )
        faults = entry_faults(request)
        for fault in faults:
            column, expected = _in_words(fault, request, live[code, draft.values["date"]])
            yield file.fault(draft.parsed, column, expected)
        if request.is_live and not faults:
            live[code, draft.values["date"]].append((draft.parsed.number, request.work))


def _without_placement(file: ParsedFile, known: Known, draft: Draft) -> Iterator[Fault]:
    if known.row("participants", draft.values["participant_code"]):
        yield file.fault(draft.parsed, "school", _l("the school of a placement of this participant"))


def _placements(known: Known) -> tuple[dict[tuple[str, str], list[Row]], set[tuple[str, str]]]:
    """The periods of each participant at each school, the earliest first; and where a period is itself not sound."""
    periods: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    doubtful: set[tuple[str, str]] = set()
    for (code, school, start_on), values in known.rows("placements").items():
        end_on = values.get("end_on")
        if start_on is None or end_on is None or end_on < start_on:
            doubtful.add((code, school))
        else:
            periods[code, school].append(values)
    for found in periods.values():
        found.sort(key=lambda values: values["start_on"])
    return periods, doubtful


def _finish(draft: Draft, placements: dict[tuple[str, str], list[Row]]) -> None:
    values = draft.values = dict(draft.values)
    on = values.get("date")
    if values.get("state") in (EntryState.CONFIRMED, EntryState.REJECTED):
        values["confirmed_on"] = values.get("confirmed_on") or on
    elif values.get("state") in (EntryState.DRAFT, EntryState.SUBMITTED) and "confirmed_on" not in draft.parsed.values:
        values["confirmed_on"] = None
    values["submitted_on"] = values.get("submitted_on") or on
    if _can_be_judged(draft):
        values[ENTRY_MINUTES] = _work(values).minutes
    if draft.stored is not None:
        values[PLACEMENT_START] = draft.stored.values[PLACEMENT_START]
        return
    periods = placements.get((values.get("participant_code", ""), values.get("school", "")), [])
    if on is not None and periods:
        values[PLACEMENT_START] = min(periods, key=lambda period: _distance(period, on))["start_on"]


def _distance(period: Row, on: date) -> int:
    """How many days ``on`` lies outside the period, 0 within it."""
    outside: int = max((period["start_on"] - on).days, (on - period["end_on"]).days, 0)
    return outside


def _can_be_judged(draft: Draft) -> bool:
    values = draft.values
    if not {"participant_code", "school", "date", "state", "break_minutes", "start", "end", "hours"} <= values.keys():
        return False
    has_times = values["start"] is not None and values["end"] is not None
    return has_times != (values["hours"] is not None)


def _work(values: Row) -> WorkedTime:
    return WorkedTime(
        on=values["date"],
        starts_at=values["start"],
        ends_at=values["end"],
        break_minutes=values["break_minutes"],
        minutes_given=values["hours"] or 0,
    )


def _is_judged(draft: Draft) -> bool:
    """New rows, and changed ones where their time changes or comes to count (what was once stored keeps counting)."""
    if draft.is_news(JUDGED):
        return True
    assert draft.stored is not None
    return draft.values["state"] in LIVE and draft.stored.values["state"] not in LIVE


def _standing(known: Known, drafts: list[Draft]) -> defaultdict[tuple[str, date], list[tuple[int | None, WorkedTime]]]:
    """The live entries that stand whatever is judged, by participant and date, with the row of the file they are in."""
    standing: defaultdict[tuple[str, date], list[tuple[int | None, WorkedTime]]] = defaultdict(list)
    replaced = {draft.stored.id for draft in drafts if draft.stored is not None}
    for row in known.stored["internship_hours"]:
        if row.id not in replaced and row.values["state"] in LIVE:
            standing[row.values["participant_code"], row.values["date"]].append((None, _work(row.values)))
    for draft in drafts:
        if _can_be_judged(draft) and not _is_judged(draft) and draft.values["state"] in LIVE:
            key = draft.values["participant_code"], draft.values["date"]
            standing[key].append((draft.parsed.number, _work(draft.values)))
    return standing


def _refusals_of_change(file: ParsedFile, draft: Draft) -> Iterator[Fault]:
    """A confirmed entry is changed only by withdrawing it."""
    stored = draft.stored
    if stored is None or stored.values["state"] is not EntryState.CONFIRMED:
        return
    changed = [
        column.name for column in file.format.columns if column.name in draft.values and draft.differs(column.name)
    ]
    is_withdrawn = draft.values.get("state") is EntryState.WITHDRAWN
    for name in changed:
        if not (is_withdrawn and name in ("state", "confirmed_on", "note")):
            expected = _l("no change: the entry is confirmed and can only be withdrawn")
            yield file.fault(draft.parsed, name, expected)


def _in_words(fault: EntryFault, request: EntryRequest, live: list[tuple[int | None, WorkedTime]]) -> tuple[str, Any]:
    """The column a refusal is about, and what was expected there."""
    work = request.work
    placement = request.placement
    match fault:
        case EntryFault.END_NOT_AFTER_START:
            return "end", _l("a time after the start, %(start)s", start=f"{work.starts_at:%H:%M}")
        case EntryFault.NO_TIME_LEFT:
            if work.starts_at is None:
                return "hours", _l("more than 0 hours")
            return "break_minutes", _l("a break that leaves time")
        case EntryFault.TOO_MUCH_ON_ONE_DATE:
            total = work.minutes + sum(other.minutes for _, other in live if request.is_live)
            column = "hours" if work.starts_at is None else "end"
            return column, _l("at most 10 hours on one date; this makes %(hours)s", hours=shown_hours(total))
        case EntryFault.OVERLAP:
            row, other = next((row, other) for row, other in live if overlap(work, other))
            times = f"{other.starts_at:%H:%M}–{other.ends_at:%H:%M}"
            if row is None:
                return "start", _l("no overlap with what is stored, %(times)s", times=times)
            return "start", _l("no overlap with row %(row)s, %(times)s", row=row, times=times)
        case EntryFault.AFTER_TODAY:
            return "date", _l("a date up to today, %(today)s", today=request.today.isoformat())
        case EntryFault.BEFORE_PLACEMENT | EntryFault.AFTER_PLACEMENT:
            return "date", _l(
                "a date within the placement, %(first)s to %(last)s",
                first=placement.start_on.isoformat(),
                last=placement.end_on.isoformat(),
            )
        case EntryFault.OUTSIDE_ACTIVE_SPAN:
            return "date", _l("a date on which the participant takes part")
