"""Assignments as teachers assess them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.formats import day, day_numeric, day_plain, moment
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignment_lists import Assessable, AssignmentToAssess, CohortAssignments
from hto_track.services.assignments import AttemptView
from hto_track.services.hand_in_views import HandInView
from hto_track.web.sent_forms import new_key

STATES: dict[AssignmentState, tuple[Any, str, str]] = {
    AssignmentState.SUBMITTED: (_l("Waits for you"), "warn", "inbox"),
    AssignmentState.PASSED: (_l("Passed"), "ok", "check"),
    AssignmentState.EXEMPT: (_l("Exempt"), "ok", "check"),
    AssignmentState.FAILED: (_l("No attempts left"), "bad", "circle-alert"),
    AssignmentState.OVERDUE: (_l("Not handed in yet"), "warn", "clock"),
    AssignmentState.RESIT: (_l("Resit"), "warn", "history"),
    AssignmentState.OPEN: (_l("Open"), "", "minus"),
}
BUTTONS: dict[AttemptOutcome, Any] = {
    AttemptOutcome.PASSED: _l("Sufficient"),
    AttemptOutcome.FAILED: _l("Insufficient"),
}
"""What a judgement is called where it is given."""
OUTCOMES: dict[AttemptOutcome, Any] = {
    AttemptOutcome.PASSED: _l("Passed"),
    AttemptOutcome.FAILED: _l("Not passed"),
    AttemptOutcome.EXEMPT: _l("Exempt"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentLine:
    """An assignment in the list of a cohort."""

    code: str
    title: str
    details: str
    state: str
    state_class: str
    state_icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentsPage:
    """The assignments of a cohort."""

    cohort_code: str
    cohort_name: str
    lines: tuple[AssignmentLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """Something handed in: a link of somebody's, or a file of ours (``hand_in_id``)."""

    text: str
    details: str
    link: str
    hand_in_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """An attempt, and what its participant reads with it."""

    text: str
    feedback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """The attempt that is assessed already: what can be said more, and what it can be put right to."""

    attempt: int
    seen: str
    title: str
    feedback: str
    hint: str
    resit_due_on: str
    asks_resit: bool
    choices: tuple[tuple[str, str], ...]
    remark_key: str
    correct_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessPage:
    """Someone's work for an assignment, and the forms for what can be done with it now."""

    cohort_code: str
    assignment_code: str
    assignment_title: str
    participant_code: str
    name: str
    eyebrow: str
    state: str
    state_class: str
    state_icon: str
    history: tuple[HistoryLine, ...]
    work: tuple[WorkLine, ...]
    changing: Changing | None
    attempt: str
    seen_work: int
    attempt_title: str
    asks_submission: bool
    asks_resit: bool
    can_be_exempted: bool
    outcomes: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    assess_key: str
    submission_key: str
    exemption_key: str


def assignments_page(known: CohortAssignments) -> AssignmentsPage:
    """The assignments of a cohort, with how many wait."""
    return AssignmentsPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        lines=tuple(
            AssignmentLine(
                code=count.assignment.code,
                title=f"{count.assignment.code} {count.assignment.title}",
                details=_(
                    "By %(day)s · %(done)s of %(people)s done",
                    day=day_plain(count.assignment.due_on),
                    done=count.done,
                    people=count.people,
                ),
                state=_("%(num)s waiting", num=count.waiting) if count.waiting else _("Nothing waits"),
                state_class="warn" if count.waiting else "",
                state_icon="inbox" if count.waiting else "check",
            )
            for count in known.assignments
        ),
    )


