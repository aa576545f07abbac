"""What a participant answers to a warning about them: seen, planned, please call me (RULES.md section 6).

An answer closes nothing and changes no figure: whoever guides them sees it beside the warning. The latest one counts, those
before are kept. "Call me" goes to the project leader by mail, and is taken back as long as it waits and nobody asks for it any
more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.assignments import Assignment
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.warnings import AnswerKind, Warning, WarningAnswer
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.warnings import WarningCode
from hto_track.services import audit, facts, form_answers, open_warnings, values, warning_mail_texts
from hto_track.services.cohort_leaders import leader_addresses
from hto_track.services.criteria import plain_text
from hto_track.services.digests import leader_key
from hto_track.services.form_answers import SentForm
from hto_track.services.outbox import Mail, queue_mails, take_back
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import writing
from hto_track.services.views import CohortSummary

LONGEST_NOTE = 500
CALL_ME = "call_me"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer that stands: whose, to which warning, and whether its project leader is mailed."""

    participant: str
    warning_id: int
    answer_id: int
    kind: AnswerKind
    tells_leader: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    warning: Warning
    participant: Participant
    cohort: CohortSummary

    @property
    def subject(self) -> str:
        return audit.of_participant(self.participant.code, "warnings", self.warning.id)


def answer_warning(
    actor: Actor, participant_code: str, warning_id: int, kind: AnswerKind, note: str, form: SentForm | None = None
) -> Answered:
    """Answer a warning about oneself; the same answer once more changes nothing.

    Refused for a closed warning and a note that is too long. NotFound, Forbidden.
    """
    with writing() as session:
        asked = _asked(session, actor, participant_code, warning_id)
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return Answered(**earlier | {"kind": AnswerKind(earlier["kind"])})
        said = plain_text(note).strip() or None
        if asked.warning.closed_on is not None:
            raise refuse(_l("This warning is closed already."))
        if said is not None and len(said) > LONGEST_NOTE:
            raise refuse(_l("Keep the note within %(most)d characters.", most=LONGEST_NOTE), field="note")
        answer = _latest(session, warning_id)
        if answer is None or (answer.kind, answer.note) != (kind, said):
            before = _written_down(asked, answer)
            answer = WarningAnswer(
                participant_id=asked.participant.id,
                warning_id=warning_id,
                kind=kind,
                note=said,
                answered_at=clock.now(),
            )
            session.add(answer)
            session.flush()
            after = _written_down(asked, answer)
            audit.record(session, actor, "answer_warning", asked.subject, before=before, after=after)
        told = _follow_calls(session, asked, answer)
        answered = Answered(
            participant=participant_code,
            warning_id=warning_id,
            answer_id=answer.id,
            kind=kind,
            tells_leader=told,
        )
        form_answers.remember(session, actor, form, _as_json(answered))
        return answered


def take_back_answer(actor: Actor, participant_code: str, warning_id: int, answer_id: int) -> None:
    """Undo an answer: the one before counts again, if any. One that is no longer the latest stays. NotFound, Forbidden."""
    with writing() as session:
        asked = _asked(session, actor, participant_code, warning_id)
        row = session.get(WarningAnswer, answer_id)
        if row is None or row.warning_id != warning_id:
            raise NotFound
        latest = _latest(session, warning_id)
        if latest is None or latest.id != row.id:
            raise refuse(_l("You answered something else meanwhile: that stays."))
        before = _written_down(asked, row)
        session.delete(row)
        session.flush()
        latest = _latest(session, warning_id)
        after = _written_down(asked, latest)
        audit.record(session, actor, "undo_answer", asked.subject, before=before, after=after)
        _follow_calls(session, asked, latest)


