"""``import`` and ``export``: files in and out."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track import clock
from hto_track.cli.application import Faults, json_option, print_json, with_application
from hto_track.documents.tables import NotWritten, read_tables, write_tables
from hto_track.services.cohort_invitations import invite_participants
from hto_track.services.exporting import export_cohort
from hto_track.services.importing import Counts, ImportResult, import_files
from hto_track.services.policy import CONSOLE

ROWS_WORTH_A_BAR = 1_000


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--invite", is_flag=True, help="Mail every new participant an invitation.")
@json_option
@with_application
def import_(path: Path, invite: bool, as_json: bool) -> None:
    """Import a folder of CSV files, or one XLSX workbook: all of it, or nothing."""
    tables = read_tables(path)
    rows = sum(len(sheet.rows) for sheet in tables.sheets)
    with _progress(not as_json and rows > ROWS_WORTH_A_BAR and sys.stderr.isatty()) as progress:
        result = import_files(CONSOLE, tables, clock.today(), progress)
    arrived = (*result.new_participants, *result.new_addresses)
    invited = invite_participants(CONSOLE, arrived).first_time if invite else None
    if as_json:
        files = {file: _numbers(counts) for file, counts in result.files.items()}
        print_json(_numbers(result.total) | {"files": files} | ({} if invited is None else {"invited": invited}))
        return
    _print(result)
    if invited is not None:
        click.echo(ngettext("%(num)s participant invited", "%(num)s participants invited", invited))


@click.command("export")
@click.argument("cohort")
@click.argument("path", type=click.Path(path_type=Path))
@with_application
def export(cohort: str, path: Path) -> None:
    """Export a cohort: one workbook when PATH ends in .xlsx, else a new folder of CSV files."""
    tables = export_cohort(CONSOLE, cohort)
    try:
        write_tables(tables, path)
    except NotWritten:
        raise Faults(_("%(path)s: something is there already; name a new place", path=path)) from None
    except OSError as error:
        raise Faults(_("%(path)s cannot be written: %(reason)s", path=path, reason=error.strerror)) from None


def _numbers(counts: Counts) -> dict[str, object]:
    return {"created": counts.created, "updated": counts.updated, "unchanged": counts.unchanged}


def _print(result: ImportResult) -> None:
    for file, counts in result.files.items():
        click.echo(f"{file}: {_in_words(counts)}")
    click.echo(_("together: %(counts)s", counts=_in_words(result.total)))


def _in_words(counts: Counts) -> str:
    words: str = _(
        "%(created)s created, %(updated)s updated, %(unchanged)s unchanged",
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
    )
    return words


@contextmanager
def _progress(is_shown: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr, or nothing."""
    if not is_shown:
        yield lambda done, total: None
        return
    with click.progressbar(length=1, file=sys.stderr, label=_("Importing")) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show
