"""Closing interviews: who is ready for one, and planning, moving and cancelling their appointments (RULES.md section 4)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.closing import Closing, closing_of
from hto_track.rules.standing import judge
from hto_track.services import audit, facts, form_answers, interview_mails
from hto_track.services.appointments import Appointment, appointment_of, appointments_of, restored, words, written
from hto_track.services.facts import CohortGround, MemberFacts
from hto_track.services.form_answers import SentForm
from hto_track.services.interview_mails import Told
from hto_track.services.interviews import (
    LEFT,
    Interview,
    about,
    changed_since,
    interviews_of,
    load_appointment,
    load_person,
    refusals_of_state,
)
from hto_track.services.outbox import is_erased
from hto_track.services.policy import Action, Actor, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import kept_standings, subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortPlan, CohortSummary, MemberStanding

LONGEST_LOCATION, LONGEST_ASSESSORS = 200, 500
SHORTEST, LONGEST = 10, 240
"""Minutes of an interview."""
CANCELLED_BY_FORM = "cancelled_interview"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A participant with their requirements, and where they stand with the closing interview; interviews latest first."""

    person: MemberStanding
    closing: Closing
    appointment: Appointment | None
    interviews: tuple[Interview, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortInterviews:
    """Everyone of a cohort who takes part, in order of code."""

    cohort: CohortSummary
    plan: CohortPlan
    on: date
    candidates: tuple[Candidate, ...]

    def count(self, closing: Closing) -> int:
        """How many of them are this far."""
        return sum(person.closing is closing for person in self.candidates)


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewPlan:
    """An evening of interviews: each takes ``minutes``, the first begins at ``starts_at``."""

    planned_on: date
    starts_at: time
    minutes: int
    location: str | None
    assessors: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When it is somebody's turn."""

    participant: str
    name: str
    starts_at: time
    ends_at: time


def cohort_interviews(actor: Actor, cohort_code: str, on: date) -> CohortInterviews:
    """Everyone of a cohort with their closing interviews; NotFound or Forbidden as the policy says."""
    session = reading()
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.PLAN_FINAL_ASSESSMENT, subject_of(ground.cohort))
    standings = kept_standings(session, ground, on)
    ids = [person.member.id for person in standings.members]
    planned, held = appointments_of(session, ids), interviews_of(session, ids)
    candidates = tuple(
        _candidate(person, planned.get(person.member.id), held.get(person.member.id, ()), on)
        for person in standings.members
        if person.standing.span.status not in LEFT
    )
    note_reading(actor, Seen.DIPLOMA, cohort_id=ground.cohort.id)
    return CohortInterviews(cohort=ground.cohort, plan=standings.plan, on=on, candidates=candidates)


def preview_interviews(
    actor: Actor, cohort_code: str, plan: InterviewPlan, participants: Collection[str], on: date
) -> tuple[Slot, ...]:
    """Whose turn would be when, nothing stored. Refused as ``plan_interviews``."""
    session = reading()
    ground, people = _people(session, actor, cohort_code, participants)
    slots, refusals = _slots(session, people, plan, on)
    if refusals:
        raise Refused(refusals)
    note_reading(actor, Seen.DIPLOMA, cohort_id=ground.cohort.id)
    return slots


def plan_interviews(
    actor: Actor,
    cohort_code: str,
    plan: InterviewPlan,
    participants: Collection[str],
    on: date,
    form: SentForm | None = None,
) -> tuple[Slot, ...]:
    """Plan interviews one after another, in the order of ``participants``, and tell each of theirs.

    Refused, with nothing stored: nobody, a day before ``on`` or before somebody's first, an evening that runs past midnight,
    who has an appointment, passed, or failed without resit. The field of a refusal about a person is their code.
    """
    with writing() as session:
        ground, people = _people(session, actor, cohort_code, participants)
        if form_answers.answered(session, actor, form) is not None:
            return _planned_slots(session, people)
        slots, refusals = _slots(session, people, plan, on)
        if refusals:
            raise Refused(refusals)
        changes = []
        for person, slot in zip(people, slots, strict=True):
            row = PlannedFinalAssessment(
                participant_id=person.member.id,
                planned_on=plan.planned_on,
                starts_at=slot.starts_at,
                ends_at=slot.ends_at,
                location=words(plan.location),
                assessors=words(plan.assessors),
            )
            session.add(row)
            interview_mails.tell(session, session.get_one(Participant, person.member.id), Told.PLANNED, row)
            changes.append(
                audit.Change(action="plan_interview", subject=about(slot.participant), before=None, after=written(row))
            )
        audit.record_all(session, actor, changes)
        form_answers.remember(session, actor, form, {"planned": len(slots)})
        return slots


