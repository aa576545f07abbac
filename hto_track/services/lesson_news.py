"""Telling whom it touches that lessons changed, or the dates of assignments: one mail with all of it, once it came to rest.

A change waits until the latest one of its cohort is ten minutes old. What was changed back by then is no news, nor is what is
past and stays there. That a change was told is stored in the transaction that queues the mails.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import quote

from sqlalchemy import func, select, union_all, update
from sqlalchemy.orm import Session

from hto_track.models.assignments import Assignment, DueDateChange
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson, LessonChange
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.quiet_time import comes_too_late
from hto_track.services import facts
from hto_track.services.due_date_news import MovedDates, moved_dates, note_told, untold_moves
from hto_track.services.due_date_texts import DueDateNews, plan_news
from hto_track.services.facts import CohortGround
from hto_track.services.lesson_listeners import Listener, addresses_of, listeners
from hto_track.services.lesson_news_texts import AGENDA_PAGE, PLANNING_PAGE, LessonNews, NewsKind
from hto_track.services.lesson_rows import LessonStood, assignments_of, lessons_of, stood
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.planning import slot_before
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary

REST = timedelta(minutes=10)
"""How long nothing of a cohort's plan must have changed before its people are told."""
LESSON_NEWS = "lesson_news"
PRESSING_LESSON_NEWS = "pressing_lesson_news"
"""The same about a lesson that begins before news would be read: it waits for no working day and no morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Touching:
    """News of a lesson, the dates on which it was or will be, and who changed it last, who knows."""

    news: LessonNews
    dates: tuple[date, ...]
    begins: tuple[datetime, ...]
    """When it was or will be held, as far as it counts."""
    changed_by: str


def cohorts_with_news(actor: Actor, now: datetime) -> tuple[str, ...]:
    """The codes of the cohorts whose changes have come to rest at ``now`` and were told to nobody yet."""
    require_anywhere(actor, Action.RUN_JOBS)
    untold = union_all(
        select(Lesson.cohort_id, LessonChange.changed_at)
        .join(LessonChange, LessonChange.lesson_id == Lesson.id)
        .where(LessonChange.told_at.is_(None)),
        select(Assignment.cohort_id, DueDateChange.changed_at)
        .join(DueDateChange, DueDateChange.assignment_id == Assignment.id)
        .where(DueDateChange.told_at.is_(None)),
    ).subquery()
    query = (
        select(Cohort.code)
        .join(untold, untold.c.cohort_id == Cohort.id)
        .group_by(Cohort.code)
        .having(func.max(untold.c.changed_at) <= now - REST)
        .order_by(Cohort.code)
    )
    return tuple(reading().scalars(query))


def tell_lesson_news(actor: Actor, cohort_code: str, now: datetime) -> int:
    """Queue a mail to everybody of a cohort whom its changes touch, and note that they were told; how many mails.

    Whoever comes second finds nothing left to tell: safe beside any other that does so.
    """
    require_anywhere(actor, Action.RUN_JOBS)
    on = now.astimezone(AMSTERDAM).date()
    with writing() as session:
        ground = facts.cohort_ground(session, cohort_code)
        lessons, assignments = lessons_of(session, ground.cohort.id), assignments_of(session, ground.cohort.id)
        untold, moves = _untold(session, lessons), untold_moves(session, ground.cohort.id)
        latest = [*(change.changed_at for change in untold), *(move.changed_at for move in moves)]
        if not latest or max(latest) > now - REST:
            return 0
        touching = _touching(lessons, untold, assignments.values(), on)
        moved = moved_dates(session, ground, assignments, moves, on)
        mails = _mails(session, ground, touching, moved, _period(untold, moves), now) if touching or moved else []
        queue_mails(session, mails)
        session.execute(
            update(LessonChange).where(LessonChange.id.in_([change.id for change in untold])).values(told_at=now)
        )
        note_told(session, moves, now)
        return len(mails)


def _mails(
    session: Session,
    ground: CohortGround,
    touching: Sequence[_Touching],
    moved: Sequence[MovedDates],
    period: str,
    now: datetime,
) -> list[Mail]:
    """One to everybody who hears of anything; nobody hears of what they changed last themselves."""
    changed_by = {*(one.changed_by for one in touching), *(one.changed_by for one in moved)}
    known, mails = addresses_of(session, changed_by), []
    for listener in listeners(session, ground, now.astimezone(AMSTERDAM).date()):
        address = listener.email.strip().lower()
        heard = [one for one in touching if known.get(one.changed_by) != address and listener.hears_of(one.dates)]
        of_dates = (one.for_listener(listener) for one in moved if known.get(one.changed_by) != address)
        dates = [news for news in of_dates if news is not None]
        if heard or dates:
            kind = PRESSING_LESSON_NEWS if any(_is_pressing(one, now) for one in heard) else LESSON_NEWS
            mails.append(_mail(kind, listener, ground.cohort, period, [one.news for one in heard], dates))
    return mails


def _is_pressing(one: _Touching, now: datetime) -> bool:
    return any(begins > now and comes_too_late(now, begins) for begins in one.begins)


def _period(untold: Sequence[LessonChange], moves: Sequence[DueDateChange]) -> str:
    """What is told once: the latest changes among those told."""
    lesson, dates = max((change.id for change in untold), default=0), max((move.id for move in moves), default=0)
    return f"{lesson}+{dates}" if dates else f"{lesson}"


def _untold(session: Session, lessons: Mapping[int, Lesson]) -> Sequence[LessonChange]:
    query = (
        select(LessonChange)
        .where(LessonChange.lesson_id.in_([row.id for row in lessons.values()]), LessonChange.told_at.is_(None))
        .order_by(LessonChange.changed_at, LessonChange.id)
    )
    return session.scalars(query).all()


def _touching(
    lessons: Mapping[int, Lesson], untold: Sequence[LessonChange], assignments: Collection[Assignment], on: date
) -> list[_Touching]:
    """What became of each lesson, in order of its date; nothing of what stands as it was, or is past and was."""
    by_lesson: dict[int, list[LessonChange]] = {}
    for change in untold:
        by_lesson.setdefault(change.lesson_id, []).append(change)
    found = []
    for row in lessons.values():
        changes = by_lesson.get(row.id)
        if not changes:
            continue
        now, first, latest = stood(row), changes[0], changes[-1]
        was = slot_before(first)
        kind = _kind(first, now)
        slots = [
            slot
            for slot, counts in ((was, not first.was_cancelled), (now.slot, not now.cancelled))
            if slot is not None and counts
        ]
        dates = tuple(slot.on for slot in slots)
        if kind is None or max(dates) < on:
            continue
        reasons = [change.reason for change in changes if change.reason]
        news = LessonNews(
            kind=kind,
            number=row.number,
            title=row.title,
            was=was,
            now=now.slot,
            reason=now.cancel_reason if now.cancelled else next(reversed(reasons), None),
            due=() if kind is NewsKind.CANCELLED else _due(row.number, assignments),
        )
        begins = tuple(datetime.combine(slot.on, slot.starts_at, AMSTERDAM) for slot in slots)
        found.append(_Touching(news=news, dates=dates, begins=begins, changed_by=latest.changed_by))
    return found


def _kind(first: LessonChange, now: LessonStood) -> NewsKind | None:
    """What all changes of a lesson together come to; None for nothing."""
    was = slot_before(first)
    is_new, was_off = was is None, first.was_cancelled
    if now.cancelled:
        return None if is_new or was_off else NewsKind.CANCELLED
    if is_new:
        return NewsKind.ADDED
    if was_off:
        return NewsKind.PUT_BACK
    return None if was == now.slot else NewsKind.MOVED


def _due(number: int, assignments: Iterable[Assignment]) -> tuple[tuple[str, date], ...]:
    """The due dates that were laid out by a lesson, as they stand: moved along or not, that is what people ask."""
    return tuple((row.title, row.due_on) for row in assignments if row.due_with_lesson == number)


def _mail(
    kind: str,
    listener: Listener,
    cohort: CohortSummary,
    period: str,
    lessons: Sequence[LessonNews],
    dates: Sequence[DueDateNews],
) -> Mail:
    takes_part = listener.participant_id is not None
    page = AGENDA_PAGE if takes_part else PLANNING_PAGE.format(cohort=quote(cohort.code, safe=""))
    text = plan_news(listener.name, cohort.name, page, lessons, dates)
    return Mail(
        kind=kind,
        subject_key=listener.key,
        period=period,
        recipient=listener.email,
        subject=text.subject,
        body=text.body,
        participant_id=listener.participant_id,
    )
