"""Every page of the site's table in a real browser, as someone who may open it: both languages, three widths, and in
the dark.

A new row of ``web/urls/`` is tested from the day it is there; a new kind of value in an address needs a line in
``VALUES``.
"""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.internship import InternshipEntry
from hto_track.models.ledger import OutboxMail
from hto_track.models.participants import Participant
from hto_track.models.privacy import RetentionNotice
from hto_track.models.warnings import Warning
from hto_track.rules.retention import NOTICE, DataKind
from hto_track.services.policy import POLICY, Action
from hto_track.services.transaction import writing
from hto_track.web.access import PUBLIC, Page
from hto_track.web.urls import PAGES
from tests.browser.conftest import Site

SHOWN = [page for page in PAGES if "GET" in page.methods]
NO_PAGE = {
    "languages.choose": "sets a cookie and goes back",
    "agenda.feed": "is read by calendars, not by people",
    "agenda.download": "is a file to download",
    "cohorts.agenda_file": "is a file to download",
    "college.begin": "goes to the college's own sign-in",
    "college.back": "is where the college sends people back to",
    "sign_in.show_link": "needs a link that was just made",
    "confirmations.by_link": "needs a link: see test_sign_in.py",
    "diploma.document": "is a file to download",
    "privacy.own_json": "is a file to download",
    "privacy.own_pdf": "is a file to download",
    "beforehand.pdf": "is a file to download",
    "beforehand.cohort": "needs a cohort that is open: see test_beforehand.py",
    "beforehand.employer": "the same",
    "room.mine": "is of participants alone, where project leaders pass the door: see test_beforehand.py",
    "importing.workbook": "is a file to download",
    "hand_ins.file": "is a file to download",
    "bulk_marks.as_workbook": "is a file to download",
    "bulk_marks.as_csv": "is a file to download",
    "bulk_results.as_workbook": "is a file to download",
    "bulk_results.as_csv": "is a file to download",
    "looking_back.workbook": "is a file to download",
    "looking_back.of_cohort": "goes to the page of the programme",
    "looking_back.overview": "goes to the page of the only programme",
}
ROLES = (
    Role.PROJECT_LEADER,
    Role.COLLEGE,
    Role.PARTICIPANT,
    Role.SUPERVISOR,
    Role.EXAMINATION_BOARD,
    Role.ADMINISTRATOR,
    Role.COLLEGE_ADMINISTRATION,
    Role.EMPLOYER,
    Role.OBSERVER,
)
"""In this order someone is chosen who may open a page."""


def _mail_id() -> int:
    return db.session.scalars(select(OutboxMail.id).order_by(OutboxMail.id).limit(1)).one()


def _warning_id() -> int:
    """An open warning of the participant below."""
    of_participant = select(Participant.id).where(Participant.code == "ZH05-01").scalar_subquery()
    query = select(Warning.id).where(Warning.participant_id == of_participant, Warning.closed_on.is_(None))
    return db.session.scalars(query.order_by(Warning.id).limit(1)).one()


def _entry_id() -> int:
    """An entry of the participant whom ``_someone_who_may`` chooses."""
    own = select(Grant.participant_id).where(Grant.role == Role.PARTICIPANT).order_by(Grant.user_id).limit(1)
    query = select(InternshipEntry.id).where(InternshipEntry.participant_id == own.scalar_subquery())
    return db.session.scalars(query.order_by(InternshipEntry.id).limit(1)).one()


def _notice_id() -> int:
    """An announcement: the demo's people are too fresh for one of themselves."""
    with writing() as session:
        on = date(2026, 6, 8)
        notice = RetentionNotice(kind=DataKind.LOGS, subject="ZH04-01", announced_on=on, due_on=on + NOTICE)
        found = session.scalars(select(RetentionNotice)).first()
        session.add(found or notice)
        session.flush()
        return (found or notice).id


def _teacher(column: InstrumentedAttribute[int]) -> Callable[[], int]:
    """Of the role of a teacher at the college: one of the cohort, of the college and of an account all at once."""
    return lambda: db.session.scalars(
        select(column).where(Grant.role == Role.COLLEGE).order_by(Grant.id).limit(1)
    ).one()


VALUES: dict[str, Callable[[], object]] = {
    "cohort_code": lambda: "ZH-05",
    "template_code": lambda: "HTO-ZH",
    "programme_code": lambda: "HTO-ZH",
    "version_number": lambda: 1,
    "participant_code": lambda: "ZH05-01",
    "mail_id": _mail_id,
    "lesson_number": lambda: 13,
    "assignment_code": lambda: "A4",
    "entry_id": _entry_id,
    "job_name": lambda: "evaluate_warnings",
    "notice_id": _notice_id,
    "warning_id": _warning_id,
    "grant_id": _teacher(Grant.id),
    "user_id": _teacher(Grant.user_id),
}

ASKS = {
    "layout.form": "?start_on=2027-03-01",
    "due_dates.form": "?inleveren=2026-07-10&opent=2026-05-04",
    "invitations.confirm": "?allen=ja",
    "interviews.preview": "?wie=ZH05-01&planned_on=2026-09-30&starts_at=18:30&minutes=45",
}
"""Of pages that show nothing of their own unless asked for something."""


def _path(page: Page) -> str:
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(VALUES[match[1]]()), page.rule)
    return path + ASKS.get(page.endpoint, "")


def _someone_who_may(page: Page) -> str | None:
    if page.needs is PUBLIC:
        return None
    may = POLICY[page.needs] if isinstance(page.needs, Action) else frozenset(Role)
    role = next(role for role in ROLES if role in may)
    query = (
        select(User.email).join(Grant, Grant.user_id == User.id).where(Grant.role == role).order_by(User.id).limit(1)
    )
    return db.session.scalars(query).one()


@pytest.mark.parametrize(
    "page", [page for page in SHOWN if page.endpoint not in NO_PAGE], ids=lambda page: page.endpoint
)
def test_a_page_is_readable_by_all(page: Page, site: Site, check_page: Callable[..., None]) -> None:
    with site.app.app_context():
        path, email = _path(page), _someone_who_may(page)
    if site.answers(path, email).mimetype == "text/html":
        check_page(path, email=email)
