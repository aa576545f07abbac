"""Extensions: a later date with a reason, for one person, told in one mail; the second of two givers is asked."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.models.assignments import Extension
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant, Pause
from hto_track.rules.facts import AttemptOutcome, EnrolmentStatus
from hto_track.services.assignments import Assessment, assess_attempt, exempt_from_assignment
from hto_track.services.extensions import extend_due_date, extension_of, withdraw_extension
from hto_track.services.form_answers import SentForm
from hto_track.services.hand_ins import hand_in_link
from hto_track.services.own_assignments import own_assignment
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

USUAL, LATER, LATEST = date(2026, 7, 3), date(2026, 7, 17), date(2026, 12, 18)


def extend(
    cast: Cast, due_on: date = LATER, reason: str = "Ziek geweest", seen: date | None = None, by: Actor | None = None
) -> None:
    extend_due_date(by or cast.anja, cast.participant, "A1", due_on, reason, seen, TODAY)


def stored() -> list[tuple[date, str | None]]:
    db.session.rollback()
    return [(row.due_on, row.reason) for row in db.session.scalars(select(Extension))]


def mails() -> list[tuple[str, str]]:
    rows = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "due_date_changed").order_by(OutboxMail.id))
    return [(row.recipient, row.subject) for row in rows]


def test_an_extension_moves_the_due_date_of_one_person_and_tells_them(cast: Cast) -> None:
    extend(cast)
    assert stored() == [(LATER, "Ziek geweest")]
    assert own_assignment(cast.bram, "A1", TODAY).item.standing.due_on == LATER
    assert mails() == [("bram@example.org", "A1 Een les ontwerpen: inleveren uiterlijk 17 jul 2026")]
    (mail,) = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "due_date_changed"))
    assert "Ziek" not in mail.body and "http://hto.test/opdrachten" in mail.body
    (entry,) = trail("extend_due_date")
    assert (entry.subject, entry.before) == ("participant/C1-01/assignments/A1", None)
    assert entry.after == {"due_on": "2026-07-17", "reason": "Ziek geweest"}


def test_it_is_changed_and_withdrawn_each_with_a_mail(cast: Cast) -> None:
    extend(cast)
    extend(cast, LATER + timedelta(days=7), seen=LATER, by=cast.chaima)
    withdraw_extension(cast.hanna, cast.participant, "A1", LATER + timedelta(days=7), TODAY)
    assert stored() == []
    assert [subject[-11:] for _, subject in mails()] == ["17 jul 2026", "24 jul 2026", " 3 jul 2026"]
    withdraw_extension(cast.hanna, cast.participant, "A1", None, TODAY)
    assert [entry.action for entry in trail()] == ["extend_due_date", "extend_due_date", "withdraw_extension"]


def test_one_that_is_given_again_after_it_was_withdrawn_is_told_again(cast: Cast) -> None:
    extend(cast)
    withdraw_extension(cast.anja, cast.participant, "A1", LATER, TODAY)
    extend(cast)
    assert [subject[-11:] for _, subject in mails()] == ["17 jul 2026", " 3 jul 2026", "17 jul 2026"]


def test_another_reason_alone_is_no_mail(cast: Cast) -> None:
    extend(cast)
    extend(cast, LATER, "Op verzoek van de werkgever", seen=LATER)
    assert (stored(), len(mails())) == ([(LATER, "Op verzoek van de werkgever")], 1)


def refused(cast: Cast, says: str, due_on: date = LATER, reason: str = "Ziek", seen: date | None = None) -> None:
    before = stored()
    with pytest.raises(Refused, match=says):
        extend(cast, due_on, reason, seen)
    assert stored() == before


@pytest.mark.parametrize(
    ("due_on", "reason", "says"),
    [
        (LATER, "  ", "in a few words"),
        (LATER, "x" * 501, "500"),
        (TODAY - timedelta(days=1), "Ziek", "has passed"),
        (USUAL, "Ziek", "Without an extension it is due on Jul"),
        (LATEST + timedelta(days=1), "Ziek", "last day of Bram"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(cast: Cast, due_on: date, reason: str, says: str) -> None:
    refused(cast, says.replace("on Jul", "on "), due_on, reason)


def test_the_last_day_itself_is_late_enough(cast: Cast) -> None:
    extend(cast, LATEST)
    assert stored()[0][0] == LATEST


def test_what_a_pause_moved_is_where_an_extension_begins(cast: Cast) -> None:
    with writing() as session:
        session.add(Pause(participant_id=cast.participant_id, start_on=date(2026, 6, 5), end_on=date(2026, 6, 9)))
    known = extension_of(cast.anja, cast.participant, "A1", TODAY)
    assert (known.usual_due_on, known.offered_due_on) == (date(2026, 7, 8), date(2026, 7, 22))
    refused(cast, "Without an extension", date(2026, 7, 8))


def test_what_is_handed_in_or_not_asked_gets_no_extension(cast: Cast) -> None:
    hand_in_link(cast.bram, cast.participant, "A1", "https://example.org/les", TODAY)
    refused(cast, "waits for assessment")
    assess(cast, 1, AttemptOutcome.FAILED)
    refused(cast, "resit")
    assess(cast, 2, AttemptOutcome.FAILED)
    refused(cast, "No attempts")


def assess(cast: Cast, number: int, outcome: AttemptOutcome) -> None:
    assess_attempt(
        cast.chaima, cast.participant, "A1", Assessment(attempt=number, outcome=outcome, assessed_on=TODAY), TODAY
    )


def test_what_is_done_gets_no_extension(cast: Cast) -> None:
    exempt_from_assignment(cast.chaima, cast.participant, "A1", "Eerder gedaan", TODAY)
    refused(cast, "is done")


def test_who_stopped_gets_no_extension(cast: Cast) -> None:
    with writing() as session:
        stopped = {"status": EnrolmentStatus.WITHDRAWN, "status_on": date(2026, 6, 1)}
        session.execute(update(Participant).where(Participant.code == cast.participant).values(**stopped))
    refused(cast, "has ended")


def test_the_second_of_two_who_give_one_is_asked(cast: Cast) -> None:
    extend(cast)
    refused(cast, "gave an extension until", LATER + timedelta(days=7), seen=None)
    with pytest.raises(Refused, match="gave an extension"):
        withdraw_extension(cast.chaima, cast.participant, "A1", None, TODAY)
    withdraw_extension(cast.anja, cast.participant, "A1", LATER, TODAY)
    refused(cast, "withdrew the extension", LATER + timedelta(days=7), seen=LATER)


def test_a_form_that_is_sent_twice_gives_once(cast: Cast) -> None:
    for _ in range(2):
        form = SentForm(key="k", content="c")
        extend_due_date(cast.anja, cast.participant, "A1", LATER, "Ziek", None, TODAY, form)
    assert len(trail("extend_due_date")) == 1


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("bram", Forbidden), ("gijs", Forbidden), ("ilse", Forbidden), ("otto", NotFound), ("els", NotFound)],
)
def test_only_who_guides_gives_one(cast: Cast, who: str, refusal: type[Exception]) -> None:
    actor = getattr(cast, who)
    with pytest.raises(refusal):
        extension_of(actor, cast.participant, "A1", TODAY)
    with pytest.raises(refusal):
        extend(cast, by=actor)
    with pytest.raises(refusal):
        withdraw_extension(actor, cast.participant, "A1", None, TODAY)
