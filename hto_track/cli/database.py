"""``hto-track db upgrade`` and ``hto-track check``."""

import click

from hto_track.app import create_app
from hto_track.cli.application import NEWER_DATABASE, Faults, reporting_faults, with_application
from hto_track.services.audit_chain import end_of_trail, fault_of_end, seal_anew
from hto_track.services.integrity import faults
from hto_track.services.migrations import Schema, schema, upgrade_schema
from hto_track.services.policy import CONSOLE


@click.group()
def db() -> None:
    """The database."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest migration."""
    with reporting_faults(), create_app().app_context():
        if schema() is Schema.AHEAD:
            raise Faults(NEWER_DATABASE)
        upgrade_schema()


@click.command()
@click.option("--end", metavar="NUMBER:HASH", help="The end of the audit trail as it was kept elsewhere.")
@click.option("--seal", is_flag=True, help="After HTO_SECRET_KEY was changed: seal the audit trail with the new one.")
@with_application
def check(end: str | None, seal: bool) -> None:
    """Is everything whole: foreign keys, audit trail, sums. Keep the end of the audit trail that it prints elsewhere."""
    if seal:
        seal_anew(CONSOLE)
    found = faults()
    if end is not None and (changed := fault_of_end(end)):
        found.append(changed)
    if found:
        raise Faults(*found)
    click.echo("Everything is whole.")
    click.echo(f"The audit trail ends at {end_of_trail()}")
