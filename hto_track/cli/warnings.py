"""``hto-track warnings``: what stands open on a date, after evaluating it when asked."""

from dataclasses import asdict
from datetime import date

import click
from tabulate import tabulate

from hto_track.cli.application import date_asked, json_option, on_option, print_json, with_application
from hto_track.documents.warnings import WarningLine, warnings_document
from hto_track.services.evaluation import EvaluationCounts
from hto_track.services.policy import CONSOLE
from hto_track.services.warnings import (
    WarningOpen,
    cohort_warnings_open,
    cohorts_to_evaluate,
    evaluate_cohort,
    warnings_open,
)

_HEADERS = ("", "Name", "Warning", "Level", "Since", "Escalated", "Figures")


@click.command()
@click.argument("cohort", required=False)
@on_option
@click.option("--evaluate", is_flag=True, help="Evaluate that date first.")
@json_option
@with_application
def warnings(cohort: str | None, on: date | None, evaluate: bool, as_json: bool) -> None:
    """The warnings open in COHORT, or in all cohorts."""
    on = date_asked(on)
    counts = _evaluated(cohort, on) if evaluate else {}
    found = warnings_open(CONSOLE, on) if cohort is None else cohort_warnings_open(CONSOLE, cohort, on)
    if as_json:
        print_json(warnings_document(on, map(_line, found)) | counts)
        return
    if counts:
        click.echo(", ".join(f"{number} {change}" for change, number in counts.items()))
    if not found:
        click.echo(f"No warnings are open on {on}.")
        return
    click.echo(tabulate(map(_row, found), headers=_HEADERS))


def _evaluated(cohort: str | None, on: date) -> dict[str, int]:
    cohorts = cohorts_to_evaluate(CONSOLE) if cohort is None else (cohort,)
    return asdict(EvaluationCounts.together(evaluate_cohort(CONSOLE, code, on) for code in cohorts))


def _line(found: WarningOpen) -> WarningLine:
    warning = found.warning
    return WarningLine(
        cohort=found.cohort,
        participant=found.participant,
        code=warning.code,
        level=warning.level,
        opened_on=warning.opened_on,
        escalated_on=warning.escalated_on,
        figures=warning.figures,
    )


def _row(found: WarningOpen) -> tuple[object, ...]:
    warning = found.warning
    return (
        found.participant,
        found.name,
        warning.code.value,
        warning.level.value,
        warning.opened_on,
        warning.escalated_on or "-",
        ", ".join(f"{name} {_figure(value)}" for name, value in warning.figures.items()),
    )


def _figure(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value)) or "-"
    return "-" if value is None else str(value)
