"""A warning in words: its figures stand in it, in both languages, with what would end it."""

from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.views import WarningInForce
from hto_track.services.warning_texts import explanation, headline, way_out

AMBER, RED = Level.AMBER, Level.RED
TITLES = {"A2": "Observeren", "A3": "Een les ontwerpen"}
"""What is not known by a title any more goes by its code."""
PACE = {"pace_needed": 7.5, "remaining": 41.5, "school_days_left": 20, "last_day": "2026-07-09", "weeks_later": 3}
ATTENDANCE = {
    "rate": 0.6667,
    "projected": 0.7424,
    "attainable": 0.7879,
    "minimum": 0.8,
    "missed": 4,
    "held": 12,
    "repairable": 2,
}
CASES: list[tuple[WarningCode, Level, dict[str, Any], str, str, str]] = [
    (
        WarningCode.OVERLOAD,
        AMBER,
        {"week": "2026-W07", "study": 19.12, "with_job": 43.12, "capacity": 12.0},
        "Week 7: 19,1 uur, ruimte 12",
        "In week 7 staat 19,1 uur studie gepland, tegen 12 uur ruimte. Met het werk erbij is dat 43,1 uur.",
        "7,1 uur uit week 7 verplaatsen, of meer ruimte in die week.",
    ),
    (
        WarningCode.SUSTAINED_LOAD,
        RED,
        {"mean": 15.5, "with_job": 51.5, "capacity": 12.0},
        "Gemiddeld 15,5 uur per week, ruimte 12",
        "De komende 4 weken staat gemiddeld 15,5 uur studie per week gepland, tegen 12 uur ruimte. "
        "Met het werk erbij is dat 51,5 uur.",
        "De komende 4 weken 3,5 uur per week minder, of meer ruimte.",
    ),
    (
        WarningCode.INTERNSHIP_PACE,
        AMBER,
        PACE,
        "7,5 uur stage per week nodig",
        "Er is nog 41,5 uur stage nodig, en er zijn nog 20 schooldagen tot en met 9 juli.",
        "7,5 uur stage per week tot en met 9 juli, of een einddatum 3 weken later.",
    ),
    (
        WarningCode.INTERNSHIP_PACE,
        RED,
        PACE | {"pace_needed": None, "school_days_left": 0, "weeks_later": 6},
        "Nog 41,5 uur stage, geen schooldagen meer",
        "Er is nog 41,5 uur stage nodig, en er zijn nog 0 schooldagen tot en met 9 juli.",
        "Een einddatum 6 weken later.",
    ),
    (
        WarningCode.NO_PLACEMENT,
        RED,
        {"days": 87, "remaining": 80.0},
        "Al 87 dagen geen stageschool",
        "Er is al 87 dagen geen stageschool, schoolvakanties niet meegeteld. Er is nog 80 uur stage nodig.",
        "Een stageschool met een bevoegd docent als begeleider.",
    ),
    (
        WarningCode.ATTENDANCE,
        AMBER,
        ATTENDANCE,
        "4 van 12 lessen gemist",
        "4 van de 12 lessen zijn gemist. Gaat het door zoals de laatste lessen, dan wordt het 74%; 80% is nodig.",
        "De komende lessen erbij zijn, en hooguit 2 lessen inhalen.",
    ),
    (
        WarningCode.ATTENDANCE,
        RED,
        ATTENDANCE,
        "4 van 12 lessen gemist",
        "4 van de 12 lessen zijn gemist. Ook met alle lessen die nog komen wordt het hooguit 79%; 80% is nodig.",
        "Een afspraak met de hogeschool over de gemiste lessen.",
    ),
    (
        WarningCode.OVERDUE,
        AMBER,
        {"overdue": ["A3", "A5"], "failed": [], "days": 9},
        "‘Een les ontwerpen’ en A5 nog niet ingeleverd",
        "‘Een les ontwerpen’ en A5 zijn nog niet ingeleverd; de oudste datum was 9 dagen geleden.",
        "‘Een les ontwerpen’ en A5 inleveren, of een andere datum afspreken.",
    ),
    (
        WarningCode.OVERDUE,
        RED,
        {"overdue": [], "failed": ["A2"], "days": 0},
        "‘Observeren’ niet gehaald",
        "‘Observeren’ is niet gehaald en er zijn geen pogingen meer.",
        "Een afspraak met de hogeschool over ‘Observeren’.",
    ),
    (
        WarningCode.SILENT,
        AMBER,
        {"days": 25, "since": "2026-05-12"},
        "Niets vastgelegd sinds 12 mei",
        "Sinds 12 mei is er geen les, stage, studie of opdracht vastgelegd: 25 dagen, schoolvakanties niet meegeteld.",
        "Een les bijwonen, uren loggen of iets inleveren. Of een pauze afspreken.",
    ),
    (
        WarningCode.UNCONFIRMED,
        AMBER,
        {"days": 16, "entries": 3, "hours": 14.25},
        "14,25 uur wacht al 16 dagen op school",
        "3 urenregels, samen 14,25 uur, wachten op bevestiging door de school; de oudste al 16 dagen.",
        "De school bevestigt de uren, of zegt wat er niet klopt.",
    ),
]


def _warning(code: WarningCode, level: Level, figures: dict[str, Any]) -> WarningInForce:
    return WarningInForce(
        id=1,
        code=code,
        level=level,
        opened_on=date(2026, 6, 7),
        escalated_on=None,
        figures=figures,
        snoozed_until=None,
        snooze_note=None,
    )


@pytest.mark.parametrize(("code", "level", "figures", "head", "why", "out"), CASES)
def test_a_warning_is_said_with_its_figures(
    sqlite_app: Flask, code: WarningCode, level: Level, figures: dict[str, Any], head: str, why: str, out: str
) -> None:
    warning = _warning(code, level, figures)
    with force_locale("nl"):
        said = (headline(warning, TITLES), explanation(warning, TITLES), way_out(warning, TITLES))
    assert tuple(text.replace("\u00a0", " ") for text in said) == (head, why, out)


def test_english_has_its_own_figures(sqlite_app: Flask) -> None:
    with force_locale("en"):
        assert way_out(_warning(WarningCode.INTERNSHIP_PACE, AMBER, PACE), {}).replace("\u00a0", " ") == (
            "7.5 hours of internship a week until 9 July, or an end date 3 weeks later."
        )


def test_every_code_has_words() -> None:
    assert {code for code, *_rest in CASES} == set(WarningCode)


@pytest.mark.parametrize("case", CASES)
def test_no_warning_blames(sqlite_app: Flask, case: tuple[WarningCode, Level, dict[str, Any], str, str, str]) -> None:
    said = " ".join(case[3:]).lower()
    assert not any(word in said for word in ("achterstand", "score", "overschreden", "risico-student", "je "))
