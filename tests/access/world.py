"""The world of the tables: the cast, the same roles elsewhere, and one thing of every kind that an address or a form names.

What is asked about stands in three lists of values: ``own`` (of the cohort C-1 and of Bram), ``elsewhere`` (the same things
of the cohort C-3, at another college in another programme, and of Quinten), and ``ghost`` (codes that nothing has).
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import FormAnswer, Grant, Role, User
from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.models.internship import InternshipEntry, Placement, SchoolType
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.lessons import Attendance, Lesson, LessonState
from hto_track.models.participants import Participant
from hto_track.models.privacy import EmployerShare, RetentionNotice
from hto_track.models.programmes import Programme
from hto_track.models.sign_in import CollegeIdentity, Passkey, SignInSession
from hto_track.models.warnings import Warning, WarningEvent, WarningEventKind
from hto_track.rules.calendar import Region
from hto_track.rules.facts import Activity, Basis, EntryState, ExemptionState, Mark
from hto_track.rules.retention import DataKind
from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.confirmations import HoursDecision, decide_hours
from hto_track.services.diploma import award_diploma
from hto_track.services.entry_views import entry_version
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.sessions import signed_in
from hto_track.services.sign_in_links import invitation_link
from hto_track.services.supervisor_links import supervisor_link, visit_by_link
from hto_track.services.transaction import writing
from tests import cast as parts
from tests.access.people import NAMES
from tests.cast import Cast, settle
from tests.conftest import TODAY
from tests.sign_in import begin_session

Values = dict[str, Any]

COLLEGE_ELSEWHERE = "Hogeschool aan de Eem"
READERS_OF = {
    "Bram": frozenset({"bram", "anja", "chaima", "hanna", "dirk", "els", "femke", "gijs"}),
    "Quinten": frozenset({"tess", "hugo", "sven", "erik", "fred", "femke", "gijs"}),
}
"""Who has to do with whom: on the page of anybody else their names never stand. An observer sees figures without names."""
COLLEGE_SIGN_IN = "http://127.0.0.1:1"
"""Where the college signs its people in: nobody answers there."""
NEWCOMER = "C1-03"
DAY = date(2026, 6, 8)

NOBODYS = frozenset({"language", "filename", "token", "decisions"})
"""What addresses hold that belongs to no cohort and to nobody in particular."""
TOGETHER = {"entry_id": ("entry_version",), "entry_version": ("entry_id",)}
"""What a form holds beside an id, and says of the same thing."""

GHOST: Values = {
    "cohort_code": "C-9",
    "participant_code": "C9-99",
    "assignment_code": "Z9",
    "lesson_number": 99,
    "register_number": "HTO-2026-9999",
    "form_key": "a-key-of-no-form-at-all",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The people, the words of their sessions, and the values of what is asked about."""

    cast: Cast
    people: dict[str, Actor]
    tokens: dict[str, str]
    sessions: dict[str, int]
    """Of each address the session that its token is of."""
    own: Values
    elsewhere: Values
    ghost: Values
    newcomer: str = NEWCOMER
    """Daan, whom nobody has invited yet."""


