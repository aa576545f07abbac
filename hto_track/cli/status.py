"""``hto-track status``: where everyone of a cohort stands."""

from datetime import date

import click
from tabulate import tabulate

from hto_track.cli.application import date_asked, json_option, on_option, print_json, with_application
from hto_track.documents.figures import hours, rate
from hto_track.documents.status import participant_document, status_document
from hto_track.services.calendar_texts import holidays_unknown
from hto_track.services.policy import CONSOLE
from hto_track.services.standings import cohort_standings
from hto_track.services.views import CohortStandings, MemberStanding


@click.command()
@click.argument("cohort")
@on_option
@json_option
@with_application
def status(cohort: str, on: date | None, as_json: bool) -> None:
    """Where everyone of COHORT stands."""
    standings = cohort_standings(CONSOLE, cohort, date_asked(on))
    if as_json:
        print_json(_document(standings))
        return
    click.echo(f"{standings.cohort.name} ({standings.cohort.code}) on {standings.on}")
    click.echo(tabulate(map(_row, standings.members), headers=_HEADERS))
    told = (holidays_unknown(member.facts.calendar, member.standing.span.last) for member in standings.members)
    if said := next(filter(None, told), ""):
        click.echo(said)


_HEADERS = ("", "Name", "Status", "Attendance", "Assignments", "Internship", "Load 4 wk", "Diploma", "Expected")


def _document(standings: CohortStandings) -> dict[str, object]:
    return status_document(
        standings.cohort.code,
        standings.on,
        (
            participant_document(
                member.member.code,
                member.standing,
                awarded_on=member.diploma.awarded_on if member.diploma else None,
                register_number=member.diploma.register_number if member.diploma else None,
            )
            for member in standings.members
        ),
    )


def _row(member: MemberStanding) -> tuple[object, ...]:
    standing = member.standing
    mean = standing.load.next4_mean
    return (
        member.member.code,
        member.member.name,
        standing.span.status.value,
        f"{rate(standing.attendance.rate) if standing.attendance.held else '-'} {standing.attendance.state.value}",
        standing.assignments.state.value,
        f"{hours(standing.internship.confirmed)} of {hours(standing.internship.minimum)} h "
        f"{standing.internship.state.value}",
        f"{'-' if mean is None else hours(mean)} of {hours(standing.load.capacity)} h",
        standing.requirements.state.value,
        standing.expected_on or "-",
    )
