"""What somebody was told to expect beside what came true, and what they say of it afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from flask_babel import gettext as _

from hto_track.formats import day_year, days_from_to, hours, hours_bare, hours_short, week
from hto_track.models.load import Verdict
from hto_track.rules.expectation import Beside, BesideWeek, is_asked_how_it_was, stands_beside
from hto_track.services.expectations import GivenVerdict
from hto_track.services.verdicts import AskedVerdict
from hto_track.services.views import ParticipantStanding
from hto_track.web.pictures.beforehand_words import VERDICTS
from hto_track.web.pictures.charts import WHOLE_YEAR, WeekColumns, WeekFigures, week_columns
from hto_track.web.pictures.weeks import month_names
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideRow:
    """A week as expected, as planned now, and as spent."""

    name: str
    dates: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedCard:
    """What was expected beside what came true."""

    told: str
    room: str
    figures: tuple[tuple[str, str], ...]
    chart: WeekColumns
    rows: tuple[BesideRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictCard:
    """The question how the load was, or what was answered to it; ``said`` is empty as long as nothing was."""

    said: str
    advice: str
    shown: str
    is_open: bool
    options: tuple[tuple[str, str], ...]
    chosen: str
    may_be_shown: bool
    key: str


def expected_card(standing: ParticipantStanding) -> ExpectedCard | None:
    """The card; None when nothing was stored."""
    told = standing.expectation
    if told is None:
        return None
    beside = stands_beside(told.weeks, standing.member.standing.load, standing.member.standing.span)
    return ExpectedCard(
        told=_(
            "Kept on %(day)s, with %(room)s a week for the study.", day=day_year(told.stored_on), room=hours(told.room)
        ),
        room=_("Room as agreed (%(room)s)", room=hours_short(told.room, 1)),
        figures=(
            (_("Expected until this week"), hours(beside.expected_so_far, 1)),
            (_("Planned until this week"), hours(beside.planned_so_far, 1)),
            (_("Spent until this week, as far as is known"), hours(beside.spent_so_far, 1)),
            (_("The whole year as expected"), hours(beside.expected, 1)),
            (_("The whole year as it is now"), hours(beside.planned, 1)),
        ),
        chart=_chart(beside, told.room),
        rows=tuple(_row(each) for each in beside.weeks),
    )


def verdict_card(standing: ParticipantStanding, *, yours: bool) -> VerdictCard | None:
    """The question on somebody's own path, and what they said to who guides them; None while there is nothing to ask."""
    if standing.verdict is None and not (yours and is_asked_how_it_was(standing.member.standing.span)):
        return None
    return _card(standing.verdict, is_open=yours)


def verdict_page(asked: AskedVerdict, filled_in: Mapping[str, str] | None) -> VerdictCard:
    """The page to change it; ``filled_in`` is what stood in a form that was refused."""
    card = _card(asked.given, is_open=asked.is_asked)
    if filled_in is None:
        return card
    return replace(
        card,
        chosen=filled_in.get("verdict", ""),
        advice=filled_in.get("advice", ""),
        may_be_shown="tonen" in filled_in,
    )


def _card(given: GivenVerdict | None, *, is_open: bool) -> VerdictCard:
    return VerdictCard(
        said=str(VERDICTS[given.verdict]) if given else "",
        advice=(given.advice or "") if given else "",
        shown=_shown(given) if given else "",
        is_open=is_open,
        options=tuple((verdict.value, str(VERDICTS[verdict])) for verdict in Verdict),
        chosen=given.verdict.value if given else "",
        may_be_shown=given.may_be_shown if given else False,
        key=new_key(),
    )


def _shown(given: GivenVerdict) -> str:
    if not given.advice:
        return ""
    return _("May be shown, without a name.") if given.may_be_shown else _("Is not shown to others.")


def _chart(beside: Beside, room: int) -> WeekColumns:
    """What was expected as columns; a line over them for what was spent, and for what is planned in the weeks to come."""
    names = month_names([each.monday for each in beside.weeks])
    figures = [
        WeekFigures(
            lessons=each.expected,
            assignments=0,
            internship=0,
            is_now=False,
            is_over=False,
            total="",
            name=name,
            name_class="mo-even" if (each.monday + timedelta(days=3)).month % 2 == 0 else "mo",
            under="",
            actual=each.planned if each.spent is None else each.spent,
        )
        for each, name in zip(beside.weeks, names, strict=True)
    ]
    chart = week_columns(
        figures,
        room,
        WHOLE_YEAR,
        chart_id="verwacht",
        title=_("Expected beside what came true"),
        description=_(
            "Until now %(expected)s were expected, %(planned)s planned and %(spent)s spent.",
            expected=hours(beside.expected_so_far, 1),
            planned=hours(beside.planned_so_far, 1),
            spent=hours(beside.spent_so_far, 1),
        ),
    )
    return replace(
        chart,
        columns=tuple(
            replace(column, parts=tuple(replace(part, kind="expected") for part in column.parts))
            for column in chart.columns
        ),
    )


def _row(each: BesideWeek) -> BesideRow:
    spent = "" if each.spent is None else hours_bare(each.spent, 1)
    return BesideRow(
        name=week(each.monday),
        dates=days_from_to(each.monday, each.monday + timedelta(days=6)),
        cells=(hours_bare(each.expected, 1), hours_bare(each.planned, 1), spent),
    )
