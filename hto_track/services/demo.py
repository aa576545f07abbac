"""What the demo has beyond its imported cohorts: someone for each role, and a history of warnings."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from flask import current_app
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.config import Settings
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.internship import Placement
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare, Reading, Seen
from hto_track.models.programmes import Programme
from hto_track.models.sign_in import SignInMethod
from hto_track.models.warnings import AnswerKind, Warning, WarningAnswer
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.quiet_time import USUAL, Haste, next_moment
from hto_track.rules.requirement import RequirementState
from hto_track.rules.standing import judge
from hto_track.rules.warnings import WarningCode
from hto_track.services import audit, sessions
from hto_track.services.evaluation import judge_facts, store_and_record
from hto_track.services.facts import cohort_ground, facts_of_cohort
from hto_track.services.policy import Action, Actor, require, require_anywhere
from hto_track.services.refusals import NotFound
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing

ADMINISTRATOR = ("beheer@example.org", "Gijs Prins")
LEADER_NAME = "Anja de Wit"
OFFICE_WORKER = ("administratie@hogeschool.example.org", "Hanna Mol")
OBSERVER = ("waarnemer@example.org", "Ilse Baas")
EMPLOYER = ("els@rijnland.example.org", "Els Vermeer")
COLLEGE_TEACHER = ("chaima@hogeschool.example.org", "Chaima Aziz")
BOARD_MEMBER = ("examencommissie@hogeschool.example.org", "Femke Hofstra")
PARTICIPANTS = ("ZH05-01", "ZH05-03", "ZH05-13", "ZH04-01")
SUPERVISED = "ZH05-01"
"""The participant whose supervising teacher has an account, and who shares their load with the employer."""
SHARED_FOR = timedelta(weeks=6)
HERE_FOR = timedelta(weeks=15)
EVALUATED_AFTER_END = timedelta(weeks=4)
"""Until then a finished cohort is still evaluated, so that its last warnings close."""
EVALUATED_AT = time(6, 30)
ANSWERED_AT = time(21, 40)
ANSWERS: dict[tuple[str, WarningCode], tuple[AnswerKind, str | None]] = {
    ("ZH05-13", WarningCode.OVERLOAD): (AnswerKind.CALL_ME, "Liefst na zessen, overdag sta ik aan de machine."),
    ("ZH05-03", WarningCode.OVERDUE): (AnswerKind.PLANNED, "Zaterdag maak ik het lesplan af."),
}
"""What participants with an account answered to their warnings."""


def add_demo_accounts(actor: Actor) -> None:
    """An account for each role in the imported cohorts; all names are invented."""
    require_anywhere(actor, Action.MANAGE_ACCOUNTS)
    with writing() as session:
        _account(session, *ADMINISTRATOR, [Grant(role=Role.ADMINISTRATOR)])
        cohorts = session.scalars(select(Cohort).order_by(Cohort.code)).all()
        leader_email = next(cohort.leader_email for cohort in cohorts if cohort.leader_email)
        led = [Grant(role=Role.PROJECT_LEADER, cohort_id=cohort.id) for cohort in cohorts]
        _account(session, leader_email, LEADER_NAME, led)
        colleges = session.scalars(select(Programme.college).where(Programme.college.is_not(None)).distinct()).all()
        _account(session, *COLLEGE_TEACHER, [Grant(role=Role.COLLEGE, college=college) for college in colleges])
        for person in session.scalars(
            select(Participant).where(Participant.code.in_(PARTICIPANTS)).order_by(Participant.code)
        ):
            _account(session, person.email, person.name, [Grant(role=Role.PARTICIPANT, participant_id=person.id)])
        placement = session.scalars(
            select(Placement)
            .join(Participant, Participant.id == Placement.participant_id)
            .where(Participant.code == SUPERVISED)
            .order_by(Placement.start_on)
            .limit(1)
        ).one()
        assert placement.supervisor_email is not None and placement.supervisor_name is not None
        _account(session, placement.supervisor_email, placement.supervisor_name, [Grant(role=Role.SUPERVISOR)])
        _account(session, *BOARD_MEMBER, [Grant(role=Role.EXAMINATION_BOARD)])
        _account(
            session, *OFFICE_WORKER, [Grant(role=Role.COLLEGE_ADMINISTRATION, college=college) for college in colleges]
        )
        programmes = session.scalars(select(Programme.id).order_by(Programme.id))
        _account(session, *OBSERVER, [Grant(role=Role.OBSERVER, programme_id=programme) for programme in programmes])
        _share_with_employer(session, placement.participant_id)
        audit.record(session, actor, "add_demo_accounts", audit.INSTALLATION)


def add_warning_history(actor: Actor, cohort_code: str, today: date) -> None:
    """Evaluate a cohort on every Sunday since it began, and today; the mails of days past are set down as sent then.

    Two participants answered a warning two days ago.

    NotFound, Forbidden.
    """
    with writing() as session:
        ground = cohort_ground(session, cohort_code)
        require(actor, Action.EVALUATE_WARNINGS, subject_of(ground.cohort))
        known = facts_of_cohort(session, ground)
        cohort = known.ground.cohort
        last = min(today, cohort.end_on + EVALUATED_AFTER_END)
        for on in sorted({*_sundays(cohort.start_on, last), today}):
            store_and_record(session, actor, judge_facts(known, on))
            if on < today:
                _set_down_as_sent(session, on)
        _answer_warnings(session, datetime.combine(today, ANSWERED_AT, AMSTERDAM) - timedelta(days=2))


def sign_in_as(email: str, device: str) -> str:
    """Sign in as a demo account without any proof: the word of the new session. NotFound outside the demo."""
    settings: Settings = current_app.extensions["hto_settings"]
    if not settings.offers_roles:
        raise NotFound
    with writing() as session:
        user = session.scalars(select(User).where(User.email == email, User.erased_at.is_(None))).one_or_none()
        if user is None:
            raise NotFound
        return sessions.begin(session, user, SignInMethod.DEMO, device)


def who_met_everything(actor: Actor, cohort_code: str, on: date) -> tuple[str, ...]:
    """The codes of the participants whose diploma state is met on ``on``. NotFound, Forbidden."""
    session = reading()
    ground = cohort_ground(session, cohort_code)
    require(actor, Action.VIEW_COHORT, subject_of(ground.cohort))
    return tuple(
        person.member.code
        for person in facts_of_cohort(session, ground).members
        if judge(person.facts, on).requirements.state is RequirementState.MET
    )


def _account(session: Session, email: str, name: str, grants: Iterable[Grant]) -> User:
    """Somebody who was invited when the programme began, and came in two days later."""
    since = clock.now() - HERE_FOR
    came_in = since + timedelta(days=2)
    user = User(email=email.lower(), name=name, invited_at=since, first_signed_in_at=came_in, last_signed_in_at=came_in)
    session.add(user)
    session.flush()
    for grant in grants:
        grant.user_id, grant.granted_at = user.id, since
        session.add(grant)
    return user


def _share_with_employer(session: Session, participant_id: int) -> None:
    """A participant shares their load with an employer, who looked at it yesterday."""
    email, name = EMPLOYER
    employer = _account(session, email, name, [Grant(role=Role.EMPLOYER)])
    now = clock.now()
    session.add(EmployerShare(participant_id=participant_id, email=email, shared_at=now - SHARED_FOR))
    session.add(
        Reading(
            reader=f"user/{employer.id}",
            seen=Seen.SHARED_LOAD,
            subject_key=f"participant/{participant_id}",
            participant_id=participant_id,
            hour=(now - timedelta(days=1)).replace(minute=0, second=0, microsecond=0),
        )
    )


def _sundays(start_on: date, last: date) -> Iterable[date]:
    sunday = start_on + timedelta(days=7 - start_on.isoweekday() % 7)
    while sunday <= last:
        yield sunday
        sunday += timedelta(weeks=1)


def _answer_warnings(session: Session, at: datetime) -> None:
    query = (
        select(Warning, Participant.code)
        .join(Participant, Participant.id == Warning.participant_id)
        .where(Warning.closed_on.is_(None), Participant.code.in_([code for code, _about in ANSWERS]))
    )
    for warning, participant in session.execute(query).all():
        given = ANSWERS.get((participant, warning.code))
        if given is not None:
            kind, note = given
            session.add(
                WarningAnswer(
                    participant_id=warning.participant_id, warning_id=warning.id, kind=kind, note=note, answered_at=at
                )
            )


def _set_down_as_sent(session: Session, on: date) -> None:
    moment = datetime.combine(on, EVALUATED_AT, AMSTERDAM)
    went = next_moment(moment, Haste.NEWS, USUAL)
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.period == on.isoformat(), OutboxMail.state == MailState.WAITING)
        .values(state=MailState.SENT, attempts=1, queued_at=moment, next_attempt_at=went, sent_at=went)
        .execution_options(synchronize_session=False)
    )
