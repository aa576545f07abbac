"""Who may use the services of templates, and lay cohorts out from them."""

from dataclasses import replace

from hto_track.services import (
    layout,
    looking_back,
    template_discards,
    template_drafts,
    template_proposal,
    templates,
)
from hto_track.services.layout_views import NewCohort
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.template_drafts import NewTemplate
from tests.access import uses as who
from tests.access.service import Service
from tests.access.templates import PLAN
from tests.access.world import World
from tests.conftest import TODAY

LIKE_C_1 = NewTemplate(code="T-77", title="Nog een sjabloon", cohort="C-1")


def _save(actor: Actor, world: World) -> object:
    """Change the draft."""
    known = templates.template_version(CONSOLE, "T-1", 2)
    changed = replace(known.template, weeks_after=9)
    return template_drafts.save_draft(actor, "T-1", 2, changed, "", world.own["draft_seen"])


def _lay_out(actor: Actor, world: World) -> object:
    """Lay out a cohort as it was seen."""
    new = NewCohort(code="C-77")
    return layout.lay_out_cohort(actor, "T-1", 1, PLAN, new, world.own["layout_seen"])


TEMPLATES: tuple[Service, ...] = (
    Service("templates.templates", who.TEMPLATES, lambda a, w: templates.templates(a)),
    Service("templates.origins", who.TEMPLATES, lambda a, w: templates.origins(a)),
    Service("templates.template_version", who.TEMPLATE, lambda a, w: templates.template_version(a, "T-1", 1)),
    Service("templates.compare_versions", who.TEMPLATE, lambda a, w: templates.compare_versions(a, "T-1", 1, 2)),
    Service(
        "template_drafts.make_template",
        who.TEMPLATE_OF_COHORT,
        lambda a, w: template_drafts.make_template(a, LIKE_C_1),
    ),
    Service("template_drafts.begin_draft", who.TEMPLATE, lambda a, w: template_drafts.begin_draft(a, "T-1")),
    Service("template_drafts.save_draft", who.TEMPLATE, _save),
    Service(
        "template_drafts.publish_version",
        who.TEMPLATE,
        lambda a, w: template_drafts.publish_version(a, "T-1", 2, w.own["draft_seen"]),
    ),
    Service(
        "template_discards.discard_draft",
        who.TEMPLATE,
        lambda a, w: template_discards.discard_draft(a, "T-1", 2, w.own["draft_seen"]),
    ),
    Service(
        "template_discards.restore_draft",
        who.TEMPLATE,
        lambda a, w: template_discards.restore_draft(a, "T-1", 2, w.own["form_key"]),
    ),
    Service(
        "looking_back.programmes_to_look_back_on",
        who.FIGURES,
        lambda a, w: looking_back.programmes_to_look_back_on(a, TODAY),
    ),
    Service(
        "looking_back.programme_looked_back",
        who.PAST,
        lambda a, w: looking_back.programme_looked_back(a, "HTO", TODAY),
    ),
    Service(
        "template_proposal.adopt_proposals",
        who.TEMPLATE_OF_PROGRAMME,
        lambda a, w: template_proposal.adopt_proposals(a, "HTO", ["told"], "", TODAY),
    ),
    Service(
        "template_proposal.undo_adopting",
        who.TEMPLATE,
        lambda a, w: template_proposal.undo_adopting(a, "HTO", w.own["form_key"]),
    ),
    Service("layout.preview_layout", who.TEMPLATE, lambda a, w: layout.preview_layout(a, "T-1", 1, PLAN)),
    Service("layout.lay_out_cohort", who.TEMPLATE, _lay_out),
)
