"""Templates as they are looked at: where the hours go, which assignment runs while, and what is wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track import formats
from hto_track.rules.days import AMSTERDAM
from hto_track.rules.facts import Programme
from hto_track.rules.template import ExpectedHours, Rhythm, Template, TemplateAssignment, times_of
from hto_track.services.templates import Origins, TemplateSummary, VersionSummary, VersionView
from hto_track.web.pictures.charts import RoomBar, room_bar
from hto_track.web.sent_forms import new_key

A_MONDAY = date(2024, 1, 1)
LABELS_TAKE = 14
"""So many percent of the width of the picture of assignments."""
ROW, BAR, AXIS = 26, 14, 22
LONGEST_LABEL = 5
EVERY = 5
"""So many lessons lie between two numbers on the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursLine:
    """A kind of work with its hours; ``kind`` is the pattern it is drawn with, if any."""

    kind: str
    label: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursPicture:
    """Expected hours beside nominal ones. ``has_mark`` is whether there are nominal ones to mark on the bar."""

    total: str
    nominal: str
    chart: RoomBar
    has_mark: bool
    lines: tuple[HoursLine, ...]
    optional: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCard:
    """A template in the list."""

    code: str
    number: int
    title: str
    about: str
    state: str
    state_class: str
    state_icon: str
    hours: HoursPicture


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatesPage:
    """The list."""

    cards: tuple[TemplateCard, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTemplatePage:
    """What a template can be begun from, and what was typed."""

    choices: tuple[tuple[str, str], ...]
    origin: str
    code: str
    title: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An assignment from the lesson that it opens with to the one it is due with."""

    label: str
    label_y: int
    kind: str
    x: str
    width: str
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A number of a lesson under the bars."""

    text: str
    x: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentsPicture:
    """Which assignments run during which lessons."""

    height: int
    base_y: int
    axis_y: int
    bar_height: int
    description: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentLine:
    """An assignment in words."""

    code: str
    title: str
    hours: str
    mandatory: str
    when: str
    outcomes: str
    criteria: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonRow:
    """A lesson, with its own times if it has them, and what is handed in with it."""

    number: int
    title: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLink:
    """Another version."""

    number: int
    text: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionPage:
    """One version."""

    code: str
    number: int
    title: str
    state: str
    note: str
    rhythm: str
    counted: str
    hours: HoursPicture
    picture: AssignmentsPicture | None
    lessons: tuple[LessonRow, ...]
    assignments: tuple[AssignmentLine, ...]
    outcomes: tuple[tuple[str, str], ...]
    checkpoints: tuple[tuple[str, str], ...]
    requirements: tuple[tuple[str, str], ...]
    versions: tuple[VersionLink, ...]
    cohorts: tuple[str, ...]
    before: int
    """The version before it, 0 for the first."""
    is_draft: bool
    is_empty: bool
    may_lay_out: bool
    offers_draft: bool
    seen: str
    key: str
    programme: str
    """The code of the programme that can be looked back on, if any."""
    discard_key: str


def templates_page(found: Sequence[TemplateSummary], today: date) -> TemplatesPage:
    """The list of templates."""
    return TemplatesPage(cards=tuple(_card(template, today) for template in found))


def new_template_page(origins: Origins, typed: Mapping[str, str]) -> NewTemplatePage:
    """The form of a new template."""
    like = [(f"cohort:{code}", _("Like %(cohort)s", cohort=name)) for code, name in origins.cohorts]
    empty = [(f"college:{college}", _("Empty, for %(college)s", college=college)) for college in origins.colleges]
    of_none = [("college:", _("Empty, of no college"))] if origins.without_college else []
    return NewTemplatePage(
        choices=(*like, *empty, *of_none),
        origin=typed.get("origin", ""),
        code=typed.get("code", ""),
        title=typed.get("title", ""),
        key=new_key(),
    )


def version_page(known: VersionView, today: date) -> VersionPage:
    """A version with its pictures."""
    template = known.template
    return VersionPage(
        code=known.code,
        number=known.version.number,
        title=known.title,
        state=_state(known.version, today)[0],
        note=known.version.note,
        rhythm=rhythm_in_words(template.rhythm),
        counted=_counted(template),
        hours=hours_picture(known.expected, known.nominal),
        picture=_assignments_picture(template) if template.assignments and template.lessons else None,
        lessons=_lesson_rows(template),
        assignments=tuple(_assignment_line(each) for each in template.assignments),
        outcomes=tuple((row.code, row.title) for row in template.outcomes),
        checkpoints=tuple((row.title, _due_week(row.due_week)) for row in template.checkpoints),
        requirements=requirements_in_words(template.requirements),
        versions=tuple(
            VersionLink(
                number=number,
                text=_("Version %(number)s", number=number),
                is_here=number == known.version.number,
            )
            for number in reversed(known.numbers)
        ),
        cohorts=known.version.cohorts,
        before=known.version.number - 1,
        is_draft=known.is_draft,
        is_empty=not template.lessons,
        may_lay_out=known.may_lay_out,
        offers_draft=known.is_latest and not known.is_draft,
        seen=known.seen,
        key=new_key(),
        programme=known.programme or "",
        discard_key=new_key(),
    )


def hours_picture(expected: ExpectedHours, nominal: Fraction | None) -> HoursPicture:
    """Where the hours go, with a mark at what the credits stand for."""
    figures = (expected.lessons + expected.preparation, expected.assignments, expected.internship)
    total = formats.hours(expected.total, 1)
    said = _("%(hours)s nominal", hours=formats.hours(nominal, 0)) if nominal is not None else ""
    parts = (
        ("lessons", _("Lessons"), expected.lessons),
        ("lessons", _("Preparation"), expected.preparation),
        ("assignments", _("Assignments"), expected.assignments),
        ("internship", _("Internship, at least"), expected.internship),
    )
    return HoursPicture(
        total=total,
        nominal=said,
        chart=room_bar(
            figures,
            nominal or 0,
            label=_("%(total)s expected, of which %(parts)s", total=total, parts=_listed(parts)),
            room_text=said,
        ),
        has_mark=nominal is not None,
        lines=tuple(HoursLine(kind=kind, label=label, hours=formats.hours(minutes)) for kind, label, minutes in parts),
        optional=_("Besides, %(hours)s of assignments that nobody has to do.", hours=formats.hours(expected.optional))
        if expected.optional
        else "",
    )


def rhythm_in_words(rhythm: Rhythm) -> str:
    """``Elke week op dinsdag, 18.30–21.30 uur``."""
    every = ngettext("Every week", "Every %(num)s weeks", rhythm.interval_weeks)
    return _(
        "%(every)s on %(weekday)s, %(times)s",
        every=every,
        weekday=weekday_name(rhythm.weekday),
        times=formats.clock_from_to(rhythm.starts_at, rhythm.ends_at),
    )


def weekday_name(weekday: int) -> str:
    """``dinsdag`` for 1."""
    return formats.weekday(A_MONDAY + timedelta(days=weekday))


def requirements_in_words(asked: Programme) -> tuple[tuple[str, str], ...]:
    """What is wanted of a participant: label and figure."""
    return (
        (_("Lessons attended, at least"), formats.percent(asked.min_attendance)),
        (_("Lessons that may be made up"), str(asked.make_up_limit)),
        (_("Internship, at least"), formats.hours(asked.internship_min)),
        (_("Internship, counted up to"), formats.hours(asked.internship_max)),
        (_("Attempts at an assignment"), str(asked.max_attempts)),
        (_("Preparation of a lesson"), formats.hours(asked.prep_per_lesson)),
        (_("Told beforehand, a week"), formats.hours(asked.advertised_weekly)),
    )


def _card(template: TemplateSummary, today: date) -> TemplateCard:
    shown = next((each for each in template.versions if each.published_at is not None), template.versions[0])
    state, kind, icon = _state(template.versions[0], today)
    about = [template.code, ngettext("%(num)s lesson", "%(num)s lessons", template.lessons)]
    return TemplateCard(
        code=template.code,
        number=max(shown.number, template.versions[0].number),
        title=template.title,
        about=" · ".join([*about, *filter(None, [template.college])]),
        state=state,
        state_class=kind,
        state_icon=icon,
        hours=hours_picture(template.expected, template.nominal),
    )


def _state(version: VersionSummary, today: date) -> tuple[str, str, str]:
    if version.published_at is None:
        return _("Version %(number)s · draft", number=version.number), "warn", "pencil"
    on = formats.day_dated(version.published_at.astimezone(AMSTERDAM).date(), today)
    return _("Version %(number)s · published %(day)s", number=version.number, day=on), "ok", "check"


def _counted(template: Template) -> str:
    lessons = ngettext("%(num)s lesson", "%(num)s lessons", len(template.lessons))
    assignments = ngettext("%(num)s assignment", "%(num)s assignments", len(template.assignments))
    return f"{lessons} · {assignments}"


def _listed(parts: Sequence[tuple[str, str, int]]) -> str:
    return ", ".join(f"{label.lower()} {formats.hours(minutes)}" for _kind, label, minutes in parts)


def _due_week(week: int | None) -> str:
    return _("before the end") if week is None else _("in week %(week)s", week=week)


def _lesson_rows(template: Template) -> tuple[LessonRow, ...]:
    rows = []
    for lesson in template.lessons:
        notes = []
        if lesson.starts_at is not None or lesson.ends_at is not None:
            notes.append(formats.clock_from_to(*times_of(lesson, template.rhythm)))
        opens = ", ".join(each.code for each in template.assignments if each.opens_with == lesson.number)
        due = ", ".join(each.code for each in template.assignments if each.due_with == lesson.number)
        notes += [_("%(codes)s opens", codes=opens)] if opens else []
        notes += [_("hand in %(codes)s", codes=due)] if due else []
        title = lesson.title or _("Lesson %(number)s", number=lesson.number)
        rows.append(LessonRow(number=lesson.number, title=title, note=" · ".join(notes)))
    return tuple(rows)


def _assignment_line(each: TemplateAssignment) -> AssignmentLine:
    return AssignmentLine(
        code=each.code,
        title=each.title,
        hours=formats.hours(each.estimate),
        mandatory="" if each.mandatory else _("optional"),
        when=_("from lesson %(first)s, hand in with lesson %(last)s", first=each.opens_with, last=each.due_with),
        outcomes=", ".join(each.outcomes),
        criteria=each.criteria,
    )


def _assignments_picture(template: Template) -> AssignmentsPicture:
    count = len(template.lessons)
    step = (100 - LABELS_TAKE) / count

    def left_of(number: int) -> float:
        return LABELS_TAKE + (number - 1) * step

    bars = tuple(
        Bar(
            label=each.code if len(each.code) <= LONGEST_LABEL else f"{each.code[: LONGEST_LABEL - 1]}…",
            label_y=at * ROW + BAR,
            kind="f-assignments" if each.mandatory else "f-optional",
            x=_percent(left_of(each.opens_with)),
            width=_percent((each.due_with - each.opens_with + 1) * step),
            y=at * ROW + 2,
        )
        for at, each in enumerate(template.assignments)
    )
    numbers = [1, *range(EVERY, count + 1, EVERY)]
    base = len(bars) * ROW + 2
    return AssignmentsPicture(
        height=base + AXIS,
        base_y=base,
        axis_y=base + AXIS - 5,
        bar_height=BAR,
        description="; ".join(f"{each.code}: {_assignment_line(each).when}" for each in template.assignments),
        bars=bars,
        ticks=tuple(Tick(text=str(number), x=_percent(left_of(number) + step / 2)) for number in numbers),
    )


def _percent(share: float) -> str:
    return f"{share:.3f}"
