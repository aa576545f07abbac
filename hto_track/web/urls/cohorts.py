"""Pages of a cohort: its board, lessons, attendance, planning, assignments, interviews, diplomas."""

from hto_track.services.policy import Action
from hto_track.web import (
    absences,
    assignments,
    bulk_marks,
    bulk_results,
    cohorts,
    college_work,
    diploma,
    importing,
    interviews,
    lessons,
    make_ups,
    participants,
    planning,
)
from hto_track.web.access import Page

GET, POST = ("GET",), ("POST",)
LESSON = "/groepen/<cohort_code>/lessen/<int:lesson_number>"
MAKE_UP = f"{LESSON}/inhalen/<participant_code>"
ABSENCE = "/lessen/<int:lesson_number>/afmelden"
PLANNING = "/groepen/<cohort_code>/planning"
PLANNED = f"{PLANNING}/les/<int:lesson_number>"
ASSIGNMENT = "/groepen/<cohort_code>/opdrachten/<assignment_code>"
NEW_PARTICIPANT = "/groepen/<cohort_code>/deelnemers/nieuw"
WORK = f"{ASSIGNMENT}/<participant_code>"
CANDIDATE = "/groepen/<cohort_code>/diplomas/<participant_code>"
INTERVIEWS = "/groepen/<cohort_code>/eindgesprekken"
INTERVIEW = f"{INTERVIEWS}/<participant_code>"
BULK_MARKS = "/groepen/<cohort_code>/aanwezigheid"
BULK_RESULTS = "/groepen/<cohort_code>/resultaten"

