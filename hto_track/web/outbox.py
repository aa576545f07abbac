"""The outbox: mails that wait, went, or were given up, their text, and trying again."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track.models.ledger import MailState
from hto_track.services.mailbox import mailbox, read_mail, retry_mail
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.pictures.outbox import mail_picture, mailbox_picture


def overview() -> ResponseReturnValue:
    """The mails in one state; ``?show=`` chooses, what waits comes first."""
    asked = request.args.get("show", "")
    state = MailState(asked) if asked in tuple(MailState) else MailState.WAITING
    return render_template("outbox/overview.html", box=mailbox_picture(mailbox(signed_in_actor(), state), state))


def mail(mail_id: int) -> ResponseReturnValue:
    """One mail with its text."""
    return render_template("outbox/mail.html", mail=mail_picture(read_mail(signed_in_actor(), mail_id)))


def retry(mail_id: int) -> ResponseReturnValue:
    """Let a mail that was given up wait to be sent again."""
    try:
        subject = retry_mail(signed_in_actor(), mail_id)
    except Refused as refused:
        say_refused(refused)
        return redirect(url_for("outbox.mail", mail_id=mail_id))
    say_done(_("“%(subject)s” waits to be sent again.", subject=subject))
    return redirect(url_for("outbox.overview"))
