"""One evaluation of a cohort's warnings: judged without a lock, stored under it with its events and its mails.

RULES.md section 6. The use case of ``warnings.py`` and the nightly job share these functions; neither calls the other.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from hto_track.models.ledger import Revision
from hto_track.models.participants import Participant
from hto_track.models.warnings import Warning, WarningEvent, WarningEventKind
from hto_track.rules.facts import Facts
from hto_track.rules.standing import Standing, judge
from hto_track.rules.warnings import Alarm, Change, Evaluated, OpenWarning, WarningCode, alarms, evaluate
from hto_track.services import audit, warning_mails
from hto_track.services.facts import CohortFacts, CohortGround, facts_of_cohort
from hto_track.services.policy import Actor
from hto_track.services.views import Member, WarningInForce
from hto_track.services.warning_mails import Told
from hto_track.services.warning_texts import titles_of

MAILED = frozenset({Change.OPENED, Change.ESCALATED})
_Ids = dict[tuple[int, WarningCode], int]
"""Of warnings, by participant and code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationCounts:
    """How many warnings an evaluation opened, escalated, eased and closed."""

    opened: int = 0
    escalated: int = 0
    eased: int = 0
    closed: int = 0

    @classmethod
    def together(cls, parts: Iterable["EvaluationCounts"]) -> "EvaluationCounts":
        """The counts of several cohorts added up."""
        parts = tuple(parts)
        return cls(
            opened=sum(part.opened for part in parts),
            escalated=sum(part.escalated for part in parts),
            eased=sum(part.eased for part in parts),
            closed=sum(part.closed for part in parts),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedMember:
    """One participant's judgement, and the alarms that hold."""

    member: Member
    facts: Facts
    standing: Standing
    alarms: tuple[Alarm, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedCohort:
    """A cohort as the rules see it on ``on``, worked out at the revision of its ground; ``titles`` of assignments by code."""

    ground: CohortGround
    on: date
    members: tuple[JudgedMember, ...]
    titles: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What happened to one warning; ``warning_id`` is None until a new one is stored."""

    member: Member
    evaluated: Evaluated
    before: OpenWarning | None
    warning_id: int | None


def judge_cohort(session: Session, ground: CohortGround, on: date) -> JudgedCohort:
    """Everyone of a cohort judged on ``on``, in a constant number of queries."""
    return judge_facts(facts_of_cohort(session, ground), on)


def judge_facts(known: CohortFacts, on: date) -> JudgedCohort:
    """Everyone of a cohort judged on ``on``, from facts already loaded."""
    members = []
    for person in known.members:
        standing = judge(person.facts, on)
        members.append(
            JudgedMember(
                member=person.member, facts=person.facts, standing=standing, alarms=alarms(person.facts, standing)
            )
        )
    titles = titles_of(known.plan.assignments)
    return JudgedCohort(ground=known.ground, on=on, members=tuple(members), titles=titles)


def is_evaluated(session: Session, cohort_id: int, on: date) -> bool:
    """Whether nobody of the cohort is left to evaluate on ``on``: they all were, on that date or a later one."""
    return not session.scalar(select(func.count()).select_from(Participant).where(_due(cohort_id, on)))


def still_fresh(session: Session, judged: JudgedCohort) -> JudgedCohort:
    """``judged``, or the cohort judged anew when anything was written since: for use at the start of ``writing()``.

    Judging takes a tenth of a second a cohort. Done before the lock, the nightly job leaves others room to write.
    """
    # writing() itself has raised the revision by one
    if session.scalars(select(Revision.number)).one() == judged.ground.revision + 1:
        return judged
    return judge_cohort(session, judged.ground, judged.on)


def store_evaluation(session: Session, judged: JudgedCohort) -> EvaluationCounts:
    """Store what the evaluation makes of each participant not yet evaluated on that date, and queue its mails.

    For use inside ``writing()``. A second evaluation on a date, or one for an earlier date, changes nothing.
    """
    on, due = judged.on, _due(judged.ground.cohort.id, judged.on)
    due_ids = set(session.scalars(select(Participant.id).where(due)))
    if not due_ids:
        return EvaluationCounts()
    outcomes = _outcomes(session, judged, due_ids)
    ids = _store_opened(session, [outcome for outcome in outcomes if outcome.before is None], on)
    _store_kept(session, [outcome for outcome in outcomes if outcome.before is not None], on)
    session.execute(update(Participant).where(due).values(evaluated_on=on).execution_options(synchronize_session=False))
    told = [_told(outcome, ids) for outcome in outcomes if outcome.evaluated.change is not None]
    warning_mails.take_back_old_news(session, [one for one in told if one.change not in MAILED])
    news = [one for one in told if one.change in MAILED]
    warning_mails.queue_news(session, judged.ground.cohort, news, judged.titles, on)
    changes = Counter(outcome.evaluated.change for outcome in outcomes)
    return EvaluationCounts(
        opened=changes[Change.OPENED],
        escalated=changes[Change.ESCALATED],
        eased=changes[Change.EASED],
        closed=changes[Change.CLOSED],
    )


def store_and_record(session: Session, actor: Actor, judged: JudgedCohort) -> EvaluationCounts:
    """``store_evaluation``, written down for the cohort, and for each participant with what became of their warnings."""
    last = session.scalar(select(func.max(WarningEvent.id))) or 0
    counts = store_evaluation(session, judged)
    events = session.execute(
        select(Participant.code.label("participant"), Warning.id, Warning.code, WarningEvent.kind, WarningEvent.level)
        .join(Warning, Warning.id == WarningEvent.warning_id)
        .join(Participant, Participant.id == Warning.participant_id)
        .where(WarningEvent.id > last)
        .order_by(WarningEvent.id)
    )
    on = judged.on.isoformat()
    audit.record_all(
        session,
        actor,
        [
            audit.Change(
                action="evaluate_warnings",
                subject=audit.of_cohort(judged.ground.cohort.code),
                after={"on": on, **asdict(counts)},
            ),
            *(
                audit.Change(
                    action=f"warning_{row.kind.value}",
                    subject=audit.of_participant(row.participant, "warnings", row.id),
                    after={"warning": row.code.value, "level": row.level.value, "on": on},
                )
                for row in events
            ),
        ],
    )
    return counts


def _due(cohort_id: int, on: date) -> ColumnElement[bool]:
    return and_(
        Participant.cohort_id == cohort_id, or_(Participant.evaluated_on.is_(None), Participant.evaluated_on < on)
    )


def _outcomes(session: Session, judged: JudgedCohort, due_ids: set[int]) -> list[_Outcome]:
    open_rows: dict[int, dict[WarningCode, tuple[int, OpenWarning]]] = {}
    for row in session.execute(
        select(
            Warning.id,
            Warning.participant_id,
            Warning.code,
            Warning.level,
            Warning.opened_on,
            Warning.escalated_on,
            Warning.misses,
            Warning.red_misses,
        )
        .join(Participant, Participant.id == Warning.participant_id)
        .where(Participant.cohort_id == judged.ground.cohort.id, Warning.closed_on.is_(None))
    ):
        open_rows.setdefault(row.participant_id, {})[row.code] = (
            row.id,
            OpenWarning(
                code=row.code,
                level=row.level,
                opened_on=row.opened_on,
                escalated_on=row.escalated_on,
                misses=row.misses,
                red_misses=row.red_misses,
            ),
        )
    outcomes = []
    for person in judged.members:
        if person.member.id not in due_ids:
            continue
        known = open_rows.get(person.member.id, {})
        for evaluated in evaluate((warning for _, warning in known.values()), person.alarms, judged.on):
            warning_id, before = known.get(evaluated.warning.code, (None, None))
            outcomes.append(_Outcome(person.member, evaluated, before, warning_id))
    return outcomes


def _store_opened(session: Session, opened: list[_Outcome], on: date) -> _Ids:
    """Store new warnings with their events; the ids they got."""
    if not opened:
        return {}
    session.execute(
        insert(Warning),
        [
            {
                "participant_id": outcome.member.id,
                "code": outcome.evaluated.warning.code,
                "level": outcome.evaluated.warning.level,
                "opened_on": outcome.evaluated.warning.opened_on,
                "misses": outcome.evaluated.warning.misses,
                "red_misses": outcome.evaluated.warning.red_misses,
            }
            for outcome in opened
        ],
    )
    # Asked for afterwards, at once: an insert that returns its ids goes row by row on SQLite
    ids: _Ids = {
        (row.participant_id, row.code): row.id
        for row in session.execute(
            select(Warning.participant_id, Warning.code, Warning.id).where(
                Warning.participant_id.in_({outcome.member.id for outcome in opened}), Warning.closed_on.is_(None)
            )
        )
    }
    session.execute(
        insert(WarningEvent),
        [
            _event(ids[outcome.member.id, outcome.evaluated.warning.code], outcome.evaluated, on, {})
            for outcome in opened
        ],
    )
    return ids


def _store_kept(session: Session, kept: list[_Outcome], on: date) -> None:
    moved = [outcome for outcome in kept if outcome.evaluated.warning != outcome.before or outcome.evaluated.change]
    if moved:
        session.execute(update(Warning), [_row(outcome, on) for outcome in moved])
    changed = [outcome for outcome in moved if outcome.evaluated.change]
    if changed:
        last = _last_figures(session, [outcome for outcome in changed if outcome.evaluated.alarm is None])
        session.execute(
            insert(WarningEvent),
            [_event(outcome.warning_id, outcome.evaluated, on, last) for outcome in changed],
        )


def _row(outcome: _Outcome, on: date) -> dict[str, Any]:
    warning = outcome.evaluated.warning
    return {
        "id": outcome.warning_id,
        "level": warning.level,
        "escalated_on": warning.escalated_on,
        "closed_on": on if outcome.evaluated.change is Change.CLOSED else None,
        "misses": warning.misses,
        "red_misses": warning.red_misses,
    }


def _last_figures(session: Session, outcomes: list[_Outcome]) -> dict[int | None, dict[str, Any]]:
    """The figures that a warning whose code no longer holds last rested on: it eases or closes with those."""
    if not outcomes:
        return {}
    query = (
        select(WarningEvent.warning_id, WarningEvent.figures)
        .where(WarningEvent.warning_id.in_([outcome.warning_id for outcome in outcomes]))
        .order_by(WarningEvent.id)
    )
    return {row.warning_id: row.figures for row in session.execute(query)}


def _event(
    warning_id: int | None, evaluated: Evaluated, on: date, last_figures: dict[int | None, dict[str, Any]]
) -> dict[str, Any]:
    assert evaluated.change is not None
    return {
        "warning_id": warning_id,
        "kind": WarningEventKind(evaluated.change.value),
        "on": on,
        "level": evaluated.warning.level,
        "figures": evaluated.alarm.figures if evaluated.alarm else last_figures.get(warning_id, {}),
    }


def _told(outcome: _Outcome, ids: _Ids) -> Told:
    evaluated = outcome.evaluated
    assert evaluated.change is not None
    return Told(
        member=outcome.member,
        change=evaluated.change,
        warning=WarningInForce(
            id=outcome.warning_id or ids[outcome.member.id, evaluated.warning.code],
            code=evaluated.warning.code,
            level=evaluated.warning.level,
            opened_on=evaluated.warning.opened_on,
            escalated_on=evaluated.warning.escalated_on,
            figures=dict(evaluated.alarm.figures) if evaluated.alarm else {},
            snoozed_until=None,
            snooze_note=None,
        ),
    )
