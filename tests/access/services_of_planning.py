"""Who may use the services that plan lessons."""

from datetime import UTC, date, datetime, time

from hto_track.rules.due_dates import AssignmentDates
from hto_track.rules.lesson_dates import Slot
from hto_track.services import (
    due_date_preview,
    due_dates,
    lesson_news,
    lesson_planning,
    planning,
    planning_preview,
    planning_undo,
)
from hto_track.services.lesson_planning import Move
from hto_track.services.policy import Actor
from tests.access import uses as who
from tests.access.service import Service
from tests.access.world import World
from tests.conftest import TODAY

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)
A_DAY_LATER = Slot(on=date(2026, 3, 11), starts_at=time(18, 30), ends_at=time(21, 30))
A_WEEK_MORE = AssignmentDates(opens_on=date(2026, 6, 1), due_on=date(2026, 7, 10))
FIRST, THIRD = "2026-03-10 18:30-21:30 planned", "2026-09-01 18:30-21:30 planned"
"""Lessons 1 and 3 as they stand."""


def _move(actor: Actor, _world: World) -> object:
    """Move the first lesson a day."""
    return lesson_planning.move_lesson(actor, "C-1", 1, Move(to=A_DAY_LATER, seen=FIRST), TODAY)


def _move_dates(actor: Actor, _world: World) -> object:
    """Let A1 be due a week later."""
    wanted = due_dates.Move(to=A_WEEK_MORE, seen="2026-06-01/2026-07-03")
    return due_dates.move_due_dates(actor, "C-1", "A1", wanted, TODAY)


PLANNING: tuple[Service, ...] = (
    Service(
        "due_date_preview.due_date_planning",
        who.ATTENDANCE,
        lambda a, w: due_date_preview.due_date_planning(a, "C-1", "A1", A_WEEK_MORE, TODAY),
    ),
    Service("due_dates.move_due_dates", who.ATTENDANCE, _move_dates),
    Service(
        "due_dates.undo_move",
        who.ATTENDANCE,
        lambda a, w: due_dates.undo_move(a, "C-1", "A1", w.own["form_key"], TODAY),
    ),
    Service("planning.cohort_planning", who.COHORT, lambda a, w: planning.cohort_planning(a, "C-1", TODAY)),
    Service(
        "planning_preview.lesson_planning",
        who.COHORT,
        lambda a, w: planning_preview.lesson_planning(a, "C-1", 1, A_DAY_LATER, TODAY),
    ),
    Service("lesson_planning.move_lesson", who.COHORT, _move),
    Service(
        "lesson_planning.cancel_lesson",
        who.COHORT,
        lambda a, w: lesson_planning.cancel_lesson(a, "C-1", 3, THIRD, "Docent ziek", TODAY),
    ),
    Service(
        "lesson_planning.add_lesson",
        who.COHORT,
        lambda a, w: lesson_planning.add_lesson(a, "C-1", A_DAY_LATER, "Terugkomavond", TODAY),
    ),
    Service(
        "lesson_planning.rename_lesson",
        who.COHORT,
        lambda a, w: lesson_planning.rename_lesson(a, "C-1", 1, "Les 1", "Kennismaken"),
    ),
    Service(
        "planning_undo.undo_planning",
        who.COHORT,
        lambda a, w: planning_undo.undo_planning(a, "C-1", w.own["form_key"], TODAY),
    ),
    Service("lesson_news.cohorts_with_news", who.ADMINISTRATION, lambda a, w: lesson_news.cohorts_with_news(a, NOW)),
    Service(
        "lesson_news.tell_lesson_news", who.ADMINISTRATION, lambda a, w: lesson_news.tell_lesson_news(a, "C-1", NOW)
    ),
)
