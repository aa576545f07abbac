"""Role × route × method: one row for each route of the site, with its pattern chosen on purpose.

A row of a page with values in its address is asked with those of C-1 and of Bram (``world.own``). A row that changes
something brings a form (and files) that would do it, with the same values in braces; ``{}`` is a form without fields. A page
that is asked something (``?wat=hours/7``) has a row for that beside its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.access import patterns as who
from tests.access.cells import Pattern
from tests.access.templates import FILLED_IN, LAID_OUT

Form = dict[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """A row: who may ask for it, and what to ask with."""

    method: str
    endpoint: str
    pattern: Pattern
    form: Form | None = None
    files: Form = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    """Values of the address in place of those of ``world.own``, or their names there in braces."""
    refused: str = ""
    """Why the form of this row is refused on its merits whoever sends it."""

    @property
    def key(self) -> tuple[str, str]:
        """What the URL map knows it by."""
        return self.endpoint, self.method

    @property
    def title(self) -> str:
        """What a test calls it."""
        asked = self.form if self.method == "GET" else None
        more = "".join(f" {name}={value}" for name, value in (self.values | (asked or {})).items())
        return f"{self.method} {self.endpoint}{more}"

    @property
    def is_by_link(self) -> bool:
        """Whether its address was mailed to one person, and lets in whoever has it."""
        return any(key in "".join(self.values.values()) for key in ("visit_token", "calendar_token"))


def get(endpoint: str, pattern: Pattern, query: Form | None = None, **values: str) -> Route:
    """A row that shows; one with a ``query`` stands beside the one without."""
    return Route("GET", endpoint, pattern, query, values=values)


def post(
    endpoint: str, pattern: Pattern, form: Form, files: Form | None = None, refused: str = "", **values: str
) -> Route:
    """A row that changes."""
    return Route("POST", endpoint, pattern, form, files or {}, values, refused)


NOTHING_WRITTEN = "e3b0c44298fc1c14"
"""The version of what is expected as long as nobody wrote it down."""
VISIT = {"day": "yesterday", "hours": "150", "activity": "observe", "placement": "{placement_id}"}
PLAN = {"op": "2026-03-12", "van": "18:30", "tot": "21:30"}
SEEN = '{{"{participant_code}":{{"1":"present"}}}}'
EVENING = {"planned_on": "30-06-2026", "starts_at": "18:30", "minutes": "45"}
LESSON_FILE = "cohort_code,lesson_no,date,start,end\n{cohort_code},{lesson_number},2026-03-12,18:00,21:00\n"

GIVEN = {"werk": "36", "ruimte": "10", "vrij": "0", "reis": "30"}

ROUTES: tuple[Route, ...] = (
    get("static", who.OPEN, filename="app.css"),
    get("home", who.ACCOUNT),
    get("languages.choose", who.OPEN, language="en"),
    # Before somebody says yes
    get("beforehand.overview", who.OPEN),
    get("beforehand.cohort", who.CLOSED),
    get("beforehand.employer", who.CLOSED),
    get("beforehand.pdf", who.CLOSED),
    get("beforehand.opening", who.OPENING),
    post("beforehand.save_opening", who.OPENING, {"open_until": "01-09-2026"}),
    # Signing in and out
    get("sign_in.choose", who.OPEN),
    post("sign_in.ask", who.OPEN, {"email": "karel@example.org"}),
    post("sign_in.as_role", who.DEMO_ALONE, {"email": "anja@example.org"}),
    get("sign_in.code", who.WAY_IN),
    post("sign_in.with_code", who.OPEN, {"code": "123456"}, refused="a code works in the browser that asked"),
    post("sign_in.ask_for_passkey", who.OPEN, {}),
    post("sign_in.with_passkey", who.OPEN, {}, refused="no passkey answered"),
    get("college.begin", who.OPEN),
    get("college.back", who.NOT_BEGUN),
    get("passwords.ask", who.OPEN),
    post("passwords.sign_in", who.OPEN, {"account": "bram@example.org", "password": "?"}, refused="nobody has one"),
    get("sign_in.show_link", who.OPEN),
    post("sign_in.with_link", who.OPEN, {}),
    post("sign_in.out", who.WAY_IN, {}),
    # One's own account
    get("account.mine", who.ACCOUNT),
    get("audit.own", who.ACCOUNT),
    post("sign_in.stay", who.ACCOUNT, {}),
    post("account.end_session", who.OWN_ACCOUNT, {}),
    post("account.end_others", who.ACCOUNT, {}),
    post("account.save_quiet_hours", who.ACCOUNT, {"from_at": "21:00", "until_at": "8:00"}),
    post("college.unlink", who.LINKED_ACCOUNT, {}),
    get("passwords.own", who.ACCOUNT),
    post(
        "passwords.save",
        who.ACCOUNT,
        {"new_password": "kort"},
        refused="too short: a sound one takes a while, on purpose",
    ),
    post("passkeys.ask_for_new", who.ACCOUNT, {}, refused="it comes from a script, as JSON"),
    post("passkeys.register", who.ACCOUNT, {}, refused="no passkey answered"),
    post("passkeys.remove", who.OWN_ACCOUNT, {}),
    # The agenda
    get("agenda.mine", who.AGENDA),
    get("agenda.download", who.AGENDA),
    get("agenda.calendars", who.AGENDA),
    get("agenda.calendars", who.COHORT_HISTORY, {"groep": "{cohort_code}"}),
    post("agenda.subscribe", who.AGENDA, {}),
    post("agenda.subscribe", who.COHORT_HISTORY, {"cohort": "{cohort_code}"}),
    post("agenda.renew", who.OWN_CALENDAR, {}),
    post("agenda.end", who.OWN_CALENDAR, {}),
    get("agenda.feed", who.OPEN, token="{calendar_token}"),
    get("cohorts.agenda", who.COHORT_HISTORY),
    get("cohorts.agenda_file", who.COHORT_HISTORY),
    # Cohorts
    get("cohorts.overview", who.COHORTS),
    get("cohorts.board", who.COHORT),
    get("importing.workbook", who.FILES_OUT),
    get("participants.new", who.FILES_OUT),
    post(
        "participants.add",
        who.FILES_OUT,
        {
            "participant_code": "C1-77",
            "given_name": "Kim",
            "family_name": "Boer",
            "email": "kim.boer@example.org",
            "travel_minutes": "30",
        },
    ),
    get("importing.choose", who.FILES_IN),
    post("importing.bring_in", who.FILES_IN, {}, {"lessons.csv": LESSON_FILE}),
    get("audit.of_cohort", who.COHORT_HISTORY),
    get("audit.of_cohort", who.COHORT_HISTORY, {"wat": "share/{share_id}"}),
    # Templates, and laying out a cohort
    get("templates.overview", who.TEMPLATES),
    get("templates.new", who.TEMPLATES),
    post(
        "templates.make",
        who.TEMPLATE_OF_COHORT,
        {"origin": "cohort:{cohort_code}", "code": "T-77", "title": "Nog een sjabloon"},
    ),
    post("templates.begin", who.TEMPLATE, {}),
    get("templates.version", who.TEMPLATE),
    get("templates.edit", who.TEMPLATE, version_number="{draft_number}"),
    post("templates.save", who.TEMPLATE, FILLED_IN | {"seen": "{draft_seen}"}, version_number="{draft_number}"),
    post("templates.publish", who.TEMPLATE, {"seen": "{draft_seen}"}, version_number="{draft_number}"),
    post("templates.discard", who.TEMPLATE, {"seen": "{draft_seen}"}, version_number="{draft_number}"),
    post("templates.restore", who.TEMPLATE, {}, refused="It is there", version_number="{draft_number}"),
    get("templates.compare", who.TEMPLATE, version_number="{draft_number}"),
    get("layout.form", who.TEMPLATE),
    get("layout.form", who.TEMPLATE, {"start_on": "2027-03-01"}),
    post("layout.lay_out", who.TEMPLATE, LAID_OUT | {"seen": "{layout_seen}"}),
    # Programmes
    get("programmes.overview", who.TEMPLATES),
    get("programmes.settings", who.TEMPLATE),
    get("programmes.settings", who.TEMPLATE, {"silent_amber": "14"}),
    post("programmes.save", who.TEMPLATE, {"silent_amber": "14", "seen": "{settings_seen}"}),
    post("programmes.reset", who.TEMPLATE, {"seen": "{settings_seen}"}),
    post("programmes.undo", who.TEMPLATE, {}),
    # Who has access
    get("invitations.of_cohort", who.INVITING),
    get("invitations.confirm", who.INVITING, {"allen": "ja"}),
    get("invitations.confirm", who.INVITING, {"wie": "participant-{participant_id}"}),
    post("invitations.invite", who.INVITING, {"wie": "participant-{participant_id}"}),
    post("invitations.add", who.INVITING, {"email": "joost@example.org", "name": "Joost", "role": "project_leader"}),
    post("invitations.move", who.INVITING, {"wie": "participant-{participant_id}"}),
    get("invitations.withdrawal", who.INVITING),
    post("invitations.withdraw", who.INVITING, {}),
    get("colleagues.overview", who.OFFICES),
    post(
        "colleagues.invite",
        who.OFFICE,
        {"email": "tom@example.org", "name": "Tom", "role": "college", "college": "{college}"},
    ),
    get("colleagues.withdrawal", who.OFFICE, grant_id="{colleague_id}"),
    post("colleagues.withdraw", who.OFFICE, {}, grant_id="{colleague_id}"),
    get("accounts.overview", who.ADMINISTRATION),
    get("accounts.new", who.ADMINISTRATION),
    post("accounts.invite", who.ADMINISTRATION, {"email": "tom@example.org", "name": "Tom", "role": "administrator"}),
    get("accounts.account", who.ADMINISTRATION),
    post("accounts.correct", who.ADMINISTRATION, {"email": "bram@example.net", "name": "Bram de Wit"}),
    post("accounts.end_sessions", who.ADMINISTRATION, {}),
    post("accounts.remove_passkeys", who.ADMINISTRATION, {}),
    get("accounts.withdrawal", who.ADMINISTRATION),
    post("accounts.withdraw", who.ADMINISTRATION, {}),
    # One participant
    get("traject.mine", who.OWN_PATH),
    get("traject.of_participant", who.PERSON),
    get("verdicts.form", who.OWN_PATH),
    post("verdicts.save", who.OWN_PATH, {"verdict": "heavier"}, refused="it is not asked yet"),
    get("room.mine", who.OWN_ROOM),
    get("room.mine", who.OWN_ROOM, GIVEN),
    post("room.save", who.OWN_ROOM, GIVEN | {"seen": "2160/0/None/30"}),
    post("room.agree", who.OWN_ROOM, {}),
    post("room.undo", who.OWN_ROOM, {}),
    get("room.of_participant", who.ROOM),
    get("room.of_participant", who.ROOM, GIVEN),
    post("room.save_of", who.ROOM, GIVEN | {"seen": "2160/0/None/30"}),
    post("room.agree_of", who.ROOM, {}),
    post("room.undo_of", who.ROOM, {}),
    get("audit.of_participant", who.PERSON),
    get("audit.of_participant", who.PERSON, {"wat": "hours/{entry_id}"}),
    get("audit.of_participant", who.PERSON, {"wat": "share/{share_id}"}),
    get("warnings.why", who.PERSON),
    post("warnings.answer", who.OWN_THINGS, {"answer": "planned", "note": "Ik doe A1 eerder"}),
    post("warnings.undo_answer", who.OWN_THINGS, {}),
    get("warnings.snooze", who.LEADER),
    post("warnings.put_off", who.LEADER, {"until": "01-07-2026", "note": "Vakantie"}),
    post("warnings.count_again", who.LEADER, {}),
    # Weeks ahead
    get("ahead.mine", who.OWN_PATH),
    get("ahead.mine", who.OWN_PATH, {"probeer": "vrij.2026-06-15"}),
    post("ahead.keep", who.OWN_PATH, {"seen": "?"}, refused="nothing was tried"),
    post("ahead.drop", who.OWN_PATH, {"seen": "?"}, refused="it is not the plan that stands"),
    post("ahead.undo", who.OWN_THINGS, {}),
    get("ahead.days", who.OWN_PATH),
    get("ahead.days", who.OWN_PATH, {"dag": "0", "meest": "8", "bezoek": "240"}),
    post("ahead.keep_days", who.OWN_PATH, {"dag": "0", "meest": "8", "seen": "?"}, refused="these days were not seen"),
    post("load_requests.ask", who.OWN_PATH, {"week": "2026-06-15", "minuten": "60"}),
    post("load_requests.withdraw", who.OWN_THINGS, {}),
    get("ahead.of_participant", who.PERSON),
    get("load_requests.of_cohort", who.ATTENDANCE),
    post("load_requests.answer", who.ATTENDANCE, {"antwoord": "nee", "answer-{request_id}": "Dat kan niet"}),
    post("load_requests.undo", who.ATTENDANCE, {}),
    get("sharing.mine", who.OWN_PATH),
    post("sharing.share", who.OWN_PATH, {"email": "baas@example.org"}),
    post("sharing.stop", who.OWN_THINGS, {}),
    post("sharing.again", who.OWN_THINGS, {}),
    get("shared_load.with_me", who.EMPLOYERS),
    get("figures.overview", who.FIGURES),
    get("looking_back.overview", who.FIGURES),
    get("looking_back.of_cohort", who.PAST_OF_COHORT),
    get("looking_back.programme", who.PAST),
    get("looking_back.workbook", who.PAST),
    post("looking_back.adopt", who.TEMPLATE, {}, refused="There is a draft"),
    post("looking_back.undo", who.TEMPLATE, {}),
    # Privacy
    get("privacy.own", who.OWN_PATH),
    get("privacy.own_json", who.OWN_PATH),
    get("privacy.own_pdf", who.OWN_PATH),
    get("privacy.erasure", who.ADMINISTRATION),
    post("privacy.erase", who.ADMINISTRATION, {}, refused="Bram still takes part"),
    get("retention.overview", who.ADMINISTRATION),
    get("retention.notice", who.ADMINISTRATION),
    post("retention.hold", who.ADMINISTRATION, {"reason": "Klacht"}),
    post("retention.release", who.ADMINISTRATION, {}),
    # The installation
    get("audit.log", who.ADMINISTRATION),
    get("jobs.overview", who.JOBS),
    get("jobs.job", who.JOBS, job_name="evaluate_warnings"),
    post("jobs.run", who.ADMINISTRATION, {}, job_name="evaluate_warnings"),
    get("outbox.overview", who.MAILS),
    get("outbox.mail", who.MAIL),
    get("outbox.mail", who.MAIL_TO_EMPLOYER, mail_id="{share_mail_id}"),
    post("outbox.retry", who.ADMINISTRATION, {}),
    # Lessons and attendance
    get("lessons.of_cohort", who.ATTENDANCE),
    get("lessons.tonight", who.ATTENDANCE),
    get("lessons.attendance", who.ATTENDANCE),
    get("lessons.attendance", who.ATTENDANCE, {"form": "{form_key}"}),
    post(
        "lessons.record",
        who.ATTENDANCE,
        {"mark-{participant_code}": "absent", "seen-{participant_code}": "present"},
    ),
    post("lessons.everyone", who.ATTENDANCE, {}),
    post("lessons.undo", who.ATTENDANCE, {}),
    get("lessons.printed", who.ATTENDANCE),
    get("make_ups.ask", who.ATTENDANCE),
    post("make_ups.save", who.ATTENDANCE, {"seen": "present", "at": "otherwise", "on": "14-06-2026"}),
    get("absences.show", who.OWN_LESSONS),
    post("absences.announce", who.OWN_LESSONS, {}),
    post("absences.withdraw", who.OWN_LESSONS, {}),
    # Planning lessons
    get("planning.year", who.COHORT),
    get("planning.lesson", who.COHORT),
    get("planning.lesson", who.COHORT, PLAN),
    post("planning.move", who.COHORT, PLAN | {"seen": "2026-03-10 18:30-21:30 planned"}),
    post(
        "planning.cancel",
        who.COHORT,
        {"seen": "2026-09-01 18:30-21:30 planned", "waarom": "Docent ziek"},
        lesson_number="3",
    ),
    post("planning.rename", who.COHORT, {"seen": "Les 1", "titel": "Kennismaken"}),
    get("planning.new", who.COHORT),
    get("planning.new", who.COHORT, PLAN),
    post("planning.add", who.COHORT, PLAN),
    post("planning.undo", who.COHORT, {}),
    # Attendance and results in bulk
    get("bulk_marks.paste", who.ATTENDANCE),
    post("bulk_marks.preview", who.ATTENDANCE, {"text": "code,1\n{participant_code},absent"}),
    post("bulk_marks.store", who.ATTENDANCE, {"text": "code,1\n{participant_code},absent", "seen": SEEN}),
    post("bulk_marks.undo", who.ATTENDANCE, {}),
    get("bulk_marks.as_workbook", who.ATTENDANCE),
    get("bulk_marks.as_csv", who.ATTENDANCE),
    get("bulk_results.paste", who.TEACHERS),
    post("bulk_results.preview", who.TEACHERS, {"text": "code,{assignment_code}\n{participant_code},passed"}),
    post("bulk_results.store", who.TEACHERS, {"text": "code,{assignment_code}\n{participant_code},passed"}),
    post("bulk_results.undo", who.TEACHERS, {}),
    get("bulk_results.as_workbook", who.TEACHERS),
    get("bulk_results.as_csv", who.TEACHERS),
    # Internship hours
    get("internship.my_hours", who.OWN_PATH),
    get("internship.log_hours", who.OWN_PATH),
    post("internship.save_hours", who.OWN_PATH, VISIT),
    get("internship.entry", who.OWN_THINGS),
    post("internship.change", who.OWN_THINGS, VISIT | {"version": "{entry_version}"}),
    post("internship.withdraw", who.OWN_THINGS, {"reason": "Vergist"}),
    post("internship.undo", who.OWN_THINGS, {}),
    get("internship.of_participant", who.PERSON),
    get("confirmations.mine", who.HOURS_TO_DECIDE),
    post("confirmations.decide", who.HOURS_DECIDED, {"version-{entry_id}": "{entry_version}"}),
    post("confirmations.undo", who.HOURS_DECIDED, {}),
    get("confirmations.by_link", who.OPEN, token="{visit_token}"),
    post(
        "confirmations.decide_by_link",
        who.OPEN,
        {"version-{entry_id}": "{entry_version}"},
        token="{visit_token}",
    ),
    post("confirmations.undo_by_link", who.OPEN, {}, token="{visit_token}"),
    post("confirmations.renew_link", who.OPEN, {}, token="{visit_token}"),
    # Assignments
    get("assignments.of_cohort", who.TEACHERS),
    get("assignments.assignment", who.TEACHERS),
    get("assignments.work", who.TEACHERS),
    post(
        "assignments.assess",
        who.TEACHERS,
        {"attempt": "1", "outcome": "passed", "assessed_on": "14-06-2026"},
    ),
    post("assignments.judge", who.TEACHERS, {"attempt": "1", "outcome": "passed"}),
    post("assignments.undo", who.TEACHERS, {}),
    post(
        "assignments.remark", who.TEACHERS, {"attempt": "1", "seen": "?", "feedback": "Goed"}, refused="it still waits"
    ),
    post(
        "assignments.correct",
        who.TEACHERS,
        {"attempt": "1", "seen": "?", "to": "failed", "why": "Fout"},
        refused="it still waits",
    ),
    post("assignments.submission", who.TEACHERS, {"submitted_on": "08-06-2026"}, participant_code="C1-02"),
    post("assignments.exempt", who.TEACHERS, {"reason": "Eerder behaald"}, participant_code="C1-02"),
    get("due_dates.form", who.ATTENDANCE),
    get("due_dates.form", who.ATTENDANCE, {"inleveren": "10-07-2026", "opent": "01-06-2026"}),
    post(
        "due_dates.move",
        who.ATTENDANCE,
        {"inleveren": "2026-07-10", "opent": "2026-06-01", "seen": "2026-06-01/2026-07-03"},
    ),
    post("due_dates.undo", who.ATTENDANCE, {}),
    get("college_work.mine", who.COLLEGE_WORK),
    get("college_work.waiting", who.TEACHERS_ANYWHERE),
    # Closing interviews
    get("interviews.of_cohort", who.COLLEGE),
    get("interviews.preview", who.COLLEGE, EVENING | {"wie": "C1-02"}),
    post("interviews.plan", who.COLLEGE, EVENING | {"wie": "C1-02"}),
    get("interviews.of_participant", who.COLLEGE),
    post("interviews.move", who.COLLEGE, EVENING | {"seen": "{interview_seen}"}),
    post("interviews.cancel", who.COLLEGE, {"seen": "{interview_seen}"}),
    post("interviews.undo_cancel", who.COLLEGE, {}),
    post("interviews.record", who.TEACHERS, {"result": "passed", "held_on": "14-06-2026"}),
    post("interviews.undo_record", who.TEACHERS, {}),
    # A participant's own assignments, and what is handed in for them
    get("own_assignments.mine", who.OWN_PATH),
    get("own_assignments.assignment", who.OWN_PATH),
    post("own_assignments.hand_in", who.OWN_PATH, {"link": "https://example.org/les"}),
    post("own_assignments.undo", who.OWN_THINGS, {}),
    get("hand_ins.file", who.WORK_FILE),
    get("own_assignments.of_participant", who.PERSON),
    get("extensions.form", who.ATTENDANCE),
    post("extensions.save", who.ATTENDANCE, {"due_on": "17-07-2026", "reason": "Ziek"}, participant_code="C1-02"),
    post("extensions.withdraw", who.ATTENDANCE, {}, participant_code="C1-02"),
    get("criteria.form", who.TEACHERS),
    post("criteria.save", who.TEACHERS, {"criteria": "Twee bladzijden", "version": NOTHING_WRITTEN}),
    # The diploma
    get("diploma.mine", who.OWN_PATH),
    get("diploma.document", who.PERSON),
    get("diploma.of_cohort", who.COLLEGE),
    get("diploma.candidate", who.COLLEGE),
    post("diploma.award", who.COLLEGE, {"on": "14-06-2026", "ground": "Besluit"}, participant_code="C1-02"),
    post("diploma.revoke", who.COLLEGE, {"revoked_on": "14-06-2026", "reason": "Fout"}),
    # Exemptions
    get("exemptions.overview", who.BOARD),
    get("exemptions.of_participant", who.EXEMPTIONS),
)


def named_twice() -> Iterator[Route]:
    """The rows that ask the same as another one."""
    asked = [(route.key, route.form, route.values) for route in ROUTES]
    yield from (route for route, what in zip(ROUTES, asked, strict=True) if asked.count(what) > 1)
