"""Three absences in a row without word, put before the project leader: on the board, on the page of who it is about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, time
from html import unescape

import pytest

from hto_track.models.lessons import Lesson, LessonState
from hto_track.rules.attention import Attention
from hto_track.rules.facts import Mark
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.standings import cohort_standings
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.web.conftest import SignIn

SENTENCE = "3 keer achter elkaar afwezig zonder bericht"
MANY = 30
"""So many lessons that three of them put no requirement at risk."""


@pytest.fixture
def missed(cast: Cast) -> Callable[[Mark], None]:
    """``missed(Mark.ABSENT)``: the mark of the third of three lessons of Noor, the first two missed without word."""
    with writing() as session:
        session.add_all(
            Lesson(
                cohort_id=cast.cohort_id,
                number=number,
                held_on=date(2026, 5, number) if number < 14 else date(2026, 9, number - 10),
                starts_at=time(18, 30),
                ends_at=time(21, 0),
                state=LessonState.PLANNED,
            )
            for number in range(11, 11 + MANY)
        )

    def third(mark: Mark) -> None:
        for number, given in zip((11, 12, 13), (Mark.ABSENT, Mark.ABSENT, mark), strict=True):
            change = MarkChange(participant=cast.neighbour, seen=None, mark=given)
            record_marks(cast.chaima, cast.cohort, number, [change], TODAY)

    return third


def test_it_is_said_on_the_board_on_the_list_and_on_the_page_of_who_it_is_about(
    cast: Cast, sign_in: SignIn, missed: Callable[[Mark], None]
) -> None:
    missed(Mark.ABSENT)
    client = sign_in(cast.anja)
    assert f"<li>{SENTENCE}</li>" in client.get("/groepen/C-1").text
    assert SENTENCE in client.get("/groepen/C-1/lessen/13").text
    page = unescape(client.get("/deelnemers/C1-02").text)
    assert f"{SENTENCE}. Bel deze week om te vragen hoe het gaat." in page
    assert SENTENCE not in client.get("/deelnemers/C1-01").text


def test_it_is_not_said_of_two_or_of_three_of_which_one_was_announced(
    cast: Cast, sign_in: SignIn, missed: Callable[[Mark], None]
) -> None:
    missed(Mark.EXCUSED)
    client = sign_in(cast.anja)
    for path in ("/groepen/C-1", "/groepen/C-1/lessen/13", "/deelnemers/C1-02"):
        assert "zonder bericht" not in client.get(path).text


def test_it_moves_nobody_on_the_board(cast: Cast, missed: Callable[[Mark], None]) -> None:
    before = cohort_standings(cast.anja, cast.cohort, TODAY).members[1].attention
    missed(Mark.ABSENT)
    standing = cohort_standings(cast.anja, cast.cohort, TODAY).members[1]
    assert standing.attention is before is Attention.SOON
    assert standing.warnings == ()


def test_the_board_asks_no_more_for_it(
    cast: Cast,
    sign_in: SignIn,
    missed: Callable[[Mark], None],
    count_queries: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = sign_in(cast.anja)
    client.get("/groepen/C-1")
    missed(Mark.ABSENT)
    with count_queries() as queries:
        client.get("/groepen/C-1")
    assert len(queries) <= 12
