"""A participant's own assignments: what to do first, by when and why then, what is expected, and what came of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.models.assignments import Assignment, AssignmentOutcome, Extension
from hto_track.models.participants import Participant, Pause
from hto_track.models.privacy import Reading
from hto_track.models.programmes import LearningOutcome
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignments import Assessment, assess_attempt, exempt_from_assignment
from hto_track.services.criteria import assignment_criteria, write_criteria
from hto_track.services.hand_ins import hand_in_file, hand_in_link
from hto_track.services.own_assignments import (
    DueBecause,
    Progress,
    own_assignment,
    own_assignments,
    participant_assignments,
)
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.files import pdf

PASSED, FAILED = AttemptOutcome.PASSED, AttemptOutcome.FAILED
CountQueries = Callable[[], AbstractContextManager[list[str]]]


def add_assignment(cast: Cast, code: str, due_on: date, *, mandatory: bool = True, outcome: str = "") -> None:
    with writing() as session:
        row = Assignment(
            cohort_id=cast.cohort_id,
            code=code,
            title=f"Opdracht {code}",
            opens_on=due_on - timedelta(days=20),
            due_on=due_on,
            estimated_minutes=600,
            mandatory=mandatory,
        )
        session.add(row)
        session.flush()
        if outcome:
            programme_id = session.scalars(select(LearningOutcome.programme_id)).first()
            known = session.scalars(select(LearningOutcome).where(LearningOutcome.code == outcome)).one_or_none()
            if known is None:
                known = LearningOutcome(programme_id=programme_id, code=outcome, title=f"Uitkomst {outcome}")
                session.add(known)
                session.flush()
            session.add(AssignmentOutcome(assignment_id=row.id, learning_outcome_id=known.id))


def assess(cast: Cast, code: str, number: int, outcome: AttemptOutcome, **more: object) -> None:
    assessment = Assessment(attempt=number, outcome=outcome, assessed_on=TODAY, **more)  # type: ignore[arg-type]
    assess_attempt(cast.chaima, cast.participant, code, assessment, TODAY)


def test_what_is_to_be_done_comes_first_by_its_date_and_what_is_done_last(cast: Cast) -> None:
    add_assignment(cast, "A2", date(2026, 6, 20))
    add_assignment(cast, "A3", date(2026, 6, 1))
    add_assignment(cast, "A4", date(2026, 6, 2))
    add_assignment(cast, "A5", date(2026, 5, 1))
    hand_in_link(cast.bram, cast.participant, "A4", "https://example.org/a4", TODAY)
    assess(cast, "A5", 1, PASSED)
    known = own_assignments(cast.bram, TODAY)
    assert [(item.plan.code, item.standing.state) for item in known.assignments] == [
        ("A3", AssignmentState.OVERDUE),
        ("A2", AssignmentState.OPEN),
        ("A1", AssignmentState.OPEN),
        ("A4", AssignmentState.SUBMITTED),
        ("A5", AssignmentState.PASSED),
    ]
    assert (known.done, known.mandatory) == (1, 5)


def because(cast: Cast, code: str = "A1") -> DueBecause:
    return own_assignment(cast.bram, code, TODAY).item.because


def test_a_due_date_says_why_it_is_what_it_is(cast: Cast) -> None:
    assert because(cast) is DueBecause.PLANNED
    with writing() as session:
        pause = {"start_on": date(2026, 6, 5), "end_on": date(2026, 6, 9), "reason": "ziek"}
        session.add(Pause(participant_id=cast.participant_id, **pause))
    assert because(cast) is DueBecause.TIME_LOST
    with writing() as session:
        extension = {"assignment_id": cast.assignment_id, "due_on": date(2026, 7, 20), "reason": "Ziek geweest"}
        session.add(Extension(participant_id=cast.participant_id, **extension))
    assert because(cast) is DueBecause.EXTENSION
    assert own_assignment(cast.bram, "A1", TODAY).extension_reason == "Ziek geweest"
    assess(cast, "A1", 1, FAILED)
    assert because(cast) is DueBecause.RESIT


def test_outcomes_are_achieved_in_any_order(cast: Cast) -> None:
    add_assignment(cast, "A2", date(2026, 9, 1), outcome="LU2")
    add_assignment(cast, "A3", date(2026, 10, 1), outcome="LU2")
    add_assignment(cast, "A4", date(2026, 11, 1), outcome="LU3")
    assess(cast, "A3", 1, PASSED)
    assess(cast, "A4", 1, PASSED)
    progress = {outcome.code: outcome.progress for outcome in own_assignments(cast.bram, TODAY).outcomes}
    assert progress == {"LU1": Progress.TO_DO, "LU2": Progress.BUSY, "LU3": Progress.DONE}
    exempt_from_assignment(cast.chaima, cast.participant, "A2", "Eerder gedaan", TODAY)
    known = own_assignments(cast.bram, TODAY)
    assert {outcome.code: outcome.progress for outcome in known.outcomes}["LU2"] is Progress.DONE
    assert (known.outcomes_done, len(known.outcomes)) == (2, 3)


def test_the_page_says_what_is_expected_and_what_came_of_it(cast: Cast) -> None:
    version = assignment_criteria(cast.chaima, cast.cohort, "A1").version
    write_criteria(cast.chaima, cast.cohort, "A1", "Twee bladzijden.\r\n\r\n- een doel", version)
    hand_in_file(cast.bram, cast.participant, "A1", "les.pdf", pdf(), TODAY)
    hand_in_link(cast.bram, cast.participant, "A1", "https://example.org/les", TODAY)
    assess(cast, "A1", 1, FAILED, feedback="Het doel mist nog.")
    known = own_assignment(cast.bram, "A1", TODAY)
    assert known.criteria == "Twee bladzijden.\n\n- een doel"
    (own,) = known.attempts
    assert (own.attempt.outcome, own.attempt.feedback) == (FAILED, "Het doel mist nog.")
    assert [view.file_name or view.link for view in own.hand_ins] == ["https://example.org/les", "les.pdf"]
    assert (known.takes_work, known.attempts_left) == (True, 1)
    assert [outcome.code for outcome in known.outcomes] == ["LU1"]


def test_nothing_is_taken_once_it_is_done_or_used_up(cast: Cast) -> None:
    assess(cast, "A1", 1, FAILED)
    assess(cast, "A1", 2, FAILED)
    known = own_assignment(cast.bram, "A1", TODAY)
    assert (known.takes_work, known.attempts_left) == (False, 0)


def test_who_guides_sees_the_list_and_is_noted_and_the_page_is_the_participants_own(cast: Cast) -> None:
    for actor in (cast.anja, cast.chaima, cast.hanna, cast.gijs, cast.bram):
        assert participant_assignments(actor, cast.participant, TODAY).member.code == cast.participant
    readers = set(db.session.scalars(select(Reading.reader)))
    assert readers == {actor.ref for actor in (cast.anja, cast.chaima, cast.hanna, cast.gijs)}
    for actor, refusal in ((cast.ilse, Forbidden), (cast.otto, NotFound), (cast.els, NotFound), (cast.dirk, NotFound)):
        with pytest.raises(refusal):
            participant_assignments(actor, cast.participant, TODAY)
    for actor in (cast.anja, cast.chaima):
        with pytest.raises(NotFound):
            own_assignment(actor, "A1", TODAY)
    with pytest.raises(NotFound):
        own_assignment(cast.bram, "Z9", TODAY)


def test_the_number_of_queries_does_not_grow_with_the_work(cast: Cast, count_queries: CountQueries) -> None:
    def asked() -> tuple[int, int]:
        db.session.rollback()
        with count_queries() as of_list:
            own_assignments(cast.bram, TODAY)
        db.session.rollback()
        with count_queries() as of_page:
            own_assignment(cast.bram, "A1", TODAY)
        return len(of_list), len(of_page)

    hand_in_link(cast.bram, cast.participant, "A1", "https://example.org/1", TODAY)
    before = asked()
    for number in range(2, 8):
        add_assignment(cast, f"A{number}", date(2026, 9, number))
        hand_in_file(cast.bram, cast.participant, "A1", f"{number}.pdf", pdf(str(number)), TODAY)
    assert asked() == before


def test_without_assignments_the_list_is_empty(cast: Cast) -> None:
    with writing() as session:
        session.execute(
            update(Participant).where(Participant.code == cast.participant).values(cohort_id=cast.other_cohort_id)
        )
    known = own_assignments(cast.bram, TODAY)
    assert (known.assignments, known.outcomes, known.mandatory) == ((), (), 0)
