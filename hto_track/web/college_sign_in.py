"""Signing in through the college: there and back again; and undoing the link with one's account."""

from dataclasses import asdict

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track.services import college_sign_in
from hto_track.services.attempts import network_of
from hto_track.services.openid import Flow, ProviderTrouble
from hto_track.services.refusals import Refused
from hto_track.web.access import enter, safe_next, signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.sign_in import NEXT, device

FLOW = "college"
"""The key under which the cookie keeps what belongs to the way there and back: for one answer."""


def begin() -> ResponseReturnValue:
    """Go to the college's own sign-in. A link and no form: the policy for content lets no form lead elsewhere."""
    target = safe_next(request.args.get("next"))
    try:
        address, flow = college_sign_in.begin_sign_in(network_of(request.remote_addr))
    except ProviderTrouble:
        return _trouble(target)
    session[FLOW] = {"flow": asdict(flow), NEXT: target}
    return redirect(address)


def back() -> ResponseReturnValue:
    """Come back from the college: signed in, or told why not."""
    kept = session.pop(FLOW, None) or {}
    flow = Flow(**kept["flow"]) if kept else None
    target = safe_next(kept.get(NEXT))
    try:
        token = college_sign_in.finish_sign_in(flow, request.args.to_dict(), network_of(request.remote_addr), device())
    except ProviderTrouble:
        return _trouble(target)
    except Refused as refused:
        college = college_sign_in.college_name()
        page = render_template("sign_in/college_refused.html", college=college, refusals=refused.refusals, next=target)
        return page, 403
    enter(token)
    return redirect(target)


def unlink() -> ResponseReturnValue:
    """Undo the link of one's own account."""
    college_sign_in.unlink_college(signed_in_actor())
    say_done(_("Your account is no longer linked to %(college)s.", college=college_sign_in.college_name()))
    return redirect(url_for("account.mine"))


def _trouble(target: str) -> ResponseReturnValue:
    college = college_sign_in.college_name()
    return render_template("sign_in/college_away.html", college=college, next=target), 502
