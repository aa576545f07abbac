"""How the load was: asked at the end, said once or changed, never by somebody else."""

from datetime import date

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.load import LoadVerdict, Verdict
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.standings import own_standing, participant_standing
from hto_track.services.verdicts import give_verdict, own_verdict
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

AT_THE_END = date(2026, 12, 1)


def rows() -> list[tuple[Verdict, str | None, bool]]:
    db.session.rollback()
    return [(row.verdict, row.advice, row.may_be_shown) for row in db.session.scalars(select(LoadVerdict))]


def test_it_is_asked_from_four_weeks_before_the_end(cast: Cast) -> None:
    assert not own_verdict(cast.bram, TODAY).is_asked
    assert own_verdict(cast.bram, AT_THE_END).is_asked
    with pytest.raises(Refused, match="last four weeks"):
        give_verdict(cast.bram, Verdict.HEAVIER, "", False, TODAY)
    assert rows() == []


def test_it_is_said_and_said_otherwise_with_the_last_word_standing(cast: Cast) -> None:
    give_verdict(cast.bram, Verdict.HEAVIER, "  Begin\n vroeg. ", True, AT_THE_END)
    give_verdict(cast.bram, Verdict.AS_EXPECTED, "", False, date(2027, 3, 1))
    assert rows() == [(Verdict.AS_EXPECTED, None, False)]
    first, second = trail("give_verdict")
    assert (first.subject, first.before) == ("participant/C1-01/load_verdict", None)
    assert first.after == second.before == {"verdict": "heavier", "advice": "Begin vroeg.", "may_be_shown": True}


def test_the_same_form_twice_is_said_once(cast: Cast) -> None:
    form = SentForm(key="a key", content="the same")
    for _ in range(2):
        give_verdict(cast.bram, Verdict.LIGHTER, "", False, AT_THE_END, form)
    assert len(trail("give_verdict")) == 1


def test_no_answer_and_a_long_one_are_refused_at_their_fields(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        give_verdict(cast.bram, None, "x" * 281, True, AT_THE_END)
    assert [refusal.field for refusal in refused.value.refusals] == ["verdict", "advice"]
    assert rows() == []


def test_nobody_says_it_for_somebody_else(cast: Cast) -> None:
    for actor in (cast.anja, cast.chaima, cast.gijs, cast.karel):
        with pytest.raises(NotFound):
            give_verdict(actor, Verdict.LIGHTER, "", False, AT_THE_END)


def test_it_stands_on_the_own_path_and_on_that_for_who_guides(cast: Cast) -> None:
    give_verdict(cast.bram, Verdict.HEAVIER, "Begin vroeg.", True, AT_THE_END)
    own = own_standing(cast.bram, AT_THE_END).verdict
    seen = participant_standing(cast.anja, cast.participant, AT_THE_END).verdict
    assert own is not None and own == seen and own.advice == "Begin vroeg."
