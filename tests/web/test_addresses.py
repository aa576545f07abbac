"""Whatever a code holds, the pages of whom it names are found at the address that our own links give."""

import pytest
from flask import Flask, url_for
from sqlalchemy import select, update

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.participants import Participant
from tests.cast import Cast
from tests.web.conftest import SignIn

CODES = [
    "a/b",
    "a b",
    "a.b",
    ".",
    "..",
    "50%",
    "%2F",
    "%252F",
    "%2E",
    "é",
    "😀",
    "#1?x=y",
    "a\\b",
    "<script>",
    "007",
    "a;b",
]


@pytest.mark.parametrize("code", CODES)
def test_the_pages_of_any_code_are_found(app: Flask, cast: Cast, sign_in: SignIn, code: str) -> None:
    db.session.execute(update(Cohort).where(Cohort.id == cast.cohort_id).values(code=code))
    db.session.execute(update(Participant).where(Participant.id == cast.participant_id).values(code=code))
    db.session.commit()
    assert db.session.scalars(select(Participant.code).where(Participant.code == code)).one()
    with app.test_request_context():
        board = url_for("cohorts.board", cohort_code=code)
        pages = (
            board,
            url_for("traject.of_participant", participant_code=code),
            url_for("lessons.attendance", cohort_code=code, lesson_number=2),
            url_for("diploma.candidate", cohort_code=code, participant_code=code),
        )
    client = sign_in(cast.chaima)
    for page in pages:
        assert client.get(page).status_code == 200, page
    assert pages[1] in client.get(board).text.replace("&amp;", "&").replace("&#39;", "'")
