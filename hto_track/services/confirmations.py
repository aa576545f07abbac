"""Deciding on internship hours: the supervising teacher's, or the college's on evidence (RULES.md section 3)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import AuditEntry
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.models.programmes import Programme
from hto_track.rules.facts import EntryState
from hto_track.services import audit, form_answers, values
from hto_track.services.entry_views import EntryView, entry_version, entry_view, version_while_waiting, written_down
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, Subject, require, require_anywhere
from hto_track.services.readings import note_participants
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.transaction import reading, writing
from hto_track.services.views import Member

LONGEST_REASON = 500
DECIDED = (EntryState.CONFIRMED, EntryState.REJECTED)


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

    @property
    def reason(self) -> str | None:
        """The reason as it is kept."""
        return (self.reject_reason or "").strip() or None

    @property
    def state(self) -> EntryState:
        """What becomes of the entry."""
        return EntryState.REJECTED if self.reason else EntryState.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursDecided:
    """The entries that were decided on, and those that changed meanwhile and were left as they are.

    ``decisions`` are the numbers in the audit trail of what was decided: with them exactly that is undone.
    """

    decided: tuple[EntryView, ...]
    changed: tuple[EntryView, ...] = ()
    decisions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Loaded:
    row: InternshipEntry
    placement: Placement
    participant: Participant
    cohort: Cohort
    subject: Subject
    is_own: bool
    """Whether the actor's address is of the account that takes part, whatever address the cohort has for it."""

    @property
    def view(self) -> EntryView:
        return entry_view(self.row, self.placement)

    @property
    def name(self) -> str:
        """What the audit trail calls it."""
        return audit.of_participant(self.participant.code, "hours", self.row.id)


def hours_to_decide(actor: Actor, on: date) -> tuple[WaitingHours, ...]:
    """The submitted hours that the actor may decide on, by participant in order of name; Forbidden without that role."""
    require_anywhere(actor, Action.DECIDE_HOURS)
    loaded = _load(
        reading(),
        actor,
        InternshipEntry.state == EntryState.SUBMITTED,
        InternshipEntry.worked_on <= on,
        _within_reach(actor),
    )
    people: dict[int, list[_Loaded]] = {}
    for entry in loaded:
        if not _is_own(actor, entry):
            people.setdefault(entry.participant.id, []).append(entry)
    waiting = [
        WaitingHours(
            member=values.member(entries[0].participant),
            cohort_code=entries[0].cohort.code,
            cohort_name=entries[0].cohort.name or entries[0].cohort.code,
            entries=tuple(entry.view for entry in entries),
        )
        for entries in people.values()
    ]
    note_participants(actor, Seen.HOURS, tuple(people))
    return tuple(sorted(waiting, key=lambda person: (person.member.name, person.member.code)))


def decide_hours(
    actor: Actor, decisions: Iterable[HoursDecision], on: date, form: SentForm | None = None
) -> HoursDecided:
    """Confirm or reject entries. One that changed since it was seen is left as it is and handed back.

    The same decision sent once more changes nothing and gets the same answer, with a form or without.

    Refused, with nothing stored: one's own hours, a rejection without a reason, an entry of a date to come.
    """
    wanted = {decision.entry_id: decision for decision in decisions}
    with writing() as session:
        loaded = _load(session, actor, InternshipEntry.id.in_(wanted))
        if len(loaded) < len(wanted):
            raise NotFound("There is no such entry")
        for entry in loaded:
            require(actor, Action.DECIDE_HOURS, entry.subject)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            views = tuple(entry.view for entry in loaded if entry.row.id in earlier["decided"])
            return HoursDecided(decided=views, decisions=tuple(earlier["decisions"]))
        refusals = [refusal for entry in loaded for refusal in _refusals(actor, entry, wanted[entry.row.id], on)]
        if refusals:
            raise Refused(refusals)
        decided = []
        for entry in loaded:
            decision = wanted[entry.row.id]
            if entry.row.state is EntryState.SUBMITTED and entry_version(entry.row) == decision.version:
                _set(
                    session,
                    actor,
                    entry,
                    "decide_hours",
                    state=decision.state,
                    decided_on=on,
                    decided_by=actor.email,
                    reason=decision.reason,
                )
            elif not _is_decided_so(actor, entry, decision):
                continue
            decided.append(entry)
        numbers = tuple(sorted(_latest_changes(session, decided).values()))
        answer = {"decided": [entry.row.id for entry in decided], "decisions": numbers}
        form_answers.remember(session, actor, form, answer)
        return HoursDecided(
            decided=tuple(entry.view for entry in decided),
            changed=tuple(entry.view for entry in loaded if entry not in decided),
            decisions=numbers,
        )


