"""The weekly mails: to each participant with an open warning, to each project leader about their cohorts."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.ledger import OutboxMail
from hto_track.models.load import LoadRequest, RequestState
from hto_track.models.participants import Participant
from hto_track.models.warnings import AnswerKind
from hto_track.rules.attention import Attention, StandingWarning, attention, is_snoozed
from hto_track.rules.coming_weeks import coming_weeks
from hto_track.services import open_warnings, warning_mail_texts
from hto_track.services.evaluation import JudgedCohort, JudgedMember, judge_cohort
from hto_track.services.facts import cohort_ground
from hto_track.services.jobs import Slot, claim, is_worked, sum_up
from hto_track.services.outbox import Mail, queue_mails, take_back
from hto_track.services.policy import Action, Actor, require_anywhere
from hto_track.services.transaction import reading, writing
from hto_track.services.views import WarningInForce
from hto_track.services.warning_mail_texts import CohortNews
from hto_track.services.warning_mails import who_is_let_in

PARTICIPANTS, LEADERS = "participant_digest", "leader_digest"
Warnings = tuple[WarningInForce, ...]


def queue_participant_digests(actor: Actor, cohort_code: str, on: date, slot: Slot) -> None:
    """Queue a mail to each participant of a cohort with a warning open on ``on``; once for ``slot``."""
    require_anywhere(actor, Action.RUN_JOBS)
    if is_worked(slot):
        return
    session = reading()
    judged = judge_cohort(session, cohort_ground(session, cohort_code), on)
    warnings = open_warnings.by_participant(session, [person.member.id for person in judged.members], on)
    let_in = who_is_let_in(session, warnings)
    mails = [
        _to_participant(judged, person, warnings[person.member.id], is_let_in=person.member.id in let_in)
        for person in judged.members
        if person.member.id in warnings
    ]
    _queue_once(slot, PARTICIPANTS, mails)


def _to_participant(judged: JudgedCohort, person: JudgedMember, warnings: Warnings, *, is_let_in: bool) -> Mail:
    own = open_warnings.with_figures_of_today(warnings, person.alarms)
    load = person.standing.load
    words = (
        warning_mail_texts.participant_digest if is_let_in else warning_mail_texts.participant_digest_without_account
    )
    weeks = coming_weeks(load, judged.on)
    text = words(judged.ground.cohort, person.member, weeks, load.capacity, own, judged.titles)
    return Mail(
        kind=PARTICIPANTS,
        subject_key=person.member.code,
        period=judged.on.isoformat(),
        recipient=person.member.email,
        subject=text.subject,
        body=text.body,
        participant_id=person.member.id,
    )


def leaders(actor: Actor) -> dict[str, tuple[str, ...]]:
    """The e-mail addresses of the project leaders, each with the codes of their cohorts."""
    require_anywhere(actor, Action.RUN_JOBS)
    found: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
    query = select(Cohort.code, Cohort.leader_email).where(Cohort.leader_email.is_not(None)).order_by(Cohort.code)
    for code, email in reading().execute(query):
        found[(email or "").lower()] += (code,)
    return dict(found)


def leader_key(email: str) -> str:
    """A short name for a leader that is no personal data, for the books of the jobs."""
    return hashlib.sha256(email.encode()).hexdigest()[:16]


def queue_leader_digest(actor: Actor, email: str, cohort_codes: Iterable[str], on: date, slot: Slot) -> None:
    """Queue the mail to one project leader about their cohorts that run or have open warnings; once for ``slot``."""
    require_anywhere(actor, Action.RUN_JOBS)
    if is_worked(slot):
        return
    session = reading()
    news = [found for code in cohort_codes if (found := _news(session, code, on))]
    mails = []
    if news:
        text = warning_mail_texts.leader_digest(news)
        mails.append(
            Mail(
                kind=LEADERS,
                subject_key=leader_key(email),
                period=on.isoformat(),
                recipient=email,
                subject=text.subject,
                body=text.body,
            )
        )
    _queue_once(slot, LEADERS, mails)


def _queue_once(slot: Slot, kind: str, mails: list[Mail]) -> None:
    """Queue digests, once for ``slot``; one of a week before that still waits is taken back: this one says it."""
    with writing() as session:
        if claim(session, slot):
            take_back(session, (kind,), OutboxMail.subject_key.in_([mail.subject_key for mail in mails]))
            queue_mails(session, mails)
            sum_up(session, slot, {"mails": len(mails)})


def _news(session: Session, cohort_code: str, on: date) -> CohortNews | None:
    """What a leader hears of one cohort; None for one that does not run and has no open warning."""
    judged = judge_cohort(session, cohort_ground(session, cohort_code), on)
    cohort = judged.ground.cohort
    warnings = open_warnings.by_participant(session, [person.member.id for person in judged.members], on)
    if not warnings and not cohort.start_on <= on <= cohort.end_on:
        return None
    now, soon = [], 0
    call = [
        person.member
        for person in judged.members
        if any(_asks_for_call(warning) for warning in warnings.get(person.member.id, ()))
    ]
    for person in judged.members:
        own = tuple(
            warning
            for warning in open_warnings.with_figures_of_today(warnings.get(person.member.id, ()), person.alarms)
            if not is_snoozed(warning.snoozed_until, on)
        )
        counted = (StandingWarning(level=warning.level) for warning in own)
        match attention(counted, person.standing.requirements.state, on):
            case Attention.NOW:
                now.append((person.member, own))
            case Attention.SOON:
                soon += 1
    return CohortNews(
        cohort=cohort,
        titles=judged.titles,
        now=tuple(now),
        soon=soon,
        call=tuple(call),
        requests=_requests_waiting(session, cohort.id),
    )


def _asks_for_call(warning: WarningInForce) -> bool:
    return warning.answer is not None and warning.answer.kind is AnswerKind.CALL_ME


def _requests_waiting(session: Session, cohort_id: int) -> int:
    """How many requests of a cohort nobody answered yet."""
    query = (
        select(func.count())
        .select_from(LoadRequest)
        .join(Participant, Participant.id == LoadRequest.participant_id)
        .where(Participant.cohort_id == cohort_id, LoadRequest.state == RequestState.ASKED)
    )
    return session.scalar(query) or 0
