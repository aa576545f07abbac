"""``hto-track exemptions``: a participant's files for the follow-on routes."""

from datetime import date

import click
from tabulate import tabulate

from hto_track.cli.application import date_asked, json_option, on_option, print_json, with_application
from hto_track.documents.exemptions import exemptions_document
from hto_track.services.exemptions import route_files
from hto_track.services.policy import CONSOLE


@click.command()
@click.argument("participant")
@on_option
@json_option
@with_application
def exemptions(participant: str, on: date | None, as_json: bool) -> None:
    """The route files of PARTICIPANT, with their totals."""
    found = route_files(CONSOLE, participant, date_asked(on))
    document = exemptions_document(participant, found.files)
    if as_json:
        print_json(document)
        return
    for route in document["routes"]:
        click.echo(
            f"{route['route']} {found.route_titles[route['route']]}: {route['credits_exempt']} of {route['credits']} EC "
            f"exempt, {route['credits_left']} EC and {route['terms_left']} of {route['terms']} terms left"
        )
        click.echo(tabulate(route["modules"], headers="keys"))
