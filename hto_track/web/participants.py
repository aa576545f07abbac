"""Adding a participant to a cohort by a form; inviting them is the next step."""

from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services.new_participants import NewParticipant, add_participant, participant_form
from hto_track.services.refusals import Refusal, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date, parse_duration, parse_whole
from hto_track.web.pictures.participants import FIELDS, new_participant_page
from hto_track.web.sent_forms import render_refused, sent_form


def new(cohort_code: str) -> ResponseReturnValue:
    """The form; ``?toegevoegd=`` names who was added just now."""
    known = participant_form(signed_in_actor(), cohort_code, request.args.get("toegevoegd", ""))
    return render_template("cohorts/new_participant.html", page=new_participant_page(known, clock.today()), errors={})


def add(cohort_code: str) -> ResponseReturnValue:
    """Add who the form says, and offer the form for the next."""
    actor, on = signed_in_actor(), clock.today()
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        added = add_participant(actor, cohort_code, _new_participant(typed, on), on, sent_form())
    except Refused as refused:
        page = new_participant_page(participant_form(actor, cohort_code), on, typed)
        return render_refused("cohorts/new_participant.html", page=page, errors=errors_by_field(refused))
    say_done(_("%(name)s is added.", name=added.name))
    return redirect(url_for("participants.new", cohort_code=cohort_code, toegevoegd=added.code))


def _new_participant(typed: dict[str, str], on: date) -> NewParticipant:
    """What was filled in; Refused for what is no date, no hours or no number."""
    refusals = []
    start_on = parse_date(typed["start_on"], on)
    if start_on is None and typed["start_on"].strip():
        refusals.append(Refusal(message=_("Fill in a date like 17-11-2026"), field="start_on"))
    study = parse_duration(typed["study_hours_per_week"])
    if study is None and typed["study_hours_per_week"].strip():
        refusals.append(Refusal(message=_("Fill in how many hours, for example 2.5"), field="study_hours_per_week"))
    travel = parse_whole(typed["travel_minutes"])
    if travel is None and typed["travel_minutes"].strip():
        refusals.append(Refusal(message=_("Fill in how many minutes, for example 45"), field="travel_minutes"))
    if refusals:
        raise Refused(refusals)
    texts = ("participant_code", "given_name", "name_prefix", "family_name", "email", "employer")
    return NewParticipant(
        **{name: typed[name] for name in texts},
        start_on=start_on,
        study_hours_per_week=study,
        travel_minutes=travel or 0,
    )
