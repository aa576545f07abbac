"""What is said of a question that reaches past the known school holidays (RULES.md section 0)."""

from datetime import date

from flask_babel import gettext as _

from hto_track.formats import day_year
from hto_track.rules.calendar import SchoolCalendar


def holidays_unknown(calendar: SchoolCalendar, last_day: date) -> str:
    """From when on school holidays are not known, in the reader's language; "" when they are known up to ``last_day``."""
    if not calendar.reaches_past(last_day):
        return ""
    if calendar.known_until is None:
        none: str = _("No school holidays are known: every weekday that is no public holiday counts as a school day.")
        return none
    said: str = _(
        "School holidays are known until %(date)s. After that every weekday that is no public holiday counts as a school day.",
        date=day_year(calendar.known_until),
    )
    return said
