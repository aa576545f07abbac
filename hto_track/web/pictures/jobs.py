"""The jobs in words: when each ran, how long it took, what it did, what is next, and one that was asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import clock_time, day, day_plain, moment, number, weekday
from hto_track.jobs.table import JOBS, SEND_MAIL, SLOTLESS, Job
from hto_track.rules.days import AMSTERDAM
from hto_track.services.job_requests import Requested
from hto_track.services.job_texts import TITLES, title_of
from hto_track.services.jobs import WITHHELD, PastRun, Run, part_of
from hto_track.services.scheduler_pulse import Pulse

SHOWN_FOR = timedelta(hours=12)
"""How long it is shown what came of a job that was asked for."""
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCard:
    """A job: its name, when, and a tag with the state of its last turn."""

    href: str
    title: Any
    purpose: Any
    facts: tuple[tuple[str, str], ...]
    tag: str
    tag_kind: str
    tag_icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsPicture:
    """The page: its title says whether something went wrong, ``standstill`` that nothing runs."""

    title: str
    standstill: str
    cards: tuple[JobCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PastLine:
    """A turn in the list; ``faults`` are its parts that failed, by name, with what it was."""

    day: str
    started: str
    took: str
    result: str
    is_wrong: bool
    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A job that was asked for: how it stands; ``is_open`` while more is to come, ``says`` what is read aloud at the end."""

    text: str
    detail: str
    kind: str
    icon: str
    is_open: bool
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobPage:
    """The page of one job. ``button`` asks for it now; empty while it was asked for."""

    name: str
    card: JobCard
    standstill: str
    asked: Asked | None
    button: str
    past: tuple[PastLine, ...]
    past_title: str
    note: str


CHANGES: dict[str, Callable[[int], str]] = {
    "opened": lambda number: ngettext("%(num)s warning opened", "%(num)s warnings opened", number),
    "escalated": lambda number: ngettext("%(num)s became more urgent", "%(num)s became more urgent", number),
    "eased": lambda number: ngettext("%(num)s became less urgent", "%(num)s became less urgent", number),
    "closed": lambda number: ngettext("%(num)s warning closed", "%(num)s warnings closed", number),
}


def jobs_picture(runs: Mapping[str, Run], pulse: Pulse, now: datetime) -> JobsPicture:
    """A card for each job."""
    failed = sum(run.error is not None for run in runs.values())
    title = (
        ngettext("%(num)s job went wrong", "%(num)s jobs went wrong", failed)
        if failed
        else _("All jobs run as they should")
        if pulse.is_alive
        else _("The jobs stand still")
    )
    return JobsPicture(
        title=title,
        standstill=_standstill(pulse),
        cards=(
            *(_card(job, run := runs.get(job.name), now, result=_result(run)) for job in JOBS),
            *(_slotless_card(name, pulse) for name in SLOTLESS),
        ),
    )


def job_page(job: Job, past: tuple[PastRun, ...], requested: Requested | None, pulse: Pulse, now: datetime) -> JobPage:
    """One job of the timetable with its last turns."""
    slot = job.timetable.latest(now.astimezone(AMSTERDAM).date())
    lines = tuple(map(_past, past))
    asked = _asked(requested, pulse, now)
    return JobPage(
        name=job.name,
        card=_card(job, past[0].run if past else None, now, result=lines[0].result if lines else "–"),
        standstill=_standstill(pulse),
        asked=asked,
        button="" if asked and asked.is_open else _("Run it now, for %(day)s", day=day(slot)),
        past=lines,
        past_title=ngettext("The last time", "The last %(num)s times", len(past)),
        note="" if past else _("It has not run yet."),
    )


def slotless_page(name: str, requested: Requested | None, pulse: Pulse, now: datetime) -> JobPage:
    """A job that has no turns: it looks again and again."""
    asked = _asked(requested, pulse, now)
    return JobPage(
        name=name,
        card=_slotless_card(name, pulse),
        standstill=_standstill(pulse),
        asked=asked,
        button="" if asked and asked.is_open else _("Run it now"),
        past=(),
        past_title="",
        note=_("This job has no turns of its own: what it sent and what waits is in the outbox."),
    )


def asked_text(name: str) -> str:
    """What is said after a job was asked for."""
    return _("‘%(job)s’ is asked for.", job=title_of(name))


def _card(job: Job, run: Run | None, now: datetime, *, result: str) -> JobCard:
    title, purpose = TITLES[job.name]
    tag, tag_kind, tag_icon = _state(run)
    return JobCard(
        href=url_for("jobs.job", job_name=job.name),
        title=title,
        purpose=purpose,
        facts=(
            (_("When"), _when(job, now)),
            (_("Last"), moment(run.started_at) if run else _("not yet")),
            (_("Took"), _took(run)),
            (_("Result"), result),
            (_("Next"), moment(job.timetable.next(now))),
        ),
        tag=tag,
        tag_kind=tag_kind,
        tag_icon=tag_icon,
    )


