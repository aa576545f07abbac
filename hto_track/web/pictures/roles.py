"""Roles in words, and the choices of the demo's sign-in page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.models.accounts import Role
from hto_track.services.accounts import Account
from hto_track.services.policy import Actor

IN_FULL_SIGHT = 4
"""How many accounts of a role are shown before the fold."""

NAMES: dict[Role, Any] = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.PROJECT_LEADER: _l("Project leader"),
    Role.COLLEGE: _l("Teacher at the college"),
    Role.COLLEGE_ADMINISTRATION: _l("Administration of the college"),
    Role.PARTICIPANT: _l("Participant"),
    Role.SUPERVISOR: _l("Internship supervisor"),
    Role.EMPLOYER: _l("Employer"),
    Role.EXAMINATION_BOARD: _l("Examination board"),
    Role.OBSERVER: _l("Programme observer"),
}

PURPOSES: dict[Role, Any] = {
    Role.ADMINISTRATOR: _l("Accounts, jobs and mail"),
    Role.PROJECT_LEADER: _l("Who needs attention, and why"),
    Role.COLLEGE: _l("Attendance, assignments, diploma"),
    Role.COLLEGE_ADMINISTRATION: _l("Attendance, diplomas, colleagues"),
    Role.PARTICIPANT: _l("Does this week fit, and what is still to do"),
    Role.SUPERVISOR: _l("Confirm internship hours"),
    Role.EMPLOYER: _l("What an employee shares about the load"),
    Role.EXAMINATION_BOARD: _l("Decide on exemptions"),
    Role.OBSERVER: _l("Figures of a programme, without names"),
}

ICONS: dict[Role, str] = {
    Role.ADMINISTRATOR: "lock",
    Role.PROJECT_LEADER: "users",
    Role.COLLEGE: "clipboard-check",
    Role.COLLEGE_ADMINISTRATION: "clipboard-check",
    Role.PARTICIPANT: "route",
    Role.SUPERVISOR: "school",
    Role.EMPLOYER: "users",
    Role.EXAMINATION_BOARD: "badge-check",
    Role.OBSERVER: "table",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button of the sign-in page."""

    email: str
    name: str
    cohort_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoices:
    """The buttons of one role; ``more`` are behind a fold."""

    role: Any
    purpose: Any
    icon: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]


MOST_USED_FIRST = (
    Role.PROJECT_LEADER,
    Role.PARTICIPANT,
    Role.COLLEGE,
    Role.SUPERVISOR,
    Role.COLLEGE_ADMINISTRATION,
    Role.EMPLOYER,
    Role.EXAMINATION_BOARD,
    Role.OBSERVER,
    Role.ADMINISTRATOR,
)


def sign_in_choices(accounts: Iterable[Account]) -> tuple[RoleChoices, ...]:
    """Each role that somebody has, with who to sign in as; an account stands under its first role."""
    by_role: dict[Role, list[Choice]] = {}
    for account in accounts:
        by_role.setdefault(account.roles[0], []).append(
            Choice(email=account.email, name=account.name, cohort_code=account.cohort_code)
        )
    return tuple(
        RoleChoices(
            role=NAMES[role],
            purpose=PURPOSES[role],
            icon=ICONS[role],
            first=tuple(by_role[role][:IN_FULL_SIGHT]),
            more=tuple(by_role[role][IN_FULL_SIGHT:]),
        )
        for role in MOST_USED_FIRST
        if role in by_role
    )


def roles_in_words(actor: Actor) -> tuple[Any, ...]:
    """The roles of ``actor``, each once."""
    return tuple(NAMES[role] for role in Role if any(grant.role is role for grant in actor.grants))