def make_world() -> World:
    """Store it all in the current application's database."""
    cast = settle()
    with writing() as session:
        programme = _programme_elsewhere(session)
        cohort = _cohort_elsewhere(session, programme)
        parts.enrol(session, session.get_one(Cohort, cast.cohort_id), NEWCOMER, "Daan", None, "Groen")
        quinten = parts.enrol(session, cohort, "C3-01", "Quinten", None, "Zwart")
        _placement(session, quinten)
        routes = [
            _route(session, "AD", "Associate degree", cast.participant_id, "C-1"),
            _route(session, "PDG", "Pedagogisch didactisch getuigschrift", quinten.id, "C-3"),
        ]
        people = {name: getattr(cast, name) for name in NAMES if hasattr(cast, name)}
        people |= _outsiders(session, cohort, programme, quinten, routes)
        session.add_all(
            EmployerShare(participant_id=who, email=f"{employer}@example.org", shared_at=clock.now())
            for who, employer in ((cast.participant_id, "els"), (quinten.id, "erik"))
        )
        session.add(_linked(cast.chaima))
        karel = session.get_one(User, cast.karel.user_id)
        token = invitation_link(session, karel).rsplit("/", 1)[1]
    quintens = people.pop("quinten")
    tokens = {name: begin_session(actor.user_id) for name, actor in people.items()}
    own = _things(cast.cohort, cast.participant, "A1", 1, cast.bram)
    elsewhere = _things("C-3", "C3-01", "B9", 9, quintens)
    own |= {"token": token, "language": "en", "filename": "app.css"}
    with writing() as session:
        own["colleague_id"], elsewhere["colleague_id"] = (_grant_of(session, people[who]) for who in ("chaima", "tess"))
    _let_come_by_link(own, cast.dirk)
    by_dirk = _decided(cast.dirk, own)
    for actor in people.values():
        _answered_forms(actor, own, _decided(actor, own) if actor == cast.chaima else by_dirk)
    _answered_forms(people["tess"], elsewhere, _decided(people["tess"], elsewhere))
    numbers = {name: 987_654 for name, value in own.items() if isinstance(value, int)}
    ghost = own | numbers | GHOST
    own["by_dirk"] = by_dirk
    sessions = {found.actor.email: found.session_id for token in tokens.values() if (found := signed_in(token))}
    return World(cast=cast, people=people, tokens=tokens, sessions=sessions, own=own, elsewhere=elsewhere, ghost=ghost)


def _programme_elsewhere(session: Session) -> Programme:
    return parts.stored(
        session,
        Programme(
            code="EEM",
            title="Hybride techniekopleider aan de Eem",
            college=COLLEGE_ELSEWHERE,
            min_attendance=Decimal("0.8"),
            make_up_limit=4,
            internship_min_minutes=80 * 60,
            internship_max_minutes=100 * 60,
            max_attempts=2,
            prep_minutes_per_lesson=60,
            advertised_weekly_minutes=12 * 60,
        ),
    )


def _cohort_elsewhere(session: Session, programme: Programme) -> Cohort:
    cohort = parts.stored(
        session,
        Cohort(
            code="C-3",
            programme_id=programme.id,
            name="Groep C-3",
            region=Region.MIDDEN,
            start_on=date(2026, 3, 9),
            end_on=date(2026, 12, 18),
            min_participants=15,
            max_participants=20,
            leader_email="someone@example.org",
        ),
    )
    session.add_all(
        [
            Lesson(
                cohort_id=cohort.id,
                number=9,
                held_on=date(2026, 3, 11),
                starts_at=time(18, 30),
                ends_at=time(21, 30),
                title="Les 9",
                state=LessonState.HELD,
            ),
            Assignment(
                cohort_id=cohort.id,
                code="B9",
                title="Een toets maken",
                opens_on=date(2026, 5, 1),
                due_on=date(2026, 6, 1),
                estimated_minutes=600,
                mandatory=True,
            ),
        ]
    )
    return cohort


def _placement(session: Session, quinten: Participant) -> Placement:
    return parts.stored(
        session,
        Placement(
            participant_id=quinten.id,
            school="Vakcollege Oost",
            school_type=SchoolType.MBO,
            supervisor_name="Sven Post",
            supervisor_email="sven@example.org",
            start_on=date(2026, 4, 1),
            end_on=date(2026, 12, 18),
        ),
    )


def _route(session: Session, code: str, title: str, participant_id: int, cohort_code: str) -> Route:
    """A route with a module that was agreed with the programme, and that was asked for and not decided on."""
    route = parts.stored(session, Route(code=code, title=title))
    module = parts.stored(
        session, RouteModule(route_id=route.id, code=f"{code}1", title="Didactiek", term=1, credits=Decimal(5))
    )
    programme_id = session.scalars(select(Cohort.programme_id).where(Cohort.code == cohort_code)).one()
    session.add_all(
        [
            Agreement(programme_id=programme_id, module_id=module.id, basis=Basis.INDIVIDUAL),
            Exemption(
                participant_id=participant_id,
                module_id=module.id,
                state=ExemptionState.REQUESTED,
                requested_on=date(2026, 6, 1),
            ),
        ]
    )
    return route


