"""Route files in words: what is granted, what is asked, what is left."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import day_year, number
from hto_track.rules.exemptions import ModuleExemption, RouteFile
from hto_track.rules.facts import Basis, ExemptionState
from hto_track.services.exemptions import RouteFiles, WaitingRequest
from hto_track.web.pictures.charts import Strip, shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A module or a request: what it is, what is said of it, and its state as a tag."""

    title: str
    details: str
    state: Any = ""
    state_class: str = ""
    state_icon: str = ""
    participant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The modules of one term (half-year) of a route."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One route: its totals as picture and figures, and its modules by term."""

    id: str
    title: str
    strip: Strip
    figures: tuple[tuple[Any, str], ...]
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesPage:
    """The files of one participant."""

    name: str
    code: str
    files: tuple[File, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPage:
    """What waits for the board of examiners."""

    title: str
    lines: tuple[Line, ...]


STATES: dict[ExemptionState | None, tuple[Any, str, str]] = {
    ExemptionState.GRANTED: (_l("Granted"), "ok", "check"),
    ExemptionState.REFUSED: (_l("Refused"), "bad", "circle-x"),
    ExemptionState.REQUESTED: (_l("Requested"), "warn", "clock"),
    ExemptionState.PROPOSED: (_l("Proposed"), "", "file-text"),
    ExemptionState.WITHDRAWN: (_l("Withdrawn"), "", "minus"),
    ExemptionState.EXPIRED: (_l("Expired"), "", "history"),
    None: (_l("Not asked"), "", "minus"),
}
_BASES = {
    Basis.AUTOMATIC: _l("comes with the diploma"),
    Basis.INDIVIDUAL: _l("decided per person"),
    Basis.NONE: _l("no agreement"),
}


def files_picture(files: RouteFiles) -> FilesPage:
    """The page of one participant."""
    return FilesPage(
        name=files.member.name,
        code=files.member.code,
        files=tuple(_file(file, files) for file in files.files),
    )


def waiting_picture(requests: Iterable[WaitingRequest]) -> WaitingPage:
    """The requests as a list, the title says how many."""
    lines = tuple(
        Line(
            title=f"{request.name}: {request.module}",
            details=" · ".join(
                (request.route, request.cohort, _("requested on %(date)s", date=day_year(request.requested_on)))
            ),
            participant=request.participant,
        )
        for request in requests
    )
    title = ngettext("%(num)s request waits for you", "%(num)s requests wait for you", len(lines))
    return WaitingPage(title=title if lines else _("No request waits for you"), lines=lines)


def _file(file: RouteFile, files: RouteFiles) -> File:
    said = {"exempt": number(file.credits_exempt), "credits": number(file.credits)}
    return File(
        id=f"route-{file.code}",
        title=files.route_titles[file.code],
        strip=shares(
            (("ok", int(file.credits_exempt)), ("fine", int(file.credits_left))),
            label=_("%(exempt)s of %(credits)s EC exempt", **said),
        ),
        figures=(
            (_("Exempt"), _("%(exempt)s of %(credits)s EC", **said)),
            (_("Left to do"), _("%(credits)s EC", credits=number(file.credits_left))),
            (_("Terms left"), _("%(left)s of %(terms)s", left=file.terms_left, terms=file.terms)),
        ),
        terms=tuple(
            Term(
                title=_("Term %(number)s", number=term),
                lines=tuple(_line(module, files.module_titles[file.code, module.code]) for module in modules),
            )
            for term, modules in groupby(file.modules, key=lambda module: module.term)
        ),
    )


def _line(module: ModuleExemption, title: str) -> Line:
    state, state_class, icon = STATES[module.state]
    details = _("%(credits)s EC", credits=number(module.credits))
    return Line(
        title=title,
        details=f"{details} · {_BASES[module.basis]}",
        state=state,
        state_class=state_class,
        state_icon=icon,
    )
