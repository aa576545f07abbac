"""Who may use the services of the load before and after: opening a cohort, the room of somebody, and how it was."""

from hto_track.models.load import Verdict
from hto_track.services import beforehand, demo_load, room, verdicts
from hto_track.services.room import Room
from tests.access import uses as who
from tests.access.service import Service
from tests.conftest import TODAY

TEN_HOURS = Room(job=36 * 60, release=0, study=600, travel=30)
AS_IT_STANDS = "2160/0/None/30"

BEFOREHAND: tuple[Service, ...] = (
    Service("beforehand.opening_of", who.OPENING, lambda a, w: beforehand.opening_of(a, "C-1")),
    Service("beforehand.open_cohort", who.OPENING, lambda a, w: beforehand.open_cohort(a, "C-1", TODAY, None, TODAY)),
    Service("room.room_of", who.ROOM, lambda a, w: room.room_of(a, "C1-01", TODAY)),
    Service("room.give_room", who.ROOM, lambda a, w: room.give_room(a, "C1-01", TEN_HOURS, AS_IT_STANDS, TODAY)),
    Service("room.agree_on_room", who.ROOM, lambda a, w: room.agree_on_room(a, "C1-01", TODAY)),
    Service("room.undo_room", who.ROOM, lambda a, w: room.undo_room(a, "C1-01", w.own["form_key"])),
    Service("verdicts.own_verdict", who.TAKES_PART, lambda a, w: verdicts.own_verdict(a, TODAY)),
    Service(
        "verdicts.give_verdict",
        who.TAKES_PART,
        lambda a, w: verdicts.give_verdict(a, Verdict.HEAVIER, "", False, TODAY),
    ),
    Service("demo_load.add_verdicts", who.EVALUATION, lambda a, w: demo_load.add_verdicts(a, "C-1")),
    Service("demo_load.add_expectations", who.EVALUATION, lambda a, w: demo_load.add_expectations(a, "C-1", 2)),
)
