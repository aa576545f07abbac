"""All cohorts of the reader at a glance: one card each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import day_year, hours
from hto_track.rules.attention import Attention
from hto_track.services.views import CohortStandings
from hto_track.web.pictures.board import LastLesson, Show, last_lesson, week_of_cohort
from hto_track.web.pictures.board_rows import is_over_room
from hto_track.web.pictures.charts import Strip, shares
from hto_track.web.pictures.load_requests import questions_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many stand in one part of the board, as a link to them."""

    value: str
    label: Any
    icon: str
    icon_class: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCard:
    """A cohort: when, how many where, figures to act on, and the lesson of tonight or else the latest."""

    id: str
    code: str
    name: str
    href: str
    week: str
    under: str
    picture: Strip
    counts: tuple[Count, ...]
    figures: tuple[tuple[Any, str], ...]
    questions: str
    """How many questions of participants wait, nothing when none do."""
    last_lesson: LastLesson | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The page: its title says how many need attention now, over all cohorts."""

    title: str
    cohorts: tuple[CohortCard, ...]


COUNTS: tuple[tuple[Attention, Show, Any, str, str], ...] = (
    (Attention.NOW, Show.NOW, _l("Now"), "circle-alert", "i-bad"),
    (Attention.SOON, Show.SOON, _l("To watch"), "eye", "i-warn"),
    (Attention.FINE, Show.ALL, _l("On course"), "circle-check", "i-ok"),
)


def overview_picture(cohorts: Iterable[CohortStandings], questions: Mapping[int, int]) -> Overview:
    """A card for each of ``cohorts``; those that are over come last. ``questions`` wait, by the id of their cohort."""
    all_cohorts = tuple(cohorts)
    running = tuple(standings for standings in all_cohorts if standings.on <= standings.cohort.end_on)
    now = sum(member.attention is Attention.NOW for standings in running for member in standings.members)
    title = (
        ngettext("%(num)s participant needs attention now", "%(num)s participants need attention now", now)
        if now
        else _("Nobody needs attention now")
    )
    return Overview(
        title=title if running else _("Your cohorts"),
        cohorts=tuple(
            _card(standings, questions.get(standings.cohort.id, 0))
            for standings in sorted(all_cohorts, key=lambda standings: standings.on > standings.cohort.end_on)
        ),
    )


def _card(standings: CohortStandings, questions: int) -> CohortCard:
    cohort, members = standings.cohort, standings.members
    by_part = {attention: sum(member.attention is attention for member in members) for attention in Attention}
    return CohortCard(
        id=f"cohort-{cohort.code.lower()}",
        code=cohort.code,
        name=cohort.name,
        href=url_for("cohorts.board", cohort_code=cohort.code),
        week=week_of_cohort(standings),
        under=" · ".join(
            filter(None, (cohort.college, f"{day_year(cohort.start_on)} – {day_year(cohort.end_on)}", cohort.location))
        ),
        picture=shares(
            ((attention.value, count) for attention, count in by_part.items()),
            label=_(
                "Of %(total)s participants: %(now)s now, %(soon)s to keep an eye on, %(fine)s on course",
                total=len(members),
                now=by_part[Attention.NOW],
                soon=by_part[Attention.SOON],
                fine=by_part[Attention.FINE],
            ),
        ),
        counts=tuple(
            Count(
                value=str(by_part[attention]),
                label=label,
                icon=icon,
                icon_class=icon_class,
                href=url_for("cohorts.board", cohort_code=cohort.code, **_query(show)),
            )
            for attention, show, label, icon, icon_class in COUNTS
        ),
        figures=_figures(standings),
        questions=questions_text(questions),
        last_lesson=last_lesson(standings) if standings.on <= cohort.end_on else None,
    )


def _query(show: Show) -> dict[str, Any]:
    return {} if show is Show.ALL else {"show": show.value}


def _figures(standings: CohortStandings) -> tuple[tuple[Any, str], ...]:
    members = standings.members
    over = sum(is_over_room(member, standings.on) for member in members)
    waiting = sum(member.standing.internship.awaiting for member in members)
    diplomas = sum(member.diploma is not None for member in members)
    return (
        (
            _("Participants"),
            _("%(count)s of %(most)s places", count=len(members), most=standings.cohort.max_participants),
        ),
        (_("Above their room in the coming 8 weeks"), str(over)),
        (_("Waiting at schools"), hours(waiting, 1)),
        (_("Diplomas awarded"), str(diplomas)),
    )
