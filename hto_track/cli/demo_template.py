"""The template of the demo: like its running cohort, ready to lay the next one out from."""

from dataclasses import replace
from decimal import Decimal

from hto_track.services.policy import CONSOLE
from hto_track.services.template_drafts import NewTemplate, make_template, publish_version, save_draft
from hto_track.services.templates import template_version

CODE, TITLE, CREDITS = "HTO-ZH", "Scholingstraject hybride techniekopleider", Decimal(30)


def publish_template(cohort_code: str) -> None:
    """Make the template from a cohort, give it its credits, and publish it."""
    make_template(CONSOLE, NewTemplate(code=CODE, title=TITLE, cohort=cohort_code))
    draft = template_version(CONSOLE, CODE, 1)
    with_credits = replace(draft.template, credits=CREDITS)
    saved = save_draft(CONSOLE, CODE, 1, with_credits, f"Gemaakt van {cohort_code}", draft.seen)
    publish_version(CONSOLE, CODE, 1, saved.seen)
