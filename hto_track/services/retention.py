"""Letting go in time: what is due is announced first, and goes two weeks later unless an administrator keeps it.

What signing in leaves behind (``DataKind.SIGN_IN``) goes unannounced: there is nothing in it that anybody could want to keep.
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, func, or_, select, true
from sqlalchemy.orm import Session

from hto_track.config import Settings
from hto_track.models.accounts import FormAnswer, Grant, Role, User
from hto_track.models.cohorts import Cohort
from hto_track.models.ledger import MailState, OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading, RetentionNotice
from hto_track.models.programmes import Programme
from hto_track.models.sign_in import AttemptCount, PasskeyChallenge, SignInLink, SignInSession
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.retention import NOTICE, OF_ONE_PERSON, DataKind, Periods, is_due
from hto_track.services import audit, mail_texts, values
from hto_track.services.forgetting import (
    NOTES,
    SUPERVISION,
    find_person,
    forget_mails,
    forget_person,
    forget_words,
    with_words,
)
from hto_track.services.jobs import Slot, claim, is_worked, sum_up
from hto_track.services.outbox import Mail, queue_mails
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.refusals import NotFound, refuse
from hto_track.services.transaction import reading, writing
from hto_track.services.work_files import count_work, forget_work

OF_ALL = (DataKind.MAILS, DataKind.READINGS)
"""Kinds that are announced in one notice for everyone: they go by age alone."""
ANNOUNCED = (*OF_ONE_PERSON, *OF_ALL)
ERASES = (DataKind.APPLICATIONS, DataKind.RESULTS)
"""Kinds with which the whole person goes."""
LATELY = timedelta(days=90)
LONGEST_REASON = 500
NAMES_OF: dict[DataKind, tuple[str, ...]] = {
    DataKind.LOGS: tuple({column.key for column in NOTES}),
    DataKind.AGREEMENTS: tuple({column.key for column in SUPERVISION}),
}
"""Under what names the audit trail keeps the words that go with a kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """That something was announced. ``person`` is the code, None for what is of nobody in particular."""

    id: int
    kind: DataKind
    person: str | None
    announced_on: date
    due_on: date
    held_on: date | None
    held_reason: str | None
    carried_out_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionOverview:
    """The page: how long each kind is kept, what was announced, what an administrator keeps, what went lately."""

    periods: Periods
    announced: tuple[Notice, ...]
    held: tuple[Notice, ...]
    done: tuple[Notice, ...]
    counts: dict[DataKind, int]
    """How many mails and readings an announcement is of."""


def retention_overview(actor: Actor, on: date) -> RetentionOverview:
    """What stands announced on ``on``, in order of its date. Forbidden for who does not manage retention."""
    require_anywhere(actor, Action.MANAGE_RETENTION)
    session = reading()
    recent = or_(RetentionNotice.carried_out_on.is_(None), RetentionNotice.carried_out_on > on - LATELY)
    order = (RetentionNotice.due_on, RetentionNotice.kind, RetentionNotice.subject)
    notices = [_notice(row) for row in session.scalars(select(RetentionNotice).where(recent).order_by(*order))]
    waiting = [notice for notice in notices if notice.carried_out_on is None]
    periods = _periods()
    return RetentionOverview(
        periods=periods,
        announced=tuple(notice for notice in waiting if notice.held_on is None),
        held=tuple(notice for notice in waiting if notice.held_on is not None),
        done=tuple(notice for notice in notices if notice.carried_out_on is not None),
        counts={
            notice.kind: _how_many(session, notice.kind, periods, notice.announced_on)
            for notice in waiting
            if notice.kind in OF_ALL
        },
    )


def find_notice(actor: Actor, notice_id: int) -> Notice:
    """One announcement that was not carried out. NotFound, Forbidden."""
    require_anywhere(actor, Action.MANAGE_RETENTION)
    return _notice(_row(reading(), notice_id))


def hold_notice(actor: Actor, notice_id: int, reason: str, on: date) -> None:
    """Keep what was announced until it is released. Refused without a reason. NotFound, Forbidden."""
    require_anywhere(actor, Action.MANAGE_RETENTION)
    said = reason.strip()
    if not said:
        raise refuse(_l("Write in a few words why this must be kept."), field="reason")
    if len(said) > LONGEST_REASON:
        raise refuse(_l("Keep it to %(most)s characters.", most=LONGEST_REASON), field="reason")
    with writing() as session:
        row = _row(session, notice_id)
        row.held_on, row.held_reason = on, said
        audit.record(session, actor, "hold_retention", _subject(row), after={"kind": row.kind.value, "reason": said})


