"""When warnings begin in a programme: every setting in words, with its unit and default, and what others would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import hours_said, number, percent
from hto_track.rules.facts import Programme
from hto_track.rules.warning_settings import BESIDES, LIMITS, SETTINGS, LevelCounts, Setting, Unit, Value, value_of
from hto_track.services.programme_settings import DEFAULTS, ProgrammeSummary, SettingsPreview, SettingsView
from hto_track.web.sent_forms import new_key

LABELS: dict[str, Any] = {
    "advertised_weekly": _l("Hours a week that the programme asks"),
    "min_attendance": _l("Attendance that is needed"),
    "overload_amber": _l("Orange: a coming week takes more of the room than"),
    "overload_red": _l("Red: a coming week takes more of the room than"),
    "overload_red_with_job": _l("Red: an orange week with the job takes more than"),
    "sustained_amber": _l("Orange: four weeks take on average more of the room than"),
    "sustained_red": _l("Red: four weeks take on average more of the room than"),
    "sustained_red_with_job": _l("Red: four orange weeks with the job take on average more than"),
    "no_placement_amber": _l("Orange: no school for"),
    "no_placement_red": _l("Red: no school for"),
    "overdue_amber_days": _l("Orange: an assignment is not handed in after its date for"),
    "overdue_red_count": _l("Red: so many assignments are past their date"),
    "silent_amber": _l("Orange: nothing recorded for"),
    "silent_red": _l("Red: nothing recorded for"),
    "unconfirmed_amber": _l("Orange: hours wait for the school for"),
    "unconfirmed_red": _l("Red: hours wait for the school for"),
}
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (_l("A full week"), ("overload_amber", "overload_red", "overload_red_with_job")),
    (_l("Full weeks in a row"), ("sustained_amber", "sustained_red", "sustained_red_with_job")),
    (_l("No school for the internship"), ("no_placement_amber", "no_placement_red")),
    (_l("Assignments not handed in"), ("overdue_amber_days", "overdue_red_count")),
    (_l("Silence"), ("silent_amber", "silent_red")),
    (_l("Hours not confirmed"), ("unconfirmed_amber", "unconfirmed_red")),
    (_l("What the programme asks"), ("advertised_weekly", "min_attendance")),
)
UNITS: dict[Unit, Any] = {
    Unit.SHARE: _l("percent"),
    Unit.HOURS: _l("hours a week"),
    Unit.DAYS: _l("days"),
    Unit.COUNT: _l("assignments"),
}
IN_MINUTES = frozenset(setting.name for setting in (*BESIDES, *LIMITS) if setting.unit is Unit.HOURS)
"""The settings that the audit trail keeps in minutes."""
BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """A setting in the form."""

    name: str
    label: Any
    value: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingGroup:
    """Settings of one warning."""

    id: str
    title: Any
    fields: tuple[SettingField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPicture:
    """What other settings would do, and what to save."""

    text: str
    rows: tuple[tuple[str, int, int], ...]
    hidden: tuple[tuple[str, str], ...]
    can_be_saved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """The page of one programme."""

    code: str
    title: str
    eyebrow: str
    groups: tuple[SettingGroup, ...]
    preview: PreviewPicture | None
    seen: str
    key: str
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRow:
    """A programme in the list."""

    href: str
    title: str
    detail: str


def programme_rows(found: tuple[ProgrammeSummary, ...]) -> tuple[ProgrammeRow, ...]:
    """The list of programmes."""
    return tuple(
        ProgrammeRow(
            href=url_for("programmes.settings", programme_code=programme.code),
            title=programme.title,
            detail=" · ".join(filter(None, (programme.code, programme.college, ", ".join(programme.cohorts)))),
        )
        for programme in found
    )


def settings_page(
    view: SettingsView, asked: Mapping[str, str], preview: SettingsPreview | None, seen: str | None = None
) -> SettingsPage:
    """The page; ``asked`` is what was filled in, ``preview`` what it would do. ``seen`` is what a refused form had seen."""
    return SettingsPage(
        code=view.programme.code,
        title=_("When warnings begin"),
        eyebrow=view.programme.title,
        groups=tuple(
            SettingGroup(
                id=f"g-{at}", title=title, fields=tuple(_field(BY_NAME[name], view.settings, asked) for name in names)
            )
            for at, (title, names) in enumerate(GROUPS)
        ),
        preview=_preview(preview, asked) if preview else None,
        seen=seen or view.seen,
        key=new_key(),
        differs=any(value_of(view.settings, setting) != value_of(DEFAULTS, setting) for setting in SETTINGS),
    )


def typed(setting: Setting, value: Value) -> str:
    """A setting as it stands in its field."""
    match setting.unit:
        case Unit.SHARE:
            return number(Fraction(value) * 100)
        case Unit.HOURS:
            return number(Fraction(value, 60))
        case _:
            return str(value)


def said(setting: Setting, value: Value) -> str:
    """A setting with its unit."""
    match setting.unit:
        case Unit.SHARE:
            return percent(value)
        case Unit.HOURS:
            return hours_said(Fraction(value, 60))
        case Unit.DAYS:
            return ngettext("%(num)s day", "%(num)s days", int(value))
        case Unit.COUNT:
            return ngettext("%(num)s assignment", "%(num)s assignments", int(value))


def _field(setting: Setting, settings: Programme, asked: Mapping[str, str]) -> SettingField:
    stands = value_of(settings, setting)
    value = asked.get(setting.name, typed(setting, stands))
    hint = _(
        "In %(unit)s, from %(least)s to %(most)s. Usually %(usual)s.",
        unit=UNITS[setting.unit],
        least=typed(setting, setting.least),
        most=typed(setting, setting.most),
        usual=said(setting, value_of(DEFAULTS, setting)),
    )
    if value != typed(setting, stands):
        hint += " " + _("Saved is: %(stands)s.", stands=said(setting, stands))
    return SettingField(name=setting.name, label=LABELS[setting.name], value=value, hint=hint)


def _preview(preview: SettingsPreview, asked: Mapping[str, str]) -> PreviewPicture:
    before, after = preview.before, preview.after
    return PreviewPicture(
        text=_in_words(preview.people, before, after),
        rows=((_("Orange"), before.amber, after.amber), (_("Red"), before.red, after.red)),
        hidden=tuple((setting.name, asked[setting.name]) for setting in SETTINGS if setting.name in asked),
        can_be_saved=not preview.refusals,
    )


def _in_words(people: int, before: LevelCounts, after: LevelCounts) -> str:
    if not people:
        return _("No cohort of this programme runs now: this changes nothing today.")
    if before == after:
        return _(
            "With these limits nothing changes today: %(amber)s orange, %(red)s red.", amber=after.amber, red=after.red
        )
    return _(
        "With these limits: now %(amber)s orange, %(red)s red (was %(was_amber)s and %(was_red)s).",
        amber=after.amber,
        red=after.red,
        was_amber=before.amber,
        was_red=before.red,
    )
