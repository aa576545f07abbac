"""How long something waits, in words."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

WEEKS_FROM = 14
"""Days from which an age is said in weeks."""


def waiting_since(since: date, today: date) -> str:
    """``sinds vandaag``, ``sinds gisteren``, ``al 9 dagen``, ``al 3 weken``."""
    days = (today - since).days
    if days <= 0:
        return _("since today")
    if days == 1:
        return _("since yesterday")
    if days < WEEKS_FROM:
        return ngettext("for %(num)s day", "for %(num)s days", days)
    return ngettext("for %(num)s week", "for %(num)s weeks", days // 7)
