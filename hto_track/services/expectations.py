"""What a participant was told to expect: stored once, when their room is first given or agreed on, and read beside the load;
and what they said of the load afterwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.load import LoadExpectation, LoadVerdict, Verdict
from hto_track.models.participants import Participant
from hto_track.rules.expectation import expected_weeks
from hto_track.rules.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredExpectation:
    """What was expected, in minutes: a week by its Monday, and the room that was given with it."""

    stored_on: date
    weeks: Mapping[date, int]
    job: int
    release: int
    room: int
    travel: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenVerdict:
    """What a participant said of the load, and when; ``advice`` is one sentence for who comes next."""

    given_on: date
    verdict: Verdict
    advice: str | None
    may_be_shown: bool


def told_and_said(session: Session, participant_id: int) -> tuple[StoredExpectation | None, GivenVerdict | None]:
    """What somebody was told to expect and what they said of it, in one query; for use cases that have asked the policy."""
    row = session.execute(
        select(LoadExpectation, LoadVerdict)
        .select_from(Participant)
        .outerjoin(LoadExpectation, LoadExpectation.participant_id == Participant.id)
        .outerjoin(LoadVerdict, LoadVerdict.participant_id == Participant.id)
        .where(Participant.id == participant_id)
    ).one()
    return _stored(row.LoadExpectation), given_verdict(row.LoadVerdict)


def given_verdict(row: LoadVerdict | None) -> GivenVerdict | None:
    """What a row says."""
    if row is None:
        return None
    return GivenVerdict(given_on=row.given_on, verdict=row.verdict, advice=row.advice, may_be_shown=row.may_be_shown)


def expectation_of(session: Session, participant_id: int) -> StoredExpectation | None:
    """What somebody was told to expect, for use cases that have asked the policy; None when nothing was stored."""
    return _stored(session.get(LoadExpectation, participant_id))


def store_expectation(session: Session, row: Participant, known: Facts, on: date) -> bool:
    """Store what ``known`` (with the room as it is given now) is to expect, unless something was stored; whether it was.

    Only inside ``writing()``.
    """
    if session.get(LoadExpectation, row.id) is not None:
        return False
    room = row.study_weekly_minutes
    session.add(
        LoadExpectation(
            participant_id=row.id,
            stored_on=on,
            job_weekly_minutes=row.job_weekly_minutes,
            release_weekly_minutes=row.release_weekly_minutes,
            study_weekly_minutes=known.programme.advertised_weekly if room is None else room,
            travel_minutes=row.travel_minutes,
            weeks={monday.isoformat(): minutes for monday, minutes in expected_weeks(known).items()},
        )
    )
    session.flush()
    return True


def forget_expectation(session: Session, participant_id: int) -> None:
    """Take back what was stored, when the form that stored it is undone. Only inside ``writing()``."""
    row = session.get(LoadExpectation, participant_id)
    if row is not None:
        session.delete(row)
        session.flush()


def _stored(row: LoadExpectation | None) -> StoredExpectation | None:
    if row is None:
        return None
    return StoredExpectation(
        stored_on=row.stored_on,
        weeks={date.fromisoformat(monday): minutes for monday, minutes in row.weeks.items()},
        job=row.job_weekly_minutes,
        release=row.release_weekly_minutes,
        room=row.study_weekly_minutes,
        travel=row.travel_minutes,
    )