def _outsiders(
    session: Session, cohort: Cohort, programme: Programme, quinten: Participant, routes: list[Route]
) -> dict[str, Actor]:
    beside = session.scalars(select(Participant.id).where(Participant.code == "C1-02")).one()
    return {
        "noor": parts.account(session, "Noor Visser", Role.PARTICIPANT, participant_id=beside),
        "tess": parts.account(session, "Tess Blom", Role.COLLEGE, college=COLLEGE_ELSEWHERE),
        "hugo": parts.account(session, "Hugo Dam", Role.COLLEGE_ADMINISTRATION, college=COLLEGE_ELSEWHERE),
        "sven": parts.account(session, "Sven Post", Role.SUPERVISOR),
        "erik": parts.account(session, "Erik Kok", Role.EMPLOYER),
        "fred": parts.account(session, "Fred Loos", Role.EXAMINATION_BOARD, route_id=routes[1].id),
        "ines": parts.account(session, "Ines Vos", Role.OBSERVER, programme_id=programme.id),
        "quinten": parts.account(session, "Quinten Zwart", Role.PARTICIPANT, participant_id=quinten.id),
    }


def _things(cohort: str, participant: str, assignment: str, lesson: int, actor: Actor) -> Values:
    """What of one participant has an id or a code: hours that wait and hours decided, a warning, a mail, a diploma."""
    by = "console@example.org"
    number = award_diploma(CONSOLE, cohort, participant, TODAY - timedelta(days=1), by, "Besluit").register_number
    begin_session(actor.user_id)
    with writing() as session:
        person = session.scalars(select(Participant).where(Participant.code == participant)).one()
        placement_id = session.scalars(select(Placement.id).where(Placement.participant_id == person.id)).one()
        task = session.scalars(select(Assignment).where(Assignment.code == assignment)).one()
        waiting = parts.stored(session, _entry(person.id, placement_id))
        warning = _open_warning(session, person.id)
        mail = parts.stored(session, _mail(person))
        held = session.scalars(
            select(Lesson).where(Lesson.cohort_id == person.cohort_id, Lesson.number == lesson)
        ).one()
        session.add(Attendance(lesson_id=held.id, participant_id=person.id, mark=Mark.PRESENT))
        session.add(Attempt(participant_id=person.id, assignment_id=task.id, number=1, submitted_on=DAY))
        return {
            "cohort_code": cohort,
            "participant_code": participant,
            "participant_id": person.id,
            "college": _college_of(session, person),
            "assignment_code": assignment,
            "lesson_number": lesson,
            "placement_id": placement_id,
            "entry_id": waiting.id,
            "entry_version": entry_version(waiting),
            "warning_id": warning.id,
            "mail_id": mail.id,
            "user_id": actor.user_id,
            "session_id": _session_of(session, actor),
            "register_number": number,
            "grant_id": _grant_of(session, actor),
            "share_id": session.scalars(
                select(EmployerShare.id).where(EmployerShare.participant_id == person.id)
            ).one(),
            "notice_id": parts.stored(session, _notice(participant)).id,
            "passkey_id": parts.stored(session, _passkey(actor)).id,
            "form_key": f"a-form-of-{cohort}",
        }


def _entry(participant_id: int, placement_id: int) -> InternshipEntry:
    return InternshipEntry(
        participant_id=participant_id,
        placement_id=placement_id,
        worked_on=DAY,
        break_minutes=0,
        minutes=180,
        activity=Activity.OBSERVE,
        state=EntryState.SUBMITTED,
        submitted_on=DAY,
    )


