"""``hto-track serve``, ``demo`` and ``scheduler``: what keeps running."""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import click

from hto_track.app import create_app
from hto_track.cli import demo_database
from hto_track.cli.application import application
from hto_track.cli.server import SupervisedScheduler, require_free, run_server
from hto_track.config import ROOT, settings_from
from hto_track.extensions import db
from hto_track.jobs.scheduler import run_scheduler

port_option = click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@port_option
@click.option("--workers", type=click.IntRange(1, 64), default=None, help="Processes; two or more, by the cores.")
@click.option("--no-scheduler", is_flag=True, help="Serve pages only; run 'hto-track scheduler' somewhere else.")
def serve(host: str, port: int, workers: int | None, no_scheduler: bool) -> None:
    """Serve the site, with one scheduler beside it."""
    require_free(host, port)
    with application():
        db.engine.dispose()
    run_server(
        create_app,
        host=host,
        port=port,
        workers=workers or default_workers(),
        scheduler=None if no_scheduler else SupervisedScheduler(environment=os.environ),
        when_ready=partial(click.echo, f"HTO Track listens on http://{host}:{port}"),
    )


@click.command()
@port_option
def demo(port: int) -> None:
    """Serve a fresh demo database of two example cohorts; everybody in it is invented."""
    host = "127.0.0.1"
    require_free(host, port)
    path = ROOT / "instance" / f"demo-{port}.sqlite3"
    environment = _demo_environment(f"sqlite:///{path}", f"http://{host}:{port}")
    settings = replace(settings_from(environment), offers_roles=True)
    demo_database.remove(path)
    click.echo("Making the demo database ...")
    with application(settings):
        demo_database.fill()
        sign_in = demo_database.how_to_sign_in(settings.base_url)
        db.engine.dispose()
    run_server(
        partial(create_app, settings),
        host=host,
        port=port,
        workers=default_workers(),
        scheduler=SupervisedScheduler(environment=environment),
        when_ready=partial(click.echo, sign_in),
    )


@click.command()
@click.option("--parent", type=int, default=None, hidden=True, help="Stop when this process is gone.")
def scheduler(parent: int | None) -> None:
    """Run the scheduler alone, for a second node."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("apscheduler", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    with application() as app:
        db.engine.dispose()
    run_scheduler(app, lambda: parent is not None and os.getppid() != parent)


def default_workers() -> int:
    """A process a core, two at least, four at most: threads do the rest."""
    return min(max(os.cpu_count() or 2, 2), 4)


def _demo_environment(database_url: str, base_url: str) -> Mapping[str, str]:
    """What the demo and its scheduler run under. No mail leaves it: its addresses are invented."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HTO_SMTP_")}
    return kept | {
        "HTO_DATABASE_URL": database_url,
        "HTO_TODAY": demo_database.TODAY.isoformat(),
        "HTO_BASE_URL": base_url,
    }
