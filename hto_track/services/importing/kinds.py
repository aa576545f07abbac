"""The kinds of cell: how the text of one becomes a value and how a value becomes a cell again (FORMATS.md).

Values are those of the tables: whole minutes for hours, members for words of a list. ``Unfit`` says what was expected.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from hto_track.documents.sheets import Cell
from hto_track.rules.days import FIRST_YEAR, LAST_YEAR
from hto_track.rules.rounding import hours_of, minutes_of

MOST_HOURS = 10_000
HOURS_OF_A_WEEK = 168
HOURS_OF_A_DAY = 24

_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_DUTCH_DATE = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?:[ T]0?0:00(?::00)?)?", re.ASCII)
_BREAK = re.compile(r"\s*[\n\r\t\u2028\u2029]\s*")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::00(?:\.0+)?)?", re.ASCII)
_DECIMAL = re.compile(r"-?(?:\d{1,9}(?:[.,]\d{1,12})?|[.,]\d{1,12})", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}(?:[.,]0{1,2})?", re.ASCII)
_WORDS_FOR_YES = frozenset({"yes", "ja", "true", "waar", "1"})
_WORDS_FOR_NO = frozenset({"no", "nee", "false", "onwaar", "0"})


class Unfit(Exception):
    """A cell that cannot be this kind; ``expected`` says in words what could."""

    def __init__(self, expected: Any) -> None:
        super().__init__()
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Kind:
    """``parse`` takes stripped text that is not empty; ``cell`` is its way back."""

    parse: Callable[[str], Any]
    cell: Callable[[Any], Cell] = lambda value: value


def text(most: int) -> Kind:
    """Text on one line of at most ``most`` characters; a line break within the cell becomes a space."""
    lines = note(most)
    return Kind(lambda content: lines.parse(_BREAK.sub(" ", content)))


def note(most: int) -> Kind:
    """Text of at most ``most`` characters that may have several lines."""

    def parse(content: str) -> str:
        if len(content) > most:
            raise Unfit(_l("at most %(most)s characters, not %(length)s", most=most, length=len(content)))
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in content if character not in "\n\r\t"):
            raise Unfit(_l("text without control characters"))
        return content

    return Kind(parse)


def email() -> Kind:
    """An e-mail address, in lower case as accounts are."""
    plain = text(254)

    def parse(content: str) -> str:
        before, at, after = plain.parse(content).partition("@")
        if not (before and at and after) or "@" in after or any(map(str.isspace, content)):
            raise Unfit(_l("an e-mail address like name@school.nl"))
        return content.lower()

    return Kind(parse)


def outcome_code() -> Kind:
    """A code that can stand in a list separated by spaces."""
    plain = text(64)

    def parse(content: str) -> str:
        if any(map(str.isspace, content)):
            raise Unfit(_l("a code without spaces, because assignments list them separated by a space"))
        return str(plain.parse(content))

    return Kind(parse)


def codes() -> Kind:
    """Codes separated by spaces, kept in order and once."""
    return Kind(lambda content: tuple(sorted(set(content.split()))), lambda value: " ".join(value) or None)


def _parse_date(content: str) -> date:
    if found := _ISO_DATE.fullmatch(content):
        year, month, day = map(int, found.groups())
    elif found := _DUTCH_DATE.fullmatch(content):
        day, month, year = map(int, found.groups())
    else:
        raise Unfit(_l("a date like 2026-03-10 or 10-03-2026"))
    try:
        value = date(year, month, day)
    except ValueError:
        raise Unfit(_l("a date that exists; this one is not in the calendar")) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unfit(_l("a date between %(first)s and %(last)s", first=FIRST_YEAR, last=LAST_YEAR))
    return value


def _parse_time(content: str) -> time:
    found = _TIME.fullmatch(content)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise Unfit(_l("a time like 18:30"))
    return time(int(found[1]), int(found[2]))


def _parse_yes_no(content: str) -> bool:
    word = content.casefold()
    if word in _WORDS_FOR_YES:
        return True
    if word in _WORDS_FOR_NO:
        return False
    raise Unfit(_l("yes or no"))


DATE = Kind(_parse_date)
TIME = Kind(_parse_time)
YES_NO = Kind(_parse_yes_no, lambda value: "yes" if value else "no")


def whole(least: int, most: int) -> Kind:
    """A whole number from ``least`` to ``most``."""

    def parse(content: str) -> int:
        number = int(re.split("[.,]", content)[0]) if _WHOLE.fullmatch(content) else None
        if number is None or not least <= number <= most:
            raise Unfit(_l("a whole number from %(least)s to %(most)s", least=least, most=most))
        return number

    return Kind(parse)


def decimal(least: int, most: int) -> Kind:
    """A number with point or comma from ``least`` to ``most``."""

    def parse(content: str) -> Decimal:
        number = _decimal(content)
        if number is None or not least <= number <= most:
            raise Unfit(_l("a number from %(least)s to %(most)s, like 0.8 or 0,8", least=least, most=most))
        return number

    return Kind(parse)


def hours(most: int) -> Kind:
    """Hours from 0 to ``most``, as whole minutes."""

    def parse(content: str) -> int:
        number = _decimal(content)
        if number is None or not 0 <= number <= most:
            raise Unfit(_l("hours from 0 to %(most)s, like 1.5 or 1,5", most=most))
        return minutes_of(number)

    return Kind(parse, lambda minutes: None if minutes is None else hours_of(minutes))


def hours_above_zero(most: int) -> Kind:
    """Hours above 0 and at most ``most``, as whole minutes."""
    any_hours = hours(most)

    def parse(content: str) -> int:
        minutes: int = any_hours.parse(content)
        if not minutes:
            raise Unfit(_l("more than 0 hours, at most %(most)s", most=most))
        return minutes

    return Kind(parse, any_hours.cell)


def _decimal(content: str) -> Decimal | None:
    """The number, None when it is none; Unfit when thousands are set apart, because that can be read in two ways."""
    if _DECIMAL.fullmatch(content):
        return Decimal(content.replace(",", "."))
    if _GROUPED.fullmatch(content):
        raise Unfit(_l("a number without a sign between the thousands, like 1000.5 or 1000,5"))
    return None


def one_of(members: type[StrEnum]) -> Kind:
    """One word of a list; capitals do not matter."""
    words = {member.value: member for member in members}

    def parse(content: str) -> StrEnum:
        member = words.get(content.casefold())
        if member is None:
            raise Unfit(_l("one of: %(words)s", words=", ".join(words)))
        return member

    return Kind(parse, lambda member: None if member is None else str(member.value))


def _parse_passed(content: str) -> bool:
    match content.casefold():
        case "passed":
            return True
        case "failed":
            return False
        case _:
            raise Unfit(_l("one of: %(words)s", words="passed, failed"))


PASSED = Kind(_parse_passed, lambda value: "passed" if value else "failed")


def shown_hours(minutes: int) -> str:
    """Minutes as hours, in a sentence."""
    return format(hours_of(minutes).normalize(), "f")
