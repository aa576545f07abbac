"""Deciding on internship hours: the supervising teacher's, or the college's on evidence (RULES.md section 3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Role
from hto_track.models.cohorts import Cohort
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules.facts import EntryState
from hto_track.services import audit, form_answers, values
from hto_track.services.entry_views import EntryView, entry_version, entry_view, written_down
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, Subject, require, require_anywhere
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.transaction import reading, writing
from hto_track.services.views import Member

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingHours:
    """A participant whose hours wait for the actor, the earliest first."""

    member: Member
    cohort_code: str
    cohort_name: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursDecision:
    """What is decided about an entry that was seen as ``version``: confirmed, or rejected with a reason."""

    entry_id: int
    version: str
    reject_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursDecided:
    """The entries that were decided on, and those that changed meanwhile and were left as they are."""

    decided: tuple[EntryView, ...]
    changed: tuple[EntryView, ...] = ()


@dataclass(frozen=True, slots=True)
class _Loaded:
    row: InternshipEntry
    placement: Placement
    participant: Participant
    cohort: Cohort
    subject: Subject

    @property
    def view(self) -> EntryView:
        return entry_view(self.row, self.placement)


def hours_to_decide(actor: Actor, on: date) -> tuple[WaitingHours, ...]:
    """The submitted hours that the actor may decide on, by participant in order of name; Forbidden without that role."""
    require_anywhere(actor, Action.DECIDE_HOURS)
    loaded = _load(
        reading(),
        InternshipEntry.state == EntryState.SUBMITTED,
        InternshipEntry.worked_on <= on,
        _within_reach(actor),
    )
    people: dict[int, list[_Loaded]] = {}
    for entry in loaded:
        if not _is_own(actor, entry):
            people.setdefault(entry.participant.id, []).append(entry)
    waiting = (
        WaitingHours(
            member=values.member(entries[0].participant),
            cohort_code=entries[0].cohort.code,
            cohort_name=entries[0].cohort.name or entries[0].cohort.code,
            entries=tuple(entry.view for entry in entries),
        )
        for entries in people.values()
    )
    return tuple(sorted(waiting, key=lambda person: (person.member.name, person.member.code)))


def decide_hours(
    actor: Actor, decisions: Iterable[HoursDecision], on: date, form: SentForm | None = None
) -> HoursDecided:
    """Confirm or reject entries. One that changed since it was seen is left as it is and handed back.

    Refused, with nothing stored: one's own hours, a rejection without a reason, an entry of a date to come.
    """
    wanted = {decision.entry_id: decision for decision in decisions}
    with writing() as session:
        loaded = _load(session, InternshipEntry.id.in_(wanted))
        if len(loaded) < len(wanted):
            raise NotFound("There is no such entry")
        for entry in loaded:
            require(actor, Action.DECIDE_HOURS, entry.subject)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return HoursDecided(decided=tuple(entry.view for entry in loaded if entry.row.id in earlier["decided"]))
        refusals = [refusal for entry in loaded for refusal in _refusals(actor, entry, wanted[entry.row.id], on)]
        if refusals:
            raise Refused(refusals)
        same = [
            entry
            for entry in loaded
            if entry.row.state is EntryState.SUBMITTED and entry_version(entry.row) == wanted[entry.row.id].version
        ]
        for entry in same:
            reason = (wanted[entry.row.id].reject_reason or "").strip() or None
            state = EntryState.REJECTED if reason else EntryState.CONFIRMED
            _set(
                session, actor, entry, "decide_hours", state=state, decided_on=on, decided_by=actor.email, reason=reason
            )
        form_answers.remember(session, actor, form, {"decided": [entry.row.id for entry in same]})
        return HoursDecided(
            decided=tuple(entry.view for entry in same),
            changed=tuple(entry.view for entry in loaded if entry not in same),
        )


def undo_decisions(actor: Actor, form_key: str) -> HoursDecided:
    """Let the entries wait again that the actor's own form ``form_key`` decided on; one changed since is left as it is."""
    ids = form_answers.answer_to(actor, form_key, "decided")["decided"]
    with writing() as session:
        loaded = _load(session, InternshipEntry.id.in_(ids))
        for entry in loaded:
            require(actor, Action.DECIDE_HOURS, entry.subject)
        decided = (EntryState.CONFIRMED, EntryState.REJECTED)
        mine = [entry for entry in loaded if entry.row.state in decided and entry.row.decided_by == actor.email]
        for entry in mine:
            _set(
                session,
                actor,
                entry,
                "undo_decision",
                state=EntryState.SUBMITTED,
                decided_on=None,
                decided_by=None,
                reason=None,
            )
        return HoursDecided(
            decided=tuple(entry.view for entry in mine),
            changed=tuple(entry.view for entry in loaded if entry not in mine),
        )


def _refusals(actor: Actor, entry: _Loaded, decision: HoursDecision, on: date) -> Iterator[Refusal]:
    field = f"reason-{entry.row.id}"
    if _is_own(actor, entry):
        yield Refusal(message=_l("Nobody confirms their own hours."))
    if entry.row.worked_on > on:
        yield Refusal(message=_l("These hours are of a day still to come."), field=field)
    if decision.reject_reason is not None and not decision.reject_reason.strip():
        yield Refusal(message=_l("Say what is not right, so that it can be put right."), field=field)
    if len(decision.reject_reason or "") > LONGEST_REASON:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_REASON), field=field)


def _is_own(actor: Actor, entry: _Loaded) -> bool:
    """Whether these are the actor's own hours, whatever other roles they have."""
    takes_part = any(
        grant.role is Role.PARTICIPANT and grant.participant_id == entry.participant.id for grant in actor.grants
    )
    return not actor.is_console and (takes_part or actor.email == entry.participant.email.lower())


def _set(session: Session, actor: Actor, entry: _Loaded, action: str, **columns: Any) -> None:
    before = written_down(entry.row)
    for column, value in columns.items():
        setattr(entry.row, column, value)
    subject = f"{entry.participant.code}/hours/{entry.row.id}"
    audit.record(session, actor, action, subject, before=before, after=written_down(entry.row))


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    """The entries in the scopes of the actor's roles that decide; the policy is asked again for each that is written."""
    if actor.is_console:
        return Placement.id.is_not(None)
    scopes: list[ColumnElement[bool]] = [false()]
    for grant in actor.grants:
        if grant.role is Role.SUPERVISOR:
            scopes.append(func.lower(Placement.supervisor_email) == actor.email)
        elif grant.role is Role.COLLEGE and grant.college is not None:
            scopes.append(Programme.college == grant.college)
    return or_(*scopes)


def _load(session: Session, *which: ColumnElement[bool]) -> list[_Loaded]:
    rows = session.execute(
        select(InternshipEntry, Placement, Participant, Cohort, Programme.college)
        .join(Placement, Placement.id == InternshipEntry.placement_id)
        .join(Participant, Participant.id == InternshipEntry.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(*which)
        .order_by(InternshipEntry.worked_on, InternshipEntry.id)
    )
    return [_loaded(*row) for row in rows]


def _loaded(
    row: InternshipEntry, placement: Placement, participant: Participant, cohort: Cohort, college: str | None
) -> _Loaded:
    supervisors = frozenset({placement.supervisor_email.lower()}) if placement.supervisor_email else frozenset[str]()
    subject = Subject(cohort_id=cohort.id, participant_id=participant.id, college=college, supervisors=supervisors)
    return _Loaded(row, placement, participant, cohort, subject)
