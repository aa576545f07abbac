"""What is held on somebody, in words: for their page and for the PDF.

A column without a name here is a test that fails, and so is a part without a title.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track import formats
from hto_track.documents.own_data import OwnDataText, Part
from hto_track.models.assignments import HandInKind
from hto_track.models.internship import SchoolType
from hto_track.models.load import RequestKind, RequestState, Verdict
from hto_track.models.sign_in import LinkPurpose
from hto_track.models.warnings import AnswerKind, WarningEventKind
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.warnings import Level
from hto_track.services.own_data import OwnData, Section
from hto_track.services.policy import CONSOLE
from hto_track.web.pictures import assignments, attendance, exemptions, figures, internship, outbox
from hto_track.web.pictures.account import METHODS, device_in_words
from hto_track.web.pictures.retention import KINDS
from hto_track.web.pictures.roles import NAMES
from hto_track.web.pictures.who_sees import SEEN

PARTS: dict[str, tuple[Any, Any]] = {
    "participants": (_l("Your enrolment"), _l("Who you are here, your employer, your hours, and how it stands.")),
    "pauses": (_l("Pauses"), _l("When your training stood still, and why if you said so.")),
    "placements": (_l("Internship schools"), _l("Where you do your internship and who supervises you there.")),
    "attendance": (_l("Attendance"), _l("At which lessons you were.")),
    "make_ups": (_l("Lessons made up"), _l("When and where you made up a lesson that you missed.")),
    "attempts": (_l("Assignments"), _l("What you handed in and what came of it.")),
    "hand_ins": (
        _l("Work handed in"),
        _l("Your files and links. A file itself can be taken at its address here, as long as you are signed in."),
    ),
    "extensions": (_l("Extensions"), _l("Due dates of your own.")),
    "internship_entries": (_l("Internship hours"), _l("What you logged, and who decided on it.")),
    "study_log": (_l("Study log"), _l("Time you spent on study, as you wrote it down.")),
    "checkpoint_records": (_l("What is asked besides"), _l("Interviews, visits and documents that were noted.")),
    "planned_final_assessments": (_l("Closing interview to come"), _l("When, where and with whom.")),
    "final_assessments": (_l("Closing interviews"), _l("When they were held and what came of them.")),
    "diplomas": (_l("Diploma"), _l("Your entry in the register of diplomas. It is kept for good.")),
    "exemptions": (_l("Exemptions"), _l("What was asked and decided for a follow-on route.")),
    "warnings": (_l("Warnings"), _l("What was noticed, when, and whether it was put off.")),
    "warning_events": (_l("What happened to warnings"), _l("Each change, with the figures it rested on.")),
    "load_expectations": (_l("What you expected"), _l("Your hours a week and the load you were told, at the intake.")),
    "load_verdicts": (_l("The load, afterwards"), _l("What you said of it for who comes next.")),
    "planned_moves": (_l("Your plan: assignments"), _l("Work that you mean to do in another week.")),
    "planned_internship_days": (_l("Your plan: internship"), _l("Days on which you mean to be at the school.")),
    "load_requests": (_l("Requests"), _l("What you asked for to get out of a full week, and the answer.")),
    "warning_answers": (_l("Answers to warnings"), _l("What you answered.")),
    "quiet_hours": (_l("Quiet hours"), _l("When you want no news by mail.")),
    "outbox": (
        _l("Mails"),
        _l("Sent to you or about you. Of a mail that names you among others you see that it went, not its text."),
    ),
    "employer_shares": (_l("Sharing with an employer"), _l("With whom you share your load, and since when.")),
    "readings": (_l("Who looked"), _l("Who looked at your data or at your whole cohort, by the hour.")),
    "retention_notices": (_l("What will be erased"), _l("Data about you that are kept long enough.")),
    "users": (_l("Your account"), _l("With which you sign in.")),
    "grants": (_l("Your roles"), _l("What your account may do where.")),
    "sign_in_sessions": (_l("Where you are signed in"), _l("Devices and since when.")),
    "sign_in_links": (
        _l("Links to sign in with"),
        _l("When they were mailed and used; the links themselves are secret."),
    ),
    "passkeys": (_l("Passkeys"), _l("The names you gave them; the keys themselves are on your devices.")),
    "college_identities": (_l("Sign-in of your college"), _l("Who you are there.")),
    "calendar_subscriptions": (
        _l("Calendars elsewhere"),
        _l("Where you let your agenda be read along; the addresses themselves are secret."),
    ),
    "audit_entries": (
        _l("Changes"),
        _l("Who changed what about you, and what you changed. Only the part about you is given."),
    ),
}
"""The title of each part, and what it holds."""

LABELS: dict[str, Any] = {
    "assessors": _l("Assessors"),
    "action": _l("What was done"),
    "activity": _l("Activity"),
    "actor": _l("By whom"),
    "address": _l("Address of the file"),
    "advice": _l("Advice to who comes next"),
    "after": _l("After"),
    "agreed_minutes": _l("Agreed hours"),
    "announced_at": _l("Said beforehand on"),
    "announced_on": _l("Announced on"),
    "answer": _l("Answer"),
    "answered_at": _l("Answered"),
    "asked_at": _l("Asked"),
    "asked_due_on": _l("Asked until"),
    "assessed_on": _l("Assessed on"),
    "assessor": _l("Assessed by"),
    "assignment": _l("Assignment"),
    "assignment_title": _l("Title"),
    "at": _l("When"),
    "attempts": _l("Times tried"),
    "awarded_by": _l("Awarded by"),
    "awarded_on": _l("Awarded on"),
    "before": _l("Before"),
    "body": _l("Text"),
    "break_minutes": _l("Break"),
    "carried_out_on": _l("Carried out on"),
    "checkpoint": _l("Code"),
    "checkpoint_title": _l("What"),
    "closed_on": _l("Closed on"),
    "code": _l("Code"),
    "code_tries": _l("Wrong codes"),
    "cohort_code": _l("Cohort"),
    "college": _l("College"),
    "decided_at": _l("Decided"),
    "decided_by": _l("Decided by"),
    "decided_on": _l("Decided on"),
    "device": _l("Device"),
    "document_sha256": _l("Mark of the document"),
    "due_on": _l("Due on"),
    "email": _l("E-mail address"),
    "employer": _l("Employer"),
    "end_on": _l("Last day"),
    "ended_at": _l("Ended"),
    "ends_at": _l("Until"),
    "erased_at": _l("Erased"),
    "erased_on": _l("Erased on"),
    "escalated_on": _l("More urgent since"),
    "evaluated_on": _l("Last looked at for warnings"),
    "family_name": _l("Family name"),
    "feedback": _l("Feedback"),
    "figures": _l("Figures"),
    "file_name": _l("File"),
    "first_signed_in_at": _l("First signed in"),
    "from_at": _l("From"),
    "from_monday": _l("Out of the week of"),
    "fund": _l("Training fund"),
    "given_name": _l("Given name"),
    "given_on": _l("Said on"),
    "granted_at": _l("Since"),
    "ground": _l("Ground"),
    "handed_in_at": _l("Handed in"),
    "held_on": _l("Held on"),
    "held_reason": _l("Kept because"),
    "holder_name": _l("Name on the diploma"),
    "hour": _l("In the hour from"),
    "idle_until": _l("Ends when not used before"),
    "in_education": _l("Works in education"),
    "invited_at": _l("Invited"),
    "issuer": _l("College's sign-in"),
    "job_weekly_minutes": _l("Job a week"),
    "kind": _l("Kind"),
    "last_error": _l("What went wrong"),
    "last_read_at": _l("Last read"),
    "last_signed_in_at": _l("Last signed in"),
    "lesson_number": _l("Lesson"),
    "lesson_on": _l("Date"),
    "lesson_title": _l("Title"),
    "level": _l("Level"),
    "link": _l("Link"),
    "linked_at": _l("Linked"),
    "location": _l("Place"),
    "logged_on": _l("Date"),
    "made_at": _l("Made"),
    "made_up_at": _l("Made up at lesson"),
    "made_up_on": _l("Made up on"),
    "mark": _l("Attendance"),
    "may_be_shown": _l("May be shown"),
    "method": _l("How"),
    "minutes": _l("Time"),
    "misses": _l("Looked at in a row without it"),
    "module": _l("Module"),
    "module_title": _l("Title"),
    "monday": _l("Week of"),
    "name": _l("Name"),
    "name_prefix": _l("Prefix"),
    "next_attempt_at": _l("Next try"),
    "note": _l("Note"),
    "number": _l("Attempt"),
    "on": _l("Date"),
    "opened_on": _l("Since"),
    "outcome": _l("Result"),
    "participant_code": _l("Participant"),
    "passed": _l("Passed"),
    "period": _l("Period"),
    "phone": _l("Phone"),
    "planned_at": _l("Planned"),
    "planned_on": _l("Planned on"),
    "prior_education": _l("Prior education"),
    "programme": _l("Programme"),
    "programme_code": _l("Programme"),
    "programme_title": _l("Programme"),
    "purpose": _l("What for"),
    "queued_at": _l("Made"),
    "reader": _l("Who"),
    "reason": _l("Reason"),
    "recipient": _l("To"),
    "recorded_at": _l("Written down"),
    "recorded_by": _l("Noted by"),
    "recorded_on": _l("Date"),
    "red_misses": _l("Looked at in a row without its highest level"),
    "register_number": _l("Register number"),
    "release_weekly_minutes": _l("Freed by the employer a week"),
    "requested_on": _l("Asked on"),
    "resit_allowed": _l("Resit allowed"),
    "resit_due_on": _l("Resit due on"),
    "revoked_by": _l("Revoked by"),
    "revoked_on": _l("Revoked on"),
    "revoked_reason": _l("Revoked because"),
    "role": _l("Role"),
    "route": _l("Route"),
    "route_code": _l("Route"),
    "school": _l("School"),
    "school_type": _l("Kind of school"),
    "sector": _l("Sector"),
    "seen": _l("What"),
    "seen_at": _l("Last used"),
    "sent_at": _l("Sent"),
    "shared_at": _l("Since"),
    "size": _l("Size in bytes"),
    "snooze_note": _l("Why it could wait"),
    "snoozed_until": _l("Put off until"),
    "source_channel": _l("How you heard of the programme"),
    "start_on": _l("First day"),
    "started_at": _l("Since"),
    "starts_at": _l("From"),
    "state": _l("State"),
    "status": _l("Status"),
    "status_on": _l("Status since"),
    "stored_on": _l("Stored on"),
    "study_weekly_minutes": _l("Room for study a week"),
    "subject": _l("About"),
    "subject_key": _l("About"),
    "submitted_on": _l("Handed in on"),
    "supervisor_email": _l("Their e-mail address"),
    "supervisor_name": _l("Supervisor"),
    "to_monday": _l("To the week of"),
    "travel_minutes": _l("Travel to a lesson"),
    "until_at": _l("Until"),
    "untold_since": _l("Mail about it waits since"),
    "used_at": _l("Used"),
    "verdict": _l("How it was"),
    "warning": _l("Warning"),
    "weeks": _l("Minutes a week"),
    "worked_on": _l("Date"),
}
"""What each column is called; the same name means the same in every part."""

IN_MINUTES = ("break_minutes", "travel_minutes")
IN_HOURS = ("agreed_minutes", "job_weekly_minutes", "minutes", "release_weekly_minutes", "study_weekly_minutes")

WORDS: tuple[dict[Any, Any], ...] = (
    attendance.WORDS,
    internship.ACTIVITIES,
    {state: words[0] for state, words in internship.STATES.items()},
    assignments.OUTCOMES,
    {state: words[0] for state, words in exemptions.STATES.items() if state is not None},
    {status: words[0] for status, words in figures.STATUSES.items()},
    {code: words[0] for code, words in figures.WARNINGS.items()},
    {state: words[0] for state, words in outbox.STATES.items()},
    {seen: words[1] for seen, words in SEEN.items()},
    {kind: words[0] for kind, words in KINDS.items()},
    NAMES,
    METHODS,
    {SchoolType.VMBO: "vmbo", SchoolType.MBO: "mbo"},
    {Level.AMBER: _l("Soon"), Level.RED: _l("Now")},
    {
        WarningEventKind.OPENED: _l("Opened"),
        WarningEventKind.ESCALATED: _l("Became more urgent"),
        WarningEventKind.EASED: _l("Became less urgent"),
        WarningEventKind.CLOSED: _l("Closed"),
    },
    {
        AnswerKind.SEEN: _l("I have seen this"),
        AnswerKind.PLANNED: _l("I have planned it"),
        AnswerKind.CALL_ME: _l("Please call me"),
    },
    {RequestKind.EXTENSION: _l("Another due date"), RequestKind.RELEASE: _l("Hours off from work")},
    {
        RequestState.ASKED: _l("Asked"),
        RequestState.GRANTED: _l("Granted"),
        RequestState.REFUSED: _l("Refused"),
        RequestState.WITHDRAWN: _l("Withdrawn"),
    },
    {
        Verdict.LIGHTER: _l("Lighter than expected"),
        Verdict.AS_EXPECTED: _l("As expected"),
        Verdict.HEAVIER: _l("Heavier than expected"),
    },
    {HandInKind.FILE: _l("File"), HandInKind.LINK: _l("Link")},
    {LinkPurpose.INVITATION: _l("Invitation"), LinkPurpose.SIGN_IN: _l("Signing in")},
)
"""The words of what is one of a list."""
BY_MEMBER = {(type(member), member.value): said for words in WORDS for member, said in words.items()}
"""Members of two lists with the same text are equal as keys, so each is looked up with its list."""


def own_data_text(data: OwnData) -> OwnDataText:
    """The PDF in the reader's language."""
    return OwnDataText(
        title=_("What HTO Track holds on %(name)s", name=data.name),
        lead=(
            _("Made on %(moment)s.", moment=_moment(data.made_at)),
            _("This is everything that is held on you. Columns without anything in them are left out."),
            _("Is something wrong? Tell your project leader. You may have it corrected."),
        ),
        parts=tuple(_part(section, data.people) for section in data.sections),
        page=_("Page %(number)s", number="%s"),
        language=formats.language(),
    )


