"""The form that lays out a cohort: what was typed into its address or its body, read into a plan.

The dates of the evenings go along as they were shown (``was``, the first date and the days between), so that a date that
somebody typed is told from one that the rhythm gave before the start was changed.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from hto_track.rules.calendar import Region
from hto_track.rules.days import LAST_YEAR
from hto_track.rules.layout import Evening
from hto_track.rules.template import MOST_LESSONS, Template
from hto_track.services.layout_views import NewCohort, Plan
from hto_track.services.policy import Actor
from hto_track.services.refusals import Refusal, Refused
from hto_track.web.parsing import parse_date, parse_time, parse_whole

FIELDS = (
    "code",
    "name",
    "region",
    "start_on",
    "weekday",
    "starts_at",
    "ends_at",
    "location",
    "leader_email",
    "min_participants",
    "max_participants",
    "end_on",
)
MOST_SKIPPED = 200


def first_values(template: Template, actor: Actor, leads: bool) -> dict[str, str]:
    """What the fields hold before anybody typed: the rhythm of the template, and who leads if that is the reader."""
    return dict.fromkeys(FIELDS, "") | {
        "weekday": str(template.rhythm.weekday),
        "starts_at": template.rhythm.starts_at.isoformat("minutes"),
        "ends_at": template.rhythm.ends_at.isoformat("minutes"),
        "region": Region.MIDDEN.value,
        "leader_email": actor.email if leads else "",
        "min_participants": "15",
        "max_participants": "20",
    }


def typed_values(sent: Mapping[str, str], first: Mapping[str, str]) -> dict[str, str]:
    """What the fields hold now."""
    return {name: sent.get(name, text).strip() for name, text in first.items()}


def plan_in(values: Mapping[str, str], sent: MultiDict[str, str], today: date) -> Plan:
    """When and where, as typed; Refused with everything in it that cannot be read."""
    refusals: list[Refusal] = []

    def read(name: str, value: Any, sentence: Any, otherwise: Any) -> Any:
        if value is None:
            refusals.append(Refusal(message=sentence, field=name))
            return otherwise
        return value

    regions = {region.value: region for region in Region}
    a_date, a_time = _l("Fill in a date like 17-11-2026"), _l("Fill in a time like 18:30.")
    start_on = read("start_on", parse_date(values["start_on"], today), a_date, today)
    end_on = read("end_on", parse_date(values["end_on"], today), a_date, today) if values["end_on"] else None
    weekday = parse_whole(values["weekday"])
    dates = _typed_dates(sent, today, refusals)
    plan = Plan(
        start_on=start_on,
        end_on=end_on,
        region=read("region", regions.get(values["region"]), _l("Choose a region."), Region.MIDDEN),
        weekday=read("weekday", weekday, _l("Choose a day from Monday to Saturday."), 0),
        starts_at=read("starts_at", parse_time(values["starts_at"]), a_time, None),
        ends_at=read("ends_at", parse_time(values["ends_at"]), a_time, None),
        location=values["location"][:200],
        without=frozenset(filter(None, (_iso(text) for text in sent.getlist("without")[:MOST_SKIPPED]))),
        dates=dates,
    )
    if refusals:
        raise Refused(refusals)
    return plan


def cohort_in(values: Mapping[str, str]) -> NewCohort:
    """What the cohort is called, who leads it, and how many it takes; what is no number is refused by the service."""
    return NewCohort(
        code=values["code"],
        name=values["name"],
        leader_email=values["leader_email"],
        min_participants=parse_whole(values["min_participants"]) or 0,
        max_participants=parse_whole(values["max_participants"]) or 0,
    )


def dates_as_shown(evenings: Sequence[Evening]) -> str:
    """Where the rhythm put the evenings, for a form to carry along: the first date, then the days to each next one."""
    if not evenings:
        return ""
    laid = [evening.laid_on for evening in evenings]
    steps = [str((later - earlier).days) for earlier, later in zip(laid, laid[1:], strict=False)]
    return ".".join([laid[0].isoformat(), *steps])


def _typed_dates(sent: MultiDict[str, str], today: date, refusals: list[Refusal]) -> dict[int, date]:
    """The dates that differ from the ones that were shown, by number of the lesson."""
    shown = _shown(sent.get("was", ""))
    typed = {}
    for number in range(1, MOST_LESSONS + 1):
        text = sent.get(f"date-{number}", "").strip()
        if not text:
            continue
        on = parse_date(text, today)
        if on is None:
            refusals.append(Refusal(message=_l("Fill in a date like 17-11-2026"), field=f"date-{number}"))
        elif on != shown.get(number):
            typed[number] = on
    return typed


def _shown(was: str) -> dict[int, date]:
    first, *steps = was.split(".")
    on = _iso(first)
    if on is None:
        return {}
    dates = {1: on}
    for number, step in enumerate(steps[:MOST_LESSONS], start=2):
        days = parse_whole(step)
        if days is None or days > 400 or on.year > LAST_YEAR:
            return {}
        dates[number] = on = on + timedelta(days=days)
    return dates


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
