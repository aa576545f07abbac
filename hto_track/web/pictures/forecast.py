"""The forecast in words and as a picture: what the coming weeks will really take, of one person and of a cohort."""

from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day_tiny, hours, hours_bare, percent, week
from hto_track.rules.cohort_figures import FEWEST
from hto_track.rules.forecast import Basis, Factors, Forecast, ForecastWeek
from hto_track.services.forecasts import CohortForecast
from hto_track.web.pictures.count_columns import CountColumns, count_columns

AS_PLANNED = Fraction(1, 20)
"""A correction smaller than this share is no difference to speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastWords:
    """What the whiskers on a chart of weeks are, and what they rest on; ``early`` while nothing was learned yet."""

    early: str
    rests_on: str
    means: str
    likely: str
    """What the mark in the middle is called in a legend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdedWeekRow:
    """A week of a cohort in the table: how many people lie above their room."""

    name: str
    begins: str
    planned: str
    likely: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortAhead:
    """The coming weeks of a cohort, as a chart and as a table."""

    title: str
    chart: CountColumns
    rows: tuple[CrowdedWeekRow, ...]
    rests_on: str


def forecast_words(forecast: Forecast, *, yours: bool) -> ForecastWords | None:
    """The sentences beside a person's chart; None for whom no week comes any more."""
    if not any(each.high for each in forecast.weeks):
        return None
    factors = forecast.factors
    early = factors.basis is Basis.NOTHING
    return ForecastWords(
        early=_("Too early for a forecast") if early else "",
        rests_on=_rests_on(factors, yours=yours),
        means=_("Eight of ten weeks end up between the ends of the line; the dot is in the middle of that."),
        likely=_("Likely, with its range"),
    )


def _rests_on(factors: Factors, *, yours: bool) -> str:
    if factors.basis is Basis.NOTHING:
        return _("Nobody of this programme logged enough yet: the dot is close to the plan, and the range is wide.")
    learned = _learned(factors.study)
    if not factors.own_works:
        return _(
            "The forecast learns from what %(who)s logged: an assignment takes %(learned)s.",
            who=_others(factors.people),
            learned=learned,
        )
    who = _others(factors.people)
    if yours:
        return _(
            "The forecast learns from what %(who)s and you yourself logged: for you an assignment takes %(learned)s.",
            who=who,
            learned=learned,
        )
    return _(
        "The forecast learns from what %(who)s logged, this participant too: here an assignment takes %(learned)s.",
        who=who,
        learned=learned,
    )


def _others(people: int) -> str:
    """How many people it is about; a number below five could tell who."""
    if people < FEWEST:
        return _("a few participants of this programme")
    return ngettext("%(num)s participant of this programme", "%(num)s participants of this programme", people)


def _learned(factor: float) -> str:
    more = Fraction(factor).limit_denominator(1000) - 1
    if abs(more) < AS_PLANNED:
        return _("about as long as planned")
    if more > 0:
        return _("about %(share)s longer than planned", share=percent(more))
    return _("about %(share)s shorter than planned, as far as it was logged", share=percent(-more))


def range_text(each: ForecastWeek | None) -> tuple[str, str]:
    """What is likely in a week, and its range, for the cells of a table; empty for a week without a forecast."""
    if each is None:
        return "", ""
    return (
        hours_bare(round(each.likely), 1),
        _(
            "%(low)s to %(high)s",
            low=hours_bare(round(each.low / 60) * 60),
            high=hours_bare(round(each.high / 60) * 60),
        ),
    )


def said_of(weeks: tuple[ForecastWeek, ...]) -> str:
    """The same of the weeks drawn, for who hears a chart."""
    return " ".join(
        _(
            "%(week)s: likely %(likely)s, from %(low)s to %(high)s.",
            week=week(each.monday),
            likely=hours(round(each.likely), 1),
            low=hours_bare(round(each.low), 1),
            high=hours(round(each.high), 1),
        )
        for each in weeks
    )


def cohort_ahead(ahead: CohortForecast) -> CohortAhead | None:
    """The coming weeks of a cohort; None when nobody has any."""
    if not ahead.people:
        return None
    title = _("Coming weeks: how many above their room")
    return CohortAhead(
        title=title,
        chart=count_columns(
            [(str(each.monday.isocalendar().week), each.planned, each.likely) for each in ahead.weeks],
            ahead.people,
            chart_id="crowd",
            title=title,
            description=" ".join(
                _(
                    "%(week)s: %(likely)s likely, %(planned)s by the plan.",
                    week=week(each.monday),
                    likely=each.likely,
                    planned=each.planned,
                )
                for each in ahead.weeks
            ),
        ),
        rows=tuple(
            CrowdedWeekRow(
                name=week(each.monday),
                begins=day_tiny(each.monday),
                planned=str(each.planned),
                likely=str(each.likely),
            )
            for each in ahead.weeks
        ),
        rests_on=_("Likely by what %(who)s logged.", who=_others(ahead.learned_from))
        if ahead.learned_from
        else _("Too early for a forecast: nobody of this programme logged enough yet."),
    )
