"""Who may use the services about people: who sees what, privacy, letting in, accounts; and those of the installation."""

from datetime import UTC, datetime, time

from hto_track.models.ledger import MailState
from hto_track.models.privacy import Seen
from hto_track.rules.retention import DataKind
from hto_track.services import (
    access_lists,
    account_administration,
    agenda,
    audit_chain,
    audit_trail,
    calendar_feed,
    cohort_invitations,
    colleagues,
    college_sign_in,
    demo,
    digests,
    employer_news,
    erasure,
    figures,
    inviting,
    job_requests,
    jobs,
    mailbox,
    own_data,
    passkeys,
    passwords,
    programme_settings,
    quiet_hours,
    readings,
    retention,
    scheduler_pulse,
    sending,
    sessions,
    shared_load,
    sharing,
    who_sees,
)
from hto_track.services.role_scopes import leads
from tests.access import calls
from tests.access import uses as who
from tests.access.calls import SLOT
from tests.access.service import Service
from tests.conftest import TODAY

NOW = datetime(2026, 6, 14, 12, tzinfo=UTC)

PEOPLE: tuple[Service, ...] = (
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
    # The agenda
    Service("agenda.own_agenda", who.AGENDA, lambda a, w: agenda.own_agenda(a, TODAY, TODAY, TODAY)),
    Service("agenda.cohort_agenda", who.COHORT, lambda a, w: agenda.cohort_agenda(a, "C-1", TODAY, TODAY, TODAY)),
    Service("calendar_feed.own_calendars", who.AGENDA, lambda a, w: calendar_feed.own_calendars(a)),
    Service("calendar_feed.subscribe", who.COHORT, lambda a, w: calendar_feed.subscribe(a, "C-1")),
    Service(
        "calendar_feed.renew_address",
        who.OWN,
        lambda a, w: calendar_feed.renew_address(a, w.own["subscription_id"]),
    ),
    Service(
        "calendar_feed.end_subscription",
        who.OWN,
        lambda a, w: calendar_feed.end_subscription(a, w.own["subscription_id"]),
    ),
    Service("calendar_feed.download_own", who.AGENDA, lambda a, w: calendar_feed.download_own(a)),
    Service("calendar_feed.download_cohort", who.COHORT, lambda a, w: calendar_feed.download_cohort(a, "C-1")),
    # Histories
    Service("audit_trail.search_trail", who.ADMINISTRATION, calls.search_trail),
    Service("audit_trail.participant_history", who.PERSON, lambda a, w: audit_trail.participant_history(a, "C1-01")),
    Service("audit_trail.cohort_history", who.COHORT, lambda a, w: audit_trail.cohort_history(a, "C-1")),
    Service("audit_trail.own_history", who.EVERYONE, lambda a, w: audit_trail.own_history(a)),
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
        lambda a, w: passwords.set_password(a, w.sessions[a.email], "", "te kort"),
    ),
    Service("college_sign_in.own_college_link", who.EVERYONE, lambda a, w: college_sign_in.own_college_link(a)),
    Service("college_sign_in.unlink_college", who.LINKED, lambda a, w: college_sign_in.unlink_college(a)),
    Service("quiet_hours.own_quiet_hours", who.EVERYONE, lambda a, w: quiet_hours.own_quiet_hours(a)),
    Service(
        "quiet_hours.set_quiet_hours", who.EVERYONE, lambda a, w: quiet_hours.set_quiet_hours(a, time(21), time(8))
    ),
    # Programmes
    Service(
        "programme_settings.programmes_managed", who.TEMPLATES, lambda a, w: programme_settings.programmes_managed(a)
    ),
    Service(
        "programme_settings.programme_settings",
        who.PROGRAMME,
        lambda a, w: programme_settings.programme_settings(a, "HTO"),
    ),
    Service(
        "programme_settings.preview_settings",
        who.PROGRAMME,
        lambda a, w: programme_settings.preview_settings(a, "HTO", programme_settings.DEFAULTS, TODAY),
    ),
    Service(
        "programme_settings.change_settings",
        who.PROGRAMME,
        lambda a, w: programme_settings.change_settings(a, "HTO", programme_settings.DEFAULTS, w.own["settings_seen"]),
    ),
    Service(
        "programme_settings.undo_settings",
        who.PROGRAMME,
        lambda a, w: programme_settings.undo_settings(a, "HTO", w.own["form_key"]),
    ),
    # The installation
    Service("audit_chain.seal_anew", who.ADMINISTRATION, lambda a, w: audit_chain.seal_anew(a)),
    Service("jobs.past_runs", who.LEADERS, lambda a, w: jobs.past_runs(a, "evaluate_warnings")),
    Service("scheduler_pulse.scheduler_pulse", who.LEADERS, lambda a, w: scheduler_pulse.scheduler_pulse(a, NOW)),
    Service("scheduler_pulse.note_pulse", who.ADMINISTRATION, lambda a, w: scheduler_pulse.note_pulse(a, NOW)),
    Service(
        "job_requests.ask_for_job", who.ADMINISTRATION, lambda a, w: job_requests.ask_for_job(a, "send_mail", None)
    ),
    Service("job_requests.take_request", who.ADMINISTRATION, lambda a, w: job_requests.take_request(a, NOW)),
    Service(
        "job_requests.finish_request",
        who.ADMINISTRATION,
        lambda a, w: job_requests.finish_request(a, 1, {}, None),
    ),
    Service("job_requests.latest_requests", who.LEADERS, lambda a, w: job_requests.latest_requests(a, ["send_mail"])),
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
    Service("employer_news.cohorts_that_share", who.ADMINISTRATION, lambda a, w: employer_news.cohorts_that_share(a)),
    Service(
        "employer_news.queue_employer_news",
        who.ADMINISTRATION,
        lambda a, w: employer_news.queue_employer_news(a, "C-1", TODAY, SLOT),
    ),
    Service("demo.add_demo_accounts", who.ADMINISTRATION, calls.add_demo_accounts),
    Service("demo.add_warning_history", who.EVALUATION, lambda a, w: demo.add_warning_history(a, "C-1", TODAY)),
    Service("demo.who_met_everything", who.COHORT, lambda a, w: demo.who_met_everything(a, "C-1", TODAY)),
    # Letting people in
    Service("access_lists.cohort_access", who.INVITING, lambda a, w: access_lists.cohort_access(a, "C-1")),
    Service(
        "access_lists.count_not_in",
        who.INVITING_AMONG,
        lambda a, w: access_lists.count_not_in(a, calls.c_1()),
        leaves_out=True,
    ),
    Service(
        "cohort_invitations.plan_invitations",
        who.INVITING,
        lambda a, w: cohort_invitations.plan_invitations(a, "C-1", [f"participant-{w.cast.participant_id}"]),
    ),
    Service(
        "cohort_invitations.plan_first_invitations",
        who.INVITING,
        lambda a, w: cohort_invitations.plan_first_invitations(a, "C-1"),
    ),
    Service("cohort_invitations.invite_people", who.INVITING, calls.invite_people),
    Service("cohort_invitations.add_colleague", who.INVITING, calls.add_colleague),
    Service(
        "cohort_invitations.plan_withdrawal",
        who.INVITING,
        lambda a, w: cohort_invitations.plan_withdrawal(a, "C-1", w.own["grant_id"]),
    ),
    Service(
        "cohort_invitations.withdraw_access",
        who.INVITING,
        lambda a, w: cohort_invitations.withdraw_access(a, "C-1", w.own["grant_id"]),
    ),
    Service("cohort_invitations.may_withdraw", who.ASKED_BEFORE, calls.may_withdraw),
    Service("cohort_invitations.roles_to_give", who.ASKED_BEFORE, calls.roles_to_give),
    Service("cohort_invitations.move_access", who.INVITING, calls.move_access),
    Service(
        "cohort_invitations.invite_participants",
        who.INVITING_SOME,
        lambda a, w: cohort_invitations.invite_participants(a, [w.newcomer]),
    ),
    Service(
        "cohort_invitations.uninvited_among",
        who.INVITING_AMONG,
        lambda a, w: cohort_invitations.uninvited_among(a, [w.newcomer]),
        leaves_out=True,
    ),
    Service("colleagues.colleagues", who.OFFICES, lambda a, w: colleagues.colleagues(a)),
    Service("colleagues.invite_colleague", who.OFFICE, calls.invite_colleague),
    Service("colleagues.colleague", who.OFFICE, lambda a, w: colleagues.colleague(a, w.own["colleague_id"])),
    Service(
        "colleagues.withdraw_colleague",
        who.OFFICE,
        lambda a, w: colleagues.withdraw_colleague(a, w.own["colleague_id"]),
    ),
    Service(
        "inviting.welcome_to",
        who.ASKED_BEFORE,
        lambda a, w: inviting.welcome_to(a, leads(calls.c_1().cohort), "Joost"),
    ),
    # Accounts
    Service("invitations.invite_user", who.ADMINISTRATION, calls.invite_user),
    Service("invitations.invite_by_mail", who.ADMINISTRATION, calls.invite_by_mail),
    Service(
        "account_administration.all_accounts",
        who.ADMINISTRATION,
        lambda a, w: account_administration.all_accounts(a, "", 1),
    ),
    Service(
        "account_administration.one_account",
        who.ADMINISTRATION,
        lambda a, w: account_administration.one_account(a, w.own["user_id"]),
    ),
    Service(
        "account_administration.scopes_to_give",
        who.ADMINISTRATION,
        lambda a, w: account_administration.scopes_to_give(a),
    ),
    Service(
        "account_administration.withdraw_role",
        who.ADMINISTRATION,
        lambda a, w: account_administration.withdraw_role(a, w.own["user_id"], w.own["grant_id"]),
    ),
    Service(
        "account_administration.correct_account",
        who.ADMINISTRATION,
        lambda a, w: account_administration.correct_account(a, w.own["user_id"], "bram@example.net", "Bram de Wit"),
    ),
)
