"""A participant's own assignments: what is expected, handing in, and what came of it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services.enrolments import own_enrolment
from hto_track.services.hand_ins import HandedIn, hand_in_file, hand_in_link, undo_hand_in
from hto_track.services.own_assignments import own_assignment, own_assignments, participant_assignments
from hto_track.services.received_files import FIELD, LARGEST, too_large
from hto_track.services.refusals import Refused, refuse
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.own_assignments import list_page, own_assignment_page
from hto_track.web.sent_forms import render_refused, sent_form


def mine() -> ResponseReturnValue:
    """All assignments of the participant who is signed in, what to do first."""
    page = list_page(own_assignments(signed_in_actor(), clock.today()), is_own=True)
    return render_template("own_assignments/list.html", page=page)


def of_participant(participant_code: str) -> ResponseReturnValue:
    """All assignments of a participant, for who guides them."""
    known = participant_assignments(signed_in_actor(), participant_code, clock.today())
    return render_template("own_assignments/list.html", page=list_page(known, is_own=False))


def assignment(assignment_code: str) -> ResponseReturnValue:
    """What exactly is expected, what came of it, and the form to hand in."""
    page = own_assignment_page(own_assignment(signed_in_actor(), assignment_code, clock.today()))
    return render_template("own_assignments/assignment.html", page=page, errors={})


def hand_in(assignment_code: str) -> ResponseReturnValue:
    """Hand in the file or the link of the form."""
    try:
        done = _hand_in(assignment_code)
    except Refused as refused:
        return _refused(assignment_code, refused)
    said = _("Handed in. The newest version counts.") if done.is_later else _("Handed in.")
    key = request.form.get("key", "")
    undo_url = url_for("own_assignments.undo", assignment_code=assignment_code, form_key=key) if key else None
    say_done(said, undo_url=undo_url)
    return redirect(url_for("own_assignments.assignment", assignment_code=assignment_code))


def undo(assignment_code: str, form_key: str) -> ResponseReturnValue:
    """Take back what a form just handed in."""
    try:
        undo_hand_in(signed_in_actor(), assignment_code, form_key)
        say_done(_("Undone: it was not handed in."))
    except Refused as refused:
        say_refused(refused)
    return redirect(url_for("own_assignments.assignment", assignment_code=assignment_code))


def refuse_too_large(assignment_code: str) -> ResponseReturnValue:
    """The page again, after an upload that was too large to be looked at: its form never came in."""
    page = own_assignment_page(own_assignment(signed_in_actor(), assignment_code, clock.today()))
    errors = errors_by_field(too_large())
    return render_template("own_assignments/assignment.html", page=page, errors=errors), 413


def _hand_in(assignment_code: str) -> HandedIn:
    actor, on = signed_in_actor(), clock.today()
    upload, link = request.files.get(FIELD), request.form.get("link", "").strip()
    code = own_enrolment(actor)
    if upload is None or not upload.filename:
        if not link:
            raise refuse(_("Choose a file, or fill in a link."), FIELD)
        return hand_in_link(actor, code, assignment_code, link, on, sent_form())
    if link:
        raise refuse(_("Hand in a file or a link, not both at once."), "link")
    content = upload.stream.read(LARGEST + 1)
    return hand_in_file(actor, code, assignment_code, upload.filename, content, on, sent_form())


def _refused(assignment_code: str, refused: Refused) -> ResponseReturnValue:
    page = own_assignment_page(own_assignment(signed_in_actor(), assignment_code, clock.today()), request.form)
    return render_refused("own_assignments/assignment.html", page=page, errors=errors_by_field(refused))
