"""Two people who do the same at the same moment, each in a thread and a connection of their own, on both databases."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import FormAnswer
from hto_track.models.diploma import Diploma
from hto_track.models.internship import InternshipEntry
from hto_track.models.ledger import OutboxMail
from hto_track.models.lessons import Attendance
from hto_track.rules.facts import Mark
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.audit_chain import chain_faults
from hto_track.services.diploma import award_diploma
from hto_track.services.form_answers import SentForm
from hto_track.services.internship import Visit, log_hours
from hto_track.services.refusals import Refused
from tests.at_once import at_once
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.test_diploma import CHAIMA


def test_two_awards_get_two_numbers(app: Flask, cast: Cast) -> None:
    at_once(
        app,
        *(
            lambda code=code: award_diploma(cast.chaima, cast.cohort, code, TODAY, CHAIMA, "Besluit")
            for code in (cast.participant, cast.neighbour)
        ),
    )
    numbers = db.session.scalars(select(Diploma.register_number).order_by(Diploma.register_number)).all()
    assert numbers == ["HTO-2026-0001", "HTO-2026-0002"]
    assert list(chain_faults(db.session())) == []


def test_one_person_gets_one_diploma(app: Flask, cast: Cast) -> None:
    def award() -> object:
        return award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, "Besluit")

    results = at_once(app, award, award, award)
    assert sum(isinstance(result, Refused) for result in results) == 2
    assert len(db.session.scalars(select(Diploma)).all()) == 1


def test_one_of_two_different_marks_stands_and_the_other_comes_back(app: Flask, cast: Cast) -> None:
    def record(mark: Mark) -> Callable[[], object]:
        change = MarkChange(participant=cast.participant, seen=None, mark=mark)
        return lambda: record_marks(cast.chaima, cast.cohort, 1, [change], TODAY)

    results = at_once(app, record(Mark.ABSENT), record(Mark.LATE))
    stored = db.session.scalars(select(Attendance.mark)).one()
    conflicts = [conflict for result in results for conflict in result.conflicts]  # type: ignore[attr-defined]
    assert [conflict.stands for conflict in conflicts] == [stored]
    assert conflicts[0].wanted is not stored


def test_a_form_sent_twice_at_once_is_carried_out_once(app: Flask, cast: Cast) -> None:
    visit = Visit(placement_id=cast.placement_id, work=WorkedTime(on=TODAY, minutes_given=60))

    def log() -> object:
        return log_hours(cast.bram, cast.participant, visit, TODAY, form=SentForm(key="k", content="c"))

    first, second = at_once(app, log, log)
    assert first == second
    assert len(db.session.scalars(select(InternshipEntry)).all()) == 1
    assert len(db.session.scalars(select(FormAnswer)).all()) == 1
    assert len(db.session.scalars(select(OutboxMail)).all()) == 1


def test_two_visits_that_are_too_much_together_are_not_both_stored(app: Flask, cast: Cast) -> None:
    def log(minutes: int) -> Callable[[], object]:
        visit = Visit(placement_id=cast.placement_id, work=WorkedTime(on=TODAY, minutes_given=minutes))
        return lambda: log_hours(cast.bram, cast.participant, visit, TODAY)

    results = at_once(app, log(400), log(350))
    assert sum(isinstance(result, Refused) for result in results) == 1
    assert len(db.session.scalars(select(InternshipEntry)).all()) == 1
