"""The room of somebody: the hours of their week, and the weeks ahead against it as it stands and as it would be."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import day_year, hours, hours_bare, hours_short
from hto_track.rules.days import monday_of
from hto_track.rules.expectation import above_from
from hto_track.rules.load import Load
from hto_track.services.room import Room, RoomView
from hto_track.web.load_answers import RELEASE, ROOM, TRAVEL, WORK, Asked
from hto_track.web.pictures.charts import WHOLE_YEAR, WeekColumns, week_columns
from hto_track.web.pictures.weeks import WeekRow, year_figures, year_rows
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPage:
    """The page. ``tried`` holds the hidden fields of what would be saved, empty when nothing is tried."""

    title: str
    eyebrow: str
    crumb_href: str
    crumb: str
    is_own: bool
    fields: dict[str, str]
    stands: tuple[tuple[str, str], ...]
    chart: WeekColumns
    rows: tuple[WeekRow, ...]
    room: str
    verdict: str
    verdict_icon: str
    verdict_kind: str
    tried: dict[str, str]
    button: str
    seen: str
    key: str
    expectation: str
    can_agree: bool
    here: str
    save_href: str
    agree_href: str


def room_page(view: RoomView, code: str | None, asked: Asked | None, seen: str = "") -> RoomPage:
    """The page of ``view``; ``code`` as the address has it, ``asked`` what the fields hold, filled in by who saw ``seen``."""
    is_own, shown = code is None, view.after or view.load
    room = hours_short(shown.capacity, 1)
    verdict, icon, kind = _verdict(view)
    return RoomPage(
        title=_("Room") if is_own else _("Room of %(name)s", name=view.member.name),
        eyebrow=view.cohort.name,
        crumb_href=url_for("traject.mine") if is_own else url_for("traject.of_participant", participant_code=code),
        crumb=_("My path") if is_own else view.member.name,
        is_own=is_own,
        fields=asked.fields if asked else _fields(view.room, view.advertised),
        stands=_stands(view),
        chart=_chart(shown, view),
        rows=year_rows(shown, view.on),
        room=_("Your room (%(room)s)", room=room) if is_own else _("Room (%(room)s)", room=room),
        verdict=verdict,
        verdict_icon=icon,
        verdict_kind=kind,
        tried=_fields(view.tried, view.advertised) if view.tried else {},
        button=_("Save: %(room)s for the study", room=hours(view.tried.study or 0)) if view.tried else "",
        seen=seen or view.room.version,
        key=new_key(),
        expectation=_("What to expect was kept on %(day)s.", day=day_year(view.expectation.stored_on))
        if view.expectation
        else "",
        can_agree=view.expectation is None,
        here=url_for("room.mine") if is_own else url_for("room.of_participant", participant_code=code),
        save_href=url_for("room.save") if is_own else url_for("room.save_of", participant_code=code),
        agree_href=url_for("room.agree") if is_own else url_for("room.agree_of", participant_code=code),
    )


def _fields(room: Room, advertised: int) -> dict[str, str]:
    return {
        WORK: hours_bare(room.job),
        ROOM: hours_bare(advertised if room.study is None else room.study),
        RELEASE: hours_bare(room.release),
        TRAVEL: str(room.travel),
    }


def _stands(view: RoomView) -> tuple[tuple[str, str], ...]:
    """What is stored."""
    room = view.room
    study = (
        _("%(hours)s, as the training says: not given yet", hours=hours(view.advertised))
        if room.study is None
        else hours(room.study)
    )
    return (
        (_("For the study"), study),
        (_("Work"), hours(room.job)),
        (_("Given by the employer"), hours(room.release)),
        (_("Travel for a lesson"), ngettext("%(num)s minute", "%(num)s minutes", room.travel)),
    )


def _verdict(view: RoomView) -> tuple[str, str, str]:
    """In how many weeks from now on there is more than the room, as it stands and as it would be."""
    monday = monday_of(view.on)
    before = above_from(view.load, monday)
    if view.after is None:
        said = ngettext(
            "From now on %(num)s week is above the room.", "From now on %(num)s weeks are above the room.", before
        )
        return said, "weight" if before else "circle-check", "" if before else "ok"
    after = above_from(view.after, monday)
    said = _("Weeks above the room from now on: %(before)s → %(after)s", before=before, after=after)
    if after > before:
        return said, "arrow-up", ""
    return said, "arrow-down" if after < before else "circle-check", "ok"


def _chart(load: Load, view: RoomView) -> WeekColumns:
    above = above_from(load, monday_of(view.on))
    return week_columns(
        year_figures(load, view.on),
        load.capacity,
        WHOLE_YEAR,
        chart_id="ruimte",
        title=_("The year week by week, against the room"),
        description=ngettext(
            "From now on %(num)s week is above the room of %(room)s.",
            "From now on %(num)s weeks are above the room of %(room)s.",
            above,
            room=hours(load.capacity, 1),
        ),
    )
