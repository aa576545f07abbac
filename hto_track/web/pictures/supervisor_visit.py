"""What a supervising teacher who comes by a mailed link is told: who asks, why, what is kept, until when it works."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from hto_track import formats
from hto_track.services.supervisor_links import SupervisorVisit


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPage:
    """The page behind a link. ``told`` are questions with their answers; ``leader_email`` is whom to ask more."""

    title: str
    lead: str
    action: str
    told: tuple[tuple[str, str], ...]
    leader_email: str | None


def visit_page(visit: SupervisorVisit, token: str) -> VisitPage:
    """The page for who came with ``token``."""
    name = visit.member.given_name
    return VisitPage(
        title=_("Confirm hours of %(name)s", name=visit.member.name),
        lead=_("Was %(name)s there? You need no account.", name=name),
        action=url_for("confirmations.decide_by_link", token=token),
        told=(
            (
                _("Who asks this?"),
                _(
                    "%(name)s follows the training %(programme)s. You are named as the supervisor at %(school)s.",
                    name=visit.member.name,
                    programme=visit.programme,
                    school=visit.school,
                ),
            ),
            (
                _("Why?"),
                _("Only confirmed hours count for the diploma of %(name)s.", name=name),
            ),
            (
                _("What do we keep?"),
                _("Your name and e-mail address, what you said of each visit and when, and a reason if you give one."),
            ),
            (
                _("How long does the link work?"),
                _(
                    "Until %(date)s, as often as you like, for this internship alone. Do not pass it on.",
                    date=formats.day_year(visit.until),
                ),
            ),
        ),
        leader_email=visit.leader_email,
    )
