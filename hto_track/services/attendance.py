"""Recording who was at a lesson (RULES.md section 1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track.rules.attendance import ATTENDED
from hto_track.rules.facts import Facts, Mark
from hto_track.services import audit, form_answers
from hto_track.services.absence_mails import follow_absences
from hto_track.services.attendance_lists import (
    AttendanceRow,
    LessonList,
    ground_to_record,
    load_list,
    recordable,
    to_fill,
)
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.mark_rows import Along, store_mark, was_there_for_itself
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.transaction import writing
from hto_track.services.views import LessonPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkChange:
    """A mark to be given, and the one it was seen with; None is no mark.

    ``along`` goes with the new mark, ``before`` went with the one it replaces: what undoing gives back. ``instead_of`` is
    how the lesson must have been made up where the mark alone does not tell whether somebody changed it since.
    """

    participant: str
    seen: Mark | None
    mark: Mark | None
    along: Along | None = None
    before: Along | None = None
    instead_of: Along | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkConflict:
    """A mark that was not stored, because someone else gave another one meanwhile."""

    participant: str
    name: str
    wanted: Mark | None
    stands: Mark | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksRecorded:
    """What was stored, what was not, and how many of those ``expected`` were there; None for a lesson still to come."""

    changes: tuple[MarkChange, ...]
    attended: int | None
    expected: int
    conflicts: tuple[MarkConflict, ...] = ()


def record_marks(
    actor: Actor,
    cohort_code: str,
    lesson_number: int,
    changes: Iterable[MarkChange],
    on: date,
    form: SentForm | None = None,
) -> MarksRecorded:
    """Store marks. A row that someone else changed since it was seen stays as it is and comes back as a conflict.

    Refused, with nothing stored: a cancelled lesson, anything but an announced absence at a lesson to come, a made-up
    lesson beyond the limit, attending where somebody already makes up another lesson, and someone whose lesson it is not.
    The field of each refusal is the participant's code.
    """
    with writing() as session:
        ground = ground_to_record(session, actor, cohort_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return answered_marks(earlier)
        listed = load_list(session, ground, lesson_number, on)
        recorded = record_changes(session, actor, ground, listed, changes, on)
        form_answers.remember(session, actor, form, as_answer(recorded) | {"lesson": listed.id})
        return recorded


def mark_everyone_present(
    actor: Actor, cohort_code: str, lesson_number: int, on: date, form: SentForm | None = None
) -> MarksRecorded:
    """Mark present whoever has no mark yet; an absence announced before stays. Refused as ``record_marks``.

    Who makes up another lesson here keeps this one without a mark: one evening serves a participant once.
    """
    with writing() as session:
        ground = ground_to_record(session, actor, cohort_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return answered_marks(earlier)
        listed = load_list(session, ground, lesson_number, on)
        if Mark.PRESENT not in recordable(listed.plan, on):
            raise refuse(not_now(listed.plan))
        empty = tuple(MarkChange(participant=code, seen=None, mark=Mark.PRESENT) for code in to_fill(listed))
        recorded = record_changes(session, actor, ground, listed, empty, on)
        form_answers.remember(session, actor, form, as_answer(recorded) | {"lesson": listed.id})
        return recorded


def undo_marks(actor: Actor, cohort_code: str, lesson_number: int, form_key: str, on: date) -> MarksRecorded:
    """Give back the marks from before the actor's own form ``form_key``; a row changed since stays, as a conflict."""
    answer = form_answers.answer_to(actor, form_key, "changes")
    back = tuple(map(way_back, answered_marks(answer).changes))
    with writing() as session:
        ground = ground_to_record(session, actor, cohort_code)
        listed = load_list(session, ground, lesson_number, on)
        if answer["lesson"] != listed.id:
            raise NotFound(f"The form {form_key} marked nobody at lesson {lesson_number}")
        return record_changes(session, actor, ground, listed, back, on)


def way_back(done: MarkChange) -> MarkChange:
    """The change that takes back one that was stored."""
    return MarkChange(
        participant=done.participant,
        seen=done.mark,
        mark=done.seen,
        along=done.before or Along(),
        instead_of=done.along or Along(),
    )


def marks_recorded(actor: Actor, form_key: str) -> MarksRecorded:
    """What the actor's own form ``form_key`` did; NotFound when there is none."""
    return answered_marks(form_answers.answer_to(actor, form_key, "changes"))


def not_now(lesson: LessonPlan) -> Any:
    """Why a mark cannot be given at a lesson, in words."""
    if lesson.cancelled:
        return _l("This lesson is cancelled: there is no attendance to record.")
    return _l("This lesson is still to come: only an announced absence can be recorded.")


def record_changes(
    session: Session,
    actor: Actor,
    ground: CohortGround,
    listed: LessonList,
    asked: Iterable[MarkChange],
    on: date,
) -> MarksRecorded:
    """Store ``asked`` inside the ``writing()`` of a use case that has asked the policy: what ``record_marks`` says."""
    changes = {change.participant: change for change in asked}.values()
    refusals = [refusal for change in changes if (refusal := refusal_of(change, listed, on))]
    if refusals:
        raise Refused(refusals)
    stored, conflicts = [], []
    for change in changes:
        row = listed.rows[change.participant]
        if _is_so_already(row, change):
            continue
        if row.mark != change.seen or _is_made_up_otherwise(row, change) or _is_used(session, row, change):
            conflicts.append(
                MarkConflict(participant=row.participant, name=row.name, wanted=change.mark, stands=row.mark)
            )
            continue
        store_mark(session, listed.id, row.id, change.mark, change.along, seen=row.mark)
        listed.known[change.participant] = _with_mark(listed, change)
        stored.append(replace(change, before=_before(row)))
    audit.record_all(session, actor, [_trace(change, listed.plan.number) for change in stored])
    marks = {code: row.mark for code, row in listed.rows.items()}
    marks.update((change.participant, change.mark) for change in stored)
    follow_absences(session, ground, listed, [change.participant for change in stored], on)
    return MarksRecorded(
        changes=tuple(stored),
        attended=sum(mark in ATTENDED for mark in marks.values()) if listed.plan.on <= on else None,
        expected=len(marks),
        conflicts=tuple(conflicts),
    )