def _slotless_card(name: str, pulse: Pulse) -> JobCard:
    title, purpose = TITLES[name]
    tag, kind, icon = (
        (_("Runs"), "ok", "circle-check") if pulse.is_alive else (_("Stands still"), "bad", "circle-alert")
    )
    return JobCard(
        href=url_for("jobs.job", job_name=name),
        title=title,
        purpose=purpose,
        facts=(
            (_("When"), _("every few seconds") if name == SEND_MAIL else _("every minute")),
            (_("Last looked"), moment(pulse.seen_at) if pulse.seen_at else _("not yet")),
        ),
        tag=tag,
        tag_kind=kind,
        tag_icon=icon,
    )


def _standstill(pulse: Pulse) -> str:
    """That no scheduler is at work, since when, and what to do about it; empty while one is."""
    if pulse.is_alive:
        return ""
    since = (
        _("No job runs since %(moment)s.", moment=moment(pulse.seen_at))
        if pulse.seen_at
        else _("The jobs were never started.")
    )
    what = _(
        "The program that runs them does not run. On the server, start ‘hto-track scheduler’, or start ‘hto-track serve’ "
        "again. What was due is done then; what you ask for here waits until then."
    )
    return f"{since} {what}"


def _state(run: Run | None) -> tuple[str, str, str]:
    if run is None:
        return _("Not run yet"), "", "clock"
    if run.error is not None:
        return _("Went wrong"), "bad", "circle-alert"
    return _("Done for %(date)s", date=day_plain(date.fromisoformat(run.slot))), "ok", "circle-check"


def _when(job: Job, now: datetime) -> str:
    at = clock_time(job.timetable.at)
    if job.timetable.weekday is None:
        return _("every day, %(time)s", time=at)
    return _("every %(weekday)s, %(time)s", weekday=weekday(job.timetable.next(now).astimezone(AMSTERDAM)), time=at)


def _took(run: Run | None) -> str:
    """How long a turn took: in tenths of a second, from a minute on in whole ones."""
    if run is None or run.finished_at is None:
        return "–"
    seconds = max(timedelta(0), run.finished_at - run.started_at).total_seconds()
    if seconds < A_MINUTE.total_seconds():
        return _("%(number)s seconds", number=number(seconds, 1))
    return ngettext("%(num)s minute", "%(num)s minutes", round(seconds / A_MINUTE.total_seconds()))


def _result(run: Run | None) -> str:
    if run is None:
        return "–"
    if run.error is not None:
        return _fault(run.error)
    return _did(run.summary)


def _fault(error: str) -> str:
    return _("It went wrong; the administrators got a mail.") if error == WITHHELD else error


def _did(summary: Mapping[str, int]) -> str:
    """What came of a run, in words."""
    if "announced" in summary:
        return _("%(new)s announced, %(gone)s gone", new=summary["announced"], gone=summary["kept_no_longer"])
    if "sent" in summary:
        return _(
            "%(sent)s sent, %(deferred)s put off, %(dead)s given up",
            sent=summary["sent"],
            deferred=summary["deferred"],
            dead=summary["dead"],
        )
    if "mails" in summary:
        return ngettext("%(num)s mail put in the outbox", "%(num)s mails put in the outbox", summary["mails"])
    seen = summary.get("participants", 0)
    said = [ngettext("%(num)s participant looked at", "%(num)s participants looked at", seen)]
    said += [words(count) for key, words in CHANGES.items() if (count := summary.get(key, 0))]
    return ", ".join(said) if len(said) > 1 else _("%(seen)s, nothing changed", seen=said[0])


def _past(past: PastRun) -> PastLine:
    run = past.run
    is_wrong = run.error is not None
    result = _did(run.summary)
    if is_wrong and past.failed:
        result = ngettext(
            "%(num)s of %(parts)s parts failed",
            "%(num)s of %(parts)s parts failed",
            len(past.failed),
            parts=run.summary.get("parts", len(past.failed)),
        )
    elif is_wrong:
        result = _fault(run.error or "")
    return PastLine(
        day=day(date.fromisoformat(run.slot)),
        started=moment(run.started_at),
        took=_took(run),
        result=result,
        is_wrong=is_wrong,
        faults=tuple((part_of(part.name), _fault(part.error or "")) for part in past.failed),
    )


def _asked(requested: Requested | None, pulse: Pulse, now: datetime) -> Asked | None:
    """How a job that was asked for stands; None when that is long ago, or it never was."""
    if requested is None or (requested.done_at is not None and requested.done_at < now - SHOWN_FOR):
        return None
    if requested.done_at is None:
        return _open(requested, pulse)
    at = moment(requested.done_at)
    if requested.error is not None:
        text = _("Went wrong on %(moment)s", moment=at)
        detail = _fault(requested.error)
        return Asked(text=text, detail=detail, kind="bad", icon="circle-alert", is_open=False, says=text)
    text = _("Done on %(moment)s", moment=at)
    detail = _did(requested.summary)
    return Asked(text=text, detail=detail, kind="ok", icon="circle-check", is_open=False, says=f"{text}. {detail}")


def _open(requested: Requested, pulse: Pulse) -> Asked:
    asked_at = moment(requested.asked_at)
    if requested.taken_at is not None and pulse.is_alive:
        text, detail = _("Busy since %(moment)s", moment=moment(requested.taken_at)), ""
    else:
        text = _("Asked for on %(moment)s", moment=asked_at)
        detail = _("It begins within a minute.") if pulse.is_alive else _("It waits until the jobs run again.")
    return Asked(text=text, detail=detail, kind="", icon="clock", is_open=True, says="")
