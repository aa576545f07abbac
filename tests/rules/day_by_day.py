"""A second reading of RULES.md section 5, as plain as its text: every plan is some minutes over some dates, walked one
by one.

It takes only what sections 2 and 3 judge (states, due dates, what remains of the internship) from the rules; it is
slow, and shares no code with ``rules/load.py``.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from hto_track.rules.assignments import AssignmentStanding
from hto_track.rules.facts import EnrolmentStatus, EntryState, Facts, Lesson, Mark
from hto_track.rules.standing import Standing

PARTS = ("lessons", "preparation", "assignments", "internship")
ENDED = (EnrolmentStatus.WITHDRAWN, EnrolmentStatus.COMPLETED)
WEEK = timedelta(days=7)


def dates_between(first: date, last: date) -> list[date]:
    """All dates from first to last."""
    return [first + timedelta(days=at) for at in range((last - first).days + 1)]


def monday(on: date) -> date:
    """The Monday before or on a date."""
    while on.weekday() != 0:
        on -= timedelta(days=1)
    return on


@dataclass
class Plan:
    """Minutes by part and date."""

    minutes: dict[tuple[str, date], Fraction] = field(default_factory=dict)

    def spread(self, part: str, minutes: Fraction | int, dates: list[date]) -> None:
        """In equal parts over the dates; over none they fall away."""
        for on in dates:
            self.minutes[part, on] = self.minutes.get((part, on), Fraction(0)) + Fraction(minutes) / len(dates)


@dataclass
class Reading:
    """What section 0 says of one enrolment on a date."""

    facts: Facts
    on: date
    first: date = field(init=False)
    last: date = field(init=False)
    judged_on: date = field(init=False)
    active: list[date] = field(init=False)

    def __post_init__(self) -> None:
        enrolment = self.facts.enrolment
        self.first = max(enrolment.start_on or enrolment.cohort_start_on, enrolment.cohort_start_on)
        self.last = enrolment.end_on or enrolment.cohort_end_on
        self.judged_on = self.on
        paused = {day for pause in enrolment.pauses for day in dates_between(pause.start_on, pause.end_on)}
        status_on = enrolment.status_on
        if status_on is not None and status_on <= self.on:
            if enrolment.status in ENDED:
                self.judged_on = status_on
                self.last = min(self.last, status_on)
            elif enrolment.status is EnrolmentStatus.PAUSED:
                paused.update(dates_between(status_on, self.last))
        self.active = [on for on in dates_between(self.first, self.last) if on not in paused]

    def lessons(self) -> list[Lesson]:
        """The participant's lessons."""
        return [lesson for lesson in self.facts.lessons if not lesson.cancelled and lesson.on in self.active]

    def school_days(self) -> list[date]:
        """The school days of the active span."""
        return [on for on in self.active if self.facts.calendar.is_school_day(on)]

    def after(self, dates: list[date], days: int | None = None) -> list[date]:
        """Those after the date that counts, at most so many days after it."""
        return [on for on in dates if on > self.judged_on and (days is None or (on - self.judged_on).days <= days)]

    def week_before(self, lesson: Lesson) -> list[date]:
        """The seven dates before a lesson, as far as they are active."""
        return [on for on in self.active if 1 <= (lesson.on - on).days <= 7]


def original(reading: Reading, standing: Standing) -> Plan:
    """The plan as it was made."""
    facts, plan = reading.facts, Plan()
    for lesson in reading.lessons():
        plan.spread("lessons", lesson.minutes + facts.enrolment.travel, [lesson.on])
        plan.spread("preparation", facts.programme.prep_per_lesson, reading.week_before(lesson))
    for one in standing.assignments.mandatory:
        plan.spread("assignments", one.assignment.estimate, _dates(reading, one, one.first_due_on))
    plan.spread("internship", facts.programme.internship_min, reading.school_days())
    return plan


def as_of(reading: Reading, standing: Standing) -> Plan:
    """The plan as it stands after the date; what it says of dates up to it is not used."""
    facts, plan = reading.facts, Plan()
    for lesson in reading.lessons():
        plan.spread("lessons", lesson.minutes + facts.enrolment.travel, [lesson.on])
        plan.spread("preparation", facts.programme.prep_per_lesson, reading.week_before(lesson))
    for one in standing.assignments.mandatory:
        _assignment(plan, reading, one)
    plan.spread("internship", standing.internship.remaining, reading.after(reading.school_days()))
    return plan


def _dates(reading: Reading, one: AssignmentStanding, due_on: date) -> list[date]:
    return [on for on in reading.active if one.assignment.opens_on <= on <= due_on]


def _assignment(plan: Plan, reading: Reading, one: AssignmentStanding) -> None:
    estimate, fortnight = Fraction(one.assignment.estimate), reading.after(reading.active, 14)
    if one.state == "open":
        planned = _dates(reading, one, one.due_on)
        if not planned:
            return
        left = reading.after(planned)
        logged = sum(
            row.minutes
            for row in reading.facts.study_log
            if row.assignment == one.assignment.code and row.on <= reading.judged_on
        )
        remains = max(min(estimate - logged, estimate * len(left) / len(planned)), estimate / 4)
        plan.spread("assignments", remains, left if left else fortnight)
    elif one.state == "resit":
        left = [on for on in reading.after(reading.active) if on <= one.due_on]
        plan.spread("assignments", estimate / 2, left if left else fortnight)
    elif one.state == "overdue":
        plan.spread("assignments", estimate / 2, fortnight)


def actual(reading: Reading) -> Plan:
    """What was spent, on dates up to the one that counts; the study log stands under assignments."""
    plan, until = Plan(), reading.judged_on
    for lesson in reading.lessons():
        if lesson.on <= until and lesson.mark in (None, Mark.PRESENT, Mark.LATE, Mark.MADE_UP):
            plan.spread("lessons", lesson.minutes + reading.facts.enrolment.travel, [lesson.on])
    for entry in reading.facts.internship:
        decided = entry.decided_on is not None and entry.decided_on <= reading.on
        handed_in = entry.submitted_on <= reading.on
        counts = {
            EntryState.SUBMITTED: handed_in,
            EntryState.CONFIRMED: decided or handed_in,
            EntryState.REJECTED: handed_in and not decided,
        }
        if entry.on <= until and counts.get(entry.state, False):
            plan.spread("internship", entry.minutes, [entry.on])
    for row in reading.facts.study_log:
        if row.on <= until:
            plan.spread("assignments", row.minutes, [row.on])
    return plan


def study_by_week(facts: Facts, standing: Standing, on: date) -> dict[date, dict[str, Fraction]]:
    """The study load of each week, by its Monday and by part: each date of it added up."""
    reading = Reading(facts, on)
    plan, ahead, done = original(reading, standing), as_of(reading, standing), actual(reading)
    this_monday = monday(reading.judged_on)
    weeks: dict[date, dict[str, Fraction]] = {}
    start = monday(reading.first)
    while start <= reading.last:
        dates = dates_between(start, start + timedelta(days=6))
        totals = dict.fromkeys(PARTS, Fraction(0))
        if any(one in reading.active for one in dates):
            for one in dates:
                source = plan if start < this_monday else ahead if one > reading.judged_on else done
                for part in PARTS:
                    totals[part] += source.minutes.get((part, one), Fraction(0))
        weeks[start] = totals
        start += WEEK
    return weeks
