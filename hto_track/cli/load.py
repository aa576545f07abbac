"""``hto-track load``: one participant's load, week by week."""

from datetime import date

import click
from tabulate import tabulate

from hto_track.cli.application import date_asked, json_option, on_option, print_json, with_application
from hto_track.documents.load import load_document
from hto_track.services.calendar_texts import holidays_unknown
from hto_track.services.policy import CONSOLE
from hto_track.services.standings import participant_standing


@click.command()
@click.argument("participant")
@on_option
@json_option
@with_application
def load(participant: str, on: date | None, as_json: bool) -> None:
    """Week by week load of PARTICIPANT, in hours."""
    standing = participant_standing(CONSOLE, participant, date_asked(on))
    document = load_document(participant, standing.on, standing.member.standing.load)
    if as_json:
        print_json(document)
        return
    click.echo(
        f"{standing.member.member.name} on {standing.on}: room {document['capacity']} h a week beside {document['job']} h job"
    )
    rows = [
        {key: value for key, value in week.items() if key != "actual"} | {"spent": _spent(week["actual"])}
        for week in document["weeks"]
    ]
    click.echo(tabulate(rows, headers="keys"))
    if said := holidays_unknown(standing.member.facts.calendar, standing.member.standing.span.last):
        click.echo(said)


def _spent(actual: dict[str, float] | None) -> str:
    if actual is None:
        return ""
    return " + ".join(f"{value} {name.replace('_', ' ')}" for name, value in actual.items() if value)
