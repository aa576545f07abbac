"""Every kind of mail that the product sends: one question, one button, its address whole, and how long it may wait."""

import ast
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from flask import Flask

from hto_track.models.diploma import PlannedFinalAssessment
from hto_track.models.load import RequestKind, RequestState
from hto_track.models.participants import Participant
from hto_track.rules.calendar import Region
from hto_track.rules.coming_weeks import ComingWeeks
from hto_track.rules.lesson_dates import Slot
from hto_track.rules.load import Week
from hto_track.rules.retention import DataKind
from hto_track.rules.warnings import Change, Level, WarningCode
from hto_track.services import (
    assignment_mails,
    interview_mails,
    invitation_texts,
    job_texts,
    lesson_news_texts,
    load_request_mails,
    mail_texts,
    outbox,
    warning_mail_texts,
)
from hto_track.services.invitation_texts import Welcome
from hto_track.services.lesson_news_texts import LessonNews, NewsKind
from hto_track.services.letters import MailText
from hto_track.services.load_request_rows import RequestView
from hto_track.services.mail_kinds import KINDS
from hto_track.services.mail_texts import WaitingHours
from hto_track.services.policy import CONSOLE
from hto_track.services.views import AssignmentPlan, CohortSummary, Member, WarningInForce
from hto_track.services.warning_mail_texts import CohortNews

SERVICES = Path(outbox.__file__).parent
TODAY, MONDAY = date(2026, 6, 14), date(2026, 6, 22)
COHORT = CohortSummary(
    id=1,
    code="C-1",
    name="Groep C-1",
    programme_id=1,
    programme_title="Hybride techniekopleider",
    college="Hogeschool aan de Maas",
    region=Region.ZUID,
    start_on=TODAY,
    end_on=TODAY,
    location=None,
    leader_email="anja@example.org",
    min_participants=15,
    max_participants=20,
)
BRAM = Member(
    id=1,
    code="C1-01",
    name="Bram de Wit",
    given_name="Bram",
    email="bram@example.org",
    phone="06 12345678",
    employer="Vermeer",
)
WARNING = WarningInForce(
    id=7,
    code=WarningCode.OVERDUE,
    level=Level.AMBER,
    opened_on=TODAY,
    escalated_on=None,
    figures={"overdue": ["A1"], "failed": [], "days": 9},
    snoozed_until=None,
    snooze_note=None,
)
TITLES = {"A1": "Een les ontwerpen"}
ASSIGNMENT = AssignmentPlan(code="A1", title="Een les", opens_on=TODAY, due_on=MONDAY, mandatory=True, estimate=60)
NOTHING = Fraction(0)
WEEK = Week(
    monday=MONDAY,
    lessons=Fraction(180),
    preparation=Fraction(60),
    assignments=Fraction(900),
    internship=NOTHING,
    job=2400,
    actual=None,
)
COMING = ComingWeeks(next_week=WEEK, heaviest=WEEK)
HOURS = WaitingHours("Dirk Mulder", ((TODAY, 150), (MONDAY, 90)))
SLOT = Slot(on=TODAY, starts_at=time(18, 30), ends_at=time(21, 30))
LESSON = LessonNews(kind=NewsKind.ADDED, number=4, title="Les 4", was=None, now=SLOT, reason="Zaal bezet")
NEWS = CohortNews(cohort=COHORT, titles=TITLES, now=((BRAM, (WARNING,)),), soon=2, call=(BRAM,), requests=3)


def _opened(change: Change) -> MailText:
    return warning_mail_texts.warning_news(COHORT, BRAM, WARNING, change, TITLES)


def _confirm() -> MailText:
    return mail_texts.hours_to_confirm(BRAM, HOURS, MONDAY)


def _interview(what: interview_mails.Told) -> MailText:
    planned = PlannedFinalAssessment(
        planned_on=MONDAY, starts_at=time(18, 30), ends_at=time(19), location="B2", assessors="Chaima"
    )
    return interview_mails._text(Participant(given_name="Bram", code="C1-01"), what, planned)


def _request(state: RequestState) -> RequestView:
    values = {name: None for name in RequestView.__dataclass_fields__} | {
        "id": 1,
        "participant": "C1-01",
        "participant_id": 1,
        "name": "Bram de Wit",
        "given_name": "Bram",
        "kind": RequestKind.EXTENSION,
        "state": state,
        "code": "A1",
        "asked_due_on": MONDAY,
    }
    return RequestView(**values)  # type: ignore[arg-type]


