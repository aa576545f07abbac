"""The audit trail for administrators, and the histories of participants, cohorts and one's own account."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services.audit_trail import (
    TrailSearch,
    cohort_history,
    own_history,
    participant_history,
    search_trail,
)
from hto_track.web.access import signed_in_actor
from hto_track.web.parsing import parse_date, parse_whole
from hto_track.web.pictures.audit import (
    account_picture,
    action_choices,
    cohort_picture,
    participant_picture,
    trail_picture,
)

ASKED = ("wie", "wat", "over", "van", "tot")
"""What the search is asked by."""


def log() -> ResponseReturnValue:
    """Everything that was changed, latest first; a search narrows it. With a date that is none nothing is looked for."""
    values = {name: request.args.get(name, "").strip() for name in ASKED}
    errors: dict[str, str] = {}
    search = TrailSearch(
        who=values["wie"],
        action=values["wat"],
        about=values["over"],
        first=_day(values, "van", errors),
        last=_day(values, "tot", errors),
    )
    trail = None
    if not errors:
        asked = {name: value for name, value in values.items() if value}
        trail = trail_picture(search_trail(signed_in_actor(), search, _below()), "audit.log", **asked)
    return render_template(
        "audit/log.html",
        trail=trail,
        values=values,
        errors=errors,
        actions=action_choices(),
        is_asked=any(values.values()),
    )


def of_participant(participant_code: str) -> ResponseReturnValue:
    """What was done to a participant, or to one of their records: ``?wat=hours/12``."""
    actor, within = signed_in_actor(), request.args.get("wat", "")
    history = participant_history(actor, participant_code, within, _below())
    return render_template("audit/history.html", history=participant_picture(history, actor, within))


def of_cohort(cohort_code: str) -> ResponseReturnValue:
    """What was done to a cohort and its people, or at one lesson: ``?wat=lessons/3``."""
    actor, within = signed_in_actor(), request.args.get("wat", "")
    history = cohort_history(actor, cohort_code, within, _below())
    return render_template("audit/history.html", history=cohort_picture(history, actor, within))


def own() -> ResponseReturnValue:
    """What was done to one's own account."""
    actor = signed_in_actor()
    return render_template("audit/history.html", history=account_picture(own_history(actor, _below()), actor))


def _below() -> int | None:
    return parse_whole(request.args.get("voor", ""))


def _day(values: dict[str, str], name: str, errors: dict[str, str]) -> date | None:
    if not values[name]:
        return None
    found = parse_date(values[name], clock.today())
    if found is None:
        errors[name] = _("Fill in a date like 17-11-2026")
    return found
