"""The columns of both tables: who asks, and what each is of the cohort C-1 and of Bram, about whom everything is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who asks: an attribute of the world, and what the document calls them."""

    name: str
    title: str
    letter: str
    """Heads their column in the document; an apostrophe says: elsewhere."""


NOBODY = Person("nobody", "not signed in", "?")

INSIDE = (
    Person("bram", "participant", "P"),
    Person("anja", "project leader", "L"),
    Person("chaima", "teacher", "T"),
    Person("hanna", "college administration", "C"),
    Person("dirk", "supervising teacher", "S"),
    Person("els", "employer, shared with", "E"),
    Person("femke", "board, all routes", "B"),
    Person("ilse", "observer", "O"),
    Person("gijs", "administrator", "A"),
    Person("karel", "no role", "–"),
)
"""Who has to do with C-1 or Bram, or with everything; Karel has an account and no role."""

OUTSIDE = (
    Person("noor", "participant beside", "P'"),
    Person("otto", "project leader elsewhere", "L'"),
    Person("tess", "teacher elsewhere", "T'"),
    Person("hugo", "college administration elsewhere", "C'"),
    Person("sven", "supervising teacher elsewhere", "S'"),
    Person("erik", "employer elsewhere", "E'"),
    Person("fred", "board of another route", "B'"),
    Person("ines", "observer elsewhere", "O'"),
)
"""The same roles in another scope: what is C-1's and Bram's is not there for them."""

SIGNED_IN = INSIDE + OUTSIDE
PEOPLE = (NOBODY, *SIGNED_IN)
NAMES = tuple(person.name for person in SIGNED_IN)
EVERYWHERE = ("gijs", "femke")
"""Whose scope has no border: nothing is elsewhere for them."""
