"""Every service that somebody uses, with who may: one row for each, its pattern chosen on purpose, and a call of it."""

from collections.abc import Callable
from dataclasses import dataclass

from hto_track.models.ledger import MailState
from hto_track.models.privacy import Seen
from hto_track.rules.retention import DataKind
from hto_track.services import (
    assignment_lists,
    assignments,
    attendance,
    college_sign_in,
    confirmations,
    demo,
    digests,
    diploma,
    diploma_register,
    enrolments,
    erasure,
    exemptions,
    exporting,
    figures,
    form_answers,
    internship,
    jobs,
    mailbox,
    own_data,
    passkeys,
    passwords,
    readings,
    retention,
    sending,
    sessions,
    shared_load,
    sharing,
    standings,
    warnings,
    who_sees,
)
from hto_track.services.policy import Actor
from tests.access import calls
from tests.access import uses as who
from tests.access.calls import BESIDE, SLOT
from tests.access.cells import Pattern
from tests.access.world import World
from tests.conftest import TODAY

Call = Callable[[Actor, World], object]


@dataclass(frozen=True, slots=True)
class Service:
    """A row: module and function, who may use it, and a use."""

    name: str
    pattern: Pattern
    call: Call


SERVICES: tuple[Service, ...] = (
    # Cohorts and people
    Service("standings.cohort_standings", who.COHORT, lambda a, w: standings.cohort_standings(a, "C-1", TODAY)),
    Service("standings.cohorts_overview", who.COHORTS, lambda a, w: standings.cohorts_overview(a, TODAY)),
    Service(
        "standings.participant_standing", who.PERSON, lambda a, w: standings.participant_standing(a, "C1-01", TODAY)
    ),
    Service("standings.own_standing", who.TAKES_PART, lambda a, w: standings.own_standing(a, TODAY)),
    Service("enrolments.own_enrolment", who.TAKES_PART, lambda a, w: enrolments.own_enrolment(a)),
    Service("exporting.export_cohort", who.FILES_OUT, lambda a, w: exporting.export_cohort(a, "C-1")),
    Service("importing.import_files", who.LEADERS, calls.import_files),
    Service("importing.import_path", who.LEADERS, calls.import_path),
    # Warnings
    Service("warnings.evaluate_cohort", who.EVALUATION, lambda a, w: warnings.evaluate_cohort(a, "C-1", TODAY)),
    Service(
        "warnings.evaluate_cohort_in_slot",
        who.ADMINISTRATION,
        lambda a, w: warnings.evaluate_cohort_in_slot(a, "C-1", TODAY, SLOT),
    ),
    Service("warnings.cohorts_to_evaluate", who.LEADERS, lambda a, w: warnings.cohorts_to_evaluate(a)),
    Service("warnings.warnings_open", who.COHORTS, lambda a, w: warnings.warnings_open(a, TODAY)),
    Service("warnings.cohort_warnings_open", who.COHORT, lambda a, w: warnings.cohort_warnings_open(a, "C-1", TODAY)),
    Service(
        "warnings.snooze_warning", who.WARNING, lambda a, w: warnings.snooze_warning(a, w.own["warning_id"], None, None)
    ),
    # Lessons and attendance
    Service("attendance.cohort_lessons", who.ATTENDANCE, lambda a, w: attendance.cohort_lessons(a, "C-1", TODAY)),
    Service(
        "attendance.lesson_attendance", who.ATTENDANCE, lambda a, w: attendance.lesson_attendance(a, "C-1", 1, TODAY)
    ),
    Service("attendance.record_marks", who.ATTENDANCE, calls.record_marks),
    Service(
        "attendance.mark_everyone_present",
        who.ATTENDANCE,
        lambda a, w: attendance.mark_everyone_present(a, "C-1", 1, TODAY),
    ),
    Service("attendance.undo_marks", who.ATTENDANCE, calls.undo_marks),
    Service(
        "attendance.marks_recorded",
        who.WHO_SENT_IT,
        lambda a, w: attendance.marks_recorded(a, w.elsewhere["form_key"]),
    ),
    Service(
        "form_answers.answer_to",
        who.WHO_SENT_IT,
        lambda a, w: form_answers.answer_to(a, w.elsewhere["form_key"], "changes"),
    ),
    # Internship hours
    Service("internship.hours_of", who.PERSON, lambda a, w: internship.hours_of(a, "C1-01", TODAY)),
    Service("internship.log_hours", who.OWN_HOURS, calls.log_hours),
    Service("internship.change_hours", who.OWN_HOURS, calls.change_hours),
    Service(
        "internship.withdraw_hours",
        who.OWN_HOURS,
        lambda a, w: internship.withdraw_hours(a, "C1-01", w.own["entry_id"], None, TODAY),
    ),
    Service("confirmations.hours_to_decide", who.HOURS_TO_DECIDE, lambda a, w: confirmations.hours_to_decide(a, TODAY)),
    Service("confirmations.decide_hours", who.HOURS, calls.decide_hours),
    Service(
        "confirmations.undo_decisions",
        who.FORM_ABOUT_HOURS,
        lambda a, w: confirmations.undo_decisions(a, w.own["form_key"]),
    ),
    Service("confirmations.take_back_decisions", who.HOURS_DECIDED, calls.take_back_decisions),
    # Assignments
    Service(
        "assignment_lists.cohort_assignments",
        who.TEACHERS,
        lambda a, w: assignment_lists.cohort_assignments(a, "C-1", TODAY),
    ),
    Service(
        "assignment_lists.assignment_to_assess",
        who.TEACHERS,
        lambda a, w: assignment_lists.assignment_to_assess(a, "C-1", "A1", TODAY),
    ),
    Service(
        "assignments.record_submission",
        who.WORK,
        lambda a, w: assignments.record_submission(a, "C1-01", "A1", TODAY, TODAY),
    ),
    Service("assignments.assess_attempt", who.WORK, calls.assess_attempt),
    Service(
        "assignments.exempt_from_assignment",
        who.WORK,
        lambda a, w: assignments.exempt_from_assignment(a, "C1-01", "A1", "Eerder behaald", TODAY),
    ),
    # The diploma
    Service(
        "diploma_register.cohort_diplomas", who.COLLEGE, lambda a, w: diploma_register.cohort_diplomas(a, "C-1", TODAY)
    ),
    Service(
        "diploma_register.issued_document",
        who.PERSON,
        lambda a, w: diploma_register.issued_document(a, w.own["register_number"]),
    ),
    Service(
        "diploma.award_diploma",
        who.AWARD_BESIDE,
        lambda a, w: diploma.award_diploma(a, "C-1", BESIDE, TODAY, a.email, "Besluit"),
    ),
    Service("diploma.revoke_diploma", who.AWARD, calls.revoke_diploma),
    # Exemptions
    Service("exemptions.requests_waiting", who.BOARD, lambda a, w: exemptions.requests_waiting(a, TODAY)),
    Service("exemptions.route_files", who.EXEMPTIONS, lambda a, w: exemptions.route_files(a, "C1-01", TODAY)),
    # Who sees what
    Service("who_sees.who_sees", who.PARTICIPANTS, lambda a, w: who_sees.who_sees(a)),
    Service(
        "sharing.share_with_employer",
        who.PARTICIPANTS,
        lambda a, w: sharing.share_with_employer(a, "baas@example.org"),
    ),
    Service("sharing.stop_sharing", who.OWN_SHARE, lambda a, w: sharing.stop_sharing(a, w.own["share_id"])),
    Service("sharing.share_again", who.OWN_SHARE, lambda a, w: sharing.share_again(a, w.own["share_id"])),
    Service("shared_load.shared_load", who.EMPLOYERS, lambda a, w: shared_load.shared_load(a, TODAY)),
    Service("figures.programme_figures", who.FIGURES, lambda a, w: figures.programme_figures(a, TODAY)),
    Service(
        "readings.note_reading",
        who.EVERYONE,
        lambda a, w: readings.note_reading(a, Seen.TRAJECT, participant_id=w.cast.participant_id),
    ),
    Service(
        "readings.note_participants",
        who.EVERYONE,
        lambda a, w: readings.note_participants(a, Seen.TRAJECT, [w.cast.participant_id]),
    ),
    Service(
        "readings.note_cohorts", who.EVERYONE, lambda a, w: readings.note_cohorts(a, Seen.COHORT, [w.cast.cohort_id])
    ),
    # Privacy
    Service("own_data.own_data", who.PARTICIPANTS, lambda a, w: own_data.own_data(a)),
    Service("erasure.plan_erasure", who.ERASURE, lambda a, w: erasure.plan_erasure(a, "C1-01", TODAY)),
    Service("erasure.erase_participant", who.ERASURE, lambda a, w: erasure.erase_participant(a, "C1-01", TODAY)),
    Service("retention.retention_overview", who.ADMINISTRATION, lambda a, w: retention.retention_overview(a, TODAY)),
    Service("retention.find_notice", who.ADMINISTRATION, lambda a, w: retention.find_notice(a, w.own["notice_id"])),
    Service(
        "retention.hold_notice",
        who.ADMINISTRATION,
        lambda a, w: retention.hold_notice(a, w.own["notice_id"], "Klacht", TODAY),
    ),
    Service(
        "retention.release_notice", who.ADMINISTRATION, lambda a, w: retention.release_notice(a, w.own["notice_id"])
    ),
    Service("retention.announce", who.ADMINISTRATION, lambda a, w: retention.announce(a, TODAY, SLOT)),
    Service("retention.carry_out", who.ADMINISTRATION, lambda a, w: retention.carry_out(a, DataKind.LOGS, TODAY, SLOT)),
    Service("retention.clear_sign_in", who.ADMINISTRATION, lambda a, w: retention.clear_sign_in(a, TODAY, SLOT)),
    # One's own account
    Service("sessions.own_sessions", who.EVERYONE, lambda a, w: sessions.own_sessions(a, 1)),
    Service("sessions.end_session", who.OWN, lambda a, w: sessions.end_session(a, w.own["session_id"])),
    Service("sessions.end_other_sessions", who.EVERYONE, lambda a, w: sessions.end_other_sessions(a, 1)),
    Service("sessions.end_sessions_of", who.ADMINISTRATION, lambda a, w: sessions.end_sessions_of(a, w.own["user_id"])),
    Service("passkeys.own_passkeys", who.EVERYONE, lambda a, w: passkeys.own_passkeys(a)),
    Service("passkeys.ask_for_new_passkey", who.EVERYONE, lambda a, w: passkeys.ask_for_new_passkey(a, "telefoon")),
    Service("passkeys.register_passkey", who.EVERYONE, lambda a, w: passkeys.register_passkey(a, 1, "telefoon", {})),
    Service("passkeys.remove_passkey", who.OWN, lambda a, w: passkeys.remove_passkey(a, w.own["passkey_id"])),
    Service(
        "passkeys.remove_passkeys_of",
        who.ADMINISTRATION,
        lambda a, w: passkeys.remove_passkeys_of(a, w.own["user_id"]),
    ),
    Service("passwords.own_password", who.EVERYONE, lambda a, w: passwords.own_password(a, w.sessions[a.email])),
    Service(
        "passwords.set_password",
        who.EVERYONE,
        lambda a, w: passwords.set_password(a, w.sessions[a.email], "", "een lang en eigen wachtwoord"),
    ),
    Service("college_sign_in.own_college_link", who.EVERYONE, lambda a, w: college_sign_in.own_college_link(a)),
    Service("college_sign_in.unlink_college", who.LINKED, lambda a, w: college_sign_in.unlink_college(a)),
    # The installation
    Service("jobs.latest_runs", who.LEADERS, lambda a, w: jobs.latest_runs(a, ["evaluate_warnings"])),
    Service("mailbox.mailbox", who.LEADERS, lambda a, w: mailbox.mailbox(a, MailState.WAITING)),
    Service("mailbox.read_mail", who.MAIL, lambda a, w: mailbox.read_mail(a, w.own["mail_id"])),
    Service("mailbox.retry_mail", who.ADMINISTRATION, lambda a, w: mailbox.retry_mail(a, w.own["mail_id"])),
    Service("sending.send_due", who.ADMINISTRATION, lambda a, w: sending.send_due(a, calls.NOW)),
    Service("digests.leaders", who.ADMINISTRATION, lambda a, w: digests.leaders(a)),
    Service(
        "digests.queue_participant_digests",
        who.ADMINISTRATION,
        lambda a, w: digests.queue_participant_digests(a, "C-1", TODAY, SLOT),
    ),
    Service(
        "digests.queue_leader_digest",
        who.ADMINISTRATION,
        lambda a, w: digests.queue_leader_digest(a, "anja@example.org", ["C-1"], TODAY, SLOT),
    ),
    Service("demo.add_demo_accounts", who.ADMINISTRATION, calls.add_demo_accounts),
    Service("demo.add_warning_history", who.EVALUATION, lambda a, w: demo.add_warning_history(a, "C-1", TODAY)),
    Service("demo.who_met_everything", who.COHORT, lambda a, w: demo.who_met_everything(a, "C-1", TODAY)),
)

