"""The hours that somebody gives of their week, as an address or a form carries them: for the public page and for "Ruimte"."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from hto_track.formats import hours_bare
from hto_track.rules.beforehand import WORKING_DAYS, Answers
from hto_track.services.room import Room, room_refusals
from hto_track.web.parsing import parse_duration, parse_whole

USUAL_JOB = 40 * 60
WORK, ROOM, RELEASE, TRAVEL, DAY = "werk", "ruimte", "vrij", "reis", "dag"
LONGEST = 20
"""So many characters of what was filled in are shown again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was filled in, as it is shown again; ``room`` is None when some of it could not be read, as ``errors`` say."""

    fields: dict[str, str]
    workdays: frozenset[int]
    room: Room | None
    errors: dict[str, str]

    @property
    def answers(self) -> Answers | None:
        """The same, as a year is reckoned with."""
        if self.room is None or self.room.study is None:
            return None
        return Answers(
            job=self.room.job,
            room=self.room.study,
            release=self.room.release,
            travel=self.room.travel,
            workdays=self.workdays,
        )


def read_answers(values: MultiDict[str, str], usual_room: int) -> Asked:
    """What an address asks; what it leaves out is as usual: a full job, ``usual_room`` minutes, Monday to Friday."""
    usual = {WORK: hours_bare(USUAL_JOB), ROOM: hours_bare(usual_room), RELEASE: "0", TRAVEL: "0"}
    fields = {name: values.get(name, "").strip()[:LONGEST] or usual[name] for name in usual}
    days = frozenset(day for text in values.getlist(DAY) if (day := parse_whole(text)) is not None and day < 7)
    return _asked(fields, days or WORKING_DAYS)


def read_room(values: Mapping[str, str]) -> Asked:
    """What a form of the room was filled in with: nothing is taken for granted but that no hours are no hours."""
    fields = {name: values.get(name, "").strip()[:LONGEST] for name in (WORK, ROOM, RELEASE, TRAVEL)}
    return _asked(fields | {name: fields[name] or "0" for name in (RELEASE, TRAVEL)}, WORKING_DAYS)


def _asked(fields: dict[str, str], workdays: frozenset[int]) -> Asked:
    read = {name: parse_duration(fields[name]) for name in (WORK, ROOM, RELEASE)}
    travel = parse_whole(fields[TRAVEL])
    read[TRAVEL] = parse_duration(fields[TRAVEL]) if travel is None else travel
    errors = {name: _not_read(name) for name, minutes in read.items() if minutes is None}
    job, study, release, minutes = (read[name] for name in (WORK, ROOM, RELEASE, TRAVEL))
    if job is None or study is None or release is None or minutes is None:
        return Asked(fields=fields, workdays=workdays, room=None, errors=errors)
    room = Room(job=job, release=release, study=study, travel=minutes)
    errors = {str(refusal.field): str(refusal.message) for refusal in room_refusals(room)}
    return Asked(fields=fields, workdays=workdays, room=None if errors else room, errors=errors)


def _not_read(name: str) -> str:
    if name == TRAVEL:
        return _("Fill in how many minutes, for example 45.")
    return _("Fill in how many hours, for example 12 or 7,5.")
