"""The columns of both tables: who asks, and what each is of the cohort C-1 and of Bram, about whom everything is asked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who asks: an attribute of the world, and what the document calls them."""

    name: str
    title: str


NOBODY = Person("nobody", "not signed in")

INSIDE = (
    Person("bram", "participant"),
    Person("anja", "project leader"),
    Person("chaima", "teacher"),
    Person("hanna", "college administration"),
    Person("dirk", "supervising teacher"),
    Person("els", "employer, shared with"),
    Person("femke", "board, all routes"),
    Person("ilse", "observer"),
    Person("gijs", "administrator"),
    Person("karel", "no role"),
)
"""Who has to do with C-1 or Bram, or with everything; Karel has an account and no role."""

OUTSIDE = (
    Person("noor", "participant beside"),
    Person("otto", "project leader elsewhere"),
    Person("tess", "teacher elsewhere"),
    Person("hugo", "college administration elsewhere"),
    Person("sven", "supervising teacher elsewhere"),
    Person("erik", "employer elsewhere"),
    Person("fred", "board of another route"),
    Person("ines", "observer elsewhere"),
)
"""The same roles in another scope: what is C-1's and Bram's is not there for them."""

SIGNED_IN = INSIDE + OUTSIDE
PEOPLE = (NOBODY, *SIGNED_IN)
NAMES = tuple(person.name for person in SIGNED_IN)
EVERYWHERE = ("gijs", "femke")
"""Whose scope has no border: nothing is elsewhere for them."""
