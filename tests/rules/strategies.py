"""Facts as they may come: late starts, pauses, withdrawals, resits and hours that were never decided on, in any
mixture.

What the database refuses does not come: two attempts of one number, an outcome without its date, an end before its
start.
"""

from collections.abc import Callable
from datetime import date, time, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from hto_track.rules.calendar import SchoolCalendar, SchoolHoliday
from hto_track.rules.facts import (
    Assignment,
    Attempt,
    AttemptOutcome,
    Checkpoint,
    Enrolment,
    EnrolmentStatus,
    EntryState,
    Facts,
    FinalAssessment,
    InternshipEntry,
    Lesson,
    Mark,
    Pause,
    Placement,
    Programme,
    StudyLogRow,
)

EARLIEST, LATEST = date(2026, 2, 20), date(2026, 9, 10)
"""Between these everything happens; Easter, King's Day, Ascension Day and Whit Monday lie within.

The window is narrow on purpose: facts that do not meet tell nothing.
"""

DECIDED = (EntryState.CONFIRMED, EntryState.REJECTED)
DATED = (EnrolmentStatus.PAUSED, EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED)

dates = st.dates(EARLIEST, LATEST)
periods = st.builds(lambda first, length: (first, first + timedelta(days=length)), dates, st.integers(0, 45))


def _later(draw: Callable[[st.SearchStrategy[int]], int], than: date, most: int = 30) -> date:
    return than + timedelta(days=draw(st.integers(0, most)))


programmes = st.builds(
    Programme,
    min_attendance=st.sampled_from([Fraction(1, 2), Fraction(4, 5), Fraction(1)]),
    make_up_limit=st.integers(0, 5),
    internship_min=st.integers(0, 6000),
    internship_max=st.integers(3000, 6000),
    max_attempts=st.integers(1, 3),
    prep_per_lesson=st.sampled_from([0, 60, 75]),
    advertised_weekly=st.integers(60, 1200),
)

holidays = st.builds(lambda first, length: (first, first + timedelta(days=length)), dates, st.integers(0, 15))
calendars = st.lists(holidays, max_size=2).map(
    lambda found: SchoolCalendar.of(tuple(SchoolHoliday(first_day=first, last_day=last) for first, last in found))
)

pauses = holidays.map(lambda period: Pause(start_on=period[0], end_on=period[1]))
placements = periods.map(lambda period: Placement(start_on=period[0], end_on=period[1]))


@st.composite
def enrolments(draw: st.DrawFn) -> Enrolment:
    """A place in a cohort of six weeks to five months; every other one simply active."""
    start = draw(st.dates(date(2026, 3, 1), date(2026, 3, 25)))
    end = _later(draw, start + timedelta(days=40), 110)
    status = draw(st.sampled_from([EnrolmentStatus.ACTIVE] * 4 + list(EnrolmentStatus)))
    job = draw(st.integers(0, 2400))
    return Enrolment(
        cohort_start_on=start,
        cohort_end_on=end,
        start_on=draw(st.none() | st.dates(start - timedelta(days=5), start + timedelta(days=50))),
        end_on=draw(st.none() | st.dates(end - timedelta(days=50), end + timedelta(days=40))),
        status=status,
        status_on=draw(st.dates(start, end + timedelta(days=10))) if status in DATED else None,
        pauses=tuple(draw(st.lists(pauses, max_size=2))),
        job_weekly=job,
        release_weekly=draw(st.integers(0, job)),
        study_weekly=draw(st.none() | st.integers(60, 1200)),
        travel=draw(st.sampled_from([0, 25])),
    )


lessons = st.lists(
    st.tuples(dates, st.integers(30, 300), st.integers(0, 7), st.none() | st.sampled_from(Mark)), max_size=12
).map(
    lambda found: tuple(
        Lesson(number=number, on=on, start=time(18, 30), minutes=minutes, cancelled=chance == 0, mark=mark)
        for number, (on, minutes, chance, mark) in enumerate(found, start=1)
    )
)


