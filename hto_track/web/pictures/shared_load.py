"""The load that people share with their employer, in a picture and one sentence to talk about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _

from hto_track.formats import day_tiny, days_from_to, hours, hours_bare, hours_short, week
from hto_track.services.shared_load import WEEKS_AHEAD, SharedPerson, SharedWeek
from hto_track.web.pictures.charts import EIGHT_WEEKS, WeekColumns, WeekFigures, week_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekLine:
    """A week in the table beside the chart."""

    name: str
    dates: str
    study: str
    is_full: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCard:
    """Someone who shares. ``talk`` is the sentence to talk about, ``why`` the figures behind it."""

    id: str
    name: str
    tag: str
    tag_class: str
    tag_icon: str
    talk: str
    why: str
    chart: WeekColumns
    room: str
    rows: tuple[WeekLine, ...]


def shared_load_picture(people: Iterable[SharedPerson]) -> tuple[PersonCard, ...]:
    """A card for each of ``people``."""
    return tuple(_card(person, at) for at, person in enumerate(people, start=1))


def _card(person: SharedPerson, at: int) -> PersonCard:
    full = [each for each in person.weeks if _is_full(each, person)]
    room = hours(person.room, 1)
    if full:
        tag, tag_class, tag_icon = _("%(week)s is full", week=week(full[0].monday)).capitalize(), "warn", "weight"
        talk = _("%(week)s is full: could there be an evening less?", week=week(full[0].monday)).capitalize()
        why = _(
            "In that week the training asks %(hours)s; there is room for %(room)s.",
            hours=hours(full[0].study, 1),
            room=room,
        )
    elif any(each.study for each in person.weeks):
        tag, tag_class, tag_icon = _("Fits"), "ok", "check"
        talk = _("The coming %(num)s weeks fit. Do ask how it goes.", num=WEEKS_AHEAD)
        why = _("Every week fits in the room of %(room)s.", room=room)
    else:
        tag, tag_class, tag_icon, why = "", "", "", ""
        talk = _("Nothing is planned in the coming %(num)s weeks.", num=WEEKS_AHEAD)
    return PersonCard(
        id=f"shared-{at}",
        name=person.name,
        tag=tag,
        tag_class=tag_class,
        tag_icon=tag_icon,
        talk=talk,
        why=why,
        chart=week_columns(
            [_figures(each, person) for each in person.weeks],
            person.room,
            EIGHT_WEEKS,
            chart_id=f"shared-chart-{at}",
            title=_("Expected load a week of %(name)s", name=person.name),
            description=_("Above the room of %(room)s: %(weeks)s.", room=room, weeks=_names(full))
            if full
            else _("Every week fits in the room of %(room)s.", room=room),
        ),
        room=_("Room (%(room)s)", room=hours_short(person.room, 1)),
        rows=tuple(
            WeekLine(
                name=week(each.monday),
                dates=days_from_to(each.monday, each.monday + timedelta(days=6)),
                study=f"▲ {hours_bare(each.study, 1)}" if _is_full(each, person) else hours_bare(each.study, 1),
                is_full=_is_full(each, person),
            )
            for each in person.weeks
        ),
    )


def _is_full(each: SharedWeek, person: SharedPerson) -> bool:
    return each.study > person.room


def _names(weeks: Iterable[SharedWeek]) -> str:
    return ", ".join(week(each.monday) for each in weeks)


def _figures(each: SharedWeek, person: SharedPerson) -> WeekFigures:
    """A column of one series: all of the training together."""
    return WeekFigures(
        lessons=each.study,
        assignments=0,
        internship=0,
        is_now=False,
        is_over=_is_full(each, person),
        total=hours_bare(each.study, 1),
        name=str(each.monday.isocalendar().week),
        under=day_tiny(each.monday),
    )
