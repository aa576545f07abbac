"""The settings of a programme: the list of programmes, when warnings begin in one, what others would do, saving them."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.rules.facts import Programme
from hto_track.rules.rounding import MINUTES_PER_HOUR
from hto_track.rules.warning_settings import SETTINGS, Setting, Unit, Value, with_value
from hto_track.services.programme_settings import (
    DEFAULTS,
    SettingsView,
    change_settings,
    preview_settings,
    programme_settings,
    programmes_managed,
    undo_settings,
)
from hto_track.services.refusals import Refusal, Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done, say_refused
from hto_track.web.forms import errors_by_field
from hto_track.web.parsing import parse_whole
from hto_track.web.pictures.programme_settings import programme_rows, settings_page
from hto_track.web.sent_forms import render_refused, sent_form

LONGEST_NUMBER = 8


def overview() -> ResponseReturnValue:
    """The programmes whose settings one may change."""
    rows = programme_rows(programmes_managed(signed_in_actor()))
    return render_template("programmes/overview.html", rows=rows)


def settings(programme_code: str) -> ResponseReturnValue:
    """The settings; with some filled in, ``?overload_amber=160``, what those would do."""
    view = programme_settings(signed_in_actor(), programme_code)
    if not any(setting.name in request.args for setting in SETTINGS):
        return render_template("programmes/settings.html", page=settings_page(view, {}, None), errors={})
    try:
        asked = _asked(view, request.args)
    except Refused as refused:
        page = settings_page(view, request.args, None, request.args.get("seen"))
        return render_template("programmes/settings.html", page=page, errors=errors_by_field(refused))
    preview = preview_settings(signed_in_actor(), programme_code, asked, clock.today())
    page = settings_page(view, request.args, preview, request.args.get("seen"))
    errors = errors_by_field(Refused(preview.refusals))
    return render_template("programmes/settings.html", page=page, errors=errors)


def save(programme_code: str) -> ResponseReturnValue:
    """Save what was looked at."""
    actor, view = signed_in_actor(), programme_settings(signed_in_actor(), programme_code)
    try:
        asked = _asked(view, request.form)
        change_settings(actor, programme_code, asked, request.form.get("seen", ""), sent_form())
    except Refused as refused:
        is_meant = all(refusal.field for refusal in refused.refusals)  # else it is about what somebody else changed
        view, seen = programme_settings(actor, programme_code), request.form.get("seen") if is_meant else None
        page = settings_page(view, request.form, None, seen)
        return render_refused("programmes/settings.html", page=page, errors=errors_by_field(refused))
    return _done(programme_code, _("Saved. Warnings follow tonight."))


def reset(programme_code: str) -> ResponseReturnValue:
    """Let everything be as usual."""
    actor, view = signed_in_actor(), programme_settings(signed_in_actor(), programme_code)
    try:
        change_settings(actor, programme_code, _usual(view), request.form.get("seen", ""), sent_form())
    except Refused as refused:
        page = settings_page(view, {}, None)
        return render_refused("programmes/settings.html", page=page, errors=errors_by_field(refused))
    return _done(programme_code, _("Everything is as usual again. Warnings follow tonight."))


def undo(programme_code: str, form_key: str) -> ResponseReturnValue:
    """Take back what a form of one's own changed."""
    try:
        undo_settings(signed_in_actor(), programme_code, form_key)
        say_done(_("The settings are as they were."))
    except Refused as refused:
        say_refused(refused)
    return redirect(url_for("programmes.settings", programme_code=programme_code))


def _done(programme_code: str, text: str) -> ResponseReturnValue:
    key = request.form.get("key", "")
    say_done(text, undo_url=url_for("programmes.undo", programme_code=programme_code, form_key=key) if key else None)
    return redirect(url_for("programmes.settings", programme_code=programme_code))


def _usual(view: SettingsView) -> Programme:
    asked = view.settings
    for setting in SETTINGS:
        asked = with_value(asked, setting, _value_of_defaults(setting))
    return asked


def _value_of_defaults(setting: Setting) -> Value:
    value: Value = getattr(DEFAULTS if hasattr(DEFAULTS, setting.name) else DEFAULTS.thresholds, setting.name)
    return value


def _asked(view: SettingsView, typed: Mapping[str, str]) -> Programme:
    """The settings with what was filled in; what a form leaves out stays. Refused for what is no number."""
    asked, refusals = view.settings, []
    for setting in SETTINGS:
        if setting.name not in typed:
            continue
        value = _parsed(setting, typed[setting.name])
        if value is None:
            refusals.append(Refusal(message=_("Fill in a number, for example 14."), field=setting.name))
        else:
            asked = with_value(asked, setting, value)
    if refusals:
        raise Refused(refusals)
    return asked


def _parsed(setting: Setting, text: str) -> Value | None:
    if setting.unit in (Unit.DAYS, Unit.COUNT):
        return parse_whole(text)
    said = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        figure = Fraction(Decimal(said)) if len(said) <= LONGEST_NUMBER and "e" not in said.casefold() else None
    except (InvalidOperation, ValueError, OverflowError):
        return None
    if figure is None or figure < 0:
        return None
    if setting.unit is Unit.SHARE:
        return figure / 100
    minutes = figure * MINUTES_PER_HOUR
    return minutes.numerator if minutes.denominator == 1 else None
