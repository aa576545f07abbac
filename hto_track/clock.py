"""Now, in Amsterdam. Only web, cli, jobs and the time stamps of services ask; a rule is told."""

from datetime import UTC, date, datetime

from flask import current_app

from hto_track.config import Settings
from hto_track.rules.days import AMSTERDAM


def today() -> date:
    """The date in Amsterdam, or the one the settings fix."""
    return now().astimezone(AMSTERDAM).date()


def now() -> datetime:
    """The moment in UTC; with a fixed today, this time of the day on that date."""
    settings: Settings = current_app.extensions["hto_settings"]
    moment = datetime.now(AMSTERDAM)
    if settings.today is not None:
        moment = datetime.combine(settings.today, moment.time(), AMSTERDAM)
    return moment.astimezone(UTC)
