"""Adding one participant to a cohort by a form: judged by the very checks that judge a row of ``participants.csv``."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.documents.csv_files import text_of
from hto_track.documents.sheets import Sheet, Tables
from hto_track.formats import day_year
from hto_track.models.participants import Participant
from hto_track.services import audit, facts, form_answers
from hto_track.services.access_lists import key_of_participant
from hto_track.services.form_answers import SentForm
from hto_track.services.importing.faults import Fault
from hto_track.services.importing.files import FORMATS, Row
from hto_track.services.importing.importing import judge
from hto_track.services.importing.parsing import parse
from hto_track.services.importing.stores import STORES
from hto_track.services.inviting import can_be_address
from hto_track.services.policy import Action, Actor, require
from hto_track.services.refusals import Refusal, Refused
from hto_track.services.standings import cohorts_in_reach, subject_of
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary

FILE = "participants"
_NUMBERED = re.compile(r"(?P<before>.*?)(?P<number>\d{1,6})", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParticipant:
    """Who is to be added, under the names of FORMATS.md; what may stay empty is None, week figures in minutes."""

    participant_code: str
    given_name: str
    name_prefix: str = ""
    family_name: str
    email: str
    employer: str = ""
    start_on: date | None = None
    study_hours_per_week: int | None = None
    travel_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Who was added; ``key`` names them in forms about access."""

    key: str
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantForm:
    """What the form starts from: the next code, the employers that are known, and how many take a place already.

    ``added`` is who was added just now, if that was asked about.
    """

    cohort: CohortSummary
    code: str
    employers: tuple[str, ...]
    people: int
    added: Added | None = None

    @property
    def is_full(self) -> bool:
        """Whether the cohort has as many as it was meant for."""
        return self.people >= self.cohort.max_participants


def participant_form(actor: Actor, cohort_code: str, added_code: str = "") -> ParticipantForm:
    """The form of a cohort; NotFound or Forbidden as the policy says. ``added_code`` is of who was added just now."""
    session = reading()
    cohort = facts.cohort_ground(session, cohort_code).cohort
    require(actor, Action.IMPORT_FILES, subject_of(cohort))
    people = _people(session, cohort)
    added = next((row for row in people if row.code == added_code), None)
    return ParticipantForm(
        cohort=cohort,
        code=_next_code(session, cohort, [row.code for row in people]),
        employers=_employers(session, actor),
        people=len(people),
        added=_added(added) if added else None,
    )


def add_participant(
    actor: Actor, cohort_code: str, new: NewParticipant, on: date, form: SentForm | None = None
) -> Added:
    """Add somebody to a cohort. Nobody is mailed: inviting is a step of its own.

    Refused, with nothing stored, at the names of ``NewParticipant``: what a file would be refused for, a code that somebody
    has, an address that somebody of this cohort has, one that no mail can go to, and a start after the cohort's end.
    NotFound or Forbidden as the policy says.
    """
    with writing() as session:
        cohort = facts.cohort_ground(session, cohort_code).cohort
        require(actor, Action.IMPORT_FILES, subject_of(cohort))
        earlier = form_answers.answered(session, actor, form)
        if earlier is not None:
            return _added(session.get_one(Participant, earlier["participant_id"]))
        people = _people(session, cohort)
        values = _sound(session, actor, cohort, new, people, on)
        values["employer"] = _as_known(values["employer"], _employers(session, actor))
        columns = {column: values[name] for name, column in STORES[FILE].columns.items()}
        row = Participant(cohort_id=cohort.id, **columns)
        session.add(row)
        session.flush()
        audit.record(session, actor, "add_participant", audit.of_participant(row.code), after={"cohort": cohort.code})
        form_answers.remember(session, actor, form, {"participant_id": row.id})
        return _added(row)


def _added(row: Participant) -> Added:
    return Added(key=key_of_participant(row.id), code=row.code, name=row.name)


def _people(session: Session, cohort: CohortSummary) -> Sequence[Participant]:
    query = select(Participant).where(Participant.cohort_id == cohort.id).order_by(Participant.code)
    return session.scalars(query).all()


