"""The fixed cast: the same people in every test, and the few rows that give each of them their place.

Anja leads the cohort, Bram takes part in it, Chaima teaches at the college, Dirk supervises Bram's internship, Els
employs Bram (who shares nothing with her until a test says so), Femke sits on the board of examiners, Hanna administers the
college, Ilse observes the programme, Karel has an account and no role. Otto is an outsider: he leads another cohort, in which
Piet takes part. Gijs administers the installation.
"""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.assignments import Assignment, AssignmentOutcome
from hto_track.models.base import Base
from hto_track.models.cohorts import Cohort
from hto_track.models.internship import Placement, SchoolType
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant
from hto_track.models.programmes import Checkpoint, LearningOutcome, Programme
from hto_track.rules.calendar import Region
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.policy import Actor, ActorGrant
from hto_track.services.transaction import writing

Row = TypeVar("Row", bound=Base)

COLLEGE = "Hogeschool aan de Maas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The actors, and the ids and codes of what is theirs: cohort C-1 with Bram and Noor, cohort C-2 with Piet."""

    anja: Actor
    bram: Actor
    chaima: Actor
    dirk: Actor
    els: Actor
    femke: Actor
    otto: Actor
    gijs: Actor
    hanna: Actor
    ilse: Actor
    karel: Actor
    cohort_id: int
    participant_id: int
    placement_id: int
    lesson_id: int
    assignment_id: int
    other_cohort_id: int
    cohort: str = "C-1"
    participant: str = "C1-01"
    neighbour: str = "C1-02"
    """Noor, who takes part in the same cohort."""
    other_cohort: str = "C-2"
    other_participant: str = "C2-01"


def settle() -> Cast:
    """Store the cast in the current application's database: today is 14 June 2026, the cohort runs 9 March to 18
    December.
    """
    with writing() as session:
        programme = _programme(session)
        cohort = _cohort(session, programme, "C-1", leader_email="anja@example.org")
        other_cohort = _cohort(session, programme, "C-2", leader_email="otto@example.org")
        bram = enrol(session, cohort, "C1-01", "Bram", "de", "Wit")
        enrol(session, cohort, "C1-02", "Noor", None, "Visser")
        enrol(session, other_cohort, "C2-01", "Piet", None, "Smit")
        placement = stored(
            session,
            Placement(
                participant_id=bram.id,
                school="Vakcollege Zuid",
                school_type=SchoolType.VMBO,
                supervisor_name="Dirk Mulder",
                supervisor_email="dirk@example.org",
                start_on=date(2026, 4, 1),
                end_on=date(2026, 12, 18),
            ),
        )
        lesson = _lessons(session, cohort)
        assignment = _assignment(session, programme, cohort)
        return Cast(
            anja=account(session, "Anja Bos", Role.PROJECT_LEADER, cohort_id=cohort.id),
            bram=account(session, "Bram de Wit", Role.PARTICIPANT, participant_id=bram.id),
            chaima=account(session, "Chaima Aziz", Role.COLLEGE, college=COLLEGE),
            dirk=account(session, "Dirk Mulder", Role.SUPERVISOR),
            els=account(session, "Els Vermeer", Role.EMPLOYER),
            femke=account(session, "Femke Hofstra", Role.EXAMINATION_BOARD),
            otto=account(session, "Otto Kuiper", Role.PROJECT_LEADER, cohort_id=other_cohort.id),
            gijs=account(session, "Gijs Prins", Role.ADMINISTRATOR),
            hanna=account(session, "Hanna Mol", Role.COLLEGE_ADMINISTRATION, college=COLLEGE),
            ilse=account(session, "Ilse Baas", Role.OBSERVER, programme_id=programme.id),
            karel=account(session, "Karel Roos", None),
            cohort_id=cohort.id,
            participant_id=bram.id,
            placement_id=placement.id,
            lesson_id=lesson.id,
            assignment_id=assignment.id,
            other_cohort_id=other_cohort.id,
        )


def stored(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def account(session: Session, name: str, role: Role | None, **scope: Any) -> Actor:
    """An account with one role in one scope, or with none."""
    email = f"{name.split()[0].lower()}@example.org"
    user = stored(session, User(email=email, name=name))
    if role is None:
        return Actor(email=email, name=name, user_id=user.id)
    stored(session, Grant(user_id=user.id, role=role, granted_at=clock.now(), **scope))
    return Actor(email=email, name=name, user_id=user.id, grants=(ActorGrant(role=role, **scope),))


def _programme(session: Session) -> Programme:
    programme = stored(
        session,
        Programme(
            code="HTO",
            title="Hybride techniekopleider",
            college=COLLEGE,
            min_attendance=Decimal("0.8"),
            make_up_limit=4,
            internship_min_minutes=80 * 60,
            internship_max_minutes=100 * 60,
            max_attempts=2,
            prep_minutes_per_lesson=60,
            advertised_weekly_minutes=12 * 60,
        ),
    )
    session.add(LearningOutcome(programme_id=programme.id, code="LU1", title="Lessen ontwerpen"))
    session.add(Checkpoint(programme_id=programme.id, code="VOG", title="Verklaring omtrent het gedrag", due_week=4))
    session.flush()
    return programme


def _cohort(session: Session, programme: Programme, code: str, *, leader_email: str) -> Cohort:
    return stored(
        session,
        Cohort(
            code=code,
            programme_id=programme.id,
            name=f"Groep {code}",
            region=Region.ZUID,
            start_on=date(2026, 3, 9),
            end_on=date(2026, 12, 18),
            location="Tilburg",
            min_participants=15,
            max_participants=20,
            leader_email=leader_email,
        ),
    )


def enrol(
    session: Session, cohort: Cohort, code: str, given_name: str, name_prefix: str | None, family_name: str
) -> Participant:
    return stored(
        session,
        Participant(
            cohort_id=cohort.id,
            code=code,
            given_name=given_name,
            name_prefix=name_prefix,
            family_name=family_name,
            email=f"{given_name.lower()}@example.org",
            employer="Vermeer Installaties",
            job_weekly_minutes=36 * 60,
            release_weekly_minutes=0,
            travel_minutes=30,
            in_education=False,
            status=EnrolmentStatus.ACTIVE,
        ),
    )


def _lessons(session: Session, cohort: Cohort) -> Lesson:
    """Three Tuesday evenings: held, held, to come; the first is given back."""
    lessons = [
        Lesson(
            cohort_id=cohort.id,
            number=number,
            held_on=day,
            starts_at=time(18, 30),
            ends_at=time(21, 30),
            title=f"Les {number}",
            state=LessonState.HELD if day < date(2026, 6, 14) else LessonState.PLANNED,
        )
        for number, day in enumerate((date(2026, 3, 10), date(2026, 4, 14), date(2026, 9, 1)), start=1)
    ]
    session.add_all(lessons)
    session.flush()
    return lessons[0]


def _assignment(session: Session, programme: Programme, cohort: Cohort) -> Assignment:
    outcome = session.scalars(select(LearningOutcome).where(LearningOutcome.programme_id == programme.id)).one()
    assignment = stored(
        session,
        Assignment(
            cohort_id=cohort.id,
            code="A1",
            title="Een les ontwerpen",
            opens_on=date(2026, 6, 1),
            due_on=date(2026, 7, 3),
            estimated_minutes=20 * 60,
            mandatory=True,
        ),
    )
    session.add(AssignmentOutcome(assignment_id=assignment.id, learning_outcome_id=outcome.id))
    session.flush()
    return assignment
