"""Logging internship hours: what a participant does with their own entries (RULES.md section 3)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import formats
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.days import Days
from hto_track.rules.facts import Activity, EntryState, Facts
from hto_track.rules.facts import Placement as PlacementPeriod
from hto_track.rules.internship_entry import LIVE, EntryFault, EntryRequest, WorkedTime, entry_faults
from hto_track.rules.span import span_of
from hto_track.services import audit, fact_rows, facts, form_answers, values
from hto_track.services.entry_views import EntryView, entry_version, entry_view, work_of, written_down
from hto_track.services.form_answers import SentForm
from hto_track.services.mail_texts import WaitingHours
from hto_track.services.outbox import queue_mails
from hto_track.services.policy import Action, Actor, Subject, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.supervisor_links import mail_to_supervisor
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, Member, PlacementView

LONGEST_NOTE = 500
LONGEST_REASON = 500
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What comes along when a text is pasted, and what no file that we export may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a participant says of one visit to their school."""

    placement_id: int
    work: WorkedTime
    activity: Activity = Activity.OTHER
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursList:
    """All entries of a participant, latest first, and the placements they can log hours at."""

    cohort: CohortSummary
    member: Member
    placements: tuple[PlacementView, ...]
    entries: tuple[EntryView, ...]


class LoggedBefore(Refused):
    """The same hours at the same school on the same date are there already; ``entry`` is how they stand."""

    def __init__(self, entry: EntryView) -> None:
        self.entry = entry
        message = _l(
            "You already logged %(hours)s at %(school)s on %(day)s. Save it once more all the same?",
            hours=formats.hours(entry.work.minutes),
            school=entry.placement.school,
            day=formats.day_plain(entry.work.on),
        )
        super().__init__([Refusal(message=message, field="again")])


@dataclass(frozen=True, slots=True)
class _Known:
    """Someone with their active span, placements and entries, rows for the transaction that loaded them."""

    cohort: CohortSummary
    person: Participant
    active: Days
    placements: dict[int, Placement]
    entries: dict[int, InternshipEntry]

    @property
    def subject(self) -> Subject:
        return subject_of(self.cohort, participant_id=self.person.id)

    def view(self, row: InternshipEntry) -> EntryView:
        return entry_view(row, self.placements[row.placement_id])


def hours_of(actor: Actor, participant_code: str, on: date) -> HoursList:
    """A participant's entries; NotFound or Forbidden as the policy says."""
    known = _known(reading(), actor, Action.VIEW_PARTICIPANT, participant_code, on)
    latest_first = sorted(known.entries.values(), key=lambda row: (row.worked_on, row.id), reverse=True)
    listed = HoursList(
        cohort=known.cohort,
        member=values.member(known.person),
        placements=tuple(map(values.placement_view, known.placements.values())),
        entries=tuple(map(known.view, latest_first)),
    )
    note_reading(actor, Seen.HOURS, participant_id=listed.member.id)
    return listed


def log_hours(
    actor: Actor,
    participant_code: str,
    visit: Visit,
    on: date,
    *,
    again: bool = False,
    form: SentForm | None = None,
) -> EntryView:
    """Submit hours, and have the supervisor told.

    Refused as ``rules.internship_entry`` says; LoggedBefore when the same were logged already, unless ``again``.
    """
    with writing() as session:
        known = _known(session, actor, Action.LOG_HOURS, participant_code, on)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return known.view(known.entries[earlier["entry"]])
        _require_sound(known, visit, on, besides=None)
        if not again:
            _require_new(known, visit)
        row = InternshipEntry(
            participant_id=known.person.id, state=EntryState.SUBMITTED, submitted_on=on, **_columns(visit)
        )
        session.add(row)
        session.flush()
        audit.record(session, actor, "log_hours", _name(known, row), after=written_down(row))
        _tell_supervisor(session, known, row, on)
        form_answers.remember(session, actor, form, {"entry": row.id})
        return known.view(row)


