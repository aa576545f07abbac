"""The settings that RULES.md gives a default, where none is stored."""

from fractions import Fraction

from hto_track.rules.facts import Enrolment, FinalAssessment, Programme, Thresholds
from tests.rules.cases import END, START, day


def test_a_programme_has_the_settings_of_the_rules() -> None:
    assert Programme() == Programme(
        min_attendance=Fraction("0.80"),
        make_up_limit=4,
        internship_min=80 * 60,
        internship_max=100 * 60,
        max_attempts=2,
        prep_per_lesson=60,
        advertised_weekly=12 * 60,
        thresholds=Thresholds(
            overload_amber=Fraction("1.5"),
            overload_red=Fraction(2),
            overload_red_with_job=60 * 60,
            sustained_amber=Fraction("1.2"),
            sustained_red=Fraction("1.5"),
            sustained_red_with_job=55 * 60,
            no_placement_amber=42,
            no_placement_red=84,
            overdue_amber_days=7,
            overdue_red_count=3,
            silent_amber=21,
            silent_red=35,
            unconfirmed_amber=14,
            unconfirmed_red=28,
        ),
    )


def test_a_job_is_forty_hours_without_release_or_travel() -> None:
    enrolment = Enrolment(cohort_start_on=START, cohort_end_on=END)
    assert (enrolment.job_weekly, enrolment.release_weekly, enrolment.travel) == (40 * 60, 0, 0)


def test_a_closing_interview_may_be_held_again_unless_it_is_said_otherwise() -> None:
    assert FinalAssessment(on=day(1), passed=False).resit_allowed
