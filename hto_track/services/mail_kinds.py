"""THE table of mails: every kind that goes out, and how long it may wait (rules/quiet_time.py).

A kind that is not in it is news. A test holds that each kind is in it, asks one question, and has one button.
"""

from hto_track.rules.quiet_time import Haste

KINDS: dict[str, Haste] = {
    # Somebody asked for it and waits
    "sign_in": Haste.AWAITED,
    "invitation": Haste.AWAITED,
    "shared_load": Haste.AWAITED,
    "supervisor_link": Haste.AWAITED,
    "job_failed": Haste.AWAITED,
    "pressing_lesson_news": Haste.AWAITED,
    # Each week at its own hour (RULES.md section 6)
    "participant_digest": Haste.DIGEST,
    "leader_digest": Haste.DIGEST,
    # News
    "warning_opened": Haste.NEWS,
    "warning_escalated": Haste.NEWS,
    "unconfirmed_opened": Haste.NEWS,
    "unconfirmed_escalated": Haste.NEWS,
    "call_me": Haste.NEWS,
    "shared_overload": Haste.NEWS,
    "hours_to_confirm": Haste.NEWS,
    "lesson_news": Haste.NEWS,
    "assessed": Haste.NEWS,
    "absent_in_a_row": Haste.NEWS,
    "due_date_changed": Haste.NEWS,
    "interview_planned": Haste.NEWS,
    "interview_moved": Haste.NEWS,
    "interview_cancelled": Haste.NEWS,
    "load_request_asked": Haste.NEWS,
    "load_request_answered": Haste.NEWS,
    "retention_announced": Haste.NEWS,
}


def haste_of(kind: str) -> Haste:
    """How long a mail of this kind may wait."""
    return KINDS.get(kind, Haste.NEWS)
