"""Planning internship days: the wish as a form, the days that come of it, and what they do to the weeks."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import day_plain, hours, hours_bare, sentence, week, weekday
from hto_track.rules.days import monday_of
from hto_track.rules.own_plan import Outlook
from hto_track.services.internship_days import DaysProposed
from hto_track.web.pictures.ahead import AheadChart, ahead_chart
from hto_track.web.sent_forms import new_key

VISITS: tuple[tuple[int, Any], ...] = (
    (30, _l("As level as can be")),
    (120, _l("Visits of 2 hours or more")),
    (240, _l("Half days")),
    (480, _l("Whole days")),
)
A_MONDAY = date(2026, 1, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDay:
    """A day to go, and how long."""

    weekday: str
    date: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWeek:
    """A week with its days, and its load with them."""

    name: str
    days: tuple[PlannedDay, ...]
    load: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysPage:
    """The whole page."""

    title: str
    remaining: str
    nothing: str
    weekdays: tuple[tuple[int, str, bool], ...]
    most: str
    visits: tuple[tuple[int, Any], ...]
    visit: int
    headline: str
    headline_class: str
    headline_icon: str
    left: str
    weeks: tuple[PlannedWeek, ...]
    chart: AheadChart
    wish: tuple[tuple[str, str], ...]
    seen: str
    key: str
    can_save: bool


def days_page(proposed: DaysProposed, most: str) -> DaysPage:
    """The page of what a wish comes to; ``most`` is what was typed as the hours of a day."""
    wish, spread = proposed.wish, proposed.spread
    headline, headline_class, icon = _headline(proposed)
    return DaysPage(
        title=_("Plan internship days"),
        remaining=_("%(hours)s of internship are still to be planned.", hours=hours(proposed.remaining)),
        nothing="" if proposed.remaining else _("No internship hours are left to plan."),
        weekdays=tuple(
            (number, sentence(weekday(A_MONDAY + timedelta(days=number))), number in wish.weekdays)
            for number in range(5)
        ),
        most=most or hours_bare(wish.most),
        visits=VISITS,
        visit=wish.visit,
        headline=headline,
        headline_class=headline_class,
        headline_icon=icon,
        left=_("%(hours)s do not fit on these days. Choose more days, or more hours a day.", hours=hours(spread.left))
        if spread.left
        else "",
        weeks=_weeks(spread.days, proposed.after),
        chart=ahead_chart(proposed.after, proposed.before, yours=True),
        wish=(
            *(("dag", str(number)) for number in sorted(wish.weekdays)),
            ("meest", hours_bare(wish.most)),
            ("bezoek", str(wish.visit)),
        ),
        seen=proposed.seen,
        key=new_key(),
        can_save=bool(spread.days) and not proposed.refusals,
    )


def _headline(proposed: DaysProposed) -> tuple[str, str, str]:
    """``De volste week: van 24,5 naar 19 uur``."""
    if not proposed.spread.days:
        return _("There is no day to plan."), "", "info"
    before, after = proposed.before.peak, proposed.after.peak
    days = ngettext("%(num)s day", "%(num)s days", len(proposed.spread.days))
    said = _(
        "%(days)s. The fullest week goes from %(before)s to %(after)s.",
        days=sentence(days),
        before=hours(before, 1),
        after=hours(after, 1),
    )
    is_better = after < before or after <= proposed.after.load.capacity
    return said, "ok" if is_better else "", "circle-check" if is_better else "info"


def _weeks(days: dict[date, int], after: Outlook) -> tuple[PlannedWeek, ...]:
    by_week: dict[date, list[tuple[date, int]]] = {}
    for on, minutes in days.items():
        by_week.setdefault(monday_of(on), []).append((on, minutes))
    loads = {each.monday: each for each in after.weeks}
    return tuple(
        PlannedWeek(
            name=sentence(week(monday)),
            days=tuple(
                PlannedDay(weekday=weekday(on), date=day_plain(on), hours=hours(minutes)) for on, minutes in planned
            ),
            load=_("%(hours)s in all", hours=hours(loads[monday].week.study, 1)) if monday in loads else "",
            is_over=monday in loads and loads[monday].over > 0,
        )
        for monday, planned in by_week.items()
    )