WITHOUT_ACTOR: dict[str, str] = {
    "accounts.actor_by_email": "finds who is named; what they may is asked after",
    "accounts.demo_accounts": "the page to sign in shows them, in the demo alone",
    "attempts.count_attempt": "counts what nobody is signed in for yet",
    "attempts.require_room": "the same",
    "college_sign_in.finish_sign_in": "signing in: the college vouches for who it is",
    "demo.sign_in_as": "signing in, in the demo alone",
    "diploma_register.verify_document": "who holds a diploma may ask whether it is real, and is told what it says itself",
    "integrity.faults": "for the person at the machine, who reads the database itself",
    "jobs.find_run": "a part of a job, which asked before",
    "jobs.finish_job": "the same",
    "jobs.record_failure": "the same",
    "passkeys.ask_for_passkey": "signing in: a question that tells nothing of who has one",
    "passkeys.sign_in_with_passkey": "signing in: the passkey is the key",
    "passwords.sign_in_with_password": "signing in: the password is the key",
    "sessions.signed_in": "the word of a session is the key",
    "sign_in_links.ask_for_link": "signing in: whoever asks, the mail goes to the owner of the address",
    "sign_in_links.link_owner": "signing in: the link is the key",
    "sign_in_links.use_code": "signing in: the code is the key, in the browser that asked for it",
    "sign_in_links.use_link": "signing in: the link is the key",
    "supervisor_links.visit_by_link": "the link is the key; what its holder may do is asked of the policy",
    "supervisor_links.renew_link": "the new link goes to the address that the old one was for",
    "transaction.noting": "the transaction itself",
    "transaction.reading": "the transaction itself",
    "transaction.revision": "a number that tells nothing",
    "transaction.writing": "the transaction itself",
}
"""Services that read or write and are not told who asks, and why that is right."""
