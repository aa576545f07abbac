"""Closing interviews: who is ready, the evening as it would be, and one person's appointment and outcome."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import clock_from_to, day, day_numeric, day_year, sentence
from hto_track.rules.closing import Closing
from hto_track.services.appointments import Appointment
from hto_track.services.final_assessments import Candidate, CohortInterviews, Slot
from hto_track.services.interviews import Interview
from hto_track.web.pictures.ages import waiting_since
from hto_track.web.pictures.requirements import Requirements, requirements
from hto_track.web.sent_forms import new_key

STATES: dict[Closing, tuple[Any, str, str]] = {
    Closing.HELD: (_l("Outcome asked"), "warn", "clipboard-check"),
    Closing.READY: (_l("Can be planned"), "ok", "calendar-days"),
    Closing.PLANNED: (_l("Planned"), "", "calendar-days"),
    Closing.NOT_YET: (_l("Not yet"), "", "minus"),
    Closing.PASSED: (_l("Passed"), "ok", "check"),
    Closing.OUT_OF_REACH: (_l("Not passed, no resit"), "bad", "circle-alert"),
}
TITLES: dict[Closing, Any] = {
    Closing.HELD: _l("Was held, no outcome yet"),
    Closing.READY: _l("Everything else is done"),
    Closing.PLANNED: _l("Planned"),
    Closing.NOT_YET: _l("Still busy with something else"),
    Closing.PASSED: _l("Passed"),
    Closing.OUT_OF_REACH: _l("Not passed, no resit"),
}
CAN_BE_PLANNED = (Closing.READY, Closing.NOT_YET)
RESULTS: dict[str, tuple[Any, bool, bool]] = {
    "passed": (_l("Passed"), True, True),
    "resit": (_l("Not passed, resit"), False, True),
    "failed": (_l("Not passed, no resit"), False, False),
}
"""What can come of an interview: its words, whether it is passed, and whether there is a resit."""
FIRST_VALUES = {"planned_on": "", "starts_at": "", "minutes": "45", "location": "", "assessors": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewLine:
    """A participant in a list; ``is_chosen`` of who can be planned now."""

    code: str
    name: str
    details: str
    state: str
    state_class: str
    state_icon: str
    can_be_planned: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Those who stand the same."""

    title: str
    count: int
    lines: tuple[InterviewLine, ...]
    is_folded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewsPage:
    """The closing interviews of a cohort."""

    cohort_code: str
    cohort_name: str
    groups: tuple[Group, ...]
    can_plan: bool
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """An evening before it is planned: whose turn is when, and who gets a mail."""

    cohort_code: str
    cohort_name: str
    title: str
    eyebrow: str
    turns: tuple[tuple[str, str], ...]
    consequence: str
    button: str
    hidden: tuple[tuple[str, str], ...]
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InterviewPage:
    """One participant: the appointment, what came of interviews, the requirements, and the forms."""

    cohort_code: str
    cohort_name: str
    participant_code: str
    name: str
    state: str
    state_class: str
    state_icon: str
    appointment: tuple[str, ...]
    seen: str
    history: tuple[str, ...]
    requirements: Requirements
    can_be_recorded: bool
    is_asked: bool
    """Whether its day has come."""
    results: tuple[tuple[str, str], ...]
    values: Mapping[str, str]
    key: str
    cancel_key: str
    record_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInterview:
    """The appointment for whom it is."""

    when: str
    lines: tuple[str, ...]


def interviews_page(
    known: CohortInterviews, reader: str, typed: Mapping[str, str] | None = None, chosen: Collection[str] | None = None
) -> InterviewsPage:
    """Everyone of a cohort; ``typed`` and ``chosen`` are what was filled in and who was ticked before."""
    first = FIRST_VALUES | {"location": known.cohort.location or "", "assessors": reader, "starts_at": "18:30"}
    someone_is_ready = known.count(Closing.READY) > 0
    groups = tuple(
        Group(
            title=str(TITLES[closing]),
            count=known.count(closing),
            lines=tuple(_line(person, known, chosen) for person in _in_order(known.candidates, closing)),
            is_folded=closing is Closing.NOT_YET and someone_is_ready,
        )
        for closing in STATES
    )
    return InterviewsPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        groups=tuple(group for group in groups if group.lines),
        can_plan=any(person.closing in CAN_BE_PLANNED for person in known.candidates),
        values=first | {name: value for name, value in (typed or {}).items() if name in first},
    )


