"""An assignment on one screen: a row for each person, assessed with one click."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from hto_track.formats import day_plain
from hto_track.rules.assignments import AssignmentState
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignment_lists import Assessable, AssignmentToAssess
from hto_track.services.assignments import AttemptView
from hto_track.web.pictures.ages import waiting_since
from hto_track.web.pictures.assignments import BUTTONS, STATES, WorkLine, detail, verdict, work_lines
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two assessed the same work: what stands, what was chosen, and what it takes to choose that after all."""

    text: str
    attempt: int
    seen: str
    to: str
    button: str
    leave: str
    error: str
    why: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRow:
    """A person; without an attempt to assess the row has no buttons. ``key`` makes a click carried out once."""

    code: str
    id: str
    name: str
    details: str
    state: str
    state_class: str
    state_icon: str
    work: tuple[WorkLine, ...]
    attempt: str
    seen_work: int
    key: str
    feedback: str
    error: str
    question: Question | None
    has_focus: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPage:
    """The whole screen."""

    cohort_code: str
    cohort_name: str
    code: str
    title: str
    eyebrow: str
    counted: str
    buttons: tuple[tuple[str, str, str], ...]
    rows: tuple[ClassRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A row of which the form was refused: the sentence, and what was filled in."""

    participant: str
    sentence: str
    typed: Mapping[str, str]


def class_page(known: AssignmentToAssess, on: date, *, focus: str = "", refusal: Refusal | None = None) -> ClassPage:
    """Everyone's work for an assignment; ``focus`` is the code of the row that was assessed just now."""
    count = known.count
    return ClassPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        code=known.assignment.code,
        title=f"{known.assignment.code} {known.assignment.title}",
        eyebrow=_("By %(date)s", date=day_plain(known.assignment.due_on)),
        counted=_(
            "%(waiting)s to assess · %(done)s of %(people)s done",
            waiting=count.waiting,
            done=count.done,
            people=count.people,
        ),
        buttons=tuple(
            (outcome.value, str(words), "check" if outcome is AttemptOutcome.PASSED else "x")
            for outcome, words in BUTTONS.items()
        ),
        rows=tuple(_row(person, on, focus, refusal) for person in known.people),
    )


def _row(person: Assessable, on: date, focus: str, refusal: Refusal | None) -> ClassRow:
    words, kind, icon = STATES[person.standing.state]
    code, is_open = person.member.code, _is_open(person)
    own = refusal if refusal and refusal.participant == code else None
    question = _question(person, own) if own else None
    details = detail(person)
    if person.standing.state is AssignmentState.SUBMITTED and person.attempts:
        details = _(
            "%(what)s, %(how_long)s", what=details, how_long=waiting_since(person.attempts[-1].submitted_on, on)
        )
    return ClassRow(
        code=code,
        id=f"rij-{person.member.id}",
        name=person.member.name,
        details=details,
        state=str(words),
        state_class=kind,
        state_icon=icon,
        work=work_lines(person.work),
        attempt=str(person.next_attempt) if is_open else "",
        seen_work=person.seen_work,
        key=new_key(),
        feedback=own.typed.get("feedback", "") if own else _draft(person),
        error="" if own is None or question else own.sentence,
        question=question,
        has_focus=code == focus,
    )


def _is_open(person: Assessable) -> bool:
    """Whether one click may assess it: it waits, or nothing was handed in yet. A resit is assessed on its own page."""
    return person.next_attempt is not None and (
        person.standing.state is AssignmentState.SUBMITTED or not person.attempts
    )


def _draft(person: Assessable) -> str:
    """What was written before an assessment was undone."""
    waits = person.standing.state is AssignmentState.SUBMITTED and bool(person.attempts)
    return person.attempts[-1].feedback or "" if waits else ""


def _question(person: Assessable, refusal: Refusal) -> Question | None:
    """What is asked when somebody else assessed the attempt meanwhile; None when that is not what is the matter."""
    stands = _standing(person, refusal.typed.get("attempt", ""))
    wanted = refusal.typed.get("outcome") or refusal.typed.get("to", "")
    if stands is None or wanted not in (AttemptOutcome.PASSED, AttemptOutcome.FAILED) or stands.outcome == wanted:
        return None
    assert stands.outcome is not None
    choice = AttemptOutcome(wanted)
    return Question(
        text=_(
            "%(who)s assessed this meanwhile: it is now %(stands)s, you chose %(wanted)s. Choose which one stays.",
            who=stands.assessor or _("Someone else"),
            stands=verdict(stands.outcome).lower(),
            wanted=verdict(choice).lower(),
        ),
        attempt=stands.number,
        seen=stands.version,
        to=wanted,
        button=_("Make it %(wanted)s", wanted=verdict(choice).lower()),
        leave=_("Leave it %(stands)s", stands=verdict(stands.outcome).lower()),
        error=refusal.sentence if "to" in refusal.typed else "",
        why=refusal.typed.get("why", ""),
        key=new_key(),
    )


def _standing(person: Assessable, number: str) -> AttemptView | None:
    return next(
        (attempt for attempt in person.attempts if str(attempt.number) == number and attempt.outcome is not None), None
    )
