"""What the diploma still asks of one participant: the ring of internship hours, and the list of requirements."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import (
    day_dated,
    day_plain,
    day_year,
    days_from_to,
    hours,
    hours_bare,
    hours_short,
    number,
    percent,
    week,
)
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.days import monday_of
from hto_track.rules.diploma import checkpoint_due_on, internship_worked_off_on, weeks_late
from hto_track.rules.requirement import RequirementState
from hto_track.rules.standing import Standing
from hto_track.services.views import CohortPlan, MemberStanding
from hto_track.web.pictures.charts import Ring, Strip, ring, segments
from hto_track.web.pictures.weeks import SUNDAY

_SEGMENT = {
    RequirementState.MET: "done",
    RequirementState.ON_TRACK: "busy",
    RequirementState.AT_RISK: "busy",
    RequirementState.OUT_OF_REACH: "bad",
}
_ICONS = {"busy": "clock", "risk": "triangle-alert", "bad": "circle-alert", "todo": "minus"}


@dataclass(frozen=True, slots=True, kw_only=True)
class InternshipHours:
    """The hours at a school: ring, the same in figures, and when they will be there."""

    ring: Ring
    figures: tuple[tuple[str, str], ...]
    forecast: str
    lacks_school: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A requirement that is not met yet. ``kind`` is its class: busy, risk, bad or todo."""

    title: str
    detail: str
    kind: str
    icon: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirements:
    """All that the diploma asks, in pieces: what is done, and what is not."""

    title: str
    strip: Strip
    count: str
    open: tuple[Requirement, ...]
    done: tuple[str, ...]
    forecast: str
    forecast_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    title: str
    detail: str
    state: RequirementState
    has_begun: bool = True


def internship_hours(person: MemberStanding) -> InternshipHours:
    """The ring and its figures."""
    held = person.standing.internship
    figures = [
        (_("Confirmed"), hours_short(held.confirmed)),
        (_("Waiting for the school"), hours_short(held.awaiting)),
        (_("Still needed"), hours_short(held.remaining)),
    ]
    if held.rejected:
        figures.append((_("Not confirmed"), hours_short(held.rejected)))
    return InternshipHours(
        ring=ring(
            held.confirmed,
            held.awaiting,
            held.minimum,
            held.maximum,
            label=_(
                "%(counted)s of at least %(minimum)s hours of internship; %(confirmed)s confirmed, %(awaiting)s waiting",
                counted=hours_bare(held.counted),
                minimum=hours_bare(held.minimum),
                confirmed=hours_bare(held.confirmed),
                awaiting=hours_bare(held.awaiting),
            ),
            total=hours_bare(held.counted, 1),
            aim=_("of %(minimum)s–%(maximum)s h", minimum=hours_bare(held.minimum), maximum=hours_bare(held.maximum)),
        ),
        figures=tuple(figures),
        forecast=_internship_forecast(person),
        lacks_school=not person.facts.placements and held.remaining > 0,
    )


def requirements(person: MemberStanding, plan: CohortPlan) -> Requirements:
    """The list, those not met first."""
    items = tuple(_items(person, plan))
    met = [item for item in items if item.state is RequirementState.MET]
    forecast, forecast_class = _forecast(person)
    ordered = sorted(items, key=lambda item: item.state is not RequirementState.MET)
    count = count_done(person.standing)
    return Requirements(
        title=_("What the diploma asks") if len(met) == len(items) else _("Still needed for the diploma"),
        strip=segments(
            [_segment(item) for item in ordered],
            label=_("Requirements of the diploma: %(count)s", count=count),
        ),
        count=count,
        open=tuple(_requirement(item) for item in items if item.state is not RequirementState.MET),
        done=tuple(item.title for item in met),
        forecast=forecast,
        forecast_class=forecast_class,
    )


def count_done(standing: Standing) -> str:
    """``3 of 9 done``: each requirement counts, each checkpoint too, and learning outcomes only where there are any."""
    needed = standing.requirements
    states = [needed.internship, needed.assignments, needed.attendance, needed.final_assessment]
    states += [needed.outcomes] if standing.outcomes.states else []
    states += standing.checkpoints.states.values()
    done = sum(state is RequirementState.MET for state in states)
    return _("%(done)s of %(total)s done", done=done, total=len(states))


def _segment(item: _Item) -> str:
    return _SEGMENT[item.state] if item.has_begun or item.state is not RequirementState.ON_TRACK else "todo"


def _requirement(item: _Item) -> Requirement:
    if item.state is RequirementState.OUT_OF_REACH:
        kind, state = "bad", _("Not within reach")
    elif item.state is RequirementState.AT_RISK:
        kind, state = "risk", _("At risk")
    else:
        kind, state = ("busy", _("In progress")) if item.has_begun else ("todo", _("Not yet"))
    return Requirement(title=item.title, detail=item.detail, kind=kind, icon=_ICONS[kind], state=state)


