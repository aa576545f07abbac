"""Asking for what somebody else decides: an extension, or hours of release in a week that is too full; and answering it.

An extension that is granted is stored as one that was given (``services/extensions.py``). Hours of release that are granted
stand beside the rules: they are shown as room in that week, and change no figure of RULES.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.load import LoadRequest, RequestKind, RequestState
from hto_track.models.privacy import Seen
from hto_track.rules.own_plan import OwnPlan, WeekAhead, combined, outlook
from hto_track.services import audit, extensions, facts, form_answers, standings
from hto_track.services import load_request_mails as mails
from hto_track.services.criteria import plain_text
from hto_track.services.extensions import KnownExtension
from hto_track.services.form_answers import SentForm
from hto_track.services.load_request_rows import RequestView, request_row, requests_in, view_of
from hto_track.services.own_plan import Planner, planner_of
from hto_track.services.own_plan_rows import kept_plans
from hto_track.services.policy import Action, Actor, may, require
from hto_track.services.readings import note_reading
from hto_track.services.refusals import NotFound, Refusal, Refused, refuse
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary

LONGEST_NOTE = 500
SHORTEST_RELEASE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: an extension of ``code`` until ``due_on``, or ``minutes`` free in the week of ``monday``."""

    code: str | None = None
    due_on: date | None = None
    monday: date | None = None
    minutes: int | None = None
    note: str = ""

    @property
    def kind(self) -> RequestKind:
        """Which of the two it is."""
        return RequestKind.EXTENSION if self.code is not None else RequestKind.RELEASE

    @property
    def change(self) -> OwnPlan:
        """What would be otherwise."""
        if self.code is not None and self.due_on is not None:
            return OwnPlan(extended={self.code: self.due_on})
        if self.monday is not None and self.minutes is not None:
            return OwnPlan(release={self.monday: self.minutes})
        return OwnPlan()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWeek:
    """A week that granting a request makes lighter, or gives more room: before and after."""

    before: WeekAhead
    after: WeekAhead


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestToAnswer:
    """A request as who decides sees it: what it would bring in the week it helps most, and whether the actor may answer."""

    request: RequestView
    week: RequestWeek | None
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRequests:
    """What the people of a cohort ask, the oldest first, and what was answered, the latest first."""

    cohort: CohortSummary
    on: date
    waiting: tuple[RequestToAnswer, ...]
    answered: tuple[RequestView, ...]


def ask(actor: Actor, participant_code: str, asked: Asked, on: date, form: SentForm | None = None) -> RequestView:
    """Ask for it; the project leaders get a mail ten minutes later. Asked once already, it stands once.

    Refused for an extension that could not be given, for release beyond the job or in a week that is not ahead, and for a note
    that is too long. NotFound, Forbidden.
    """
    with writing() as session:
        who = planner_of(session, actor, Action.PLAN_LOAD, participant_code, on)
        answer = form_answers.answered(session, actor, form)
        if answer is not None:
            return _view(session, answer["request"])
        note = plain_text(asked.note).strip()
        known = extensions.known_extension(session, who.found, asked.code, on) if asked.code is not None else None
        refusals = [*_faults(who, asked, known, on), *_note_faults(note, "note")]
        if refusals:
            raise Refused(refusals)
        row = _waiting_already(session, who, asked, known)
        if row is None:
            row = LoadRequest(
                participant_id=who.participant_id,
                kind=asked.kind,
                state=RequestState.ASKED,
                assignment_id=known.assignment_id if known else None,
                asked_due_on=asked.due_on if known else None,
                monday=None if known else asked.monday,
                minutes=None if known else asked.minutes,
                note=note or None,
                asked_at=clock.now(),
            )
            session.add(row)
            session.flush()
            view = _view(session, row.id)
            audit.record(session, actor, "ask_for_room", _subject(view), after=_written(row))
            mails.tell_deciders(session, who.ground, view)
        form_answers.remember(session, actor, form, {"request": row.id})
        return _view(session, row.id)


