"""Looking back on a programme: planned beside spent, and a click that makes what it proposes a draft of the template."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.documents.looking_back import past_tables
from hto_track.documents.workbooks import workbook_bytes
from hto_track.services.looking_back import programme_looked_back, programmes_to_look_back_on
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.template_proposal import adopt_proposals, undo_adopting
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.pasting import table_file
from hto_track.web.pictures.looking_back import looking_back_page, programme_lines
from hto_track.web.sent_forms import render_refused, sent_form


def overview() -> ResponseReturnValue:
    """The programmes that the reader can look back on; with only one of them, that one."""
    programmes = programmes_to_look_back_on(signed_in_actor(), clock.today())
    if len(programmes) == 1:
        return redirect(url_for("looking_back.programme", programme_code=programmes[0].code))
    return render_template("looking_back/overview.html", programmes=programme_lines(programmes))


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """The cohort, on the page of its programme."""
    for programme in programmes_to_look_back_on(signed_in_actor(), clock.today()):
        if cohort_code in [cohort.code for cohort in programme.cohorts]:
            return redirect(url_for("looking_back.programme", programme_code=programme.code, groep=cohort_code))
    raise NotFound(f"There is no cohort {cohort_code}")


def programme(programme_code: str) -> ResponseReturnValue:
    """All cohorts of a programme, or the one of ``?groep=``."""
    return render_template("looking_back/programme.html", page=_page(programme_code), errors={})


def workbook(programme_code: str) -> ResponseReturnValue:
    """The same as a workbook."""
    known = programme_looked_back(signed_in_actor(), programme_code, clock.today(), request.args.get("groep") or None)
    name = "-".join(filter(None, (programme_code, known.chosen and known.chosen.code, _("looking-back"))))
    return table_file(workbook_bytes(past_tables(known.past)), f"{name}.xlsx")


def adopt(programme_code: str) -> ResponseReturnValue:
    """Make a draft with what is ticked, and show it with what it changes."""
    form = sent_form()
    try:
        made = adopt_proposals(
            signed_in_actor(),
            programme_code,
            request.form.getlist("voorstel"),
            request.form.get("seen", ""),
            clock.today(),
            form,
        )
    except Refused as refused:
        page, errors = _page(programme_code), errors_by_field(refused)
        return render_refused("looking_back/programme.html", page=page, errors=errors)
    undo_url = form and url_for("looking_back.undo", programme_code=programme_code, form_key=form.key)
    text = _("Version %(number)s is made as a draft. Look through it, then publish it.", number=made.number)
    say_done(text, undo_url=undo_url)
    return redirect(url_for("templates.version", template_code=made.code, version_number=made.number))


def undo(programme_code: str, form_key: str) -> ResponseReturnValue:
    """Throw away the draft that was just made."""
    try:
        undo_adopting(signed_in_actor(), programme_code, form_key)
    except Refused as refused:
        say_refused(refused.refusals[0].message)
    else:
        say_done(_("The draft is thrown away."))
    return redirect(url_for("looking_back.programme", programme_code=programme_code))


def _page(programme_code: str) -> object:
    cohort = request.args.get("groep") or None
    return looking_back_page(programme_looked_back(signed_in_actor(), programme_code, clock.today(), cohort))
