"""What a row of the table of services is."""

from collections.abc import Callable
from dataclasses import dataclass

from hto_track.services.policy import Actor
from tests.access.cells import Pattern
from tests.access.world import World

Call = Callable[[Actor, World], object]


@dataclass(frozen=True, slots=True)
class Service:
    """A row: module and function, who may use it, and a use."""

    name: str
    pattern: Pattern
    call: Call
    leaves_out: bool = False
    """Whether it says nothing to who may not, instead of refusing."""