def withdraw_request(actor: Actor, participant_code: str, request_id: int, on: date) -> RequestView:
    """Take back what was asked and not answered; taken back already, it stays so. Refused when it was answered.

    NotFound, Forbidden.
    """
    with writing() as session:
        who = planner_of(session, actor, Action.PLAN_LOAD, participant_code, on)
        row = _own_row(session, who, request_id)
        if row.state in (RequestState.GRANTED, RequestState.REFUSED):
            raise refuse(_l("This was answered meanwhile. The answer stands below."))
        view = _view(session, request_id)
        if row.state is RequestState.ASKED:
            before = _written(row)
            row.state = RequestState.WITHDRAWN
            audit.record(session, actor, "withdraw_request", _subject(view), before=before, after=_written(row))
            mails.take_question_back(session, view)
        return _view(session, request_id)


def requests_to_answer(actor: Actor, cohort_code: str, on: date) -> CohortRequests:
    """What the people of a cohort ask, with what granting it would bring; in as many queries for ten as for one.

    NotFound, Forbidden.
    """
    session = reading()
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.ANSWER_REQUEST, subject_of(ground.cohort))
    found = requests_in(session, [ground.cohort.id]).get(ground.cohort.id, ())
    people = {person.member.id: person for person in standings.kept_standings(session, ground, on).members}
    plans = kept_plans(session, {view.participant_id for view in found})
    waiting = []
    for view in found:
        if view.state is RequestState.ASKED:
            person = people[view.participant_id]
            kept = plans.get(view.participant_id, OwnPlan())
            before = outlook(person.facts, person.standing, kept)
            after = outlook(person.facts, person.standing, combined(kept, _of(view).change))
            week = max(
                (RequestWeek(before=one, after=then) for one, then in zip(before.near, after.near, strict=True)),
                key=lambda week: week.before.over - week.after.over,
                default=None,
            )
            subject = subject_of(ground.cohort, participant_id=view.participant_id)
            waiting.append(RequestToAnswer(request=view, week=week, may_answer=_may_answer(actor, view.kind, subject)))
    note_reading(actor, Seen.COHORT, cohort_id=ground.cohort.id)
    answered = [view for view in found if view.decided_at is not None]
    return CohortRequests(
        cohort=ground.cohort,
        on=on,
        waiting=tuple(waiting),
        answered=tuple(sorted(answered, key=lambda view: (view.decided_at or view.asked_at, view.id), reverse=True)),
    )


def answer_request(
    actor: Actor,
    cohort_code: str,
    request_id: int,
    *,
    grant: bool,
    said: str,
    on: date,
    form: SentForm | None = None,
) -> RequestView:
    """Grant or refuse a request, and say something with it; the participant gets a mail ten minutes later.

    Refused when it was answered or taken back meanwhile, when an extension cannot be given (any more), and when it is refused
    without a word. NotFound, Forbidden.
    """
    with writing() as session:
        who, row = _to_answer(session, actor, cohort_code, request_id, on)
        answer = form_answers.answered(session, actor, form)
        if answer is not None:
            return _view(session, request_id)
        said = plain_text(said).strip()
        if row.state is not RequestState.ASKED:
            raise refuse(_l("This was answered or withdrawn meanwhile. Look at what stands here now."))
        refusals = list(_note_faults(said, f"answer-{request_id}"))
        if not grant and not said:
            refusals.append(
                Refusal(message=_l("Say in a few words why not, or what is possible."), field=f"answer-{request_id}")
            )
        known, was = None, None
        if grant and row.asked_due_on is not None:
            known = _extension(session, who, row, on)
            was = [known.row.due_on.isoformat(), known.row.reason] if known.row else None
            refusals += [*known.view.refusals, *extensions.longer_date_faults(known.view, row.asked_due_on, on)]
        if refusals:
            raise Refused(refusals)
        if known is not None and row.asked_due_on is not None:
            reason = said or row.note or _("Asked for because a week was too full.")
            extensions.store_extension(session, actor, known, row.asked_due_on, reason)
        before = _written(row)
        row.state = RequestState.GRANTED if grant else RequestState.REFUSED
        row.decided_at, row.decided_by, row.answer = clock.now(), actor.ref, said or None
        session.flush()
        view = _view(session, request_id)
        action = "grant_request" if grant else "refuse_request"
        audit.record(session, actor, action, _subject(view), before=before, after=_written(row))
        mails.tell_participant(session, view, who.person.member.email)
        done = {"id": request_id, "cohort": cohort_code, "was": was, "decision": _decision(row)}
        form_answers.remember(session, actor, form, {"answered_request": done})
        return view


