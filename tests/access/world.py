"""The world of the tables: the cast, the same roles elsewhere, and one thing of every kind that an address or a form names.

What is asked about stands in three lists of values: ``own`` (of the cohort C-1 and of Bram), ``elsewhere`` (the same things
of the cohort C-3, at another college in another programme, and of Quinten), and ``ghost`` (codes that nothing has).
"""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.accounts import Role, User
from hto_track.models.assignments import Assignment
from hto_track.models.cohorts import Cohort
from hto_track.models.exemptions import Agreement, Exemption, Route, RouteModule
from hto_track.models.internship import Placement, SchoolType
from hto_track.models.lessons import Lesson, LessonState
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.models.sign_in import CollegeIdentity
from hto_track.rules.calendar import Region
from hto_track.rules.facts import Basis, ExemptionState
from hto_track.services.calendar_feed import read_feed
from hto_track.services.policy import Actor
from hto_track.services.sessions import signed_in
from hto_track.services.sharing import share_with_employer
from hto_track.services.sign_in_links import invitation_link
from hto_track.services.transaction import writing
from tests import cast as parts
from tests.access.people import NAMES
from tests.access.templates import template_like
from tests.access.things import Values, answer_forms, grant_of, let_come_by_link, let_decide, settings_of, things_of
from tests.cast import Cast, settle
from tests.sign_in import begin_session

COLLEGE_ELSEWHERE = "Hogeschool aan de Eem"
OF_C_1 = frozenset({"bram", "noor", "anja", "chaima", "hanna", "dirk", "els", "femke", "ilse", "gijs"})
OF_C_3 = frozenset({"tess", "hugo", "sven", "erik", "fred", "femke", "ines", "gijs"})
READERS_OF = {
    "Sjabloon van C-1": frozenset({"anja", "hanna", "gijs", "otto"}),
    "Sjabloon van C-3": frozenset({"hugo", "gijs"}),
    "Groep C-1": OF_C_1,
    "Groep C-3": OF_C_3,
    "Bram": OF_C_1 - {"noor", "ilse"},
    "Quinten": OF_C_3 - {"ines"},
    "els@example.org": frozenset({"els", "bram", "gijs"}),
}
"""Who has to do with whom: on the page of anybody else their names never stand. An observer sees figures
without names, and with whom Bram shares is his affair."""
COLLEGE_SIGN_IN = "http://127.0.0.1:1"
"""Where the college signs its people in: nobody answers there."""
NEWCOMER = "C1-03"

NOBODYS = frozenset({"language", "filename", "job_name", "token", "decisions"})
"""What addresses hold that belongs to no cohort and to nobody in particular."""
TOGETHER = {"entry_id": ("entry_version",), "entry_version": ("entry_id",)}
"""What a form holds beside an id, and says of the same thing."""

GHOST: Values = {
    "cohort_code": "C-9",
    "participant_code": "C9-99",
    "assignment_code": "Z9",
    "lesson_number": 99,
    "register_number": "HTO-2026-9999",
    "college": "Hogeschool nergens",
    "form_key": "a-key-of-no-form-at-all",
    "interview_seen": "an appointment of nobody",
    "template_code": "T-9",
    "programme_code": "HTO-9",
    "settings_seen": "settings of nothing",
    "draft_seen": "a draft of nobody",
    "layout_seen": "a layout of nobody",
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
        session.add(_linked(cast.chaima))
        karel = session.get_one(User, cast.karel.user_id)
        token = invitation_link(session, karel).rsplit("/", 1)[1]
    quintens = people.pop("quinten")
    share_with_employer(cast.bram, "els@example.org")
    share_with_employer(quintens, "erik@example.org")
    tokens = {name: begin_session(actor.user_id) for name, actor in people.items()}
    own = things_of(cast.cohort, cast.participant, "A1", 1, cast.bram)
    elsewhere = things_of("C-3", "C3-01", "B9", 9, quintens)
    elsewhere |= template_like("C-3", "T-3", 8)
    own |= template_like("C-1", "T-1", 1)
    own["programme_code"], elsewhere["programme_code"] = "HTO", "EEM"
    for things in (own, elsewhere):
        things |= settings_of(things["programme_code"])
    own |= {"token": token, "language": "en", "filename": "app.css"}
    with writing() as session:
        own["colleague_id"], elsewhere["colleague_id"] = (grant_of(session, people[who]) for who in ("chaima", "tess"))
    let_come_by_link(own, cast.dirk)
    by_dirk = let_decide(cast.dirk, own)
    for actor in people.values():
        answer_forms(actor, own, let_decide(actor, own) if actor == cast.chaima else by_dirk)
    answer_forms(people["tess"], elsewhere, let_decide(people["tess"], elsewhere))
    numbers = {name: 987_654 for name, value in own.items() if isinstance(value, int)}
    ghost = own | numbers | GHOST
    own["by_dirk"] = by_dirk
    read_feed(own["calendar_token"], "a network")  # what it tells from now on was told before: reading it notes nothing
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


def _linked(actor: Actor) -> CollegeIdentity:
    """The college knows who this is."""
    return CollegeIdentity(user_id=actor.user_id, issuer=COLLEGE_SIGN_IN, subject=actor.email, linked_at=clock.now())
