"""RULES.md section 6: opening, escalation, easing and closing over evaluations in a row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hto_track.rules.warnings import Alarm, Change, Evaluated, Level, OpenWarning, WarningCode, evaluate
from tests.rules.cases import day

AMBER, RED = Level.AMBER, Level.RED
LEVELS = {"a": AMBER, "r": RED}
CODE = WarningCode.SILENT


def _alarms(letters: str) -> list[Alarm]:
    """What holds: "a" or "r" for ``CODE``, "-" for nothing."""
    return [Alarm(code=CODE, level=LEVELS[letter], figures={}) for letter in letters if letter != "-"]


def _history(letters: str) -> list[tuple[str, OpenWarning | None]]:
    """The change that each evaluation made, and the warning that stands open after it; one evaluation a day."""
    standing: OpenWarning | None = None
    told = []
    for number, letter in enumerate(letters, start=1):
        found = evaluate([standing] if standing else [], _alarms(letter), day(number))
        assert len(found) <= 1
        change = found[0].change if found else None
        standing = found[0].warning if found and change is not Change.CLOSED else None
        told.append((change.value if change else "", standing))
    return told


def _changes(letters: str) -> list[str]:
    return [change for change, _ in _history(letters)]


@pytest.mark.parametrize(
    ("letters", "changes"),
    [
        ("-", [""]),
        ("a", ["opened"]),
        ("r", ["opened"]),
        ("aa", ["opened", ""]),
        ("ar", ["opened", "escalated"]),
        ("arr", ["opened", "escalated", ""]),
        ("ra", ["opened", ""]),
        ("raa", ["opened", "", "eased"]),  # red did not hold twice in a row
        ("rara", ["opened", "", "", ""]),  # never twice in a row
        ("raar", ["opened", "", "eased", "escalated"]),
        ("raaaa", ["opened", "", "eased", "", ""]),
        ("a-", ["opened", ""]),
        ("a--", ["opened", "", "closed"]),
        ("a-a-", ["opened", "", "", ""]),
        ("a-a--", ["opened", "", "", "", "closed"]),
        ("r--", ["opened", "", "closed"]),  # closing goes before easing
        ("ra-", ["opened", "", "eased"]),  # red did not hold twice in a row, the code not once
        ("ra--", ["opened", "", "eased", "closed"]),
        ("r-a", ["opened", "", "eased"]),
        ("a-r", ["opened", "", "escalated"]),
        ("a--a", ["opened", "", "closed", "opened"]),
        ("a---", ["opened", "", "closed", ""]),
    ],
)
def test_what_evaluations_in_a_row_do(letters: str, changes: list[str]) -> None:
    assert _changes(letters) == changes


def test_a_warning_opens_with_its_level_and_date() -> None:
    (_, warning), *_ = _history("r")
    assert warning == OpenWarning(code=CODE, level=RED, opened_on=day(1))


def test_the_latest_escalation_stays_after_easing() -> None:
    told = [warning.escalated_on if warning else None for _, warning in _history("araarr")]
    assert told == [None, day(2), day(2), day(2), day(5), day(5)]
    levels = [warning.level if warning else None for _, warning in _history("araarr")]
    assert levels == [AMBER, RED, RED, AMBER, RED, RED]


def test_opening_red_is_no_escalation() -> None:
    assert all(warning and warning.escalated_on is None for _, warning in _history("rra"))


def test_a_warning_that_opens_again_is_a_new_one() -> None:
    assert [warning.opened_on if warning else None for _, warning in _history("ar--a")][-1] == day(5)
    assert [warning.escalated_on if warning else None for _, warning in _history("ar--a")][-1] is None


def test_codes_do_not_touch_each_other() -> None:
    standing = [OpenWarning(code=WarningCode.OVERDUE, level=AMBER, opened_on=day(1), misses=1)]
    holding = [Alarm(code=WarningCode.SILENT, level=AMBER, figures={"days": 21})]
    found = evaluate(standing, holding, day(2))
    assert [(one.warning.code, one.change) for one in found] == [
        (WarningCode.OVERDUE, Change.CLOSED),
        (WarningCode.SILENT, Change.OPENED),
    ]
    assert [one.alarm for one in found] == [None, holding[0]]


def _told(letters: str) -> list[tuple[Level, date | None] | None]:
    """A second reading of the text: level and latest escalation after each evaluation, None where nothing is open."""
    told: list[tuple[Level, date | None] | None] = []
    opened_at = 0
    for at, letter in enumerate(letters):
        before = told[-1] if told else None
        since = letters[opened_at : at + 1]
        if before is None:
            opened_at = at
            told.append(None if letter == "-" else (LEVELS[letter], None))
        elif since.endswith("--"):
            told.append(None)
        elif letter == "r":
            told.append((RED, day(at + 1)) if before[0] is AMBER else before)
        elif before[0] is RED and len(since) > 2 and "r" not in since[-2:]:
            told.append((AMBER, before[1]))
        else:
            told.append(before)
    return told


@given(st.text("-ar", max_size=30))
def test_any_row_of_evaluations_is_as_the_text_says(letters: str) -> None:
    found = [(warning.level, warning.escalated_on) if warning else None for _, warning in _history(letters)]
    assert found == _told(letters)


@given(st.lists(st.dictionaries(st.sampled_from(WarningCode), st.sampled_from(Level)), max_size=20))
def test_never_two_open_of_one_code_and_each_opening_has_one_end(holding: list[dict[WarningCode, Level]]) -> None:
    standing: list[OpenWarning] = []
    for number, levels in enumerate(holding, start=1):
        alarms = [Alarm(code=code, level=level, figures={}) for code, level in levels.items()]
        found = evaluate(standing, alarms, day(number))
        codes = [one.warning.code for one in found]
        assert codes == [code for code in WarningCode if code in codes]
        assert set(levels) <= set(codes)
        _require_sound(found, {warning.code for warning in standing}, levels)
        standing = [one.warning for one in found if one.change is not Change.CLOSED]


def _require_sound(
    found: tuple[Evaluated, ...], open_before: set[WarningCode], levels: dict[WarningCode, Level]
) -> None:
    for one in found:
        code = one.warning.code
        assert (one.change is Change.OPENED) == (code not in open_before)
        if one.change is Change.CLOSED:
            assert code not in levels
        if levels.get(code) is RED:
            assert one.warning.level is RED
        if one.change is Change.ESCALATED:
            assert one.warning.escalated_on is not None