def move_interview(
    actor: Actor, participant_code: str, seen: str, plan: InterviewPlan, on: date, form: SentForm | None = None
) -> Appointment:
    """Give an appointment another day, time, place or assessors, and tell its participant.

    Refused when it changed since it was ``seen``, and for a day or time that cannot be.
    """
    with writing() as session:
        person, row = load_appointment(session, actor, Action.PLAN_FINAL_ASSESSMENT, participant_code)
        if form_answers.answered(session, actor, form) is not None:
            return appointment_of(row)
        refusals = [*changed_since(row, seen), *_plan_refusals(plan, on, count=1), *_day_refusals(person, plan, on)]
        if refusals:
            raise Refused(refusals)
        before = written(row)
        row.planned_on, row.starts_at = plan.planned_on, plan.starts_at
        row.ends_at = _after(plan.starts_at, plan.minutes)
        row.location, row.assessors = words(plan.location), words(plan.assessors)
        if written(row) != before:
            interview_mails.tell(session, session.get_one(Participant, person.member.id), Told.MOVED, row)
            audit.record(session, actor, "move_interview", about(participant_code), before=before, after=written(row))
        form_answers.remember(session, actor, form, {"moved": participant_code})
        return appointment_of(row)


def cancel_interview(actor: Actor, participant_code: str, seen: str, form: SentForm | None = None) -> None:
    """Cancel an appointment, and tell its participant; refused when it changed since it was ``seen``."""
    with writing() as session:
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return
        person, row = load_appointment(session, actor, Action.PLAN_FINAL_ASSESSMENT, participant_code)
        refusals = list(changed_since(row, seen))
        if refusals:
            raise Refused(refusals)
        before = written(row)
        interview_mails.tell(session, session.get_one(Participant, person.member.id), Told.CANCELLED, row)
        session.delete(row)
        audit.record(session, actor, "cancel_interview", about(participant_code), before=before, after=None)
        form_answers.remember(session, actor, form, {CANCELLED_BY_FORM: {"participant": participant_code, **before}})


def undo_cancelling(actor: Actor, cohort_code: str, form_key: str) -> None:
    """Give back the appointment that the actor's own form ``form_key`` cancelled.

    Refused when there is another by now, when the interview was held and passed meanwhile, and of who left.
    """
    was = form_answers.answer_to(actor, form_key, CANCELLED_BY_FORM)[CANCELLED_BY_FORM]
    code = was["participant"]
    with writing() as session:
        person = load_person(session, actor, Action.PLAN_FINAL_ASSESSMENT, code, cohort_code)
        if appointments_of(session, [person.member.id]):
            raise refuse(_l("There is an appointment already. It was left as it is."))
        refusals = list(_state_refusals(person, clock.today()))
        if refusals:
            raise Refused(refusals)
        row = restored(session, person.member.id, was)
        interview_mails.take_back(session, session.get_one(Participant, person.member.id), Told.CANCELLED, row)
        audit.record(session, actor, "plan_interview", about(code), before=None, after=written(row))


def _candidate(
    person: MemberStanding, appointment: Appointment | None, interviews: tuple[Interview, ...], on: date
) -> Candidate:
    planned_on = appointment.planned_on if appointment else None
    return Candidate(
        person=person,
        closing=closing_of(person.standing.requirements, planned_on, on),
        appointment=appointment,
        interviews=interviews,
    )


