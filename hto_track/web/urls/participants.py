"""Pages of one participant: their path, the weeks ahead, hours, assignments, who sees what, exemptions."""

from hto_track.services.policy import Action
from hto_track.web import (
    confirmations,
    criteria,
    due_dates,
    exemptions,
    extensions,
    figures,
    hand_ins,
    internship,
    load_requests,
    own_assignments,
    room,
    shared_load,
    sharing,
    traject,
    verdicts,
    warnings,
    ways_out,
)
from hto_track.web.access import BY_LINK, Page

GET, POST = ("GET",), ("POST",)
ASSIGNMENT = "/groepen/<cohort_code>/opdrachten/<assignment_code>"
OWN_ASSIGNMENT = "/opdrachten/<assignment_code>"
EXTENSION = "/deelnemers/<participant_code>/opdrachten/<assignment_code>/uitstel"
WARNING = "/deelnemers/<participant_code>/waarschuwingen/<int:warning_id>"
SHARE = "/wie-ziet-wat/werkgevers/<int:share_id>"
QUESTIONS = "/groepen/<cohort_code>/vragen"
ROOM_OF = "/deelnemers/<participant_code>/ruimte"

PAGES: tuple[Page, ...] = (
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
    # Who sees what, and the parts of other parties
    Page("/wie-ziet-wat", "sharing.mine", GET, sharing.mine, Action.VIEW_WHO_SEES),
    Page("/wie-ziet-wat/werkgevers", "sharing.share", POST, sharing.share, Action.SHARE_WITH_EMPLOYER),
    Page(f"{SHARE}/stop", "sharing.stop", POST, sharing.stop, Action.SHARE_WITH_EMPLOYER),
    Page(f"{SHARE}/weer", "sharing.again", POST, sharing.again, Action.SHARE_WITH_EMPLOYER),
    Page("/gedeeld", "shared_load.with_me", GET, shared_load.with_me, Action.VIEW_SHARED_LOAD),
    Page("/cijfers", "figures.overview", GET, figures.overview, Action.VIEW_FIGURES),
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