def assess_page(
    known: AssignmentToAssess, person: Assessable, on: date, typed: Mapping[str, str] | None = None
) -> AssessPage:
    """One person's work; ``typed`` is what was filled in before."""
    words, kind, icon = STATES[person.standing.state]
    waits = person.standing.state is AssignmentState.SUBMITTED
    values = {
        "outcome": "",
        "assessed_on": day_numeric(on),
        "submitted_on": day_numeric(on),
        "resit_due_on": "",
        "reason": "",
        "feedback": "",
        "to": "",
        "why": "",
    }
    changing = _changing(person)
    if changing:
        values |= {"feedback": changing.feedback, "resit_due_on": changing.resit_due_on}
    elif waits and person.attempts:
        values["feedback"] = person.attempts[-1].feedback or ""
    number = person.next_attempt
    return AssessPage(
        cohort_code=known.cohort.code,
        assignment_code=known.assignment.code,
        assignment_title=f"{known.assignment.code} {known.assignment.title}",
        participant_code=person.member.code,
        name=person.member.name,
        eyebrow=f"{known.assignment.code} {known.assignment.title}",
        state=str(words),
        state_class=kind,
        state_icon=icon,
        history=tuple(
            HistoryLine(text=_told(attempt), feedback=_read(attempt, changing)) for attempt in person.attempts
        ),
        work=work_lines(person.work),
        changing=changing,
        attempt="" if number is None else str(number),
        seen_work=person.seen_work,
        attempt_title=""
        if number is None
        else _("Assess attempt %(number)s, the last", number=number)
        if person.is_last_attempt
        else _("Assess attempt %(number)s", number=number),
        asks_submission=number is not None and not waits,
        asks_resit=number is not None and not person.is_last_attempt,
        can_be_exempted=number is not None,
        outcomes=tuple((outcome.value, verdict(outcome)) for outcome in BUTTONS),
        values=values | {name: value for name, value in (typed or {}).items() if name in values},
        assess_key=new_key(),
        submission_key=new_key(),
        exemption_key=new_key(),
    )


def work_lines(handed_in: tuple[HandInView, ...]) -> tuple[WorkLine, ...]:
    """What was handed in, the newest alone: it takes the place of what came before."""
    return tuple(
        WorkLine(
            text=work.file_name or _("Open the link"),
            details=_("handed in %(moment)s", moment=moment(work.handed_in_at)),
            link=work.link or "",
            hand_in_id=work.id,
        )
        for work in handed_in[:1]
    )


def verdict(outcome: AttemptOutcome) -> str:
    """An outcome as it is chosen."""
    return str(BUTTONS.get(outcome) or OUTCOMES[outcome])


def _changing(person: Assessable) -> Changing | None:
    """The attempt that the state rests on, when it is assessed; None while something waits or nothing is there."""
    exempt = next((each for each in person.attempts if each.outcome is AttemptOutcome.EXEMPT), None)
    last = exempt or (person.attempts[-1] if person.attempts else None)
    if last is None or last.outcome is None:
        return None
    is_exempt, asks_resit = (
        exempt is not None,
        person.standing.state in (AssignmentState.RESIT, AssignmentState.OVERDUE),
    )
    choices = [] if is_exempt else [(each.value, verdict(each)) for each in BUTTONS if each is not last.outcome]
    choices.append(("", _("No exemption") if is_exempt else _("Not assessed yet")))
    return Changing(
        attempt=last.number,
        seen=last.version,
        title=_("Why exempt") if is_exempt else _("Feedback"),
        feedback=last.feedback or "",
        hint=_("The participant reads this."),
        resit_due_on=day_numeric(person.standing.due_on) if asks_resit else "",
        asks_resit=asks_resit,
        choices=tuple(choices),
        remark_key=new_key(),
        correct_key=new_key(),
    )


def _read(attempt: AttemptView, changing: Changing | None) -> str:
    """The feedback, but where a field below has it."""
    is_below = attempt.outcome is None or (changing is not None and changing.attempt == attempt.number)
    return "" if is_below else attempt.feedback or ""


def detail(person: Assessable) -> str:
    """The attempt that matters, in one sentence."""
    if person.standing.state is AssignmentState.SUBMITTED and person.attempts:
        return _("Attempt %(number)s, handed in on %(day)s", number=person.attempts[-1].number,
                 day=day(person.attempts[-1].submitted_on))  # fmt: skip
    if person.attempts:
        return _told(person.attempts[-1])
    return _("By %(date)s", date=day_plain(person.standing.due_on))


def _told(attempt: AttemptView) -> str:
    """An attempt in one sentence."""
    if attempt.number == 0 and attempt.assessed_on:
        return _("Exempt since %(day)s", day=day(attempt.assessed_on))
    if attempt.outcome is None or attempt.assessed_on is None:
        return _("Attempt %(number)s: handed in on %(day)s", number=attempt.number, day=day(attempt.submitted_on))
    said = _(
        "Attempt %(number)s: %(outcome)s on %(day)s",
        number=attempt.number,
        outcome=str(OUTCOMES[attempt.outcome]).lower(),
        day=day(attempt.assessed_on),
    )
    if attempt.resit_due_on:
        return _("%(attempt)s, resit by %(day)s", attempt=said, day=day(attempt.resit_due_on))
    return said