def _people(
    session: Session, actor: Actor, cohort_code: str, participants: Collection[str]
) -> tuple[CohortGround, list[MemberFacts]]:
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.PLAN_FINAL_ASSESSMENT, subject_of(ground.cohort))
    known = {person.member.code: person for person in facts.facts_of_cohort(session, ground).members}
    unknown = [code for code in participants if code not in known]
    if unknown:
        raise NotFound(f"There is no participant {unknown[0]} in cohort {cohort_code}")
    return ground, [known[code] for code in dict.fromkeys(participants)]


def _slots(
    session: Session, people: list[MemberFacts], plan: InterviewPlan, on: date
) -> tuple[tuple[Slot, ...], list[Refusal]]:
    refusals = list(_plan_refusals(plan, on, count=len(people)))
    planned = appointments_of(session, [person.member.id for person in people])
    for person in people:
        refusals += _person_refusals(person, planned.get(person.member.id), plan, on)
    if refusals:
        return (), refusals
    return tuple(
        Slot(
            participant=person.member.code,
            name=person.member.name,
            starts_at=_after(plan.starts_at, turn * plan.minutes),
            ends_at=_after(plan.starts_at, (turn + 1) * plan.minutes),
        )
        for turn, person in enumerate(people)
    ), []


def _planned_slots(session: Session, people: list[MemberFacts]) -> tuple[Slot, ...]:
    planned = appointments_of(session, [person.member.id for person in people])
    return tuple(
        Slot(participant=person.member.code, name=person.member.name, starts_at=own.starts_at, ends_at=own.ends_at)
        for person in people
        if (own := planned.get(person.member.id))
    )


def _plan_refusals(plan: InterviewPlan, on: date, *, count: int) -> Iterator[Refusal]:
    if not count:
        yield Refusal(message=_l("Choose who it is planned for."), field="who")
    if plan.planned_on < on:
        yield Refusal(message=_l("This day is past. Choose today or later."), field="planned_on")
    if not SHORTEST <= plan.minutes <= LONGEST:
        message = _l("Choose from %(shortest)s to %(longest)s minutes.", shortest=SHORTEST, longest=LONGEST)
        yield Refusal(message=message, field="minutes")
    elif plan.starts_at.hour * 60 + plan.starts_at.minute + count * plan.minutes >= 24 * 60:
        yield Refusal(
            message=_l("This would go on past midnight. Begin earlier, or plan fewer people."), field="starts_at"
        )
    for field, said, most in (
        ("location", words(plan.location), LONGEST_LOCATION),
        ("assessors", words(plan.assessors), LONGEST_ASSESSORS),
    ):
        if said and len(said) > most:
            yield Refusal(message=_l("Keep it within %(most)s characters.", most=most), field=field)


def _person_refusals(
    person: MemberFacts, appointment: Appointment | None, plan: InterviewPlan, on: date
) -> Iterator[Refusal]:
    name, code = person.member.name, person.member.code
    closed = list(_state_refusals(person, on))
    if appointment is not None and not _takes_no_part(person, on):
        message = _l(
            "%(name)s has an appointment on %(day)s already.", name=name, day=formats.day(appointment.planned_on)
        )
        yield Refusal(message=message, field=code)
    elif closed:
        yield from closed
    else:
        yield from _day_refusals(person, plan, on)


def _takes_no_part(person: MemberFacts, on: date) -> bool:
    return judge(person.facts, on).span.status in LEFT or is_erased(person.member.email)


def _state_refusals(person: MemberFacts, on: date) -> Iterator[Refusal]:
    """Why nobody holds an interview with somebody, whatever the day."""
    name, code = person.member.name, person.member.code
    if _takes_no_part(person, on):
        yield Refusal(message=_l("%(name)s does not take part.", name=name), field=code)
    else:
        yield from refusals_of_state(judge(person.facts, on), name, code)


def _day_refusals(person: MemberFacts, plan: InterviewPlan, on: date) -> Iterator[Refusal]:
    first = judge(person.facts, on).span.first
    if plan.planned_on < first:
        message = _l("%(name)s begins on %(day)s.", name=person.member.name, day=formats.day(first))
        yield Refusal(message=message, field="planned_on")


def _after(start: time, minutes: int) -> time:
    return (datetime.combine(date.min, start) + timedelta(minutes=minutes)).time()
