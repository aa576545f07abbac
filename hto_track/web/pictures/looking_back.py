"""Looking back in words: planned beside spent, and the proposal for the next version with a reason for each line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track.formats import NBSP, hours, hours_bare, month_short, month_year, percent, sentence
from hto_track.models.load import Verdict
from hto_track.rules.cohort_figures import FEWEST
from hto_track.rules.looking_back import LookingBack, MonthPast, WorkPast
from hto_track.rules.own_past import Parts
from hto_track.rules.template_proposal import Proposal, ProposalKind
from hto_track.services.looking_back import PastProgramme, ProgrammeLookedBack, TemplateOffer
from hto_track.web.pictures.beforehand_words import VERDICTS
from hto_track.web.pictures.figures import count_in_words
from hto_track.web.pictures.past_charts import (
    PastColumns,
    PastFigures,
    RangeFigures,
    Ranges,
    past_columns,
    ranges,
)
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeLine:
    """A programme in the list."""

    code: str
    title: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortChoice:
    """A cohort, or all of them, to look back on."""

    code: str
    name: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """An assignment in the table."""

    name: str
    told: str
    median: str
    half: str
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLine:
    """A month in the table, hours a week."""

    name: str
    planned: str
    spent: str
    people: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """A part of the study, hours a week."""

    kind: str
    name: Any
    planned: str
    spent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLine:
    """One proposal: what, from what to what, and why."""

    key: str
    what: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """The proposal as a whole. ``draft`` is the number of a draft that is in the way, 0 without one."""

    lines: tuple[ProposalLine, ...]
    nothing: str
    starts_from: str
    template_code: str
    draft: int
    may_adopt: bool
    seen: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingBackPage:
    """The whole page."""

    code: str
    title: str
    under: str
    cohorts: tuple[CohortChoice, ...]
    chosen: str
    about: str
    told: str
    ranges: Ranges | None
    work: tuple[WorkLine, ...]
    columns: PastColumns | None
    months: tuple[MonthLine, ...]
    months_note: str
    parts: tuple[PartLine, ...]
    expected: str
    verdicts: tuple[tuple[Any, str], ...]
    offer: OfferCard


def programme_lines(programmes: Sequence[PastProgramme]) -> tuple[ProgrammeLine, ...]:
    """The list of programmes."""
    return tuple(
        ProgrammeLine(
            code=programme.code,
            title=programme.title,
            about=", ".join(cohort.name for cohort in programme.cohorts),
        )
        for programme in programmes
    )


def looking_back_page(known: ProgrammeLookedBack) -> LookingBackPage:
    """The page of a programme, or of one cohort of it."""
    past, programme = known.past, known.programme
    return LookingBackPage(
        code=programme.code,
        title=programme.title,
        under=programme.college or "",
        cohorts=_choices(known),
        chosen=known.chosen.code if known.chosen else "",
        about=_about(known),
        told=hours(known.told),
        ranges=_ranges(past.work) if past.work else None,
        work=tuple(map(_work_line, past.work)),
        columns=_columns(past.months, known.told) if past.months else None,
        months=tuple(map(_month_line, past.months)),
        months_note=""
        if known.chosen or len(programme.cohorts) == 1
        else _("Months are counted from the start of each cohort."),
        parts=_part_lines(past),
        expected=_expected(past),
        verdicts=tuple((VERDICTS[Verdict(verdict)], str(count)) for verdict, count in _in_order(past.verdicts)),
        offer=_offer(known.offer),
    )


def proposal_lines(offer: TemplateOffer) -> tuple[ProposalLine, ...]:
    """Every proposal in words."""
    titles = {each.code: each.title for each in offer.template.assignments}
    return tuple(_proposal_line(proposal, titles) for proposal in offer.proposals)


def _choices(known: ProgrammeLookedBack) -> tuple[CohortChoice, ...]:
    cohorts = known.programme.cohorts
    if len(cohorts) == 1:
        return ()
    own = (
        CohortChoice(
            code=cohort.code, name=cohort.name, is_here=known.chosen is not None and cohort.code == known.chosen.code
        )
        for cohort in cohorts
    )
    return (CohortChoice(code="", name=_("All cohorts"), is_here=known.chosen is None), *own)


def _about(known: ProgrammeLookedBack) -> str:
    whole = known.past.whole
    if whole is None:
        return _(
            "Too little was logged to say something: at least %(fewest)s people have to keep their log up.",
            fewest=FEWEST,
        )
    return _(
        "%(people)s people kept their log up, in %(share)s of the weeks. What nobody wrote down is not in it.",
        people=whole.counted,
        share=percent(whole.log_kept),
    )


def _ranges(work: Sequence[WorkPast]) -> Ranges:
    return ranges(
        [
            RangeFigures(
                label=item.code,
                told=item.given,
                middle=(item.middle.low, item.middle.median, item.middle.high) if item.middle else None,
            )
            for item in work
        ],
        chart_id="opdrachten-beeld",
        title=_("Hours on each assignment, beside the estimate"),
        description="; ".join(map(_in_words, work)),
    )


def _in_words(item: WorkPast) -> str:
    if item.middle is None:
        return _("%(code)s: estimate %(told)s, too little logged", code=item.code, told=hours(item.given, 1))
    return _(
        "%(code)s: estimate %(told)s, half of the people between %(low)s and %(high)s",
        code=item.code,
        told=hours(item.given, 1),
        low=hours(item.middle.low, 1),
        high=hours(item.middle.high, 1),
    )


def _work_line(item: WorkPast) -> WorkLine:
    middle = item.middle
    return WorkLine(
        name=f"{item.code} {item.title}",
        told=hours_bare(item.given, 1),
        median=hours_bare(middle.median, 1) if middle else _("too little logged"),
        half=f"{hours_bare(middle.low, 1)}{NBSP}–{NBSP}{hours_bare(middle.high, 1)}" if middle else "",
        people=count_in_words(item.counted),
    )


def _columns(months: Sequence[MonthPast], told: int) -> PastColumns:
    return past_columns(
        [
            PastFigures(
                name=month_short(month.first_on) if month.first_on else str(month.number),
                planned=month.planned.total if month.planned else None,
                spent=_series(month.spent) if month.spent else None,
            )
            for month in months
        ],
        told,
        chart_id="maanden-beeld",
        title=_("Hours a week by month, planned and spent"),
        description="; ".join(
            _(
                "%(month)s: planned %(planned)s, spent %(spent)s",
                month=line.name,
                planned=line.planned,
                spent=line.spent,
            )
            for line in map(_month_line, months)
        ),
    )


def _series(parts: Parts) -> tuple[Fraction, Fraction, Fraction]:
    return parts.lessons + parts.preparation, parts.assignments, parts.internship


def _month_line(month: MonthPast) -> MonthLine:
    name = sentence(month_year(month.first_on)) if month.first_on else _("Month %(number)s", number=month.number)
    return MonthLine(
        name=name,
        planned=hours_bare(month.planned.total, 1) if month.planned else "",
        spent=hours_bare(month.spent.total, 1) if month.spent else _("too little logged"),
        people=count_in_words(month.counted),
    )


def _part_lines(past: LookingBack) -> tuple[PartLine, ...]:
    if past.whole is None:
        return ()
    planned, spent = past.whole.planned, past.whole.spent
    lines = (
        ("lessons", _l("Lessons, with travel"), planned.lessons, spent.lessons),
        ("lessons", _l("Preparation"), planned.preparation, spent.preparation),
        ("assignments", _l("Assignments"), planned.assignments, spent.assignments),
        ("internship", _l("Internship"), planned.internship, spent.internship),
        ("", _l("Together"), planned.total, spent.total),
    )
    return tuple(
        PartLine(kind=kind, name=name, planned=hours_bare(one, 1), spent=hours_bare(other, 1))
        for kind, name, one, other in lines
    )


def _expected(past: LookingBack) -> str:
    if past.told is None:
        return ""
    return _(
        "At the intake %(people)s of them were told %(expected)s a week. They spent %(spent)s a week.",
        people=past.told.counted,
        expected=hours(past.told.expected, 1),
        spent=hours(past.told.spent, 1),
    )


def _in_order(verdicts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(verdict.value, verdicts.get(verdict.value, 0)) for verdict in VERDICTS] if verdicts else []


def _offer(offer: TemplateOffer) -> OfferCard:
    if offer.number:
        starts_from = _("Beginning from version %(number)s of template %(code)s.", number=offer.number, code=offer.code)
    else:
        starts_from = _(
            "There is no template yet: it is made like the latest cohort, and these changes are its second version."
        )
    return OfferCard(
        lines=proposal_lines(offer),
        nothing=_("What was logged gives no reason to change the template."),
        starts_from=starts_from,
        template_code=offer.code or "",
        draft=offer.draft or 0,
        may_adopt=offer.may_adopt,
        seen=offer.seen,
        key=new_key(),
    )


def _proposal_line(proposal: Proposal, titles: Mapping[str, str]) -> ProposalLine:
    match proposal.kind:
        case ProposalKind.ESTIMATE:
            what = _("%(code)s %(title)s: estimate", code=proposal.code, title=titles[proposal.code])
            return _line(proposal, what, hours(proposal.before), hours(proposal.after), _measured(proposal))
        case ProposalKind.PREPARATION:
            what = _("Preparation of a lesson")
            return _line(proposal, what, hours(proposal.before), hours(proposal.after), _measured(proposal))
        case ProposalKind.DUE:
            what = _("%(code)s %(title)s: hand in with", code=proposal.code, title=titles[proposal.code])
            before, after = _lesson(proposal.before), _lesson(proposal.after)
            why = _(
                "Weeks above what is told beforehand: from %(before)s to %(after)s.",
                before=proposal.weeks_before,
                after=proposal.weeks_after,
            )
            return _line(proposal, what, before, after, why)
        case ProposalKind.TOLD:
            return _line(
                proposal,
                _("Told beforehand, a week"),
                hours(proposal.before),
                hours(proposal.after),
                _why_told(proposal),
            )


def _line(proposal: Proposal, what: str, before: str, after: str, why: str) -> ProposalLine:
    return ProposalLine(key=proposal.key, what=what, before=before, after=after, why=why)


def _lesson(number: int) -> str:
    return _("lesson %(number)s", number=number)


def _measured(proposal: Proposal) -> str:
    figures = {
        "people": proposal.people,
        "spent": hours(proposal.measured, 1),
        "told": hours(proposal.given, 1),
    }
    if proposal.is_more:
        why = _("Of %(people)s people half needed more than %(spent)s; the estimate was %(told)s.", **figures)
        held = _("No more than double at once.")
    else:
        why = _("Of %(people)s people three in four were done within %(spent)s; the estimate was %(told)s.", **figures)
        held = _("No less than half at once.")
    return f"{why} {held}" if proposal.is_held else why


def _why_told(proposal: Proposal) -> str:
    why = ngettext(
        "With these changes %(within)s of %(num)s week asks no more than that.",
        "With these changes %(within)s of %(num)s weeks ask no more than that.",
        proposal.weeks,
        within=proposal.weeks_within,
    )
    if not proposal.heaviest:
        return why
    month = _("The heaviest month took %(spent)s a week.", spent=hours(proposal.heaviest, 1))
    return f"{why} {month}"
