"""Who may use the services of the work itself: cohorts, warnings, lessons, hours, assignments, diplomas, exemptions."""

from hto_track.models.warnings import AnswerKind
from hto_track.services import (
    absences,
    assignment_lists,
    assignments,
    attendance,
    attendance_lists,
    bulk_marks,
    bulk_results,
    confirmations,
    criteria,
    demo_work,
    diploma,
    diploma_register,
    enrolments,
    exemptions,
    exporting,
    extensions,
    forecasts,
    form_answers,
    hand_ins,
    internship,
    make_ups,
    new_participants,
    own_assignments,
    standings,
    waiting_questions,
    warning_answers,
    warnings,
    why_warning,
)
from tests.access import calls
from tests.access import uses as who
from tests.access.calls import BESIDE, SLOT
from tests.access.service import Service
from tests.conftest import TODAY
from tests.files import pdf

WORK: tuple[Service, ...] = (
    # Cohorts and people
    Service("standings.cohort_standings", who.COHORT, lambda a, w: standings.cohort_standings(a, "C-1", TODAY)),
    Service("standings.cohorts_overview", who.COHORTS, lambda a, w: standings.cohorts_overview(a, TODAY)),
    Service(
        "standings.participant_standing", who.PERSON, lambda a, w: standings.participant_standing(a, "C1-01", TODAY)
    ),
    Service(
        "forecasts.participant_forecast",
        who.PERSON,
        lambda a, w: forecasts.participant_forecast(a, calls.c1_01()),
    ),
    Service(
        "waiting_questions.count_questions",
        who.EVERYONE,
        lambda a, w: waiting_questions.count_questions(a, calls.c_1()),
    ),
    Service("forecasts.cohort_forecast", who.COHORT, lambda a, w: forecasts.cohort_forecast(a, calls.c_1())),
    Service("standings.own_standing", who.TAKES_PART, lambda a, w: standings.own_standing(a, TODAY)),
    Service("enrolments.own_enrolment", who.TAKES_PART, lambda a, w: enrolments.own_enrolment(a)),
    Service("exporting.export_cohort", who.FILES_OUT, lambda a, w: exporting.export_cohort(a, "C-1")),
    Service("importing.import_files", who.LEADERS, calls.import_files),
    Service("importing.import_path", who.LEADERS, calls.import_path),
    Service(
        "new_participants.participant_form",
        who.INVITING,
        lambda a, w: new_participants.participant_form(a, "C-1"),
    ),
    Service("new_participants.add_participant", who.INVITING, calls.add_participant),
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
        "why_warning.why_warning",
        who.PERSON,
        lambda a, w: why_warning.why_warning(a, "C1-01", w.own["warning_id"], TODAY),
    ),
    Service(
        "warning_answers.answer_warning",
        who.OWN_HOURS,
        lambda a, w: warning_answers.answer_warning(a, "C1-01", w.own["warning_id"], AnswerKind.PLANNED, ""),
    ),
    Service(
        "warning_answers.take_back_answer",
        who.OWN_HOURS,
        lambda a, w: warning_answers.take_back_answer(a, "C1-01", w.own["warning_id"], w.own["answer_id"]),
    ),
    Service(
        "warnings.snooze_warning", who.WARNING, lambda a, w: warnings.snooze_warning(a, w.own["warning_id"], None, None)
    ),
    # Lessons and attendance
    Service(
        "attendance_lists.cohort_lessons", who.ATTENDANCE, lambda a, w: attendance_lists.cohort_lessons(a, "C-1", TODAY)
    ),
    Service(
        "attendance_lists.lesson_attendance",
        who.ATTENDANCE,
        lambda a, w: attendance_lists.lesson_attendance(a, "C-1", 1, TODAY),
    ),
    Service("make_ups.make_up_form", who.ATTENDANCE, lambda a, w: make_ups.make_up_form(a, "C-1", 1, "C1-01", TODAY)),
    Service("make_ups.record_make_up", who.ATTENDANCE, calls.record_make_up),
    Service("absences.own_lesson", who.OWN_HOURS, lambda a, w: absences.own_lesson(a, "C1-01", 1, calls.NOW)),
    Service(
        "absences.announce_absence", who.OWN_HOURS, lambda a, w: absences.announce_absence(a, "C1-01", 3, calls.NOW)
    ),
    Service(
        "absences.withdraw_absence", who.OWN_HOURS, lambda a, w: absences.withdraw_absence(a, "C1-01", 3, calls.NOW)
    ),
    Service("attendance.record_marks", who.ATTENDANCE, calls.record_marks),
    Service(
        "attendance.mark_everyone_present",
        who.ATTENDANCE,
        lambda a, w: attendance.mark_everyone_present(a, "C-1", 1, TODAY),
    ),
    Service("attendance.undo_marks", who.ATTENDANCE, calls.undo_marks),
    Service(
        "bulk_marks.attendance_grid", who.ATTENDANCE, lambda a, w: bulk_marks.attendance_grid(a, "C-1", None, TODAY)
    ),
    Service("bulk_marks.preview_marks", who.ATTENDANCE, calls.preview_marks),
    Service("bulk_marks.store_marks", who.ATTENDANCE, calls.store_marks),
    Service(
        "bulk_marks.undo_bulk_marks",
        who.ATTENDANCE,
        lambda a, w: bulk_marks.undo_bulk_marks(a, "C-1", w.own["form_key"], TODAY),
    ),
    Service("bulk_results.results_grid", who.TEACHERS, lambda a, w: bulk_results.results_grid(a, "C-1")),
    Service("bulk_results.preview_results", who.TEACHERS, calls.preview_results),
    Service("bulk_results.store_results", who.TEACHERS, calls.store_results),
    Service(
        "bulk_results.undo_bulk_results",
        who.TEACHERS,
        lambda a, w: bulk_results.undo_bulk_results(a, "C-1", w.own["form_key"]),
    ),
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
    # A participant's own assignments, and what is handed in for them
    Service("own_assignments.own_assignments", who.TAKES_PART, lambda a, w: own_assignments.own_assignments(a, TODAY)),
    Service(
        "own_assignments.participant_assignments",
        who.PERSON,
        lambda a, w: own_assignments.participant_assignments(a, "C1-01", TODAY),
    ),
    Service(
        "own_assignments.own_assignment", who.TAKES_PART, lambda a, w: own_assignments.own_assignment(a, "A1", TODAY)
    ),
    Service(
        "hand_ins.hand_in_file",
        who.OWN_HOURS,
        lambda a, w: hand_ins.hand_in_file(a, "C1-01", "A1", "les.txt", b"Een les", TODAY),
    ),
    Service(
        "hand_ins.hand_in_link",
        who.OWN_HOURS,
        lambda a, w: hand_ins.hand_in_link(a, "C1-01", "A1", "https://example.org/les", TODAY),
    ),
    Service("hand_ins.undo_hand_in", who.OWN_HOURS, lambda a, w: hand_ins.undo_hand_in(a, "A1", w.own["form_key"])),
    Service("hand_ins.handed_in_file", who.WORK_FILE, lambda a, w: hand_ins.handed_in_file(a, w.own["hand_in_id"])),
    Service("extensions.extension_of", who.EXTENSION, lambda a, w: extensions.extension_of(a, "C1-01", "A1", TODAY)),
    Service(
        "extensions.extend_due_date",
        who.EXTENSION,
        lambda a, w: extensions.extend_due_date(a, "C1-01", "A1", TODAY, "Ziek", None, TODAY),
    ),
    Service(
        "extensions.withdraw_extension",
        who.EXTENSION,
        lambda a, w: extensions.withdraw_extension(a, "C1-01", "A1", None, TODAY),
    ),
    Service("criteria.assignment_criteria", who.TEACHERS, lambda a, w: criteria.assignment_criteria(a, "C-1", "A1")),
    Service("criteria.write_criteria", who.TEACHERS, lambda a, w: criteria.write_criteria(a, "C-1", "A1", "Tekst", "")),
    Service("demo_work.add_demo_work", who.EVALUATION, lambda a, w: demo_work.add_demo_work(a, "C-1", pdf())),
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
)
