"""What was planned and spent, as tables to take along: hours, and no cell about fewer than five people."""

from decimal import Decimal
from fractions import Fraction

from flask_babel import gettext as _

from hto_track.documents.sheets import Cell, OutTable
from hto_track.rules.looking_back import LookingBack, MonthPast, WorkPast
from hto_track.rules.own_past import Parts
from hto_track.rules.rounding import hours_of


def past_tables(past: LookingBack) -> tuple[OutTable, OutTable]:
    """The assignments, and the months in hours a week."""
    parts = (_("lessons"), _("preparation"), _("assignments"), _("internship"))
    planned, spent = (tuple(f"{what} {part}" for part in parts) for what in (_("planned"), _("spent")))
    return (
        OutTable(
            name=_("assignments"),
            columns=(
                _("code"),
                _("title"),
                _("estimate"),
                _("lowest quarter"),
                _("median"),
                _("highest quarter"),
                _("people"),
            ),
            rows=[_work(item) for item in past.work],
        ),
        OutTable(
            name=_("months"),
            columns=(_("month"), *planned, *spent, _("people")),
            rows=[_month(month) for month in past.months],
        ),
    )


def _work(item: WorkPast) -> tuple[Cell, ...]:
    middle = item.middle
    figures = (middle.low, middle.median, middle.high) if middle else (None, None, None)
    return (item.code, item.title, hours_of(item.given), *map(_hours, figures), item.counted.count)


def _month(month: MonthPast) -> tuple[Cell, ...]:
    first = month.number if month.first_on is None else month.first_on
    return (first, *_parts(month.planned), *_parts(month.spent), month.counted.count)


def _parts(parts: Parts | None) -> tuple[Cell, ...]:
    if parts is None:
        return (None,) * 4
    return tuple(map(_hours, (parts.lessons, parts.preparation, parts.assignments, parts.internship)))


def _hours(minutes: Fraction | None) -> Decimal | None:
    return None if minutes is None else hours_of(minutes)
