"""What stands around every page in words and addresses: put together once per language, for every request asks for it."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from hto_track.formats import language


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """The words and addresses of base.html and components/shell.html."""

    language: str
    home: str
    sign_out: str
    sign_in: str
    stay: str
    log_hours: str
    dutch: str
    english: str
    skip: str
    offline: str
    main_menu: str
    menu: str
    language_menu: str
    signing_out: str
    logging_hours: str
    undo: str
    ending: str
    staying: str
    ending_for_good: str
    ended: str
    signing_in_again: str
    account_of: str
    """With a place for the name: %(name)s."""


def shell() -> Shell:
    """The shell in the reader's language."""
    shells: dict[tuple[str, str], Shell] = current_app.extensions.setdefault("hto_shells", {})
    key = (language(), request.script_root)
    if key not in shells:
        shells[key] = _made(key[0])
    return shells[key]


def _made(reader_language: str) -> Shell:
    return Shell(
        language=reader_language,
        home=url_for("home"),
        sign_out=url_for("sign_in.out"),
        sign_in=url_for("sign_in.choose"),
        stay=url_for("sign_in.stay"),
        log_hours=url_for("internship.log_hours"),
        dutch=url_for("languages.choose", language="nl"),
        english=url_for("languages.choose", language="en"),
        skip=_("Skip to content"),
        offline=_("Not saved: no connection. What you filled in stays."),
        main_menu=_("Main menu"),
        menu=_("Menu"),
        language_menu=_("Language"),
        signing_out=_("Sign out"),
        logging_hours=_("Log hours"),
        undo=_("Undo"),
        ending=_("You are signed out within 5 minutes."),
        staying=_("Stay signed in"),
        ending_for_good=_("You are signed out within 5 minutes. Save what you filled in."),
        ended=_("You are signed out. What you filled in still stands here."),
        signing_in_again=_("Sign in again (in a new tab)"),
        account_of=_("Account of %(name)s"),
    )
