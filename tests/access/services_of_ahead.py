"""Who may use the services of the weeks ahead: an own plan, internship days, and asking for what others decide."""

from datetime import date

from hto_track.services import internship_days, load_requests, ways_out
from hto_track.services.internship_days import DaysWish
from hto_track.services.load_requests import Asked
from hto_track.services.policy import Actor
from tests.access import uses as who
from tests.access.service import Service
from tests.access.world import World
from tests.conftest import TODAY

MONDAYS = DaysWish(weekdays=frozenset({0}))
AN_HOUR = Asked(monday=date(2026, 6, 15), minutes=60)


def _answer(actor: Actor, world: World) -> object:
    """Refuse what Bram asks."""
    return load_requests.answer_request(
        actor, "C-1", world.own["request_id"], grant=False, said="Dat kan niet", on=TODAY
    )


AHEAD: tuple[Service, ...] = (
    Service("ways_out.own_weeks_ahead", who.OWN_HOURS, lambda a, w: ways_out.own_weeks_ahead(a, "C1-01", (), TODAY)),
    Service("ways_out.weeks_ahead_of", who.PERSON, lambda a, w: ways_out.weeks_ahead_of(a, "C1-01", TODAY)),
    Service("ways_out.keep_plan", who.OWN_HOURS, lambda a, w: ways_out.keep_plan(a, "C1-01", (), "", TODAY)),
    Service("ways_out.drop_plan", who.OWN_HOURS, lambda a, w: ways_out.drop_plan(a, "C1-01", "", TODAY)),
    Service("ways_out.undo_plan", who.OWN_HOURS, lambda a, w: ways_out.undo_plan(a, "C1-01", w.own["form_key"], TODAY)),
    Service(
        "internship_days.propose_days",
        who.OWN_HOURS,
        lambda a, w: internship_days.propose_days(a, "C1-01", MONDAYS, TODAY),
    ),
    Service(
        "internship_days.keep_days",
        who.OWN_HOURS,
        lambda a, w: internship_days.keep_days(a, "C1-01", MONDAYS, "", TODAY),
    ),
    Service("load_requests.ask", who.OWN_HOURS, lambda a, w: load_requests.ask(a, "C1-01", AN_HOUR, TODAY)),
    Service(
        "load_requests.withdraw_request",
        who.OWN_HOURS,
        lambda a, w: load_requests.withdraw_request(a, "C1-01", w.own["request_id"], TODAY),
    ),
    Service(
        "load_requests.requests_to_answer",
        who.ATTENDANCE,
        lambda a, w: load_requests.requests_to_answer(a, "C-1", TODAY),
    ),
    Service("load_requests.answer_request", who.ATTENDANCE, _answer),
    Service(
        "load_requests.undo_answer",
        who.ATTENDANCE,
        lambda a, w: load_requests.undo_answer(a, "C-1", w.own["form_key"], TODAY),
    ),
)