def _sound(
    session: Session,
    actor: Actor,
    cohort: CohortSummary,
    new: NewParticipant,
    people: Sequence[Participant],
    on: date,
) -> Row:
    """The values to be stored, found as those of a row of a file would be; Refused with all that is wrong with them."""
    parsed, faults = parse(_as_file(cohort, new), lambda _rows: None)
    known, more = judge(session, actor, parsed, on)
    (draft,) = known.drafts[FILE]
    refusals = [_refusal(fault) for fault in (*faults, *more) if fault.column != "cohort_code"]
    if draft.stored is not None:
        sentence: Any = _l("The code %(code)s is taken. Choose another one.", code=draft.values["participant_code"])
        refusals.append(Refusal(message=sentence, field="participant_code"))
    address = draft.values.get("email")
    holder = next((row for row in people if row.email.strip().lower() == address), None)
    if holder is not None:
        sentence = _l("%(name)s has this address in this cohort already.", name=f"{holder.name} ({holder.code})")
        refusals.append(Refusal(message=sentence, field="email"))
    elif address and not can_be_address(address):
        refusals.append(Refusal(message=_l("%(email)s is not an e-mail address.", email=address), field="email"))
    if new.start_on is not None and new.start_on > cohort.end_on:
        sentence = _l("The cohort ends on %(day)s. Choose that day or an earlier one.", day=day_year(cohort.end_on))
        refusals.append(Refusal(message=sentence, field="start_on"))
    if refusals:
        raise Refused(refusals)
    return dict(draft.values)


def _as_file(cohort: CohortSummary, new: NewParticipant) -> Tables:
    """The form as the file that would say the same, with its header."""
    kinds = {column.name: column.kind for column in FORMATS[FILE].columns}
    given = {"cohort_code": cohort.code} | {name: getattr(new, name) for name in new.__slots__}
    cells = [value if isinstance(value, str) else text_of(kinds[name].cell(value)) for name, value in given.items()]
    rows = [(1, list(given)), (2, [" ".join(cell.split()) for cell in cells])]
    return Tables(sheets=(Sheet(name=FILE, file=FORMATS[FILE].file, rows=rows),))


def _refusal(fault: Fault) -> Refusal:
    """A fault of a row, at the field that the cell was filled in at."""
    if not fault.value:
        return Refusal(message=_l("Fill this in."), field=fault.column)
    return Refusal(message=_l("Fill in here: %(expected)s.", expected=fault.expected), field=fault.column)


def _next_code(session: Session, cohort: CohortSummary, codes: Sequence[str]) -> str:
    """The code after the highest of the cohort, written alike; for its first participant one after its own code."""
    numbered = [found for code in codes if (found := _NUMBERED.fullmatch(code))]
    last = max(numbered, key=lambda found: int(found["number"]), default=None)
    before = last["before"] if last else f"{re.sub(r'[^0-9A-Za-z]', '', cohort.code)}-"
    number, width = (int(last["number"]), len(last["number"])) if last else (0, 2)
    query = select(Participant.code).where(Participant.code.startswith(before, autoescape=True))
    return _free(before, number + 1, width, set(session.scalars(query)))


def _free(before: str, number: int, width: int, taken: Collection[str]) -> str:
    return next(code for more in range(len(taken) + 1) if (code := f"{before}{number + more:0{width}d}") not in taken)


def _employers(session: Session, actor: Actor) -> tuple[str, ...]:
    """The employers of the cohorts that are the actor's to fill, each once, in order of name."""
    cohorts = cohorts_in_reach(session, actor, Action.IMPORT_FILES)
    query = select(Participant.employer).where(Participant.cohort_id.in_(cohorts), Participant.employer.is_not(None))
    known: dict[str, str] = {}
    for employer in sorted(name for name in session.scalars(query.distinct()) if name):
        known.setdefault(employer.casefold(), employer)
    return tuple(sorted(known.values(), key=str.casefold))


def _as_known(employer: str | None, known: Sequence[str]) -> str | None:
    """An employer as it is written already: whoever types it anew means the same one."""
    if employer is None:
        return None
    return next((name for name in known if name.casefold() == employer.casefold()), employer)
