"""What a person may run into: values that name the field and say the sentence, carried out of a transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One thing that is not right. ``message`` may be lazy: it is put into the reader's language when it is shown."""

    message: Any
    field: str | None = None

    def __str__(self) -> str:
        return str(self.message)


class Refused(Exception):
    """Nothing was stored; ``refusals`` say why, all at once."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(map(str, self.refusals)))


class Forbidden(Exception):
    """The acting user sees this object but may not do this with it."""


class TooOften(Exception):
    """This was tried too often; it may be tried again after ``wait`` (a timedelta)."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(f"again in {wait}")


class NotFound(Exception):
    """There is no such object, or none that the acting user may know of."""


def refuse(message: Any, field: str | None = None) -> Refused:
    """A single refusal, ready to raise."""
    return Refused([Refusal(message=message, field=field)])
