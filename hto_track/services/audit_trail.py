"""Reading the audit trail: all of it for administrators, and the history of a participant, a cohort or an account.

Latest first, a page at a time from an entry's number on, so that the millionth page costs as much as the first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from hto_track.models.accounts import User
from hto_track.models.internship import Placement
from hto_track.models.ledger import AuditContent, AuditEntry
from hto_track.models.participants import Participant
from hto_track.models.privacy import Seen
from hto_track.rules.days import AMSTERDAM
from hto_track.services import audit, facts
from hto_track.services.policy import CONSOLE, Action, Actor, require, require_anywhere
from hto_track.services.readings import note_reading
from hto_track.services.references import Someone, people_of, ref_by_link
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading
from hto_track.services.values import member

PAGE = 50
"""Entries at a time."""
MOST_FOUND = 500
"""People that a name can stand for in a search."""
FILES_OF: dict[str, tuple[str, ...]] = {
    "hours": ("internship_hours.csv",),
    "lessons": ("lessons.csv", "attendance.csv"),
    "assignments": ("attempts.csv", "extensions.csv"),
    "exemptions": ("exemptions.csv",),
    "diploma": ("final_assessments.csv", "checkpoint_records.csv"),
}
"""The files whose imports are part of the history of a kind of record."""
OWN_AFFAIRS = ("share",)
"""What of a participant is in their own history alone: with whom they share is theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailEntry:
    """An entry of the trail. ``who`` and ``about`` are None for who is not there any more, and where nobody is meant.

    ``subject`` is taken apart as ``audit.parts_of`` says. Of one whose content was erased nothing is left but this.
    """

    number: int
    at: datetime
    actor: str
    who: Someone | None
    action: str
    subject: tuple[str, ...]
    about: Someone | None
    before: dict[str, Any]
    after: dict[str, Any]
    is_erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPage:
    """Entries, latest first; ``older`` is the number to go on below, None at the end."""

    entries: tuple[TrailEntry, ...]
    older: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The history of a participant, a cohort (``name`` is its own) or an account."""

    code: str
    name: str
    cohort_code: str
    page: TrailPage
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailSearch:
    """What an administrator looks for; what is empty is not asked. Dates are days in Amsterdam, both included."""

    who: str = ""
    action: str = ""
    about: str = ""
    first: date | None = None
    last: date | None = None


def search_trail(actor: Actor, search: TrailSearch, below: int | None = None) -> TrailPage:
    """The entries that fit, below a number. Forbidden for who may not look into the trail."""
    require_anywhere(actor, Action.VIEW_AUDIT)
    session = reading()
    return _page(session, _wanted(session, search), below)


def participant_history(actor: Actor, code: str, within: str = "", below: int | None = None) -> History:
    """What was done to a participant, or to a record of theirs (``within``: ``hours/12``). NotFound, Forbidden."""
    session = reading()
    ground = facts.ground_of_participant(session, code)
    row = session.scalars(select(Participant).where(Participant.code == code)).one()
    person, subject = member(row), subject_of(ground.cohort, participant_id=row.id)
    require(actor, Action.VIEW_HISTORY, subject)
    which = _of(audit.of_participant, code, within)
    is_own = any(grant.participant_id == person.id for grant in actor.grants)
    if not is_own:
        which = and_(which, not_(audit.about(*(audit.of_participant(code, part) for part in OWN_AFFAIRS))))
    page = _page(session, which, below)
    found = History(code=code, name=person.name, cohort_code=ground.cohort.code, page=page, is_own=is_own)
    note_reading(actor, Seen.HISTORY, participant_id=person.id)
    return found


def cohort_history(actor: Actor, code: str, within: str = "", below: int | None = None) -> History:
    """What was done to a cohort and its people, or to one record of it (``within``: ``lessons/3``). NotFound, Forbidden."""
    session = reading()
    cohort = facts.cohort_ground(session, code).cohort
    require(actor, Action.VIEW_HISTORY, subject_of(cohort))
    codes = session.scalars(select(Participant.code).where(Participant.cohort_id == cohort.id)).all()
    if within:
        places = [place for place in _places(within) if place[0] not in OWN_AFFAIRS]
        records = [audit.of_participant(each, *place) for each in codes for place in places]
        which = or_(_of(audit.of_cohort, code, within), AuditEntry.subject.in_(records))
    else:
        which = or_(audit.about(audit.of_cohort(code)), _about_people_of(session, cohort.id))
    found = History(code=code, name=cohort.name, cohort_code=code, page=_page(session, which, below))
    note_reading(actor, Seen.HISTORY, cohort_id=cohort.id)
    return found


def own_history(actor: Actor, below: int | None = None) -> History:
    """What was done to the actor's own account."""
    page = _page(reading(), audit.about(actor.ref), below)
    return History(code=actor.ref, name=actor.name, cohort_code="", page=page, is_own=True)


