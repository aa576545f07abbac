"""Values that are kept as long as nothing is written.

Every write raises the revision in its own transaction (services/transaction.py), so a value kept under the revision it was
made of is either of the data as they are, or not used.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """The values used last, at most ``most`` of them, each with the revision it was made of; for any number of threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, tuple[int, V]] = OrderedDict()
        self._lock = Lock()

    def under(self, revision: int, key: Hashable, make: Callable[[], V]) -> V:
        """The value of ``key`` under ``revision``: the one kept, or a new one from ``make``."""
        kept = self.find(revision, key)
        if kept is not None:
            return kept
        value = make()  # outside the lock: two threads may make the same value, neither waits for another's
        self.keep(revision, key, value)
        return value

    def find(self, revision: int, key: Hashable) -> V | None:
        """The value of ``key`` that is kept under ``revision``, None when there is none."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None or kept[0] != revision:
                return None
            self._values.move_to_end(key)
            return kept[1]

    def keep(self, revision: int, key: Hashable, value: V) -> None:
        """Keep the value of ``key``, made of the data as of ``revision``."""
        with self._lock:
            self._values[key] = (revision, value)
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