def undo_answer(actor: Actor, cohort_code: str, form_key: str, on: date) -> RequestView:
    """Take an answer back, with the extension that came of it; refused once the participant was told."""
    done: dict[str, Any] = form_answers.answer_to(actor, form_key, "answered_request")["answered_request"]
    if done["cohort"] != cohort_code:
        raise NotFound(f"The form {form_key} answered nothing in {cohort_code}")
    with writing() as session:
        who, row = _to_answer(session, actor, cohort_code, done["id"], on)
        if row.state not in (RequestState.GRANTED, RequestState.REFUSED):
            return _view(session, done["id"])
        if _decision(row) != done["decision"]:
            raise refuse(_l("This was answered or withdrawn meanwhile. Look at what stands here now."))
        if _waits_for_the_same(session, row):
            raise refuse(_l("They asked anew meanwhile. Answer what they ask now: this answer stays."))
        if not mails.take_answer_back(session, _view(session, done["id"])):
            raise refuse(
                _l("The participant was told already. Talk to them, and change it on the page of the assignment.")
            )
        if row.state is RequestState.GRANTED and row.asked_due_on is not None:
            _give_extension_back(session, actor, _extension(session, who, row, on), row.asked_due_on, done["was"])
        before = _written(row)
        row.state, row.decided_at, row.decided_by, row.answer = RequestState.ASKED, None, None, None
        session.flush()
        view = _view(session, done["id"])
        audit.record(session, actor, "undo_request_answer", _subject(view), before=before, after=_written(row))
        return view


def _faults(who: Planner, asked: Asked, known: KnownExtension | None, on: date) -> Iterator[Refusal]:
    if known is not None:
        if known.view.refusals:
            yield from known.view.refusals
        elif asked.due_on is None:
            yield Refusal(message=_l("Choose until when you would like to have."), field="due_on")
        else:
            yield from extensions.longer_date_faults(known.view, asked.due_on, on)
        return
    weeks = outlook(who.person.facts, who.standing)
    if asked.monday is None or asked.minutes is None or weeks.week(asked.monday) is None:
        yield Refusal(message=_l("Choose a week that lies ahead."), field="monday")
    elif asked.minutes < SHORTEST_RELEASE or asked.minutes > weeks.load.job:
        yield Refusal(
            message=_l("Choose no more hours than you work in that week, and half an hour or more."), field="minutes"
        )


def _note_faults(note: str, field: str) -> Iterator[Refusal]:
    if len(note) > LONGEST_NOTE:
        yield Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_NOTE), field=field)


def _waiting_already(session: Session, who: Planner, asked: Asked, known: KnownExtension | None) -> LoadRequest | None:
    query = select(LoadRequest).where(
        LoadRequest.participant_id == who.participant_id,
        LoadRequest.kind == asked.kind,
        LoadRequest.state == RequestState.ASKED,
    )
    about = LoadRequest.assignment_id == known.assignment_id if known else LoadRequest.monday == asked.monday
    row = session.scalars(query.where(about)).one_or_none()
    if row is not None and (row.asked_due_on, row.minutes) != (
        asked.due_on if known else None,
        None if known else asked.minutes,
    ):
        raise refuse(_l("You asked for something else here already. Withdraw that first."))
    return row


