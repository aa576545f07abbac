"""Who sees what of a participant: derived from the policy, with since when and who looked."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.exemptions import Agreement, Route, RouteModule
from hto_track.models.internship import Placement, SchoolType
from hto_track.models.privacy import Seen
from hto_track.models.programmes import Programme
from hto_track.rules.facts import Basis
from hto_track.services import policy
from hto_track.services.policy import POLICY, Action, Actor, ActorGrant
from hto_track.services.readings import note_reading
from hto_track.services.references import address_digest
from hto_track.services.refusals import Forbidden
from hto_track.services.sharing import share_with_employer
from hto_track.services.transaction import writing
from hto_track.services.who_sees import PARTIES, Party, WhoSees, actions_of, who_sees
from tests.cast import Cast


def party(known: WhoSees, role: Role) -> Party:
    """The party of a role."""
    return next(party for party in known.parties if party.role is role)


def names(known: WhoSees, role: Role) -> list[str]:
    """Who is of a party."""
    return [person.name for person in party(known, role).people]


def agree_on_a_route() -> int:
    """An agreement between the programme and a route: its id."""
    with writing() as session:
        route = Route(code="AD", title="Associate degree")
        session.add(route)
        session.flush()
        module = RouteModule(route_id=route.id, code="M1", title="Module", term=1, credits=Decimal(5))
        session.add(module)
        session.flush()
        programme = session.scalars(select(Programme.id)).one()
        session.add(Agreement(programme_id=programme, module_id=module.id, basis=Basis.AUTOMATIC))
        return route.id


class TestParties:
    """Everybody who can see something, and nobody else."""

    def test_every_role_but_the_participants_own_has_its_party(self) -> None:
        assert set(PARTIES) == set(Role) - {Role.PARTICIPANT}

    def test_each_is_named_with_those_whose_scope_covers_the_participant(self, cast: Cast) -> None:
        agree_on_a_route()
        known = who_sees(cast.bram)
        assert {each.role: [person.name for person in each.people] for each in known.parties} == {
            Role.PROJECT_LEADER: ["Anja Bos"],
            Role.COLLEGE: ["Chaima Aziz"],
            Role.COLLEGE_ADMINISTRATION: ["Hanna Mol"],
            Role.SUPERVISOR: ["Dirk Mulder"],
            Role.EXAMINATION_BOARD: ["Femke Hofstra"],
            Role.EMPLOYER: [],
            Role.OBSERVER: ["Ilse Baas"],
            Role.ADMINISTRATOR: ["Gijs Prins"],
        }

    def test_since_when_is_that_of_the_grant_the_placement_and_the_share(self, cast: Cast) -> None:
        made = share_with_employer(cast.bram, "els@example.org")
        known = who_sees(cast.bram)
        granted = db.session.scalars(select(Grant.granted_at).where(Grant.user_id == cast.anja.user_id)).one()
        assert party(known, Role.PROJECT_LEADER).people[0].since == granted
        supervisor = party(known, Role.SUPERVISOR).people[0]
        assert (supervisor.since, supervisor.where) == (date(2026, 4, 1), ("Vakcollege Zuid",))
        assert party(known, Role.EMPLOYER).people[0].since == made.shared_at

    def test_a_supervisor_stands_there_for_each_placement_and_only_where_one_can_be_mailed(self, cast: Cast) -> None:
        with writing() as session:
            for school, email in (("Later", "dirk@example.org"), ("Zonder", None)):
                session.add(
                    Placement(
                        participant_id=cast.participant_id,
                        school=school,
                        school_type=SchoolType.MBO,
                        supervisor_name="Dirk Mulder",
                        supervisor_email=email,
                        start_on=date(2026, 9, 1),
                        end_on=date(2026, 12, 1),
                    )
                )
        schools = [person.where for person in party(who_sees(cast.bram), Role.SUPERVISOR).people]
        assert schools == [("Vakcollege Zuid",), ("Later",)]

    def test_a_board_of_another_route_and_a_board_without_a_file_see_nothing(self, cast: Cast) -> None:
        assert names(who_sees(cast.bram), Role.EXAMINATION_BOARD) == []
        route_id = agree_on_a_route()
        with writing() as session:
            other = Route(code="PDG", title="PDG")
            session.add(other)
            session.flush()
            for name, route in (("Jan", route_id), ("Piet", other.id)):
                user = User(email=f"{name}@example.org", name=name)
                session.add(user)
                session.flush()
                granted = session.scalars(select(Grant.granted_at)).first()
                session.add(Grant(user_id=user.id, role=Role.EXAMINATION_BOARD, route_id=route, granted_at=granted))
        people = party(who_sees(cast.bram), Role.EXAMINATION_BOARD).people
        assert [(person.name, person.where) for person in people] == [
            ("Femke Hofstra", ()),
            ("Jan", ("Associate degree",)),
        ]

    def test_who_was_erased_is_nobody_any_more(self, cast: Cast) -> None:
        with writing() as session:
            anja = session.get_one(User, cast.anja.user_id)
            anja.erased_at = session.scalars(select(Grant.granted_at)).first()
        assert names(who_sees(cast.bram), Role.PROJECT_LEADER) == []

    def test_what_a_party_sees_is_what_the_policy_says(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        for each in who_sees(cast.bram).parties:
            assert set(each.actions) == {action for action, roles in POLICY.items() if each.role in roles}
        monkeypatch.setitem(policy.POLICY, Action.VIEW_PARTICIPANT, frozenset({Role.EMPLOYER}))
        assert Action.VIEW_PARTICIPANT in actions_of(Role.EMPLOYER)
        assert Action.VIEW_PARTICIPANT not in actions_of(Role.PROJECT_LEADER)

    def test_only_who_takes_part_has_this_page(self, cast: Cast) -> None:
        for actor in (cast.anja, cast.chaima, cast.dirk, cast.els, cast.femke, cast.gijs, cast.hanna, cast.ilse):
            with pytest.raises(Forbidden):
                who_sees(actor)


class TestWhoLooked:
    """The latest looks, by name."""

    def test_looks_are_named_and_those_at_the_whole_cohort_said_as_such(self, cast: Cast) -> None:
        note_reading(cast.anja, Seen.TRAJECT, participant_id=cast.participant_id)
        note_reading(cast.chaima, Seen.ATTENDANCE, cohort_id=cast.cohort_id)
        by_link = Actor(
            email="dirk@example.org",
            name="Dirk",
            grants=(ActorGrant(role=Role.SUPERVISOR, placement_id=cast.placement_id),),
            link_digest=address_digest(cast.placement_id, "dirk@example.org"),
        )
        note_reading(by_link, Seen.HOURS, participant_id=cast.participant_id)
        looks = who_sees(cast.bram).looks
        assert [(look.who, look.seen, look.whole_cohort) for look in looks] == [
            ("Dirk Mulder", Seen.HOURS, False),
            ("Chaima Aziz", Seen.ATTENDANCE, True),
            ("Anja Bos", Seen.TRAJECT, False),
        ]

    def test_who_is_gone_has_no_name(self, cast: Cast) -> None:
        note_reading(cast.anja, Seen.TRAJECT, participant_id=cast.participant_id)
        with writing() as session:
            anja = session.get_one(User, cast.anja.user_id)
            anja.erased_at = session.scalars(select(Grant.granted_at)).first()
        assert [look.who for look in who_sees(cast.bram).looks] == [None]

    def test_looks_at_another_are_not_there(self, cast: Cast) -> None:
        note_reading(cast.anja, Seen.TRAJECT, participant_id=cast.participant_id + 1)
        note_reading(cast.otto, Seen.COHORT, cohort_id=cast.other_cohort_id)
        assert who_sees(cast.bram).looks == ()


def test_the_page_costs_the_same_however_many_look(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    with count_queries() as few:
        who_sees(cast.bram)
    for actor in (cast.anja, cast.chaima, cast.hanna, cast.gijs):
        note_reading(actor, Seen.TRAJECT, participant_id=cast.participant_id)
    share_with_employer(cast.bram, "els@example.org")
    with count_queries() as many:
        who_sees(cast.bram)
    assert len(many) == len(few) <= 8
