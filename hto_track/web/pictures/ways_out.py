"""The ways out of full weeks, in words: what moves, from what to what, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from hto_track.formats import NBSP, day_plain, hours, hours_bare, sentence, week
from hto_track.models.load import RequestKind
from hto_track.rules.ways_out import ASKED, FullWeek, Landing, Way, WayKind, fullest_week
from hto_track.services.load_request_rows import RequestView
from hto_track.services.views import ParticipantStanding
from hto_track.services.ways_out import Step

SAID: dict[WayKind, str] = {
    WayKind.BEGIN_EARLIER: "eerder",
    WayKind.SHIFT_INTERNSHIP: "stage",
    WayKind.EXTENSION: "uitstel",
    WayKind.RELEASE: "vrij",
}
"""What each kind is called in an address."""
ICONS: dict[WayKind, str] = {
    WayKind.BEGIN_EARLIER: "play",
    WayKind.SHIFT_INTERNSHIP: "school",
    WayKind.EXTENSION: "calendar-days",
    WayKind.RELEASE: "pause",
}
LANDINGS_SAID = 3
WAYS_SHOWN = 3
SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForm:
    """What is sent with the button to ask for something: the fields that a person does not fill in."""

    fields: tuple[tuple[str, str], ...]
    name: str
    """What tells this form from the others of the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayLine:
    """A way out: what to do, what it does to the week, where it goes, and how to try it or ask for it."""

    icon: str
    title: str
    effect: str
    lands: str
    tag: str
    tag_class: str
    try_href: str
    ask: AskForm | None
    asked: str
    """That it was asked already, instead of the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullWeekCard:
    """A week that is too full, with its ways out."""

    id: str
    title: str
    dates: str
    ways: tuple[WayLine, ...]
    more: tuple[WayLine, ...]
    """The ways that bring less, shown when somebody asks for them."""


def step_text(step: Step) -> str:
    """A step as an address says it: ``eerder.2026-06-29.A4``."""
    return ".".join(filter(None, (SAID[step.kind], step.monday.isoformat(), step.code)))


def step_of(text: str) -> Step | None:
    """What an address says; None for what no page says."""
    parts = text.split(".", 2)
    kind = next((kind for kind, said in SAID.items() if said == parts[0]), None)
    if kind is None or len(parts) < 2:
        return None
    try:
        monday = date.fromisoformat(parts[1])
    except ValueError:
        return None
    return Step(kind=kind, monday=monday, code=parts[2] if len(parts) > 2 else None)


def address_with(steps: Iterable[Step]) -> str:
    """The page with these steps tried."""
    return url_for("ahead.mine", probeer=[step_text(step) for step in steps])


def full_week_card(
    full: FullWeek,
    titles: dict[str, str],
    steps: tuple[Step, ...],
    requests: tuple[RequestView, ...],
    *,
    yours: bool,
) -> FullWeekCard:
    """A full week; ``steps`` are those that are tried already."""
    said = {"week": week(full.monday), "hours": hours(full.over, 1)}
    title = (
        _("In %(week)s you are %(hours)s above your room", **said)
        if yours
        else _("%(hours)s above the room in %(week)s", **said)
    )
    lines = tuple(_way_line(way, titles, steps, requests, yours=yours) for way in full.ways)
    return FullWeekCard(
        id=f"vol-{full.monday.isoformat()}",
        title=title,
        dates=_(
            "%(study)s planned, room for %(room)s. %(first)s to %(last)s.",
            study=hours(full.study, 1),
            room=hours(full.room, 1),
            first=day_plain(full.monday),
            last=day_plain(full.monday + SUNDAY),
        ),
        ways=lines[:WAYS_SHOWN],
        more=lines[WAYS_SHOWN:],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BestWay:
    """How somebody gets out of their fullest week: the best way, and the page with all of them."""

    heading: str
    text: str
    href: str
    link: str
    kind: str = ""
    icon: str = "triangle-alert"


def best_way(standing: ParticipantStanding, *, yours: bool) -> BestWay | None:
    """The best way out of the fullest week ahead with the own plan, or that all weeks fit with it; None without either."""
    person = standing.member
    href = url_for("ahead.mine") if yours else url_for("ahead.of_participant", participant_code=person.member.code)
    full = fullest_week(person.facts, person.standing, standing.own_plan)
    if full is None:
        return _all_fit(href, yours=yours) if standing.own_plan.work or standing.own_plan.days else None
    titles = {plan.code: plan.title for plan in standing.plan.assignments}
    said = {"week": full.monday.isocalendar().week, "hours": hours(full.over, 1)}
    best = next(iter(full.ways), None)
    if best is None:
        text = _("Ask the project leader whether a date can move, or whether there can be more room.")
    else:
        text = f"{way_title(best, titles)}. {way_effect(best)}"
    planned = bool(standing.own_plan.work or standing.own_plan.days)
    return BestWay(
        heading=_too_full_as_planned(said, yours=yours) if planned else _too_full(said, yours=yours),
        text=text,
        href=href,
        link=_("How to get out of %(week)s", week=week(full.monday)) if yours else _("All ways out"),
    )


def _too_full(said: dict[str, Any], *, yours: bool) -> str:
    if yours:
        return _("Week %(week)s is too full: %(hours)s above your room.", **said)
    return _("Week %(week)s is too full: %(hours)s above the room.", **said)


def _too_full_as_planned(said: dict[str, Any], *, yours: bool) -> str:
    """With the plan of one's own in it, for a warning tells of the week as the programme plans it."""
    if yours:
        return _("With your plan week %(week)s is still %(hours)s above your room.", **said)
    return _("With the own plan week %(week)s is still %(hours)s above the room.", **said)


