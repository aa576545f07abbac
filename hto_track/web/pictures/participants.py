"""Adding a participant, in words: the form, and who was added just now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from hto_track.formats import day_numeric, day_year
from hto_track.services.new_participants import ParticipantForm
from hto_track.web.navigation import opens
from hto_track.web.sent_forms import new_key

FIELDS = (
    "given_name",
    "name_prefix",
    "family_name",
    "email",
    "employer",
    "start_on",
    "study_hours_per_week",
    "travel_minutes",
    "participant_code",
)
"""The names of the form, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedPart:
    """Who was added just now; ``invite_href`` is empty for who invites nobody."""

    said: str
    invite: str
    invite_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewParticipantPage:
    """The form to add somebody with; ``full`` is a sentence where the cohort has as many as it was meant for."""

    cohort_code: str
    cohort_name: str
    values: Mapping[str, str]
    employers: tuple[str, ...]
    start_hint: str
    full: str
    added: AddedPart | None
    key: str


def new_participant_page(
    known: ParticipantForm, on: date, typed: Mapping[str, str] | None = None
) -> NewParticipantPage:
    """The form on a date; ``typed`` is what was filled in before."""
    cohort = known.cohort
    runs = cohort.start_on < on
    first = dict.fromkeys(FIELDS, "") | {
        "participant_code": known.code,
        "start_on": day_numeric(on) if runs and on <= cohort.end_on else "",
    }
    return NewParticipantPage(
        cohort_code=cohort.code,
        cohort_name=cohort.name,
        values=first | dict(typed or {}),
        employers=known.employers,
        start_hint=_("Empty: from the first day of the cohort, %(day)s", day=day_year(cohort.start_on)),
        full=_(
            "%(people)s of %(most)s places are taken. You can add somebody all the same.",
            people=known.people,
            most=cohort.max_participants,
        )  # fmt: skip
        if known.is_full
        else "",
        added=_added(known),
        key=new_key(),
    )


def _added(known: ParticipantForm) -> AddedPart | None:
    if known.added is None:
        return None
    who = known.added
    can_invite = opens("invitations.confirm")
    return AddedPart(
        said=_("%(name)s (%(code)s) is in the cohort. No mail goes out by itself.", name=who.name, code=who.code),
        invite=_("Invite %(name)s", name=who.name),
        invite_href=url_for("invitations.confirm", cohort_code=known.cohort.code, wie=who.key) if can_invite else "",
    )
