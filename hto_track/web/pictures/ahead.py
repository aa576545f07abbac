"""The page "Weken vooruit": the weeks with what is tried, those that are too full, the plan that is kept, what was asked."""

from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day, days_from_to, hours, hours_bare, hours_short, sentence, week
from hto_track.models.load import RequestState
from hto_track.rules.days import monday_of
from hto_track.rules.own_plan import Outlook, OwnPlan
from hto_track.services.load_request_mails import what_is_asked
from hto_track.services.load_request_rows import RequestView
from hto_track.services.ways_out import Step, Tried, WeeksAhead
from hto_track.web.pictures.charts import EIGHT_WEEKS, WeekColumns, WeekFigures, week_columns
from hto_track.web.pictures.ways_out import (
    AskForm,
    FullWeekCard,
    address_with,
    ask_form,
    asked_text,
    full_week_card,
    landings_text,
    step_text,
    way_effect,
    way_title,
)
from hto_track.web.pictures.weeks import series_of
from hto_track.web.sent_forms import new_key

AHEAD_FRAME = replace(EIGHT_WEEKS, share=0.66)
KEPT_SHOWN = 5
"""As many lines of a plan are in sight; internship days alone can be one for every week of a year."""
STATES = {
    RequestState.ASKED: ("", "clock"),
    RequestState.GRANTED: ("ok", "check"),
    RequestState.REFUSED: ("warn", "x"),
    RequestState.WITHDRAWN: ("", "undo-2"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadRow:
    """A week in the table: as the programme plans it, as it is shown, and the room."""

    name: str
    dates: str
    by_rules: str
    shown: str
    room: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadChart:
    """The weeks as bars, with the programme's plan as a line, and the same as a table."""

    chart: WeekColumns
    rows: tuple[AheadRow, ...]
    room: str
    has_line: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedLine:
    """Something that is tried, and the page without it."""

    text: str
    effect: str
    lands: str
    is_lost: bool
    without_href: str
    ask: AskForm | None
    """What to send to ask for it, where others decide: the week it is about may stand nowhere else once it fits."""
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """Something that was asked, where it stands, and what was answered."""

    id: int
    what: str
    state: str
    state_class: str
    state_icon: str
    answer: str
    can_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AheadPage:
    """The whole page."""

    title: str
    eyebrow: str
    crumb_href: str
    crumb: str
    is_own: bool
    verdict: str
    verdict_class: str
    verdict_icon: str
    weeks: AheadChart
    full: tuple[FullWeekCard, ...]
    nothing: str
    tried: tuple[TriedLine, ...]
    steps: tuple[str, ...]
    can_save: bool
    seen: str
    version: str
    kept: tuple[str, ...]
    kept_more: tuple[str, ...]
    """The lines of a long plan that are folded away."""
    kept_more_text: str
    can_drop: bool
    requests: tuple[RequestLine, ...]
    days_href: str
    contact: str
    key: str
    drop_key: str


def ahead_page(ahead: WeeksAhead, *, yours: bool) -> AheadPage:
    """The page of ``ahead``, for the participant themselves or for who guides them."""
    titles = {plan.code: plan.title for plan in ahead.plan.assignments}
    steps = tuple(one.step for one in ahead.tried)
    verdict, verdict_class, verdict_icon = _verdict(ahead, yours=yours)
    kept = kept_lines(ahead.kept, titles)
    return AheadPage(
        title=_("Weeks ahead"),
        eyebrow=sentence(week(ahead.on)),
        crumb_href=url_for("traject.mine")
        if yours
        else url_for("traject.of_participant", participant_code=ahead.member.code),
        crumb=_("My path") if yours else ahead.member.name,
        is_own=yours,
        verdict=verdict,
        verdict_class=verdict_class,
        verdict_icon=verdict_icon,
        weeks=ahead_chart(ahead.shown, ahead.by_rules, yours=yours),
        full=tuple(full_week_card(each, titles, steps, ahead.requests, yours=yours) for each in ahead.full),
        nothing="" if ahead.full else _nothing(ahead, yours=yours),
        tried=_tried(ahead, titles, steps),
        steps=tuple(step_text(step) for step in steps),
        can_save=yours and ahead.can_keep,
        seen=ahead.seen,
        version=ahead.version,
        kept=kept[:KEPT_SHOWN],
        kept_more=kept[KEPT_SHOWN:],
        kept_more_text=ngettext("%(num)s more", "%(num)s more", max(0, len(kept) - KEPT_SHOWN)),
        can_drop=yours and bool(ahead.kept.work or ahead.kept.days),
        requests=tuple(_request(one, yours=yours) for one in ahead.requests),
        days_href=url_for("ahead.days") if yours and ahead.goes_on else "",
        contact=(ahead.cohort.leader_email or "") if yours else "",
        key=new_key(),
        drop_key=new_key(),
    )


def ahead_chart(shown: Outlook, by_rules: Outlook, *, yours: bool) -> AheadChart:
    """Thirteen weeks with a plan, and the programme's plan where it is another."""
    load = shown.load
    programme = {each.monday: each.week.study for each in by_rules.near}
    figures, rows = [], []
    for at, each in enumerate(shown.near):
        lessons, assignments, internship = series_of(each.week)
        planned = programme.get(each.monday, Fraction(0))
        figures.append(
            WeekFigures(
                lessons=lessons,
                assignments=assignments,
                internship=internship,
                is_now=at == 0,
                is_over=each.over > 0,
                total=hours_bare(each.week.study, 0),
                name=str(each.monday.isocalendar().week),
                under=_("now") if at == 0 else "",
                plan=planned if planned != each.week.study else None,
            )
        )
        total = hours_bare(each.week.study, 1)
        rows.append(
            AheadRow(
                name=week(each.monday),
                dates=days_from_to(each.monday, each.monday + timedelta(days=6)),
                by_rules=hours_bare(planned, 1),
                shown=f"▲ {total}" if each.over else total,
                room=hours_bare(each.room, 1),
                is_over=each.over > 0,
            )
        )
    over = [week(each.monday) for each in shown.full]
    room = hours_short(load.capacity, 1)
    return AheadChart(
        chart=week_columns(
            figures,
            load.capacity,
            AHEAD_FRAME,
            chart_id="vooruit",
            title=_("Expected load a week, with what moves"),
            description=_("Above the room of %(room)s: %(weeks)s.", room=room, weeks=", ".join(over))
            if over
            else _("Every week fits in the room of %(room)s.", room=room),
        ),
        rows=tuple(rows),
        room=_("Your room (%(room)s)", room=room) if yours else _("Room (%(room)s)", room=room),
        has_line=any(figure.plan is not None for figure in figures),
    )


def kept_lines(kept: OwnPlan, titles: dict[str, str]) -> tuple[str, ...]:
    """What somebody plans otherwise, a sentence each: the work, the internship days by week, the hours of release."""
    lines = [
        _(
            "%(hours)s of “%(title)s” in %(into)s, not in %(out)s",
            hours=hours(move.minutes, 1),
            title=titles.get(move.assignment, move.assignment),
            into=week(move.to_monday),
            out=week(move.from_monday),
        )
        for move in kept.work
    ]
    by_week: dict[str, list[str]] = {}
    for on, minutes in kept.days.items():
        said = f"{day(on)} {hours(minutes, 1)}"
        by_week.setdefault(week(monday_of(on)), []).append(said)
    lines += [_("Internship in %(week)s: %(days)s", week=name, days=", ".join(said)) for name, said in by_week.items()]
    lines += [
        _("%(hours)s free from work in %(week)s, as was granted", hours=hours(minutes, 1), week=week(monday))
        for monday, minutes in kept.release.items()
    ]
    return tuple(lines)


def _verdict(ahead: WeeksAhead, *, yours: bool) -> tuple[str, str, str]:
    before, after = len(ahead.with_plan.full), len(ahead.shown.full)
    if ahead.tried:
        said = ngettext(
            "Weeks above your room: from %(before)s to %(num)s.",
            "Weeks above your room: from %(before)s to %(num)s.",
            after,
            before=before,
        )
        return said, "" if after else "ok", "triangle-alert" if after else "circle-check"
    if not after:
        return _("All %(num)s weeks ahead fit.", num=len(ahead.shown.near)), "ok", "circle-check"
    over = ahead.shown.over_near
    if yours:
        said = ngettext(
            "%(num)s week ahead lies above your room, %(hours)s in all.",
            "%(num)s weeks ahead lie above your room, %(hours)s in all.",
            after,
            hours=hours(over, 1),
        )
    else:
        said = ngettext(
            "%(num)s week ahead lies above the room, %(hours)s in all.",
            "%(num)s weeks ahead lie above the room, %(hours)s in all.",
            after,
            hours=hours(over, 1),
        )
    return said, "", "triangle-alert"


def _nothing(ahead: WeeksAhead, *, yours: bool) -> str:
    if not ahead.goes_on or not ahead.shown.near:
        return _("No study is planned any more.")
    if ahead.full_by_rules:
        return _("With your plan every week ahead fits.") if yours else _("With the own plan every week ahead fits.")
    return _("Every week ahead fits: nothing has to move.")


def _tried(ahead: WeeksAhead, titles: dict[str, str], steps: tuple[Step, ...]) -> tuple[TriedLine, ...]:
    return tuple(
        TriedLine(
            text=way_title(one.way, titles)
            if one.way is not None
            else _("What you tried in %(week)s brings nothing any more.", week=week(one.step.monday)),
            effect=way_effect(one.way) if one.way is not None else "",
            lands=landings_text(one.way.landings) if one.way is not None else "",
            is_lost=one.way is None,
            without_href=address_with(steps[:at] + steps[at + 1 :]),
            ask=_ask_for(one, ahead.requests),
            asked=asked_text(one.way, ahead.requests) if one.way is not None else "",
        )
        for at, one in enumerate(ahead.tried)
    )


def _ask_for(one: Tried, requests: tuple[RequestView, ...]) -> AskForm | None:
    asking = ask_form(one.way, requests) if one.way is not None else None
    return replace(asking, name=f"tried-{asking.name}") if asking is not None else None


def _request(one: RequestView, *, yours: bool) -> RequestLine:
    state_class, icon = STATES[one.state]
    words = {
        RequestState.ASKED: _("Waits for an answer"),
        RequestState.GRANTED: _("Possible"),
        RequestState.REFUSED: _("Not possible"),
        RequestState.WITHDRAWN: _("Taken back"),
    }
    about = f" ({one.title})" if one.title else ""
    return RequestLine(
        id=one.id,
        what=sentence(what_is_asked(one)) + about,
        state=words[one.state],
        state_class=state_class,
        state_icon=icon,
        answer=one.answer or "",
        can_withdraw=yours and one.state is RequestState.ASKED,
    )


def saved_text(emptied: int, *, is_change: bool) -> str:
    """What is said after a plan was saved."""
    if not is_change:
        return _("Nothing changed: this was your plan already.")
    if emptied:
        return ngettext(
            "Your plan is saved. %(num)s week fits now that was too full.",
            "Your plan is saved. %(num)s weeks fit now that were too full.",
            emptied,
        )
    return _("Your plan is saved.")
