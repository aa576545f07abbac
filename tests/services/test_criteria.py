"""What is expected of an assignment: written by its teachers, two of whom lose nothing of each other's."""

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import Assignment
from hto_track.services.criteria import LONGEST_CRITERIA, assignment_criteria, write_criteria
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import Forbidden, NotFound, Refused
from tests.cast import Cast
from tests.trail import trail


def stored() -> str | None:
    db.session.rollback()
    return db.session.scalars(select(Assignment.criteria)).one()


def write(cast: Cast, text: str, version: str | None = None) -> None:
    seen = assignment_criteria(cast.chaima, cast.cohort, "A1").version if version is None else version
    write_criteria(cast.chaima, cast.cohort, "A1", text, seen)


def test_line_breaks_are_kept_and_what_nobody_can_see_is_not(cast: Cast) -> None:
    write(cast, "\r\nTwee bladzijden. \r\n\r\n\t- een <b>doel</b>\x07\u200b\n")
    assert stored() == "Twee bladzijden.\n\n\t- een <b>doel</b>"
    (entry,) = trail("write_criteria")
    assert (entry.subject, entry.before) == ("cohort/C-1/assignments/A1", {"criteria": None})


def test_an_empty_text_is_none_and_the_same_text_is_no_change(cast: Cast) -> None:
    write(cast, "Twee bladzijden.")
    write(cast, "Twee bladzijden.\n")
    write(cast, "  \n ")
    assert stored() is None
    assert len(trail("write_criteria")) == 2


def test_the_second_of_two_teachers_is_asked_and_nothing_is_lost(cast: Cast) -> None:
    seen = assignment_criteria(cast.chaima, cast.cohort, "A1").version
    write(cast, "Van de eerste.", seen)
    with pytest.raises(Refused, match="meanwhile"):
        write(cast, "Van de tweede.", seen)
    assert stored() == "Van de eerste."


def test_what_is_too_long_is_refused(cast: Cast) -> None:
    write(cast, "x" * LONGEST_CRITERIA)
    with pytest.raises(Refused, match="10000"):
        write(cast, "x" * (LONGEST_CRITERIA + 1))


def test_a_form_that_is_sent_twice_writes_once(cast: Cast) -> None:
    seen = assignment_criteria(cast.chaima, cast.cohort, "A1").version
    for _ in range(2):
        write_criteria(cast.chaima, cast.cohort, "A1", "Tekst", seen, SentForm(key="k", content="c"))
    assert len(trail("write_criteria")) == 1


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("anja", Forbidden), ("hanna", Forbidden), ("gijs", Forbidden), ("bram", NotFound), ("otto", NotFound)],
)
def test_only_its_teachers_write(cast: Cast, who: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        assignment_criteria(getattr(cast, who), cast.cohort, "A1")
    with pytest.raises(refusal):
        write_criteria(getattr(cast, who), cast.cohort, "A1", "Tekst", "")
    assert stored() is None


def test_an_assignment_that_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        assignment_criteria(cast.chaima, cast.cohort, "Z9")
