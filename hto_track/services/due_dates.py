"""Other dates for an assignment of a whole cohort: moved with a reason, all at once, and given back (RULES.md section 2).

Whoever moves them says which dates they saw: when someone else moved them meanwhile the second is asked, and nothing is lost.
Who is touched is told later, in one mail (``services/lesson_news.py``). A date that was laid out by a lesson stays so: when
that lesson moves, moving the date by as many days is offered, from where it stands then.
"""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.formats import day_year
from hto_track.models.assignments import Assignment, DueDateChange
from hto_track.rules.due_dates import AssignmentDates, DateFault, date_faults
from hto_track.services import audit, facts, form_answers
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.lesson_rows import assignments_of
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import writing
from hto_track.services.views import CohortSummary

OPENS, DUE, REASON, SEEN = "opent", "inleveren", "reden", "seen"
"""What the fields are called, in forms, in addresses and in refusals."""
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The dates that somebody wants who saw ``seen``, the version of those that stood."""

    to: AssignmentDates
    seen: str
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What became of the dates of an assignment; both are the same where nothing was changed."""

    code: str
    title: str
    before: AssignmentDates
    after: AssignmentDates

    @property
    def is_change(self) -> bool:
        """Whether anything was stored."""
        return self.before != self.after


def move_due_dates(
    actor: Actor, cohort_code: str, assignment_code: str, move: Move, on: date, form: SentForm | None = None
) -> Moved:
    """Let an assignment open and be due on other dates for its whole cohort. NotFound, Forbidden.

    Refused, with nothing stored: what ``rules.due_dates.date_faults`` finds, and dates that someone else moved meanwhile.
    """
    with writing() as session:
        ground, row = assignment_to_move(session, actor, cohort_code, assignment_code)
        if (earlier := form_answers.answered(session, actor, form)) is not None:
            return _from_answer(earlier)
        before = stands(row)
        if before == move.to:
            return Moved(code=row.code, title=row.title, before=before, after=before)
        _require_seen(before, move)
        _require_sound(move.to, before, ground.cohort, on)
        _set(session, actor, ground.cohort, row, move.to, _reason(move.reason))
        moved = Moved(code=row.code, title=row.title, before=before, after=move.to)
        form_answers.remember(session, actor, form, _as_answer(moved, cohort_code))
        return moved


def undo_move(actor: Actor, cohort_code: str, assignment_code: str, form_key: str, on: date) -> Moved:
    """Give back the dates from before the actor's own form ``form_key``. NotFound, Forbidden.

    Refused when someone moved them since, or when they can no longer be.
    """
    answer = form_answers.answer_to(actor, form_key, "moved_dates")
    if answer["moved_dates"]["cohort"] != cohort_code or answer["moved_dates"]["code"] != assignment_code:
        raise NotFound(f"The form {form_key} moved no date of {assignment_code} in {cohort_code}")
    done = _from_answer(answer)
    with writing() as session:
        ground, row = assignment_to_move(session, actor, cohort_code, assignment_code)
        if stands(row) != done.after:
            raise refuse(_l("Someone moved these dates since. Look at what stands now, and change it there."))
        _require_sound(done.before, done.after, ground.cohort, on)
        _set(session, actor, ground.cohort, row, done.before, None)
        return Moved(code=row.code, title=row.title, before=done.after, after=done.before)


def assignment_to_move(
    session: Session, actor: Actor, cohort_code: str, assignment_code: str
) -> tuple[CohortGround, Assignment]:
    """An assignment whose dates the actor may move, and the ground of its cohort; NotFound or Forbidden."""
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.MOVE_DUE_DATES, subject_of(ground.cohort))
    row = assignments_of(session, ground.cohort.id).get(assignment_code)
    if row is None:
        raise NotFound(f"There is no assignment {assignment_code} in cohort {cohort_code}")
    return ground, row