def _open_warning(session: Session, participant_id: int) -> Warning:
    since = date(2026, 6, 1)
    warning = parts.stored(
        session,
        Warning(
            participant_id=participant_id,
            code=WarningCode.OVERLOAD,
            level=Level.AMBER,
            opened_on=since,
            misses=0,
            red_misses=0,
        ),
    )
    opened = WarningEvent(
        warning_id=warning.id,
        kind=WarningEventKind.OPENED,
        on=since,
        level=Level.AMBER,
        figures={"week": "2026-W25", "study": 16.0, "capacity": 12.0, "with_job": 52.0, "weeks_above": 1},
    )
    session.add(opened)
    return warning


def _mail(person: Participant) -> OutboxMail:
    """A mail that was given up, so that it can be tried again."""
    return OutboxMail(
        kind="participant_digest",
        subject_key=person.code,
        period="2026-06-08",
        participant_id=person.id,
        recipient=person.email,
        subject=f"Week 24 van {person.given_name}",
        body=f"Dag {person.given_name}",
        message_id=f"<{person.code}@hto.test>",
        state=MailState.DEAD,
        attempts=9,
        next_attempt_at=clock.now(),
        queued_at=clock.now(),
    )


def _college_of(session: Session, person: Participant) -> str | None:
    query = select(Programme.college).join(Cohort, Cohort.programme_id == Programme.id)
    return session.scalars(query.where(Cohort.id == person.cohort_id)).one()


def _grant_of(session: Session, actor: Actor) -> int:
    return session.scalars(select(Grant.id).where(Grant.user_id == actor.user_id)).one()


def _notice(participant: str) -> RetentionNotice:
    """That what was written about someone will go."""
    return RetentionNotice(kind=DataKind.LOGS, subject=participant, announced_on=DAY, due_on=DAY + timedelta(days=14))


def _passkey(actor: Actor) -> Passkey:
    return Passkey(
        user_id=actor.user_id,
        credential_id=actor.email.encode(),
        public_key=b"a key",
        sign_count=0,
        name=f"Telefoon van {actor.name}",
        made_at=clock.now(),
    )


def _linked(actor: Actor) -> CollegeIdentity:
    """The college knows who this is."""
    return CollegeIdentity(user_id=actor.user_id, issuer=COLLEGE_SIGN_IN, subject=actor.email, linked_at=clock.now())


def _session_of(session: Session, actor: Actor) -> int:
    """The latest session of somebody: another one than the tests use."""
    query = select(SignInSession.id).where(SignInSession.user_id == actor.user_id)
    return session.scalars(query.order_by(SignInSession.id.desc()).limit(1)).one()


def _answered_forms(actor: Actor, things: Values, decisions: tuple[int, ...]) -> None:
    """Let someone have sent a form with the key of these things, which marked a lesson and decided on hours."""
    answer = {
        "changes": [[things["participant_code"], None, Mark.PRESENT]],
        "attended": 1,
        "expected": 1,
        "conflicts": [],
        "decided": [things["decided_id"]],
        "decisions": decisions,
    }
    with writing() as session:
        session.add(
            FormAnswer(
                user_id=actor.user_id,
                key=things["form_key"],
                answer={"content": "", "answer": answer},
                answered_at=clock.now(),
            )
        )


def _let_come_by_link(things: Values, supervisor: Actor) -> None:
    """The link of a supervisor, and the numbers of what was decided by it."""
    link = supervisor_link(things["placement_id"], supervisor.email, TODAY)
    things["visit_token"] = link.rsplit("/", 1)[1]
    visit = visit_by_link(things["visit_token"], TODAY)
    things["decisions"] = "-".join(map(str, _decided(visit.actor, things)))


def _decided(actor: Actor, things: Values) -> tuple[int, ...]:
    """Let someone confirm hours of their own to decide: the numbers of that decision."""
    with writing() as session:
        person = session.scalars(select(Participant).where(Participant.code == things["participant_code"])).one()
        entry = parts.stored(session, _entry(person.id, things["placement_id"]))
        things["decided_id"], version = entry.id, entry_version(entry)
    decision = HoursDecision(entry_id=things["decided_id"], version=version)
    return decide_hours(actor, [decision], TODAY).decisions
