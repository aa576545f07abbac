"""THE table of the site: every route, its view, and what it takes to be let in.

``access.py`` registers the routes from it and checks each request against it, so that what is routed and what is allowed
cannot differ. A new page is one row here and one view function; ``tests/web`` walks the table with every role.
"""

from hto_track.services.policy import Action
from hto_track.web import cohorts, home, jobs, languages, outbox, sign_in, traject
from hto_track.web.access import PUBLIC, SIGNED_IN, Page

GET, POST = ("GET",), ("POST",)

PAGES: tuple[Page, ...] = (
    Page("/", "home", GET, home.home, SIGNED_IN),
    Page("/taal/<language>", "languages.choose", GET, languages.choose, PUBLIC),
    # Signing in and out
    Page("/sign-in", "sign_in.choose", GET, sign_in.choose, PUBLIC),
    Page("/sign-in", "sign_in.as_role", POST, sign_in.as_role, PUBLIC),
    Page("/sign-in/<token>", "sign_in.show_link", GET, sign_in.show_link, PUBLIC),
    Page("/sign-in/<token>", "sign_in.with_link", POST, sign_in.with_link, PUBLIC),
    Page("/sign-out", "sign_in.out", POST, sign_in.out, SIGNED_IN),
    # Cohorts
    Page("/groepen", "cohorts.overview", GET, cohorts.overview, Action.VIEW_COHORT),
    Page("/groepen/<cohort_code>", "cohorts.board", GET, cohorts.board, Action.VIEW_COHORT),
    # One participant
    Page("/mijn-traject", "traject.mine", GET, traject.mine, Action.LOG_HOURS),
    Page(
        "/deelnemers/<participant_code>", "traject.of_participant", GET, traject.of_participant, Action.VIEW_PARTICIPANT
    ),
    # The installation
    Page("/beheer/taken", "jobs.overview", GET, jobs.overview, Action.VIEW_JOBS),
    Page("/beheer/postvak", "outbox.overview", GET, outbox.overview, Action.VIEW_OUTBOX),
    Page("/beheer/postvak/<int:mail_id>", "outbox.mail", GET, outbox.mail, Action.VIEW_OUTBOX),
    Page("/beheer/postvak/<int:mail_id>/opnieuw", "outbox.retry", POST, outbox.retry, Action.RUN_JOBS),
)
