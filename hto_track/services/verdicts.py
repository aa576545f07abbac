"""How the load was, said afterwards: asked once of each participant, who may change it; ``voices.py`` passes it on."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.load import LoadVerdict, Verdict
from hto_track.models.participants import Participant
from hto_track.rules.expectation import is_asked_how_it_was
from hto_track.rules.span import span_of
from hto_track.services import audit, facts, form_answers
from hto_track.services.criteria import plain_text
from hto_track.services.enrolments import own_enrolment
from hto_track.services.expectations import GivenVerdict, given_verdict
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.services.standings import subject_of
from hto_track.services.transaction import reading, writing

LONGEST_ADVICE = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedVerdict:
    """Whether a participant is asked by now, and what they said."""

    is_asked: bool
    given: GivenVerdict | None


def own_verdict(actor: Actor, on: date) -> AskedVerdict:
    """Whether the actor is asked how the load was, and what they said. NotFound for who takes part in nothing."""
    session, code = reading(), own_enrolment(actor)
    return AskedVerdict(is_asked=_is_asked(session, actor, code, on)[1], given=given_verdict(_row(session, code)))


def give_verdict(
    actor: Actor, verdict: Verdict | None, advice: str, may_be_shown: bool, on: date, form: SentForm | None = None
) -> GivenVerdict:
    """Say how the load was, or say it otherwise: the last word stands. NotFound.

    Refused before it is asked, without an answer, and for an advice that is too long.
    """
    with writing() as session:
        code = own_enrolment(actor)
        participant_id, is_asked = _is_asked(session, actor, code, on)
        said = " ".join(plain_text(advice).split())
        row = _row(session, code)
        stood = given_verdict(row)
        if stood is not None and form_answers.answered(session, actor, form) is not None:
            return stood
        refusals = _refusals(is_asked, verdict, said)
        if refusals or verdict is None:
            raise Refused(refusals)
        before = _written(row)
        if row is None:
            row = LoadVerdict(participant_id=participant_id)
            session.add(row)
        row.given_on, row.verdict, row.advice, row.may_be_shown = on, verdict, said or None, may_be_shown
        subject = audit.of_participant(code, "load_verdict")
        audit.record(session, actor, "give_verdict", subject, before=before, after=_written(row))
        form_answers.remember(session, actor, form, {"verdict": verdict.value})
        return GivenVerdict(given_on=on, verdict=verdict, advice=said or None, may_be_shown=may_be_shown)


def _is_asked(session: Session, actor: Actor, code: str, on: date) -> tuple[int, bool]:
    ground = facts.ground_of_participant(session, code)
    known = facts.facts_of_participant(session, ground, code).members
    if not known:
        raise NotFound(f"There is no participant {code}")
    person = known[0]
    require(actor, Action.GIVE_VERDICT, subject_of(ground.cohort, participant_id=person.member.id))
    return person.member.id, is_asked_how_it_was(span_of(person.facts, on))


def _refusals(is_asked: bool, verdict: Verdict | None, advice: str) -> list[Refusal]:
    refusals = []
    if not is_asked:
        refusals.append(Refusal(message=_l("You are asked this in the last four weeks of your training.")))
    if verdict is None:
        refusals.append(Refusal(message=_l("Choose one of the three answers."), field="verdict"))
    if len(advice) > LONGEST_ADVICE:
        refusals.append(Refusal(message=_l("Keep it within %(most)s characters.", most=LONGEST_ADVICE), field="advice"))
    return refusals


def _row(session: Session, code: str) -> LoadVerdict | None:
    return session.scalars(
        select(LoadVerdict)
        .join(Participant, Participant.id == LoadVerdict.participant_id)
        .where(Participant.code == code)
    ).one_or_none()


def _written(row: LoadVerdict | None) -> dict[str, object] | None:
    if row is None:
        return None
    return {"verdict": row.verdict.value, "advice": row.advice, "may_be_shown": row.may_be_shown}
