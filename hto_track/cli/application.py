"""What every command shares: the application with a current schema, and faults as lines on stderr."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import wraps
from typing import IO, Any, ParamSpec, TypeVar

import click
from flask import Flask
from sqlalchemy.exc import DatabaseError, OperationalError

from hto_track import clock
from hto_track.app import create_app
from hto_track.config import Settings, SettingsError
from hto_track.rules.days import FIRST_YEAR, LAST_YEAR
from hto_track.services.migrations import Schema, schema, upgrade_schema
from hto_track.services.refusals import NotFound, Refused

P = ParamSpec("P")
R = TypeVar("R")


NEWER_DATABASE = (
    "The database is newer than this program: install the version that it was last used with, or a later one"
)


class Faults(click.ClickException):
    """What could not be done: one clear line each on stderr, exit status 1."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    def show(self, file: IO[str] | None = None) -> None:
        """The lines and nothing else."""
        for line in self.lines:
            click.echo(line, err=True, file=file)


@contextmanager
def application(settings: Settings | None = None) -> Iterator[Flask]:
    """The application, its context pushed and its schema current: an empty database is migrated, an older one is not."""
    with reporting_faults():
        app = create_app(settings)
        with app.app_context():
            match schema():
                case Schema.EMPTY:
                    upgrade_schema()
                case Schema.BEHIND:
                    raise Faults("The database is older than this program: run 'hto-track db upgrade' first")
                case Schema.AHEAD:
                    raise Faults(NEWER_DATABASE)
            with reporting_faults():  # here, because outside the context nothing is translated
                yield app


@contextmanager
def reporting_faults() -> Iterator[None]:
    """Turn what a person may run into into ``Faults``."""
    try:
        yield
    except SettingsError as error:
        raise Faults(str(error)) from None
    except Refused as refused:
        raise Faults(*map(str, refused.refusals)) from None
    except NotFound as missing:
        raise Faults(str(missing) or "There is no such thing") from None
    except UnicodeEncodeError as error:
        if error.reason != "surrogates not allowed":
            raise
        raise Faults("A word of this command is not text in UTF-8") from None
    except DatabaseError as error:
        if type(error) not in (
            OperationalError,
            DatabaseError,
        ):  # its other kinds are faults of ours, not of the database
            raise
        raise Faults(f"The database cannot be used: {error.orig}") from None


def with_application(command: Callable[P, R]) -> Callable[P, R]:
    """A command that runs inside ``application()``."""

    @wraps(command)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with application():
            return command(*args, **kwargs)

    return inside


class IsoDate(click.ParamType):
    """A date like 2026-06-14."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date, or wrong usage."""
        if isinstance(value, date):
            return value
        try:
            on = datetime.strptime(value, "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a date like 2026-06-14", param, ctx)
        if not FIRST_YEAR <= on.year <= LAST_YEAR:
            self.fail(f"{value!r} is not between {FIRST_YEAR} and {LAST_YEAR}", param, ctx)
        return on


on_option = click.option("--on", type=IsoDate(), default=None, help="The date it is asked for; today without it.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")


def date_asked(on: date | None) -> date:
    """``on``, or today."""
    return on or clock.today()


def print_json(document: dict[str, Any]) -> None:
    """One JSON object on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