def change_hours(
    actor: Actor,
    participant_code: str,
    entry_id: int,
    version: str,
    visit: Visit,
    on: date,
    form: SentForm | None = None,
) -> EntryView:
    """Change an entry that nobody decided on yet; a draft is submitted with it. Refused as ``log_hours``.

    Refused too when it is no longer the ``version`` that was seen, with how it stands.
    """
    with writing() as session:
        known = _known(session, actor, Action.LOG_HOURS, participant_code, on)
        row = _entry(known, entry_id)
        if form_answers.answered(session, actor, form) is not None:
            return known.view(row)
        _require_version(row, version)
        if row.state not in (EntryState.DRAFT, EntryState.SUBMITTED):
            raise refuse(
                _l("These hours were decided on. Withdraw them with a reason, and log them anew."), "worked_on"
            )
        _require_sound(known, visit, on, besides=row)
        before = written_down(row)
        if row.state is EntryState.DRAFT:
            row.state, row.submitted_on = EntryState.SUBMITTED, on
        for column, value in _columns(visit).items():
            setattr(row, column, value)
        audit.record(session, actor, "change_hours", _name(known, row), before=before, after=written_down(row))
        _tell_supervisor(session, known, row, on)
        form_answers.remember(session, actor, form, {"entry": row.id})
        return known.view(row)


def withdraw_hours(actor: Actor, participant_code: str, entry_id: int, reason: str | None, on: date) -> EntryView:
    """Take an entry back; it stays visible and counts nowhere. A confirmed one only with a reason.

    One that is withdrawn already stays as it is.
    """
    with writing() as session:
        known = _known(session, actor, Action.LOG_HOURS, participant_code, on)
        row = _entry(known, entry_id)
        said = (reason or "").strip()
        refusals = list(_withdrawal_refusals(row, said))
        if refusals:
            raise Refused(refusals)
        if row.state is not EntryState.WITHDRAWN:
            before = written_down(row)
            row.state, row.reason = EntryState.WITHDRAWN, said or None
            audit.record(session, actor, "withdraw_hours", _name(known, row), before=before, after=written_down(row))
        return known.view(row)


def _known(session: Session, actor: Actor, action: Action, participant_code: str, on: date) -> _Known:
    ground = facts.ground_of_participant(session, participant_code)
    person = fact_rows.participants(session, Participant.code == participant_code)[0]
    require(actor, action, subject_of(ground.cohort, participant_id=person.row.id))
    known = Facts(
        programme=ground.programme,
        calendar=ground.calendar,
        enrolment=values.enrolment(person.row, person.pauses.values(), ground.cohort),
    )
    placements = session.scalars(
        select(Placement).where(Placement.participant_id == person.row.id).order_by(Placement.start_on, Placement.id)
    )
    entries = session.scalars(select(InternshipEntry).where(InternshipEntry.participant_id == person.row.id))
    return _Known(
        cohort=ground.cohort,
        person=person.row,
        active=span_of(known, on).active,
        placements={row.id: row for row in placements},
        entries={row.id: row for row in entries},
    )


def _entry(known: _Known, entry_id: int) -> InternshipEntry:
    """An entry of this participant; NotFound for anyone else's."""
    row = known.entries.get(entry_id)
    if row is None:
        raise NotFound(f"There is no entry {entry_id} of {known.person.code}")
    return row


def _require_sound(known: _Known, visit: Visit, on: date, *, besides: InternshipEntry | None) -> None:
    """Refused with everything that is not right about ``visit``; ``besides`` is the entry that it replaces."""
    placement = known.placements.get(visit.placement_id)
    if placement is None:
        raise refuse(_l("Choose the school where you were."), "placement")
    request = EntryRequest(
        work=visit.work,
        placement=PlacementPeriod(start_on=placement.start_on, end_on=placement.end_on),
        active=known.active,
        today=on,
        others=tuple(work_of(row) for row in known.entries.values() if row is not besides and row.state in LIVE),
    )
    refusals = [_refusal(fault, request, placement) for fault in entry_faults(request)]
    if len(visit.note or "") > LONGEST_NOTE:
        refusals.append(Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_NOTE), field="note"))
    if refusals:
        raise Refused(refusals)


