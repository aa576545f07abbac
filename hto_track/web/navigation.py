"""The menu: what is in it, and for whom. An entry shows when its page is in the table and the actor is let in."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _l

from hto_track.formats import language
from hto_track.models.accounts import Role
from hto_track.services.policy import Actor
from hto_track.web.access import current_actor, let_in, request_needs


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the menu; ``section`` is what the endpoints of its pages begin with."""

    endpoint: str
    label: Any
    icon: str
    section: str
    in_bar: bool = False
    """Whether a participant's phone shows it at the bottom of the screen."""
    is_aside: bool = False
    """Whether it is needed now and then, and stands behind the picture of who is signed in, on a wide screen too."""


ENTRIES = (
    Entry(endpoint="traject.mine", label=_l("Path"), icon="route", section="traject.mine", in_bar=True),
    Entry(endpoint="agenda.mine", label=_l("Agenda"), icon="calendar-days", section="agenda.", in_bar=True),
    Entry(endpoint="ahead.mine", label=_l("Weeks ahead"), icon="weight", section="ahead."),
    Entry(
        endpoint="own_assignments.mine",
        label=_l("Assignments"),
        icon="clipboard-check",
        section="own_assignments.",
        in_bar=True,
    ),
    Entry(endpoint="internship.my_hours", label=_l("Hours"), icon="clock", section="internship."),
    Entry(endpoint="diploma.mine", label=_l("Diploma"), icon="graduation-cap", section="diploma."),
    Entry(endpoint="college_work.mine", label=_l("Waits for me"), icon="inbox", section="college_work."),
    Entry(endpoint="cohorts.overview", label=_l("Cohorts"), icon="users", section="cohorts."),
    Entry(endpoint="templates.overview", label=_l("Templates"), icon="clipboard-check", section="templates."),
    Entry(endpoint="programmes.overview", label=_l("Programmes"), icon="table", section="programmes."),
    Entry(endpoint="confirmations.mine", label=_l("Confirm hours"), icon="badge-check", section="confirmations."),
    Entry(endpoint="exemptions.overview", label=_l("Exemptions"), icon="file-text", section="exemptions."),
    Entry(endpoint="shared_load.with_me", label=_l("Shared with you"), icon="users", section="shared_load."),
    Entry(endpoint="figures.overview", label=_l("Figures"), icon="table", section="figures."),
    Entry(endpoint="sharing.mine", label=_l("Who sees what"), icon="eye", section="sharing."),
    Entry(endpoint="colleagues.overview", label=_l("Colleagues"), icon="users", section="colleagues."),
    Entry(
        endpoint="accounts.overview", label=_l("Accounts"), icon="circle-user-round", section="accounts.", is_aside=True
    ),
    Entry(endpoint="outbox.overview", label=_l("Outbox"), icon="inbox", section="outbox.", is_aside=True),
    Entry(endpoint="retention.overview", label=_l("Retention"), icon="trash-2", section="retention.", is_aside=True),
    Entry(endpoint="audit.log", label=_l("Audit trail"), icon="search", section="audit.log", is_aside=True),
    Entry(endpoint="jobs.overview", label=_l("Jobs"), icon="history", section="jobs.", is_aside=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line of the menu as it is shown; ``current`` is what ``aria-current`` says, if anything."""

    href: str
    label: str
    icon: str
    current: str | None
    in_bar: bool
    is_aside: bool


def menu_for(actor: Actor | None) -> tuple[Link, ...]:
    """The menu of ``actor``, the page asked for marked in it; kept per roles, language and page, for every page has it."""
    if actor is None:
        return ()
    menus: dict[tuple[Any, ...], tuple[Link, ...]] = current_app.extensions.setdefault("hto_menus", {})
    roles = frozenset(grant.role for grant in actor.grants)
    key = (roles, actor.is_console, language(), request.script_root, request.endpoint)
    if key not in menus:
        menus[key] = _menu(actor)
    return menus[key]


def _menu(actor: Actor) -> tuple[Link, ...]:
    needs = request_needs()
    takes_part = any(grant.role is Role.PARTICIPANT for grant in actor.grants)
    return tuple(
        Link(
            href=url_for(entry.endpoint),
            label=str(entry.label),
            icon=entry.icon,
            current=_current(entry),
            in_bar=entry.in_bar and takes_part,
            is_aside=entry.is_aside,
        )
        for entry in ENTRIES
        if (entry.endpoint, "GET") in needs and let_in(actor, needs[entry.endpoint, "GET"])
    )


COHORT_TABS = (
    ("cohorts.board", _l("Board")),
    ("cohorts.agenda", _l("Agenda")),
    ("lessons.of_cohort", _l("Lessons of the cohort")),
    ("planning.year", _l("Planning")),
    ("assignments.of_cohort", _l("Assignments")),
    ("interviews.of_cohort", _l("Closing interviews")),
    ("load_requests.of_cohort", _l("Questions")),
    ("diploma.of_cohort", _l("Diplomas")),
    ("invitations.of_cohort", _l("Access")),
    ("beforehand.opening", _l("Open cohort")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """A page of one cohort."""

    endpoint: str
    href: str
    label: str


def tabs_of_cohort(cohort_code: str) -> tuple[Tab, ...]:
    """The pages of one cohort that let the reader in."""
    return tuple(
        Tab(endpoint=endpoint, href=url_for(endpoint, cohort_code=cohort_code), label=str(label))
        for endpoint, label in COHORT_TABS
        if opens(endpoint)
    )


def opens(endpoint: str, method: str = "GET") -> bool:
    """Whether there is a page at ``endpoint`` that lets the reader in: what a template asks before it leads there."""
    actor, needs = current_actor(), request_needs().get((endpoint, method))
    return actor is not None and needs is not None and let_in(actor, needs)


def _current(entry: Entry) -> str | None:
    if request.endpoint == entry.endpoint:
        return "page"
    return "true" if request.endpoint and request.endpoint.startswith(entry.section) else None
