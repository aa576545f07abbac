"""The register of diplomas: awarding, revoking, and checking a document against it (RULES.md section 4)."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hto_track import clock, formats
from hto_track.documents.diploma import DiplomaText, diploma_document, unprintable
from hto_track.models.diploma import Diploma
from hto_track.rules.requirement import RequirementState
from hto_track.rules.standing import judge
from hto_track.services import audit, facts, form_answers
from hto_track.services.accounts import actor_by_email
from hto_track.services.diploma_register import Award, RegisterEntry, award_of, entries_of
from hto_track.services.facts import CohortGround, MemberFacts
from hto_track.services.form_answers import SentForm
from hto_track.services.outbox import is_erased
from hto_track.services.policy import Action, Actor, Subject, may, require
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.standings import subject_of
from hto_track.services.transaction import writing
from hto_track.services.views import Member

LONGEST_TEXT = 1000
"""Of a ground or a reason, in characters."""
LONGEST_ADDRESS = 254
SOUND_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """A diploma that is no longer in force."""

    register_number: str
    holder: str
    revoked_on: date


def award_diploma(
    actor: Actor,
    cohort_code: str,
    participant_code: str,
    on: date,
    by: str,
    ground: str | None = None,
    form: SentForm | None = None,
) -> Award:
    """Award the diploma on the date ``on`` for the college, in the name of the e-mail address ``by``.

    Refused when not every requirement was met on that date and no ``ground`` is given (kept in the register, not printed),
    when one is in force, when the date is still to come, when ``by`` is no address or may not award.
    """
    with writing() as session:
        cohort, person = _candidate(session, cohort_code, participant_code)
        subject = subject_of(cohort.cohort, participant_id=person.member.id)
        require(actor, Action.AWARD_DIPLOMA, subject)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return award_of(_row(session, earlier["register_number"]))
        said, given_by = _words(ground), by.strip().lower()
        refusals = [
            *_name_refusals(actor, given_by, Action.AWARD_DIPLOMA, subject),
            *_award_refusals(entries_of(session, [person.member.id]), person, cohort, on, said),
        ]
        if refusals:
            raise Refused(refusals)
        row = _issue(session, cohort, person.member, on, given_by, said)
        session.add(row)
        audit.record(
            session,
            actor,
            "award_diploma",
            audit.of_participant(participant_code, "diploma"),
            after={
                "register_number": row.register_number,
                "awarded_on": on.isoformat(),
                "awarded_by": given_by,
                "ground": said,
                "document_sha256": row.document_sha256,
            },
        )
        form_answers.remember(session, actor, form, {"register_number": row.register_number})
        return award_of(row)


def revoke_diploma(
    actor: Actor,
    cohort_code: str,
    participant_code: str,
    on: date,
    by: str,
    reason: str,
    form: SentForm | None = None,
) -> Revocation:
    """Revoke the diploma in force as of ``on``, with a reason, in the name of the e-mail address ``by``; the entry stays.

    Refused when none is in force, without a reason, on a date to come or before the award, and for ``by`` as in awarding.
    """
    with writing() as session:
        cohort, person = _candidate(session, cohort_code, participant_code)
        subject = subject_of(cohort.cohort, participant_id=person.member.id)
        require(actor, Action.REVOKE_DIPLOMA, subject)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return _revocation(_row(session, earlier["register_number"]))
        said, given_by = _words(reason), by.strip().lower()
        row = session.scalars(
            select(Diploma).where(Diploma.participant_id == person.member.id, Diploma.revoked_on.is_(None))
        ).one_or_none()
        refusals = [
            *_name_refusals(actor, given_by, Action.REVOKE_DIPLOMA, subject),
            *_revocation_refusals(row, person.member, on, said),
        ]
        if refusals or row is None:
            raise Refused(refusals)
        row.revoked_on, row.revoked_by, row.revoked_reason = on, given_by, said
        audit.record(
            session,
            actor,
            "revoke_diploma",
            audit.of_participant(participant_code, "diploma"),
            after={
                "register_number": row.register_number,
                "revoked_on": on.isoformat(),
                "revoked_by": given_by,
                "reason": said,
            },
        )
        form_answers.remember(session, actor, form, {"register_number": row.register_number})
        return _revocation(row)


def _candidate(session: Session, cohort_code: str, participant_code: str) -> tuple[CohortGround, MemberFacts]:
    ground = facts.cohort_ground(session, cohort_code)
    members = facts.facts_of_participant(session, ground, participant_code).members
    if not members:
        raise NotFound(f"There is no participant {participant_code} in cohort {cohort_code}")
    return ground, members[0]


def _name_refusals(actor: Actor, by: str, action: Action, subject: Subject) -> Iterator[Refusal]:
    """Why ``actor`` cannot act in the name of ``by``: the console for anyone of the college, everyone else as themselves."""
    if len(by) > LONGEST_ADDRESS or not SOUND_ADDRESS.fullmatch(by):
        yield Refusal(message=_l("%(by)s is not an e-mail address.", by=by or "''"), field="by")
        return
    if not actor.is_console and by != actor.email:
        yield Refusal(message=_l("A diploma is awarded and revoked in one's own name."), field="by")
        return
    named = actor_by_email(by)
    if named is not None and not may(named, action, subject):
        yield Refusal(message=_l("%(by)s may not award or revoke diplomas of this college.", by=by), field="by")


def _award_refusals(
    entries: tuple[RegisterEntry, ...], person: MemberFacts, cohort: CohortGround, on: date, ground: str | None
) -> Iterator[Refusal]:
    holder = person.member.name
    standing = next((entry for entry in entries if entry.revoked_on is None or entry.revoked_on > on), None)
    if standing is not None:
        yield Refusal(
            message=_l(
                "%(name)s already has diploma %(number)s, in force since %(day)s.",
                name=holder,
                number=standing.register_number,
                day=formats.day_plain(standing.awarded_on),
            )
        )
    if is_erased(person.member.email):
        yield Refusal(message=_l("The data of %(name)s are erased: nobody can be named on a diploma.", name=holder))
    if on > clock.today():
        yield Refusal(message=_l("This date is still to come. A diploma is awarded on the day itself."), field="on")
    elif ground is None and judge(person.facts, on).requirements.state is not RequirementState.MET:
        yield Refusal(
            message=_l(
                "%(name)s did not meet every requirement on %(day)s. Award with a written ground, or later.",
                name=holder,
                day=formats.day_year(on),
            ),
            field="ground",
        )
    if ground is not None and len(ground) > LONGEST_TEXT:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_TEXT), field="ground")
    missing = unprintable("".join((holder, cohort.cohort.programme_title, cohort.cohort.college or "")))
    if missing:
        yield Refusal(message=_l("The diploma cannot print these characters: %(characters)s", characters=missing))


def _revocation_refusals(row: Diploma | None, member: Member, on: date, reason: str | None) -> Iterator[Refusal]:
    if row is None:
        yield Refusal(message=_l("%(name)s has no diploma in force.", name=member.name))
    elif on < row.awarded_on:
        yield Refusal(
            message=_l(
                "This diploma was awarded on %(day)s. Revoke it on that day or later.",
                day=formats.day_year(row.awarded_on),
            ),
            field="on",
        )
    if on > clock.today():
        yield Refusal(message=_l("This date is still to come. A diploma is revoked on the day itself."), field="on")
    if reason is None:
        yield Refusal(message=_l("Say why the diploma is revoked: the reason is kept in the register."), field="reason")
    elif len(reason) > LONGEST_TEXT:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_TEXT), field="reason")


def _issue(session: Session, cohort: CohortGround, member: Member, on: date, by: str, ground: str | None) -> Diploma:
    text = DiplomaText(
        holder=unicodedata.normalize("NFC", member.name),
        programme=cohort.cohort.programme_title,
        college=cohort.cohort.college,
        awarded_on=on,
        register_number=_next_number(session, on.year),
    )
    document = diploma_document(text)
    return Diploma(
        participant_id=member.id,
        register_number=text.register_number,
        holder_name=text.holder,
        programme_title=text.programme,
        college=text.college,
        awarded_on=on,
        awarded_by=by,
        ground=ground,
        recorded_at=clock.now(),
        document=document,
        document_sha256=hashlib.sha256(document).hexdigest(),
    )


def _next_number(session: Session, year: int) -> str:
    """One above the highest of its year; entries are never deleted, so none is given twice."""
    prefix = f"HTO-{year}-"
    highest = session.scalars(
        select(Diploma.register_number)
        .where(Diploma.register_number.startswith(prefix))
        .order_by(func.length(Diploma.register_number).desc(), Diploma.register_number.desc())
        .limit(1)
    ).first()
    number = int(highest.removeprefix(prefix)) + 1 if highest else 1
    return f"{prefix}{number:04d}"


def _row(session: Session, register_number: str) -> Diploma:
    return session.scalars(select(Diploma).where(Diploma.register_number == register_number)).one()


def _revocation(row: Diploma) -> Revocation:
    assert row.revoked_on is not None
    return Revocation(register_number=row.register_number, holder=row.holder_name, revoked_on=row.revoked_on)


def _words(text: str | None) -> str | None:
    """What was written, without spaces around it; None when nothing was."""
    return (text or "").strip() or None