def _wanted(session: Session, search: TrailSearch) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if search.who:
        conditions.append(AuditEntry.actor.in_(_refs_named(session, search.who)))
    if search.action:
        conditions.append(AuditEntry.action == search.action)
    if search.about:
        conditions.append(_about_code(search.about))
    if search.first is not None:
        conditions.append(AuditEntry.at >= _midnight(search.first))
    if search.last is not None:
        conditions.append(AuditEntry.at < _midnight(search.last + timedelta(days=1)))
    return and_(*conditions)


def _about_code(text: str) -> ColumnElement[bool]:
    """About the participant or the cohort of this code, or about a subject as the trail writes it (``user/7``)."""
    found = audit.about(audit.of_participant(text), audit.of_cohort(text))
    return or_(found, audit.about(text)) if text.partition("/")[0] in audit.KINDS else found


def _refs_named(session: Session, text: str) -> list[str]:
    """Whoever goes by this name or address, or a part of it."""
    word = text.lower()

    def goes_by(name: Any, email: Any) -> ColumnElement[bool]:
        return or_(func.lower(name).contains(word, autoescape=True), func.lower(email).contains(word, autoescape=True))

    users = select(User.id).where(goes_by(User.name, User.email)).order_by(User.id).limit(MOST_FOUND)
    supervisors = (
        select(Placement.id, Placement.supervisor_email)
        .where(Placement.supervisor_email.is_not(None), goes_by(Placement.supervisor_name, Placement.supervisor_email))
        .order_by(Placement.id)
        .limit(MOST_FOUND)
    )
    found = [audit.of_user(user_id) for user_id in session.scalars(users)]
    found += [ref_by_link(placement_id, email) for placement_id, email in session.execute(supervisors)]
    return [*found, CONSOLE.ref] if word == CONSOLE.ref else found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), AMSTERDAM)


def _places(within: str) -> list[tuple[str, ...]]:
    """Where the history of a record is: under itself, and under the files that its kind comes from.

    ``assignments/A/1`` is the assignment ``A/1``: codes may have a slash in them.
    """
    kind, slash, which = within.partition("/")
    return [(kind, which) if slash else (kind,), *(("files", file) for file in FILES_OF.get(kind, ()))]


def _of(kind: Any, code: str, within: str) -> ColumnElement[bool]:
    if not within:
        return audit.about(kind(code))
    return audit.about(*(kind(code, *place) for place in _places(within)))


def _about_people_of(session: Session, cohort_id: int) -> ColumnElement[bool]:
    """The entries about the participants of a cohort, however many they are; what is their own affair left out.

    Asked as a set of numbers, so that the index on subjects serves: a look at every entry would take a second.
    """
    by_bytes = "BINARY" if session.get_bind().dialect.name == "sqlite" else "C"
    escaped = func.replace(func.replace(Participant.code, "%", "%25"), "/", "%2F")
    itself = literal("participant/").concat(escaped).collate(by_bytes)
    entry = aliased(AuditEntry)

    def is_within(subject: ColumnElement[str]) -> ColumnElement[bool]:
        return and_(entry.subject > subject.concat("/"), entry.subject < subject.concat(audit.BEYOND_SLASH))

    affairs = or_(*(is_within(itself.concat(f"/{part}")) for part in OWN_AFFAIRS))
    about_them = select(entry.id).join(Participant, entry.subject == itself)
    of_theirs = select(entry.id).join(Participant, is_within(itself)).where(not_(affairs))
    in_cohort = Participant.cohort_id == cohort_id
    return AuditEntry.id.in_(union_all(about_them.where(in_cohort), of_theirs.where(in_cohort)))


def _page(session: Session, which: ColumnElement[bool], below: int | None) -> TrailPage:
    """Three queries, however much there is: the entries, who did it, and whom it is about."""
    query = (
        select(AuditEntry, AuditContent)
        .outerjoin(AuditContent, AuditContent.entry_id == AuditEntry.id)
        .where(which)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE + 1)
    )
    rows = session.execute(query if below is None else query.where(AuditEntry.id < below)).all()
    shown = rows[:PAGE]
    subjects = {entry.id: audit.parts_of(entry.subject) for entry, _content in shown}
    people = people_of(session, {entry.actor for entry, _content in shown} | {entry.subject for entry, _ in shown})
    participants = _participants(session, {parts[1] for parts in subjects.values() if parts[0] == "participant"})
    return TrailPage(
        entries=tuple(
            TrailEntry(
                number=entry.id,
                at=entry.at,
                actor=entry.actor,
                who=people.get(entry.actor),
                action=entry.action,
                subject=subjects[entry.id],
                about=participants.get(subjects[entry.id][1])
                if subjects[entry.id][0] == "participant"
                else people.get(entry.subject),
                before=(content.before if content else None) or {},
                after=(content.after if content else None) or {},
                is_erased=content is None,
            )
            for entry, content in shown
        ),
        older=shown[-1][0].id if len(rows) > PAGE else None,
    )


def _participants(session: Session, codes: Iterable[str]) -> dict[str, Someone]:
    rows = session.scalars(select(Participant).where(Participant.code.in_(set(codes)), Participant.erased_on.is_(None)))
    return {row.code: Someone(name=row.name, email=row.email) for row in rows}
