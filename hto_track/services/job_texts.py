"""The jobs by name, for people; and the mail that says that one failed."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import moment
from hto_track.services.letters import Button, MailText, address_of, greeting, in_its_language, letter

JOB_PAGE = "/beheer/taken/{name}"
"""Where the link leads; a test holds it to the table of pages."""
TITLES: dict[str, tuple[Any, Any]] = {
    "evaluate_warnings": (_l("Evaluating warnings"), _l("Looks at everyone of every cohort, once a day.")),
    "participant_digest": (_l("Weekly mail to participants"), _l("To everyone with an open warning.")),
    "leader_digest": (_l("Weekly mail to project leaders"), _l("About the cohorts they lead.")),
    "employer_news": (_l("Weekly mail to employers"), _l("Only where a participant shares, and a week is too full.")),
    "assessment_news": (
        _l("Mail about what was assessed"),
        _l("One to each participant with something new, on weekdays; without what came of it."),
    ),
    "retention": (_l("Letting old data go"), _l("Announces what is kept long enough; two weeks later it goes.")),
    "lesson_news": (
        _l("Mail about what was planned anew"),
        _l("About lessons and due dates, ten minutes after the last change of a cohort."),
    ),
    "send_mail": (_l("Sending mail"), _l("What waits in the outbox, every few seconds.")),
}
"""What each job is called, and what it is for."""


def title_of(name: str) -> str:
    """What a job is called."""
    return str(TITLES[name][0]) if name in TITLES else name


@in_its_language
def job_failed(name: str | None, job: str, at: datetime, parts: int, failed: int) -> MailText:
    """To an administrator: a job failed, in part or as a whole (``parts`` 0); not why, for that may name people."""
    title = title_of(job)
    what = (
        ngettext(
            "Of %(parts)s parts %(num)s failed. The others are done.",
            "Of %(parts)s parts %(num)s failed. The others are done.",
            failed,
            parts=parts,
        )
        if failed < parts
        else _("Nothing of it was done.")
    )
    return MailText(
        subject=_("‘%(job)s’ went wrong", job=title),
        body=letter(
            greeting(name),
            _("The job ‘%(job)s’ went wrong on %(moment)s.", job=title, moment=moment(at)),
            what,
            question=_("Will you look what it was, and let it run once more when that is mended?"),
            button=Button(label=_("See the job"), address=address_of(JOB_PAGE.format(name=job))),
        ),
    )
