"""The audit trail and histories as pages show them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from hto_track import formats
from hto_track.rules.days import AMSTERDAM
from hto_track.services.audit_trail import History, TrailEntry, TrailPage
from hto_track.services.policy import CONSOLE, Actor
from hto_track.web.navigation import opens
from hto_track.web.pictures.audit_words import (
    ACTIONS,
    KINDS,
    action_in_words,
    field_in_words,
    record_in_words,
    value_in_words,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """A field that changed, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """An entry in words. ``href`` leads to whom or what it is about, where there is a page that opens."""

    number: int
    title: str
    who: str
    when: str
    about: str
    href: str | None
    fields: tuple[FieldLine, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailPicture:
    """The entries of a page, and where the older ones are."""

    entries: tuple[EntryLine, ...]
    older_href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPicture:
    """A history: its title, what it is narrowed to, and where the whole of it is."""

    title: str
    narrowed_to: str
    whole_href: str | None
    crumb: str
    crumb_href: str | None
    trail: TrailPicture


def action_choices() -> list[tuple[str, str]]:
    """What a search offers, in order of the words."""
    words = sorted((str(said), action) for action, said in ACTIONS.items())
    return [("", _("Everything")), *((action, said) for said, action in words)]


def trail_picture(page: TrailPage, endpoint: str, **asked: Any) -> TrailPicture:
    """Entries for an administrator, each with the address of who did it; older ones are at ``endpoint``."""
    return TrailPicture(
        entries=tuple(_line(entry, _who(entry), with_about=True) for entry in page.entries),
        older_href=_older(page, endpoint, asked),
    )


def participant_picture(history: History, reader: Actor, within: str) -> HistoryPicture:
    """The history of a participant; of their own, what they did themselves is said to be theirs."""
    address = {"participant_code": history.code}
    title = _("What was changed in your data") if history.is_own else _("History of %(name)s", name=history.name)
    return _picture(
        history,
        reader,
        endpoint="audit.of_participant",
        address=address,
        within=within,
        title=title,
        crumb=_("Path") if history.is_own else history.name,
        crumb_href=url_for("traject.of_participant", **address),
    )


def cohort_picture(history: History, reader: Actor, within: str) -> HistoryPicture:
    """The history of a cohort and its people."""
    address = {"cohort_code": history.code}
    return _picture(
        history,
        reader,
        endpoint="audit.of_cohort",
        address=address,
        within=within,
        title=_("History of %(name)s", name=history.name),
        crumb=history.name,
        crumb_href=url_for("cohorts.board", **address),
    )


def account_picture(history: History, reader: Actor) -> HistoryPicture:
    """The history of one's own account."""
    return _picture(
        history,
        reader,
        endpoint="audit.own",
        address={},
        within="",
        title=_("History of your account"),
        crumb=_("My account"),
        crumb_href=url_for("account.mine"),
    )


def _picture(
    history: History,
    reader: Actor,
    *,
    endpoint: str,
    address: dict[str, str],
    within: str,
    title: str,
    crumb: str,
    crumb_href: str,
) -> HistoryPicture:
    def who(entry: TrailEntry) -> str:
        if entry.actor == reader.ref:
            return _("you")
        return entry.who.name if entry.who else _nameless(entry)

    asked = {**address, **({"wat": within} if within else {})}
    kind, slash, which = within.partition("/")
    return HistoryPicture(
        title=title,
        narrowed_to=formats.sentence(record_in_words((kind, which) if slash else (kind,))) if within else "",
        whole_href=url_for(endpoint, **address) if within else None,
        crumb=crumb,
        crumb_href=crumb_href,
        trail=TrailPicture(
            entries=tuple(
                _line(entry, who(entry), with_about=endpoint == "audit.of_cohort") for entry in history.page.entries
            ),
            older_href=_older(history.page, endpoint, asked),
        ),
    )


def _older(page: TrailPage, endpoint: str, asked: dict[str, Any]) -> str | None:
    return None if page.older is None else url_for(endpoint, **asked, voor=page.older)


def _line(entry: TrailEntry, who: str, *, with_about: bool) -> EntryLine:
    local = entry.at.astimezone(AMSTERDAM)
    record = _record(entry)
    whom = _whom(entry) if with_about else ""
    return EntryLine(
        number=entry.number,
        title=action_in_words(entry.action),
        who=who,
        when=f"{formats.day_year(local)}, {formats.clock_time(local.time())}",
        about=", ".join(filter(None, (whom, record))),
        href=_href(entry) if with_about else None,
        fields=tuple(_fields(entry.before, entry.after)),
        note=_("What was before and after was erased with the person it was about.") if entry.is_erased else "",
    )


def _record(entry: TrailEntry) -> str:
    """Which record of a participant or a cohort: of a warning its kind, since its number tells a reader nothing."""
    record = entry.subject[2:]
    code = entry.after.get("warning") or entry.before.get("warning")
    if record[:1] != ("warnings",) or code is None:
        return record_in_words(record)
    words = value_in_words("warning", code)
    return words[:1].lower() + words[1:]


def _who(entry: TrailEntry) -> str:
    if entry.who is None:
        return _nameless(entry)
    name, email = entry.who.name, entry.who.email
    return f"{name} ({email})" if email and email != name else name


def _nameless(entry: TrailEntry) -> str:
    return _("HTO Track itself") if entry.actor == CONSOLE.ref else _("someone whose account was erased")


def _whom(entry: TrailEntry) -> str:
    kind, *rest = entry.subject
    if entry.about is not None:
        return entry.about.name
    if kind == "participant":
        return _("%(code)s (erased, or under another code now)", code=rest[0])
    if kind == "cohort":
        return _("cohort %(code)s", code=rest[0])
    words = KINDS.get(kind)
    return str(words) % {"which": "/".join(rest)} if words is not None else "/".join(entry.subject)


def _href(entry: TrailEntry) -> str | None:
    match entry.subject:
        case ("participant", code, *_) if entry.about is not None and opens("traject.of_participant"):
            return url_for("traject.of_participant", participant_code=code)
        case ("cohort", code, *_) if opens("cohorts.board"):
            return url_for("cohorts.board", cohort_code=code)
        case ("mail", number) if opens("outbox.mail") and number.isdecimal():
            return url_for("outbox.mail", mail_id=int(number))
        case ("user", number) if entry.about is not None and opens("accounts.account") and number.isdecimal():
            return url_for("accounts.account", user_id=int(number))
        case _:
            return None


def _fields(before: dict[str, Any], after: dict[str, Any]) -> Iterator[FieldLine]:
    """The fields that differ, those of rows of a file under their row's name."""
    for name in dict.fromkeys((*before, *after)):
        if name == "rows":
            yield from _rows(before.get(name) or {}, after.get(name) or {})
        elif before.get(name) != after.get(name):
            yield FieldLine(
                field=field_in_words(name),
                before=value_in_words(name, before.get(name)),
                after=value_in_words(name, after.get(name)),
            )


def _rows(before: dict[str, Any], after: dict[str, Any]) -> Iterator[FieldLine]:
    for row in dict.fromkeys((*before, *after)):
        for line in _fields(before.get(row) or {}, after.get(row) or {}):
            yield FieldLine(field=f"{row} · {line.field}", before=line.before, after=line.after)
