"""Programme templates: the list, a version, its draft, and what changed."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services.refusals import Refused
from hto_track.services.template_discards import discard_draft, restore_draft
from hto_track.services.template_drafts import (
    DraftSaved,
    NewTemplate,
    begin_draft,
    make_template,
    publish_version,
    save_draft,
)
from hto_track.services.templates import VersionView, compare_versions, origins, template_version, templates
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_whole
from hto_track.web.pictures.template_changes import change_lines, comparison_page
from hto_track.web.pictures.template_form import draft_page
from hto_track.web.pictures.templates import new_template_page, templates_page, version_page
from hto_track.web.sent_forms import render_refused, sent_form
from hto_track.web.template_forms import template_in, typed_values, values_of

COLLEGE, COHORT = "college:", "cohort:"
"""What the choice of what to begin from starts with."""


def overview() -> ResponseReturnValue:
    """The templates of the reader."""
    return render_template("templates/overview.html", page=templates_page(templates(signed_in_actor()), clock.today()))


def new() -> ResponseReturnValue:
    """What a template can be made from."""
    page = new_template_page(origins(signed_in_actor()), {"origin": request.args.get("groep", "")})
    return render_template("templates/new.html", page=page, errors={})


def make() -> ResponseReturnValue:
    """Make a template, and show its first draft."""
    actor = signed_in_actor()
    origin = request.form.get("origin", "")
    asked = NewTemplate(
        code=request.form.get("code", ""),
        title=request.form.get("title", ""),
        cohort=origin.removeprefix(COHORT) if origin.startswith(COHORT) else None,
        college=origin.removeprefix(COLLEGE) or None if origin.startswith(COLLEGE) else None,
    )
    try:
        code = make_template(actor, asked, sent_form())
    except Refused as refused:
        page = new_template_page(origins(actor), request.form)
        return render_refused("templates/new.html", page=page, errors=errors_by_field(refused))
    say_done(_("The template is made. Look through it, then publish it."))
    return redirect(url_for("templates.version", template_code=code, version_number=1))


def version(template_code: str, version_number: int) -> ResponseReturnValue:
    """A version with all that it asks."""
    known = template_version(signed_in_actor(), template_code, version_number)
    return render_template("templates/version.html", refusals=(), **_shown(known))


def begin(template_code: str) -> ResponseReturnValue:
    """Begin a draft, or go on with the one there is."""
    number = begin_draft(signed_in_actor(), template_code)
    return redirect(url_for("templates.edit", template_code=template_code, version_number=number))


def edit(template_code: str, version_number: int) -> ResponseReturnValue:
    """The form of a draft; a published version is shown as it is."""
    known = template_version(signed_in_actor(), template_code, version_number)
    if not known.is_draft:
        return redirect(url_for("templates.version", template_code=template_code, version_number=version_number))
    page = draft_page(known, values_of(known.template, known.version.note), known.seen)
    return render_template("templates/edit.html", page=page, errors={}, conflicts=())


def save(template_code: str, version_number: int) -> ResponseReturnValue:
    """Store a draft; what somebody else changed meanwhile is shown first."""
    actor = signed_in_actor()
    known = template_version(actor, template_code, version_number)
    values, seen = typed_values(request.form), request.form.get("seen", "")
    try:
        template = template_in(values, known.template)
        note = request.form.get("note", "")
        saved = save_draft(actor, template_code, version_number, template, note, seen, sent_form())
    except Refused as refused:
        page = draft_page(known, values, seen)
        errors = errors_by_field(refused)
        return render_refused("templates/edit.html", page=page, errors=errors, conflicts=())
    if saved.conflicts:
        return _asked_which_stays(known, values, saved)
    say_done(_("The draft is saved."))
    next_page = "templates.edit" if request.form.get("more") else "templates.version"
    return redirect(url_for(next_page, template_code=template_code, version_number=version_number))


def publish(template_code: str, version_number: int) -> ResponseReturnValue:
    """Publish a draft."""
    where = {"template_code": template_code, "version_number": version_number}
    actor = signed_in_actor()
    try:
        publish_version(actor, template_code, version_number, request.form.get("seen", ""))
    except Refused as refused:
        known = template_version(actor, template_code, version_number)
        return render_refused("templates/version.html", refusals=refused.refusals, **_shown(known))
    say_done(_("Version %(number)s is published. Cohorts can be laid out from it.", number=version_number))
    return redirect(url_for("templates.version", **where))


def discard(template_code: str, version_number: int) -> ResponseReturnValue:
    """Throw away a draft; it can be put back on the next page."""
    actor, form = signed_in_actor(), sent_form()
    try:
        gone = discard_draft(actor, template_code, version_number, request.form.get("seen", ""), form)
    except Refused as refused:
        known = template_version(actor, template_code, version_number)
        return render_refused("templates/version.html", refusals=refused.refusals, **_shown(known))
    where = {"template_code": template_code, "version_number": version_number}
    say_done(_("The draft is thrown away."), undo_url=form and url_for("templates.restore", form_key=form.key, **where))
    if not gone.latest:
        return redirect(url_for("templates.overview"))
    return redirect(url_for("templates.version", template_code=template_code, version_number=gone.latest))


def restore(template_code: str, version_number: int, form_key: str) -> ResponseReturnValue:
    """Put back a draft that was just thrown away."""
    try:
        restore_draft(signed_in_actor(), template_code, version_number, form_key)
    except Refused as refused:
        say_refused(refused.refusals[0].message)
        return redirect(url_for("templates.overview"))
    say_done(_("The draft is back."))
    return redirect(url_for("templates.version", template_code=template_code, version_number=version_number))


def compare(template_code: str, version_number: int) -> ResponseReturnValue:
    """What changed from the version before, or from ``?met=``."""
    before = parse_whole(request.args.get("met", ""))
    known = compare_versions(signed_in_actor(), template_code, before, version_number)
    return render_template("templates/compare.html", page=comparison_page(known))


def _shown(known: VersionView) -> dict[str, Any]:
    """A version, and of a draft what it changes."""
    changes = change_lines(known.changes) if known.is_draft else ()
    return {"page": version_page(known, clock.today()), "changes": changes}


def _asked_which_stays(known: VersionView, values: dict[str, str], saved: DraftSaved) -> ResponseReturnValue:
    page = draft_page(known, values, saved.seen)
    return render_refused("templates/edit.html", page=page, errors={}, conflicts=change_lines(saved.conflicts))
