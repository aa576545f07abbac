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
    EXPORT_COHORT = "export_cohort"
    IMPORT_FILES = "import_files"
    RECORD_ATTENDANCE = "record_attendance"
    LOG_HOURS = "log_hours"
    DECIDE_HOURS = "decide_hours"
    ASSESS_ATTEMPT = "assess_attempt"
    DECIDE_EXEMPTION = "decide_exemption"
    AWARD_DIPLOMA = "award_diploma"
    REVOKE_DIPLOMA = "revoke_diploma"
    SNOOZE_WARNING = "snooze_warning"
    EVALUATE_WARNINGS = "evaluate_warnings"
    VIEW_JOBS = "view_jobs"
    RUN_JOBS = "run_jobs"
    VIEW_OUTBOX = "view_outbox"
    INVITE_USER = "invite_user"


ADMINISTRATOR, LEADER, COLLEGE = Role.ADMINISTRATOR, Role.PROJECT_LEADER, Role.COLLEGE
PARTICIPANT, SUPERVISOR, BOARD = Role.PARTICIPANT, Role.SUPERVISOR, Role.EXAMINATION_BOARD

POLICY: dict[Action, frozenset[Role]] = {
    Action.VIEW_COHORT: frozenset({ADMINISTRATOR, LEADER, COLLEGE}),
    Action.VIEW_PARTICIPANT: frozenset({ADMINISTRATOR, LEADER, COLLEGE, PARTICIPANT}),
    Action.VIEW_EXEMPTIONS: frozenset({ADMINISTRATOR, LEADER, COLLEGE, PARTICIPANT, BOARD}),
    Action.EXPORT_COHORT: frozenset({ADMINISTRATOR, LEADER}),
    Action.IMPORT_FILES: frozenset({ADMINISTRATOR, LEADER}),
    Action.RECORD_ATTENDANCE: frozenset({COLLEGE, LEADER}),
    Action.LOG_HOURS: frozenset({PARTICIPANT}),
    Action.DECIDE_HOURS: frozenset({SUPERVISOR, COLLEGE}),
    Action.ASSESS_ATTEMPT: frozenset({COLLEGE}),
    Action.DECIDE_EXEMPTION: frozenset({BOARD}),
    Action.AWARD_DIPLOMA: frozenset({COLLEGE}),
    Action.REVOKE_DIPLOMA: frozenset({COLLEGE}),
    Action.SNOOZE_WARNING: frozenset({LEADER}),
    Action.EVALUATE_WARNINGS: frozenset({ADMINISTRATOR, LEADER}),
    Action.VIEW_JOBS: frozenset({ADMINISTRATOR, LEADER}),
    Action.RUN_JOBS: frozenset({ADMINISTRATOR}),
    Action.VIEW_OUTBOX: frozenset({ADMINISTRATOR, LEADER}),
    Action.INVITE_USER: frozenset({ADMINISTRATOR}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorGrant:
    """A role in a scope; the scope that a role does not use is None."""

    role: Role
    cohort_id: int | None = None
    participant_id: int | None = None
    college: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. ``is_console`` is the person at the machine itself, who may do everything and is named in the audit trail."""

    email: str
    name: str
    user_id: int | None = None
    grants: tuple[ActorGrant, ...] = ()
    is_console: bool = False


CONSOLE = Actor(email="console", name="console", is_console=True)
"""The acting user of commands and scheduled jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is acted on, as far as scopes ask. ``supervisors`` are the e-mail addresses of its supervising teachers."""

    cohort_id: int | None = None
    participant_id: int | None = None
    college: str | None = None
    supervisors: frozenset[str] = frozenset()


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
        case Role.ADMINISTRATOR | Role.EXAMINATION_BOARD:
            return True
        case Role.PROJECT_LEADER:
            return subject.cohort_id is not None and grant.cohort_id == subject.cohort_id
        case Role.COLLEGE:
            return subject.college is not None and grant.college == subject.college
        case Role.PARTICIPANT:
            return subject.participant_id is not None and grant.participant_id == subject.participant_id
        case Role.SUPERVISOR:
            return actor.email in subject.supervisors
