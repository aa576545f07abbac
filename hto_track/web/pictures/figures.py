"""The figures of programmes in words and bars; what is hidden has no bar either."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.formats import day_year, hours, hours_bare, hours_short, percent
from hto_track.rules.attention import Attention
from hto_track.rules.cohort_figures import FEWEST, Cell, CohortFigures, MeanWeek
from hto_track.rules.facts import EnrolmentStatus
from hto_track.rules.warnings import WarningCode
from hto_track.services.figures import CohortInFigures, ProgrammeInFigures
from hto_track.web.pictures.charts import Part, RoomBar, count_bar, room_bar
from hto_track.web.pictures.weeks import KINDS, Share

K = TypeVar("K", bound=StrEnum)

ATTENTION: dict[Attention, tuple[Any, str]] = {
    Attention.NOW: (_l("Attention now"), "now"),
    Attention.SOON: (_l("To watch"), "soon"),
    Attention.FINE: (_l("On course"), "fine"),
}
STATUSES: dict[EnrolmentStatus, tuple[Any, str]] = {
    EnrolmentStatus.APPLIED: (_l("Applied"), "fine"),
    EnrolmentStatus.ACTIVE: (_l("Active"), "fine"),
    EnrolmentStatus.PAUSED: (_l("Paused"), "fine"),
    EnrolmentStatus.COMPLETED: (_l("Completed"), "fine"),
    EnrolmentStatus.WITHDRAWN: (_l("Stopped"), "fine"),
}
WARNINGS: dict[WarningCode, tuple[Any, str]] = {
    WarningCode.OVERLOAD: (_l("A week far above the room"), "soon"),
    WarningCode.SUSTAINED_LOAD: (_l("Weeks on end above the room"), "soon"),
    WarningCode.INTERNSHIP_PACE: (_l("Internship hours too slow"), "soon"),
    WarningCode.NO_PLACEMENT: (_l("No school for the internship"), "soon"),
    WarningCode.ATTENDANCE: (_l("Attendance"), "soon"),
    WarningCode.OVERDUE: (_l("Assignments not handed in yet"), "soon"),
    WarningCode.SILENT: (_l("Silent for weeks"), "soon"),
    WarningCode.UNCONFIRMED: (_l("Hours wait for confirmation"), "soon"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """A count of people: ``bar`` is None where it is not shown."""

    label: Any
    text: str
    bar: Part | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Counts that belong together."""

    id: str
    title: Any
    lines: tuple[CountLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekOfCohort:
    """This week, in the mean, against the room."""

    total: str
    bar: RoomBar
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCard:
    """One cohort in figures."""

    id: str
    name: str
    under: str
    figures: tuple[tuple[Any, str], ...]
    week: WeekOfCohort | None
    tables: tuple[CountTable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSection:
    """A programme and its cohorts."""

    title: str
    college: str
    cohorts: tuple[CohortCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage:
    """The whole page; ``fewest`` is the fewest people that a figure may be about."""

    programmes: tuple[ProgrammeSection, ...]
    fewest: int


def figures_picture(programmes: Iterable[ProgrammeInFigures]) -> FiguresPage:
    """The page of ``programmes``."""
    return FiguresPage(
        programmes=tuple(
            ProgrammeSection(
                title=programme.title,
                college=programme.college or "",
                cohorts=tuple(_card(cohort, f"c{of}-{at}") for at, cohort in enumerate(programme.cohorts)),
            )
            for of, programme in enumerate(programmes)
        ),
        fewest=FEWEST,
    )


def count_in_words(cell: Cell) -> str:
    """``16``, ``minder dan 5`` or ``niet getoond``."""
    if cell.count is not None:
        return str(cell.count)
    said: str = _("fewer than %(fewest)s", fewest=FEWEST) if cell.is_few else _("not shown")
    return said


def _card(cohort: CohortInFigures, card_id: str) -> CohortCard:
    figures, whole = cohort.figures, cohort.figures.people.count
    return CohortCard(
        id=card_id,
        name=cohort.name,
        under=f"{day_year(cohort.start_on)} – {day_year(cohort.end_on)}",
        figures=_figures(figures, cohort.internship_minimum),
        week=None if figures.week is None else _week(figures.week),
        tables=(
            _table(f"{card_id}-attention", _l("Attention"), ATTENTION, figures.attention, whole),
            _table(f"{card_id}-status", _l("Status"), STATUSES, _some(figures.statuses), whole),
            _table(
                f"{card_id}-warnings", _l("Participants with an open warning"), WARNINGS, _some(figures.warnings), whole
            ),
        ),
    )


def _figures(figures: CohortFigures, internship_minimum: int) -> tuple[tuple[Any, str], ...]:
    too_few = _("too few people")
    return (
        (_("Participants"), count_in_words(figures.people)),
        (_("Mean attendance"), too_few if figures.attendance is None else percent(figures.attendance)),
        (_("Assignments handed in on time"), too_few if figures.on_time is None else percent(figures.on_time)),
        (
            _("Internship hours confirmed, mean"),
            too_few
            if figures.confirmed is None
            else _(
                "%(hours)s of %(minimum)s", hours=hours_bare(figures.confirmed, 1), minimum=hours(internship_minimum)
            ),
        ),
        (_("This week above their room"), count_in_words(figures.above_room)),
        (_("Diplomas awarded"), count_in_words(figures.diplomas)),
    )


def _week(mean: MeanWeek) -> WeekOfCohort:
    series = (mean.lessons, mean.assignments, mean.internship)
    room = hours(mean.room, 1)
    return WeekOfCohort(
        total=hours(mean.study, 1),
        bar=room_bar(
            series,
            mean.room,
            label=_("%(hours)s planned of a room of %(room)s", hours=hours(mean.study, 1), room=room),
            room_text=_("%(room)s = room", room=room),
        ),
        shares=tuple(
            Share(kind=kind, label=label, hours=hours_short(minutes, 1))
            for (kind, label), minutes in zip(KINDS, series, strict=True)
        ),
    )


def _table(
    table_id: str, title: Any, labels: Mapping[K, tuple[Any, str]], cells: Mapping[K, Cell], whole: int | None
) -> CountTable:
    return CountTable(
        id=table_id,
        title=title,
        lines=tuple(
            CountLine(label=label, text=count_in_words(cells[key]), bar=_bar(kind, cells[key], whole))
            for key, (label, kind) in labels.items()
            if key in cells
        ),
    )


def _some(cells: Mapping[K, Cell]) -> dict[K, Cell]:
    """Without those of nobody."""
    return {key: cell for key, cell in cells.items() if cell.count != 0}


def _bar(kind: str, cell: Cell, whole: int | None) -> Part | None:
    return count_bar(kind, Fraction(cell.count, whole)) if cell.count is not None and whole else None