PAGES: tuple[Page, ...] = (
    # Cohorts
    Page("/groepen", "cohorts.overview", GET, cohorts.overview, Action.VIEW_COHORT),
    Page("/groepen/<cohort_code>", "cohorts.board", GET, cohorts.board, Action.VIEW_COHORT),
    Page("/groepen/<cohort_code>/prognose", "cohorts.ahead", GET, cohorts.ahead, Action.VIEW_COHORT),
    Page(NEW_PARTICIPANT, "participants.new", GET, participants.new, Action.IMPORT_FILES),
    Page(NEW_PARTICIPANT, "participants.add", POST, participants.add, Action.IMPORT_FILES),
    Page("/groepen/<cohort_code>/werkmap.xlsx", "importing.workbook", GET, importing.workbook, Action.EXPORT_COHORT),
    Page("/bestanden", "importing.choose", GET, importing.choose, Action.IMPORT_FILES),
    Page("/bestanden", "importing.bring_in", POST, importing.bring_in, Action.IMPORT_FILES),
    # Lessons and attendance
    Page("/groepen/<cohort_code>/lessen", "lessons.of_cohort", GET, lessons.of_cohort, Action.RECORD_ATTENDANCE),
    Page("/groepen/<cohort_code>/aanwezigheid", "lessons.tonight", GET, lessons.tonight, Action.RECORD_ATTENDANCE),
    Page(LESSON, "lessons.attendance", GET, lessons.attendance, Action.RECORD_ATTENDANCE),
    Page(LESSON, "lessons.record", POST, lessons.record, Action.RECORD_ATTENDANCE),
    Page(f"{LESSON}/iedereen", "lessons.everyone", POST, lessons.everyone, Action.RECORD_ATTENDANCE),
    Page(f"{LESSON}/terug/<form_key>", "lessons.undo", POST, lessons.undo, Action.RECORD_ATTENDANCE),
    Page(f"{LESSON}/lijst", "lessons.printed", GET, lessons.printed, Action.RECORD_ATTENDANCE),
    Page(MAKE_UP, "make_ups.ask", GET, make_ups.ask, Action.RECORD_ATTENDANCE),
    Page(MAKE_UP, "make_ups.save", POST, make_ups.save, Action.RECORD_ATTENDANCE),
    Page(ABSENCE, "absences.show", GET, absences.show, Action.ANNOUNCE_ABSENCE),
    Page(ABSENCE, "absences.announce", POST, absences.announce, Action.ANNOUNCE_ABSENCE),
    Page(f"{ABSENCE}/terug", "absences.withdraw", POST, absences.withdraw, Action.ANNOUNCE_ABSENCE),
    # Attendance and results in bulk
    Page(f"{BULK_MARKS}/plakken", "bulk_marks.paste", GET, bulk_marks.paste, Action.RECORD_ATTENDANCE),
    Page(f"{BULK_MARKS}/plakken", "bulk_marks.preview", POST, bulk_marks.preview, Action.RECORD_ATTENDANCE),
    Page(f"{BULK_MARKS}/plakken/opslaan", "bulk_marks.store", POST, bulk_marks.store, Action.RECORD_ATTENDANCE),
    Page(f"{BULK_MARKS}/plakken/terug/<form_key>", "bulk_marks.undo", POST, bulk_marks.undo, Action.RECORD_ATTENDANCE),
    Page(f"{BULK_MARKS}.xlsx", "bulk_marks.as_workbook", GET, bulk_marks.as_workbook, Action.RECORD_ATTENDANCE),
    Page(f"{BULK_MARKS}.csv", "bulk_marks.as_csv", GET, bulk_marks.as_csv, Action.RECORD_ATTENDANCE),
    Page(f"{BULK_RESULTS}/plakken", "bulk_results.paste", GET, bulk_results.paste, Action.ASSESS_ATTEMPT),
    Page(f"{BULK_RESULTS}/plakken", "bulk_results.preview", POST, bulk_results.preview, Action.ASSESS_ATTEMPT),
    Page(f"{BULK_RESULTS}/plakken/opslaan", "bulk_results.store", POST, bulk_results.store, Action.ASSESS_ATTEMPT),
    Page(
        f"{BULK_RESULTS}/plakken/terug/<form_key>", "bulk_results.undo", POST, bulk_results.undo, Action.ASSESS_ATTEMPT
    ),
    Page(f"{BULK_RESULTS}.xlsx", "bulk_results.as_workbook", GET, bulk_results.as_workbook, Action.ASSESS_ATTEMPT),
    Page(f"{BULK_RESULTS}.csv", "bulk_results.as_csv", GET, bulk_results.as_csv, Action.ASSESS_ATTEMPT),
    # Planning lessons
    Page(PLANNING, "planning.year", GET, planning.year, Action.PLAN_LESSONS),
    Page(f"{PLANNING}/nieuw", "planning.new", GET, planning.new, Action.PLAN_LESSONS),
    Page(f"{PLANNING}/nieuw", "planning.add", POST, planning.add, Action.PLAN_LESSONS),
    Page(PLANNED, "planning.lesson", GET, planning.lesson, Action.PLAN_LESSONS),
    Page(PLANNED, "planning.move", POST, planning.move, Action.PLAN_LESSONS),
    Page(f"{PLANNED}/vervalt", "planning.cancel", POST, planning.cancel, Action.PLAN_LESSONS),
    Page(f"{PLANNED}/titel", "planning.rename", POST, planning.rename, Action.PLAN_LESSONS),
    Page(f"{PLANNING}/terug/<form_key>", "planning.undo", POST, planning.undo, Action.PLAN_LESSONS),
    # Assignments
    Page(
        "/groepen/<cohort_code>/opdrachten", "assignments.of_cohort", GET, assignments.of_cohort, Action.ASSESS_ATTEMPT
    ),
    Page(ASSIGNMENT, "assignments.assignment", GET, assignments.assignment, Action.ASSESS_ATTEMPT),
    Page(WORK, "assignments.work", GET, assignments.work, Action.ASSESS_ATTEMPT),
    Page(WORK, "assignments.assess", POST, assignments.assess, Action.ASSESS_ATTEMPT),
    Page(f"{ASSIGNMENT}/terug/<form_key>", "assignments.undo", POST, assignments.undo, Action.ASSESS_ATTEMPT),
    Page(f"{WORK}/oordeel", "assignments.judge", POST, assignments.judge, Action.ASSESS_ATTEMPT),
    Page(f"{WORK}/feedback", "assignments.remark", POST, assignments.remark, Action.ASSESS_ATTEMPT),
    Page(f"{WORK}/herstel", "assignments.correct", POST, assignments.correct, Action.ASSESS_ATTEMPT),
    Page(f"{WORK}/ingeleverd", "assignments.submission", POST, assignments.submission, Action.ASSESS_ATTEMPT),
    Page(f"{WORK}/vrijstelling", "assignments.exempt", POST, assignments.exempt, Action.ASSESS_ATTEMPT),
    # Closing interviews
    Page(INTERVIEWS, "interviews.of_cohort", GET, interviews.of_cohort, Action.PLAN_FINAL_ASSESSMENT),
    Page(f"{INTERVIEWS}/plannen", "interviews.preview", GET, interviews.preview, Action.PLAN_FINAL_ASSESSMENT),
    Page(f"{INTERVIEWS}/plannen", "interviews.plan", POST, interviews.plan, Action.PLAN_FINAL_ASSESSMENT),
    Page(
        f"{INTERVIEWS}/terug/<form_key>",
        "interviews.undo_cancel",
        POST,
        interviews.undo_cancel,
        Action.PLAN_FINAL_ASSESSMENT,
    ),
    Page(
        f"{INTERVIEWS}/uitkomst/terug/<form_key>",
        "interviews.undo_record",
        POST,
        interviews.undo_record,
        Action.RECORD_FINAL_ASSESSMENT,
    ),
    Page(INTERVIEW, "interviews.of_participant", GET, interviews.of_participant, Action.PLAN_FINAL_ASSESSMENT),
    Page(f"{INTERVIEW}/verzetten", "interviews.move", POST, interviews.move, Action.PLAN_FINAL_ASSESSMENT),
    Page(f"{INTERVIEW}/afzeggen", "interviews.cancel", POST, interviews.cancel, Action.PLAN_FINAL_ASSESSMENT),
    Page(f"{INTERVIEW}/uitkomst", "interviews.record", POST, interviews.record, Action.RECORD_FINAL_ASSESSMENT),
    # The diploma
    Page("/diploma", "diploma.mine", GET, diploma.mine, Action.LOG_HOURS),
    Page("/diplomas/<register_number>.pdf", "diploma.document", GET, diploma.document, Action.VIEW_PARTICIPANT),
    Page("/groepen/<cohort_code>/diplomas", "diploma.of_cohort", GET, diploma.of_cohort, Action.AWARD_DIPLOMA),
    Page(CANDIDATE, "diploma.candidate", GET, diploma.candidate, Action.AWARD_DIPLOMA),
    Page(f"{CANDIDATE}/toekennen", "diploma.award", POST, diploma.award, Action.AWARD_DIPLOMA),
    Page(f"{CANDIDATE}/intrekken", "diploma.revoke", POST, diploma.revoke, Action.REVOKE_DIPLOMA),
    # What waits for a college
    Page("/hogeschool", "college_work.mine", GET, college_work.mine, Action.VIEW_COLLEGE_WORK),
    Page("/hogeschool/te-beoordelen", "college_work.waiting", GET, college_work.waiting, Action.ASSESS_ATTEMPT),
)
