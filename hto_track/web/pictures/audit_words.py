"""The words of the audit trail: what was done, to what, and what its fields are called. An unknown word is shown as it is."""

from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track import formats
from hto_track.models.accounts import Role
from hto_track.models.assignments import HandInKind
from hto_track.models.internship import SchoolType
from hto_track.models.lessons import LessonState
from hto_track.models.load import RequestKind, RequestState, Verdict
from hto_track.models.sign_in import SignInMethod
from hto_track.models.warnings import AnswerKind
from hto_track.rules.facts import Activity, AttemptOutcome, EnrolmentStatus, EntryState, ExemptionState, Mark
from hto_track.rules.retention import DataKind
from hto_track.rules.warnings import Level, WarningCode
from hto_track.web.pictures import programme_settings
from hto_track.web.pictures.own_data import BY_MEMBER, IN_HOURS, IN_MINUTES, LABELS

ACTIONS: dict[str, Any] = {
    "log_hours": _l("Logged internship hours"),
    "change_hours": _l("Changed internship hours"),
    "withdraw_hours": _l("Withdrew internship hours"),
    "decide_hours": _l("Decided on internship hours"),
    "undo_decision": _l("Took back a decision on internship hours"),
    "record_mark": _l("Noted attendance"),
    "announce_absence": _l("Said that they will not come"),
    "withdraw_absence": _l("Said that they will come after all"),
    "add_lesson": _l("Added a lesson"),
    "move_lesson": _l("Moved a lesson"),
    "cancel_lesson": _l("Cancelled a lesson"),
    "put_back_lesson": _l("Let a lesson take place after all"),
    "rename_lesson": _l("Changed the title of a lesson"),
    "remove_lesson": _l("Took away a lesson that was just added"),
    "move_assignment": _l("Moved a date of an assignment"),
    "move_cohort_end": _l("Let a cohort end on another day"),
    "record_submission": _l("Noted that work was handed in"),
    "hand_in_work": _l("Handed in work"),
    "undo_hand_in": _l("Took back what was handed in"),
    "extend_due_date": _l("Gave an extension"),
    "withdraw_extension": _l("Withdrew an extension"),
    "write_criteria": _l("Wrote down what is expected"),
    "assess_attempt": _l("Assessed an assignment"),
    "undo_assessment": _l("Took back an assessment, or that work was handed in"),
    "remark_on_attempt": _l("Changed the feedback or the day of a resit"),
    "correct_assessment": _l("Put an assessment right"),
    "plan_interview": _l("Planned a closing interview"),
    "move_interview": _l("Moved a closing interview"),
    "cancel_interview": _l("Cancelled a closing interview"),
    "record_interview": _l("Noted what came of a closing interview"),
    "undo_interview": _l("Took back what came of a closing interview"),
    "exempt_from_assignment": _l("Exempted from an assignment"),
    "award_diploma": _l("Awarded the diploma"),
    "revoke_diploma": _l("Revoked the diploma"),
    "open_cohort": _l("Opened a cohort for who thinks of joining, or closed it"),
    "give_room": _l("Changed how much room there is"),
    "agree_on_room": _l("Kept what to expect, as agreed on at the intake"),
    "undo_room": _l("Took back a change of the room"),
    "give_verdict": _l("Said how the load was"),
    "keep_plan": _l("Kept a plan of their own for the weeks ahead"),
    "undo_plan": _l("Took back a plan for the weeks ahead"),
    "ask_for_room": _l("Asked for an extension or for hours free from work"),
    "withdraw_request": _l("Took back what was asked"),
    "grant_request": _l("Granted what was asked"),
    "refuse_request": _l("Refused what was asked"),
    "undo_request_answer": _l("Took back the answer to what was asked"),
    "snooze_warning": _l("Put a warning off, or let it count again"),
    "answer_warning": _l("Answered a warning"),
    "undo_answer": _l("Took back the answer to a warning"),
    "set_quiet_hours": _l("Set when no news comes by mail"),
    "change_programme_settings": _l("Changed when warnings begin in a programme"),
    "evaluate_warnings": _l("Checked for warnings"),
    "warning_opened": _l("A warning began"),
    "warning_escalated": _l("A warning became more urgent"),
    "warning_eased": _l("A warning became less urgent"),
    "warning_closed": _l("A warning ended"),
    "import_files": _l("Brought in a file"),
    "add_participant": _l("Added to a cohort"),
    "share_with_employer": _l("Shared the load with an employer"),
    "stop_sharing": _l("Stopped sharing with an employer"),
    "sign_in": _l("Signed in"),
    "end_session": _l("Ended a session"),
    "register_passkey": _l("Added a passkey"),
    "remove_passkey": _l("Removed a passkey"),
    "set_password": _l("Set a password"),
    "link_college": _l("Linked the college's sign-in"),
    "unlink_college": _l("Unlinked the college's sign-in"),
    "subscribe_calendar": _l("Subscribed to a calendar"),
    "renew_calendar": _l("Renewed the address of a calendar"),
    "end_calendar": _l("Ended a calendar"),
    "invite_user": _l("Sent an invitation"),
    "give_role": _l("Gave a role"),
    "withdraw_role": _l("Withdrew a role"),
    "correct_account": _l("Corrected an account"),
    "retry_mail": _l("Let a mail be sent again"),
    "ask_for_job": _l("Asked for a job to be run now"),
    "erase_person": _l("Erased personal data"),
    "hold_retention": _l("Kept data for longer"),
    "release_retention": _l("Let data go after all"),
    "carry_out_retention": _l("Erased data that were kept long enough"),
    "add_demo_accounts": _l("Made the accounts of the demo"),
    "seal_audit_trail": _l("Sealed the audit trail anew"),
    "make_template": _l("Made a template"),
    "begin_draft": _l("Began a draft of a template"),
    "change_draft": _l("Changed a draft of a template"),
    "adopt_proposals": _l("Adopted proposals in a template"),
    "discard_draft": _l("Threw away a draft of a template"),
    "restore_draft": _l("Put back a draft of a template"),
    "publish_template": _l("Published a template"),
    "lay_out_cohort": _l("Laid out a cohort"),
}
"""A test holds it to every action that a service writes."""

