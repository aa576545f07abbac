"""One's own data on a page, and what erasing somebody does, in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track import formats
from hto_track.services.erasure import ErasurePlan, Goes, Stays
from hto_track.services.own_data import OwnData
from hto_track.web.pictures.own_data import PARTS


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A part of one's own data: what it is, and how many rows."""

    title: Any
    note: Any
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A thing that goes or stays; ``why`` says why it stays."""

    text: str
    why: Any = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasurePage:
    """What erasing does. ``refusals`` instead of a button where it cannot be done."""

    code: str
    title: str
    button: str
    cohort_code: str
    cohort_name: str
    goes: tuple[Counted, ...]
    stays: tuple[Counted, ...]
    mind: tuple[str, ...]
    refusals: tuple[Any, ...]
    erased: str


GOES: dict[Goes, Callable[[int], str]] = {
    Goes.NAME: lambda _count: _(
        "Name, e-mail address, phone, employer, fund, sector, prior education and how they heard of the programme"
    ),
    Goes.NOTES: lambda count: ngettext("%(num)s note or reason", "%(num)s notes and reasons", count),
    Goes.WORK: lambda count: ngettext(
        "%(num)s file or link that was handed in", "%(num)s files and links that were handed in", count
    ),
    Goes.SUPERVISION: lambda count: ngettext(
        "Who supervised or decided, in %(num)s place", "Who supervised or decided, in %(num)s places", count
    ),
    Goes.JUDGED_BY: lambda count: ngettext(
        "Who judged and why, of %(num)s result", "Who judged and why, of %(num)s results", count
    ),
    Goes.MAILS: lambda count: ngettext(
        "The text of %(num)s mail to or about this person", "The texts of %(num)s mails to or about this person", count
    ),
    Goes.ACCOUNT: lambda _count: _("The account: nobody can sign in with it any more"),
    Goes.SESSIONS: lambda count: ngettext(
        "%(num)s device that is signed in", "%(num)s devices that are signed in", count
    ),
    Goes.PASSKEYS: lambda count: ngettext("%(num)s passkey", "%(num)s passkeys", count),
    Goes.SHARES: lambda count: ngettext("%(num)s sharing with an employer", "%(num)s sharings with an employer", count),
    Goes.TRAIL: lambda count: ngettext(
        "What stood before and after in %(num)s change; that it was changed, and by whom, stays",
        "What stood before and after in %(num)s changes; that it was changed, and by whom, stays",
        count,
    ),
}

STAYS: dict[Stays, tuple[Callable[[int], str], Any]] = {
    Stays.DIPLOMAS: (
        lambda count: ngettext(
            "%(num)s entry in the register of diplomas, with the name",
            "%(num)s entries in the register of diplomas, with the name",
            count,
        ),
        _l("The college must be able to prove a diploma for fifty years."),
    ),
    Stays.ATTENDANCE: (
        lambda count: ngettext("%(num)s lesson", "%(num)s lessons", count),
        _l("Without a name, for the figures of the cohort."),
    ),
    Stays.ATTEMPTS: (
        lambda count: ngettext("%(num)s assignment handed in", "%(num)s assignments handed in", count),
        _l("Without a name, for the figures of the cohort."),
    ),
    Stays.HOURS: (
        lambda count: ngettext("%(num)s entry of internship hours", "%(num)s entries of internship hours", count),
        _l("Without a name, for the figures of the cohort."),
    ),
    Stays.STUDY: (
        lambda count: ngettext("%(num)s line of the study log", "%(num)s lines of the study log", count),
        _l("Without a name, for the figures of the cohort."),
    ),
    Stays.WARNINGS: (
        lambda count: ngettext("%(num)s warning", "%(num)s warnings", count),
        _l("Without a name, for the figures of the cohort."),
    ),
    Stays.READINGS: (
        lambda count: ngettext("Who looked, %(num)s time", "Who looked, %(num)s times", count),
        _l("To be able to answer for it, until their own time is over."),
    ),
}


def own_parts(data: OwnData) -> tuple[PartLine, ...]:
    """A line for each part of one's own data, in their order."""
    return tuple(
        PartLine(
            title=PARTS[section.name][0],
            note=PARTS[section.name][1],
            count=ngettext("%(num)s line", "%(num)s lines", len(section.rows)) if section.rows else _("nothing"),
        )
        for section in data.sections
    )


def erasure_page(plan: ErasurePlan) -> ErasurePage:
    """The page that shows what erasing does, before it is done and after."""
    done = plan.erased_on is not None
    return ErasurePage(
        code=plan.code,
        title=_("%(code)s is erased", code=plan.code) if done else _("Erase the data of %(name)s", name=plan.name),
        button=_("Erase %(name)s for good", name=plan.name),
        cohort_code=plan.cohort_code,
        cohort_name=plan.cohort_name,
        goes=tuple(Counted(text=GOES[kind](count)) for kind, count in plan.goes.items() if count),
        stays=tuple(
            Counted(text=STAYS[kind][0](count), why=STAYS[kind][1]) for kind, count in plan.stays.items() if count
        ),
        mind=tuple(_mind(plan)) if not done else (),
        refusals=tuple(refusal.message for refusal in plan.refusals) if not done else (),
        erased=_("Erased on %(date)s.", date=formats.day_year(plan.erased_on)) if plan.erased_on else "",
    )


def _mind(plan: ErasurePlan) -> list[str]:
    said = []
    if plan.waiting:
        said.append(
            _(
                "%(hours)s still wait for the school. The supervisor will not be asked again; the college can still decide.",
                hours=formats.hours(plan.waiting),
            )
        )
    if plan.account_stays:
        said.append(_("The account has another role too. It stays, without this enrolment."))
    if plan.elsewhere:
        said.append(
            _(
                "This person also takes part as %(codes)s. That stays as it is: erase it separately.",
                codes=", ".join(plan.elsewhere),
            )
        )
    return said
