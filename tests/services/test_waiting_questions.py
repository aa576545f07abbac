"""How many questions wait, for who may answer them."""

from datetime import date

from hto_track.services.load_requests import Asked, ask, withdraw_request
from hto_track.services.policy import Actor
from hto_track.services.standings import cohorts_overview
from hto_track.services.waiting_questions import count_questions
from tests.cast import Cast
from tests.conftest import TODAY

EXTENSION = Asked(code="A1", due_on=date(2026, 7, 17))
RELEASE = Asked(monday=date(2026, 6, 29), minutes=240)


def counted(actor: Actor) -> int:
    return sum(count_questions(actor, found) for found in cohorts_overview(actor, TODAY))


def test_each_counts_the_questions_that_they_may_answer_and_that_still_wait(cast: Cast) -> None:
    assert counted(cast.anja) == 0
    release = ask(cast.bram, cast.participant, RELEASE, TODAY)
    ask(cast.bram, cast.participant, EXTENSION, TODAY)
    assert [counted(who) for who in (cast.anja, cast.chaima, cast.otto, cast.gijs)] == [2, 1, 0, 0]
    withdraw_request(cast.bram, cast.participant, release.id, TODAY)
    assert counted(cast.anja) == 1
