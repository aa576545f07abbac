"""Pages of what is above cohorts: templates, programmes, looking back, accounts and the installation itself."""

from hto_track.services.policy import Action
from hto_track.web import (
    accounts,
    audit,
    colleagues,
    invitations,
    jobs,
    layout,
    looking_back,
    outbox,
    programme_settings,
    templates,
)
from hto_track.web.access import Page

GET, POST = ("GET",), ("POST",)
PROGRAMME = "/programmas/<programme_code>/waarschuwingen"
ACCESS = "/groepen/<cohort_code>/toegang"
COLLEAGUES = "/hogeschool/collegas"
ACCOUNT = "/beheer/accounts/<int:user_id>"
TEMPLATE = "/sjablonen/<template_code>/<int:version_number>"
PAST = "/programmas/<programme_code>/terugblik"

PAGES: tuple[Page, ...] = (
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
    # Looking back
    Page("/terugblik", "looking_back.overview", GET, looking_back.overview, Action.VIEW_FIGURES),
    Page(
        "/groepen/<cohort_code>/terugblik", "looking_back.of_cohort", GET, looking_back.of_cohort, Action.VIEW_FIGURES
    ),
    Page(PAST, "looking_back.programme", GET, looking_back.programme, Action.VIEW_FIGURES),
    Page(PAST, "looking_back.adopt", POST, looking_back.adopt, Action.MANAGE_TEMPLATES),
    Page(f"{PAST}.xlsx", "looking_back.workbook", GET, looking_back.workbook, Action.VIEW_FIGURES),
    Page(f"{PAST}/terug/<form_key>", "looking_back.undo", POST, looking_back.undo, Action.MANAGE_TEMPLATES),
    # Programmes
    Page("/programmas", "programmes.overview", GET, programme_settings.overview, Action.MANAGE_PROGRAMME),
    Page(PROGRAMME, "programmes.settings", GET, programme_settings.settings, Action.MANAGE_PROGRAMME),
    Page(PROGRAMME, "programmes.save", POST, programme_settings.save, Action.MANAGE_PROGRAMME),
    Page(f"{PROGRAMME}/standaard", "programmes.reset", POST, programme_settings.reset, Action.MANAGE_PROGRAMME),
    Page(f"{PROGRAMME}/terug/<form_key>", "programmes.undo", POST, programme_settings.undo, Action.MANAGE_PROGRAMME),
    # The installation
    Page("/beheer/taken", "jobs.overview", GET, jobs.overview, Action.VIEW_JOBS),
    Page("/beheer/taken/<job_name>", "jobs.job", GET, jobs.job, Action.VIEW_JOBS),
    Page("/beheer/taken/<job_name>", "jobs.run", POST, jobs.run, Action.RUN_JOBS),
    Page("/beheer/postvak", "outbox.overview", GET, outbox.overview, Action.VIEW_OUTBOX),
    Page("/beheer/postvak/<int:mail_id>", "outbox.mail", GET, outbox.mail, Action.VIEW_OUTBOX),
    Page("/beheer/postvak/<int:mail_id>/opnieuw", "outbox.retry", POST, outbox.retry, Action.RUN_JOBS),
    Page("/beheer/logboek", "audit.log", GET, audit.log, Action.VIEW_AUDIT),
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
)
