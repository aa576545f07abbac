"""Weeks ahead: try what can move, keep it as one's plan, and lay out the internship that remains."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from hto_track import clock
from hto_track.services import internship_days, ways_out
from hto_track.services.enrolments import own_enrolment
from hto_track.services.internship_days import DaysWish
from hto_track.services.refusals import Refused
from hto_track.services.ways_out import PlanKept, Step
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_duration, parse_whole
from hto_track.web.pictures.ahead import ahead_page, saved_text
from hto_track.web.pictures.internship_days import days_page
from hto_track.web.pictures.ways_out import step_of
from hto_track.web.sent_forms import render_refused, sent_form

TRIED = "probeer"


def mine() -> ResponseReturnValue:
    """One's own weeks ahead; ``?probeer=eerder.2026-06-29.A4`` shows what that would do, one after the other."""
    actor = signed_in_actor()
    ahead = ways_out.own_weeks_ahead(actor, own_enrolment(actor), _steps(request.args), clock.today())
    return render_template("ahead/mine.html", page=ahead_page(ahead, yours=True), errors={})


def of_participant(participant_code: str) -> ResponseReturnValue:
    """The weeks ahead of a participant with their own plan, for who guides them."""
    ahead = ways_out.weeks_ahead_of(signed_in_actor(), participant_code, clock.today())
    return render_template("ahead/mine.html", page=ahead_page(ahead, yours=False), errors={})


def keep() -> ResponseReturnValue:
    """Keep what was tried as one's plan."""
    actor, on, steps = signed_in_actor(), clock.today(), _steps(request.form)
    code = own_enrolment(actor)
    try:
        kept = ways_out.keep_plan(actor, code, steps, request.form.get("seen", ""), on, sent_form())
    except Refused as refused:
        page = ahead_page(ways_out.own_weeks_ahead(actor, code, steps, on), yours=True)
        return render_refused("ahead/mine.html", page=page, errors=errors_by_field(refused))
    return _done(kept)


def drop() -> ResponseReturnValue:
    """Let go of one's plan."""
    actor, on = signed_in_actor(), clock.today()
    code = own_enrolment(actor)
    try:
        kept = ways_out.drop_plan(actor, code, request.form.get("seen", ""), on, sent_form())
    except Refused as refused:
        page = ahead_page(ways_out.own_weeks_ahead(actor, code, (), on), yours=True)
        return render_refused("ahead/mine.html", page=page, errors=errors_by_field(refused))
    return _done(kept)


def undo(form_key: str) -> ResponseReturnValue:
    """Give back one's plan as it was before a form."""
    actor = signed_in_actor()
    try:
        ways_out.undo_plan(actor, own_enrolment(actor), form_key, clock.today())
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(_("Your plan is as it was."))
    return redirect(url_for("ahead.mine"))


def days() -> ResponseReturnValue:
    """The internship that remains, laid over days; ``?dag=0&dag=3&meest=8&bezoek=240`` for other ones."""
    actor, on = signed_in_actor(), clock.today()
    asked = "meest" in request.args
    proposed = internship_days.propose_days(actor, own_enrolment(actor), _wish(request.args) if asked else None, on)
    page = days_page(proposed, request.args.get("meest", ""))
    return render_template("ahead/days.html", page=page, errors=errors_by_field(Refused(proposed.refusals)))


def keep_days() -> ResponseReturnValue:
    """Keep those days as one's plan."""
    actor, on, wish = signed_in_actor(), clock.today(), _wish(request.form)
    code = own_enrolment(actor)
    try:
        kept = internship_days.keep_days(actor, code, wish, request.form.get("seen", ""), on, sent_form())
    except Refused as refused:
        page = days_page(internship_days.propose_days(actor, code, wish, on), request.form.get("meest", ""))
        return render_refused("ahead/days.html", page=page, errors=errors_by_field(refused))
    return _done(kept)


def _done(kept: PlanKept) -> ResponseReturnValue:
    key = request.form.get("key", "")
    undo_url = url_for("ahead.undo", form_key=key) if kept.is_change and key else None
    say_done(saved_text(len(kept.emptied), is_change=kept.is_change), undo_url=undo_url)
    return redirect(url_for("ahead.mine"))


def _steps(values: MultiDict[str, str]) -> tuple[Step, ...]:
    found = (step_of(text) for text in values.getlist(TRIED))
    return tuple(step for step in found if step is not None)


def _wish(values: MultiDict[str, str]) -> DaysWish:
    """What was filled in; what cannot be read is refused as what cannot be."""
    weekdays = {parse_whole(text) for text in values.getlist("dag")}
    return DaysWish(
        weekdays=frozenset(number for number in weekdays if number is not None and number < 5),
        most=parse_duration(values.get("meest", "")) or 0,
        visit=parse_whole(values.get("bezoek", "")) or 0,
    )
