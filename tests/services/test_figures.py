"""The figures of programmes: whose, of which cohorts, and without a name."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.models.accounts import Role
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules.cohort_figures import FEW, Cell
from hto_track.services.figures import programme_figures
from hto_track.services.policy import CONSOLE, Actor, ActorGrant
from hto_track.services.refusals import Forbidden
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import reading
from tests.cast import Cast
from tests.conftest import TODAY


def observer(programme_id: int) -> Actor:
    """Who observes one programme."""
    return Actor(
        email="ilse@example.org",
        name="Ilse",
        user_id=999,
        grants=(ActorGrant(role=Role.OBSERVER, programme_id=programme_id),),
    )


def cohorts(actor: Actor) -> list[str]:
    """The cohorts that somebody sees in figures."""
    return [cohort.name for programme in programme_figures(actor, TODAY) for cohort in programme.cohorts]


def test_each_sees_the_cohorts_in_their_reach(cast: Cast) -> None:
    for actor in (cast.gijs, cast.hanna, cast.ilse):
        assert cohorts(actor) == ["Groep C-1", "Groep C-2"]
    assert cohorts(cast.anja) == ["Groep C-1"]
    assert cohorts(cast.otto) == ["Groep C-2"]
    assert cohorts(observer(12345)) == []


def test_who_has_no_figures_is_told_so(cast: Cast) -> None:
    for actor in (cast.bram, cast.chaima, cast.dirk, cast.els, cast.femke, cast.karel):
        with pytest.raises(Forbidden):
            programme_figures(actor, TODAY)


def test_a_cohort_of_two_is_fewer_than_five(cast: Cast) -> None:
    (programme,) = programme_figures(cast.ilse, TODAY)
    figures = programme.cohorts[0].figures
    assert figures.people == FEW
    assert figures.attendance is None


def test_the_figures_of_the_examples_are_those_of_their_standings(example_app: Flask) -> None:
    programme_id = reading().scalars(select(Programme.id)).one()
    (programme,) = programme_figures(observer(programme_id), TODAY)
    latest = programme.cohorts[0]
    members = cohort_standings(CONSOLE, "ZH-05", TODAY).members
    assert latest.name == cohort_standings(CONSOLE, "ZH-05", TODAY).cohort.name
    assert latest.figures.people == Cell(count=len(members))
    rates = [member.standing.attendance.rate for member in members if member.standing.attendance.rate is not None]
    assert latest.figures.attendance == sum(rates) / len(rates)
    assert latest.internship_minimum == 80 * 60


def test_no_name_address_or_code_of_anybody_is_in_them(example_app: Flask) -> None:
    programme_id = reading().scalars(select(Programme.id)).one()
    words = set(_texts(programme_figures(observer(programme_id), TODAY)))
    people = reading().scalars(select(Participant)).all()
    assert words, "there is something to look through"
    for person in people:
        assert not words & {person.code, person.name, person.email, person.given_name, person.family_name}


def test_the_number_of_queries_does_not_grow_with_the_people(
    example_app: Flask, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    programme_id = reading().scalars(select(Programme.id)).one()
    with count_queries() as first:
        programme_figures(observer(programme_id), TODAY)
    with count_queries() as kept:
        programme_figures(observer(programme_id), TODAY)
    assert len(kept) <= 2
    assert len(first) <= 2 + 2 * 12


def _texts(value: Any) -> list[str]:
    """Every text within a value."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [text for field in fields(value) for text in _texts(getattr(value, field.name))]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    if isinstance(value, tuple | list):
        return [text for part in value for text in _texts(part)]
    return []
