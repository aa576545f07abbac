"""How long data are kept: the periods, what is announced, and keeping something for now."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.services import retention
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.pictures.retention import notice_page, retention_page
from hto_track.web.sent_forms import render_refused


def overview() -> ResponseReturnValue:
    """The periods, what goes when, what is kept, what went."""
    known = retention.retention_overview(signed_in_actor(), clock.today())
    return render_template("retention/overview.html", page=retention_page(known))


def notice(notice_id: int) -> ResponseReturnValue:
    """One announcement."""
    return _shown(notice_id, "", {})


def hold(notice_id: int) -> ResponseReturnValue:
    """Keep what was announced."""
    reason = request.form.get("reason", "")
    try:
        retention.hold_notice(signed_in_actor(), notice_id, reason, clock.today())
    except Refused as refused:
        found = retention.find_notice(signed_in_actor(), notice_id)
        return render_refused(
            "retention/notice.html", page=notice_page(found), reason=reason, errors=errors_by_field(refused)
        )
    say_done(_("This is kept until you let it go."))
    return redirect(url_for("retention.notice", notice_id=notice_id))


def release(notice_id: int) -> ResponseReturnValue:
    """Let go of what was kept."""
    retention.release_notice(signed_in_actor(), notice_id)
    say_done(_("This is no longer kept: it goes on its date."))
    return redirect(url_for("retention.notice", notice_id=notice_id))


def _shown(notice_id: int, reason: str, errors: dict[str, str]) -> str:
    found = retention.find_notice(signed_in_actor(), notice_id)
    return render_template("retention/notice.html", page=notice_page(found), reason=reason, errors=errors)
