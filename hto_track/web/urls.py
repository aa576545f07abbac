"""THE table of the site: every route, its view, and what it takes to be let in.

``access.py`` registers the routes from it and checks each request against it, so that what is routed and what is allowed
cannot differ. A new page is one row here and one view function; ``tests/web`` walks the table with every role.
"""

from hto_track.services.policy import Action
from hto_track.web import (
    absences,
    account,
    accounts,
    agenda,
    assignments,
    audit,
    beforehand,
    bulk_marks,
    bulk_results,
    cohorts,
    colleagues,
    college_sign_in,
    college_work,
    confirmations,
    criteria,
    diploma,
    due_dates,
    exemptions,
    extensions,
    figures,
    hand_ins,
    home,
    importing,
    internship,
    interviews,
    invitations,
    jobs,
    languages,
    layout,
    lessons,
    load_requests,
    looking_back,
    make_ups,
    outbox,
    own_assignments,
    participants,
    passkeys,
    passwords,
    planning,
    privacy,
    programme_settings,
    retention,
    room,
    shared_load,
    sharing,
    sign_in,
    templates,
    traject,
    verdicts,
    warnings,
    ways_out,
)
from hto_track.web.access import BY_LINK, PUBLIC, SIGNED_IN, Page

GET, POST = ("GET",), ("POST",)
LESSON = "/groepen/<cohort_code>/lessen/<int:lesson_number>"
MAKE_UP = f"{LESSON}/inhalen/<participant_code>"
ABSENCE = "/lessen/<int:lesson_number>/afmelden"
PLANNING = "/groepen/<cohort_code>/planning"
PLANNED = f"{PLANNING}/les/<int:lesson_number>"
ASSIGNMENT = "/groepen/<cohort_code>/opdrachten/<assignment_code>"
NEW_PARTICIPANT = "/groepen/<cohort_code>/deelnemers/nieuw"
WORK = f"{ASSIGNMENT}/<participant_code>"
OWN_ASSIGNMENT = "/opdrachten/<assignment_code>"
EXTENSION = "/deelnemers/<participant_code>/opdrachten/<assignment_code>/uitstel"
WARNING = "/deelnemers/<participant_code>/waarschuwingen/<int:warning_id>"
PROGRAMME = "/programmas/<programme_code>/waarschuwingen"
SHARE = "/wie-ziet-wat/werkgevers/<int:share_id>"
ERASURE = "/beheer/deelnemers/<participant_code>/wissen"
NOTICE = "/beheer/bewaartermijnen/<int:notice_id>"
CANDIDATE = "/groepen/<cohort_code>/diplomas/<participant_code>"
ACCESS = "/groepen/<cohort_code>/toegang"
QUESTIONS = "/groepen/<cohort_code>/vragen"
COLLEAGUES = "/hogeschool/collegas"
INTERVIEWS = "/groepen/<cohort_code>/eindgesprekken"
INTERVIEW = f"{INTERVIEWS}/<participant_code>"
ACCOUNT = "/beheer/accounts/<int:user_id>"
TEMPLATE = "/sjablonen/<template_code>/<int:version_number>"
BULK_MARKS = "/groepen/<cohort_code>/aanwezigheid"
BULK_RESULTS = "/groepen/<cohort_code>/resultaten"
CALENDARS = "/agenda/abonneren"
PAST = "/programmas/<programme_code>/terugblik"

BEFOREHAND = "/past-dit/<cohort_code>"
OPENING = "/groepen/<cohort_code>/openstellen"
ROOM_OF = "/deelnemers/<participant_code>/ruimte"

