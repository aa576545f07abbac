"""``hto-track exemptions --json``: a participant's files for the follow-on routes (FORMATS.md)."""

from collections.abc import Iterable
from typing import Any

from hto_track.documents.figures import credits_of
from hto_track.rules.exemptions import ModuleExemption, RouteFile


def exemptions_document(participant: str, files: Iterable[RouteFile]) -> dict[str, Any]:
    """The whole answer."""
    return {"participant": participant, "routes": [_route(file) for file in files]}


def _route(file: RouteFile) -> dict[str, Any]:
    return {
        "route": file.code,
        "credits": credits_of(file.credits),
        "credits_exempt": credits_of(file.credits_exempt),
        "credits_left": credits_of(file.credits_left),
        "terms": file.terms,
        "terms_left": file.terms_left,
        "modules": [_module(module) for module in file.modules],
    }


def _module(module: ModuleExemption) -> dict[str, Any]:
    return {
        "module": module.code,
        "term": module.term,
        "credits": credits_of(module.credits),
        "basis": module.basis.value,
        "state": None if module.state is None else module.state.value,
    }
