"""The weeks ahead of a participant with their own plan: what can move, tried, kept as a plan, and given back.

What is tried is named by ``Step``s, each taken in the weeks that the steps before it left: the same steps give the same plan,
as long as nothing changes in between. Whoever saves says what they saw (``seen``), and is asked when it would become something
else.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.privacy import Seen
from hto_track.models.warnings import AnswerKind
from hto_track.rules.days import monday_of
from hto_track.rules.own_plan import Outlook, OwnPlan, combined, outlook, warnings_ended
from hto_track.rules.ways_out import ASKED, FullWeek, Way, WayKind, full_weeks, ways_out_of
from hto_track.services import form_answers, own_plan, own_plan_rows
from hto_track.services.form_answers import SentForm
from hto_track.services.load_request_rows import RequestView, requests_of
from hto_track.services.own_plan import Planner, planner_of
from hto_track.services.policy import Action, Actor, may
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortPlan, CohortSummary, Member
from hto_track.services.warning_answers import answer_warnings

MOST_STEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A way out that is tried: of the week of ``monday``, of a kind, with the assignment it is about if it is of one."""

    kind: WayKind
    monday: date
    code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A step as it was taken; ``way`` is None of one that does not lead out any more."""

    step: Step
    way: Way | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeksAhead:
    """Someone's weeks ahead: as the programme plans them, with their own plan, and with what is tried on top of it.

    ``full`` are the weeks that are too full with what is tried, each with its ways out; ``full_by_rules`` those that are so as
    the programme plans them. ``kept`` is as much of the plan as still counts; ``seen`` is what to say when it is saved.
    """

    cohort: CohortSummary
    plan: CohortPlan
    member: Member
    on: date
    goes_on: bool
    by_rules: Outlook
    with_plan: Outlook
    shown: Outlook
    kept: OwnPlan
    full_by_rules: tuple[date, ...]
    full: tuple[FullWeek, ...]
    tried: tuple[Tried, ...]
    can_keep: bool
    seen: str
    version: str
    """What the plan as it is kept is known by."""
    requests: tuple[RequestView, ...]
    may_plan: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanKept:
    """What saving a plan did: the weeks that fit now and did not before, and whether anything was stored."""

    emptied: tuple[date, ...]
    is_change: bool


def own_weeks_ahead(actor: Actor, participant_code: str, steps: Sequence[Step], on: date) -> WeeksAhead:
    """The weeks ahead of a participant, for themselves. NotFound, Forbidden."""
    return _weeks_ahead(actor, Action.PLAN_LOAD, participant_code, steps, on)


def weeks_ahead_of(actor: Actor, participant_code: str, on: date) -> WeeksAhead:
    """The same for who guides them: what they plan, and what more there is. NotFound, Forbidden."""
    return _weeks_ahead(actor, Action.VIEW_PARTICIPANT, participant_code, (), on)


def keep_plan(
    actor: Actor, participant_code: str, steps: Sequence[Step], seen: str, on: date, form: SentForm | None = None
) -> PlanKept:
    """Keep what was tried as the participant's plan; what others decide on is left out, for it is asked.

    It answers the warnings about the load that it would end. Refused when the plan, or the weeks it is made of, are others
    than those that were ``seen``, and when nothing is tried. NotFound, Forbidden.
    """
    with writing() as session:
        who = planner_of(session, actor, Action.PLAN_LOAD, participant_code, on)
        sent_before = kept_before(session, actor, form)
        if sent_before is not None:
            return sent_before
        kept = own_plan_rows.kept_plan(session, who.participant_id)
        change = _change(_walk(who, kept, steps))
        if own_plan_rows.version_of(kept, change) != seen:
            raise refuse(
                _l("Your plan or your weeks changed meanwhile. Look at what stands here now, and save it again."),
                "seen",
            )
        if change.is_empty:
            raise refuse(_l("Try something first. What you try is saved here."))
        after = combined(kept, replace(change, days={}))
        if change.days:
            after = own_plan.with_days(after, change.days, on)
        return store_kept(session, actor, who, kept, after, on, form)


def store_kept(
    session: Session, actor: Actor, who: Planner, kept: OwnPlan, after: OwnPlan, on: date, form: SentForm | None
) -> PlanKept:
    """Keep ``after`` in place of ``kept``, with what comes with it; for use cases inside ``writing()``."""
    known, standing = who.person.facts, who.standing
    own_plan.store_plan(session, actor, who, kept, after, "keep_plan")
    now = clock.now()
    answer_warnings(session, who.participant_id, warnings_ended(known, standing, after), AnswerKind.PLANNED, now)
    was, becomes = outlook(known, standing, kept), outlook(known, standing, after)
    emptied = tuple(
        before.monday for before, then in zip(was.near, becomes.near, strict=True) if before.over and not then.over
    )
    done = PlanKept(emptied=emptied, is_change=own_plan_rows.written(kept) != own_plan_rows.written(after))
    said = {
        "participant": who.code,
        "before": own_plan_rows.written(kept),
        "after": own_plan_rows.written(after),
        "answered_at": now.isoformat(),
        "emptied": [monday.isoformat() for monday in emptied],
        "is_change": done.is_change,
    }
    form_answers.remember(session, actor, form, {"kept_plan": said})
    return done


def kept_before(session: Session, actor: Actor, form: SentForm | None) -> PlanKept | None:
    """What a form that was sent before was answered; None for one that is new."""
    answer = form_answers.answered(session, actor, form)
    if answer is None:
        return None
    said = answer["kept_plan"]
    return PlanKept(emptied=tuple(map(date.fromisoformat, said["emptied"])), is_change=said["is_change"])


def drop_plan(actor: Actor, participant_code: str, seen: str, on: date, form: SentForm | None = None) -> PlanKept:
    """Let go of the plan: what the programme plans holds again. What was planned for days past stays.

    Refused when it is another than the one that was ``seen``. NotFound, Forbidden.
    """
    with writing() as session:
        who = planner_of(session, actor, Action.PLAN_LOAD, participant_code, on)
        sent_before = kept_before(session, actor, form)
        if sent_before is not None:
            return sent_before
        kept = own_plan_rows.kept_plan(session, who.participant_id)
        if own_plan_rows.version_of(kept) != seen:
            raise refuse(_l("Your plan changed meanwhile. Look at what stands here now."), "seen")
        this_monday = monday_of(on)
        past = tuple(move for move in kept.work if min(move.from_monday, move.to_monday) < this_monday)
        after = own_plan.with_days(replace(kept, work=past), {}, on)
        return store_kept(session, actor, who, kept, after, on, form)


def undo_plan(actor: Actor, participant_code: str, form_key: str, on: date) -> None:
    """Give back the plan as it was before the actor's own form ``form_key``; refused when it was changed since."""
    done = form_answers.answer_to(actor, form_key, "kept_plan")["kept_plan"]
    if done["participant"] != participant_code:
        raise NotFound(f"The form {form_key} kept no plan of {participant_code}")
    with writing() as session:
        who = planner_of(session, actor, Action.PLAN_LOAD, participant_code, on)
        kept = own_plan_rows.kept_plan(session, who.participant_id)
        if own_plan_rows.written(kept) != done["after"]:
            raise refuse(_l("Your plan was changed since. Look at what stands here now, and change it here."))
        own_plan.store_plan(session, actor, who, kept, own_plan_rows.from_written(done["before"]), "undo_plan")
        own_plan.take_answers_back(session, who.participant_id, datetime.fromisoformat(done["answered_at"]))


