"""What the people of a cohort ask for, in words, and the form to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from hto_track.formats import hours, sentence, week
from hto_track.models.load import RequestKind, RequestState
from hto_track.rules.days import AMSTERDAM
from hto_track.services.load_request_mails import what_is_asked
from hto_track.services.load_request_rows import RequestView
from hto_track.services.load_requests import CohortRequests, RequestToAnswer
from hto_track.web.pictures.ages import waiting_since
from hto_track.web.sent_forms import new_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A request that waits: who asks what, what it would bring, and the form where the reader may answer."""

    id: int
    title: str
    what: str
    details: str
    note: str
    brings: str
    person_href: str
    said: str
    can_answer: bool
    waits_for: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A request that was answered."""

    what: str
    state: str
    state_class: str
    state_icon: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestsPage:
    """The whole page."""

    cohort_code: str
    cohort_name: str
    title: str
    questions: tuple[Question, ...]
    answered: tuple[Answered, ...]


def requests_page(found: CohortRequests, said: Mapping[int, str] | None = None) -> RequestsPage:
    """The page of ``found``; ``said`` is what was filled in before, by the id of its request."""
    return RequestsPage(
        cohort_code=found.cohort.code,
        cohort_name=found.cohort.name,
        title=questions_text(sum(one.may_answer for one in found.waiting))
        or (_("No questions wait for you") if found.waiting else _("No questions wait")),
        questions=tuple(_question(one, found, (said or {}).get(one.request.id, "")) for one in found.waiting),
        answered=tuple(map(_answered, found.answered)),
    )


def questions_text(number: int) -> str:
    """How many questions wait, for what leads to them; nothing when none do."""
    return ngettext("%(num)s question waits", "%(num)s questions wait", number) if number else ""


def _question(one: RequestToAnswer, found: CohortRequests, said: str) -> Question:
    asked = one.request
    since = asked.asked_at.astimezone(AMSTERDAM).date()
    return Question(
        id=asked.id,
        title=asked.name,
        what=_("Asks for %(what)s.", what=what_is_asked(asked)),
        details=" · ".join(filter(None, (asked.title, waiting_since(since, found.on)))),
        note=asked.note or "",
        brings=_brings(one),
        person_href=url_for("ahead.of_participant", participant_code=asked.participant),
        said=said,
        can_answer=one.may_answer,
        waits_for="" if one.may_answer else _("The project leader answers this."),
        key=new_key(),
    )


def _brings(one: RequestToAnswer) -> str:
    if one.week is None:
        return ""
    before, after = one.week.before, one.week.after
    name = sentence(week(before.monday))
    if one.request.kind is RequestKind.RELEASE:
        return _(
            "%(week)s: %(study)s planned, room from %(before)s to %(after)s.",
            week=name,
            study=hours(before.week.study, 1),
            before=hours(before.room, 1),
            after=hours(after.room, 1),
        )
    if before.week.study == after.week.study:
        return _("It makes no full week lighter any more.")
    return _(
        "%(week)s goes from %(before)s to %(after)s, room for %(room)s.",
        week=name,
        before=hours(before.week.study, 1),
        after=hours(after.week.study, 1),
        room=hours(after.room, 1),
    )


def _answered(view: RequestView) -> Answered:
    is_granted = view.state is RequestState.GRANTED
    return Answered(
        what=_("%(name)s: %(what)s", name=view.name, what=what_is_asked(view)),
        state=_("Possible") if is_granted else _("Not possible"),
        state_class="ok" if is_granted else "warn",
        state_icon="check" if is_granted else "x",
        answer=view.answer or "",
    )
