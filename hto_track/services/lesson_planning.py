"""Planning lessons: moving one, cancelling it, putting it back, adding one, giving it another title; all can be undone.

Each is all or nothing. Whoever plans says which version of the lesson they saw: when someone else changed it meanwhile the
second is asked, and nothing is lost. Who is touched is told later, in one mail (``services/lesson_news.py``).
"""

from dataclasses import dataclass, replace
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from hto_track.models.lessons import Lesson, LessonState
from hto_track.rules.lesson_dates import Slot, SlotFault, overlapping
from hto_track.services import audit, form_answers
from hto_track.services.facts import CohortGround
from hto_track.services.form_answers import SentForm
from hto_track.services.lesson_rows import (
    LessonStood,
    assignments_of,
    change_from,
    change_lesson,
    lesson_of,
    lessons_of,
    marks_of,
    plain,
    slots_given,
    stood,
)
from hto_track.services.planned import (
    DateMoved,
    Planned,
    as_answer,
    from_answer,
    set_dates,
    set_end,
)
from hto_track.services.planning import planning_ground
from hto_track.services.planning_preview import TiedTo, faults_at, tied_dates
from hto_track.services.planning_refusals import ALONG, REASON, SEEN, TITLE, in_words, slot_refusal
from hto_track.services.policy import Action, Actor, may
from hto_track.services.refusals import Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import writing