def answer_warnings(
    session: Session, participant_id: int, codes: Collection[WarningCode], kind: AnswerKind, now: datetime
) -> int:
    """Let a participant answer their open warnings of these codes by what they just did; how many got another answer.

    In the transaction of what they did, which writes it down. Who asked to be called still does: that answer stays.
    """
    answered = 0
    for warning_id in session.scalars(
        select(Warning.id).where(
            Warning.participant_id == participant_id, Warning.closed_on.is_(None), Warning.code.in_(codes)
        )
    ).all():
        latest = _latest(session, warning_id)
        if latest is None or latest.kind not in (kind, AnswerKind.CALL_ME):
            session.add(WarningAnswer(participant_id=participant_id, warning_id=warning_id, kind=kind, answered_at=now))
            answered += 1
    session.flush()
    return answered


def _asked(session: Session, actor: Actor, participant_code: str, warning_id: int) -> _Asked:
    cohort = facts.ground_of_participant(session, participant_code).cohort
    row = session.execute(
        select(Warning, Participant)
        .join(Participant, Participant.id == Warning.participant_id)
        .where(Warning.id == warning_id, Participant.code == participant_code)
    ).one_or_none()
    if row is None:
        raise NotFound
    warning, participant = row
    require(actor, Action.ANSWER_WARNING, subject_of(cohort, participant_id=participant.id))
    return _Asked(warning, participant, cohort)


def _latest(session: Session, warning_id: int) -> WarningAnswer | None:
    query = select(WarningAnswer).where(WarningAnswer.warning_id == warning_id)
    return session.scalars(query.order_by(WarningAnswer.id.desc()).limit(1)).one_or_none()


def _follow_calls(session: Session, asked: _Asked, latest: WarningAnswer | None) -> bool:
    """Mail the project leader once a day that somebody asks to be called, or take that back; whether one is mailed."""
    if latest is not None and latest.kind is AnswerKind.CALL_ME:
        mails = _call_me(session, asked, latest)
        queue_mails(session, mails)
        return bool(mails)
    given = (
        select(func.max(WarningAnswer.id))
        .join(Warning, Warning.id == WarningAnswer.warning_id)
        .where(Warning.participant_id == asked.participant.id, Warning.closed_on.is_(None))
        .group_by(WarningAnswer.warning_id)
    )
    calls = select(func.count()).where(WarningAnswer.id.in_(given), WarningAnswer.kind == AnswerKind.CALL_ME)
    if not session.scalar(calls):
        take_back(session, (CALL_ME,), OutboxMail.participant_id == asked.participant.id)
    return False


def _call_me(session: Session, asked: _Asked, answer: WarningAnswer) -> list[Mail]:
    member, cohort, now = values.member(asked.participant), asked.cohort, clock.now()
    on = now.astimezone(AMSTERDAM).date()
    open_now = open_warnings.by_participant(session, [member.id], on).get(member.id, ())
    warning = next((each for each in open_now if each.id == asked.warning.id), None)
    if warning is None:
        return []
    titles = {
        code: title
        for code, title in session.execute(
            select(Assignment.code, Assignment.title).where(Assignment.cohort_id == cohort.id)
        )
    }
    text = warning_mail_texts.call_me(cohort, member, warning, answer.note, titles)
    return [
        Mail(
            kind=CALL_ME,
            subject_key=f"{member.code}:{leader_key(address)}",
            period=on.isoformat(),
            recipient=address,
            subject=text.subject,
            body=text.body,
            participant_id=member.id,
        )
        for address in leader_addresses(session, cohort)
    ]


def _written_down(asked: _Asked, answer: WarningAnswer | None) -> dict[str, str | None]:
    """What the audit trail keeps of it; the note may be about a person, and stays out."""
    return {"warning": asked.warning.code.value, "answer": answer.kind.value if answer else None}


def _as_json(answered: Answered) -> dict[str, object]:
    return {
        "participant": answered.participant,
        "warning_id": answered.warning_id,
        "answer_id": answered.answer_id,
        "kind": answered.kind.value,
        "tells_leader": answered.tells_leader,
    }