def undo_decisions(actor: Actor, form_key: str) -> HoursDecided:
    """Let the entries wait again that the actor's own form ``form_key`` decided on; one changed since is left as it is."""
    return take_back_decisions(actor, form_answers.answer_to(actor, form_key, "decisions")["decisions"])


def take_back_decisions(actor: Actor, decisions: Collection[int]) -> HoursDecided:
    """Let the entries wait again about which the audit trail says ``decisions``; one changed since is left as it is.

    NotFound unless the actor decided so. What they decided later on the same entry is another decision, and stays.
    """
    with writing() as session:
        own = session.execute(
            select(AuditEntry.id, AuditEntry.subject).where(
                AuditEntry.id.in_(decisions), AuditEntry.actor == actor.ref, AuditEntry.action == "decide_hours"
            )
        ).all()
        loaded = _load(session, actor, InternshipEntry.id.in_(int(audit.parts_of(row.subject)[-1]) for row in own))
        if not loaded:
            raise NotFound("There is no such decision")
        for entry in loaded:
            require(actor, Action.DECIDE_HOURS, entry.subject)
        latest, mine = _latest_changes(session, loaded), {row.id for row in own}
        undone = [
            entry
            for entry in loaded
            if entry.row.state in DECIDED and entry.row.decided_by == actor.email and latest[entry.name] in mine
        ]
        for entry in undone:
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
            decided=tuple(entry.view for entry in undone),
            changed=tuple(entry.view for entry in loaded if entry not in undone),
        )


def _is_decided_so(actor: Actor, entry: _Loaded, decision: HoursDecision) -> bool:
    """Whether this very decision of the actor was carried out before."""
    row = entry.row
    stands = (row.state, row.decided_by, row.reason) == (decision.state, actor.email, decision.reason)
    return stands and version_while_waiting(row) == decision.version


def _latest_changes(session: Session, entries: Collection[_Loaded]) -> dict[str, int]:
    """The number in the audit trail of the last change of each entry, by its name there."""
    query = (
        select(AuditEntry.subject, func.max(AuditEntry.id))
        .where(AuditEntry.subject.in_(entry.name for entry in entries))
        .group_by(AuditEntry.subject)
    )
    return {subject: number for subject, number in session.execute(query)}


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
    return not actor.is_console and (takes_part or entry.is_own or actor.email == entry.participant.email.lower())


def _set(session: Session, actor: Actor, entry: _Loaded, action: str, **columns: Any) -> None:
    before = written_down(entry.row)
    for column, value in columns.items():
        setattr(entry.row, column, value)
    subject = audit.of_participant(entry.participant.code, "hours", entry.row.id)
    audit.record(session, actor, action, subject, before=before, after=written_down(entry.row))


def _within_reach(actor: Actor) -> ColumnElement[bool]:
    """The entries in the scopes of the actor's roles that decide; the policy is asked again for each that is written."""
    if actor.is_console:
        return Placement.id.is_not(None)
    scopes: list[ColumnElement[bool]] = [false()]
    for grant in actor.grants:
        if grant.role is Role.SUPERVISOR:
            theirs = func.lower(Placement.supervisor_email) == actor.email
            scopes.append(theirs if grant.placement_id is None else and_(theirs, Placement.id == grant.placement_id))
        elif grant.role is Role.COLLEGE and grant.college is not None:
            scopes.append(Programme.college == grant.college)
    return or_(*scopes)


def _load(session: Session, actor: Actor, *which: ColumnElement[bool]) -> list[_Loaded]:
    # Asked of the database: who comes by a link has no grants with them, and a role may wait for a passkey.
    is_own = exists().where(
        Grant.participant_id == Participant.id,
        Grant.role == Role.PARTICIPANT,
        User.id == Grant.user_id,
        User.email == actor.email,
    )
    rows = session.execute(
        select(InternshipEntry, Placement, Participant, Cohort, Programme.college, is_own)
        .join(Placement, Placement.id == InternshipEntry.placement_id)
        .join(Participant, Participant.id == InternshipEntry.participant_id)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(*which)
        .order_by(InternshipEntry.worked_on, InternshipEntry.id)
    )
    return [_loaded(*row) for row in rows]


def _loaded(
    row: InternshipEntry,
    placement: Placement,
    participant: Participant,
    cohort: Cohort,
    college: str | None,
    is_own: bool,
) -> _Loaded:
    supervisors = frozenset({placement.supervisor_email.lower()}) if placement.supervisor_email else frozenset[str]()
    subject = Subject(
        cohort_id=cohort.id,
        participant_id=participant.id,
        college=college,
        placement_id=placement.id,
        supervisors=supervisors,
    )
    return _Loaded(row, placement, participant, cohort, subject, is_own)
