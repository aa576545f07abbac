"""What mails about assignments say to a participant."""

from datetime import date

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from hto_track import formats
from hto_track.config import Settings
from hto_track.services.mail_texts import LANGUAGE, MailText, greeting
from hto_track.services.views import AssignmentPlan, Member

ASSIGNMENTS_PAGE = "/opdrachten"
"""Where the links of these mails lead; a test holds it to the table of pages."""


def due_date_changed(member: Member, assignment: AssignmentPlan, due_on: date) -> MailText:
    """That there is another due date for this participant alone: an extension, or the end of one."""
    settings: Settings = current_app.extensions["hto_settings"]
    with force_locale(LANGUAGE):
        title, day = f"{assignment.code} {assignment.title}", formats.day_year(due_on)
        paragraphs = (
            greeting(member.given_name),
            _("For you %(title)s is due on %(day)s from now on.", title=title, day=day),
            _("What is expected, and why this date, is on the page of the assignment."),
            settings.base_url + ASSIGNMENTS_PAGE,
            "HTO Track",
        )
        return MailText(
            subject=_("%(title)s is due on %(day)s", title=title, day=day), body="\n\n".join(paragraphs) + "\n"
        )