PAGES: tuple[Page, ...] = (
    Page("/", "home", GET, home.home, SIGNED_IN),
    Page("/taal/<language>", "languages.choose", GET, languages.choose, PUBLIC),
    # Before somebody says yes, and opening a cohort for that
    Page("/past-dit", "beforehand.overview", GET, beforehand.overview, PUBLIC),
    Page(BEFOREHAND, "beforehand.cohort", GET, beforehand.cohort, PUBLIC),
    Page(f"{BEFOREHAND}/werkgever", "beforehand.employer", GET, beforehand.employer, PUBLIC),
    Page(f"{BEFOREHAND}/pdf", "beforehand.pdf", GET, beforehand.pdf, PUBLIC),
    Page(OPENING, "beforehand.opening", GET, beforehand.opening, Action.OPEN_COHORT),
    Page(OPENING, "beforehand.save_opening", POST, beforehand.save_opening, Action.OPEN_COHORT),
    # Signing in and out
    Page("/sign-in", "sign_in.choose", GET, sign_in.choose, PUBLIC),
    Page("/sign-in", "sign_in.ask", POST, sign_in.ask, PUBLIC),
    Page("/sign-in/als", "sign_in.as_role", POST, sign_in.as_role, PUBLIC),
    Page("/sign-in/code", "sign_in.code", GET, sign_in.code, PUBLIC),
    Page("/sign-in/code", "sign_in.with_code", POST, sign_in.with_code, PUBLIC),
    Page("/sign-in/passkey/vraag", "sign_in.ask_for_passkey", POST, passkeys.ask, PUBLIC),
    Page("/sign-in/passkey", "sign_in.with_passkey", POST, passkeys.sign_in, PUBLIC),
    Page("/sign-in/hogeschool", "college.begin", GET, college_sign_in.begin, PUBLIC),
    Page("/sign-in/hogeschool/terug", "college.back", GET, college_sign_in.back, PUBLIC),
    Page("/sign-in/wachtwoord", "passwords.ask", GET, passwords.ask, PUBLIC),
    Page("/sign-in/wachtwoord", "passwords.sign_in", POST, passwords.sign_in, PUBLIC),
    Page("/sign-in/<token>", "sign_in.show_link", GET, sign_in.show_link, BY_LINK),
    Page("/sign-in/<token>", "sign_in.with_link", POST, sign_in.with_link, BY_LINK),
    Page("/sign-out", "sign_in.out", POST, sign_in.out, SIGNED_IN),
    # One's own account
    Page("/account", "account.mine", GET, account.mine, SIGNED_IN),
    Page("/account/blijf", "sign_in.stay", POST, sign_in.stay, SIGNED_IN),
    Page("/account/sessies/<int:session_id>/einde", "account.end_session", POST, account.end_session, SIGNED_IN),
    Page("/account/sessies/einde", "account.end_others", POST, account.end_others, SIGNED_IN),
    Page("/account/hogeschool/los", "college.unlink", POST, college_sign_in.unlink, SIGNED_IN),
    Page("/account/wachtwoord", "passwords.own", GET, passwords.own, SIGNED_IN),
    Page("/account/wachtwoord", "passwords.save", POST, passwords.save, SIGNED_IN),
    Page("/account/passkeys/vraag", "passkeys.ask_for_new", POST, passkeys.ask_for_new, SIGNED_IN),
    Page("/account/passkeys", "passkeys.register", POST, passkeys.register, SIGNED_IN),
    Page("/account/passkeys/<int:passkey_id>/weg", "passkeys.remove", POST, passkeys.remove, SIGNED_IN),
    Page("/account/stille-uren", "account.save_quiet_hours", POST, account.save_quiet_hours, SIGNED_IN),
    # The agenda
    Page("/agenda", "agenda.mine", GET, agenda.mine, Action.VIEW_AGENDA),
    Page("/agenda.ics", "agenda.download", GET, agenda.download, Action.VIEW_AGENDA),
    Page(CALENDARS, "agenda.calendars", GET, agenda.calendars, Action.VIEW_AGENDA),
    Page(CALENDARS, "agenda.subscribe", POST, agenda.subscribe, Action.VIEW_AGENDA),
    Page(f"{CALENDARS}/<int:subscription_id>/nieuw", "agenda.renew", POST, agenda.renew, Action.VIEW_AGENDA),
    Page(f"{CALENDARS}/<int:subscription_id>/einde", "agenda.end", POST, agenda.end, Action.VIEW_AGENDA),
    Page("/agenda/<token>.ics", "agenda.feed", GET, agenda.feed, BY_LINK),
    Page("/groepen/<cohort_code>/agenda", "cohorts.agenda", GET, agenda.of_cohort, Action.VIEW_AGENDA),
    Page(
        "/groepen/<cohort_code>/agenda.ics", "cohorts.agenda_file", GET, agenda.download_of_cohort, Action.VIEW_AGENDA
    ),
    # Cohorts
    Page("/groepen", "cohorts.overview", GET, cohorts.overview, Action.VIEW_COHORT),
    Page("/groepen/<cohort_code>", "cohorts.board", GET, cohorts.board, Action.VIEW_COHORT),
    Page(NEW_PARTICIPANT, "participants.new", GET, participants.new, Action.IMPORT_FILES),
    Page(NEW_PARTICIPANT, "participants.add", POST, participants.add, Action.IMPORT_FILES),
    Page("/groepen/<cohort_code>/werkmap.xlsx", "importing.workbook", GET, importing.workbook, Action.EXPORT_COHORT),
    Page("/bestanden", "importing.choose", GET, importing.choose, Action.IMPORT_FILES),
    Page("/bestanden", "importing.bring_in", POST, importing.bring_in, Action.IMPORT_FILES),
    # Templates, and laying out a cohort from one
    Page("/sjablonen", "templates.overview", GET, templates.overview, Action.MANAGE_TEMPLATES),
    Page("/sjablonen/nieuw", "templates.new", GET, templates.new, Action.MANAGE_TEMPLATES),
    Page("/sjablonen/nieuw", "templates.make", POST, templates.make, Action.MANAGE_TEMPLATES),
    Page("/sjablonen/<template_code>", "templates.begin", POST, templates.begin, Action.MANAGE_TEMPLATES),
    Page(TEMPLATE, "templates.version", GET, templates.version, Action.MANAGE_TEMPLATES),
    Page(f"{TEMPLATE}/bewerken", "templates.edit", GET, templates.edit, Action.MANAGE_TEMPLATES),
    Page(f"{TEMPLATE}/bewerken", "templates.save", POST, templates.save, Action.MANAGE_TEMPLATES),
    Page(f"{TEMPLATE}/publiceren", "templates.publish", POST, templates.publish, Action.MANAGE_TEMPLATES),
    Page(f"{TEMPLATE}/weggooien", "templates.discard", POST, templates.discard, Action.MANAGE_TEMPLATES),
    Page(f"{TEMPLATE}/terug/<form_key>", "templates.restore", POST, templates.restore, Action.MANAGE_TEMPLATES),
    Page(f"{TEMPLATE}/verschillen", "templates.compare", GET, templates.compare, Action.MANAGE_TEMPLATES),
    Page(f"{TEMPLATE}/uitzetten", "layout.form", GET, layout.form, Action.LAY_OUT_COHORT),
    Page(f"{TEMPLATE}/uitzetten", "layout.lay_out", POST, layout.lay_out, Action.LAY_OUT_COHORT),
    # One participant
    Page("/mijn-traject", "traject.mine", GET, traject.mine, Action.LOG_HOURS),
    Page("/mijn-traject/terugblik", "verdicts.form", GET, verdicts.form, Action.GIVE_VERDICT),
    Page("/mijn-traject/terugblik", "verdicts.save", POST, verdicts.save, Action.GIVE_VERDICT),
    Page("/ruimte", "room.mine", GET, room.mine, Action.GIVE_ROOM),
    Page("/ruimte", "room.save", POST, room.save, Action.GIVE_ROOM),
    Page("/ruimte/afgesproken", "room.agree", POST, room.agree, Action.GIVE_ROOM),
    Page("/ruimte/terug/<form_key>", "room.undo", POST, room.undo, Action.GIVE_ROOM),
    Page(ROOM_OF, "room.of_participant", GET, room.of_participant, Action.GIVE_ROOM),
    Page(ROOM_OF, "room.save_of", POST, room.save_of, Action.GIVE_ROOM),
    Page(f"{ROOM_OF}/afgesproken", "room.agree_of", POST, room.agree_of, Action.GIVE_ROOM),
    Page(f"{ROOM_OF}/terug/<form_key>", "room.undo_of", POST, room.undo_of, Action.GIVE_ROOM),
    Page(
        "/deelnemers/<participant_code>", "traject.of_participant", GET, traject.of_participant, Action.VIEW_PARTICIPANT
    ),
    Page(WARNING, "warnings.why", GET, warnings.why, Action.VIEW_PARTICIPANT),
    Page(f"{WARNING}/antwoord", "warnings.answer", POST, warnings.answer, Action.ANSWER_WARNING),
    Page(
        f"{WARNING}/antwoord/<int:answer_id>/terug",
        "warnings.undo_answer",
        POST,
        warnings.undo_answer,
        Action.ANSWER_WARNING,
    ),
    Page(f"{WARNING}/uitstellen", "warnings.snooze", GET, warnings.snooze, Action.SNOOZE_WARNING),
    Page(f"{WARNING}/uitstellen", "warnings.put_off", POST, warnings.put_off, Action.SNOOZE_WARNING),
    Page(f"{WARNING}/weer", "warnings.count_again", POST, warnings.count_again, Action.SNOOZE_WARNING),
    # Weeks ahead: what can move, one's own plan, and asking for what others decide
    Page("/vooruit", "ahead.mine", GET, ways_out.mine, Action.PLAN_LOAD),
    Page("/vooruit", "ahead.keep", POST, ways_out.keep, Action.PLAN_LOAD),
    Page("/vooruit/weg", "ahead.drop", POST, ways_out.drop, Action.PLAN_LOAD),
    Page("/vooruit/terug/<form_key>", "ahead.undo", POST, ways_out.undo, Action.PLAN_LOAD),
    Page("/vooruit/stage", "ahead.days", GET, ways_out.days, Action.PLAN_LOAD),
    Page("/vooruit/stage", "ahead.keep_days", POST, ways_out.keep_days, Action.PLAN_LOAD),
    Page("/vooruit/vragen", "load_requests.ask", POST, load_requests.ask, Action.PLAN_LOAD),
    Page(
        "/vooruit/vragen/<int:request_id>/intrekken",
        "load_requests.withdraw",
        POST,
        load_requests.withdraw,
        Action.PLAN_LOAD,
    ),
    Page(
        "/deelnemers/<participant_code>/vooruit",
        "ahead.of_participant",
        GET,
        ways_out.of_participant,
        Action.VIEW_PARTICIPANT,
    ),
    Page(QUESTIONS, "load_requests.of_cohort", GET, load_requests.of_cohort, Action.ANSWER_REQUEST),
    Page(f"{QUESTIONS}/<int:request_id>", "load_requests.answer", POST, load_requests.answer, Action.ANSWER_REQUEST),
    Page(f"{QUESTIONS}/terug/<form_key>", "load_requests.undo", POST, load_requests.undo, Action.ANSWER_REQUEST),
    # Who sees what, and the parts of other parties
    Page("/wie-ziet-wat", "sharing.mine", GET, sharing.mine, Action.VIEW_WHO_SEES),
    Page("/wie-ziet-wat/werkgevers", "sharing.share", POST, sharing.share, Action.SHARE_WITH_EMPLOYER),
    Page(f"{SHARE}/stop", "sharing.stop", POST, sharing.stop, Action.SHARE_WITH_EMPLOYER),
    Page(f"{SHARE}/weer", "sharing.again", POST, sharing.again, Action.SHARE_WITH_EMPLOYER),
    Page("/gedeeld", "shared_load.with_me", GET, shared_load.with_me, Action.VIEW_SHARED_LOAD),
    Page("/cijfers", "figures.overview", GET, figures.overview, Action.VIEW_FIGURES),
    # Looking back
    Page("/terugblik", "looking_back.overview", GET, looking_back.overview, Action.VIEW_FIGURES),
    Page("/groepen/<cohort_code>/terugblik", "looking_back.of_cohort", GET, looking_back.of_cohort, Action.VIEW_FIGURES),
    Page(PAST, "looking_back.programme", GET, looking_back.programme, Action.VIEW_FIGURES),
    Page(PAST, "looking_back.adopt", POST, looking_back.adopt, Action.MANAGE_TEMPLATES),
    Page(f"{PAST}.xlsx", "looking_back.workbook", GET, looking_back.workbook, Action.VIEW_FIGURES),
    Page(f"{PAST}/terug/<form_key>", "looking_back.undo", POST, looking_back.undo, Action.MANAGE_TEMPLATES),
    # Privacy
    Page("/mijn-gegevens", "privacy.own", GET, privacy.own, Action.TAKE_OWN_DATA),
    Page("/mijn-gegevens.json", "privacy.own_json", GET, privacy.own_json, Action.TAKE_OWN_DATA),
    Page("/mijn-gegevens.pdf", "privacy.own_pdf", GET, privacy.own_pdf, Action.TAKE_OWN_DATA),
    Page(ERASURE, "privacy.erasure", GET, privacy.show_erasure, Action.ERASE_PERSON),
    Page(ERASURE, "privacy.erase", POST, privacy.erase, Action.ERASE_PERSON),
    Page("/beheer/bewaartermijnen", "retention.overview", GET, retention.overview, Action.MANAGE_RETENTION),
    Page(NOTICE, "retention.notice", GET, retention.notice, Action.MANAGE_RETENTION),
    Page(NOTICE, "retention.hold", POST, retention.hold, Action.MANAGE_RETENTION),
    Page(f"{NOTICE}/weer", "retention.release", POST, retention.release, Action.MANAGE_RETENTION),
    # The installation
    Page("/beheer/taken", "jobs.overview", GET, jobs.overview, Action.VIEW_JOBS),
    Page("/beheer/taken/<job_name>", "jobs.job", GET, jobs.job, Action.VIEW_JOBS),
    Page("/beheer/taken/<job_name>", "jobs.run", POST, jobs.run, Action.RUN_JOBS),
    Page("/beheer/postvak", "outbox.overview", GET, outbox.overview, Action.VIEW_OUTBOX),
    Page("/beheer/postvak/<int:mail_id>", "outbox.mail", GET, outbox.mail, Action.VIEW_OUTBOX),
    Page("/beheer/postvak/<int:mail_id>/opnieuw", "outbox.retry", POST, outbox.retry, Action.RUN_JOBS),
    Page("/beheer/logboek", "audit.log", GET, audit.log, Action.VIEW_AUDIT),
    # Histories
    Page(
        "/deelnemers/<participant_code>/geschiedenis",
        "audit.of_participant",
        GET,
        audit.of_participant,
        Action.VIEW_HISTORY,
    ),
    Page("/groepen/<cohort_code>/geschiedenis", "audit.of_cohort", GET, audit.of_cohort, Action.VIEW_HISTORY),
    Page("/account/geschiedenis", "audit.own", GET, audit.own, SIGNED_IN),
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
    # Internship hours
    Page("/uren", "internship.my_hours", GET, internship.my_hours, Action.LOG_HOURS),
    Page("/uren/nieuw", "internship.log_hours", GET, internship.log_hours_form, Action.LOG_HOURS),
    Page("/uren/nieuw", "internship.save_hours", POST, internship.save_hours, Action.LOG_HOURS),
    Page("/uren/<int:entry_id>", "internship.entry", GET, internship.entry, Action.LOG_HOURS),
    Page("/uren/<int:entry_id>", "internship.change", POST, internship.change, Action.LOG_HOURS),
    Page("/uren/<int:entry_id>/intrekken", "internship.withdraw", POST, internship.withdraw, Action.LOG_HOURS),
    Page("/uren/<int:entry_id>/terug", "internship.undo", POST, internship.undo, Action.LOG_HOURS),
    Page(
        "/deelnemers/<participant_code>/uren",
        "internship.of_participant",
        GET,
        internship.hours_of_participant,
        Action.VIEW_PARTICIPANT,
    ),
    Page("/bevestigen", "confirmations.mine", GET, confirmations.mine, Action.DECIDE_HOURS),
    Page("/bevestigen", "confirmations.decide", POST, confirmations.decide, Action.DECIDE_HOURS),
    Page("/bevestigen/terug/<form_key>", "confirmations.undo", POST, confirmations.undo, Action.DECIDE_HOURS),
    Page("/bevestigen/<token>", "confirmations.by_link", GET, confirmations.by_link, BY_LINK),
    Page("/bevestigen/<token>", "confirmations.decide_by_link", POST, confirmations.decide_by_link, BY_LINK),
    Page(
        "/bevestigen/<token>/terug/<decisions>",
        "confirmations.undo_by_link",
        POST,
        confirmations.undo_by_link,
        BY_LINK,
    ),
    Page("/bevestigen/<token>/nieuw", "confirmations.renew_link", POST, confirmations.renew_link, BY_LINK),
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
    # A participant's own assignments, and what is handed in for them
    Page("/opdrachten", "own_assignments.mine", GET, own_assignments.mine, Action.HAND_IN_WORK),
    Page(OWN_ASSIGNMENT, "own_assignments.assignment", GET, own_assignments.assignment, Action.HAND_IN_WORK),
    Page(OWN_ASSIGNMENT, "own_assignments.hand_in", POST, own_assignments.hand_in, Action.HAND_IN_WORK),
    Page(f"{OWN_ASSIGNMENT}/terug/<form_key>", "own_assignments.undo", POST, own_assignments.undo, Action.HAND_IN_WORK),
    Page("/werk/<int:hand_in_id>", "hand_ins.file", GET, hand_ins.file, Action.READ_WORK),
    Page(
        "/deelnemers/<participant_code>/opdrachten",
        "own_assignments.of_participant",
        GET,
        own_assignments.of_participant,
        Action.VIEW_PARTICIPANT,
    ),
    Page(EXTENSION, "extensions.form", GET, extensions.form, Action.EXTEND_DUE_DATE),
    Page(EXTENSION, "extensions.save", POST, extensions.save, Action.EXTEND_DUE_DATE),
    Page(f"{EXTENSION}/weg", "extensions.withdraw", POST, extensions.withdraw, Action.EXTEND_DUE_DATE),
    Page(f"{ASSIGNMENT}/verwacht", "criteria.form", GET, criteria.form, Action.ASSESS_ATTEMPT),
    Page(f"{ASSIGNMENT}/verwacht", "criteria.save", POST, criteria.save, Action.ASSESS_ATTEMPT),
    Page(f"{ASSIGNMENT}/datums", "due_dates.form", GET, due_dates.form, Action.MOVE_DUE_DATES),
    Page(f"{ASSIGNMENT}/datums", "due_dates.move", POST, due_dates.move, Action.MOVE_DUE_DATES),
    Page(f"{ASSIGNMENT}/datums/terug/<form_key>", "due_dates.undo", POST, due_dates.undo, Action.MOVE_DUE_DATES),
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
    # Who has access: to a cohort, at a college, to the installation
    Page(ACCESS, "invitations.of_cohort", GET, invitations.of_cohort, Action.INVITE_TO_COHORT),
    Page(f"{ACCESS}/uitnodigen", "invitations.confirm", GET, invitations.confirm, Action.INVITE_TO_COHORT),
    Page(f"{ACCESS}/uitnodigen", "invitations.invite", POST, invitations.invite, Action.INVITE_TO_COHORT),
    Page(f"{ACCESS}/collega", "invitations.add", POST, invitations.add, Action.INVITE_TO_COHORT),
    Page(f"{ACCESS}/adres", "invitations.move", POST, invitations.move, Action.INVITE_TO_COHORT),
    Page(f"{ACCESS}/<int:grant_id>", "invitations.withdrawal", GET, invitations.withdrawal, Action.INVITE_TO_COHORT),
    Page(f"{ACCESS}/<int:grant_id>", "invitations.withdraw", POST, invitations.withdraw, Action.INVITE_TO_COHORT),
    Page(COLLEAGUES, "colleagues.overview", GET, colleagues.overview, Action.INVITE_COLLEAGUE),
    Page(COLLEAGUES, "colleagues.invite", POST, colleagues.invite, Action.INVITE_COLLEAGUE),
    Page(f"{COLLEAGUES}/<int:grant_id>", "colleagues.withdrawal", GET, colleagues.withdrawal, Action.INVITE_COLLEAGUE),
    Page(f"{COLLEAGUES}/<int:grant_id>", "colleagues.withdraw", POST, colleagues.withdraw, Action.INVITE_COLLEAGUE),
    Page("/beheer/accounts", "accounts.overview", GET, accounts.overview, Action.MANAGE_ACCOUNTS),
    Page("/beheer/accounts/nieuw", "accounts.new", GET, accounts.new, Action.MANAGE_ACCOUNTS),
    Page("/beheer/accounts/nieuw", "accounts.invite", POST, accounts.invite, Action.MANAGE_ACCOUNTS),
    Page(ACCOUNT, "accounts.account", GET, accounts.account, Action.MANAGE_ACCOUNTS),
    Page(ACCOUNT, "accounts.correct", POST, accounts.correct, Action.MANAGE_ACCOUNTS),
    Page(f"{ACCOUNT}/uitloggen", "accounts.end_sessions", POST, accounts.end_sessions, Action.MANAGE_ACCOUNTS),
    Page(f"{ACCOUNT}/passkeys", "accounts.remove_passkeys", POST, accounts.remove_passkeys, Action.MANAGE_ACCOUNTS),
    Page(f"{ACCOUNT}/<int:grant_id>", "accounts.withdrawal", GET, accounts.withdrawal, Action.MANAGE_ACCOUNTS),
    Page(f"{ACCOUNT}/<int:grant_id>", "accounts.withdraw", POST, accounts.withdraw, Action.MANAGE_ACCOUNTS),
    # Programmes
    Page("/programmas", "programmes.overview", GET, programme_settings.overview, Action.MANAGE_PROGRAMME),
    Page(PROGRAMME, "programmes.settings", GET, programme_settings.settings, Action.MANAGE_PROGRAMME),
    Page(PROGRAMME, "programmes.save", POST, programme_settings.save, Action.MANAGE_PROGRAMME),
    Page(f"{PROGRAMME}/standaard", "programmes.reset", POST, programme_settings.reset, Action.MANAGE_PROGRAMME),
    Page(f"{PROGRAMME}/terug/<form_key>", "programmes.undo", POST, programme_settings.undo, Action.MANAGE_PROGRAMME),
    # Exemptions
    Page("/vrijstellingen", "exemptions.overview", GET, exemptions.overview, Action.DECIDE_EXEMPTION),
    Page(
        "/deelnemers/<participant_code>/vrijstellingen",
        "exemptions.of_participant",
        GET,
        exemptions.of_participant,
        Action.VIEW_EXEMPTIONS,
    ),
)
