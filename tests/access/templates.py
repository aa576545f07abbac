"""A template of each of the two worlds: a published version, a draft after it, and a layout that was looked at."""

from datetime import date, time

from sqlalchemy import update

from hto_track.models.templates import TemplateVersion
from hto_track.rules.calendar import Region
from hto_track.services.layout import preview_layout
from hto_track.services.layout_views import Plan
from hto_track.services.policy import CONSOLE
from hto_track.services.template_drafts import NewTemplate, begin_draft, make_template, publish_version
from hto_track.services.templates import template_version
from hto_track.services.transaction import writing

PLAN = Plan(start_on=date(2027, 3, 1), region=Region.MIDDEN, weekday=1, starts_at=time(18, 30), ends_at=time(21, 30))
LAID_OUT = {
    "start_on": "2027-03-01",
    "region": "midden",
    "weekday": "1",
    "starts_at": "18:30",
    "ends_at": "21:30",
    "code": "C-77",
    "min_participants": "15",
    "max_participants": "20",
}
"""The same as a form says it, with a cohort that nobody has yet."""
FILLED_IN = {
    "interval_weeks": "2",
    "weekday": "1",
    "starts_at": "18:30",
    "ends_at": "21:30",
    "weeks_after": "2",
    "lessons": "Start, Het lesplan",
    "min_attendance": "80",
    "make_up_limit": "4",
    "internship_min": "80",
    "internship_max": "100",
    "max_attempts": "2",
    "prep_per_lesson": "1",
    "advertised_weekly": "12",
}
"""A draft as a form says it."""


def template_like(cohort: str, code: str, first_number: int) -> dict[str, str | int]:
    """A template like ``cohort``, its versions numbered from ``first_number``, and what names it."""
    make_template(CONSOLE, NewTemplate(code=code, title=f"Sjabloon van {cohort}", cohort=cohort))
    publish_version(CONSOLE, code, 1, template_version(CONSOLE, code, 1).seen)
    begin_draft(CONSOLE, code)
    with writing() as session:
        for number in (2, 1):
            this = TemplateVersion.number == number
            session.execute(update(TemplateVersion).where(this).values(number=first_number + number - 1))
    return {
        "template_code": code,
        "version_number": first_number,
        "draft_number": first_number + 1,
        "draft_seen": template_version(CONSOLE, code, first_number + 1).seen,
        "layout_seen": preview_layout(CONSOLE, code, first_number, PLAN).seen,
    }
