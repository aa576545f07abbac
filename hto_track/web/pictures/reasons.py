"""Why somebody stands where they stand: warnings, else what of the diploma is not on track, in a few words."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day_short, day_short_dated, hours_short
from hto_track.rules.assignments import AssignmentStanding, AssignmentState
from hto_track.rules.attendance import ABSENCES_IN_A_ROW, absent_in_a_row
from hto_track.rules.attention import NEEDS_AN_EYE, is_snoozed
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.requirement import RequirementState
from hto_track.rules.warnings import Level
from hto_track.services.views import CohortPlan, MemberStanding, WarningInForce
from hto_track.services.warning_texts import headline, titles_of
from hto_track.web.pictures.attendance import absent_in_a_row_text


def counted_warnings(person: MemberStanding, on: date) -> tuple[WarningInForce, ...]:
    """The open warnings that count on the board of ``on``: not snoozed until later; red before amber."""
    counted = [item for item in person.warnings if not is_snoozed(item.snoozed_until, on)]
    return tuple(sorted(counted, key=lambda item: item.level is not Level.RED))


def reasons(person: MemberStanding, plan: CohortPlan, on: date) -> tuple[str, ...]:
    """Why somebody stands where they stand, most urgent first: their warnings, else what of the diploma is not on track.

    That they are missed without word comes before either, wherever they stand: it moves nobody on the board.
    """
    ended = _ended(person)
    titles = titles_of(plan.assignments)
    found = [*ended, *(headline(warning, titles) for warning in counted_warnings(person, on))]
    return (*missed_without_word(person), *(tuple(found) or _requirements_at_risk(person, plan)))


def missed_without_word(person: MemberStanding) -> tuple[str, ...]:
    """That somebody was absent without word so often in a row that it is said."""
    times = len(absent_in_a_row(person.facts, person.standing.span))
    return (absent_in_a_row_text(times),) if times >= ABSENCES_IN_A_ROW else ()


def snoozed_note(person: MemberStanding, on: date) -> str:
    """That warnings are put off, and until when; empty when none are."""
    dates = (item.snoozed_until for item in person.warnings)
    until = [until_then for until_then in dates if until_then and is_snoozed(until_then, on)]
    if not until:
        return ""
    return ngettext(
        "%(num)s warning put off until %(date)s",
        "%(num)s warnings put off until %(date)s",
        len(until),
        date=day_short(min(until)),
    )


def status_note(person: MemberStanding) -> str:
    """The status when it is not simply active."""
    span, enrolment = person.standing.span, person.facts.enrolment
    if span.status is EnrolmentStatus.PAUSED:
        until = [pause.end_on for pause in enrolment.pauses if pause.start_on <= span.on <= pause.end_on]
        return _("paused until %(date)s", date=day_short(max(until))) if until else _("paused")
    if span.status is EnrolmentStatus.APPLIED:
        return _("applied")
    if span.status is EnrolmentStatus.WITHDRAWN and enrolment.status_on:
        return _("stopped on %(date)s", date=day_short_dated(enrolment.status_on, span.on))
    if span.status is EnrolmentStatus.COMPLETED and enrolment.status_on:
        return _("completed on %(date)s", date=day_short_dated(enrolment.status_on, span.on))
    return ""


def _ended(person: MemberStanding) -> list[str]:
    enrolment, span = person.facts.enrolment, person.standing.span
    if span.status is EnrolmentStatus.WITHDRAWN and enrolment.status_on:
        return [_("Stopped on %(date)s", date=day_short_dated(enrolment.status_on, span.on))]
    return []


def _requirements_at_risk(person: MemberStanding, plan: CohortPlan) -> tuple[str, ...]:
    """What of the diploma is at risk or out of reach without a warning of its own (yet)."""
    requirements = person.standing.requirements
    found = [*_assignments_at_risk(person), *_checkpoints_at_risk(person, plan)]
    if requirements.attendance is RequirementState.OUT_OF_REACH:
        found.append(_("Attendance can no longer be reached"))
    elif requirements.attendance is RequirementState.AT_RISK:
        found.append(_("Attendance is at risk"))
    if requirements.internship in NEEDS_AN_EYE:
        pace = person.standing.internship.pace_needed
        if pace is None:
            found.append(_("Internship hours left, no school days"))
        else:
            found.append(_("%(hours)s of internship a week needed", hours=hours_short(pace, 1)))
    if requirements.final_assessment is RequirementState.OUT_OF_REACH:
        found.append(_("Closing interview not passed"))
    return tuple(found)


def _assignments_at_risk(person: MemberStanding) -> list[str]:
    on = person.standing.span.on
    by_state: dict[AssignmentState, list[AssignmentStanding]] = {}
    for item in person.standing.assignments.mandatory:
        by_state.setdefault(item.state, []).append(item)
    failed = by_state.get(AssignmentState.FAILED, [])
    overdue = by_state.get(AssignmentState.OVERDUE, [])
    found = []
    if failed:
        found.append(_("%(codes)s not passed", codes=_codes(failed)))
    if len(overdue) == 1:
        said = {"code": overdue[0].assignment.code, "date": day_short_dated(overdue[0].due_on, on)}
        found.append(_("%(code)s not handed in, was for %(date)s", **said))
    elif overdue:
        found.append(_("%(codes)s not handed in", codes=_codes(overdue)))
    for item in by_state.get(AssignmentState.RESIT, []):
        said = {"code": item.assignment.code, "date": day_short_dated(item.due_on, on)}
        found.append(_("Resit of %(code)s by %(date)s", **said))
    return found


def _codes(items: list[AssignmentStanding]) -> str:
    codes = [item.assignment.code for item in items]
    return codes[0] if len(codes) == 1 else _("%(first)s and %(last)s", first=", ".join(codes[:-1]), last=codes[-1])


def _checkpoints_at_risk(person: MemberStanding, plan: CohortPlan) -> list[str]:
    titles = {checkpoint.code: checkpoint.title for checkpoint in plan.checkpoints}
    return [
        _("%(title)s not recorded yet", title=titles.get(code, code))
        for code, state in person.standing.checkpoints.states.items()
        if state is RequirementState.AT_RISK
    ]
