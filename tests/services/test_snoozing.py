"""Putting a warning aside until a date, with a note (RULES.md section 6)."""

from datetime import date, timedelta

import pytest

from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.warnings import cohort_warnings_open, evaluate_cohort, snooze_warning
from tests.cast import Cast
from tests.services.warning_cases import AMBER_FROM, confirm_hours, let_only_hours_warn

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def only_bram_and_his_hours(cast: Cast) -> None:
    let_only_hours_warn(cast)


@pytest.fixture
def warning_id(cast: Cast) -> int:
    evaluate_cohort(CONSOLE, "C-1", AMBER_FROM)
    [found] = cohort_warnings_open(CONSOLE, "C-1", AMBER_FROM)
    return found.warning.id


def test_a_leader_puts_a_warning_aside_with_a_note(cast: Cast, warning_id: int) -> None:
    snooze_warning(cast.anja, warning_id, date(2026, 7, 1), " Dirk is op schoolreis ")
    [found] = cohort_warnings_open(cast.anja, "C-1", date(2026, 6, 14))
    assert (found.warning.snoozed_until, found.warning.snooze_note) == (date(2026, 7, 1), "Dirk is op schoolreis")


def test_it_can_be_taken_up_again(cast: Cast, warning_id: int) -> None:
    snooze_warning(cast.anja, warning_id, date(2026, 7, 1), "Dirk is op schoolreis")
    snooze_warning(cast.anja, warning_id, None, None)
    [found] = cohort_warnings_open(cast.anja, "C-1", date(2026, 6, 14))
    assert (found.warning.snoozed_until, found.warning.snooze_note) == (None, None)


@pytest.mark.parametrize(
    ("until", "note", "field"),
    [
        (date(2026, 6, 14), "later", "until"),
        (date(2026, 6, 13), "later", "until"),
        (date(2026, 6, 15), "  ", "note"),
        (date(2026, 6, 15), "x" * 501, "note"),
    ],
)
def test_a_date_not_after_today_or_no_fitting_note_is_refused(
    cast: Cast, warning_id: int, until: date, note: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        snooze_warning(cast.anja, warning_id, until, note)
    assert refused.value.refusals[0].field == field


def test_a_closed_warning_cannot_be_put_aside(cast: Cast, warning_id: int) -> None:
    confirm_hours()
    evaluate_cohort(CONSOLE, "C-1", AMBER_FROM + A_DAY)
    evaluate_cohort(CONSOLE, "C-1", AMBER_FROM + 2 * A_DAY)
    with pytest.raises(Refused):
        snooze_warning(cast.anja, warning_id, date(2026, 7, 1), "later")


def test_only_the_leader_of_the_cohort_does_so(cast: Cast, warning_id: int) -> None:
    with pytest.raises(Forbidden):
        snooze_warning(cast.bram, warning_id, date(2026, 7, 1), "later")
    with pytest.raises(NotFound):
        snooze_warning(cast.otto, warning_id, date(2026, 7, 1), "later")
    with pytest.raises(NotFound):
        snooze_warning(cast.anja, 999_999, date(2026, 7, 1), "later")