def _all_fit(href: str, *, yours: bool) -> BestWay:
    return BestWay(
        heading=_("With your plan every week ahead fits.") if yours else _("With the own plan every week ahead fits."),
        text="",
        href=href,
        link=_("Weeks ahead"),
        kind="ok",
        icon="circle-check",
    )


def way_title(way: Way, titles: dict[str, str]) -> str:
    """What to do, in a few words."""
    said = {"title": titles.get(way.code or "", way.code or ""), "week": week(way.monday)}
    match way.kind:
        case WayKind.BEGIN_EARLIER:
            return _("Do %(hours)s of “%(title)s” earlier", hours=hours(way.minutes, 1), **said)
        case WayKind.SHIFT_INTERNSHIP if way.minutes and way.week.after < way.week.before:
            return _("Put %(hours)s of internship in other weeks", hours=hours(way.minutes, 1))
        case WayKind.EXTENSION if way.due_on is not None:
            return _("Ask for an extension of “%(title)s” until %(day)s", day=day_plain(way.due_on), **said)
        case _:
            return _("Ask for %(hours)s free from work in %(week)s", hours=hours(way.minutes, 1), **said)


def way_effect(way: Way) -> str:
    """``Week 27: van 21,5 naar 17 uur, ruimte 12 uur``."""
    if way.kind is WayKind.RELEASE:
        return _("Then there is room for %(room)s in %(week)s.", room=hours(way.week.room, 1), week=week(way.monday))
    return _(
        "%(week)s goes from %(before)s to %(after)s.",
        week=sentence(week(way.monday)),
        before=hours_bare(way.week.before, 1),
        after=hours(way.week.after, 1),
    )


def landings_text(landings: tuple[Landing, ...]) -> str:
    """Where it goes: ``Week 25: 8 → 10,5 · week 26: 9 → 11``; those that get most first said."""
    fuller = [one for one in landings if one.after > one.before]
    most = sorted(fuller, key=lambda one: one.before - one.after)[:LANDINGS_SAID]
    shown = sorted(most, key=lambda one: one.monday)
    parts = [f"{week(one.monday)}: {hours_bare(one.before, 1)}{NBSP}→{NBSP}{hours(one.after, 1)}" for one in shown]
    if len(fuller) > len(shown):
        parts.append(_("and %(num)s weeks more", num=len(fuller) - len(shown)))
    return sentence(" · ".join(parts))


def _way_line(
    way: Way, titles: dict[str, str], steps: tuple[Step, ...], requests: tuple[RequestView, ...], *, yours: bool
) -> WayLine:
    step = Step(kind=way.kind, monday=way.monday, code=way.code)
    return WayLine(
        icon=ICONS[way.kind],
        title=way_title(way, titles),
        effect=way_effect(way),
        lands=landings_text(way.landings),
        tag=_("Then it fits") if way.is_enough else _("Brings %(hours)s over all weeks", hours=hours(way.brings, 1)),
        tag_class="ok" if way.is_enough else "",
        try_href=address_with((*steps, step)) if yours else "",
        ask=ask_form(way, requests) if yours else None,
        asked=asked_text(way, requests),
    )


def ask_form(way: Way, requests: tuple[RequestView, ...]) -> AskForm | None:
    """What to send to ask for a way out; None for what nobody has to be asked, and for what was asked already."""
    return _ask_form(way) if way.kind in ASKED and not _asked_already(way, requests) else None


def asked_text(way: Way, requests: tuple[RequestView, ...]) -> str:
    """That it was asked already; nothing when it was not."""
    return _("Asked, and not answered yet.") if _asked_already(way, requests) else ""


def _asked_already(way: Way, requests: tuple[RequestView, ...]) -> bool:
    waiting = [one for one in requests if one.decided_at is None]
    if way.kind is WayKind.EXTENSION:
        return any(one.kind is RequestKind.EXTENSION and one.code == way.code for one in waiting)
    return any(one.kind is RequestKind.RELEASE and one.monday == way.monday for one in waiting)


def _ask_form(way: Way) -> AskForm:
    if way.kind is WayKind.EXTENSION and way.due_on is not None and way.code is not None:
        fields = (("opdracht", way.code), ("tot", way.due_on.isoformat()))
        return AskForm(fields=fields, name=f"{way.code}-{way.due_on.isoformat()}")
    fields = (("week", way.monday.isoformat()), ("minuten", str(int(way.minutes))))
    return AskForm(fields=fields, name=way.monday.isoformat())