def _items(person: MemberStanding, plan: CohortPlan) -> Iterator[_Item]:
    standing, needed = person.standing, person.standing.requirements
    held, attendance = standing.internship, standing.attendance
    yield _Item(
        title=_("Internship hours"),
        detail=_(
            "%(counted)s of %(minimum)s hours · %(remaining)s hours left",
            counted=hours_bare(held.counted),
            minimum=hours_bare(held.minimum),
            remaining=hours_bare(held.remaining),
        ),
        state=needed.internship,
        has_begun=held.counted > 0,
    )
    yield _Item(
        title=_("Assignments"),
        detail=_assignments_detail(standing, plan),
        state=needed.assignments,
        has_begun=any(item.attempts_used for item in standing.assignments.mandatory),
    )
    if standing.outcomes.states:
        yield _Item(
            title=_("Learning outcomes"),
            detail=_(
                "%(achieved)s of %(total)s achieved",
                achieved=len(standing.outcomes.achieved),
                total=len(standing.outcomes.states),
            ),
            state=needed.outcomes,
            has_begun=bool(standing.outcomes.achieved),
        )
    minimum = percent(person.facts.programme.min_attendance)
    yield _Item(
        title=_("Attendance"),
        detail=_("%(minimum)s needed", minimum=minimum)
        if attendance.rate is None
        else _(
            "%(rate)s, %(minimum)s needed · %(attended)s of %(held)s lessons",
            rate=percent(attendance.rate),
            minimum=minimum,
            attended=attendance.attended,
            held=attendance.held,
        ),
        state=needed.attendance,
        has_begun=attendance.held > 0,
    )
    yield from _checkpoints(person, plan)
    yield _Item(
        title=_("Closing interview"),
        detail=_("With the college, towards the end"),
        state=needed.final_assessment,
        has_begun=False,
    )


def _checkpoints(person: MemberStanding, plan: CohortPlan) -> Iterator[_Item]:
    titles = {checkpoint.code: checkpoint.title for checkpoint in plan.checkpoints}
    for checkpoint in person.facts.checkpoints:
        due_on = checkpoint_due_on(checkpoint, person.standing.span)
        yield _Item(
            title=titles.get(checkpoint.code, checkpoint.code),
            detail=_("Sometime during the training")
            if due_on is None
            else _("By %(date)s", date=day_dated(due_on, person.standing.span.on)),
            state=person.standing.checkpoints.states[checkpoint.code],
            has_begun=False,
        )


def _assignments_detail(standing: Standing, plan: CohortPlan) -> str:
    """How many are done, and the next that is not, with its date."""
    mandatory = standing.assignments.mandatory
    titles = {assignment.code: assignment.title for assignment in plan.assignments}
    done = _("%(done)s of %(total)s", done=len(standing.assignments.done), total=len(mandatory))
    waiting = sorted(
        (
            item
            for item in mandatory
            if item.state in (AssignmentState.OVERDUE, AssignmentState.RESIT, AssignmentState.OPEN)
        ),
        key=lambda item: item.due_on,
    )
    failed = [item for item in mandatory if item.state is AssignmentState.FAILED]
    if failed:
        return _(
            "%(done)s · %(title)s: not passed, no attempts left",
            done=done,
            title=titles.get(failed[0].assignment.code, failed[0].assignment.code),
        )
    if not waiting:
        return done
    following = waiting[0]
    said = {
        "done": done,
        "title": titles.get(following.assignment.code, following.assignment.code),
        "date": day_dated(following.due_on, standing.span.on),
    }
    if following.state is AssignmentState.OVERDUE:
        return _("%(done)s · %(title)s: not handed in yet, was for %(date)s", **said)
    if following.state is AssignmentState.RESIT:
        return _("%(done)s · %(title)s again: by %(date)s", **said)
    return _("%(done)s · %(title)s: by %(date)s", **said)


def _internship_forecast(person: MemberStanding) -> str:
    held, span = person.standing.internship, person.standing.span
    minimum = hours(held.minimum)
    if not held.remaining:
        if held.awaiting and held.confirmed < held.minimum:
            return _("All hours are logged. The school still has to confirm them.")
        return _("All hours are there.")
    if person.standing.expected_on is not None:
        done_on = internship_worked_off_on(person.facts, span, held.remaining)
        if done_on is not None:
            monday = monday_of(done_on)
            year = "" if done_on.year == span.on.year else f" {done_on.year}"
            return _(
                "At the pace so far the %(minimum)s are there in %(week)s (%(dates)s).",
                minimum=minimum,
                week=week(done_on),
                dates=f"{days_from_to(monday, monday + SUNDAY)}{year}",
            )
    if held.pace_needed is None:
        return _("No school days are left to do them.")
    return _(
        "%(pace)s a week are needed, until %(last_day)s.",
        pace=hours(held.pace_needed, 1),
        last_day=day_dated(span.last, span.on),
    )


def _forecast(person: MemberStanding) -> tuple[str, str]:
    """The expected date beside the last day, in a sentence; its class when it is late."""
    standing, span = person.standing, person.standing.span
    if person.diploma is not None:
        return (
            _(
                "Awarded on %(date)s, number %(number)s.",
                date=day_year(person.diploma.awarded_on),
                number=person.diploma.register_number,
            ),
            "ok",
        )
    if standing.requirements.state is RequirementState.MET:
        return _("Everything is done: the college can award the diploma."), "ok"
    if standing.expected_on is None:
        return "", ""
    weeks = weeks_late(standing.expected_on, span)
    said = f"{day_plain(standing.expected_on)} {standing.expected_on.year}"
    if weeks == 0:
        return _("Forecast: %(date)s at the earliest, on time.", date=said), "ok"
    if weeks is None:
        return _("Forecast: more than a year after the last day."), "warn"
    return (
        ngettext(
            "Forecast: %(date)s at the earliest, %(weeks)s week later.",
            "Forecast: %(date)s at the earliest, %(weeks)s weeks later.",
            weeks,
            date=said,
            weeks=number(weeks, 0),
        ),
        "warn",
    )
