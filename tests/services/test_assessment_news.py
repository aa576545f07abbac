"""The mail about what was assessed: one a day, of everything together, without what came of it."""

from datetime import date, timedelta

from hto_track.models.assignments import Assignment
from hto_track.models.ledger import OutboxMail
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assessment_changes import Correction, correct_assessment, undo_form
from hto_track.services.assessment_news import cohorts_with_assessment_news, queue_assessment_news
from hto_track.services.assignments import Assessment, AttemptView, assess_attempt
from hto_track.services.form_answers import SentForm
from hto_track.services.jobs import Slot
from hto_track.services.policy import CONSOLE
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.warning_cases import mails

MONDAY = date(2026, 6, 15)
FORM = SentForm(key="a-form", content="filled in")


def assess(
    cast: Cast, code: str = "A1", outcome: AttemptOutcome = AttemptOutcome.FAILED, form: SentForm | None = None
) -> AttemptView:
    assessment = Assessment(attempt=1, outcome=outcome, assessed_on=TODAY, feedback="Geheim oordeel")
    return assess_attempt(cast.chaima, cast.participant, code, assessment, TODAY, form)


def add_assignment(cast: Cast) -> None:
    with writing() as session:
        session.add(
            Assignment(
                cohort_id=cast.cohort_id,
                code="A2",
                title="Een toets maken",
                opens_on=date(2026, 6, 2),
                due_on=date(2026, 7, 4),
                estimated_minutes=60,
                mandatory=True,
            )
        )


def tell(cast: Cast, on: date = MONDAY) -> list[OutboxMail]:
    """The mails that the slot of a date queues."""
    before = len(mails())
    queue_assessment_news(CONSOLE, cast.cohort, on, Slot(name="assessment_news:C-1", slot=on.isoformat()))
    return list(mails())[before:]


def test_an_evening_of_assessing_is_one_mail_without_what_came_of_it(cast: Cast) -> None:
    add_assignment(cast)
    assess(cast)
    assess(cast, "A2", AttemptOutcome.PASSED)
    assert cohorts_with_assessment_news(CONSOLE) == ("C-1",)
    (mail,) = tell(cast)
    assert (mail.recipient, mail.subject, mail.participant_id) == (
        "bram@example.org",
        "2 van je opdrachten zijn beoordeeld",
        cast.participant_id,
    )
    assert "- A1 Een les ontwerpen\n- A2 Een toets maken" in mail.body
    assert not any(word in mail.body.lower() for word in ("gehaald", "voldoende", "geheim", "chaima"))


def test_a_single_one_is_named_in_the_subject(cast: Cast) -> None:
    assess(cast)
    assert [mail.subject for mail in tell(cast)] == ["Je opdracht A1 Een les ontwerpen is beoordeeld"]


def test_nobody_is_told_twice(cast: Cast) -> None:
    assess(cast)
    assert len(tell(cast)) == 1
    assert tell(cast) == []
    assert tell(cast, MONDAY + timedelta(days=1)) == []
    assert cohorts_with_assessment_news(CONSOLE) == ()


def test_nothing_goes_at_the_weekend(cast: Cast) -> None:
    assess(cast)
    assert [tell(cast, MONDAY - timedelta(days=days)) for days in (2, 1)] == [[], []]
    assert len(tell(cast)) == 1


def test_what_was_undone_is_not_told(cast: Cast) -> None:
    assess(cast, form=FORM)
    undo_form(cast.chaima, "C-1", "A1", FORM.key)
    assert tell(cast) == []


def test_what_was_put_right_after_it_was_told_is_told_again(cast: Cast) -> None:
    seen = assess(cast)
    tell(cast)
    correction = Correction(attempt=1, seen=seen.version, outcome=AttemptOutcome.PASSED, reason="Verkeerde rij")
    correct_assessment(cast.chaima, cast.participant, "A1", correction)
    assert len(tell(cast, MONDAY + timedelta(days=1))) == 1
