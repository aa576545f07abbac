"""Who may do what, where: one table, deny by default, asked by every service.

A grant is a role in a scope. It must cover the subject (else the subject is not there for the actor: NotFound) and its role
must hold the action (else Forbidden).
"""

from dataclasses import dataclass
from enum import StrEnum

from hto_track.models.accounts import Role
from hto_track.services.refusals import Forbidden, NotFound


class Action(StrEnum):
    """What can be done."""

    VIEW_COHORT = "view_cohort"
    VIEW_PARTICIPANT = "view_participant"
    VIEW_EXEMPTIONS = "view_exemptions"
    VIEW_SHARED_LOAD = "view_shared_load"
    VIEW_FIGURES = "view_figures"
    EXPORT_COHORT = "export_cohort"
    IMPORT_FILES = "import_files"
    MANAGE_TEMPLATES = "manage_templates"
    LAY_OUT_COHORT = "lay_out_cohort"
    PLAN_LESSONS = "plan_lessons"
    VIEW_AGENDA = "view_agenda"
    ANNOUNCE_ABSENCE = "announce_absence"
    RECORD_ATTENDANCE = "record_attendance"
    LOG_HOURS = "log_hours"
    DECIDE_HOURS = "decide_hours"
    HAND_IN_WORK = "hand_in_work"
    READ_WORK = "read_work"
    ASSESS_ATTEMPT = "assess_attempt"
    EXTEND_DUE_DATE = "extend_due_date"
    PLAN_FINAL_ASSESSMENT = "plan_final_assessment"
    RECORD_FINAL_ASSESSMENT = "record_final_assessment"
    VIEW_COLLEGE_WORK = "view_college_work"
    DECIDE_EXEMPTION = "decide_exemption"
    AWARD_DIPLOMA = "award_diploma"
    REVOKE_DIPLOMA = "revoke_diploma"
    OPEN_COHORT = "open_cohort"
    GIVE_ROOM = "give_room"
    PLAN_LOAD = "plan_load"
    GIVE_VERDICT = "give_verdict"
    ANSWER_REQUEST = "answer_request"
    MOVE_DUE_DATES = "move_due_dates"
    ANSWER_WARNING = "answer_warning"
    SNOOZE_WARNING = "snooze_warning"
    MANAGE_PROGRAMME = "manage_programme"
    EVALUATE_WARNINGS = "evaluate_warnings"
    VIEW_JOBS = "view_jobs"
    RUN_JOBS = "run_jobs"
    VIEW_OUTBOX = "view_outbox"
    INVITE_TO_COHORT = "invite_to_cohort"
    INVITE_COLLEAGUE = "invite_colleague"
    MANAGE_ACCOUNTS = "manage_accounts"
    VIEW_WHO_SEES = "view_who_sees"
    SHARE_WITH_EMPLOYER = "share_with_employer"
    VIEW_HISTORY = "view_history"
    VIEW_AUDIT = "view_audit"
    TAKE_OWN_DATA = "take_own_data"
    ERASE_PERSON = "erase_person"
    MANAGE_RETENTION = "manage_retention"


ADMINISTRATOR, LEADER = Role.ADMINISTRATOR, Role.PROJECT_LEADER
COLLEGE, OFFICE = Role.COLLEGE, Role.COLLEGE_ADMINISTRATION
PARTICIPANT, SUPERVISOR, EMPLOYER = Role.PARTICIPANT, Role.SUPERVISOR, Role.EMPLOYER
BOARD, OBSERVER = Role.EXAMINATION_BOARD, Role.OBSERVER

