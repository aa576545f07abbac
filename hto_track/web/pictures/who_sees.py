"""Who sees what, in words: what the policy lets a party do becomes plain sentences through one table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from hto_track import formats
from hto_track.models.accounts import Role
from hto_track.models.privacy import Seen
from hto_track.rules.days import AMSTERDAM
from hto_track.services.policy import Action
from hto_track.services.sharing import Share
from hto_track.services.who_sees import Looked, Onlooker, Party, WhoSees
from hto_track.web.pictures.roles import ICONS
from hto_track.web.sent_forms import new_key

LOOKS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutYou:
    """What an action of the policy means for a participant: what is seen of them, and what is done with it."""

    sees: Any = ""
    does: Any = ""


ABOUT_YOU: dict[Action, AboutYou] = {
    Action.VIEW_PARTICIPANT: AboutYou(
        sees=_l("Your path: load, attendance, assignments, internship hours, diploma, and warnings with why they stand")
    ),
    Action.VIEW_COHORT: AboutYou(sees=_l("The overview of your cohort, with you in it")),
    Action.VIEW_SHARED_LOAD: AboutYou(sees=_l("Your load a week, your room for it, and your next busy week")),
    Action.DECIDE_HOURS: AboutYou(
        sees=_l("Your internship hours that wait for an answer, with your note"),
        does=_l("Confirm or reject your internship hours"),
    ),
    Action.RECORD_ATTENDANCE: AboutYou(
        sees=_l("At which lessons you were"), does=_l("Note whether you were at a lesson")
    ),
    Action.ASSESS_ATTEMPT: AboutYou(
        sees=_l("Your assignments and what came of them"), does=_l("Assess your assignments")
    ),
    Action.READ_WORK: AboutYou(sees=_l("The work that you handed in")),
    Action.EXTEND_DUE_DATE: AboutYou(does=_l("Give you more time for an assignment")),
    Action.PLAN_FINAL_ASSESSMENT: AboutYou(does=_l("Plan your final assessment")),
    Action.RECORD_FINAL_ASSESSMENT: AboutYou(does=_l("Note the outcome of your final assessment")),
    Action.VIEW_COLLEGE_WORK: AboutYou(sees=_l("What of yours waits for the college")),
    Action.AWARD_DIPLOMA: AboutYou(
        sees=_l("Whether you have all that the diploma asks"), does=_l("Award your diploma")
    ),
    Action.REVOKE_DIPLOMA: AboutYou(does=_l("Revoke a diploma")),
    Action.VIEW_EXEMPTIONS: AboutYou(sees=_l("Your exemptions: asked, granted, refused")),
    Action.DECIDE_EXEMPTION: AboutYou(
        sees=_l("What you ask an exemption for, and on what ground"), does=_l("Decide on your exemptions")
    ),
    Action.VIEW_FIGURES: AboutYou(sees=_l("Figures of your cohort, without names")),
    Action.VIEW_HISTORY: AboutYou(sees=_l("What was changed in your data, and by whom")),
    Action.VIEW_AUDIT: AboutYou(sees=_l("Every change that anybody made")),
    Action.VIEW_OUTBOX: AboutYou(sees=_l("The mails that were sent to you")),
    Action.INVITE_TO_COHORT: AboutYou(sees=_l("Whether you have signed in yet"), does=_l("Invite you")),
    Action.MANAGE_ACCOUNTS: AboutYou(
        sees=_l("Your account: name, e-mail address, and when you signed in"), does=_l("Change your account")
    ),
    Action.EXPORT_COHORT: AboutYou(sees=_l("All data of your cohort, as a file")),
    Action.IMPORT_FILES: AboutYou(does=_l("Bring in data about you, by a form or from files")),
    Action.GIVE_ROOM: AboutYou(
        sees=_l("How much room you have, and what you were told to expect"), does=_l("Change how much room you have")
    ),
    Action.ANSWER_REQUEST: AboutYou(
        sees=_l("What you ask for to get out of a full week"), does=_l("Grant or refuse what you ask for")
    ),
    Action.MOVE_DUE_DATES: AboutYou(does=_l("Move a due date of your cohort")),
    Action.PLAN_LOAD: AboutYou(does=_l("Keep your own plan of the weeks ahead")),
    Action.GIVE_VERDICT: AboutYou(does=_l("Say afterwards how the load was")),
    Action.ANSWER_WARNING: AboutYou(does=_l("Answer a warning about you")),
    Action.SNOOZE_WARNING: AboutYou(does=_l("Put off a warning about you")),
    Action.EVALUATE_WARNINGS: AboutYou(does=_l("Check whether there is a warning for you")),
    Action.ERASE_PERSON: AboutYou(does=_l("Erase your data, by the rules")),
    Action.MANAGE_RETENTION: AboutYou(does=_l("Set how long data are kept")),
    Action.VIEW_AGENDA: AboutYou(sees=_l("The agenda of your cohort, and your final assessment in it")),
    Action.PLAN_LESSONS: AboutYou(does=_l("Move or cancel a lesson of yours")),
    Action.LOG_HOURS: AboutYou(does=_l("Log hours in your name")),
    Action.ANNOUNCE_ABSENCE: AboutYou(does=_l("Say that you cannot come")),
    Action.HAND_IN_WORK: AboutYou(does=_l("Hand in your work")),
    Action.SHARE_WITH_EMPLOYER: AboutYou(does=_l("Share your load with an employer")),
    Action.VIEW_WHO_SEES: AboutYou(sees=_l("This page of yours")),
    Action.TAKE_OWN_DATA: AboutYou(sees=_l("Everything that is held on you")),
}
"""What the actions that touch a participant say to them, the weightiest first. A test holds it to the whole policy."""

NOT_ABOUT_YOU = frozenset(
    {
        Action.VIEW_JOBS,
        Action.RUN_JOBS,
        Action.INVITE_COLLEAGUE,
        Action.MANAGE_TEMPLATES,
        Action.LAY_OUT_COHORT,
        Action.OPEN_COHORT,
        Action.MANAGE_PROGRAMME,
    }
)
"""Actions in which no participant is to be seen."""

TITLES: dict[Role, Any] = {
    Role.PROJECT_LEADER: _l("Project leader"),
    Role.COLLEGE: _l("Teachers of the college"),
    Role.COLLEGE_ADMINISTRATION: _l("Administration of the college"),
    Role.SUPERVISOR: _l("Internship supervisor at the school"),
    Role.EXAMINATION_BOARD: _l("Examination board"),
    Role.EMPLOYER: _l("Employer"),
    Role.OBSERVER: _l("Programme observer"),
    Role.ADMINISTRATOR: _l("Administrator of HTO Track"),
}

SEEN: dict[Seen, tuple[Any, Any]] = {
    Seen.COHORT: (_l("looked at your cohort"), _l("looked at the whole cohort")),
    Seen.TRAJECT: (_l("looked at your path"), _l("looked at the paths of the whole cohort")),
    Seen.HOURS: (_l("looked at your hours"), _l("looked at the hours of the whole cohort")),
    Seen.ATTENDANCE: (_l("looked at your attendance"), _l("looked at the attendance of the whole cohort")),
    Seen.ASSIGNMENTS: (_l("looked at your assignments"), _l("looked at the assignments of the whole cohort")),
    Seen.DIPLOMA: (_l("looked at your diploma"), _l("looked at the diplomas of the whole cohort")),
    Seen.EXEMPTIONS: (_l("looked at your exemptions"), _l("looked at the exemptions of the whole cohort")),
    Seen.HISTORY: (_l("looked at the changes in your data"), _l("looked at the changes of the whole cohort")),
    Seen.SHARED_LOAD: (_l("looked at the load that you share"), _l("looked at the load that is shared")),
    Seen.FILES: (_l("took your data out as a file"), _l("took the data of the whole cohort out as a file")),
}
"""What was looked at: of one participant, and of everyone at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """Someone of a party, and since when."""

    name: str
    details: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCard:
    """A party with somebody in it: who it is, what it sees and what it may do.

    ``rest`` announces what comes after ``first``, if anything.
    """

    title: str
    icon: str
    people: tuple[PersonLine, ...]
    first: Any
    rest: str
    sees: tuple[Any, ...]
    does: tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareLine:
    """An address that it is or was shared with."""

    id: int
    email: str
    is_on: bool
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookLine:
    """That somebody looked."""

    who: str
    what: Any
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoSeesPage:
    """The whole page; ``email`` is what was typed, ``key`` makes the form carried out once."""

    parties: tuple[PartyCard, ...]
    """Those with somebody in them; the others are named in ``nobody``, empty when there are none."""
    nobody: str
    employer: str
    shares: tuple[ShareLine, ...]
    shared_with: str
    email: str
    key: str
    looks: tuple[LookLine, ...]
    earlier: str