RECORDS: dict[str, Any] = {
    "hours": _l("internship hours %(which)s"),
    "lessons": _l("lesson %(which)s"),
    "assignments": _l("assignment %(which)s"),
    "diploma": _l("diploma"),
    "interview": _l("closing interview"),
    "warnings": _l("warning %(which)s"),
    "exemptions": _l("exemptions"),
    "files": _l("%(which)s"),
    "share": _l("sharing %(which)s"),
    "room": _l("room"),
    "load_expectation": _l("what to expect"),
    "load_verdict": _l("the load afterwards"),
    "plan": _l("own plan"),
    "requests": _l("question %(which)s"),
}
"""What of a participant or a cohort an entry is about."""

KINDS: dict[str, Any] = {
    "programme": _l("programme %(which)s"),
    "template": _l("template %(which)s"),
    "user": _l("account %(which)s"),
    "file": _l("file %(which)s"),
    "mail": _l("mail %(which)s"),
    "retention": _l("retention"),
    "installation": _l("the installation"),
}

FIELDS: dict[str, Any] = (
    LABELS
    | programme_settings.LABELS
    | {
        "cancel_reason": _l("Why it is cancelled"),
        "date": _l("Date"),
        "end": _l("Until"),
        "lesson_state": _l("State"),
        "start": _l("From"),
        "title": _l("Title"),
        "answer": _l("Answer"),
        "attempt": _l("Attempt"),
        "changes": _l("Changes"),
        "closed": _l("Closed"),
        "cohort": _l("Cohort"),
        "contents_erased": _l("Contents erased, by number"),
        "criteria": _l("Criteria"),
        "created": _l("New rows"),
        "feedback_characters": _l("Characters of feedback"),
        "eased": _l("Became less urgent"),
        "escalated": _l("Became more urgent"),
        "is_set": _l("There was one"),
        "days": _l("Internship days"),
        "request": _l("Asked"),
        "work": _l("Work in another week"),
        "job": _l("Job"),
        "open_until": _l("Open until and including"),
        "opened": _l("Opened"),
        "passkey": _l("Passkey"),
        "passkeys": _l("Passkeys"),
        "placement": _l("Internship place"),
        "rows": _l("Rows"),
        "sessions": _l("Sessions ended"),
        "slot": _l("Turn of a job"),
        "unchanged": _l("Unchanged rows"),
        "template": _l("Template"),
        "until": _l("Put off until"),
        "updated": _l("Changed rows"),
    }
)

MEMBERS: dict[str, tuple[type[StrEnum], ...]] = {
    "activity": (Activity,),
    "answer": (AnswerKind,),
    "kind": (DataKind, HandInKind),
    "level": (Level,),
    "mark": (Mark,),
    "method": (SignInMethod,),
    "outcome": (AttemptOutcome,),
    "role": (Role,),
    "school_type": (SchoolType,),
    "request": (RequestKind,),
    "state": (EntryState, ExemptionState, RequestState),
    "status": (EnrolmentStatus,),
    "verdict": (Verdict,),
    "warning": (WarningCode,),
}
"""The lists that the words of a field come from."""


LESSON_STATES: dict[str, Any] = {
    LessonState.PLANNED: _l("Planned"),
    LessonState.HELD: _l("Held"),
    LessonState.CANCELLED: _l("Cancelled"),
}


def action_in_words(action: str) -> str:
    """What was done."""
    return str(ACTIONS.get(action, action))


def record_in_words(parts: tuple[str, ...]) -> str:
    """What of a participant or a cohort an entry is about; empty where it is about them as a whole."""
    if not parts:
        return ""
    words = RECORDS.get(parts[0])
    return str(words) % {"which": "/".join(parts[1:])} if words is not None else "/".join(parts)


def field_in_words(field: str) -> str:
    """What a field is called."""
    return str(FIELDS.get(field, field))


def value_in_words(field: str, value: Any) -> str:
    """A value as it was written down."""
    match value:
        case None | "":
            return "–"
        case bool():
            return _("yes") if value else _("no")
        case int() if field in IN_HOURS or field in programme_settings.IN_MINUTES:
            return formats.hours(value)
        case int() if field in IN_MINUTES:
            return _("%(number)s minutes", number=value)
        case str():
            return _word(field, value)
        case list():
            return ", ".join(value_in_words(field, each) for each in value) or "–"
        case _:
            return str(value)


def _word(field: str, value: str) -> str:
    if field == "lesson_state":
        return str(LESSON_STATES.get(value, value))
    for members in MEMBERS.get(field, ()):
        if value in tuple(members):
            return str(BY_MEMBER.get((members, value), value))
    try:
        return formats.day_year(date.fromisoformat(value)) if len(value) == 10 else value
    except ValueError:
        return value
