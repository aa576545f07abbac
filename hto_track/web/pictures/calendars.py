"""The addresses with which calendars elsewhere read along, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from hto_track import formats
from hto_track.services.calendar_feed import OwnCalendar, Subscription
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarCard:
    """An agenda that can be read elsewhere."""

    id: str
    title: str
    what: str
    cohort_code: str
    address: str
    """Empty until there is one."""
    opening: str
    """The same address, which opens the calendar of the device."""
    read: str
    renew_href: str
    end_href: str
    key: str
    download_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarsPage:
    """The whole page."""

    cards: tuple[CalendarCard, ...]
    has_address: bool


def calendars_page(calendars: Iterable[OwnCalendar]) -> CalendarsPage:
    """A card for each calendar."""
    cards = tuple(_card(one) for one in calendars)
    return CalendarsPage(cards=cards, has_address=any(card.address for card in cards))


def _card(calendar: OwnCalendar) -> CalendarCard:
    code, one = calendar.cohort_code, calendar.subscription
    title, what, download = (
        (_("Your own agenda"), _("Everything that stands in your agenda here."), url_for("agenda.download"))
        if code is None
        else (
            _("Agenda of %(cohort)s", cohort=calendar.cohort_name),
            _("The lessons and due dates of this cohort."),
            url_for("cohorts.agenda_file", cohort_code=code),
        )
    )
    number = 0 if one is None else one.id
    return CalendarCard(
        id=f"agenda-{code or 'mine'}",
        title=title,
        what=what,
        cohort_code=code or "",
        address=one.address if one else "",
        opening="webcal:" + one.address.partition(":")[2] if one else "",
        read=_read(one) if one else "",
        renew_href=url_for("agenda.renew", subscription_id=number) if one else "",
        end_href=url_for("agenda.end", subscription_id=number) if one else "",
        key=new_key(),
        download_href=download,
    )


def _read(one: Subscription) -> str:
    if one.last_read_at is None:
        return _("Not read by any calendar yet.")
    return _("Last read on %(moment)s.", moment=formats.moment(one.last_read_at))
