"""Pages of everybody: before signing in, signing in, one's own account, agenda, history and data."""

from hto_track.services.policy import Action
from hto_track.web import (
    account,
    agenda,
    audit,
    beforehand,
    college_sign_in,
    home,
    languages,
    passkeys,
    passwords,
    privacy,
    retention,
    sign_in,
)
from hto_track.web.access import BY_LINK, PUBLIC, SIGNED_IN, Page

GET, POST = ("GET",), ("POST",)
ERASURE = "/beheer/deelnemers/<participant_code>/wissen"
NOTICE = "/beheer/bewaartermijnen/<int:notice_id>"
CALENDARS = "/agenda/abonneren"
BEFOREHAND = "/past-dit/<cohort_code>"
OPENING = "/groepen/<cohort_code>/openstellen"

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
)
