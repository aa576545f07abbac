"""The register of diplomas: what is awarded, what is refused, and what a document is worth."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hto_track import clock
from hto_track.documents.diploma import register_numbers_in
from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.diploma import Diploma
from hto_track.models.participants import Participant
from hto_track.services.diploma import award_diploma, revoke_diploma
from hto_track.services.diploma_register import Verdict, cohort_diplomas, issued_document, verify_document
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.graduates import READY_ON, make_ready
from tests.trail import trail

CHAIMA = "chaima@example.org"


def fields_refused(refused: pytest.ExceptionInfo[Refused]) -> list[str | None]:
    """The fields of what was refused."""
    return [refusal.field for refusal in refused.value.refusals]


def registered() -> list[Diploma]:
    """The whole register."""
    db.session.rollback()
    return list(db.session.scalars(select(Diploma).order_by(Diploma.id)))


def test_who_met_every_requirement_gets_a_number_and_a_document(cast: Cast) -> None:
    make_ready(cast)
    award = award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    assert award.register_number == "HTO-2026-0001"
    assert award.holder == "Bram de Wit"
    assert award.document.startswith(b"%PDF-")
    row = registered()[0]
    assert (row.awarded_by, row.awarded_on, row.ground, row.document) == (CHAIMA, TODAY, None, award.document)


def test_an_award_is_written_down_without_names(cast: Cast) -> None:
    make_ready(cast)
    award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    [entry] = trail()
    assert (entry.action, entry.subject) == ("award_diploma", "participant/C1-01/diploma")
    assert entry.after is not None
    assert entry.after["register_number"] == "HTO-2026-0001"
    assert "Bram" not in str(entry.after)


def test_the_day_the_last_requirement_was_met_is_early_enough_and_the_day_before_is_not(cast: Cast) -> None:
    make_ready(cast)
    with pytest.raises(Refused) as refused:
        award_diploma(cast.chaima, cast.cohort, cast.participant, READY_ON - timedelta(days=1), CHAIMA)
    assert fields_refused(refused) == ["ground"]
    assert registered() == []
    award_diploma(cast.chaima, cast.cohort, cast.participant, READY_ON, CHAIMA)


def test_a_written_ground_stands_in_the_register_and_not_on_the_diploma(cast: Cast) -> None:
    award = award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, ground="  Besluit 12 mei ")
    assert registered()[0].ground == "Besluit 12 mei"
    assert b"Besluit" not in award.document


def test_a_ground_of_spaces_is_no_ground(cast: Cast) -> None:
    with pytest.raises(Refused):
        award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, ground="   ")
    assert registered() == []


def test_today_is_late_enough_and_tomorrow_is_refused(cast: Cast) -> None:
    make_ready(cast)
    with pytest.raises(Refused) as refused:
        award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY + timedelta(days=1), CHAIMA, ground="Besluit")
    assert fields_refused(refused) == ["on"]
    assert registered() == []


def test_a_second_diploma_is_refused_while_one_is_in_force(cast: Cast) -> None:
    make_ready(cast)
    award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    for on in (READY_ON, TODAY):
        with pytest.raises(Refused):
            award_diploma(cast.chaima, cast.cohort, cast.participant, on, CHAIMA)
    assert len(registered()) == 1


def test_after_a_revocation_a_new_one_has_a_number_of_its_own(cast: Cast) -> None:
    make_ready(cast)
    award_diploma(cast.chaima, cast.cohort, cast.participant, READY_ON, CHAIMA)
    revoke_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, "Naam verkeerd")
    again = award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    assert again.register_number == "HTO-2026-0002"
    first, second = registered()
    assert (first.revoked_on, first.revoked_by, first.revoked_reason) == (TODAY, CHAIMA, "Naam verkeerd")
    assert second.revoked_on is None


def test_a_diploma_is_not_awarded_back_into_the_time_of_one_that_was_revoked(cast: Cast) -> None:
    make_ready(cast)
    award_diploma(cast.chaima, cast.cohort, cast.participant, READY_ON, CHAIMA)
    revoke_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, "Naam verkeerd")
    with pytest.raises(Refused):
        award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY - timedelta(days=1), CHAIMA)


def test_numbers_count_per_year(cast: Cast) -> None:
    last_year = award_diploma(cast.chaima, cast.cohort, cast.participant, date(2025, 12, 31), CHAIMA, ground="Besluit")
    this_year = award_diploma(cast.chaima, cast.cohort, cast.neighbour, TODAY, CHAIMA, ground="Besluit")
    assert [last_year.register_number, this_year.register_number] == ["HTO-2025-0001", "HTO-2026-0001"]


def test_numbers_go_on_past_four_digits(cast: Cast) -> None:
    award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, ground="Besluit")
    with writing() as session:
        session.scalars(select(Diploma)).one().register_number = "HTO-2026-9999"
    award = award_diploma(cast.chaima, cast.cohort, cast.neighbour, TODAY, CHAIMA, ground="Besluit")
    assert award.register_number == "HTO-2026-10000"
    assert register_numbers_in(award.document) == ("HTO-2026-10000",)
    revoke_diploma(cast.chaima, cast.cohort, cast.neighbour, TODAY, CHAIMA, "Naam verkeerd")
    again = award_diploma(cast.chaima, cast.cohort, cast.neighbour, TODAY, CHAIMA, ground="Besluit")
    assert again.register_number == "HTO-2026-10001"


@pytest.mark.parametrize(
    "by", ["", "chaima", "chaima@", "@example.org", "a b@example.org", "a@b,c.nl", "x@" + "y" * 300]
)
def test_an_address_that_is_none_is_refused(cast: Cast, by: str) -> None:
    make_ready(cast)
    with pytest.raises(Refused) as refused:
        award_diploma(CONSOLE, cast.cohort, cast.participant, TODAY, by)
    assert fields_refused(refused) == ["by"]
    assert registered() == []


def test_the_console_awards_for_anyone_of_the_college_and_for_an_address_it_does_not_know(cast: Cast) -> None:
    make_ready(cast)
    make_ready_neighbour = "Besluit van de hogeschool"
    award_diploma(CONSOLE, cast.cohort, cast.participant, TODAY, "Chaima@Example.org")
    award_diploma(
        CONSOLE, cast.cohort, cast.neighbour, TODAY, "examens@hogeschool.example.org", ground=make_ready_neighbour
    )
    assert [row.awarded_by for row in registered()] == [CHAIMA, "examens@hogeschool.example.org"]


@pytest.mark.parametrize("who", ["anja", "bram", "dirk", "els", "femke", "otto", "gijs"])
def test_the_console_cannot_award_in_the_name_of_someone_who_may_not(cast: Cast, who: str) -> None:
    make_ready(cast)
    with pytest.raises(Refused) as refused:
        award_diploma(CONSOLE, cast.cohort, cast.participant, TODAY, f"{who}@example.org")
    assert fields_refused(refused) == ["by"]
    assert registered() == []


def test_the_console_cannot_award_in_the_name_of_another_college(cast: Cast) -> None:
    make_ready(cast)
    with writing() as session:
        user = User(email="vreemd@example.org", name="Vreemd")
        session.add(user)
        session.flush()
        session.add(Grant(user_id=user.id, role=Role.COLLEGE, college="Een andere hogeschool", granted_at=clock.now()))
    with pytest.raises(Refused):
        award_diploma(CONSOLE, cast.cohort, cast.participant, TODAY, "vreemd@example.org")


def test_nobody_awards_in_the_name_of_someone_else(cast: Cast) -> None:
    make_ready(cast)
    with pytest.raises(Refused) as refused:
        award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, "iemand@example.org")
    assert fields_refused(refused) == ["by"]


def test_a_participant_of_another_cohort_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotFound):
        award_diploma(CONSOLE, cast.cohort, cast.other_participant, TODAY, CHAIMA, ground="Besluit")


def test_a_name_that_the_font_cannot_print_is_refused(cast: Cast) -> None:
    make_ready(cast)
    with writing() as session:
        session.scalars(select(Participant).where(Participant.code == "C1-01")).one().given_name = "明"
    with pytest.raises(Refused, match="明"):
        award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)


def test_a_form_sent_twice_awards_once(cast: Cast) -> None:
    make_ready(cast)
    form = SentForm(key="k", content="c")
    first = award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, form=form)
    assert award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, form=form) == first
    assert len(registered()) == 1


def test_revoking_asks_a_reason_a_day_that_has_come_and_a_diploma(cast: Cast) -> None:
    make_ready(cast)
    with pytest.raises(Refused):
        revoke_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, "Reden")
    award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    for on, reason, field in (
        (TODAY, " ", "reason"),
        (TODAY + timedelta(days=1), "Reden", "on"),
        (TODAY - timedelta(days=1), "Reden", "on"),
    ):
        with pytest.raises(Refused) as refused:
            revoke_diploma(cast.chaima, cast.cohort, cast.participant, on, CHAIMA, reason)
        assert fields_refused(refused) == [field]
    assert registered()[0].revoked_on is None


def test_a_diploma_in_force_is_valid_and_a_revoked_one_is_not(cast: Cast) -> None:
    make_ready(cast)
    award = award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    valid = verify_document(award.document)
    assert (valid.verdict, valid.register_number, valid.holder) == (Verdict.VALID, "HTO-2026-0001", "Bram de Wit")
    revoke_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, "Reden")
    revoked = verify_document(award.document)
    assert (revoked.verdict, revoked.revoked_on) == (Verdict.REVOKED, TODAY)


def test_a_diploma_with_one_byte_changed_is_altered_and_says_no_name(cast: Cast) -> None:
    make_ready(cast)
    document = award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA).document
    for changed in (document + b"\n", document.replace(b"Maas", b"Rijn"), document[:-1]):
        verification = verify_document(changed)
        assert (verification.verdict, verification.register_number) == (Verdict.ALTERED, "HTO-2026-0001")
        assert verification.holder is None


def test_what_is_no_diploma_of_ours_is_unknown(cast: Cast) -> None:
    for document in (b"", b"%PDF-1.4 HTO-2026-0001", b"\0" * 1000, b"stream\n" * 1000):
        assert verify_document(document).verdict is Verdict.UNKNOWN


def test_the_college_sees_where_everyone_stands_and_what_the_register_has(cast: Cast) -> None:
    make_ready(cast)
    award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    seen = cohort_diplomas(cast.chaima, cast.cohort, TODAY)
    bram, noor = seen.candidates
    assert bram.in_force is not None
    assert bram.in_force.register_number == "HTO-2026-0001"
    assert noor.in_force is None
    assert noor.entries == ()


def test_the_holder_gets_the_document_while_it_is_in_force_and_the_college_always(cast: Cast) -> None:
    make_ready(cast)
    award = award_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA)
    assert issued_document(cast.bram, award.register_number) == award
    with pytest.raises(NotFound):
        issued_document(cast.otto, award.register_number)
    revoke_diploma(cast.chaima, cast.cohort, cast.participant, TODAY, CHAIMA, "Reden")
    with pytest.raises(Forbidden):
        issued_document(cast.bram, award.register_number)
    assert issued_document(cast.chaima, award.register_number) == award
