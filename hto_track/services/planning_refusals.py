"""What is said of a plan that cannot be, at the field that it is about: before it is sent, and when it is refused."""

from flask_babel import lazy_gettext as _l

from hto_track.formats import clock_from_to, day_year
from hto_track.rules.lesson_dates import SlotFault
from hto_track.services.lesson_rows import LessonStood
from hto_track.services.refusals import Refusal
from hto_track.services.views import CohortSummary

ON, STARTS, ENDS, END_OF_COHORT, ALONG, SEEN, REASON, TITLE = (
    "op",
    "van",
    "tot",
    "einde",
    "mee",
    "seen",
    "reden",
    "titel",
)
"""What the fields of a plan are called, in forms, in addresses and in refusals."""


def in_words(lesson: LessonStood) -> str:
    """Where a lesson stands, in the reader's language."""
    slot = lesson.slot
    said = f"{day_year(slot.on)}, {clock_from_to(slot.starts_at, slot.ends_at)}"
    return str(_l("cancelled, %(when)s", when=said)) if lesson.cancelled else said


def slot_refusal(fault: SlotFault, cohort: CohortSummary, others: tuple[int, ...], takes_end_along: bool) -> Refusal:
    """What is said of a fault; ``others`` are the lessons of that time, ``takes_end_along`` whether the end was to move."""
    match fault:
        case SlotFault.ENDS_BEFORE_START:
            return Refusal(message=_l("The end lies before the start. Choose a later end."), field=ENDS)
        case SlotFault.BEFORE_COHORT:
            first = day_year(cohort.start_on)
            return Refusal(message=_l("The cohort begins on %(day)s. Choose a date from then on.", day=first), field=ON)
        case SlotFault.AFTER_COHORT if takes_end_along:
            return Refusal(
                message=_l("Only the project leader and the college's administration can let the cohort end later."),
                field=END_OF_COHORT,
            )
        case SlotFault.AFTER_COHORT:
            return Refusal(
                message=_l(
                    "The cohort ends on %(day)s. Choose an earlier date, or let the end move along.",
                    day=day_year(cohort.end_on),
                ),
                field=END_OF_COHORT,
            )
        case SlotFault.OVERLAPS:
            return Refusal(
                message=_l("Lesson %(number)s is at that time. Choose another time.", number=others[0]), field=STARTS
            )
        case SlotFault.MARKED:
            return Refusal(
                message=_l(
                    "It is recorded who was at this lesson, so it cannot be still to come. Choose a date up to today, or take "
                    "those marks away first."
                ),
                field=ON,
            )
