"""The settings of a programme that say when warnings begin: their bounds, how they fit together, and what others would do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from hto_track.rules.facts import Facts, Programme
from hto_track.rules.standing import Standing, judge
from hto_track.rules.warnings import Level, alarms

HOUR = 60


class Unit(StrEnum):
    """What a setting counts."""

    SHARE = "share"
    HOURS = "hours"
    """A week; kept as minutes."""
    DAYS = "days"
    COUNT = "count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A setting by the name of its field, with the least and the most it may be; ``above`` names the one it is never below."""

    name: str
    unit: Unit
    least: Fraction | int
    most: Fraction | int
    above: str | None = None


LIMITS: tuple[Setting, ...] = (
    Setting(name="overload_amber", unit=Unit.SHARE, least=Fraction(1), most=Fraction(5)),
    Setting(name="overload_red", unit=Unit.SHARE, least=Fraction(1), most=Fraction(5), above="overload_amber"),
    Setting(name="overload_red_with_job", unit=Unit.HOURS, least=20 * HOUR, most=100 * HOUR),
    Setting(name="sustained_amber", unit=Unit.SHARE, least=Fraction(1), most=Fraction(5)),
    Setting(name="sustained_red", unit=Unit.SHARE, least=Fraction(1), most=Fraction(5), above="sustained_amber"),
    Setting(name="sustained_red_with_job", unit=Unit.HOURS, least=20 * HOUR, most=100 * HOUR),
    Setting(name="no_placement_amber", unit=Unit.DAYS, least=1, most=365),
    Setting(name="no_placement_red", unit=Unit.DAYS, least=1, most=365, above="no_placement_amber"),
    Setting(name="overdue_amber_days", unit=Unit.DAYS, least=1, most=90),
    Setting(name="overdue_red_count", unit=Unit.COUNT, least=1, most=20),
    Setting(name="silent_amber", unit=Unit.DAYS, least=1, most=365),
    Setting(name="silent_red", unit=Unit.DAYS, least=1, most=365, above="silent_amber"),
    Setting(name="unconfirmed_amber", unit=Unit.DAYS, least=1, most=90),
    Setting(name="unconfirmed_red", unit=Unit.DAYS, least=1, most=90, above="unconfirmed_amber"),
)
"""Those of ``Thresholds``, all of them."""
BESIDES: tuple[Setting, ...] = (
    Setting(name="advertised_weekly", unit=Unit.HOURS, least=1 * HOUR, most=60 * HOUR),
    Setting(name="min_attendance", unit=Unit.SHARE, least=Fraction(0), most=Fraction(1)),
)
"""Those of ``Programme`` itself that warnings rest on."""
SETTINGS = (*BESIDES, *LIMITS)


class FaultKind(StrEnum):
    """What can be wrong with a setting."""

    OUT_OF_BOUNDS = "out_of_bounds"
    BELOW_AMBER = "below_amber"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A setting that cannot be as asked."""

    setting: Setting
    kind: FaultKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCounts:
    """How many people have a warning, by the highest of its levels; red ones are not counted as amber too."""

    amber: int
    red: int


Value = Fraction | int


def value_of(settings: Programme, setting: Setting) -> Value:
    """What a setting is."""
    value: Value = getattr(settings if setting in BESIDES else settings.thresholds, setting.name)
    return value


def with_value(settings: Programme, setting: Setting, value: Value) -> Programme:
    """The settings with one of them as ``value``."""
    if setting in BESIDES:
        return replace(settings, **{setting.name: value})  # type: ignore[arg-type]
    return replace(settings, thresholds=replace(settings.thresholds, **{setting.name: value}))  # type: ignore[arg-type]


def faults(settings: Programme) -> tuple[Fault, ...]:
    """What is wrong with these settings: out of bounds, or red before amber."""
    found = []
    for setting in SETTINGS:
        value = value_of(settings, setting)
        if not setting.least <= value <= setting.most:
            found.append(Fault(setting=setting, kind=FaultKind.OUT_OF_BOUNDS))
        elif setting.above is not None and value < getattr(settings.thresholds, setting.above):
            found.append(Fault(setting=setting, kind=FaultKind.BELOW_AMBER))
    return tuple(found)


def count_levels(people: Iterable[tuple[Facts, Standing]], settings: Programme) -> LevelCounts:
    """How many of these people would have a warning on the date of their standing, with these settings of their programme."""
    amber = red = 0
    for facts, standing in people:
        told = replace(facts, programme=settings)
        # Only what is not a threshold changes a standing: judging anew takes a hundred times as long
        same = replace(facts.programme, thresholds=settings.thresholds) == settings
        levels = {alarm.level for alarm in alarms(told, standing if same else judge(told, standing.span.on))}
        red += Level.RED in levels
        amber += levels == {Level.AMBER}
    return LevelCounts(amber=amber, red=red)
