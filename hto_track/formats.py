"""How figures and dates are said in the reader's language: one way, for pages, mails and documents (UX.md section 8).

Dutch writes ``wo 18 november``, ``18.30–21.00 uur``, ``2,5 uur``, ``1.250``; English ``Wed 18 November``, ``18:30–21:00``,
``2.5 hours``, ``1,250``. A number and its unit are kept on one line. Minutes in, hours out; a share is 0 to 1.
"""

from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from babel.dates import format_date as babel_date
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from hto_track.languages import LANGUAGES
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.rounding import MINUTES_PER_HOUR

NBSP = "\u00a0"
_SWAP = str.maketrans(",.", ".,")

Number = int | float | Decimal | Fraction


def language() -> str:
    """The language texts are being put into: that of the reader, or of the addressee of a mail."""
    locale = get_locale()
    return LANGUAGES[0] if locale is None else str(locale.language)


def number(value: Number, places: int = 2) -> str:
    """At most ``places`` decimals, halves up: ``2,5``, ``1.250``."""
    exact = Fraction(str(value)) if isinstance(value, float | Decimal) else value
    return _rounded(exact.numerator, exact.denominator, places)


def hours_said(value: Number, places: int = 2) -> str:
    """Hours with their unit in full: ``2,5 uur``, ``1 hour``."""
    return _hours_in_full(number(value, places))


def hours(minutes: Fraction | int, places: int = 2) -> str:
    """Minutes as hours with their unit in full: ``2,5 uur``."""
    return _hours_in_full(hours_bare(minutes, places))


def hours_short(minutes: Fraction | int, places: int = 2) -> str:
    """Minutes as hours with the unit's letter: ``2,5 u``."""
    return _("%(hours)s h", hours=hours_bare(minutes, places)).replace(" ", NBSP)


def hours_bare(minutes: Fraction | int, places: int = 2) -> str:
    """Minutes as hours without unit, for tables that name it in their head: ``2,5``."""
    return _rounded(minutes.numerator, minutes.denominator * MINUTES_PER_HOUR, places)


def percent(share: Number) -> str:
    """``92%``, whole, halves up."""
    return f"{number(Fraction(str(share)) * 100, 0)}%"


def day(on: date) -> str:
    """``wo 18 november``."""
    return _date(on, "EEE d MMMM")


def day_plain(on: date) -> str:
    """``18 november``."""
    return _date(on, "d MMMM")


def day_short(on: date) -> str:
    """``18 nov``."""
    return _date(on, "d MMM").replace(".", "")


def day_year(on: date) -> str:
    """``18 nov 2026``."""
    return _date(on, "d MMM y").replace(".", "")


def day_dated(on: date, today: date) -> str:
    """``18 november``; ``18 nov 2025`` when that is not a day of this year."""
    return day_plain(on) if on.year == today.year else day_year(on)


def day_short_dated(on: date, today: date) -> str:
    """``18 nov``; ``18 nov 2025`` when that is not a day of this year."""
    return day_short(on) if on.year == today.year else day_year(on)


def day_numeric(on: date) -> str:
    """``18-11-2026``; in English ``18/11/2026``."""
    return on.strftime("%d-%m-%Y" if language() == "nl" else "%d/%m/%Y")


def day_tiny(on: date) -> str:
    """``18-11``, for under a bar."""
    return f"{on.day}-{on.month}" if language() == "nl" else f"{on.day}/{on.month}"


def weekday(on: date) -> str:
    """``woensdag``."""
    return _date(on, "EEEE")


def weekday_short(on: date) -> str:
    """``wo``."""
    return _date(on, "EEE")


def month_short(on: date) -> str:
    """``nov``."""
    return _date(on, "MMM").replace(".", "")


def month_year(on: date) -> str:
    """``november 2026``."""
    return _date(on, "LLLL y")


def days_from_to(first: date, last: date) -> str:
    """``16 t/m 22 november``."""
    start = str(first.day) if (first.month, first.year) == (last.month, last.year) else day_plain(first)
    return _("%(first)s to %(last)s", first=start, last=day_plain(last)).replace(" ", NBSP)


def clock_time(at: time) -> str:
    """``18.30 uur``; in English ``18:30``."""
    return _("%(time)s", time=_clock(at)).replace(" ", NBSP)


def clock_from_to(start: time, end: time) -> str:
    """``18.30–21.00 uur``; in English ``18:30–21:00``."""
    return _("%(time)s", time=f"{_clock(start)}–{_clock(end)}").replace(" ", NBSP)


def moment(at: datetime) -> str:
    """``di 17 nov, 20.42 uur``, in Amsterdam; ``at`` has a time zone."""
    local = at.astimezone(AMSTERDAM)
    return f"{weekday_short(local)} {day_short(local)}, {clock_time(local.time())}"


def week(on: date) -> str:
    """``week 47``, of the ISO calendar."""
    return _("week %(number)s", number=on.isocalendar().week).replace(" ", NBSP)


def when(on: date, today: date) -> str:
    """``vandaag``, ``morgen``, ``woensdag`` within the week, else ``over 12 dagen``; a day past is said with its date."""
    ahead = (on - today).days
    if ahead < 0:
        return day(on)
    if ahead == 0:
        return _("today")
    if ahead == 1:
        return _("tomorrow, %(weekday)s", weekday=weekday(on))
    if ahead < 7:
        return weekday(on)
    return ngettext("in %(num)s day", "in %(num)s days", ahead)


def sentence(text: str) -> str:
    """``text`` with a capital to begin with; the rest stays."""
    return text[:1].upper() + text[1:]


def _rounded(numerator: int, denominator: int, places: int) -> str:
    """A fraction as text, in whole numbers: a page of charts says hundreds of them."""
    scale = 10**places
    scaled = (2 * numerator * scale + denominator) // (2 * denominator)
    whole, rest = divmod(abs(scaled), scale)
    decimals = f"{rest:0{places}d}".rstrip("0") if rest else ""
    text = f"{'-' if scaled < 0 else ''}{whole:,}{'.' if decimals else ''}{decimals}"
    return text.translate(_SWAP) if language() == "nl" else text


def _hours_in_full(said: str) -> str:
    return ngettext("%(hours)s hour", "%(hours)s hours", 1 if said == "1" else 2, hours=said).replace(" ", NBSP)


def _date(on: date, pattern: str) -> str:
    return str(babel_date(on, pattern, locale=language()))


def _clock(at: time) -> str:
    return f"{at.hour}.{at.minute:02d}" if language() == "nl" else f"{at.hour:02d}:{at.minute:02d}"