MAILS: dict[str, tuple[Callable[[], MailText], ...]] = {
    "sign_in": (lambda: mail_texts.sign_in("Bram", timedelta(minutes=30)),),
    "invitation": tuple(
        lambda text=text: text(Welcome(name="Bram", by=CONSOLE, role="participant", cohort="Groep C-1"), timedelta(7))
        for text in (invitation_texts.invitation, invitation_texts.reminder)
    ),
    "shared_load": (lambda: mail_texts.shared_load("Bram de Wit", "Bram", timedelta(7)),),
    "supervisor_link": (_confirm,),
    "participant_digest": (
        lambda: warning_mail_texts.participant_digest(COHORT, BRAM, COMING, 720, (WARNING, WARNING), TITLES),
        lambda: warning_mail_texts.participant_digest_without_account(COHORT, BRAM, COMING, 720, (WARNING,), TITLES),
    ),
    "leader_digest": (
        lambda: warning_mail_texts.leader_digest((NEWS, NEWS)),
        lambda: warning_mail_texts.leader_digest((CohortNews(cohort=COHORT, titles={}, now=(), soon=0),)),
    ),
    "warning_opened": (
        lambda: _opened(Change.OPENED),
        lambda: warning_mail_texts.warning_news_without_account(COHORT, BRAM, WARNING, Change.OPENED, TITLES),
    ),
    "warning_escalated": (lambda: _opened(Change.ESCALATED),),
    "unconfirmed_opened": (_confirm,),
    "unconfirmed_escalated": (_confirm,),
    "call_me": (lambda: warning_mail_texts.call_me(COHORT, BRAM, WARNING, "Na zessen", TITLES),),
    "shared_overload": (lambda: warning_mail_texts.shared_overload("Bram de Wit", "Bram", WEEK, 720),),
    "hours_to_confirm": (_confirm,),
    "pressing_lesson_news": (lambda: lesson_news_texts.lesson_news("Bram", "Groep C-1", "/agenda", [LESSON]),),
    "lesson_news": (
        lambda: lesson_news_texts.lesson_news("Bram", "Groep C-1", "/agenda", [LESSON]),
        lambda: lesson_news_texts.lesson_news("Bram", "Groep C-1", "/agenda", [LESSON, LESSON]),
    ),
    "assessed": (
        lambda: mail_texts.assessed(BRAM, ["A1 Een les"]),
        lambda: mail_texts.assessed(BRAM, ["A1 Een les", "A2 Observeren"]),
    ),
    "absent_in_a_row": (lambda: mail_texts.absent_in_a_row("Bram de Wit", "C1-01", COHORT, [TODAY]),),
    "due_date_changed": (lambda: assignment_mails.due_date_changed(BRAM, ASSIGNMENT, MONDAY),),
    "interview_planned": (lambda: _interview(interview_mails.Told.PLANNED),),
    "interview_moved": (lambda: _interview(interview_mails.Told.MOVED),),
    "interview_cancelled": (lambda: _interview(interview_mails.Told.CANCELLED),),
    "load_request_asked": (lambda: load_request_mails._asked("C-1", _request(RequestState.ASKED)),),
    "load_request_answered": (
        lambda: load_request_mails._answered(_request(RequestState.GRANTED)),
        lambda: load_request_mails._answered(_request(RequestState.REFUSED)),
    ),
    "job_failed": (
        lambda: job_texts.job_failed("Gijs", "retention", datetime(2026, 6, 14, tzinfo=UTC), 3, 1),
        lambda: job_texts.job_failed(None, "retention", datetime(2026, 6, 14, tzinfo=UTC), 0, 0),
    ),
    "retention_announced": (lambda: mail_texts.retention_announced("Gijs", {DataKind.LOGS: 3}, MONDAY),),
}
CASES = [(kind, text) for kind, texts in MAILS.items() for text in texts]
BUTTON = re.compile(r"^[^\n]+:\n(?:http://hto\.test/\S+|\[\[link\]\]|mailto:\S+)$")


@pytest.mark.parametrize(("kind", "text"), CASES, ids=[kind for kind, _text in CASES])
def test_a_mail_asks_one_question_and_has_one_button_right_after_it(
    sqlite_app: Flask, kind: str, text: Callable[[], MailText]
) -> None:
    said = text()
    paragraphs = said.body.strip().split("\n\n")
    buttons = [at for at, paragraph in enumerate(paragraphs) if BUTTON.match(paragraph)]
    assert len(buttons) == 1, said.body
    assert said.body.count("?") == paragraphs[buttons[0] - 1].count("?") == 1, said.body
    assert sum(word in said.body for word in ("http", "mailto:", "[[link]]")) == 1
    assert said.subject and "?" not in said.subject
    assert paragraphs[0].startswith("Hoi") and paragraphs[-1] == "HTO Track"


@pytest.mark.parametrize(("kind", "text"), CASES, ids=[kind for kind, _text in CASES])
def test_its_html_has_one_link_that_looks_like_a_button_and_says_where_it_leads(
    sqlite_app: Flask, kind: str, text: Callable[[], MailText]
) -> None:
    body = text().body.replace("[[link]]", "http://hto.test/x").replace("[[code]]", "123456")
    html = outbox._html(body)
    [(address, label)] = re.findall(r'<a href="([^"]+)" style="[^"]*padding[^"]*">([^<]+)</a>', html)
    assert html.count(f'<a href="{address}">{address}</a>') == 1
    assert html.count("<a ") == 2
    assert label and not label.endswith(":")


def test_every_kind_is_tried_here_and_no_other() -> None:
    assert set(MAILS) == set(KINDS)


def test_every_mail_that_is_queued_anywhere_is_of_a_known_kind() -> None:
    found = {kind for path in SERVICES.rglob("*.py") for kind in _kinds_named(ast.parse(path.read_text()))}
    assert found <= set(KINDS), f"give a place in KINDS, and a text above, to {sorted(found - set(KINDS))}"
    assert len(found) > 10


def _kinds_named(module: ast.Module) -> Iterator[str]:
    """The kinds of the mails that a module makes, as far as they are written out in it."""
    constants = {
        name.id: value.value
        for statement in module.body
        if isinstance(statement, ast.Assign)
        for names in [statement.targets[0]]
        for name, value in zip(
            names.elts if isinstance(names, ast.Tuple) else [names],
            statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value],
            strict=False,
        )
        if isinstance(name, ast.Name) and isinstance(value, ast.Constant)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Mail":
            kind = next(keyword.value for keyword in node.keywords if keyword.arg == "kind")
            if isinstance(kind, ast.Constant):
                yield str(kind.value)
            elif isinstance(kind, ast.Name) and kind.id in constants:
                yield str(constants[kind.id])
