"""What mails about assignments say to a participant."""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _

from hto_track import formats
from hto_track.services.letters import LANGUAGE, Button, MailText, address_of, greeting, letter
from hto_track.services.views import AssignmentPlan, Member

ASSIGNMENTS_PAGE = "/opdrachten"
"""Where the links of these mails lead; a test holds it to the table of pages."""


def due_date_changed(member: Member, assignment: AssignmentPlan, due_on: date) -> MailText:
    """That there is another due date for this participant alone: an extension, or the end of one."""
    with force_locale(LANGUAGE):
        title, day = f"{assignment.code} {assignment.title}", formats.day_year(due_on)
        return MailText(
            subject=_("%(title)s is due on %(day)s", title=title, day=day),
            body=letter(
                greeting(member.given_name),
                _("For you %(title)s is due on %(day)s from now on.", title=title, day=day),
                question=_("Does this date work for you? What is expected is on the page of the assignment."),
                button=Button(label=_("To my assignments"), address=address_of(ASSIGNMENTS_PAGE)),
            ),
        )