def _weeks_ahead(actor: Actor, action: Action, participant_code: str, steps: Sequence[Step], on: date) -> WeeksAhead:
    session = reading()
    who = planner_of(session, actor, action, participant_code, on)
    kept = own_plan_rows.kept_plan(session, who.participant_id)
    requests = requests_of(session, who, on)
    tried = _walk(who, kept, steps)
    trying = _with(kept, tried)
    known, standing = who.person.facts, who.standing
    with_plan = outlook(known, standing, kept)
    by_rules = outlook(known, standing)
    change = _change(tried)
    note_reading(actor, Seen.TRAJECT, participant_id=who.participant_id)
    return WeeksAhead(
        cohort=who.ground.cohort,
        plan=who.plan,
        member=who.person.member,
        on=on,
        goes_on=standing.span.goes_on,
        by_rules=by_rules,
        with_plan=with_plan,
        shown=outlook(known, standing, trying),
        kept=with_plan.counted,
        full_by_rules=tuple(each.monday for each in by_rules.full),
        full=full_weeks(known, standing, trying),
        tried=tried,
        can_keep=not change.is_empty,
        seen=own_plan_rows.version_of(kept, change),
        version=own_plan_rows.version_of(kept),
        requests=requests,
        may_plan=may(actor, Action.PLAN_LOAD, subject_of(who.ground.cohort, participant_id=who.participant_id)),
    )


def _walk(who: Planner, kept: OwnPlan, steps: Sequence[Step]) -> tuple[Tried, ...]:
    """The steps one after the other, each from where those before it led."""
    taken: list[Tried] = []
    for step in steps[:MOST_STEPS]:
        now = outlook(who.person.facts, who.standing, _with(kept, taken))
        week = now.week(step.monday)
        ways = ways_out_of(week, who.person.facts, who.standing, now) if week is not None and week.over else ()
        way = next((way for way in ways if (way.kind, way.code) == (step.kind, step.code)), None)
        taken.append(Tried(step=step, way=way))
    return tuple(taken)


def _with(kept: OwnPlan, tried: Sequence[Tried]) -> OwnPlan:
    plan = kept
    for one in tried:
        plan = combined(plan, one.way.change) if one.way is not None else plan
    return plan


def _change(tried: Sequence[Tried]) -> OwnPlan:
    """What of the steps can be kept: what is somebody's own to decide."""
    own = [one for one in tried if one.step.kind not in ASKED]
    return _with(OwnPlan(), own)
