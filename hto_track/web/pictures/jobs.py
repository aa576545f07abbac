"""The jobs in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import clock_time, day_plain, moment, weekday
from hto_track.jobs.table import JOBS, Job
from hto_track.rules.days import AMSTERDAM
from hto_track.services.jobs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCard:
    """A job: its name, when, and a tag with the state of its last turn."""

    title: Any
    purpose: Any
    when: str
    last: str
    result: str
    next: str
    tag: str
    tag_kind: str
    tag_icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsPicture:
    """The page: its title says whether something went wrong."""

    title: str
    cards: tuple[JobCard, ...]


TITLES: dict[str, tuple[Any, Any]] = {
    "evaluate_warnings": (_l("Evaluating warnings"), _l("Looks at everyone of every cohort, once a day.")),
    "participant_digest": (_l("Weekly mail to participants"), _l("To everyone with an open warning.")),
    "leader_digest": (_l("Weekly mail to project leaders"), _l("About the cohorts they lead.")),
    "assessment_news": (
        _l("Mail about what was assessed"),
        _l("One to each participant with something new, on weekdays; without what came of it."),
    ),
    "retention": (_l("Letting old data go"), _l("Announces what is kept long enough; two weeks later it goes.")),
}


CHANGES: dict[str, Callable[[int], str]] = {
    "opened": lambda number: ngettext("%(num)s warning opened", "%(num)s warnings opened", number),
    "escalated": lambda number: ngettext("%(num)s became more urgent", "%(num)s became more urgent", number),
    "eased": lambda number: ngettext("%(num)s became less urgent", "%(num)s became less urgent", number),
    "closed": lambda number: ngettext("%(num)s warning closed", "%(num)s warnings closed", number),
}


def jobs_picture(runs: Mapping[str, Run], now: datetime) -> JobsPicture:
    """A card for each job of the table."""
    failed = sum(run.error is not None for run in runs.values())
    title = (
        ngettext("%(num)s job went wrong", "%(num)s jobs went wrong", failed)
        if failed
        else _("All jobs run as they should")
    )
    return JobsPicture(title=title, cards=tuple(_card(job, runs.get(job.name), now) for job in JOBS))


def _card(job: Job, run: Run | None, now: datetime) -> JobCard:
    title, purpose = TITLES[job.name]
    tag, tag_kind, tag_icon = _state(run)
    return JobCard(
        title=title,
        purpose=purpose,
        when=_when(job, now),
        last=moment(run.started_at) if run else _("not yet"),
        result=_result(run),
        next=moment(job.timetable.next(now)),
        tag=tag,
        tag_kind=tag_kind,
        tag_icon=tag_icon,
    )


def _state(run: Run | None) -> tuple[str, str, str]:
    if run is None:
        return _("Not run yet"), "", "clock"
    if run.error is not None:
        return _("Went wrong"), "bad", "circle-alert"
    return _("Done for %(date)s", date=day_plain(datetime.fromisoformat(run.slot).date())), "ok", "circle-check"


def _when(job: Job, now: datetime) -> str:
    at = clock_time(job.timetable.at)
    if job.timetable.weekday is None:
        return _("every day, %(time)s", time=at)
    return _("every %(weekday)s, %(time)s", weekday=weekday(job.timetable.next(now).astimezone(AMSTERDAM)), time=at)


def _result(run: Run | None) -> str:
    if run is None:
        return "–"
    if run.error is not None:
        return run.error
    if "announced" in run.summary:
        return _("%(new)s announced, %(gone)s gone", new=run.summary["announced"], gone=run.summary["kept_no_longer"])
    if "mails" in run.summary:
        return ngettext("%(num)s mail put in the outbox", "%(num)s mails put in the outbox", run.summary["mails"])
    seen = run.summary.get("participants", 0)
    said = [ngettext("%(num)s participant looked at", "%(num)s participants looked at", seen)]
    said += [words(number) for key, words in CHANGES.items() if (number := run.summary.get(key, 0))]
    return ", ".join(said) if len(said) > 1 else _("%(seen)s, nothing changed", seen=said[0])
