"""``hto-track diploma``: the register of diplomas."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import click

from hto_track.cli.application import Faults, IsoDate, with_application
from hto_track.services.diploma import award_diploma, revoke_diploma
from hto_track.services.diploma_register import Verdict, Verification, verify_document
from hto_track.services.policy import CONSOLE

MOST_BYTES = 20 * 1024 * 1024
"""Of a file that is checked; a diploma is far smaller."""

on_date = click.option("--on", type=IsoDate(), required=True, help="The date it holds from.")
in_name_of = click.option("--by", required=True, metavar="EMAIL", help="Who of the college does it.")


@click.group()
def diploma() -> None:
    """Award, revoke and verify diplomas."""


@diploma.command()
@click.argument("cohort")
@click.argument("participant")
@on_date
@in_name_of
@click.option("--ground", default=None, help="Why, although not every requirement is met; kept in the register.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), default=None, help="Where to write the PDF.")
@with_application
def award(cohort: str, participant: str, on: date, by: str, ground: str | None, pdf: Path | None) -> None:
    """Award PARTICIPANT of COHORT the diploma and print its register number."""
    with _file_at(pdf) as file:
        awarded = award_diploma(CONSOLE, cohort, participant, on, by, ground)
        if file is not None:
            file.write(awarded.document)
    click.echo(f"{awarded.register_number}  {awarded.holder}, awarded on {awarded.awarded_on}")


@diploma.command()
@click.argument("cohort")
@click.argument("participant")
@on_date
@in_name_of
@click.option("--reason", required=True, help="Why; kept in the register.")
@with_application
def revoke(cohort: str, participant: str, on: date, by: str, reason: str) -> None:
    """Revoke the diploma that PARTICIPANT of COHORT has; its entry stays in the register."""
    revoked = revoke_diploma(CONSOLE, cohort, participant, on, by, reason)
    click.echo(f"{revoked.register_number}  {revoked.holder}, revoked on {revoked.revoked_on}")


@diploma.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_application
def verify(file: Path) -> None:
    """Say whether FILE is a diploma of this register, unchanged and in force."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise Faults(f"{file} is larger than a diploma can be")
        document = file.read_bytes()
    except OSError as error:
        raise Faults(f"{file} cannot be read: {error.strerror}") from None
    verification = verify_document(document)
    if verification.verdict is not Verdict.VALID:
        raise Faults(_said(verification))
    click.echo(_said(verification))


def _said(verification: Verification) -> str:
    number = verification.register_number
    match verification.verdict:
        case Verdict.VALID:
            by = f" by {verification.college}" if verification.college else ""
            return f"valid: {number}, {verification.holder}, awarded on {verification.awarded_on}{by}"
        case Verdict.REVOKED:
            return f"revoked: {number}, {verification.holder}, was revoked on {verification.revoked_on}"
        case Verdict.ALTERED:
            return f"altered: this file names {number}, but it is not the document that was issued"
        case Verdict.UNKNOWN:
            return "unknown: this file is no diploma of this register"


@contextmanager
def _file_at(path: Path | None) -> Iterator[IO[bytes] | None]:
    """A file that appears at ``path`` once the block has written it: where it cannot be made, nothing is awarded."""
    if path is None:
        yield None
        return
    try:
        if path.exists() and not path.is_file():  # a folder, or a device that would be replaced
            raise FileExistsError(None, "something that is no file is there")
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                yield file
                file.flush()
                Path(file.name).chmod(0o644)
                Path(file.name).replace(path)
            finally:
                Path(file.name).unlink(missing_ok=True)
    except OSError as error:
        raise Faults(f"{path} cannot be written: {error.strerror}") from None