def who_sees_picture(known: WhoSees, on: date, *, email: str = "") -> WhoSeesPage:
    """The page on the date ``on``."""
    is_shared = sum(share.ended_at is None for share in known.shares)
    earlier = len(known.looks) - LOOKS_SHOWN
    return WhoSeesPage(
        parties=tuple(_card(party, known, on) for party in known.parties if party.people),
        nobody=_nobody([_title(party, known) for party in known.parties if not party.people]),
        employer=known.employer or "",
        shares=tuple(map(_share, known.shares)),
        shared_with=ngettext("On, for %(num)d address", "On, for %(num)d addresses", is_shared) if is_shared else "",
        email=email,
        key=new_key(),
        looks=tuple(_look(look, on) for look in known.looks[:LOOKS_SHOWN]),
        earlier=ngettext("And %(num)d time before.", "And %(num)d times before.", earlier) if earlier > 0 else "",
    )


def what_is_seen(actions: Iterable[Action]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """What somebody who may do ``actions`` sees of a participant, and what they do with it."""
    allowed = frozenset(actions)
    sentences = [about for action, about in ABOUT_YOU.items() if action in allowed]
    return (
        tuple(about.sees for about in sentences if about.sees),
        tuple(about.does for about in sentences if about.does),
    )


def hour_in_words(hour: datetime, on: date) -> str:
    """``vandaag om 14 uur``, ``gisteren om 9 uur``, ``wo 3 juni om 14 uur``."""
    local = hour.astimezone(AMSTERDAM)
    ago = (on - local.date()).days
    day = _("today") if ago == 0 else _("yesterday") if ago == 1 else formats.day(local.date())
    said: str = _("%(day)s at %(hour)s", day=day, hour=_("%(hour)s o'clock", hour=local.hour))
    return said


def _card(party: Party, known: WhoSees, on: date) -> PartyCard:
    sees, does = what_is_seen(party.actions)
    return PartyCard(
        title=_title(party, known),
        icon=ICONS[party.role],
        people=tuple(_person(person, on) for person in party.people),
        first=sees[0] if sees else _("nothing"),
        rest=_("Everything that they see and may do") if len(sees) > 1 or does else "",
        sees=sees,
        does=does,
    )


def _title(party: Party, known: WhoSees) -> str:
    is_of_college = party.role in (Role.COLLEGE, Role.COLLEGE_ADMINISTRATION) and known.college
    title = str(TITLES[party.role])
    return f"{title} ({known.college})" if is_of_college else title


def _nobody(titles: Sequence[str]) -> str:
    return (
        _("Nobody now: %(parties)s.", parties=", ".join(title[0].lower() + title[1:] for title in titles))
        if titles
        else ""
    )


def _person(person: Onlooker, on: date) -> PersonLine:
    since = person.since.astimezone(AMSTERDAM).date() if isinstance(person.since, datetime) else person.since
    text = _("from %(date)s", date=formats.day_year(since)) if since > on else _since(since)
    return PersonLine(name=person.name, details=" · ".join((*person.where, text)))


def _since(day: date) -> str:
    said: str = _("since %(date)s", date=formats.day_year(day))
    return said


def _share(share: Share) -> ShareLine:
    return ShareLine(
        id=share.id,
        email=share.email,
        is_on=share.ended_at is None,
        since=_("On since %(moment)s", moment=formats.moment(share.shared_at))
        if share.ended_at is None
        else _("Off since %(moment)s", moment=formats.moment(share.ended_at)),
    )


def _look(look: Looked, on: date) -> LookLine:
    of_you, of_everyone = SEEN[look.seen]
    return LookLine(
        who=look.who or _("Someone whose account is gone"),
        what=of_everyone if look.whole_cohort else of_you,
        when=hour_in_words(look.hour, on),
    )
