"""One's own account: where one is signed in, and how one gets in."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.services import sessions
from hto_track.services.passkeys import own_passkeys
from hto_track.web import sign_in
from hto_track.web.access import signed_in_session
from hto_track.web.flashes import say_done
from hto_track.web.pictures.account import account_picture
from hto_track.web.pictures.passkeys import passkeys_picture
from hto_track.web.ways import own_ways_in


def mine() -> ResponseReturnValue:
    """Who one is here, and where one is signed in."""
    found = signed_in_session()
    own = sessions.own_sessions(found.actor, found.session_id)
    return render_template(
        "account/mine.html",
        account=account_picture(found.actor, own),
        passkeys=passkeys_picture(found.actor, own_passkeys(found.actor), sign_in.device()),
        ways=own_ways_in(found),
    )


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