def _part(section: Section, people: Mapping[str, str]) -> Part:
    title, note = PARTS[section.name]
    filled = [column for column in section.columns if any(_is_said(row[column]) for row in section.rows)]
    return Part(
        title=str(title),
        note=str(note) if section.rows else _("%(what)s There is nothing of it.", what=note),
        heads=tuple(str(LABELS[column]) for column in filled),
        rows=tuple(tuple(_said(column, row[column], people) for column in filled) for row in section.rows),
    )


def _is_said(value: Any) -> bool:
    return value is not None and value != "" and value != {}


def _said(column: str, value: Any, people: Mapping[str, str]) -> str:
    """A value in words."""
    if column in IN_HOURS and value is not None:
        return formats.hours(value)
    if column in IN_MINUTES and value is not None:
        return _("%(number)s minutes", number=value)
    if column in ("reader", "actor"):
        return (
            _("HTO Track itself") if value == CONSOLE.ref else people.get(value, _("someone whose account was erased"))
        )
    if column == "device":
        return device_in_words(value)
    return _plainly(value)


def _plainly(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case Enum():
            return str(BY_MEMBER[type(value), value.value])
        case datetime():
            return _moment(value)
        case date():
            return formats.day_year(value)
        case time():
            return formats.clock_time(value)
        case dict():
            return "; ".join(f"{key}: {_plainly(inner)}" for key, inner in value.items() if _is_said(inner))
        case list() | tuple():
            return ", ".join(map(_plainly, value))
        case _:
            return str(value)


def _moment(at: datetime) -> str:
    local = at.astimezone(AMSTERDAM)
    return f"{formats.day_year(local)}, {formats.clock_time(local.time())}"
