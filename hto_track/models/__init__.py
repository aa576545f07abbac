"""Tables and nothing else, one module per column of the house; importing the package maps all of them."""

from hto_track.models import (
    accounts,
    agenda,
    assignments,
    base,
    cohorts,
    diploma,
    exemptions,
    internship,
    ledger,
    lessons,
    participants,
    privacy,
    programmes,
    sign_in,
    templates,
    warnings,
)

__all__ = [
    "accounts",
    "agenda",
    "assignments",
    "base",
    "cohorts",
    "diploma",
    "exemptions",
    "internship",
    "ledger",
    "lessons",
    "participants",
    "privacy",
    "programmes",
    "sign_in",
    "templates",
    "warnings",
]
