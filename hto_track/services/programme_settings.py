"""When warnings begin in a programme: its settings, what others would do, and changing them (RULES.md section 6)."""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from hto_track.models.cohorts import Cohort
from hto_track.models.programmes import Programme
from hto_track.rules import facts as rules
from hto_track.rules.warning_settings import (
    SETTINGS,
    Fault,
    FaultKind,
    LevelCounts,
    Value,
    count_levels,
    faults,
    value_of,
    with_value,
)
from hto_track.services import audit, facts, form_answers, values
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Action, Actor, Subject, may, require, require_anywhere
from hto_track.services.refusals import Forbidden, NotFound, Refusal, Refused, refuse
from hto_track.services.standings import kept_standings_of
from hto_track.services.transaction import reading, writing

DEFAULTS = rules.Programme()
BEFORE = "settings_before"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeSummary:
    """A programme by name, and the codes of its cohorts."""

    code: str
    title: str
    college: str | None
    cohorts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsView:
    """A programme with its settings; ``seen`` tells a form whether they were changed meanwhile."""

    programme: ProgrammeSummary
    settings: rules.Programme
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPreview:
    """What settings would do: who has a warning now and then, of ``people`` in the cohorts that run; or why they cannot be."""

    people: int
    before: LevelCounts
    after: LevelCounts
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    row: Programme
    cohorts: tuple[Cohort, ...]

    @property
    def view(self) -> SettingsView:
        settings = values.programme_settings(self.row)
        return SettingsView(
            programme=_summary(self.row, self.cohorts), settings=settings, seen=version_of(self.row.code, settings)
        )


def programmes_managed(actor: Actor) -> tuple[ProgrammeSummary, ...]:
    """The programmes whose settings the actor may change, by title. Forbidden for who may nowhere."""
    require_anywhere(actor, Action.MANAGE_PROGRAMME)
    session = reading()
    found = []
    cohorts = session.scalars(select(Cohort).order_by(Cohort.code)).all()
    for row in session.scalars(select(Programme).order_by(Programme.title, Programme.code)):
        own = tuple(cohort for cohort in cohorts if cohort.programme_id == row.id)
        if any(may(actor, Action.MANAGE_PROGRAMME, subject) for subject in _subjects(row, own)):
            found.append(_summary(row, own))
    return tuple(found)


def programme_settings(actor: Actor, code: str) -> SettingsView:
    """The settings of a programme. NotFound, Forbidden."""
    return _known(reading(), actor, code).view


def preview_settings(actor: Actor, code: str, asked: rules.Programme, on: date) -> SettingsPreview:
    """What other settings would do to who takes part now. NotFound, Forbidden."""
    session = reading()
    known = _known(session, actor, code)
    running = [cohort.id for cohort in known.cohorts if cohort.start_on <= on <= cohort.end_on]
    grounds = facts.cohort_grounds(session, running)
    people = [
        (member.facts, member.standing)
        for found in kept_standings_of(session, [grounds[cohort_id] for cohort_id in running], on)
        for member in found.members
    ]
    refusals = tuple(map(_refusal, faults(asked)))
    settings = values.programme_settings(known.row)
    return SettingsPreview(
        people=len(people),
        before=count_levels(people, settings),
        after=count_levels(people, settings if refusals else asked),
        refusals=refusals,
    )


def change_settings(
    actor: Actor, code: str, asked: rules.Programme, seen: str, form: SentForm | None = None
) -> SettingsView:
    """Change the settings of a programme; what is open follows at the next evaluation.

    Refused for what is out of bounds or does not fit together, and when somebody else changed them since they were ``seen``.
    NotFound, Forbidden.
    """
    with writing() as session:
        known = _known(session, actor, code)
        if form_answers.answered(session, actor, form) is not None:
            return known.view
        now = values.programme_settings(known.row)
        refusals = [_refusal(fault) for fault in faults(asked)]
        if version_of(code, now) != seen:
            refusals.append(
                Refusal(message=_l("Somebody changed these settings meanwhile. Look at them and save again."))
            )
        if refusals:
            raise Refused(refusals)
        _store(session, actor, known.row, now, asked)
        form_answers.remember(
            session, actor, form, {BEFORE: in_plain(now), "programme": code, "after": version_of(code, asked)}
        )
        return known.view