def refusal_of(change: MarkChange, listed: LessonList, on: date) -> Refusal | None:
    """Why a mark cannot be given, at the participant's code; None when it can."""
    code, lesson = change.participant, listed.plan
    if lesson.cancelled:
        return Refusal(message=not_now(lesson), field=code)
    if code not in listed.rows:
        return Refusal(message=_l("This lesson is not in the training of %(code)s.", code=code), field=code)
    if change.mark is not None and change.mark not in recordable(lesson, on):
        return Refusal(message=not_now(lesson), field=code)
    row = listed.rows[code]
    if change.mark is Mark.MADE_UP and row.mark is not Mark.MADE_UP and not row.make_ups_left:
        return Refusal(message=_l("%(name)s has no lessons left to make up.", name=row.name), field=code)
    if change.mark in ATTENDED and change.mark is not Mark.MADE_UP and row.makes_up is not None:
        sentence = _l(
            "%(name)s made up lesson %(number)s here: one evening counts once.", name=row.name, number=row.makes_up
        )
        return Refusal(message=sentence, field=code)
    return None


def _is_so_already(row: AttendanceRow, change: MarkChange) -> bool:
    """Whether a change asks for the mark that stands, and for nothing else about it."""
    if row.mark != change.mark:
        return False
    if change.along is None or change.mark is not Mark.MADE_UP:
        return True
    return change.along.made_up_on is None and change.seen is not Mark.MADE_UP


def _is_made_up_otherwise(row: AttendanceRow, change: MarkChange) -> bool:
    """Whether somebody noted another make-up since; the mark is the same then."""
    if change.instead_of is None:
        return False
    now = (row.made_up.on, row.made_up.at_lesson_id) if row.made_up else (None, None)
    return now != (change.instead_of.made_up_on, change.instead_of.at_lesson_id)


def _is_used(session: Session, row: AttendanceRow, change: MarkChange) -> bool:
    """Whether the evening at which a lesson was made up counts for itself by now; only undoing can find that."""
    at = change.along.at_lesson_id if change.along else None
    return at is not None and was_there_for_itself(session, row.id, at)


def _with_mark(listed: LessonList, change: MarkChange) -> Facts:
    known = listed.known[change.participant]
    number = listed.plan.number
    lessons = (replace(one, mark=change.mark) if one.number == number else one for one in known.lessons)
    return replace(known, lessons=tuple(lessons))


def _before(row: AttendanceRow) -> Along | None:
    if row.announced_at is None and row.made_up is None:
        return None
    return Along(
        announced_at=row.announced_at,
        made_up_on=row.made_up.on if row.made_up else None,
        at_lesson_id=row.made_up.at_lesson_id if row.made_up else None,
    )


def _trace(change: MarkChange, lesson_number: int) -> audit.Change:
    return audit.Change(
        action="record_mark",
        subject=audit.of_participant(change.participant, "lessons", lesson_number),
        before={"mark": change.seen} | _said(change.before),
        after={"mark": change.mark} | _said(change.along),
    )


def _said(along: Along | None) -> dict[str, Any]:
    """What the trail says of a make-up; that somebody announced an absence stands there since they did."""
    if along is None or along.made_up_on is None:
        return {}
    said = {"made_up_on": along.made_up_on.isoformat()}
    return said | {"made_up_at": along.at_lesson} if along.at_lesson else said


def as_answer(recorded: MarksRecorded) -> dict[str, Any]:
    """What a form is answered, as plain JSON."""
    return {
        "attended": recorded.attended,
        "expected": recorded.expected,
        "changes": [
            [change.participant, change.seen, change.mark, _plain(change.before), _plain(change.along)]
            for change in recorded.changes
        ],
        "conflicts": [
            [conflict.participant, conflict.name, conflict.wanted, conflict.stands] for conflict in recorded.conflicts
        ],
    }


def answered_marks(answer: Mapping[str, Any]) -> MarksRecorded:
    """The same, read back."""
    return MarksRecorded(
        attended=answer["attended"],
        expected=answer["expected"],
        changes=tuple(
            MarkChange(participant=code, seen=_mark(seen), mark=_mark(mark), before=_along(before), along=_along(along))
            for code, seen, mark, before, along in answer["changes"]
        ),
        conflicts=tuple(
            MarkConflict(participant=code, name=name, wanted=_mark(wanted), stands=_mark(stands))
            for code, name, wanted, stands in answer["conflicts"]
        ),
    )


def _plain(along: Along | None) -> dict[str, Any] | None:
    if along is None:
        return None
    return {
        "announced_at": along.announced_at.isoformat() if along.announced_at else None,
        "made_up_on": along.made_up_on.isoformat() if along.made_up_on else None,
        "at_lesson_id": along.at_lesson_id,
    }


def _along(said: Mapping[str, Any] | None) -> Along | None:
    if said is None:
        return None
    announced_at, made_up_on = said["announced_at"], said["made_up_on"]
    return Along(
        announced_at=datetime.fromisoformat(announced_at) if announced_at else None,
        made_up_on=date.fromisoformat(made_up_on) if made_up_on else None,
        at_lesson_id=said["at_lesson_id"],
    )


def _mark(text: str | None) -> Mark | None:
    return None if text is None else Mark(text)
