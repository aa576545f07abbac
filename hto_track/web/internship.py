"""Internship hours: logging them, and all that were logged."""

from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.rules.facts import Activity
from hto_track.rules.internship_entry import WorkedTime
from hto_track.services.enrolments import own_enrolment
from hto_track.services.entry_views import EntryView
from hto_track.services.internship import (
    HoursList,
    LoggedBefore,
    Visit,
    change_hours,
    hours_of,
    log_hours,
    withdraw_hours,
)
from hto_track.services.refusals import NotFound, Refusal, Refused
from hto_track.web.access import safe_next, signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date, parse_duration, parse_time, parse_whole
from hto_track.web.pictures.internship import (
    CHIPS,
    OTHER,
    TODAY,
    YESTERDAY,
    entry_page,
    hours_page,
    new_hours_form,
    saved_text,
)
from hto_track.web.sent_forms import render_refused, sent_form

LONGEST_BREAK = 24 * 60


def my_hours() -> ResponseReturnValue:
    """All hours of the participant who is signed in."""
    return render_template("internship/hours.html", page=hours_page(_own_hours(), is_own=True))


def hours_of_participant(participant_code: str) -> ResponseReturnValue:
    """All hours of a participant, for who guides them."""
    known = hours_of(signed_in_actor(), participant_code, clock.today())
    return render_template("internship/hours.html", page=hours_page(known, is_own=False))


def log_hours_form() -> ResponseReturnValue:
    """The form; the sheet on other pages takes it from here."""
    form = new_hours_form(_own_hours(), clock.today())
    return render_template("internship/log.html", form=form, errors={})


def save_hours() -> ResponseReturnValue:
    """Save a visit; asks once more when the same is there already."""
    actor, on = signed_in_actor(), clock.today()
    code = own_enrolment(actor)
    question, errors = "", {}
    try:
        entry = log_hours(actor, code, _visit(on), on, again=request.form.get("again") == "1", form=sent_form())
    except LoggedBefore as before:
        question = str(before)
    except Refused as refused:
        errors = _at_fields(refused)
    else:
        say_done(saved_text(entry), undo_url=url_for("internship.undo", entry_id=entry.id))
        return redirect(safe_next(request.form.get("next") or url_for("traject.mine")))
    form = new_hours_form(_own_hours(), on, typed=request.form, question=question)
    return render_refused("internship/log.html", form=form, errors=errors)


def entry(entry_id: int) -> ResponseReturnValue:
    """One visit, to be changed or withdrawn."""
    known = _own_hours()
    return render_template(
        "internship/entry.html", page=entry_page(known, _entry(known, entry_id), clock.today()), errors={}
    )


def change(entry_id: int) -> ResponseReturnValue:
    """Change a visit that nobody decided on yet."""
    actor, on = signed_in_actor(), clock.today()
    version = request.form.get("version", "")
    try:
        changed = change_hours(actor, own_enrolment(actor), entry_id, version, _visit(on), on, sent_form())
    except Refused as refused:
        known = _own_hours()
        page = entry_page(known, _entry(known, entry_id), on, typed=request.form)
        return render_refused("internship/entry.html", page=page, errors=_at_fields(refused))
    say_done(saved_text(changed))
    return redirect(url_for("internship.my_hours"))


def withdraw(entry_id: int) -> ResponseReturnValue:
    """Take a visit back, with a reason where it was confirmed."""
    actor, on = signed_in_actor(), clock.today()
    try:
        withdraw_hours(actor, own_enrolment(actor), entry_id, request.form.get("reason"), on)
    except Refused as refused:
        known = _own_hours()
        page = entry_page(known, _entry(known, entry_id), on)
        return render_refused("internship/entry.html", page=page, errors=errors_by_field(refused))
    say_done(_("The hours are withdrawn."))
    return redirect(url_for("internship.my_hours"))


def undo(entry_id: int) -> ResponseReturnValue:
    """Take back hours that were just saved."""
    actor = signed_in_actor()
    try:
        withdraw_hours(actor, own_enrolment(actor), entry_id, None, clock.today())
        say_done(_("Undone: the hours are withdrawn."))
    except Refused as refused:
        say_refused(refused)
    return redirect(url_for("traject.mine"))


def _own_hours() -> HoursList:
    actor = signed_in_actor()
    return hours_of(actor, own_enrolment(actor), clock.today())


def _entry(known: HoursList, entry_id: int) -> EntryView:
    found = next((entry for entry in known.entries if entry.id == entry_id), None)
    if found is None:
        raise NotFound(f"There is no entry {entry_id}")
    return found


def _visit(on: date) -> Visit:
    """The visit that the form says; Refused with everything in it that cannot be read."""
    refusals: list[Refusal] = []
    worked_on = _worked_on(on, refusals)
    work = _work(worked_on, refusals)
    activity = request.form.get("activity", "")
    placement_id = parse_whole(request.form.get("placement", ""))
    if placement_id is None:
        refusals.append(Refusal(message=_("Choose the school where you were."), field="placement"))
    if refusals or placement_id is None:
        raise Refused(refusals)
    return Visit(
        placement_id=placement_id,
        work=work,
        activity=Activity(activity) if activity in tuple(Activity) else Activity.OTHER,
        note=request.form.get("note"),
    )


def _worked_on(on: date, refusals: list[Refusal]) -> date:
    match request.form.get("day"):
        case "today":
            return on
        case "yesterday":
            return on - timedelta(days=1)
    typed = parse_date(request.form.get("date", ""), on)
    if typed is None:
        refusals.append(Refusal(message=_("Fill in a date like 17-11-2026"), field="worked_on"))
    return typed or on


def _work(worked_on: date, refusals: list[Refusal]) -> WorkedTime:
    chosen = request.form.get("hours", "")
    if chosen != OTHER:
        if chosen not in map(str, CHIPS):
            refusals.append(Refusal(message=_("Fill in how many hours, for example 2.5"), field="hours"))
        return WorkedTime(on=worked_on, minutes_given=parse_whole(chosen) or 0)
    typed = request.form.get("hours_other", "").strip()
    starts, ends = request.form.get("starts_at", "").strip(), request.form.get("ends_at", "").strip()
    if typed or not (starts or ends):
        minutes = parse_duration(typed)
        if minutes is None:
            refusals.append(Refusal(message=_("Fill in how many hours, for example 2.5"), field="hours"))
        return WorkedTime(on=worked_on, minutes_given=minutes or 0)
    starts_at, ends_at = parse_time(starts), parse_time(ends)
    for name, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
        if moment is None:
            refusals.append(Refusal(message=_("Fill in a time like 13:30"), field=name))
    pause = parse_whole(request.form.get("break_minutes", "").strip() or "0")
    if pause is None or pause > LONGEST_BREAK:
        refusals.append(Refusal(message=_("Fill in the break in minutes, for example 30"), field="break_minutes"))
    return WorkedTime(on=worked_on, starts_at=starts_at, ends_at=ends_at, break_minutes=pause or 0)


def _at_fields(refused: Refused) -> dict[str, str]:
    """The errors at the fields as the form has them: a chip, or what was typed under "other"."""
    errors = errors_by_field(refused)
    moves = {
        "hours": "hours_other" if request.form.get("hours") == OTHER else "hours",
        "worked_on": "day" if request.form.get("day") in (TODAY, YESTERDAY) else "date",
        "version": "",
    }
    return {moves.get(field, field): sentence for field, sentence in errors.items()}
