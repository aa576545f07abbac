"""The outbox in words."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import moment
from hto_track.models.ledger import MailState
from hto_track.services.mailbox import MOST_SHOWN, Mailbox, MailLine, MailRead


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """How many mails are in a state, as a link to them."""

    value: str
    label: Any
    icon: str
    icon_class: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A mail in the list."""

    href: str
    subject: str
    to: str
    detail: str
    icon: str
    icon_class: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPicture:
    """The page: its title says what is the matter, if anything."""

    title: str
    explanation: str
    tabs: tuple[Tab, ...]
    list_title: Any
    rows: tuple[MailRow, ...]
    empty: Any
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPicture:
    """One mail with its text; ``retry_href`` where it can be tried again."""

    subject: str
    to: str
    facts: tuple[tuple[str, str], ...]
    tag: Any
    tag_kind: str
    tag_icon: str
    paragraphs: tuple[tuple[str, ...], ...]
    retry_href: str | None


STATES: dict[MailState, tuple[Any, str, str, Any]] = {
    MailState.WAITING: (_l("Waiting"), "clock", "", _l("No mail is waiting.")),
    MailState.SENT: (_l("Sent"), "mail-check", "ok", _l("No mail has been sent yet.")),
    MailState.DEAD: (_l("Not delivered"), "circle-alert", "bad", _l("Every mail could be delivered.")),
}
"""Its word, icon and colour, and what to say when there is none."""


def mailbox_picture(box: Mailbox, state: MailState) -> MailboxPicture:
    """The outbox with the mails of ``state``."""
    word, _icon, _kind, empty = STATES[state]
    return MailboxPicture(
        title=_title(box),
        explanation=""
        if box.sends
        else _("There is no mail server in the settings (HTO_SMTP_HOST): mails wait here until there is one."),
        tabs=tuple(_tab(box, each, state) for each in MailState),
        list_title=word,
        rows=tuple(map(_row, box.mails)),
        empty=empty,
        note=_("The latest %(most)s are shown.", most=MOST_SHOWN) if box.counts[state] > MOST_SHOWN else "",
    )


def mail_picture(read: MailRead) -> MailPicture:
    """One mail."""
    line = read.line
    word, icon, kind, _empty = STATES[line.state]
    facts = [(_("Written"), moment(line.queued_at)), (_("Attempts"), str(line.attempts))]
    if line.sent_at is not None:
        facts.append((_("Sent"), moment(line.sent_at)))
    if line.state is MailState.WAITING:
        facts.append((_("Next attempt"), moment(line.next_attempt_at)))
    if line.last_error:
        facts.append((_("Reason"), line.last_error))
    if line.is_uncertain:
        facts.append(
            (_("Uncertain"), _("It may have arrived already: the sender stopped before it could write that down."))
        )
    return MailPicture(
        subject=line.subject,
        to=line.recipient,
        facts=tuple(facts),
        tag=word,
        tag_kind=kind,
        tag_icon=icon,
        paragraphs=tuple(tuple(part.splitlines()) for part in read.body.strip().split("\n\n")),
        retry_href=url_for("outbox.retry", mail_id=line.id) if read.may_retry else None,
    )


def _title(box: Mailbox) -> str:
    dead, waiting = box.counts[MailState.DEAD], box.counts[MailState.WAITING]
    if dead:
        return ngettext("%(num)s mail could not be delivered", "%(num)s mails could not be delivered", dead)
    if waiting:
        return ngettext("%(num)s mail is waiting", "%(num)s mails are waiting", waiting)
    return _("All mails have been sent")


def _tab(box: Mailbox, each: MailState, current: MailState) -> Tab:
    word, icon, kind, _empty = STATES[each]
    return Tab(
        value=str(box.counts[each]),
        label=word,
        icon=icon,
        icon_class=f"i-{kind}" if kind else "",
        href=url_for("outbox.overview", show=each.value),
        is_current=each is current,
    )


def _row(line: MailLine) -> MailRow:
    _word, icon, kind, _empty = STATES[line.state]
    match line.state:
        case MailState.SENT:
            detail = moment(line.sent_at or line.queued_at)
        case MailState.DEAD:
            detail = line.last_error or ""
        case _:
            detail = line.last_error or _("written %(moment)s", moment=moment(line.queued_at))
    return MailRow(
        href=url_for("outbox.mail", mail_id=line.id),
        subject=line.subject,
        to=line.recipient,
        detail=detail,
        icon=icon,
        icon_class=f"i-{kind}" if kind else "",
    )