def release_notice(actor: Actor, notice_id: int) -> None:
    """Let what was kept go after all, on its date. NotFound, Forbidden."""
    require_anywhere(actor, Action.MANAGE_RETENTION)
    with writing() as session:
        row = _row(session, notice_id)
        before = {"kind": row.kind.value, "reason": row.held_reason}
        row.held_on = row.held_reason = None
        audit.record(session, actor, "release_retention", _subject(row), before=before)


def carry_out(actor: Actor, kind: DataKind, on: date, slot: Slot) -> None:
    """Let go of what was announced of ``kind`` two weeks or longer before ``on`` and is still due; once for ``slot``."""
    require_anywhere(actor, Action.MANAGE_RETENTION)
    if is_worked(slot):
        return
    with writing() as session:
        if not claim(session, slot):
            return
        due = session.scalars(
            select(RetentionNotice)
            .where(
                RetentionNotice.kind == kind,
                RetentionNotice.due_on <= on,
                RetentionNotice.held_on.is_(None),
                RetentionNotice.carried_out_on.is_(None),
                _nothing_else_kept(kind),
            )
            .order_by(RetentionNotice.subject)
        ).all()
        done = _CARRY_OUT.get(kind, _of_everyone)(session, actor, due, on) if due else 0
        sum_up(session, slot, {"kept_no_longer": done})


def _nothing_else_kept(kind: DataKind) -> ColumnElement[bool]:
    """Erasing a person takes everything of theirs: it waits as long as anything of it is kept by hand."""
    if kind not in ERASES:
        return true()
    kept = select(RetentionNotice.subject).where(RetentionNotice.held_on.is_not(None))
    return RetentionNotice.subject.not_in(kept)


def clear_sign_in(actor: Actor, on: date, slot: Slot) -> None:
    """Delete what signing in left behind and is older than its period on ``on``; once for ``slot``."""
    require_anywhere(actor, Action.MANAGE_RETENTION)
    if is_worked(slot):
        return
    with writing() as session:
        if not claim(session, slot):
            return
        before = _moment(_periods().sign_in.before(on))
        over: tuple[tuple[Any, ColumnElement[bool]], ...] = (
            (SignInLink, SignInLink.ends_at < before),
            (SignInSession, or_(SignInSession.ends_at < before, SignInSession.idle_until < before)),
            (PasskeyChallenge, PasskeyChallenge.ends_at < before),
            (AttemptCount, AttemptCount.counted_from < before),
            (FormAnswer, FormAnswer.answered_at < before),
        )
        gone = 0
        for model, which in over:
            key = list(model.__table__.primary_key)[0]
            gone += len(session.execute(delete(model).where(which).returning(key)).all())
        sum_up(session, slot, {"sign_in_rows": gone})


def announce(actor: Actor, on: date, slot: Slot) -> None:
    """Announce what has become due by ``on``, and mail the administrators what and when; once for ``slot``."""
    require_anywhere(actor, Action.MANAGE_RETENTION)
    if is_worked(slot):
        return
    with writing() as session:
        if not claim(session, slot):
            return
        periods = _periods()
        wanted = [(kind, code) for kind in OF_ONE_PERSON for code in _people_due(session, kind, periods, on)]
        wanted += [(kind, "") for kind in OF_ALL if _how_many(session, kind, periods, on)]
        known = {(row.kind, row.subject): row for row in session.scalars(select(RetentionNotice))}
        new: Counter[DataKind] = Counter()
        for kind, subject in wanted:
            row = known.get((kind, subject))
            if row is not None and row.carried_out_on is None:
                continue
            if row is None:
                row = RetentionNotice(kind=kind, subject=subject)
                session.add(row)
            row.announced_on, row.due_on, row.carried_out_on = on, on + NOTICE, None
            new[kind] += 1
        if new:
            queue_mails(session, _mails(session, new, on))
        sum_up(session, slot, {"announced": sum(new.values())})


def _people_due(session: Session, kind: DataKind, periods: Periods, on: date) -> list[str]:
    """The codes of those of whom something of ``kind`` is there that is to go."""
    due = [row for row in _due(session, kind, periods, on)]
    words = {DataKind.LOGS: NOTES, DataKind.AGREEMENTS: SUPERVISION}.get(kind)
    if words is not None:
        there = with_words(session, [row.id for row in due], words)
        if kind is DataKind.LOGS:
            there |= count_work(session, [row.id for row in due])
        due = [row for row in due if there.get(row.id)]
    return [row.code for row in due]