POLICY: dict[Action, frozenset[Role]] = {
    Action.VIEW_COHORT: frozenset({ADMINISTRATOR, LEADER, COLLEGE, OFFICE}),
    Action.VIEW_PARTICIPANT: frozenset({ADMINISTRATOR, LEADER, COLLEGE, OFFICE, PARTICIPANT}),
    Action.VIEW_EXEMPTIONS: frozenset({ADMINISTRATOR, LEADER, COLLEGE, OFFICE, PARTICIPANT, BOARD}),
    Action.VIEW_SHARED_LOAD: frozenset({EMPLOYER}),
    Action.VIEW_FIGURES: frozenset({ADMINISTRATOR, LEADER, OFFICE, OBSERVER}),
    Action.EXPORT_COHORT: frozenset({ADMINISTRATOR, LEADER}),
    Action.IMPORT_FILES: frozenset({ADMINISTRATOR, LEADER}),
    Action.MANAGE_TEMPLATES: frozenset({ADMINISTRATOR, LEADER, OFFICE}),
    Action.LAY_OUT_COHORT: frozenset({ADMINISTRATOR, LEADER, OFFICE}),
    Action.PLAN_LESSONS: frozenset({ADMINISTRATOR, LEADER, COLLEGE, OFFICE}),
    Action.VIEW_AGENDA: frozenset({ADMINISTRATOR, LEADER, COLLEGE, OFFICE, PARTICIPANT}),
    Action.ANNOUNCE_ABSENCE: frozenset({PARTICIPANT}),
    Action.RECORD_ATTENDANCE: frozenset({COLLEGE, OFFICE, LEADER}),
    Action.LOG_HOURS: frozenset({PARTICIPANT}),
    Action.DECIDE_HOURS: frozenset({SUPERVISOR, COLLEGE}),
    Action.HAND_IN_WORK: frozenset({PARTICIPANT}),
    Action.READ_WORK: frozenset({COLLEGE, PARTICIPANT}),
    Action.ASSESS_ATTEMPT: frozenset({COLLEGE}),
    Action.EXTEND_DUE_DATE: frozenset({LEADER, COLLEGE, OFFICE}),
    Action.PLAN_FINAL_ASSESSMENT: frozenset({COLLEGE, OFFICE}),
    Action.RECORD_FINAL_ASSESSMENT: frozenset({COLLEGE}),
    Action.VIEW_COLLEGE_WORK: frozenset({COLLEGE, OFFICE}),
    Action.DECIDE_EXEMPTION: frozenset({BOARD}),
    Action.AWARD_DIPLOMA: frozenset({COLLEGE, OFFICE}),
    Action.REVOKE_DIPLOMA: frozenset({COLLEGE, OFFICE}),
    Action.OPEN_COHORT: frozenset({ADMINISTRATOR, LEADER, OFFICE}),
    Action.GIVE_ROOM: frozenset({PARTICIPANT, LEADER}),
    Action.PLAN_LOAD: frozenset({PARTICIPANT}),
    Action.GIVE_VERDICT: frozenset({PARTICIPANT}),
    Action.ANSWER_REQUEST: frozenset({LEADER, COLLEGE, OFFICE}),
    Action.MOVE_DUE_DATES: frozenset({LEADER, COLLEGE, OFFICE}),
    Action.ANSWER_WARNING: frozenset({PARTICIPANT}),
    Action.SNOOZE_WARNING: frozenset({LEADER}),
    Action.MANAGE_PROGRAMME: frozenset({ADMINISTRATOR, LEADER, OFFICE}),
    Action.EVALUATE_WARNINGS: frozenset({ADMINISTRATOR, LEADER}),
    Action.VIEW_JOBS: frozenset({ADMINISTRATOR, LEADER}),
    Action.RUN_JOBS: frozenset({ADMINISTRATOR}),
    Action.VIEW_OUTBOX: frozenset({ADMINISTRATOR, LEADER}),
    Action.INVITE_TO_COHORT: frozenset({ADMINISTRATOR, LEADER}),
    Action.INVITE_COLLEAGUE: frozenset({ADMINISTRATOR, OFFICE}),
    Action.MANAGE_ACCOUNTS: frozenset({ADMINISTRATOR}),
    Action.VIEW_WHO_SEES: frozenset({PARTICIPANT}),
    Action.SHARE_WITH_EMPLOYER: frozenset({PARTICIPANT}),
    Action.VIEW_HISTORY: frozenset({ADMINISTRATOR, LEADER, COLLEGE, OFFICE, PARTICIPANT}),
    Action.VIEW_AUDIT: frozenset({ADMINISTRATOR}),
    Action.TAKE_OWN_DATA: frozenset({PARTICIPANT}),
    Action.ERASE_PERSON: frozenset({ADMINISTRATOR}),
    Action.MANAGE_RETENTION: frozenset({ADMINISTRATOR}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorGrant:
    """A role in a scope; the scopes that a role does not use are None."""

    role: Role
    cohort_id: int | None = None
    participant_id: int | None = None
    college: str | None = None
    route_id: int | None = None
    programme_id: int | None = None
    placement_id: int | None = None
    """Of a supervisor who came by the link of one placement, without an account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. ``is_console`` is the person at the machine itself, who may do everything and is named in the audit trail."""

    email: str
    name: str
    user_id: int | None = None
    grants: tuple[ActorGrant, ...] = ()
    withheld: frozenset[Role] = frozenset()
    """Roles that the person has, and that wait until they sign in with a passkey."""
    is_console: bool = False
    link_digest: str = ""
    """Of who came by the link of a placement: what tells them from its other supervisors without saying who they are."""

    @property
    def ref(self) -> str:
        """What the audit trail and the readings call them: it tells who it was only as long as the account does."""
        if self.is_console:
            return "console"
        if self.user_id is not None:
            return f"user/{self.user_id}"
        return supervisor_ref(self.grants[0].placement_id, self.link_digest)


def supervisor_ref(placement_id: int | None, link_digest: str) -> str:
    """What ``Actor.ref`` is for who comes by the link of a placement."""
    return f"supervisor/{placement_id}/{link_digest}"


CONSOLE = Actor(email="console", name="console", is_console=True)
"""The acting user of commands and scheduled jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is acted on, as far as scopes ask.

    ``supervisors`` and ``employers`` are e-mail addresses: of its supervising teachers, and of those its participant shares
    with at this moment.
    """

    cohort_id: int | None = None
    participant_id: int | None = None
    college: str | None = None
    programme_id: int | None = None
    placement_id: int | None = None
    route_ids: frozenset[int] = frozenset()
    supervisors: frozenset[str] = frozenset()
    employers: frozenset[str] = frozenset()


INSTALLATION = Subject()
"""The installation as a whole: jobs, outbox, accounts."""


def may(actor: Actor, action: Action, subject: Subject) -> bool:
    """Whether ``actor`` may do ``action`` with ``subject``."""
    return actor.is_console or any(
        grant.role in POLICY[action] and _covers(grant, actor, subject) for grant in actor.grants
    )


def may_anywhere(actor: Actor, action: Action) -> bool:
    """Whether some role of ``actor`` holds ``action`` in some scope: what menus and the URL table ask."""
    return actor.is_console or any(grant.role in POLICY[action] for grant in actor.grants)


def require(actor: Actor, action: Action, subject: Subject) -> None:
    """Nothing when it may be done; NotFound when ``subject`` is outside every scope of the actor, else Forbidden."""
    if may(actor, action, subject):
        return
    if any(_covers(grant, actor, subject) for grant in actor.grants):
        raise Forbidden(action)
    raise NotFound


def require_anywhere(actor: Actor, action: Action) -> None:
    """Forbidden unless some role of ``actor`` holds ``action``; for what belongs to no cohort."""
    if not may_anywhere(actor, action):
        raise Forbidden(action)


def _covers(grant: ActorGrant, actor: Actor, subject: Subject) -> bool:
    match grant.role:
        case Role.ADMINISTRATOR:
            return True
        case Role.PROJECT_LEADER:
            return subject.cohort_id is not None and grant.cohort_id == subject.cohort_id
        case Role.COLLEGE | Role.COLLEGE_ADMINISTRATION:
            return subject.college is not None and grant.college == subject.college
        case Role.PARTICIPANT:
            return subject.participant_id is not None and grant.participant_id == subject.participant_id
        case Role.SUPERVISOR:
            theirs = grant.placement_id is None or grant.placement_id == subject.placement_id
            return theirs and actor.email in subject.supervisors
        case Role.EMPLOYER:
            return actor.email in subject.employers
        case Role.EXAMINATION_BOARD:
            return bool(subject.route_ids) and (grant.route_id is None or grant.route_id in subject.route_ids)
        case Role.OBSERVER:
            return subject.programme_id is not None and grant.programme_id == subject.programme_id