LONGEST_REASON, LONGEST_TITLE = 500, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveAlong:
    """A date of an assignment that is to move with the lesson, and what it was when that was chosen."""

    code: str
    which: TiedTo
    seen: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a lesson is wanted, as somebody chose it who saw version ``seen``. ``moves_end``: also past the last day."""

    to: Slot
    seen: str
    reason: str | None = None
    along: tuple[MoveAlong, ...] = ()
    moves_end: bool = False


def move_lesson(
    actor: Actor, cohort_code: str, number: int, move: Move, on: date, form: SentForm | None = None
) -> Planned:
    """Put a lesson on another date or at another time; a cancelled one is on again by it. It keeps its number.

    Refused, with nothing stored: what ``rules.lesson_dates.slot_faults`` finds; a date past the last day of the cohort, unless
    that moves along; a lesson that someone else changed meanwhile to something else.
    """
    with writing() as session:
        ground = planning_ground(session, actor, cohort_code)
        if (earlier := form_answers.answered(session, actor, form)) is not None:
            return from_answer(earlier)
        lessons = lessons_of(session, ground.cohort.id)
        row = lesson_of(lessons, number)
        before = stood(row)
        to = replace(before, slot=move.to, state=_state_at(before, move.to, on), cancel_reason=None)
        if before.version == to.version:
            return Planned(number=number, before=before, after=before)
        _require_seen(before, move.seen, to)
        reason = _trimmed(move.reason, LONGEST_REASON, REASON)
        end = require_sound(session, actor, ground, lessons, row, move.to, on, moves_end=move.moves_end)
        along = _move_along(session, actor, ground, row, move)
        change_lesson(
            session,
            actor,
            cohort_code,
            row,
            to,
            action="put_back_lesson" if before.cancelled else "move_lesson",
            reason=reason,
        )
        planned = Planned(number=number, before=before, after=to, along=along, end=end)
        form_answers.remember(session, actor, form, as_answer(planned, cohort_code))
        return planned


def cancel_lesson(
    actor: Actor, cohort_code: str, number: int, seen: str, reason: str, on: date, form: SentForm | None = None
) -> Planned:
    """Cancel a lesson; everybody is told why. Refused without a reason, and when it is recorded who was there."""
    with writing() as session:
        ground = planning_ground(session, actor, cohort_code)
        if (earlier := form_answers.answered(session, actor, form)) is not None:
            return from_answer(earlier)
        row = lesson_of(lessons_of(session, ground.cohort.id), number)
        before = stood(row)
        why = _trimmed(reason, LONGEST_REASON, REASON)
        if why is None:
            raise refuse(_l("Say why this lesson is cancelled: everybody is told."), REASON)
        to = replace(before, state=LessonState.CANCELLED, cancel_reason=why)
        if before == to:
            return Planned(number=number, before=before, after=before)
        _require_seen(before, seen, to)
        if (marks := marks_of(session, [row.id], on).get(row.id)) and marks.given:
            raise refuse(
                _l(
                    "It is recorded who was at this lesson, so it was given. Take those marks away first if that is wrong."
                )
            )
        change_lesson(session, actor, cohort_code, row, to, action="cancel_lesson", reason=why)
        planned = Planned(number=number, before=before, after=to)
        form_answers.remember(session, actor, form, as_answer(planned, cohort_code))
        return planned


def add_lesson(
    actor: Actor,
    cohort_code: str,
    slot: Slot,
    title: str | None,
    on: date,
    form: SentForm | None = None,
    *,
    moves_end: bool = False,
) -> Planned:
    """Add a lesson, with the number after the highest. Refused as ``move_lesson``."""
    with writing() as session:
        ground = planning_ground(session, actor, cohort_code)
        if (earlier := form_answers.answered(session, actor, form)) is not None:
            return from_answer(earlier)
        lessons = lessons_of(session, ground.cohort.id)
        said = _trimmed(title, LONGEST_TITLE, TITLE)
        end = require_sound(session, actor, ground, lessons, None, slot, on, moves_end=moves_end)
        row = Lesson(
            cohort_id=ground.cohort.id,
            number=max(lessons, default=0) + 1,
            held_on=slot.on,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            title=said,
            state=LessonState.PLANNED,
        )
        session.add(row)
        session.flush()
        session.add(change_from(row, None, actor, None))
        planned = Planned(number=row.number, before=None, after=stood(row), end=end)
        audit.record(
            session,
            actor,
            "add_lesson",
            audit.of_cohort(cohort_code, "lessons", row.number),
            after=plain(stood(row)),
        )
        form_answers.remember(session, actor, form, as_answer(planned, cohort_code))
        return planned


def rename_lesson(
    actor: Actor, cohort_code: str, number: int, seen: str | None, title: str | None, form: SentForm | None = None
) -> Planned:
    """Give a lesson another title, or none; ``seen`` is the one it had. Nobody is told."""
    with writing() as session:
        ground = planning_ground(session, actor, cohort_code)
        if (earlier := form_answers.answered(session, actor, form)) is not None:
            return from_answer(earlier)
        row = lesson_of(lessons_of(session, ground.cohort.id), number)
        before = stood(row)
        to = replace(before, title=_trimmed(title, LONGEST_TITLE, TITLE))
        if before == to:
            return Planned(number=number, before=before, after=before)
        if (before.title or "") != (seen or ""):
            raise refuse(
                _l(
                    "Someone else changed this meanwhile: the title is now ‘%(stands)s’, you wrote ‘%(wanted)s’.",
                    stands=before.title or "",
                    wanted=to.title or "",
                ),
                TITLE,
            )
        change_lesson(session, actor, cohort_code, row, to, action="rename_lesson", reason=None)
        planned = Planned(number=number, before=before, after=to)
        form_answers.remember(session, actor, form, as_answer(planned, cohort_code))
        return planned


def _state_at(before: LessonStood, slot: Slot, on: date) -> LessonState:
    """A lesson still to come was not held yet, and one that is on again is planned."""
    return before.state if before.state is LessonState.HELD and slot.on <= on else LessonState.PLANNED


def _require_seen(stands: LessonStood, seen: str, wanted: LessonStood) -> None:
    if stands.version != seen:
        raise refuse(
            _l(
                "Someone else changed this lesson meanwhile: it now says ‘%(stands)s’, you chose ‘%(wanted)s’. "
                "Choose which one stays.",
                stands=in_words(stands),
                wanted=in_words(wanted),
            ),
            SEEN,
        )


def require_sound(
    session: Session,
    actor: Actor,
    ground: CohortGround,
    lessons: dict[int, Lesson],
    row: Lesson | None,
    slot: Slot,
    on: date,
    *,
    moves_end: bool,
) -> tuple[date, date] | None:
    """Refused unless a lesson can be at ``slot``; the cohort's last day before and after, where that moves along."""
    faults = set(faults_at(session, ground, lessons, row, slot, on))
    takes_end_along = SlotFault.AFTER_COHORT in faults and moves_end
    if takes_end_along and may(actor, Action.LAY_OUT_COHORT, subject_of(ground.cohort)):
        faults.remove(SlotFault.AFTER_COHORT)
    if faults:
        others = overlapping(slot, slots_given(lessons, but=row.number if row else None))
        raise Refused(
            slot_refusal(fault, ground.cohort, others, takes_end_along) for fault in SlotFault if fault in faults
        )
    if not takes_end_along:
        return None
    set_end(session, actor, ground, slot.on)
    return ground.cohort.end_on, slot.on


def _move_along(session: Session, actor: Actor, ground: CohortGround, row: Lesson, move: Move) -> tuple[DateMoved, ...]:
    """Move the dates that were chosen; refused for one that someone else changed, or that would be due before it opens."""
    if not move.along:
        return ()
    assignments = assignments_of(session, ground.cohort.id)
    tied = {(date_.code, date_.which): date_ for date_ in tied_dates(row, move.to, assignments.values())}
    moved = []
    for chosen in move.along:
        found = tied.get((chosen.code, chosen.which))
        if found is None or found.stands != chosen.seen:
            raise refuse(
                _l("Someone else changed a date of assignment %(code)s meanwhile. Choose again.", code=chosen.code),
                ALONG,
            )
        moved.append(DateMoved(code=found.code, which=found.which, before=found.stands, after=found.becomes))
    set_dates(session, actor, ground, assignments, moved)
    return tuple(moved)


def _trimmed(text: str | None, longest: int, field: str) -> str | None:
    said = (text or "").strip()
    if len(said) > longest:
        raise refuse(_l("Keep it to %(longest)s characters.", longest=longest), field)
    return said or None
