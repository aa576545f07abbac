"""What exactly is expected of an assignment: the page on which its teachers write it down."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track.services.criteria import assignment_criteria, write_criteria
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.sent_forms import new_key, render_refused, sent_form


def form(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    """What is expected now, to be written anew."""
    known = assignment_criteria(signed_in_actor(), cohort_code, assignment_code)
    return render_template("criteria/form.html", known=known, text=known.text, now="", key=new_key(), errors={})


def save(cohort_code: str, assignment_code: str) -> ResponseReturnValue:
    """Keep what the form says; where somebody else wrote meanwhile, theirs is shown above it."""
    actor, text = signed_in_actor(), request.form.get("criteria", "")
    seen = request.form.get("version", "")
    try:
        write_criteria(actor, cohort_code, assignment_code, text, seen, sent_form())
    except Refused as refused:
        known = assignment_criteria(actor, cohort_code, assignment_code)
        now = known.text if known.version != seen else ""
        errors = errors_by_field(refused)
        return render_refused("criteria/form.html", known=known, text=text, now=now, key=new_key(), errors=errors)
    say_done(_("Saved. Participants read it on the page of the assignment."))
    return redirect(url_for("assignments.assignment", cohort_code=cohort_code, assignment_code=assignment_code))
