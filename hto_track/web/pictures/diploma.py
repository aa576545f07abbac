"""The diploma: what it still asks, what the college can award, and the register."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from hto_track.formats import day_numeric, day_year
from hto_track.rules.requirement import RequirementState
from hto_track.services.diploma_register import CohortDiplomas, DiplomaCandidate, RegisterEntry
from hto_track.services.views import ParticipantStanding
from hto_track.web.pictures.interviews import OwnInterview, own_interview
from hto_track.web.pictures.requirements import Requirements, count_done, requirements
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDiploma:
    """A participant's page: the requirements, and the document once it is there."""

    requirements: Requirements
    register_number: str
    interview: OwnInterview | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateLine:
    """A participant in the college's list."""

    code: str
    name: str
    details: str
    state: str
    state_class: str
    state_icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DiplomasPage:
    """The college's list: who can get it now, who has it, who is on the way."""

    cohort_code: str
    cohort_name: str
    ready: tuple[CandidateLine, ...]
    awarded: tuple[CandidateLine, ...]
    others: tuple[CandidateLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLine:
    """A line of the register."""

    number: str
    title: str
    details: tuple[str, ...]
    is_revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardPage:
    """One participant as the college looks at them: the requirements, the register, and what can be done."""

    cohort_code: str
    cohort_name: str
    participant_code: str
    name: str
    requirements: Requirements
    is_met: bool
    in_force: str
    consequence: str
    award_text: str
    revoke_text: str
    register: tuple[RegisterLine, ...]
    values: Mapping[str, str]
    award_key: str
    revoke_key: str


def own_diploma(standing: ParticipantStanding) -> OwnDiploma:
    """The participant's own page."""
    in_force = standing.member.diploma
    return OwnDiploma(
        requirements=requirements(standing.member, standing.plan),
        register_number=in_force.register_number if in_force else "",
        interview=own_interview(standing.appointment, standing.on),
    )


def diplomas_page(known: CohortDiplomas) -> DiplomasPage:
    """The college's list."""
    awarded = [person for person in known.candidates if person.in_force]
    ready = [person for person in known.candidates if not person.in_force and _is_met(person)]
    others = [person for person in known.candidates if not person.in_force and not _is_met(person)]
    return DiplomasPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        ready=tuple(_line(person, _("All done"), "ok", "check") for person in ready),
        awarded=tuple(_line(person, _("Awarded"), "ok", "graduation-cap") for person in awarded),
        others=tuple(map(_on_the_way, others)),
    )


def award_page(
    known: CohortDiplomas,
    person: DiplomaCandidate,
    standing: ParticipantStanding,
    typed: Mapping[str, str] | None = None,
) -> AwardPage:
    """One participant as the college looks at them; ``typed`` is what was filled in before."""
    values = {"on": day_numeric(known.on), "ground": "", "reason": "", "revoked_on": day_numeric(known.on)}
    name = person.member.name
    return AwardPage(
        cohort_code=known.cohort.code,
        cohort_name=known.cohort.name,
        participant_code=person.member.code,
        name=name,
        requirements=requirements(standing.member, standing.plan),
        is_met=_is_met(person),
        in_force=person.in_force.register_number if person.in_force else "",
        consequence=_(
            "%(name)s gets the Pedagogisch Didactisch Diploma of %(programme)s, with a number in the register. "
            "An award is never deleted; it can be revoked with a reason.",
            name=name,
            programme=known.cohort.programme_title,
        ),
        award_text=_("Award the diploma to %(name)s", name=name),
        revoke_text=_("Revoke the diploma of %(name)s", name=name),
        register=tuple(map(_register_line, person.entries)),
        values=values | {key: value for key, value in (typed or {}).items() if key in values},
        award_key=new_key(),
        revoke_key=new_key(),
    )


def _is_met(person: DiplomaCandidate) -> bool:
    return person.standing.requirements.state is RequirementState.MET


def _on_the_way(person: DiplomaCandidate) -> CandidateLine:
    match person.standing.requirements.state:
        case RequirementState.OUT_OF_REACH:
            return _line(person, _("Not within reach"), "bad", "circle-alert")
        case RequirementState.AT_RISK:
            return _line(person, _("At risk"), "warn", "triangle-alert")
        case _:
            return _line(person, _("In progress"), "", "clock")


def _line(person: DiplomaCandidate, state: str, kind: str, icon: str) -> CandidateLine:
    details = count_done(person.standing)
    if person.in_force:
        details = _(
            "%(number)s, %(day)s", number=person.in_force.register_number, day=day_year(person.in_force.awarded_on)
        )
    return CandidateLine(
        code=person.member.code,
        name=person.member.name,
        details=details,
        state=state,
        state_class=kind,
        state_icon=icon,
    )


def _register_line(entry: RegisterEntry) -> RegisterLine:
    details = [_("Awarded on %(day)s by %(who)s", day=day_year(entry.awarded_on), who=entry.awarded_by)]
    if entry.ground:
        details.append(_("Ground: %(ground)s", ground=entry.ground))
    if entry.revoked_on and entry.revoked_by:
        details.append(_("Revoked on %(day)s by %(who)s", day=day_year(entry.revoked_on), who=entry.revoked_by))
        details.append(_("Reason: %(reason)s", reason=entry.revoked_reason))
    return RegisterLine(
        number=entry.register_number,
        title=entry.holder,
        details=tuple(details),
        is_revoked=entry.revoked_on is not None,
    )