def undo_settings(actor: Actor, code: str, key: str) -> SettingsView:
    """Take back what the actor's own form ``key`` changed. Refused when they were changed again since. NotFound, Forbidden."""
    answer = form_answers.answer_to(actor, key, BEFORE)
    with writing() as session:
        known = _known(session, actor, code)
        if answer["programme"] != code:
            raise NotFound
        now = values.programme_settings(known.row)
        if version_of(code, now) != answer["after"]:
            raise refuse(_l("Somebody changed these settings meanwhile. Look at them and save again."))
        before = now
        for setting in SETTINGS:
            before = with_value(before, setting, _from_plain(answer[BEFORE][setting.name]))
        _store(session, actor, known.row, now, before)
        return known.view


def _store(session: Session, actor: Actor, row: Programme, now: rules.Programme, asked: rules.Programme) -> None:
    changed = [setting for setting in SETTINGS if value_of(now, setting) != value_of(asked, setting)]
    if not changed:
        return
    standard = rules.Thresholds()
    row.advertised_weekly_minutes = asked.advertised_weekly
    row.min_attendance = _decimal(asked.min_attendance)
    row.thresholds = {
        name: _number(getattr(asked.thresholds, name))
        for name in rules.Thresholds.__dataclass_fields__
        if getattr(asked.thresholds, name) != getattr(standard, name)
    }
    session.flush()
    audit.record(
        session,
        actor,
        "change_programme_settings",
        audit.of_programme(row.code),
        before={setting.name: _number(value_of(now, setting)) for setting in changed},
        after={setting.name: _number(value_of(asked, setting)) for setting in changed},
    )


def _known(session: Session, actor: Actor, code: str) -> _Known:
    row = session.scalars(select(Programme).where(Programme.code == code)).one_or_none()
    if row is None:
        raise NotFound(f"There is no programme {code}")
    cohorts = tuple(session.scalars(select(Cohort).where(Cohort.programme_id == row.id).order_by(Cohort.code)))
    _require(actor, _subjects(row, cohorts))
    return _Known(row, cohorts)


def _require(actor: Actor, subjects: list[Subject]) -> None:
    """As the policy says of the subject that is nearest to the actor."""
    refused: list[Exception] = []
    for subject in subjects:
        try:
            require(actor, Action.MANAGE_PROGRAMME, subject)
        except (Forbidden, NotFound) as error:
            refused.append(error)
        else:
            return
    raise next((error for error in refused if isinstance(error, Forbidden)), refused[0])


def _subjects(row: Programme, cohorts: tuple[Cohort, ...]) -> list[Subject]:
    """A programme is acted on as such, and by way of each of its cohorts."""
    ground = Subject(college=row.college, programme_id=row.id)
    return [ground, *(replace(ground, cohort_id=cohort.id) for cohort in cohorts)]


def _summary(row: Programme, cohorts: tuple[Cohort, ...]) -> ProgrammeSummary:
    return ProgrammeSummary(
        code=row.code, title=row.title, college=row.college, cohorts=tuple(cohort.code for cohort in cohorts)
    )


def _refusal(fault: Fault) -> Refusal:
    message = (
        _l("Red begins no lower than orange: choose the same or more.")
        if fault.kind is FaultKind.BELOW_AMBER
        else _l("This is too low or too high: it says at the field what it can be.")
    )
    return Refusal(message=message, field=fault.setting.name)


def version_of(code: str, settings: rules.Programme) -> str:
    """What tells these settings of a programme from any others."""
    return hashlib.sha256(json.dumps([code, in_plain(settings)], sort_keys=True).encode()).hexdigest()[:16]


def in_plain(settings: rules.Programme) -> dict[str, str]:
    """The settings as exact text, to compare and to go back to."""
    return {setting.name: str(value_of(settings, setting)) for setting in SETTINGS}


def _from_plain(text: str) -> Value:
    value = Fraction(text)
    return value.numerator if value.denominator == 1 and "/" not in text else value


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / Decimal(share.denominator)


def _number(value: Value) -> float:
    """As it is stored: a share with its decimals, anything else whole."""
    return float(_decimal(value)) if isinstance(value, Fraction) else value
