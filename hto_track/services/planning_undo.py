"""Undoing what was planned: from the answer that the form was given, with all that moved along."""

from dataclasses import replace
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from hto_track.models.lessons import Lesson, LessonChange
from hto_track.services import audit, form_answers
from hto_track.services.facts import CohortGround
from hto_track.services.lesson_planning import require_sound
from hto_track.services.lesson_rows import (
    LessonStood,
    assignments_of,
    change_lesson,
    lesson_of,
    lessons_of,
    marks_of,
    plain,
    slots_given,
    stood,
)
from hto_track.services.planned import DateMoved, Planned, from_answer, set_dates, set_end
from hto_track.services.planning import planning_ground
from hto_track.services.planning_preview import TiedTo
from hto_track.services.policy import Actor
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.transaction import writing


def undo_planning(actor: Actor, cohort_code: str, form_key: str, on: date) -> Planned:
    """Give back how it was before the actor's own form ``form_key``, with all that moved along.

    Refused when someone changed it since, when it can no longer be as it was, or when marks hang on a lesson to take away.
    """
    answer = form_answers.answer_to(actor, form_key, "planned")
    if answer["planned"]["cohort"] != cohort_code:
        raise NotFound(f"The form {form_key} planned nothing in {cohort_code}")
    done = from_answer(answer)
    with writing() as session:
        ground = planning_ground(session, actor, cohort_code)
        lessons = lessons_of(session, ground.cohort.id)
        row = lesson_of(lessons, done.number)
        if done.after != stood(row):
            raise refuse(_l("Someone changed this lesson since. Look at what stands now, and change it there."))
        if done.before is None:
            _remove(session, actor, cohort_code, row, on)
        else:
            if not done.before.cancelled:
                require_sound(session, actor, ground, lessons, row, done.before.slot, on, moves_end=True)
            action = _way_back(done.before, stood(row))
            change_lesson(session, actor, cohort_code, row, done.before, action=action, reason=None)
        along = _give_dates_back(session, actor, ground, done.along)
        _give_end_back(session, actor, ground, done.end)
        return Planned(number=done.number, before=done.after, after=done.before, along=along)


def _way_back(before: LessonStood, now: LessonStood) -> str:
    if before.cancelled != now.cancelled:
        return "cancel_lesson" if before.cancelled else "put_back_lesson"
    return "move_lesson" if before.slot != now.slot else "rename_lesson"


def _give_dates_back(
    session: Session, actor: Actor, ground: CohortGround, along: tuple[DateMoved, ...]
) -> tuple[DateMoved, ...]:
    """The dates as they were; one that someone changed since stays."""
    if not along:
        return ()
    assignments = assignments_of(session, ground.cohort.id)
    stands = {(code, TiedTo.OPENS): row.opens_on for code, row in assignments.items()}
    stands |= {(code, TiedTo.DUE): row.due_on for code, row in assignments.items()}
    back = tuple(
        replace(one, before=one.after, after=one.before)
        for one in along
        if stands.get((one.code, one.which)) == one.after
    )
    set_dates(session, actor, ground, assignments, back)
    return back


def _give_end_back(session: Session, actor: Actor, ground: CohortGround, end: tuple[date, date] | None) -> None:
    """The last day as it was, unless it was changed since, or another lesson lies after it by now."""
    if end is None or ground.cohort.end_on != end[1]:
        return
    slots = slots_given(lessons_of(session, ground.cohort.id)).values()
    if all(slot.on <= end[0] for slot in slots):
        set_end(session, actor, ground, end[0])


def _remove(session: Session, actor: Actor, cohort_code: str, row: Lesson, on: date) -> None:
    """Take away a lesson that was just added: nothing may hang on it."""
    told = exists().where(LessonChange.lesson_id == row.id, LessonChange.told_at.is_not(None))
    if marks_of(session, [row.id], on) or session.scalar(select(told)):
        raise refuse(_l("Somebody knows of this lesson already. Cancel it, so that everybody is told why."))
    session.execute(delete(LessonChange).where(LessonChange.lesson_id == row.id))
    audit.record(
        session,
        actor,
        "remove_lesson",
        audit.of_cohort(cohort_code, "lessons", row.number),
        before=plain(stood(row)),
    )
    session.delete(row)
    session.flush()
