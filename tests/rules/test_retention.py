"""How long something is kept, and when it is due to go."""

from datetime import date

import pytest

from hto_track.rules.facts import Enrolment, EnrolmentStatus
from hto_track.rules.retention import DataKind, Period, Periods, is_due, may_be_erased, over_since, period_from

START, END = date(2024, 3, 4), date(2024, 12, 13)
PERIODS = Periods()


def enrolment(status: EnrolmentStatus = EnrolmentStatus.ACTIVE, status_on: date | None = None) -> Enrolment:
    return Enrolment(cohort_start_on=START, cohort_end_on=END, status=status, status_on=status_on)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2y", Period(2, "y")),
        (" 18M ", Period(18, "m")),
        ("30d", Period(30, "d")),
        ("100y", Period(100, "y")),
        ("101y", None),
        ("1201m", None),
        ("0d", None),
        ("-1y", None),
        ("2", None),
        ("y", None),
        ("2 y", None),
        ("1.5y", None),
        ("٢y", None),
        ("", None),
    ],
)
def test_a_period_is_a_number_and_a_unit(text: str, period: Period | None) -> None:
    assert period_from(text) == period


def test_a_period_is_written_as_it_is_read() -> None:
    assert str(Period(18, "m")) == "18m"


@pytest.mark.parametrize(
    ("period", "on", "before"),
    [
        (Period(2, "y"), date(2026, 6, 14), date(2024, 6, 14)),
        (Period(1, "y"), date(2024, 2, 29), date(2023, 2, 28)),
        (Period(4, "y"), date(2024, 2, 29), date(2020, 2, 29)),
        (Period(1, "m"), date(2026, 3, 31), date(2026, 2, 28)),
        (Period(1, "m"), date(2026, 1, 15), date(2025, 12, 15)),
        (Period(12, "m"), date(2026, 12, 31), date(2025, 12, 31)),
        (Period(30, "d"), date(2026, 3, 1), date(2026, 1, 30)),
    ],
)
def test_a_period_ends_on_the_same_day_of_the_month(period: Period, on: date, before: date) -> None:
    assert period.before(on) == before


def test_the_defaults_are_those_that_are_agreed() -> None:
    assert {kind.value: str(PERIODS.of(kind)) for kind in DataKind} == {
        "applications": "1y",
        "logs": "2y",
        "agreements": "7y",
        "results": "10y",
        "mails": "1y",
        "readings": "2y",
        "sign_in": "30d",
    }


@pytest.mark.parametrize(
    ("on", "due"), [(date(2026, 12, 12), False), (date(2026, 12, 13), True), (date(2026, 12, 14), True)]
)
def test_notes_are_due_two_years_after_the_last_day(on: date, due: bool) -> None:
    assert is_due(enrolment(), DataKind.LOGS, PERIODS, on) is due


def test_who_stopped_earlier_is_due_earlier() -> None:
    stopped = enrolment(EnrolmentStatus.WITHDRAWN, date(2024, 5, 1))
    assert over_since(stopped, date(2024, 5, 1)) == date(2024, 5, 1)
    assert over_since(stopped, date(2024, 4, 30)) is None
    assert is_due(stopped, DataKind.LOGS, PERIODS, date(2026, 5, 1))
    assert not is_due(stopped, DataKind.LOGS, PERIODS, date(2026, 4, 30))


def test_each_kind_has_its_own_time() -> None:
    assert [kind for kind in DataKind if is_due(enrolment(), kind, PERIODS, date(2031, 12, 13))] == [
        DataKind.LOGS,
        DataKind.AGREEMENTS,
        DataKind.MAILS,
        DataKind.READINGS,
        DataKind.SIGN_IN,
    ]
    assert is_due(enrolment(), DataKind.RESULTS, PERIODS, date(2034, 12, 13))


@pytest.mark.parametrize(("on", "due"), [(date(2025, 3, 3), False), (date(2025, 3, 4), True)])
def test_an_application_is_due_a_year_after_the_cohort_began(on: date, due: bool) -> None:
    applied = enrolment(EnrolmentStatus.APPLIED)
    assert is_due(applied, DataKind.APPLICATIONS, PERIODS, on) is due
    assert not is_due(applied, DataKind.LOGS, PERIODS, date(2040, 1, 1))
    assert not is_due(enrolment(), DataKind.APPLICATIONS, PERIODS, date(2040, 1, 1))


def test_an_application_of_later_counts_from_its_own_day() -> None:
    applied = enrolment(EnrolmentStatus.APPLIED, date(2024, 6, 1))
    assert over_since(applied, date(2024, 7, 1)) == date(2024, 6, 1)


@pytest.mark.parametrize(("on", "may"), [(date(2024, 12, 12), False), (END, False), (date(2024, 12, 14), True)])
def test_who_takes_part_is_erased_after_the_last_day_alone(on: date, may: bool) -> None:
    assert may_be_erased(enrolment(), on) is may


def test_who_stopped_may_be_erased_from_that_day() -> None:
    stopped = enrolment(EnrolmentStatus.WITHDRAWN, date(2024, 5, 1))
    assert may_be_erased(stopped, date(2024, 5, 1))
    assert not may_be_erased(stopped, date(2024, 4, 30))
