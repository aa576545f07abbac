"""Who sees what of a participant, and sharing with an employer."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services.refusals import Refused
from hto_track.services.sharing import share_again, share_with_employer, stop_sharing
from hto_track.services.who_sees import who_sees
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.who_sees import who_sees_picture
from hto_track.web.sent_forms import render_refused, sent_form


def mine() -> ResponseReturnValue:
    """Who sees what of the participant who is signed in, and who looked."""
    page = who_sees_picture(who_sees(signed_in_actor()), clock.today())
    return render_template("sharing/mine.html", page=page, errors={})


def share() -> ResponseReturnValue:
    """Share with the address that was typed."""
    actor, email = signed_in_actor(), request.form.get("email", "")
    try:
        made = share_with_employer(actor, email, sent_form())
    except Refused as refused:
        page = who_sees_picture(who_sees(actor), clock.today(), email=email)
        return render_refused("sharing/mine.html", page=page, errors=errors_by_field(refused))
    say_done(
        _("You share your load with %(email)s. We mailed a link.", email=made.email),
        undo_url=url_for("sharing.stop", share_id=made.id),
    )
    return redirect(url_for("sharing.mine"))


def stop(share_id: int) -> ResponseReturnValue:
    """Share no more with one address."""
    ended = stop_sharing(signed_in_actor(), share_id)
    say_done(
        _("%(email)s sees nothing of you any more.", email=ended.email),
        undo_url=url_for("sharing.again", share_id=share_id),
    )
    return redirect(url_for("sharing.mine"))


def again(share_id: int) -> ResponseReturnValue:
    """Share again with an address of before; also what undoes stopping."""
    try:
        made = share_again(signed_in_actor(), share_id)
    except Refused as refused:
        say_refused(refused)
    else:
        say_done(
            _("You share your load with %(email)s again.", email=made.email),
            undo_url=url_for("sharing.stop", share_id=made.id),
        )
    return redirect(url_for("sharing.mine"))
