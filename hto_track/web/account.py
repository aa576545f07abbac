"""One's own account: where one is signed in, and how one gets in."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.services import sessions
from hto_track.services.passkeys import own_passkeys
from hto_track.services.quiet_hours import own_quiet_hours, set_quiet_hours
from hto_track.services.refusals import Refused
from hto_track.web import sign_in
from hto_track.web.access import signed_in_session
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_time
from hto_track.web.pictures.account import account_picture, times_of
from hto_track.web.pictures.passkeys import passkeys_picture
from hto_track.web.sent_forms import render_refused
from hto_track.web.ways import own_ways_in


def mine() -> ResponseReturnValue:
    """Who one is here, where one is signed in, and when one wants no news."""
    return render_template("account/mine.html", **_shown(), errors={})


def save_quiet_hours() -> ResponseReturnValue:
    """Set when one wants no news by mail."""
    actor, typed = signed_in_session().actor, request.form
    try:
        set_quiet_hours(actor, parse_time(typed.get("from_at", "")), parse_time(typed.get("until_at", "")))
    except Refused as refused:
        asked = (typed.get("from_at", ""), typed.get("until_at", ""))
        return render_refused("account/mine.html", **_shown(asked), errors=errors_by_field(refused))
    say_done(_("Saved. What waits already keeps its hour, or waits longer."))
    return redirect(url_for("account.mine"))


def _shown(quiet: tuple[str, str] | None = None) -> dict[str, object]:
    """What stands on the page; ``quiet`` is what was filled in before."""
    found = signed_in_session()
    own = sessions.own_sessions(found.actor, found.session_id)
    return {
        "account": account_picture(found.actor, own, quiet or times_of(own_quiet_hours(found.actor))),
        "passkeys": passkeys_picture(found.actor, own_passkeys(found.actor), sign_in.device()),
        "ways": own_ways_in(found),
    }


def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out somewhere else."""
    sessions.end_session(signed_in_session().actor, session_id)
    say_done(_("Signed out there."))
    return redirect(url_for("account.mine"))


def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    found = signed_in_session()
    ended = sessions.end_other_sessions(found.actor, found.session_id)
    say_done(ngettext("Signed out on %(num)s other device.", "Signed out on %(num)s other devices.", ended))
    return redirect(url_for("account.mine"))
