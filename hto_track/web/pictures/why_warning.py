"""The page that says why a warning stands: rule, figures, history as a band and a table, what ends it, what was answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.formats import NBSP, day_dated, day_short_dated, sentence
from hto_track.models.warnings import AnswerKind, WarningEventKind
from hto_track.rules.attention import is_snoozed
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.warnings import Level, WarningCode
from hto_track.services.warning_texts import explanation, headline, way_out, with_figures
from hto_track.services.why_warning import WarningStep, WhyWarning
from hto_track.web.pictures.charts import Part
from hto_track.web.pictures.warning_answers import BUTTONS, OWN_WORDS, WORDS, AnswerTag, answer_tag
from hto_track.web.pictures.warning_rules import RuleInWords, rule_in_words
from hto_track.web.sent_forms import new_key

LEVELS: dict[Level, tuple[Any, str, str]] = {
    Level.AMBER: (_l("Keep an eye on"), "warn", "eye"),
    Level.RED: (_l("Now"), "bad", "circle-alert"),
}
HAPPENED: dict[WarningEventKind, Any] = {
    WarningEventKind.OPENED: _l("It began"),
    WarningEventKind.ESCALATED: _l("It became more urgent"),
    WarningEventKind.EASED: _l("It became less urgent"),
    WarningEventKind.CLOSED: _l("It ended"),
}
SHAPES = {Level.AMBER: ("soon", "16", "16"), Level.RED: ("now", "2", "30")}
"""Of a level in the band: its colour, from where and how high: red stands higher than amber."""
BEFORE_THE_DAY = time(0)
OF_WEEKS = (WarningCode.OVERLOAD, WarningCode.SUSTAINED_LOAD, WarningCode.INTERNSHIP_PACE)
"""What the page on which weeks are planned may end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Levels over time; ``first`` and ``last`` are the dates at its ends."""

    label: str
    parts: tuple[Part, ...]
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """Something that happened: when, what, which level it has since, and the figures it rested on."""

    when: str
    what: str
    icon: str
    level: str
    figures: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerButton:
    """What one can answer, as a button."""

    value: str
    text: Any
    icon: str
    is_given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyPage:
    """The whole page."""

    title: str
    crumb: str
    crumb_href: str
    participant_code: str
    warning_id: int
    level: str
    level_class: str
    level_icon: str
    since: str
    is_own: bool
    is_closed: bool
    why: str
    no_longer: str
    way_out: str
    rule: RuleInWords
    band: Band
    rows: tuple[HistoryRow, ...]
    answer: AnswerTag | None
    buttons: tuple[AnswerButton, ...]
    note: str
    key: str
    phone: str
    email: str
    snoozed: str
    may_snooze: bool
    may_count_again: bool
    can_look_ahead: bool


def why_page(why: WhyWarning, note: str | None = None) -> WhyPage:
    """The page; ``note`` is what was typed before, if a form was refused."""
    warning, on = why.warning, why.on
    level, level_class, level_icon = LEVELS[warning.level]
    is_closed = why.closed_on is not None
    snoozed = not is_closed and is_snoozed(warning.snoozed_until, on)
    given = warning.answer
    return WhyPage(
        title=headline(warning, why.titles).replace(NBSP, " "),
        crumb=_("My path") if why.is_own else why.member.name,
        crumb_href=url_for("traject.mine")
        if why.is_own
        else url_for("traject.of_participant", participant_code=why.member.code),
        participant_code=why.member.code,
        warning_id=warning.id,
        level=_("It is over") if is_closed else str(level),
        level_class="" if is_closed else level_class,
        level_icon="check" if is_closed else level_icon,
        since=_since(why),
        is_own=why.is_own,
        is_closed=is_closed,
        why=explanation(warning, why.titles),
        no_longer=""
        if why.holds or is_closed
        else _(
            "Today it does not hold any more. If it stays so tomorrow, the warning closes. These are its last figures."
        ),
        way_out="" if is_closed else way_out(warning, why.titles),
        rule=rule_in_words(warning.code, why.settings),
        band=_band(why),
        rows=tuple(_rows(why)),
        answer=answer_tag(given, yours=why.is_own),
        buttons=tuple(
            AnswerButton(value=kind.value, text=text, icon=icon, is_given=given is not None and given.kind is kind)
            for kind, text, icon in BUTTONS
        )
        if why.may_answer
        else (),
        note=note if note is not None else "",
        key=new_key(),
        phone="" if why.is_own else (why.member.phone or ""),
        email="" if why.is_own else why.member.email,
        snoozed=_snoozed(why) if snoozed and not why.is_own else "",
        may_snooze=why.may_snooze and not snoozed,
        may_count_again=why.may_snooze and snoozed,
        can_look_ahead=why.may_answer and warning.code in OF_WEEKS,
    )


def _since(why: WhyWarning) -> str:
    opened = day_dated(why.warning.opened_on, why.on)
    if why.closed_on is not None:
        return _("From %(first)s to %(last)s", first=opened, last=day_dated(why.closed_on, why.on))
    return _("Open since %(date)s", date=opened)


def _snoozed(why: WhyWarning) -> str:
    until = why.warning.snoozed_until
    assert until is not None
    return _("Put off until %(date)s: %(note)s", date=day_dated(until, why.on), note=why.warning.snooze_note or "")


def _band(why: WhyWarning) -> Band:
    """The levels as pieces as wide as they lasted; the day on which it began counts as one."""
    last = why.closed_on or max(why.on, why.steps[-1].on)
    first = why.steps[0].on
    whole = max(1, (last - first).days)
    ends = [*(step.on for step in why.steps[1:]), last]
    parts = []
    for step, end in zip(why.steps, ends, strict=True):
        kind, y, height = SHAPES[step.level]
        length = (end - step.on).days if whole > 1 or last > first else 1
        if length > 0 and step.kind is not WarningEventKind.CLOSED:
            x = (step.on - first).days / whole * 100
            width = length / whole * 100
            parts.append(Part(kind=kind, x=f"{x:.2f}", width=f"{width:.2f}", y=y, height=height))
    return Band(
        label=_band_in_words(why),
        parts=tuple(parts),
        first=day_short_dated(first, why.on),
        last=_("today") if last == why.on else day_short_dated(last, why.on),
    )


def _band_in_words(why: WhyWarning) -> str:
    return ", ".join(
        _("%(date)s: %(level)s", date=day_short_dated(step.on, why.on), level=_level_after(step)) for step in why.steps
    )


def _rows(why: WhyWarning) -> Iterable[HistoryRow]:
    """Everything that happened, latest first."""
    found: list[tuple[datetime, HistoryRow]] = []
    for step in why.steps:
        said = headline(with_figures(why.warning, step.level, step.figures), why.titles) if step.figures else ""
        row = HistoryRow(
            when=sentence(day_dated(step.on, why.on)),
            what=str(HAPPENED[step.kind]),
            icon="check" if step.kind is WarningEventKind.CLOSED else LEVELS[step.level][2],
            level=_level_after(step),
            figures=said,
        )
        found.append((_at(step.on, BEFORE_THE_DAY), row))
    for answer in why.answers:
        local = answer.answered_at.astimezone(AMSTERDAM)
        words = OWN_WORDS[answer.kind] if why.is_own else WORDS[answer.kind][0]
        row = HistoryRow(
            when=sentence(day_dated(local.date(), why.on)),
            what=str(words),
            icon=WORDS[AnswerKind(answer.kind)][1],
            level="",
            figures=answer.note or "",
        )
        found.append((local, row))
    return [row for _at_moment, row in sorted(found, key=lambda item: item[0], reverse=True)]


def _level_after(step: WarningStep) -> str:
    return _("It is over") if step.kind is WarningEventKind.CLOSED else str(LEVELS[step.level][0])


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, AMSTERDAM)
