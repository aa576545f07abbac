"""A participant's assignments: what to do first, what exactly is expected, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import day, day_dated, day_plain, hours, when
from hto_track.rules.assignments import DONE, AssignmentState
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.own_assignments import (
    AssignmentPage,
    DueBecause,
    OutcomeProgress,
    OwnAssignment,
    OwnAttempt,
    ParticipantAssignments,
    Progress,
)
from hto_track.services.received_files import ACCEPTED, LARGEST, MEGABYTE
from hto_track.web.navigation import opens
from hto_track.web.pictures.charts import Strip, segments
from hto_track.web.pictures.hand_ins import HandInLine, hand_in_line
from hto_track.web.sent_forms import new_key

STATES: dict[AssignmentState, tuple[Any, str, str]] = {
    AssignmentState.SUBMITTED: (_l("Handed in, waits for assessment"), "", "inbox"),
    AssignmentState.PASSED: (_l("Passed"), "ok", "check"),
    AssignmentState.EXEMPT: (_l("Exempt"), "ok", "check"),
    AssignmentState.FAILED: (_l("No attempts left"), "bad", "circle-alert"),
    AssignmentState.OVERDUE: (_l("Not handed in yet"), "warn", "clock"),
    AssignmentState.RESIT: (_l("Resit"), "warn", "history"),
    AssignmentState.OPEN: (_l("To do"), "", "minus"),
}
_TO_DO = (AssignmentState.OVERDUE, AssignmentState.RESIT, AssignmentState.OPEN)
_PIECES = {AssignmentState.SUBMITTED: "busy", AssignmentState.RESIT: "busy", AssignmentState.FAILED: "bad"}
_PROGRESS: dict[Progress, tuple[Any, str, str]] = {
    Progress.DONE: (_l("Done"), "done", "check"),
    Progress.BUSY: (_l("In progress"), "busy", "clock"),
    Progress.TO_DO: (_l("Not yet"), "todo", "minus"),
}

_DONE = "done"
_GROUPS: dict[str, Any] = {
    "now": _l("Now"),
    AssignmentState.SUBMITTED.value: _l("Waits for assessment"),
    AssignmentState.FAILED.value: _l("No attempts left"),
    "later": _l("Later"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A learning outcome with how far it is; ``kind`` is its class."""

    title: str
    state: str
    kind: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An assignment in the list; ``href`` is empty where its page is not the reader's."""

    code: str
    href: str
    title: str
    details: str
    why: str
    state: str
    state_class: str
    state_icon: str
    extension: str
    """Where an extension is given, empty where the reader gives none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """All assignments of a participant, by what is to be done with them."""

    title: str
    crumb_href: str
    crumb: str
    count: str
    strip: Strip
    outcomes_title: str
    outcomes_strip: Strip
    outcomes: tuple[Outcome, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    done: tuple[Line, ...]
    done_title: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPart:
    """An attempt: what was handed in for it, what came of it, and what the teacher wrote."""

    title: str
    state: str
    state_class: str
    state_icon: str
    told: str
    feedback: str
    newest: tuple[HandInLine, ...]
    earlier: tuple[HandInLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAssignmentPage:
    """One assignment. ``form_title`` is empty where nothing can be handed in."""

    code: str
    title: str
    state: str
    state_class: str
    state_icon: str
    due: str
    why: str
    figures: tuple[tuple[str, str], ...]
    outcomes: tuple[Outcome, ...]
    criteria: str
    attempts: tuple[AttemptPart, ...]
    form_title: str
    form_note: str
    what_next: str
    accept: str
    limits: str
    most_bytes: int
    too_large: str
    link: str
    key: str


def list_page(known: ParticipantAssignments, *, is_own: bool) -> ListPage:
    """The list, for the participant or for who guides them."""
    items = known.assignments
    lines: dict[str, list[Line]] = {}
    for item in items:
        lines.setdefault(_group(item, known.on), []).append(_line(item, known, is_own=is_own))
    groups = tuple((str(title), tuple(lines[name])) for name, title in _GROUPS.items() if name in lines)
    done = tuple(lines.get(_DONE, ()))
    count = _("%(done)s of %(total)s done", done=known.done, total=known.mandatory)
    outcomes_title = _(
        "Learning outcomes: %(done)s of %(total)s done", done=known.outcomes_done, total=len(known.outcomes)
    )
    ordered = sorted(known.outcomes, key=lambda outcome: list(Progress).index(outcome.progress))
    return ListPage(
        title=_("Assignments") if is_own else _("Assignments of %(name)s", name=known.member.name),
        crumb_href="" if is_own else url_for("traject.of_participant", participant_code=known.member.code),
        crumb="" if is_own else known.member.name,
        count=count,
        strip=segments(
            [_piece(item) for item in sorted(items, key=_done_first) if item.plan.mandatory],
            label=_("Assignments: %(count)s", count=count),
        ),
        outcomes_title=outcomes_title,
        outcomes_strip=segments([_PROGRESS[outcome.progress][1] for outcome in ordered], label=outcomes_title),
        outcomes=tuple(map(_outcome, known.outcomes)),
        groups=groups,
        done=done,
        done_title=ngettext("%(num)s assignment done", "%(num)s assignments done", len(done)),
        is_own=is_own,
    )


def own_assignment_page(known: AssignmentPage, typed: Mapping[str, str] | None = None) -> OwnAssignmentPage:
    """One assignment; ``typed`` is what was filled in before."""
    item, standing = known.item, known.item.standing
    words, kind, icon = STATES[standing.state]
    is_to_do = standing.state in _TO_DO
    form_title, form_note = _form_words(known)
    most = LARGEST // MEGABYTE
    return OwnAssignmentPage(
        code=item.plan.code,
        title=f"{item.plan.code} {item.plan.title}",
        state=str(words),
        state_class=kind,
        state_icon=icon,
        due=_due(item, known) if is_to_do else "",
        why=_why(item, known.extension_reason) if is_to_do else "",
        figures=tuple(_figures(known)),
        outcomes=tuple(map(_outcome, known.outcomes)),
        criteria=known.criteria or "",
        attempts=tuple(map(_attempt, known.attempts)),
        form_title=form_title,
        form_note=form_note,
        what_next=_what_next(known),
        accept=",".join(ACCEPTED),
        limits=_(
            "PDF, Word, Excel, PowerPoint, OpenDocument, JPEG, PNG or plain text; at most %(most)s MB.", most=most
        ),
        most_bytes=LARGEST,
        too_large=_("This file is larger than %(most)s MB. Choose a smaller one, or fill in a link.", most=most),
        link=(typed or {}).get("link", ""),
        key=new_key(),
    )


def _group(item: OwnAssignment, on: date) -> str:
    state = item.standing.state
    if state in DONE:
        return _DONE
    if state is AssignmentState.OPEN:
        return "now" if item.plan.opens_on <= on else "later"
    return "now" if state in _TO_DO else state.value


def _line(item: OwnAssignment, known: ParticipantAssignments, *, is_own: bool) -> Line:
    words, kind, icon = STATES[item.standing.state]
    code = item.plan.code
    is_to_do = item.standing.state in _TO_DO
    extendable = not is_own and is_to_do and not item.standing.attempts_used and opens("extensions.form")
    return Line(
        code=code,
        href=url_for("own_assignments.assignment", assignment_code=code) if is_own else "",
        title=f"{code} {item.plan.title}",
        details=_due(item, known) if is_to_do else hours(item.plan.estimate),
        why=_why(item, None) if is_to_do else "",
        state="" if item.standing.state is AssignmentState.OPEN else str(words),
        state_class=kind,
        state_icon=icon,
        extension=url_for("extensions.form", participant_code=known.member.code, assignment_code=code)
        if extendable
        else "",
    )


def _due(item: OwnAssignment, known: ParticipantAssignments | AssignmentPage) -> str:
    due_on = item.standing.due_on
    if due_on < known.on:
        return _("Was for %(date)s", date=day_dated(due_on, known.on))
    return _("By %(date)s · %(when)s", date=day_dated(due_on, known.on), when=when(due_on, known.on))


def _why(item: OwnAssignment, reason: str | None) -> str:
    """Why the due date is another one than the cohort's; empty where it is the cohort's."""
    usual = day_plain(item.plan.due_on)
    match item.because:
        case DueBecause.EXTENSION if reason:
            return _("You have an extension: %(reason)s. For the cohort it is %(day)s.", reason=reason.rstrip("."),
                     day=usual)  # fmt: skip
        case DueBecause.EXTENSION:
            return _("With an extension; for the cohort it is %(day)s.", day=usual)
        case DueBecause.TIME_LOST:
            return _("Moved because of a pause or a later start; for the cohort it is %(day)s.", day=usual)
        case DueBecause.RESIT:
            return _("This is the date of the resit.")
        case _:
            return ""


def _figures(known: AssignmentPage) -> list[tuple[str, str]]:
    plan = known.item.plan
    figures = [(_("Takes about"), hours(plan.estimate))]
    if known.takes_work and known.item.standing.state is not AssignmentState.SUBMITTED:
        figures.append((_("Attempts left"), str(known.attempts_left)))
    figures.append((_("Asked for the diploma"), _("yes") if plan.mandatory else _("no")))
    return figures


def _outcome(outcome: OutcomeProgress) -> Outcome:
    words, kind, icon = _PROGRESS[outcome.progress]
    return Outcome(title=outcome.title, state=str(words), kind=kind, icon=icon)


def _piece(item: OwnAssignment) -> str:
    return "done" if item.standing.state in DONE else _PIECES.get(item.standing.state, "todo")


def _done_first(item: OwnAssignment) -> int:
    return ("done", "busy", "bad", "todo").index(_piece(item))


def _attempt(own: OwnAttempt) -> AttemptPart:
    attempt = own.attempt
    lines = tuple(map(hand_in_line, own.hand_ins))
    is_exempt = attempt.number == 0
    if attempt.outcome is None or attempt.assessed_on is None:
        state, told = ("", "", ""), _("Handed in on %(day)s", day=day(attempt.submitted_on))
    elif attempt.outcome is AttemptOutcome.FAILED:
        state = (_("Not passed"), "warn", "history")
        told = _("Assessed on %(day)s", day=day(attempt.assessed_on))
    else:
        state = STATES[AssignmentState.EXEMPT if is_exempt else AssignmentState.PASSED]
        told = _("Assessed on %(day)s", day=day(attempt.assessed_on))
    return AttemptPart(
        title=_("Exemption") if is_exempt else _("Attempt %(number)s", number=attempt.number),
        state=str(state[0]),
        state_class=state[1],
        state_icon=state[2],
        told=told,
        feedback=attempt.feedback or "",
        newest=lines[:1],
        earlier=lines[1:],
    )


def _form_words(known: AssignmentPage) -> tuple[str, str]:
    """What the form is for, and what is good to know before it."""
    if not known.takes_work:
        return "", ""
    if known.item.standing.state is AssignmentState.SUBMITTED:
        return _("Hand in a better version"), _("Until it is assessed. The newest one counts; the earlier is kept.")
    if known.attempts_left == 1:
        return _("Hand in"), _("This is your last attempt.")
    return _("Hand in"), ""


def _what_next(known: AssignmentPage) -> str:
    """What happens after handing in, or why nothing can be handed in."""
    match known.item.standing.state:
        case AssignmentState.FAILED:
            return _("All attempts were used. Talk to your project leader about what can be done.")
        case AssignmentState.PASSED | AssignmentState.EXEMPT:
            return ""
        case AssignmentState.SUBMITTED:
            return _("A teacher assesses it. You get a mail once that is done, and read here what they think of it.")
        case _:
            return _("Then a teacher assesses it. You can hand in a better version until that is done.")
