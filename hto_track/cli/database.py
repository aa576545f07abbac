"""``hto-track db upgrade`` and ``hto-track check``."""

import click

from hto_track.app import create_app
from hto_track.cli.application import NEWER_DATABASE, Faults, reporting_faults, with_application
from hto_track.services.integrity import faults
from hto_track.services.migrations import Schema, schema, upgrade_schema


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
@with_application
def check() -> None:
    """Is everything whole: foreign keys, audit trail, sums."""
    found = faults()
    if found:
        raise Faults(*found)
    click.echo("Everything is whole.")
