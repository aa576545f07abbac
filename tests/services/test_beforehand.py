"""What anybody may know of an open cohort, and of a closed one nothing; and what those who went before say of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import StudyLogRow
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.load import LoadVerdict, Verdict
from hto_track.rules.beforehand import Answers, Fit
from hto_track.rules.facts import Mark
from hto_track.services.beforehand import (
    open_cohort,
    open_cohort_of,
    open_cohorts,
    opening_of,
    year_ahead,
)
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.transaction import writing
from hto_track.services.voices import spent_before, voices_of
from tests.cast import Cast, enrol
from tests.conftest import TODAY
from tests.trail import trail

UNTIL = date(2026, 9, 1)
ANSWERS = Answers(job=40 * 60, room=10 * 60)


def opened(cast: Cast, until: date | None = UNTIL, seen: date | None = None) -> None:
    open_cohort(cast.anja, cast.cohort, until, seen, TODAY)


def test_a_cohort_is_closed_until_somebody_opens_it(cast: Cast) -> None:
    assert open_cohorts(TODAY) == ()
    opened(cast)
    (cohort,) = open_cohorts(TODAY)
    assert (cohort.code, cohort.open_until, cohort.advertised) == ("C-1", UNTIL, 720)
    assert opening_of(cast.hanna, cast.cohort).open_until == UNTIL


def test_the_last_day_is_still_open_and_the_next_is_not(cast: Cast) -> None:
    opened(cast)
    assert open_cohort_of(cast.cohort, UNTIL).code == "C-1"
    for ask in (open_cohort_of, lambda code, on: year_ahead(code, ANSWERS, on)):
        with pytest.raises(NotFound):
            ask(cast.cohort, UNTIL + timedelta(days=1))


def test_a_closed_cohort_and_none_at_all_say_the_same(cast: Cast) -> None:
    told = []
    for code in (cast.cohort, "C-99"):
        with pytest.raises(NotFound) as refused:
            year_ahead(code, ANSWERS, TODAY)
        told.append(str(refused.value))
    assert told[0] == told[1]


def test_opening_and_closing_are_in_the_trail_and_doing_it_twice_is_once(cast: Cast) -> None:
    form = SentForm(key="a key", content="the same")
    for _ in range(2):
        open_cohort(cast.anja, cast.cohort, UNTIL, None, TODAY, form)
    opened(cast, None, UNTIL)
    assert [(entry.before, entry.after) for entry in trail("open_cohort")] == [
        ({"open_until": None}, {"open_until": "2026-09-01"}),
        ({"open_until": "2026-09-01"}, {"open_until": None}),
    ]


@pytest.mark.parametrize(
    ("until", "seen", "says"),
    [
        (TODAY - timedelta(days=1), None, "has passed"),
        (date(2026, 12, 19), None, "ends on"),
        (UNTIL, date(2026, 8, 1), "closed it meanwhile"),
    ],
)
def test_a_date_without_sense_is_refused_at_its_field(cast: Cast, until: date, seen: date | None, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        opened(cast, until, seen)
    assert [refusal.field for refusal in refused.value.refusals] == ["open_until"]
    assert opening_of(cast.anja, cast.cohort).open_until is None


def test_the_second_of_two_who_open_it_is_asked(cast: Cast) -> None:
    opened(cast)
    with pytest.raises(Refused, match="opened it until"):
        opened(cast, date(2026, 10, 1))
    assert opening_of(cast.anja, cast.cohort).open_until == UNTIL


def test_the_year_is_that_of_somebody_who_begins_today(cast: Cast) -> None:
    opened(cast)
    ahead = year_ahead(cast.cohort, ANSWERS, TODAY)
    told = ahead.beforehand
    assert told is not None
    assert (told.first, told.last) == (TODAY, date(2026, 12, 18))
    # One lesson of 3 hours with an hour of preparation, one assignment of 20 hours, 80 hours of internship.
    assert (told.totals.lessons, told.totals.preparation) == (180, 60)
    assert (told.totals.assignments, told.totals.internship) == (1200, 4800)
    assert (told.fit, ahead.assignments) == (Fit.NOT if told.above else Fit.ALWAYS, {"A1": "Een les ontwerpen"})


def test_whose_own_cohort_it_is_is_told_to_them_alone(cast: Cast) -> None:
    opened(cast)
    owns = {
        name: year_ahead(cast.cohort, ANSWERS, TODAY, getattr(cast, name)).is_own for name in ("bram", "anja", "karel")
    }
    assert owns == {"bram": True, "anja": False, "karel": False}
    assert not year_ahead(cast.cohort, ANSWERS, TODAY).is_own


def let_say(cohort_id: int, said: list[tuple[Verdict, str | None, bool]]) -> None:
    with writing() as session:
        cohort = session.get_one(Cohort, cohort_id)
        for at, (verdict, advice, may_be_shown) in enumerate(said):
            person = enrol(session, cohort, f"V-{at}", f"Naam{at}", None, "Geheim")
            session.add(
                LoadVerdict(
                    participant_id=person.id,
                    given_on=date(2026, 5, 1),
                    verdict=verdict,
                    advice=advice,
                    may_be_shown=may_be_shown,
                )
            )


FIVE = [
    (Verdict.HEAVIER, "Regel je stage vroeg.", True),
    (Verdict.HEAVIER, "Dit is van mij alleen.", False),
    (Verdict.AS_EXPECTED, None, True),
    (Verdict.AS_EXPECTED, None, False),
    (Verdict.LIGHTER, None, False),
]


def test_five_voices_of_other_cohorts_are_counted_and_only_what_may_be_shown_is(cast: Cast) -> None:
    opened(cast)
    let_say(cast.other_cohort_id, FIVE)
    voices = year_ahead(cast.cohort, ANSWERS, TODAY).earlier.voices
    assert voices is not None
    assert voices.counts == {Verdict.LIGHTER: 1, Verdict.AS_EXPECTED: 2, Verdict.HEAVIER: 2}
    assert (voices.people, voices.advice) == (5, ("Regel je stage vroeg.",))
    assert "Geheim" not in repr(voices)


def test_four_voices_say_nothing_and_those_of_the_cohort_itself_are_no_earlier_group(cast: Cast) -> None:
    opened(cast)
    let_say(cast.other_cohort_id, FIVE[:4])
    assert year_ahead(cast.cohort, ANSWERS, TODAY).earlier.voices is None
    programme_id = db.session.scalars(select(Cohort.programme_id).where(Cohort.id == cast.cohort_id)).one()
    with writing() as session:
        person = enrol(session, session.get_one(Cohort, cast.other_cohort_id), "V-9", "Negen", None, "Geheim")
        session.add(
            LoadVerdict(
                participant_id=person.id, given_on=TODAY, verdict=Verdict.LIGHTER, advice=None, may_be_shown=False
            )
        )
    assert voices_of(db.session(), programme_id) is not None
    assert voices_of(db.session(), programme_id, besides=cast.other_cohort_id) is None


def test_what_one_of_another_cohort_said_does_not_follow_from_two_pages(cast: Cast) -> None:
    let_say(cast.other_cohort_id, FIVE)
    programme_id = db.session.scalars(select(Cohort.programme_id).where(Cohort.id == cast.cohort_id)).one()
    with writing() as session:
        session.add(
            LoadVerdict(
                participant_id=cast.participant_id,
                given_on=TODAY,
                verdict=Verdict.HEAVIER,
                advice="Te herkennen.",
                may_be_shown=True,
            )
        )
    of_all, of_others = voices_of(db.session(), programme_id), voices_of(db.session(), programme_id, cast.cohort_id)
    assert of_all is not None and of_all == of_others


def finished_with(cast: Cast, logged: list[int]) -> int:
    """Let the other cohort run five weeks of May, with people who logged so many minutes; the first went to a school too."""
    with writing() as session:
        cohort = session.get_one(Cohort, cast.other_cohort_id)
        cohort.start_on, cohort.end_on = date(2026, 5, 4), date(2026, 6, 5)
        people = [enrol(session, cohort, f"L-{at}", f"Naam{at}", None, "Geheim") for at in range(len(logged))]
        for person, minutes in zip(people, logged, strict=True):
            session.add(StudyLogRow(participant_id=person.id, logged_on=date(2026, 5, 6), minutes=minutes))
        lesson = session.scalars(select(Lesson).where(Lesson.cohort_id == cast.cohort_id, Lesson.number == 1)).one()
        session.add(Attendance(lesson_id=lesson.id, participant_id=people[0].id, mark=Mark.PRESENT))
        session.add(Attendance(lesson_id=lesson.id, participant_id=people[1].id, mark=Mark.ABSENT))
        return cohort.programme_id


def test_what_earlier_groups_spent_in_a_week_by_hand(cast: Cast) -> None:
    # The first logged 100 minutes and was at a lesson of 3 hours, half an hour away: 310; so the middle one of 200, 310,
    # 400, 500 and 900 is 400, in five weeks.
    programme_id = finished_with(cast, [100, 200, 400, 500, 900])
    spent = spent_before(db.session(), programme_id, TODAY)
    assert spent is not None and (spent.minutes, spent.people) == (80, 5)
    assert spent_before(db.session(), programme_id, date(2026, 6, 5)) is None  # it is the last day: not over yet


def test_four_who_log_tell_nothing(cast: Cast) -> None:
    assert spent_before(db.session(), finished_with(cast, [100, 200, 400, 500]), TODAY) is None


def test_the_page_costs_the_same_however_many_went_before(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    opened(cast)
    let_say(cast.other_cohort_id, FIVE[:1])
    costs = []
    for more in range(2):
        db.session.rollback()
        with count_queries() as queries:
            year_ahead(cast.cohort, replace(ANSWERS, room=600 + more), TODAY, cast.bram)
        costs.append(len(queries))
        let_say_more(cast.other_cohort_id)
    assert costs[0] == costs[1] <= 8
    db.session.rollback()
    year_ahead(cast.cohort, ANSWERS, TODAY)
    with count_queries() as queries:
        year_ahead(cast.cohort, ANSWERS, TODAY)
    assert len(queries) <= 4  # what earlier groups say is kept as long as nothing is written


def let_say_more(cohort_id: int) -> None:
    with writing() as session:
        cohort = session.get_one(Cohort, cohort_id)
        for at in range(10, 22):
            person = enrol(session, cohort, f"W-{at}-{cohort.id}-{id(cohort)}", f"Naam{at}", None, "Geheim")
            session.add(
                LoadVerdict(
                    participant_id=person.id,
                    given_on=date(2026, 5, 1),
                    verdict=Verdict.HEAVIER,
                    advice=None,
                    may_be_shown=False,
                )
            )
