"""Adopting what looking back proposes: one click makes a draft of the next version, to be looked through and published."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.templates import ProgrammeTemplate
from hto_track.rules.template import faults
from hto_track.rules.template_proposal import adopt
from hto_track.services import audit, form_answers
from hto_track.services.form_answers import SentForm
from hto_track.services.looking_back import ProgrammeLookedBack, programme_looked_back
from hto_track.services.policy import Action, Actor
from hto_track.services.refusals import Forbidden, NotFound, Refused, refuse
from hto_track.services.template_discards import discard_draft
from hto_track.services.template_drafts import add_version
from hto_track.services.template_faults import refusals_of
from hto_track.services.template_rows import as_seen
from hto_track.services.transaction import revision, writing

LONGEST_CODE = 36
"""So that a number still fits behind it."""
NOT_IN_A_CODE = re.compile(r"[^A-Za-z0-9._-]+")
FALLBACK_CODE = "T"
ADOPTED = "adopted_for"
"""What the answer to such a form holds."""
ATTEMPTS = 3
"""So often what is proposed is worked out anew when somebody writes at the same moment: not while holding the lock."""
MOST_NAMED = 3
"""So many cohorts are named in what changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftMade:
    """A draft with the chosen proposals; ``before`` is the version that it differs from."""

    code: str
    number: int

    @property
    def before(self) -> int:
        """The version that it was made of."""
        return self.number - 1


def adopt_proposals(
    actor: Actor,
    programme_code: str,
    chosen: Collection[str],
    seen: str,
    on: date,
    form: SentForm | None = None,
) -> DraftMade:
    """Make a draft of the next version of a programme's template, with the proposals whose keys are ``chosen``.

    A programme without a template gets one first: its version 1 is like its latest cohort. Refused without anything chosen,
    while there is a draft already, and when what is proposed is not what was ``seen``. NotFound, Forbidden.
    """
    for _attempt in range(ATTEMPTS):
        as_of, known = revision(), programme_looked_back(actor, programme_code, on)
        with writing() as session:
            if revision() == as_of + 1:  # as this transaction made it: nobody wrote since the figures were worked out
                return _adopt(session, actor, known, chosen, seen, form)
    raise refuse(_l("The figures changed meanwhile. Look at the proposals once more."))


def undo_adopting(actor: Actor, programme_code: str, form_key: str) -> None:
    """Throw away the draft that the actor's form ``form_key`` made. Refused when it was changed; NotFound, Forbidden."""
    answer = form_answers.answer_to(actor, form_key, ADOPTED)
    if answer[ADOPTED] != programme_code:
        raise NotFound
    discard_draft(actor, str(answer["code"]), int(answer["number"]), str(answer["seen"]))


def _adopt(
    session: Session,
    actor: Actor,
    known: ProgrammeLookedBack,
    chosen: Collection[str],
    seen: str,
    form: SentForm | None,
) -> DraftMade:
    offer = known.offer
    if not offer.may_adopt:
        raise Forbidden(Action.MANAGE_TEMPLATES)
    earlier = form_answers.answered(session, actor, form)
    if earlier is not None:
        return DraftMade(code=str(earlier["code"]), number=int(earlier["number"]))
    if offer.draft is not None:
        number = offer.draft
        raise refuse(
            _l("There is a draft already: version %(number)s. Publish it or throw it away first.", number=number)
        )
    if seen != offer.seen:
        raise refuse(_l("The figures changed meanwhile. Look at the proposals once more."))
    adopted = [proposal for proposal in offer.proposals if proposal.key in chosen]
    if not adopted:
        raise refuse(_l("Choose at least one proposal."))
    row, latest = _template(session, actor, known)
    version = add_version(session, row, latest + 1, adopt(offer.template, adopted), programme_id=None)
    version.note = _("From looking back on %(cohorts)s", cohorts=_listed(known))
    subject = audit.of_template(row.code, "versions", version.number)
    keys = [proposal.key for proposal in adopted]
    after = {"programme": known.programme.code, "proposals": keys}
    audit.record(session, actor, "adopt_proposals", subject, after=after)
    answer = {"code": row.code, "number": version.number, "seen": as_seen(version)}
    form_answers.remember(session, actor, form, {ADOPTED: known.programme.code} | answer)
    return DraftMade(code=row.code, number=version.number)


def _template(session: Session, actor: Actor, known: ProgrammeLookedBack) -> tuple[ProgrammeTemplate, int]:
    """The programme's template and the number of its latest version; made and published like the latest cohort without one."""
    if known.offer.code is not None:
        row = session.scalars(select(ProgrammeTemplate).where(ProgrammeTemplate.code == known.offer.code)).one()
        return row, known.offer.number
    refusals = refusals_of(faults(known.offer.template))
    if refusals:
        raise Refused(refusals)
    programme = known.programme
    row = ProgrammeTemplate(code=_free_code(session, programme.code), title=programme.title, college=programme.college)
    session.add(row)
    session.flush()
    version = add_version(session, row, 1, known.offer.template, programme_id=known.latest_programme_id)
    version.note, version.published_at = _("Like %(cohort)s", cohort=programme.cohorts[0].name), clock.now()
    after = {"title": row.title, "cohort": programme.cohorts[0].code, "college": row.college}
    audit.record(session, actor, "make_template", audit.of_template(row.code), after=after)
    audit.record(session, actor, "publish_template", audit.of_template(row.code, "versions", 1))
    return row, 1


def _free_code(session: Session, programme_code: str) -> str:
    """A code for a template that is not taken, like that of its programme."""
    wanted = NOT_IN_A_CODE.sub("-", programme_code).strip("-._")[:LONGEST_CODE] or FALLBACK_CODE
    taken = set(
        session.scalars(
            select(ProgrammeTemplate.code).where(ProgrammeTemplate.code.startswith(wanted, autoescape=True))
        )
    )
    more = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (wanted, *more) if code not in taken)


def _listed(known: ProgrammeLookedBack) -> str:
    names = [cohort.name for cohort in known.programme.cohorts]
    return ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
