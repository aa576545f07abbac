"""THE table of scheduled jobs: what, when, in which parts.

Catch-up: an evaluation missed while no scheduler ran is made up for the latest date alone, a digest not after 24 hours.
Mails go out every few seconds, whatever else is due; what changed in lessons is told every minute, once it has come to rest.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import partial

from hto_track.jobs.timetable import MONDAY, SUNDAY, Timetable
from hto_track.services.assessment_news import cohorts_with_assessment_news, queue_assessment_news
from hto_track.services.digests import leader_key, leaders, queue_leader_digest, queue_participant_digests
from hto_track.services.employer_news import cohorts_that_share, queue_employer_news
from hto_track.services.jobs import Slot
from hto_track.services.policy import CONSOLE
from hto_track.services.retention import ANNOUNCED, announce, carry_out, clear_sign_in
from hto_track.services.warnings import cohorts_to_evaluate, evaluate_cohort_in_slot

SEND_MAIL = "send_mail"
"""A job without slots: a mail's lease, not a claim, makes it go once."""
LESSON_NEWS = "lesson_news"
"""A job without slots: a change that was told is marked so."""
SLOTLESS = (LESSON_NEWS, SEND_MAIL)
A_DAY, AN_EVENING = timedelta(hours=24), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a job in a transaction of its own, claimed as ``key``."""

    key: str
    work: Callable[[date, Slot], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job of the timetable. ``parts`` are found anew at each run; each is worked, and may fail, by itself."""

    name: str
    timetable: Timetable
    parts: Callable[[], Iterable[Part]]


def _evaluations() -> Iterable[Part]:
    for code in cohorts_to_evaluate(CONSOLE):
        yield Part(code, partial(evaluate_cohort_in_slot, CONSOLE, code))


def _participant_digests() -> Iterable[Part]:
    for code in cohorts_to_evaluate(CONSOLE):
        yield Part(code, partial(queue_participant_digests, CONSOLE, code))


def _leader_digests() -> Iterable[Part]:
    for email, codes in leaders(CONSOLE).items():
        yield Part(leader_key(email), partial(queue_leader_digest, CONSOLE, email, codes))


def _employer_news() -> Iterable[Part]:
    for code in cohorts_that_share(CONSOLE):
        yield Part(code, partial(queue_employer_news, CONSOLE, code))


def _assessment_news() -> Iterable[Part]:
    for code in cohorts_with_assessment_news(CONSOLE):
        yield Part(code, partial(queue_assessment_news, CONSOLE, code))


def _retention() -> Iterable[Part]:
    """What was announced goes before anything new is announced; what signing in left behind goes unannounced."""
    for kind in ANNOUNCED:
        yield Part(kind.value, partial(carry_out, CONSOLE, kind))
    yield Part("sign_in", partial(clear_sign_in, CONSOLE))
    yield Part("announce", partial(announce, CONSOLE))


JOBS = (
    Job(name="evaluate_warnings", timetable=Timetable(at=time(6, 30)), parts=_evaluations),
    Job(
        name="participant_digest",
        timetable=Timetable(at=time(18), weekday=SUNDAY, lasts=A_DAY),
        parts=_participant_digests,
    ),
    Job(name="leader_digest", timetable=Timetable(at=time(7, 30), weekday=MONDAY, lasts=A_DAY), parts=_leader_digests),
    Job(name="employer_news", timetable=Timetable(at=time(8), weekday=MONDAY, lasts=A_DAY), parts=_employer_news),
    Job(name="assessment_news", timetable=Timetable(at=time(17), lasts=AN_EVENING), parts=_assessment_news),
    Job(name="retention", timetable=Timetable(at=time(5, 30), weekday=MONDAY), parts=_retention),
)
BY_NAME = {job.name: job for job in JOBS}