def _refusal(fault: EntryFault, request: EntryRequest, placement: Placement) -> Refusal:
    """The sentence for a fault, at the field of the form that it is about."""
    times = request.work.starts_at is not None
    match fault:
        case EntryFault.END_NOT_AFTER_START:
            return Refusal(message=_l("Choose an end after the start."), field="ends_at")
        case EntryFault.NO_TIME_LEFT if times:
            return Refusal(message=_l("No time is left after the break."), field="break_minutes")
        case EntryFault.NO_TIME_LEFT:
            return Refusal(message=_l("Fill in how many hours, for example 2.5"), field="hours")
        case EntryFault.TOO_MUCH_ON_ONE_DATE:
            message = _l("Choose at most 10 hours on one day, or spread it over two days")
            return Refusal(message=message, field="ends_at" if times else "hours")
        case EntryFault.OVERLAP:
            return Refusal(message=_l("You logged other hours at this time already."), field="starts_at")
        case EntryFault.AFTER_TODAY:
            message = _l("This day is in the future. Log hours after you have been there")
            return Refusal(message=message, field="worked_on")
        case EntryFault.BEFORE_PLACEMENT:
            message = _l(
                "Your time at %(school)s begins on %(day)s.",
                school=placement.school,
                day=formats.day_plain(placement.start_on),
            )
            return Refusal(message=message, field="worked_on")
        case EntryFault.AFTER_PLACEMENT:
            message = _l(
                "Your time at %(school)s ended on %(day)s.",
                school=placement.school,
                day=formats.day_plain(placement.end_on),
            )
            return Refusal(message=message, field="worked_on")
        case EntryFault.OUTSIDE_ACTIVE_SPAN:
            return Refusal(message=_l("This day lies outside your training, or in a pause."), field="worked_on")


def _require_new(known: _Known, visit: Visit) -> None:
    same = next(
        (
            row
            for row in known.entries.values()
            if row.state in LIVE
            and row.worked_on == visit.work.on
            and row.minutes == visit.work.minutes
            and known.placements[row.placement_id].school == known.placements[visit.placement_id].school
        ),
        None,
    )
    if same is not None:
        raise LoggedBefore(known.view(same))


def _require_version(row: InternshipEntry, version: str) -> None:
    if entry_version(row) != version:
        raise refuse(
            _l(
                "This was changed meanwhile: it is now %(hours)s on %(day)s. Look at it and save again.",
                hours=formats.hours(row.minutes),
                day=formats.day_plain(row.worked_on),
            ),
            "version",
        )


def _withdrawal_refusals(row: InternshipEntry, reason: str) -> Iterator[Refusal]:
    if row.state is EntryState.CONFIRMED and not reason:
        yield Refusal(message=_l("These hours are confirmed. Say why you withdraw them."), field="reason")
    if len(reason) > LONGEST_REASON:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_REASON), field="reason")


def _columns(visit: Visit) -> dict[str, Any]:
    work = visit.work
    return {
        "placement_id": visit.placement_id,
        "worked_on": work.on,
        "starts_at": work.starts_at,
        "ends_at": work.ends_at,
        "break_minutes": work.break_minutes,
        "minutes": work.minutes,
        "activity": visit.activity,
        "note": _CONTROL.sub(" ", visit.note or "").strip() or None,
    }


def _name(known: _Known, row: InternshipEntry) -> str:
    return audit.of_participant(known.person.code, "hours", row.id)


def _tell_supervisor(session: Session, known: _Known, row: InternshipEntry, on: date) -> None:
    """One mail a placement and day, however much is logged: the page it leads to shows everything that waits."""
    placement = known.placements[row.placement_id]
    if not placement.supervisor_email:
        return
    hours = WaitingHours(placement.supervisor_name, ((row.worked_on, row.minutes),))
    mail = mail_to_supervisor("hours_to_confirm", placement, values.member(known.person), hours, on.isoformat())
    queue_mails(session, [mail])
