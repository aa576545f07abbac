"""The template of the demo: like its running cohort, and the next one laid out from it, open to who thinks of joining."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from hto_track.rules.calendar import Region
from hto_track.services.beforehand import open_cohort
from hto_track.services.layout import lay_out_cohort, preview_layout
from hto_track.services.layout_views import NewCohort, Plan
from hto_track.services.policy import CONSOLE
from hto_track.services.template_drafts import NewTemplate, make_template, publish_version, save_draft
from hto_track.services.templates import template_version

CODE, TITLE, CREDITS = "HTO-ZH", "Scholingstraject hybride techniekopleider", Decimal(30)
NEXT = NewCohort(code="ZH-06", name="Groep ZH-06", leader_email="projectleider@example.org")
NEXT_PLAN = Plan(
    start_on=date(2026, 9, 10),
    region=Region.MIDDEN,
    weekday=3,
    starts_at=time(18, 30),
    ends_at=time(21, 30),
    location="Rotterdam, lokaal B2.14",
)


def publish_template(cohort_code: str) -> None:
    """Make the template from a cohort, give it its credits, and publish it."""
    make_template(CONSOLE, NewTemplate(code=CODE, title=TITLE, cohort=cohort_code))
    draft = template_version(CONSOLE, CODE, 1)
    with_credits = replace(draft.template, credits=CREDITS)
    saved = save_draft(CONSOLE, CODE, 1, with_credits, f"Gemaakt van {cohort_code}", draft.seen)
    publish_version(CONSOLE, CODE, 1, saved.seen)


def lay_out_next(on: date) -> None:
    """Lay the next cohort out from the template, and let anybody see it until it starts."""
    seen = preview_layout(CONSOLE, CODE, 1, NEXT_PLAN).seen
    lay_out_cohort(CONSOLE, CODE, 1, NEXT_PLAN, NEXT, seen)
    open_cohort(CONSOLE, NEXT.code, NEXT_PLAN.start_on, None, on)