def _waits_for_the_same(session: Session, row: LoadRequest) -> bool:
    """Whether whose request this is asked for another date of that assignment, or other hours in that week, and waits."""
    query = select(LoadRequest.id).where(
        LoadRequest.participant_id == row.participant_id,
        LoadRequest.kind == row.kind,
        LoadRequest.state == RequestState.ASKED,
        LoadRequest.assignment_id.is_not_distinct_from(row.assignment_id),
        LoadRequest.monday.is_not_distinct_from(row.monday),
    )
    return session.scalars(query).first() is not None


def _decision(row: LoadRequest) -> str:
    """Which answer it is: by whom and when."""
    return f"{row.decided_by}/{row.decided_at.astimezone(UTC).isoformat() if row.decided_at else ''}"


def _own_row(session: Session, who: Planner, request_id: int) -> LoadRequest:
    found = request_row(session, request_id)
    if found is None or found[0].participant_id != who.participant_id:
        raise NotFound(f"{who.code} has no request {request_id}")
    return found[0]


def _to_answer(
    session: Session, actor: Actor, cohort_code: str, request_id: int, on: date
) -> tuple[Planner, LoadRequest]:
    """Whose request it is, and its row; NotFound or Forbidden as the policy says of its kind."""
    ground = facts.cohort_ground(session, cohort_code)
    require(actor, Action.ANSWER_REQUEST, subject_of(ground.cohort))
    found = request_row(session, request_id)
    if found is None or found[1].cohort_id != ground.cohort.id:
        raise NotFound(f"There is no request {request_id} in {cohort_code}")
    row, person = found[0], found[1]
    require(actor, DECIDES[row.kind], subject_of(ground.cohort, participant_id=person.id))
    return planner_of(session, actor, Action.ANSWER_REQUEST, person.code, on), row


DECIDES = {RequestKind.EXTENSION: Action.EXTEND_DUE_DATE, RequestKind.RELEASE: Action.GIVE_ROOM}
"""What it takes to answer each kind, besides ``ANSWER_REQUEST``: to give extensions; to note what was agreed about the job."""


def _may_answer(actor: Actor, kind: RequestKind, subject: Any) -> bool:
    return may(actor, Action.ANSWER_REQUEST, subject) and may(actor, DECIDES[kind], subject)


def _extension(session: Session, who: Planner, row: LoadRequest, on: date) -> KnownExtension:
    found = request_row(session, row.id)
    return extensions.known_extension(session, who.found, (found[2] if found else None) or "", on)


def _give_extension_back(
    session: Session, actor: Actor, known: KnownExtension, granted: date, was: list[Any] | None
) -> None:
    """The extension as it was before; one that somebody changed since stays."""
    if known.row is None or known.row.due_on != granted:
        return
    if was is None:
        extensions.remove_extension(session, actor, known)
    else:
        extensions.store_extension(session, actor, known, date.fromisoformat(was[0]), was[1])


def _of(view: RequestView) -> Asked:
    return Asked(code=view.code, due_on=view.asked_due_on, monday=view.monday, minutes=view.minutes)


def _view(session: Session, request_id: int) -> RequestView:
    found = request_row(session, request_id)
    if found is None:
        raise NotFound(f"There is no request {request_id}")
    row, person, code, title = found
    return view_of(row, person, code, title)


def _subject(view: RequestView) -> str:
    return audit.of_participant(view.participant, "requests", view.id)


def _written(row: LoadRequest) -> dict[str, Any]:
    """What the trail keeps of it; what people wrote to each other stays out."""
    return {
        "request": row.kind.value,
        "state": row.state.value,
        "due_on": row.asked_due_on.isoformat() if row.asked_due_on else None,
        "week": row.monday.isoformat() if row.monday else None,
        "minutes": row.minutes,
    }
