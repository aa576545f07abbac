"""A year told beforehand, as it is printed."""

from datetime import date

from flask_babel import gettext as _

from hto_track.documents.beforehand_pdf import BeforehandText, PaperPart, PaperWeek
from hto_track.formats import day_year, hours_short, language
from hto_track.rules.beforehand import Beforehand
from hto_track.services.beforehand import YearAhead
from hto_track.web.load_answers import Asked
from hto_track.web.pictures.beforehand_employer import employer_does
from hto_track.web.pictures.beforehand_words import (
    explained,
    fits_lines,
    given_text,
    headline,
    heavy_lines,
    internship_text,
    period,
    totals_lines,
)
from hto_track.web.pictures.weeks import KINDS, month_names, series_of


def beforehand_text(ahead: YearAhead, told: Beforehand, asked: Asked, on: date) -> BeforehandText:
    """What the paper says."""
    answer, _word, _kind, _icon = headline(told)
    lessons, assignments, internship = (str(name) for _series, name in KINDS)
    parts = [
        PaperPart(title=_("What would make it fit"), lines=fits_lines(told)),
        PaperPart(
            title=_("The heaviest weeks, and why"),
            figures=tuple(
                (f"{one.title} ({one.dates}): " + ", ".join(name for _series, name, _hours in one.reasons), one.total)
                for one in heavy_lines(ahead, told)
            ),
        ),
        PaperPart(title=_("The whole year"), figures=totals_lines(told)),
        PaperPart(title=_("Internship and your working days"), lines=(internship_text(told)[0],)),
        PaperPart(title=_("What an employer can do"), lines=employer_does(told)),
    ]
    return BeforehandText(
        title=_("Does this fit in my life?"),
        lead=f"{ahead.cohort.programme_title} · {ahead.cohort.name} · {period(ahead.cohort)}",
        given=f"{given_text(told, asked)}.",
        answer=f"{answer}.",
        explained=explained(told),
        picture=_("The year week by week, against your room"),
        legend=(lessons, assignments, internship, _("Your room (%(room)s)", room=hours_short(told.room, 1))),
        weeks=tuple(
            PaperWeek(lessons=series[0], assignments=series[1], internship=series[2], month=name)
            for series, name in zip(
                map(series_of, told.weeks), month_names([each.monday for each in told.weeks]), strict=True
            )
        ),
        room=told.room,
        parts=tuple(part for part in parts if part.lines or part.figures),
        foot=_("HTO Track, %(day)s. As it is planned now; dates can still change.", day=day_year(on)),
        page=_("Page %(number)s", number="%s"),
        language=language(),
    )
