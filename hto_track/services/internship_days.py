"""Planning the internship that remains: on which days one can go, how long, and what that does to the weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from hto_track.models.privacy import Seen
from hto_track.rules.internship import MOST_MINUTES_PER_DATE
from hto_track.rules.internship_spread import (
    HALF_HOUR,
    USUAL_MOST,
    SpreadInternship,
    feasible_dates,
    spread_internship,
)
from hto_track.rules.own_plan import Outlook, OwnPlan, outlook
from hto_track.rules.ways_out import usual_weekdays
from hto_track.services import own_plan, own_plan_rows
from hto_track.services.form_answers import SentForm
from hto_track.services.own_plan import Planner, planner_of
from hto_track.services.policy import Action, Actor
from hto_track.services.readings import note_reading
from hto_track.services.refusals import Refusal, Refused, refuse
from hto_track.services.transaction import reading, writing
from hto_track.services.views import CohortSummary, Member
from hto_track.services.ways_out import PlanKept, kept_before, store_kept

USUAL_VISIT = 4 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysWish:
    """On which weekdays (0 is Monday), how many minutes a day at most, and in visits of how many minutes."""

    weekdays: frozenset[int]
    most: int = USUAL_MOST
    visit: int = USUAL_VISIT


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysProposed:
    """What a wish comes to. ``before`` are the weeks with what is kept, ``after`` with the days of ``spread`` in its place.

    ``possible`` is how many days there are to go on; ``refusals`` say why a wish cannot be.
    """

    cohort: CohortSummary
    member: Member
    on: date
    remaining: int
    wish: DaysWish
    possible: int
    spread: SpreadInternship
    before: Outlook
    after: Outlook
    seen: str
    refusals: tuple[Refusal, ...]


def propose_days(actor: Actor, participant_code: str, wish: DaysWish | None, on: date) -> DaysProposed:
    """The internship that remains over the days of a wish, at the lowest highest week; None wishes what is usual.

    NotFound, Forbidden.
    """
    session = reading()
    who = planner_of(session, actor, Action.PLAN_LOAD, participant_code, on)
    note_reading(actor, Seen.TRAJECT, participant_id=who.participant_id)
    return _proposed(who, own_plan_rows.kept_plan(session, who.participant_id), wish, on)


def keep_days(
    actor: Actor, participant_code: str, wish: DaysWish, seen: str, on: date, form: SentForm | None = None
) -> PlanKept:
    """Keep the days of a wish as the plan. Refused when they would be others than those ``seen``, and without any.

    NotFound, Forbidden.
    """
    with writing() as session:
        who = planner_of(session, actor, Action.PLAN_LOAD, participant_code, on)
        before = kept_before(session, actor, form)
        if before is not None:
            return before
        kept = own_plan_rows.kept_plan(session, who.participant_id)
        proposed = _proposed(who, kept, wish, on)
        if proposed.refusals:
            raise Refused(proposed.refusals)
        if proposed.seen != seen:
            raise refuse(
                _l("Your plan or your hours changed meanwhile. Look at the days as they are now, and save them again."),
                "seen",
            )
        if not proposed.spread.days:
            raise refuse(_l("There is no day to plan. Choose other days, or more hours a day."), "dag")
        after = own_plan.with_days(kept, proposed.spread.days, on)
        return store_kept(session, actor, who, kept, after, on, form)


def _proposed(who: Planner, kept: OwnPlan, wish: DaysWish | None, on: date) -> DaysProposed:
    known, standing = who.person.facts, who.standing
    before = outlook(known, standing, kept)
    wish = wish or DaysWish(weekdays=usual_weekdays(known, before.counted))
    refusals = tuple(_faults(wish))
    dates = feasible_dates(known, standing.span, wish.weekdays) if not refusals and standing.span.goes_on else ()
    without = {each.monday: each.week.study - before.internship.get(each.monday, Fraction(0)) for each in before.weeks}
    spread = spread_internship(
        standing.internship.remaining, dates, grain=max(1, wish.visit), most=wish.most, without=without
    )
    after = outlook(known, standing, own_plan.with_days(kept, spread.days, on))
    return DaysProposed(
        cohort=who.ground.cohort,
        member=who.person.member,
        on=on,
        remaining=standing.internship.remaining,
        wish=wish,
        possible=len(dates),
        spread=spread,
        before=before,
        after=after,
        seen=own_plan_rows.version_of(kept, OwnPlan(days=spread.days)),
        refusals=refusals,
    )


def _faults(wish: DaysWish) -> Iterator[Refusal]:
    if not wish.weekdays:
        yield Refusal(message=_l("Choose at least one day of the week."), field="dag")
    if not HALF_HOUR <= wish.most <= MOST_MINUTES_PER_DATE:
        yield Refusal(message=_l("Choose half an hour to 10 hours a day."), field="meest")
    elif not HALF_HOUR <= wish.visit <= wish.most:
        yield Refusal(
            message=_l("A visit is no longer than a day may be. Choose a shorter visit, or more hours a day."),
            field="bezoek",
        )
