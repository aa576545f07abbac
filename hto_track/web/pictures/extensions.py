"""An extension: when it is due now and why, and the form for another date."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from hto_track.formats import day_numeric, day_year
from hto_track.services.extensions import ExtensionView
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionPage:
    """The form; ``refusals`` instead of it where no extension can be given."""

    participant_code: str
    assignment_code: str
    title: str
    crumb_href: str
    crumb: str
    figures: tuple[tuple[str, str], ...]
    refusals: tuple[str, ...]
    due_on: str
    reason: str
    seen: str
    next: str
    mail_note: str
    button: str
    can_withdraw: bool
    key: str


def extension_page(known: ExtensionView, typed: Mapping[str, str]) -> ExtensionPage:
    """The page; ``typed`` is what was filled in before."""
    name, current = known.member.given_name, known.extended_to
    figures = [
        (_("For the cohort"), day_year(known.assignment.due_on)),
        (_("For %(name)s without an extension", name=name), day_year(known.usual_due_on)),
    ]
    if current is not None:
        figures.append((_("With the extension"), day_year(current)))
    return ExtensionPage(
        participant_code=known.member.code,
        assignment_code=known.assignment.code,
        title=_("Extension for %(name)s", name=known.member.name),
        crumb_href=url_for("own_assignments.of_participant", participant_code=known.member.code),
        crumb=f"{known.assignment.code} {known.assignment.title}",
        figures=tuple(figures),
        refusals=tuple(str(refusal) for refusal in known.refusals),
        due_on=typed.get("due_on") or day_numeric(current or known.offered_due_on),
        reason=typed.get("reason", known.reason or ""),
        seen=current.isoformat() if current else "",
        next=typed.get("next", ""),
        mail_note=_(
            "%(name)s gets a mail with the new date, and can read the reason on the page of the assignment.", name=name
        ),
        button=_("Change the extension") if current else _("Give the extension"),
        can_withdraw=current is not None,
        key=new_key(),
    )
