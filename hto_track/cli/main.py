"""The console script: one group, its commands by column."""

import sys

import click

from hto_track.cli import accounts, database, diploma, exemptions, importing, jobs, load, serving, status, warnings
from hto_track.cli.application import Faults


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """HTO Track: takes a cohort of hybride techniekopleiders through its training, with an honest load."""


cli.add_command(serving.serve)
cli.add_command(serving.demo)
cli.add_command(serving.scheduler)
cli.add_command(database.db)
cli.add_command(database.check)
cli.add_command(importing.import_)
cli.add_command(importing.export)
cli.add_command(status.status)
cli.add_command(load.load)
cli.add_command(warnings.warnings)
cli.add_command(exemptions.exemptions)
cli.add_command(diploma.diploma)
cli.add_command(jobs.jobs)
cli.add_command(accounts.user)


def main() -> None:
    """Run a command; what could not be done is one line per fault on stderr, exit status 1."""
    try:
        cli(standalone_mode=True)
    except Faults as faults:
        for line in faults.lines:
            click.echo(line, err=True)
        sys.exit(1)