def preview_page(
    known: CohortInterviews, slots: tuple[Slot, ...], planned_on: date, typed: Mapping[str, str]
) -> PreviewPage:
    """The evening as it would be."""
    count = len(slots)
    return PreviewPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        title=_("Interviews on %(day)s", day=day(planned_on)),
        eyebrow=" · ".join(filter(None, (typed.get("location", ""), typed.get("assessors", "")))),
        turns=tuple((clock_from_to(slot.starts_at, slot.ends_at), slot.name) for slot in slots),
        consequence=ngettext(
            "%(num)s participant gets a mail with the own time, place and assessors.",
            "%(num)s participants each get a mail with their own time, place and assessors.",
            count,
        ),
        button=ngettext("Plan %(num)s interview and mail", "Plan %(num)s interviews and mail", count),
        hidden=(
            *((name, typed.get(name, "")) for name in FIRST_VALUES),
            *(("wie", slot.participant) for slot in slots),
        ),
        key=new_key(),
    )


def interview_page(
    known: CohortInterviews, person: Candidate, reader: str, typed: Mapping[str, str] | None = None
) -> InterviewPage:
    """One participant; ``typed`` is what was filled in before."""
    appointment, words = person.appointment, STATES[person.closing]
    held_on = min(appointment.planned_on, known.on) if appointment else known.on
    values = FIRST_VALUES | {
        "held_on": day_numeric(held_on),
        "result": "",
        "assessor": (appointment.assessors if appointment else None) or reader,
    }
    if appointment:
        values |= {
            "planned_on": day_numeric(appointment.planned_on),
            "starts_at": appointment.starts_at.isoformat("minutes"),
            "minutes": str(appointment.minutes),
            "location": appointment.location or "",
            "assessors": appointment.assessors or "",
        }
    return InterviewPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        participant_code=person.person.member.code,
        name=person.person.member.name,
        state=str(words[0]),
        state_class=words[1],
        state_icon=words[2],
        appointment=(sentence(_when(appointment)), *_where(appointment)) if appointment else (),
        seen=appointment.version if appointment else "",
        history=tuple(map(_told, person.interviews)),
        requirements=requirements(person.person, known.plan),
        can_be_recorded=person.closing not in (Closing.PASSED, Closing.OUT_OF_REACH),
        is_asked=person.closing is Closing.HELD,
        results=tuple((value, str(said[0])) for value, said in RESULTS.items()),
        values=values | {name: value for name, value in (typed or {}).items() if name in values},
        key=new_key(),
        cancel_key=new_key(),
        record_key=new_key(),
    )


def own_interview(appointment: Appointment | None, on: date) -> OwnInterview | None:
    """The appointment as its participant sees it; one that was held is still to be written down."""
    if appointment is None:
        return None
    lines = _where(appointment)
    if appointment.planned_on < on:
        lines = (_("What came of it is still to be written down by the college."),)
    return OwnInterview(when=sentence(_when(appointment)), lines=lines)


def _in_order(people: tuple[Candidate, ...], closing: Closing) -> list[Candidate]:
    own = [person for person in people if person.closing is closing]
    return sorted(
        own,
        key=lambda person: (
            (person.appointment.planned_on, person.appointment.starts_at) if person.appointment else (),
            person.person.member.code,
        ),
    )


def _line(person: Candidate, known: CohortInterviews, chosen: Collection[str] | None) -> InterviewLine:
    words, kind, icon = STATES[person.closing]
    code, can_be_planned = person.person.member.code, person.closing in CAN_BE_PLANNED
    return InterviewLine(
        code=code,
        name=person.person.member.name,
        details=_details(person, known),
        state=str(words),
        state_class=kind,
        state_icon=icon,
        can_be_planned=can_be_planned,
        is_chosen=can_be_planned and (person.closing is Closing.READY if chosen is None else code in chosen),
    )


def _details(person: Candidate, known: CohortInterviews) -> str:
    if person.appointment is not None:
        when = _when(person.appointment)
        if person.closing is Closing.HELD:
            return _(
                "%(when)s, %(how_long)s", when=when, how_long=waiting_since(person.appointment.planned_on, known.on)
            )
        return when
    if person.interviews and person.closing is not Closing.NOT_YET:
        return _told(person.interviews[0])
    needed = requirements(person.person, known.plan)
    titles = [item.title for item in needed.open[:2]] if person.closing is Closing.NOT_YET else []
    told = [_told(held) for held in person.interviews[:1]]
    return " · ".join([*told, needed.count, *titles])


def _when(appointment: Appointment) -> str:
    time = clock_from_to(appointment.starts_at, appointment.ends_at)
    return _("%(day)s, %(time)s", day=day(appointment.planned_on), time=time)


def _where(appointment: Appointment) -> tuple[str, ...]:
    said = (
        _("Where: %(place)s", place=appointment.location) if appointment.location else "",
        _("With: %(who)s", who=appointment.assessors) if appointment.assessors else "",
    )
    return tuple(filter(None, said))


def _told(held: Interview) -> str:
    result = "passed" if held.passed else "resit" if held.resit_allowed else "failed"
    said = _("%(result)s on %(day)s", result=str(RESULTS[result][0]), day=day_year(held.held_on))
    return _("%(what)s, by %(who)s", what=said, who=held.assessor) if held.assessor else said