def _due(
    session: Session, kind: DataKind, periods: Periods, on: date, codes: Collection[str] | None = None
) -> list[Participant]:
    query = (
        select(Participant, Cohort, Programme)
        .join(Cohort, Cohort.id == Participant.cohort_id)
        .join(Programme, Programme.id == Cohort.programme_id)
        .where(Participant.erased_on.is_(None))
        .order_by(Participant.code)
    )
    if codes is not None:
        query = query.where(Participant.code.in_(codes))
    return [
        row
        for row, cohort, programme in session.execute(query)
        if is_due(values.enrolment(row, (), values.cohort_summary(cohort, programme)), kind, periods, on)
    ]


def _of_persons(work: Callable[[Session, Actor, Participant, date], None]) -> Any:
    """Carry out what was announced of people one by one; what is no longer due is withdrawn."""

    def carried_out(session: Session, actor: Actor, due: Collection[RetentionNotice], on: date) -> int:
        kind = next(iter(due)).kind
        people = {row.code: row for row in _due(session, kind, _periods(), on, [notice.subject for notice in due])}
        for notice in due:
            person = people.get(notice.subject)
            if person is None:
                session.delete(notice)
                continue
            notice.carried_out_on = on
            session.flush()
            work(session, actor, person, on)
        return len(people)

    return carried_out


def _erase(session: Session, actor: Actor, row: Participant, on: date) -> None:
    forget_person(session, actor, find_person(session, row), on)


def _forget_notes(session: Session, actor: Actor, row: Participant, _on: date) -> None:
    forget_work(session, row.id)
    forget_words(session, actor, row, NOTES, NAMES_OF[DataKind.LOGS])


def _forget_supervision(session: Session, actor: Actor, row: Participant, _on: date) -> None:
    forget_words(session, actor, row, SUPERVISION, NAMES_OF[DataKind.AGREEMENTS])


def _of_everyone(session: Session, actor: Actor, due: Collection[RetentionNotice], on: date) -> int:
    """Mails and readings as old as was announced: what became old since then waits for its own announcement."""
    notice = next(iter(due))
    which = _old(notice.kind, _periods(), notice.announced_on)
    if notice.kind is DataKind.MAILS:
        gone = forget_mails(session, which)
    else:
        gone = len(session.scalars(delete(Reading).where(which).returning(Reading.id)).all())
    notice.carried_out_on = on
    audit.record(
        session, actor, "carry_out_retention", audit.INSTALLATION, after={"kind": notice.kind.value, "rows": gone}
    )
    return gone


_CARRY_OUT: dict[DataKind, Any] = {
    DataKind.APPLICATIONS: _of_persons(_erase),
    DataKind.RESULTS: _of_persons(_erase),
    DataKind.LOGS: _of_persons(_forget_notes),
    DataKind.AGREEMENTS: _of_persons(_forget_supervision),
}


def _old(kind: DataKind, periods: Periods, on: date) -> ColumnElement[bool]:
    before = _moment(periods.of(kind).before(on))
    if kind is DataKind.READINGS:
        return Reading.hour < before
    old: ColumnElement[bool] = (OutboxMail.queued_at < before) & (OutboxMail.state != MailState.WAITING)
    return old & (OutboxMail.body != "")


def _how_many(session: Session, kind: DataKind, periods: Periods, on: date) -> int:
    model = Reading if kind is DataKind.READINGS else OutboxMail
    return session.scalar(select(func.count()).select_from(model).where(_old(kind, periods, on))) or 0


def _mails(session: Session, new: Counter[DataKind], on: date) -> list[Mail]:
    administrators = session.scalars(
        select(User)
        .where(User.id.in_(select(Grant.user_id).where(Grant.role == Role.ADMINISTRATOR)), User.erased_at.is_(None))
        .order_by(User.id)
    )
    mails = []
    for user in administrators:
        text = mail_texts.retention_announced(user.name, new, on + NOTICE)
        mails.append(
            Mail(
                kind="retention_announced",
                subject_key=audit.of_user(user.id),
                period=on.isoformat(),
                recipient=user.email,
                subject=text.subject,
                body=text.body,
            )
        )
    return mails


def _row(session: Session, notice_id: int) -> RetentionNotice:
    row = session.get(RetentionNotice, notice_id)
    if row is None or row.carried_out_on is not None:
        raise NotFound
    return row


def _notice(row: RetentionNotice) -> Notice:
    return Notice(
        id=row.id,
        kind=row.kind,
        person=row.subject or None,
        announced_on=row.announced_on,
        due_on=row.due_on,
        held_on=row.held_on,
        held_reason=row.held_reason,
        carried_out_on=row.carried_out_on,
    )


def _subject(row: RetentionNotice) -> str:
    return audit.of_participant(row.subject) if row.subject else audit.INSTALLATION


def _moment(day: date) -> datetime:
    """The beginning of a day in Amsterdam: what was there before it is older."""
    return datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM)


def _periods() -> Periods:
    settings: Settings = current_app.extensions["hto_settings"]
    return settings.keep
