"""A participant who will not come to a lesson."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.services.absences import announce_absence, own_lesson, withdraw_absence
from hto_track.services.enrolments import own_enrolment
from hto_track.services.refusals import Refused
from hto_track.web.access import safe_next, signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.pictures.absences import absence_page, announced_text


def show(lesson_number: int) -> ResponseReturnValue:
    """What stands, and what can be done about it; changes nothing."""
    actor = signed_in_actor()
    own = own_lesson(actor, own_enrolment(actor), lesson_number, clock.now())
    return render_template("lessons/absence.html", page=absence_page(own), next=request.args.get("next", ""))


def announce(lesson_number: int) -> ResponseReturnValue:
    """Say that the participant will not come."""
    actor = signed_in_actor()
    try:
        own = announce_absence(actor, own_enrolment(actor), lesson_number, clock.now())
    except Refused as refused:
        return _refused(lesson_number, refused)
    say_done(announced_text(own), undo_url=url_for("absences.withdraw", lesson_number=lesson_number))
    return redirect(safe_next(request.form.get("next") or url_for("traject.mine")))


def withdraw(lesson_number: int) -> ResponseReturnValue:
    """Take it back: they will come after all."""
    actor = signed_in_actor()
    try:
        own = withdraw_absence(actor, own_enrolment(actor), lesson_number, clock.now())
    except Refused as refused:
        return _refused(lesson_number, refused)
    say_done(announced_text(own))
    return redirect(safe_next(request.form.get("next") or url_for("traject.mine")))


def _refused(lesson_number: int, refused: Refused) -> ResponseReturnValue:
    say_refused(refused)
    return redirect(url_for("absences.show", lesson_number=lesson_number))
