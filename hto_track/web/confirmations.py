"""Confirming hours: what waits for a supervising teacher or the college."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.rules.facts import EntryState
from hto_track.services.confirmations import HoursDecided, HoursDecision, decide_hours, hours_to_decide, undo_decisions
from hto_track.services.refusals import NotFound, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_whole
from hto_track.web.pictures.internship import changed_text, decided_text, waiting_cards
from hto_track.web.sent_forms import render_refused, sent_form

VERSION, REJECTS, REASON = "version-", "rejects-", "reason-"


def mine() -> ResponseReturnValue:
    """The hours that wait for the reader, by participant."""
    cards = waiting_cards(hours_to_decide(signed_in_actor(), clock.today()))
    return render_template("confirmations/mine.html", cards=cards, errors={}, typed={}, rejecting=())


def decide() -> ResponseReturnValue:
    """Confirm the entries of the form, but those that are ticked as not right: they are rejected with their reason."""
    actor, on = signed_in_actor(), clock.today()
    decisions = _decisions()
    try:
        decided = decide_hours(actor, decisions, on, sent_form())
    except Refused as refused:
        cards = waiting_cards(hours_to_decide(actor, on))
        rejecting = tuple(decision.entry_id for decision in decisions if decision.reject_reason is not None)
        return render_refused(
            "confirmations/mine.html",
            cards=cards,
            errors=errors_by_field(refused),
            typed=request.form,
            rejecting=rejecting,
        )
    _say(decided, undo_url=url_for("confirmations.undo", form_key=request.form.get("key", "-")))
    return redirect(url_for("confirmations.mine"))


def undo(form_key: str) -> ResponseReturnValue:
    """Let the entries of a form wait again."""
    undone = undo_decisions(signed_in_actor(), form_key)
    if undone.changed:
        say_refused(changed_text(undone.changed))
    return redirect(url_for("confirmations.mine"))


def _say(decided: HoursDecided, undo_url: str) -> None:
    confirmed = [entry for entry in decided.decided if entry.state is EntryState.CONFIRMED]
    rejected = [entry for entry in decided.decided if entry.state is EntryState.REJECTED]
    if decided.decided:
        say_done(decided_text(confirmed, rejected), undo_url=undo_url)
    if decided.changed:
        say_refused(changed_text(decided.changed))


def _decisions() -> list[HoursDecision]:
    """One for each entry that the form shows."""
    decisions = []
    for name, version in request.form.items():
        if not name.startswith(VERSION):
            continue
        number = name.removeprefix(VERSION)
        entry_id = parse_whole(number)
        if entry_id is None:
            raise NotFound
        rejects = request.form.get(REJECTS + number) == "1"
        reason = request.form.get(REASON + number, "") if rejects else None
        decisions.append(HoursDecision(entry_id=entry_id, version=version, reject_reason=reason))
    return decisions
