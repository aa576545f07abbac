"""Confirming hours: what waits for a supervising teacher or the college, with an account or by a mailed link."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.rules.facts import EntryState
from hto_track.services import supervisor_links
from hto_track.services.attempts import network_of
from hto_track.services.confirmations import (
    HoursDecided,
    HoursDecision,
    decide_hours,
    hours_to_decide,
    take_back_decisions,
    undo_decisions,
)
from hto_track.services.refusals import NotFound, Refused
from hto_track.services.supervisor_links import LinkTooOld, visit_by_link
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_whole
from hto_track.web.pictures.internship import changed_text, decided_text, waiting_cards
from hto_track.web.pictures.supervisor_visit import visit_page
from hto_track.web.sent_forms import render_refused, sent_form

MOST_UNDONE = 500
VERSION, REJECTS, REASON = "version-", "rejects-", "reason-"


def mine() -> ResponseReturnValue:
    """The hours that wait for the reader, by participant."""
    cards = waiting_cards(hours_to_decide(signed_in_actor(), clock.today()))
    return render_template("confirmations/mine.html", cards=cards, errors={}, typed={}, rejecting=())


def decide() -> ResponseReturnValue:
    """Confirm the entries of the form, but those that are ticked as not right: they are rejected with their reason."""
    actor, on = signed_in_actor(), clock.today()
    try:
        decided = decide_hours(actor, _decisions(), on, sent_form())
    except Refused as refused:
        cards = waiting_cards(hours_to_decide(actor, on))
        return render_refused("confirmations/mine.html", cards=cards, **_as_typed(refused))
    _say(decided, undo_url=url_for("confirmations.undo", form_key=request.form.get("key", "-")))
    return redirect(url_for("confirmations.mine"))


def undo(form_key: str) -> ResponseReturnValue:
    """Let the entries of a form wait again."""
    undone = undo_decisions(signed_in_actor(), form_key)
    if undone.changed:
        say_refused(changed_text(undone.changed))
    return redirect(url_for("confirmations.mine"))


def by_link(token: str) -> ResponseReturnValue:
    """The hours of one placement that wait for its supervisor, who needs no account. Opening it does nothing."""
    on = clock.today()
    try:
        visit = visit_by_link(token, on)
    except Refused as refused:
        return _link_refused(token, refused)
    cards = waiting_cards(hours_to_decide(visit.actor, on))
    return render_template(
        "confirmations/by_link.html", page=visit_page(visit, token), cards=cards, errors={}, typed={}, rejecting=()
    )


def decide_by_link(token: str) -> ResponseReturnValue:
    """As ``decide``, for who came by the link."""
    on = clock.today()
    try:
        visit = visit_by_link(token, on)
    except Refused as refused:
        return _link_refused(token, refused)
    try:
        decided = decide_hours(visit.actor, _decisions(), on)
    except Refused as refused:
        cards = waiting_cards(hours_to_decide(visit.actor, on))
        page = visit_page(visit, token)
        return render_refused("confirmations/by_link.html", page=page, cards=cards, **_as_typed(refused))
    numbers = "-".join(map(str, decided.decisions))
    _say(decided, undo_url=url_for("confirmations.undo_by_link", token=token, decisions=numbers or "-"))
    return redirect(url_for("confirmations.by_link", token=token))


def undo_by_link(token: str, decisions: str) -> ResponseReturnValue:
    """Let the entries wait again that were decided on by this link."""
    try:
        visit = visit_by_link(token, clock.today())
    except Refused as refused:
        return _link_refused(token, refused)
    numbers = [number for number in map(parse_whole, decisions.split("-")[:MOST_UNDONE]) if number is not None]
    undone = take_back_decisions(visit.actor, numbers)
    if undone.changed:
        say_refused(changed_text(undone.changed))
    return redirect(url_for("confirmations.by_link", token=token))


def renew_link(token: str) -> ResponseReturnValue:
    """Mail a new link to the supervisor for whom this one was."""
    try:
        supervisor_links.renew_link(token, network_of(request.remote_addr))
    except Refused as refused:
        return _link_refused(token, refused)
    return render_template("confirmations/link_renewed.html")


def _link_refused(token: str, refused: Refused) -> ResponseReturnValue:
    can_renew = isinstance(refused, LinkTooOld)
    page = render_template(
        "confirmations/link_refused.html", refusals=refused.refusals, token=token, can_renew=can_renew
    )
    return page, 410


def _as_typed(refused: Refused) -> dict[str, Any]:
    """What the page needs to show the form again as it was filled in."""
    rejecting = tuple(decision.entry_id for decision in _decisions() if decision.reject_reason is not None)
    return {"errors": errors_by_field(refused), "typed": request.form, "rejecting": rejecting}


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
