"""One warning: why it stands, answering it, putting it off to a date with a note, and letting it count again."""

from datetime import timedelta

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock, formats
from hto_track.models.warnings import AnswerKind
from hto_track.services.refusals import NotFound, Refused, refuse
from hto_track.services.standings import participant_standing
from hto_track.services.views import WarningInForce
from hto_track.services.warning_answers import Answered, answer_warning, take_back_answer
from hto_track.services.warning_texts import explanation, headline, titles_of
from hto_track.services.warnings import snooze_warning
from hto_track.services.why_warning import why_warning
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_date
from hto_track.web.pictures.why_warning import why_page
from hto_track.web.sent_forms import render_refused, sent_form

USUAL_PAUSE = timedelta(weeks=2)


def why(participant_code: str, warning_id: int) -> ResponseReturnValue:
    """Why it stands."""
    found = why_warning(signed_in_actor(), participant_code, warning_id, clock.today())
    return render_template("warnings/why.html", page=why_page(found), errors={})


def answer(participant_code: str, warning_id: int) -> ResponseReturnValue:
    """Answer it as the button says."""
    note, given = request.form.get("note", ""), request.form.get("answer", "")
    if given not in tuple(AnswerKind):
        abort(400)
    try:
        answered = answer_warning(signed_in_actor(), participant_code, warning_id, AnswerKind(given), note, sent_form())
    except Refused as refused:
        found = why_warning(signed_in_actor(), participant_code, warning_id, clock.today())
        return render_refused("warnings/why.html", page=why_page(found, note), errors=errors_by_field(refused))
    say_done(
        _said(answered),
        undo_url=url_for(
            "warnings.undo_answer",
            participant_code=participant_code,
            warning_id=warning_id,
            answer_id=answered.answer_id,
        ),
    )
    return _to_why(participant_code, warning_id)


def undo_answer(participant_code: str, warning_id: int, answer_id: int) -> ResponseReturnValue:
    """Take an answer back."""
    try:
        take_back_answer(signed_in_actor(), participant_code, warning_id, answer_id)
        say_done(_("Your answer is taken back."))
    except Refused as refused:
        say_refused(refused)
    return _to_why(participant_code, warning_id)


def _said(answered: Answered) -> str:
    match answered.kind:
        case AnswerKind.CALL_ME if answered.tells_leader:
            return str(_("Your project leader gets a mail that you ask for a call."))
        case AnswerKind.CALL_ME:
            return str(_("Your project leader sees that you ask for a call."))
        case AnswerKind.PLANNED:
            return str(_("Your project leader sees that you have planned it."))
        case AnswerKind.SEEN:
            return str(_("Your project leader sees that you have seen it."))


def _to_why(participant_code: str, warning_id: int) -> ResponseReturnValue:
    return redirect(url_for("warnings.why", participant_code=participant_code, warning_id=warning_id))


def snooze(participant_code: str, warning_id: int) -> ResponseReturnValue:
    """Until when, and why it can wait."""
    until = formats.day_numeric(clock.today() + USUAL_PAUSE)
    return render_template(
        "warnings/snooze.html", **_shown(participant_code, warning_id), values={"until": until, "note": ""}, errors={}
    )


def put_off(participant_code: str, warning_id: int) -> ResponseReturnValue:
    """Put it off."""
    typed = {"until": request.form.get("until", ""), "note": request.form.get("note", "")}
    shown = _shown(participant_code, warning_id)
    try:
        until = parse_date(typed["until"], clock.today())
        if until is None:
            raise refuse(_("Fill in a date like 17-11-2026"), "until")
        snoozed = snooze_warning(signed_in_actor(), warning_id, until, typed["note"])
    except Refused as refused:
        return render_refused("warnings/snooze.html", **shown, values=typed, errors=errors_by_field(refused))
    say_done(
        _("Put off until %(date)s.", date=formats.day_short(until)),
        undo_url=url_for("warnings.count_again", participant_code=snoozed.participant, warning_id=warning_id),
    )
    return redirect(url_for("traject.of_participant", participant_code=snoozed.participant))


def count_again(participant_code: str, warning_id: int) -> ResponseReturnValue:
    """Let a warning that was put off count again, from now on."""
    _shown(participant_code, warning_id)
    try:
        snooze_warning(signed_in_actor(), warning_id, None, None)
        say_done(_("This warning counts again."))
    except Refused as refused:
        say_refused(refused.refusals[0])
    return redirect(url_for("traject.of_participant", participant_code=participant_code))


def _shown(participant_code: str, warning_id: int) -> dict[str, object]:
    """Whose warning it is, and what it says; NotFound for one that is not open, or not theirs."""
    standing = participant_standing(signed_in_actor(), participant_code, clock.today())
    member, titles = standing.member, titles_of(standing.plan.assignments)
    warning: WarningInForce | None = next((each for each in member.warnings if each.id == warning_id), None)
    if warning is None:
        raise NotFound
    return {
        "participant": member.member,
        "warning_id": warning_id,
        "headline": headline(warning, titles),
        "explanation": explanation(warning, titles),
    }
