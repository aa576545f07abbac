"""RULES.md section 6, "On the board": who stands under now, soon and fine."""

import pytest

from hto_track.rules.attention import Attention, StandingWarning, attention
from hto_track.rules.requirement import RequirementState
from hto_track.rules.warnings import Level
from tests.rules.cases import day

NOW, SOON, FINE = Attention.NOW, Attention.SOON, Attention.FINE
MET, ON_TRACK = RequirementState.MET, RequirementState.ON_TRACK
AT_RISK, OUT_OF_REACH = RequirementState.AT_RISK, RequirementState.OUT_OF_REACH


def _warning(level: str, until: int | None = None) -> StandingWarning:
    return StandingWarning(level=Level(level), snoozed_until=None if until is None else day(until))


@pytest.mark.parametrize(
    ("levels", "diploma", "part"),
    [
        ("", MET, FINE),
        ("", ON_TRACK, FINE),
        ("", AT_RISK, SOON),
        ("", OUT_OF_REACH, SOON),
        ("amber", ON_TRACK, SOON),
        ("red", MET, NOW),
        ("red amber", OUT_OF_REACH, NOW),
        ("amber amber", AT_RISK, SOON),
    ],
)
def test_red_is_now_amber_or_a_diploma_at_risk_is_soon(levels: str, diploma: RequirementState, part: Attention) -> None:
    assert attention([_warning(level) for level in levels.split()], diploma, day(10)) is part


@pytest.mark.parametrize(("until", "part"), [(9, NOW), (10, NOW), (11, FINE)])
def test_a_snoozed_warning_counts_again_from_its_date(until: int, part: Attention) -> None:
    assert attention([_warning("red", until)], ON_TRACK, day(10)) is part


def test_snoozing_one_leaves_the_other() -> None:
    assert attention([_warning("red", 20), _warning("amber")], ON_TRACK, day(10)) is SOON
    assert attention([_warning("red"), _warning("amber", 20)], ON_TRACK, day(10)) is NOW


def test_a_diploma_at_risk_cannot_be_snoozed() -> None:
    assert attention([_warning("red", 20)], AT_RISK, day(10)) is SOON
