"""Cells and their kinds: what a person may type, and what comes back of it."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from hto_track.documents.csv_files import text_of
from hto_track.rules.facts import Mark
from hto_track.services.importing import kinds
from hto_track.services.importing.files import FILES, FORMATS
from hto_track.services.importing.kinds import DATE, PASSED, TIME, YES_NO, Kind, Unfit

HOURS = kinds.hours(168)
SHARE = kinds.decimal(0, 1)


def unfit(kind: Kind, text: str) -> bool:
    try:
        kind.parse(text)
    except Unfit:
        return True
    return False


@pytest.mark.parametrize(
    "text",
    ["2026-03-01", "2026-3-1", "01-03-2026", "1-3-2026", "2026-03-01 00:00", "2026-03-01T00:00:00", "1-3-2026 0:00:00"],
)
def test_dates_are_read_in_both_orders(text: str) -> None:
    assert DATE.parse(text) == date(2026, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "29-02-2027",
        "2027-02-29",
        "31-04-2026",
        "00-01-2026",
        "2026-13-01",
        "1/3/2026",
        "2026.03.01",
        "1 maart 2026",
        "01-03-26",
        "20260301",
        "46082",
        "2026-03-01 12:00",
        "٠١-٠٣-٢٠٢٦",
        "1899-12-31",
        "2200-01-01",
        "-1-3-2026",
    ],
)
def test_what_is_no_date_is_not_guessed_at(text: str) -> None:
    assert unfit(DATE, text)


@pytest.mark.parametrize("text", ["28-02-2027", "29-02-2028", "1900-01-01", "2199-12-31"])
def test_dates_at_the_edges_are_kept(text: str) -> None:
    assert not unfit(DATE, text)


def test_a_date_that_is_not_in_the_calendar_is_refused_in_words(sqlite_app: Flask) -> None:
    with pytest.raises(Unfit) as refused, force_locale("nl"):
        DATE.parse("29-02-2027")
    with force_locale("nl"):
        assert str(refused.value.expected) == "een datum die bestaat; deze staat niet op de kalender"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("18:30", time(18, 30)),
        ("8:05", time(8, 5)),
        ("18:30:00", time(18, 30)),
        ("00:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_times_are_read(text: str, value: time) -> None:
    assert TIME.parse(text) == value


@pytest.mark.parametrize(
    "text", ["24:00", "18:60", "18:30:15", "18.30", "18h30", "6:30 PM", "18", "0.77", "-1:00", "18:3"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    assert unfit(TIME, text)


@pytest.mark.parametrize("text", ["yes", "ja", "true", "1", "JA", "Yes", "WAAR", "TRUE"])
def test_yes_in_all_its_words(text: str) -> None:
    assert YES_NO.parse(text) is True


@pytest.mark.parametrize("text", ["no", "nee", "false", "0", "Nee", "ONWAAR", "FALSE"])
def test_no_in_all_its_words(text: str) -> None:
    assert YES_NO.parse(text) is False


@pytest.mark.parametrize("text", ["j", "n", "2", "-", "jawel", "x", "01"])
def test_neither_yes_nor_no(text: str) -> None:
    assert unfit(YES_NO, text)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1.5", 90),
        ("1,5", 90),
        ("0,25", 15),
        (".5", 30),
        ("2", 120),
        ("0", 0),
        ("168", 10080),
        ("0.333", 20),
        ("1.008", 60),
        ("1.00833333", 60),
        ("1.0084", 61),
        ("1,000", 60),
    ],
)
def test_hours_become_whole_minutes(text: str, minutes: int) -> None:
    assert HOURS.parse(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "-1",
        "168.01",
        "1.000,5",
        "1,000.5",
        "1.000.000",
        "1 000",
        "1e3",
        "1,5 uur",
        "NaN",
        "inf",
        "",
        "1,2,3",
        "½",
        "٣",
        "9" * 30,
        "0." + "1" * 30,
    ],
)
def test_what_is_no_number_of_hours_is_refused(text: str) -> None:
    assert unfit(HOURS, text)


@pytest.mark.parametrize(
    ("text", "is_refused"), [("-0.01", True), ("0", False), ("0,80", False), ("1", False), ("1.01", True)]
)
def test_a_share_lies_from_0_to_1(text: str, is_refused: bool) -> None:
    assert unfit(SHARE, text) is is_refused


@pytest.mark.parametrize(("text", "value"), [("4", 4), ("4.0", 4), ("4,00", 4), ("04", 4), ("0", 0), ("9", 9)])
def test_whole_numbers_are_read(text: str, value: int) -> None:
    assert kinds.whole(0, 9).parse(text) == value


@pytest.mark.parametrize("text", ["-1", "10", "4.5", "4.000", "1.000", "4e0", "x", "+4"])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    assert unfit(kinds.whole(0, 9), text)


def test_thousands_set_apart_are_refused_in_words(sqlite_app: Flask) -> None:
    with pytest.raises(Unfit) as refused, force_locale("nl"):
        HOURS.parse("1.000,5")
    with force_locale("nl"):
        assert "zonder teken tussen de duizendtallen" in str(refused.value.expected)


@pytest.mark.parametrize(("length", "is_refused"), [(199, False), (200, False), (201, True)])
def test_text_is_as_long_as_its_column(length: int, is_refused: bool) -> None:
    assert unfit(kinds.text(200), "é" * length) is is_refused


def test_a_line_break_in_a_title_becomes_a_space_and_in_a_note_stays() -> None:
    assert kinds.text(200).parse("Start \r\n en einde") == "Start en einde"
    assert kinds.note(200).parse("Start\nen einde") == "Start\nen einde"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "\x7f"])
def test_control_characters_are_refused(text: str) -> None:
    assert unfit(kinds.note(200), text)


@pytest.mark.parametrize("text", ["Anja@Example.org", "a.b+c@sub.example.org", "andré@exämple.nl"])
def test_addresses_are_kept_in_lower_case(text: str) -> None:
    assert kinds.email().parse(text) == text.lower()


@pytest.mark.parametrize(
    "text", ["anja", "@example.org", "anja@", "a@b@c", "an ja@example.org", "anja@example.org\nBcc: x@y"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert unfit(kinds.email(), text)


def test_words_of_a_list_are_read_whatever_their_capitals() -> None:
    assert kinds.one_of(Mark).parse("Made_Up") is Mark.MADE_UP
    assert unfit(kinds.one_of(Mark), "made up")


COLUMNS = [(format.name, column) for format in FILES for column in format.columns]


@given(st.sampled_from(COLUMNS), st.text(max_size=40))
def test_any_text_in_any_column_is_a_value_or_unfit(place: tuple[str, Any], text: str) -> None:
    _name, column = place
    try:
        value = column.kind.parse(text.strip() or "x")
    except Unfit:
        return
    assert column.kind.parse(text_of(column.kind.cell(value)) or text) == value


def same_again(kind: Kind, value: object) -> None:
    assert kind.parse(text_of(kind.cell(value))) == value


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_dates_come_back(value: date) -> None:
    same_again(DATE, value)


@given(st.builds(time, st.integers(0, 23), st.integers(0, 59)))
def test_times_come_back(value: time) -> None:
    same_again(TIME, value)


@given(st.integers(0, 168 * 60))
def test_minutes_come_back_from_hours_with_two_decimals(minutes: int) -> None:
    same_again(HOURS, minutes)
    assert -Decimal(str(HOURS.cell(minutes))).as_tuple().exponent <= 2  # type: ignore[operator]


@given(st.decimals(0, 1, places=4))
def test_shares_come_back(value: Decimal) -> None:
    same_again(SHARE, value)


@given(st.booleans(), st.sampled_from([YES_NO, PASSED]))
def test_truths_come_back(value: bool, kind: Kind) -> None:
    same_again(kind, value)


@given(st.sampled_from(list(Mark)))
def test_words_come_back(value: Mark) -> None:
    same_again(kinds.one_of(Mark), value)


@pytest.mark.parametrize("make", [kinds.text, kinds.note])
@given(content=st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=50))
def test_text_comes_back(make: Callable[[int], Kind], content: str) -> None:
    kind = make(200)
    same_again(kind, kind.parse(content))


def test_the_files_are_those_of_the_contract() -> None:
    """FORMATS.md, with the columns that must be there and filled between stars."""
    contract = """
    programmes: *programme_code* *title* college min_attendance make_up_limit internship_min_hours internship_max_hours
      max_attempts prep_hours_per_lesson advertised_weekly_hours
    learning_outcomes: *programme_code* *outcome_code* *title*
    checkpoints: *programme_code* *checkpoint_code* *title* due_week
    cohorts: *cohort_code* *programme_code* name *region* *start_on* *end_on* location min_participants max_participants
      leader_email
    lessons: *cohort_code* *lesson_no* *date* *start* *end* title state
    assignments: *cohort_code* *assignment_code* *title* *opens_on* *due_on* *estimated_hours* mandatory outcome_codes
    participants: *cohort_code* *participant_code* *given_name* name_prefix *family_name* *email* phone employer fund
      sector job_hours_per_week release_hours_per_week study_hours_per_week travel_minutes start_on end_on
      prior_education in_education source_channel status status_on
    school_holidays: *school_year* *region* *name* *first_day* *last_day*
    pauses: *participant_code* *start_on* *end_on* reason
    placements: *participant_code* *school* *school_type* supervisor_name supervisor_email *start_on* *end_on*
      agreed_hours
    attendance: *cohort_code* *lesson_no* *participant_code* *mark*
    attempts: *participant_code* *assignment_code* *attempt* *submitted_on* assessed_on outcome resit_due_on assessor
    extensions: *participant_code* *assignment_code* *due_on* reason
    internship_hours: *participant_code* *school* *date* start end break_minutes hours *activity* state submitted_on
      confirmed_on note
    study_log: *participant_code* *date* *hours* assignment_code note
    final_assessments: *participant_code* *date* *outcome* resit_allowed assessor
    checkpoint_records: *participant_code* *checkpoint_code* *date* recorded_by note
    routes: *route_code* *title* kind college terms credits
    route_modules: *route_code* *module_code* *title* *term* *credits*
    agreements: *programme_code* *route_code* *module_code* *basis*
    exemptions: *participant_code* *route_code* *module_code* *state* requested_on decided_on decided_by reason
    """
    files: dict[str, list[str]] = {}
    for word in contract.split():
        if word.endswith(":"):
            name = word[:-1]
        else:
            files.setdefault(name, []).append(word)
    assert files == {
        name: [f"*{column.name}*" if column.required else column.name for column in format.columns]
        for name, format in FORMATS.items()
    }


@pytest.mark.parametrize(("length", "is_refused"), [(63, False), (64, False), (65, True)])
def test_outcome_codes_are_kept_as_they_are_and_no_longer_than_their_column(length: int, is_refused: bool) -> None:
    code = "Lu-" + "x" * (length - 3)
    assert unfit(kinds.outcome_code(), code) is is_refused
    assert is_refused or kinds.outcome_code().parse(code) == code
