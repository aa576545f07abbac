"""Tables and nothing else, one module per column of the house; importing the package maps all of them."""

from hto_track.models import (
    accounts,
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
    warnings,
)

__all__ = [
    "accounts",
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
    "warnings",
]
