"""Adding a participant by a form: stored as a row of a file would be, and refused as one would be."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from hto_track.documents.tables import write_tables
from hto_track.extensions import db
from hto_track.models.participants import Participant
from hto_track.rules.facts import EnrolmentStatus
from hto_track.services.access_lists import cohort_access
from hto_track.services.cohort_invitations import plan_invitations
from hto_track.services.exporting import export_cohort
from hto_track.services.form_answers import SentForm
from hto_track.services.importing import import_path
from hto_track.services.new_participants import Added, NewParticipant, add_participant, participant_form
from hto_track.services.outbox import ERASED
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests import cast as parts
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

KIM = NewParticipant(
    participant_code="C1-03",
    given_name=" Kim ",
    name_prefix="van  der",
    family_name="Boer",
    email="Kim@Example.org",
    employer="vermeer installaties",
    start_on=date(2026, 6, 15),
    study_hours_per_week=630,
    travel_minutes=45,
)


def add(cast: Cast, by: Actor | None = None, form: SentForm | None = None, **other: object) -> Added:
    return add_participant(by or cast.anja, cast.cohort, replace(KIM, **other), TODAY, form)  # type: ignore[arg-type]


def people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Participant)) or 0


def refused(cast: Cast, **other: object) -> dict[str | None, str]:
    """What is said at which field; nothing is stored."""
    before, entries = people(), len(trail())
    with pytest.raises(Refused) as instead:
        add(cast, **other)
    assert (people(), len(trail())) == (before, entries)
    return {refusal.field: str(refusal.message) for refusal in instead.value.refusals}


def test_who_is_added_is_stored_as_a_file_would_and_can_be_invited(cast: Cast) -> None:
    added = add(cast)
    row = db.session.scalars(select(Participant).where(Participant.code == "C1-03")).one()
    assert (row.name, row.email, row.employer) == ("Kim van der Boer", "kim@example.org", "Vermeer Installaties")
    assert (row.start_on, row.study_weekly_minutes, row.travel_minutes) == (date(2026, 6, 15), 630, 45)
    assert (row.job_weekly_minutes, row.release_weekly_minutes, row.status) == (2400, 0, EnrolmentStatus.ACTIVE)
    assert (row.phone, row.end_on, row.in_education) == (None, None, False)
    entry = trail()[-1]
    assert (entry.action, entry.subject) == ("add_participant", "participant/C1-03")
    assert entry.after == {"cohort": "C-1"}, "who it is, only the participant says: it can be erased there"
    (person,) = plan_invitations(cast.anja, cast.cohort, [added.key]).people
    assert person.address == "kim@example.org"
    assert "Kim van der Boer" in {one.name for one in cohort_access(cast.anja, cast.cohort).not_invited}


def test_what_the_form_stored_is_what_a_file_says(cast: Cast, tmp_path: Path) -> None:
    """Brought in again from its own export, nothing changes."""
    add(cast)
    write_tables(export_cohort(cast.anja, cast.cohort), tmp_path)
    total = import_path(CONSOLE, tmp_path).total
    assert (total.created, total.updated) == (0, 0)


def test_the_form_proposes_the_next_code_and_the_employers_that_are_known(cast: Cast) -> None:
    known = participant_form(cast.anja, cast.cohort)
    assert (known.code, known.employers, known.people, known.added) == ("C1-03", ("Vermeer Installaties",), 2, None)
    assert not known.is_full
    add(cast, participant_code="C1-09")
    assert participant_form(cast.anja, cast.cohort, "C1-09").added == Added(
        key=f"participant-{db.session.scalars(select(Participant.id).where(Participant.code == 'C1-09')).one()}",
        code="C1-09",
        name="Kim van der Boer",
    )
    assert participant_form(cast.anja, cast.cohort, "C2-01").added is None, "of another cohort"
    assert participant_form(cast.anja, cast.cohort).code == "C1-10"


def test_a_code_that_another_cohort_took_is_not_proposed(cast: Cast) -> None:
    with writing() as session:
        row = session.scalars(select(Participant).where(Participant.code == cast.other_participant)).one()
        row.code = "C1-03"
    assert participant_form(cast.anja, cast.cohort).code == "C1-04"
    assert set(refused(cast)) == {"participant_code"}


def test_the_first_of_a_cohort_gets_its_code_from_the_cohort(cast: Cast) -> None:
    with writing() as session:
        programme = session.scalars(select(parts.Programme)).one()
        parts._cohort(session, programme, "ZH-06", leader_email="anja@example.org")
    assert participant_form(cast.gijs, "ZH-06").code == "ZH06-01"


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"given_name": " "}, "given_name"),
        ({"family_name": "x" * 101}, "family_name"),
        ({"email": "kim"}, "email"),
        ({"email": ""}, "email"),
        ({"email": f"kim{ERASED}"}, "email"),
        ({"email": " Bram@Example.ORG "}, "email"),
        ({"participant_code": ""}, "participant_code"),
        ({"participant_code": "C1-01"}, "participant_code"),
        ({"participant_code": "C2-01"}, "participant_code"),
        ({"study_hours_per_week": 0}, "study_hours_per_week"),
        ({"study_hours_per_week": 169 * 60}, "study_hours_per_week"),
        ({"travel_minutes": 1441}, "travel_minutes"),
        ({"start_on": date(2026, 12, 19)}, "start_on"),
        ({"start_on": date(1899, 1, 1)}, "start_on"),
        ({"employer": "a\x00b"}, "employer"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_stored(
    cast: Cast, other: dict[str, object], field: str
) -> None:
    assert list(refused(cast, **other)) == [field]


def test_all_that_is_wrong_is_said_at_once_and_who_has_an_address_already(cast: Cast) -> None:
    said = refused(cast, given_name="", travel_minutes=9999, email="bram@example.org")
    assert set(said) == {"given_name", "travel_minutes", "email"}
    assert "Bram de Wit (C1-01)" in said["email"]


def test_somebody_of_another_cohort_may_take_part_here_too(cast: Cast) -> None:
    assert add(cast, email="piet@example.org").code == "C1-03"


def test_a_form_sent_twice_adds_one(cast: Cast) -> None:
    form = SentForm(key="k1", content="c")
    assert add(cast, form=form) == add(cast, form=form)
    assert people() == 4


def test_of_two_at_once_with_one_code_one_is_told(app: Flask, cast: Cast) -> None:
    done = at_once(
        app,
        lambda: add(cast),
        lambda: add(cast, by=cast.gijs, email="ander@example.org"),
    )
    assert sorted(type(one).__name__ for one in done) == ["Added", "Refused"]


def test_only_who_leads_the_cohort_adds(cast: Cast) -> None:
    for someone in (cast.chaima, cast.hanna):
        with pytest.raises(Forbidden):
            add(cast, by=someone)
    with pytest.raises(NotFound):
        add(cast, by=cast.otto)
    with pytest.raises(NotFound):
        participant_form(cast.otto, cast.cohort)
    assert people() == 3


def test_form_and_adding_cost_the_same_however_many_there_are(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    def asked(code: str) -> tuple[int, int]:
        with count_queries() as showing:
            participant_form(cast.anja, cast.cohort)
        with count_queries() as adding:
            add(cast, participant_code=code, email=f"{code}@example.org")
        return len(showing), len(adding)

    few = asked("C1-03")
    with writing() as session:
        cohort = session.get_one(parts.Cohort, cast.cohort_id)
        for number in range(10, 30):
            parts.enrol(session, cohort, f"C1-{number}", f"Kim{number}", None, "Boer").employer = f"Bedrijf {number}"
    assert asked("C1-30") == few
    assert few[0] == 5
