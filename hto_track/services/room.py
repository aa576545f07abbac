"""The room of a participant: looked at before it is saved, saved, agreed on at the intake, and given back as it was."""

from dataclasses import asdict, dataclass, replace
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.facts import Facts
from hto_track.rules.load import Load
from hto_track.rules.standing import judge
from hto_track.services import audit, facts, form_answers
from hto_track.services.enrolments import own_enrolment
from hto_track.services.expectations import (
    StoredExpectation,
    expectation_of,
    forget_expectation,
    store_expectation,
)
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, Member

LONGEST_WEEK = 80 * 60
LONGEST_TRAVEL = 6 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What somebody gives, in minutes a week; ``travel`` is there and back for one lesson. ``study`` None: nothing given."""

    job: int
    release: int
    study: int | None
    travel: int

    @property
    def version(self) -> str:
        """What a form carries of the room that it was shown with."""
        return "/".join(map(str, (self.job, self.release, self.study, self.travel)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """The room of a participant with the load it stands beside; ``tried`` and ``after`` are of what would be saved."""

    cohort: CohortSummary
    member: Member
    room: Room
    load: Load
    advertised: int
    expectation: StoredExpectation | None
    tried: Room | None
    after: Load | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomSaved:
    """What was stored, and whether the expectation was stored with it."""

    before: Room
    after: Room
    stored_expectation: bool


@dataclass(frozen=True, slots=True)
class _Known:
    row: Participant
    cohort: CohortSummary
    member: Member
    facts: Facts


def room_of(actor: Actor, participant_code: str | None, on: date, tried: Room | None = None) -> RoomView:
    """The room of a participant, one's own without a code, and what ``tried`` would make of it. NotFound, Forbidden.

    What is tried is not stored; refused as ``give_room`` refuses it.
    """
    session = reading()
    known = _known(session, actor, participant_code)
    if tried is not None and (refusals := room_refusals(tried)):
        raise Refused(refusals)
    note_reading(actor, Seen.TRAJECT, participant_id=known.row.id)
    return RoomView(
        cohort=known.cohort,
        member=known.member,
        room=_room(known.row),
        load=judge(known.facts, on).load,
        advertised=known.facts.programme.advertised_weekly,
        expectation=expectation_of(session, known.row.id),
        tried=tried,
        after=judge(with_room(known.facts, tried), on).load if tried else None,
        on=on,
    )


def give_room(
    actor: Actor, participant_code: str | None, wanted: Room, seen: str, on: date, form: SentForm | None = None
) -> RoomSaved:
    """Store how much room a participant has; the first time with what they are to expect. NotFound, Forbidden.

    Refused for hours without sense, and when somebody else changed it since it was ``seen``.
    """
    with writing() as session:
        known = _known(session, actor, participant_code)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return _saved(earlier)
        before = _room(known.row)
        refusals = [*_changed(before, seen), *room_refusals(wanted)]
        if refusals:
            raise Refused(refusals)
        _write(known.row, wanted)
        stored = store_expectation(session, known.row, with_room(known.facts, wanted), on)
        _audit(session, actor, known.row, "give_room", before, wanted)
        answer = {
            "participant": known.row.code,
            "room_before": asdict(before),
            "room_after": asdict(wanted),
            "expectation": stored,
        }
        form_answers.remember(session, actor, form, answer)
        return _saved(answer)


def agree_on_room(actor: Actor, participant_code: str | None, on: date) -> bool:
    """Store what is to be expected with the room as it stands, because it was agreed on at the intake; whether it was new.

    NotFound, Forbidden.
    """
    with writing() as session:
        known = _known(session, actor, participant_code)
        stored = store_expectation(session, known.row, known.facts, on)
        if stored:
            subject = audit.of_participant(known.row.code, "load_expectation")
            audit.record(session, actor, "agree_on_room", subject, after=_written(_room(known.row)))
        return stored


def undo_room(actor: Actor, participant_code: str | None, form_key: str) -> RoomSaved:
    """Give back the room as it was before a form of the actor's own, and what was expected with it. NotFound, Forbidden.

    Refused when the room was changed since.
    """
    with writing() as session:
        known = _known(session, actor, participant_code)
        answer = form_answers.answer_to(actor, form_key, "room_after")
        if answer["participant"] != known.row.code:
            raise NotFound(f"The form {form_key} gave {known.row.code} no room")
        earlier, now = _saved(answer), _room(known.row)
        if now == earlier.before != earlier.after:
            return replace(earlier, before=now, after=now)
        if now != earlier.after:
            raise refuse(_l("The room was changed since. Look at it, and change it here."))
        _write(known.row, earlier.before)
        if earlier.stored_expectation:
            forget_expectation(session, known.row.id)
        _audit(session, actor, known.row, "undo_room", now, earlier.before)
        return replace(earlier, before=now, after=earlier.before)


def room_refusals(room: Room) -> list[Refusal]:
    """What makes no sense in a room, at its fields."""
    refusals = []
    if not 0 <= room.job <= LONGEST_WEEK:
        refusals.append(Refusal(message=_l("A working week has at most 80 hours."), field="werk"))
    if room.study is None or not 0 <= room.study <= LONGEST_WEEK:
        refusals.append(Refusal(message=_l("Fill in at most 80 hours for a week."), field="ruimte"))
    if not 0 <= room.release <= room.job:
        refusals.append(Refusal(message=_l("Your employer cannot give more hours than you work."), field="vrij"))
    if not 0 <= room.travel <= LONGEST_TRAVEL:
        refusals.append(Refusal(message=_l("Fill in at most 360 minutes."), field="reis"))
    return refusals


def with_room(known: Facts, room: Room) -> Facts:
    """The same person with another room."""
    enrolment = replace(
        known.enrolment,
        job_weekly=room.job,
        release_weekly=room.release,
        study_weekly=room.study,
        travel=room.travel,
    )
    return replace(known, enrolment=enrolment)


def _known(session: Session, actor: Actor, participant_code: str | None) -> _Known:
    code = own_enrolment(actor) if participant_code is None else participant_code
    ground = facts.ground_of_participant(session, code)
    found = facts.facts_of_participant(session, ground, code)
    if not found.members:
        raise NotFound(f"There is no participant {code}")
    person = found.members[0]
    require(actor, Action.GIVE_ROOM, subject_of(ground.cohort, participant_id=person.member.id))
    row = session.scalars(select(Participant).where(Participant.code == code)).one()
    return _Known(row, ground.cohort, person.member, person.facts)


def _room(row: Participant) -> Room:
    return Room(
        job=row.job_weekly_minutes,
        release=row.release_weekly_minutes,
        study=row.study_weekly_minutes,
        travel=row.travel_minutes,
    )


def _write(row: Participant, room: Room) -> None:
    row.job_weekly_minutes, row.release_weekly_minutes = room.job, room.release
    row.study_weekly_minutes, row.travel_minutes = room.study, room.travel


def _changed(now: Room, seen: str) -> list[Refusal]:
    if now.version == seen:
        return []
    return [
        Refusal(message=_l("Somebody changed this meanwhile. Look at what stands now and save again."), field="seen")
    ]


def _audit(session: Session, actor: Actor, row: Participant, action: str, before: Room, after: Room) -> None:
    subject = audit.of_participant(row.code, "room")
    audit.record(session, actor, action, subject, before=_written(before), after=_written(after))


def _written(room: Room) -> dict[str, int | None]:
    return {
        "job_weekly_minutes": room.job,
        "release_weekly_minutes": room.release,
        "study_weekly_minutes": room.study,
        "travel_minutes": room.travel,
    }


def _saved(answer: dict[str, object]) -> RoomSaved:
    before, after = answer["room_before"], answer["room_after"]
    assert isinstance(before, dict) and isinstance(after, dict)
    return RoomSaved(before=Room(**before), after=Room(**after), stored_expectation=bool(answer["expectation"]))