def stands(row: Assignment) -> AssignmentDates:
    """The dates as they stand."""
    return AssignmentDates(opens_on=row.opens_on, due_on=row.due_on)


def version(dates: AssignmentDates) -> str:
    """What a form is shown with: which dates somebody saw who moves them."""
    return f"{dates.opens_on}/{dates.due_on}"


def fault_refusal(fault: DateFault, cohort: CohortSummary) -> Refusal:
    """What is said of dates that cannot be, at the field that it is about."""
    match fault:
        case DateFault.DUE_BEFORE_OPENING:
            return Refusal(message=_l("It would be due before it opens. Choose a later day."), field=DUE)
        case DateFault.DUE_IS_PAST:
            return Refusal(message=_l("This date has passed. Choose today or later."), field=DUE)
        case DateFault.OPENS_BEFORE_COHORT:
            first = day_year(cohort.start_on)
            message = _l("The cohort begins on %(day)s. Choose a date from then on.", day=first)
            return Refusal(message=message, field=OPENS)


def _require_sound(dates: AssignmentDates, standing: AssignmentDates, cohort: CohortSummary, on: date) -> None:
    faults = date_faults(dates, standing, cohort.start_on, on)
    if faults:
        raise Refused(fault_refusal(fault, cohort) for fault in faults)


def _require_seen(standing: AssignmentDates, move: Move) -> None:
    if version(standing) != move.seen:
        raise refuse(
            _l(
                "Someone else moved these dates meanwhile: it now opens on %(opens)s and is due on %(due)s; you chose "
                "%(wanted_opens)s and %(wanted_due)s. Choose which ones stay.",
                opens=day_year(standing.opens_on),
                due=day_year(standing.due_on),
                wanted_opens=day_year(move.to.opens_on),
                wanted_due=day_year(move.to.due_on),
            ),
            SEEN,
        )


def _reason(text: str | None) -> str | None:
    said = " ".join((text or "").split())
    if len(said) > LONGEST_REASON:
        raise refuse(_l("Keep it to %(longest)s characters.", longest=LONGEST_REASON), REASON)
    return said or None


def _set(
    session: Session, actor: Actor, cohort: CohortSummary, row: Assignment, to: AssignmentDates, reason: str | None
) -> None:
    """Let the dates be ``to``, keep how they stood until their people are told, and write it down."""
    before = stands(row)
    session.add(
        DueDateChange(
            assignment_id=row.id,
            changed_at=clock.now(),
            changed_by=actor.ref,
            was_opens_on=before.opens_on,
            was_due_on=before.due_on,
            reason=reason,
        )
    )
    row.opens_on, row.due_on = to.opens_on, to.due_on
    session.flush()
    was, became = _plain(before), _plain(to)
    changed = [name for name in was if was[name] != became[name]]
    audit.record(
        session,
        actor,
        "move_assignment",
        audit.of_cohort(cohort.code, "assignments", row.code),
        before={name: was[name] for name in changed},
        after={name: became[name] for name in changed} | ({"reason": reason} if reason else {}),
    )


def _plain(dates: AssignmentDates) -> dict[str, str]:
    return {"opens_on": dates.opens_on.isoformat(), "due_on": dates.due_on.isoformat()}


def _as_answer(moved: Moved, cohort_code: str) -> dict[str, object]:
    """As plain JSON, for ``form_answers``."""
    said = {"cohort": cohort_code, "code": moved.code, "title": moved.title}
    return {"moved_dates": said | {"before": _plain(moved.before), "after": _plain(moved.after)}}


def _from_answer(answer: dict[str, dict[str, dict[str, str]]]) -> Moved:
    """What ``_as_answer`` said."""
    said = answer["moved_dates"]

    def dates(which: str) -> AssignmentDates:
        return AssignmentDates(**{name: date.fromisoformat(day) for name, day in said[which].items()})

    return Moved(code=str(said["code"]), title=str(said["title"]), before=dates("before"), after=dates("after"))