@st.composite
def attempts(draw: st.DrawFn) -> tuple[Attempt, ...]:
    """An exemption, and up to three attempts one after the other; only the last may still wait for its assessment."""
    found: list[Attempt] = []
    if draw(st.integers(0, 5)) == 0:
        on = draw(dates)
        found.append(Attempt(number=0, submitted_on=on, assessed_on=_later(draw, on), outcome=AttemptOutcome.EXEMPT))
    on, count = draw(dates), draw(st.integers(0, 3))
    for number in range(1, count + 1):
        submitted, assessed = on, _later(draw, on)
        passed = number == count and draw(st.booleans())
        if number == count and not passed and draw(st.booleans()):
            found.append(Attempt(number=number, submitted_on=submitted))
            break
        found.append(
            Attempt(
                number=number,
                submitted_on=submitted,
                assessed_on=assessed,
                outcome=AttemptOutcome.PASSED if passed else AttemptOutcome.FAILED,
                resit_due_on=None if passed else draw(st.none() | dates),
            )
        )
        on = _later(draw, assessed)
    return tuple(found)


@st.composite
def assignments(draw: st.DrawFn) -> tuple[Assignment, ...]:
    """Up to four assignments of the cohort."""
    found = []
    for number in range(1, draw(st.integers(0, 4)) + 1):
        opens_on, due_on = draw(periods)
        found.append(
            Assignment(
                code=f"A{number}",
                opens_on=opens_on,
                due_on=due_on,
                estimate=draw(st.integers(0, 3000)),
                mandatory=draw(st.integers(0, 3)) > 0,
                outcomes=tuple(draw(st.sets(st.sampled_from(["LU1", "LU2", "LU3"])))),
                attempts=draw(attempts()),
                extended_to=draw(st.none() | dates) if draw(st.booleans()) else None,
            )
        )
    return tuple(found)


@st.composite
def entries(draw: st.DrawFn) -> InternshipEntry:
    """Hours on a date, handed in then or later, decided on then or later."""
    on, state = draw(dates), draw(st.sampled_from(EntryState))
    submitted_on = _later(draw, on)
    return InternshipEntry(
        on=on,
        minutes=draw(st.integers(1, 600)),
        state=state,
        submitted_on=submitted_on,
        decided_on=_later(draw, submitted_on) if state in DECIDED else None,
    )


log_rows = st.builds(
    StudyLogRow,
    on=dates,
    minutes=st.integers(1, 900),
    assignment=st.none() | st.sampled_from(["A1", "A2", "A3", "A4"]),
)

final_assessments = st.lists(
    st.builds(FinalAssessment, on=dates, passed=st.booleans(), resit_allowed=st.booleans()),
    max_size=3,
    unique_by=lambda held: held.on,
)

checkpoints = st.lists(
    st.builds(
        Checkpoint,
        code=st.sampled_from(["START", "VOG", "VISIT"]),
        due_week=st.none() | st.integers(0, 30),
        recorded_on=st.lists(dates, max_size=2).map(tuple),
    ),
    max_size=3,
    unique_by=lambda checkpoint: checkpoint.code,
)

facts = st.builds(
    Facts,
    programme=programmes,
    calendar=calendars,
    enrolment=enrolments(),
    lessons=lessons,
    assignments=assignments(),
    placements=st.lists(placements, max_size=2).map(tuple),
    internship=st.lists(entries(), max_size=8).map(tuple),
    study_log=st.lists(log_rows, max_size=6).map(tuple),
    final_assessments=final_assessments.map(tuple),
    checkpoints=checkpoints.map(tuple),
)

moments = st.dates(EARLIEST, LATEST) | st.dates(EARLIEST - timedelta(days=20), LATEST + timedelta(days=60))
"""The dates that are asked for: also before and after all that happens."""
