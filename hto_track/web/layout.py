"""Laying out a cohort: a form, the year that follows from it, and storing it as it was seen."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.models.accounts import Role
from hto_track.services.layout import lay_out_cohort, preview_layout
from hto_track.services.layout_views import LayoutPreview
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, Refused
from hto_track.services.templates import VersionView, template_version
from hto_track.web import navigation
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.layout_forms import cohort_in, first_values, plan_in, typed_values
from hto_track.web.pictures.layout import laid_out_text, layout_page
from hto_track.web.sent_forms import render_refused, sent_form

NEXT_PAGES = ("planning.of_cohort", "lessons.of_cohort", "cohorts.board")
"""Where somebody goes on with a new cohort: the first that lets them in."""


def form(template_code: str, version_number: int) -> ResponseReturnValue:
    """The form, and once a start is filled in, the year that follows from it. Nothing is stored; a draft has neither."""
    actor, today = signed_in_actor(), clock.today()
    known = _version(actor, template_code, version_number)
    if known.is_draft:
        return redirect(url_for("templates.version", template_code=template_code, version_number=version_number))
    values = typed_values(request.args, first_values(known.template, actor, _leads(actor)))
    errors: dict[str, str] = {}
    preview = None
    if request.args.get("start_on") is not None:
        try:
            plan = plan_in(values, request.args, today)
            preview = preview_layout(actor, template_code, version_number, plan)
            errors = errors_by_field(Refused(preview.refusals))
        except Refused as refused:
            errors = errors_by_field(refused)
    return render_template("layout/form.html", page=layout_page(known, values, preview, today), errors=errors)


def lay_out(template_code: str, version_number: int) -> ResponseReturnValue:
    """Store the cohort; what was not looked at as it would be stored is shown first."""
    actor, today = signed_in_actor(), clock.today()
    known = _version(actor, template_code, version_number)
    values = typed_values(request.form, first_values(known.template, actor, _leads(actor)))
    preview: LayoutPreview | None = None
    try:
        plan = plan_in(values, request.form, today)
        preview = preview_layout(actor, template_code, version_number, plan)
        new, seen = cohort_in(values), request.form.get("seen", "")
        code = lay_out_cohort(actor, template_code, version_number, plan, new, seen, sent_form())
    except Refused as refused:
        page = layout_page(known, values, preview, today)
        return render_refused("layout/form.html", page=page, errors=errors_by_field(refused))
    say_done(laid_out_text(code, preview))
    next_page = next((page for page in NEXT_PAGES if navigation.opens(page)), NEXT_PAGES[-1])
    return redirect(url_for(next_page, cohort_code=code))


def _version(actor: Actor, template_code: str, version_number: int) -> VersionView:
    known = template_version(actor, template_code, version_number)
    if not known.may_lay_out and not known.is_draft:
        raise Forbidden
    return known


def _leads(actor: Actor) -> bool:
    return any(grant.role is Role.PROJECT_LEADER for grant in actor.grants)
