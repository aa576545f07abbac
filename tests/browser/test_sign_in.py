"""Coming in as people do, by a mail that comes over SMTP; and being warned before a session ends."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from hto_track import clock
from hto_track.extensions import db
from hto_track.models.internship import InternshipEntry, Placement
from hto_track.models.ledger import OutboxMail
from hto_track.models.sign_in import SignInLink, SignInSession
from hto_track.rules.facts import EntryState
from hto_track.services.policy import CONSOLE
from hto_track.services.sending import send_due
from hto_track.services.sessions import STAFF_LASTS
from hto_track.services.supervisor_links import LASTS, supervisor_link
from hto_track.services.transaction import noting
from tests.browser.conftest import NewContext, Site
from tests.browser.pages import Visit
from tests.browser.test_writing import all_faults
from tests.mail_server import MailServer, mail_server, use_mail_server

TEACHER, WOUTER, SUPERVISOR = (
    "chaima@hogeschool.example.org",
    "deelnemer01.zh05@example.org",
    "docent10@school.example.org",
)
Opened = Callable[..., Visit]


@pytest.fixture
def opened(own_site: Site, new_context: NewContext) -> Opened:
    """``opened("/sign-in")``: a page of a demo of this test alone, on a phone, signed in with ``email`` or not."""

    def open_page(path: str, email: str | None = None, *, language: str = "nl") -> Visit:
        context = new_context(own_site, email=email, language=language, width=390)
        return Visit.to(context, path if path.startswith("http") else own_site.url + path)

    return open_page


@pytest.fixture
def post(own_site: Site) -> Iterator[MailServer]:
    """A real SMTP server to which this demo sends; what waits from before is not sent."""
    with mail_server() as server:
        use_mail_server(own_site.app, server.port)
        settings = own_site.app.extensions["hto_settings"]
        own_site.app.extensions["hto_settings"] = replace(settings, offers_roles=False)
        with own_site.app.app_context(), noting() as session:
            session.execute(update(OutboxMail).values(next_attempt_at=clock.now() + timedelta(days=9)))
        yield server


def arrived(site: Site, server: MailServer) -> str:
    """The text of the mail that came in last, after what waits was sent."""
    with site.app.app_context():
        send_due(CONSOLE, clock.now())
    part = server.accepted[-1].get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text


def link_in(text: str) -> str:
    [link] = re.findall(r"http://\S+", text)
    return str(link)


def ask(page: Page, email: str) -> None:
    page.fill("#f-email", email)
    page.get_by_role("button", name="Mail mij een link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kijk in je mail")


class TestByMail:
    """Without a password."""

    def test_the_link_that_came_by_smtp_is_opened_and_its_button_pressed(
        self, own_site: Site, opened: Opened, post: MailServer
    ) -> None:
        visit = opened("/sign-in")
        assert all_faults(visit) == []
        visit.page.set_viewport_size({"width": 390, "height": 900})
        ask(visit.page, WOUTER)
        visit.complaints.clear()  # what the page before was still loading
        assert all_faults(visit) == []
        text = arrived(own_site, post)
        assert post.accepted[-1]["To"] == WOUTER
        link = opened(link_in(text))
        link.page.reload()
        link.complaints.clear()
        expect(link.page.get_by_role("heading", level=1)).to_contain_text("Inloggen als Wouter")
        assert all_faults(link) == []
        link.page.set_viewport_size({"width": 390, "height": 900})
        link.page.get_by_role("button", name=re.compile("^Inloggen als Wouter")).click()
        link.page.wait_for_url("**/mijn-traject")

    def test_the_code_that_came_by_smtp_is_typed_where_it_was_asked_for(
        self, own_site: Site, opened: Opened, post: MailServer
    ) -> None:
        page = opened("/uren").page
        ask(page, WOUTER)
        [code] = re.findall(r"^(\d{6})\r?$", arrived(own_site, post), re.MULTILINE)
        page.fill("#f-code", f"{code[:3]} {code[3:]}")
        page.keyboard.press("Enter")
        page.wait_for_url("**/uren")

    def test_a_wrong_code_leads_to_its_field(self, opened: Opened, post: MailServer) -> None:
        visit = opened("/sign-in")
        ask(visit.page, "niemand@example.org")
        visit.page.fill("#f-code", "123")
        visit.page.keyboard.press("Enter")
        expect(visit.page.locator("#fouten")).to_be_focused()
        visit.complaints.clear()  # the answer 422 itself is noted by the browser
        assert all_faults(visit) == []

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_a_link_that_is_too_old_is_readable_by_all_and_gives_a_new_one_at_one_press(
        self, own_site: Site, opened: Opened, post: MailServer, language: str
    ) -> None:
        ask(opened("/sign-in").page, WOUTER)
        link = link_in(arrived(own_site, post))
        with own_site.app.app_context(), noting() as session:
            session.execute(update(SignInLink).values(ends_at=clock.now() - timedelta(days=2)))
        visit = opened("/sign-in", language=language)
        visit.page.goto(link)
        visit.complaints.clear()  # the answer 410
        assert all_faults(visit, language) == []
        visit.page.locator("main .btn").click()
        expect(visit.page.locator("#f-code")).to_be_visible()
        assert link_in(arrived(own_site, post)) != link


class TestSupervisor:
    """Without an account."""

    def _link(self, site: Site, made_days_ago: int = 0) -> str:
        with site.app.app_context():
            query = (
                select(Placement)
                .join(InternshipEntry, InternshipEntry.placement_id == Placement.id)
                .where(Placement.supervisor_email == SUPERVISOR, InternshipEntry.state == EntryState.SUBMITTED)
            )
            placement = db.session.scalars(query).first()
            assert placement is not None
            made_on = clock.today() - timedelta(days=made_days_ago)
            return supervisor_link(placement.id, SUPERVISOR, made_on)

    def test_one_press_after_the_link_confirms_and_one_more_takes_it_back(self, own_site: Site, opened: Opened) -> None:
        page = opened(self._link(own_site)).page
        page.get_by_role("button", name=re.compile("^Klopt, bevestig")).click()
        expect(page.locator("#status")).to_contain_text(re.compile("uur bevestigd"))
        expect(page.locator("main")).to_contain_text("Er wachten geen uren op jou")
        page.get_by_role("button", name="Ongedaan maken").click()
        expect(page.get_by_role("button", name=re.compile("^Klopt, bevestig"))).to_be_visible()

    def test_not_right_asks_why(self, own_site: Site, opened: Opened) -> None:
        visit = opened(self._link(own_site))
        visit.page.get_by_text("Klopt niet").first.click()
        why = visit.page.get_by_label("Wat klopt er niet?").first
        expect(why).to_be_visible()
        visit.page.locator("main form .btn").click()
        expect(visit.page.locator("#fouten")).to_be_focused()
        visit.complaints.clear()  # the answer 422
        assert all_faults(visit) == []

    def test_its_pages_are_readable_by_all(
        self, own_site: Site, opened: Opened, check_page: Callable[..., None]
    ) -> None:
        check_page(self._link(own_site).removeprefix(own_site.url), on=own_site)
        for language in ("nl", "en"):
            visit = opened("/sign-in", language=language)
            visit.page.goto(self._link(own_site, made_days_ago=LASTS.days + 1))
            visit.complaints.clear()  # the answer 410
            assert all_faults(visit, language) == []
            with visit.page.expect_navigation():
                visit.page.locator("main .btn").click()
            assert all_faults(visit, language) == []


class TestGoingOut:
    """A session that is not used."""

    def _ends_in(self, site: Site, minutes: int, *, used: timedelta = timedelta(minutes=4)) -> None:
        with site.app.app_context(), noting() as session:
            now = clock.now()
            session.execute(
                update(SignInSession).values(seen_at=now - used, idle_until=now + timedelta(minutes=minutes))
            )

    def _opened(self, site: Site, opened: Opened, language: str = "nl") -> Visit:
        """The page of a session that ends in six minutes, in a browser whose clock this test turns."""
        visit = opened("/account", TEACHER, language=language)
        self._ends_in(site, 6)
        visit.page.clock.install()
        visit.page.goto(site.url + "/groepen")
        return visit

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_five_minutes_before_the_page_says_so_and_is_still_readable_by_all(
        self, own_site: Site, opened: Opened, language: str
    ) -> None:
        visit = self._opened(own_site, opened, language)
        bar = visit.page.locator("#session-ending")
        visit.page.clock.run_for(50_000)
        expect(bar).to_be_empty()
        visit.page.clock.run_for(20_000)
        expect(bar.get_by_role("button")).to_have_text({"nl": "Blijf ingelogd", "en": "Stay signed in"}[language])
        visit.page.clock.resume()
        assert all_faults(visit, language) == []

    def test_staying_keeps_the_session_alive_and_what_was_filled_in(self, own_site: Site, opened: Opened) -> None:
        visit = self._opened(own_site, opened)
        page = visit.page
        page.goto(own_site.url + "/groepen/ZH-05/opdrachten")
        page.clock.run_for(70_000)
        self._ends_in(own_site, 5, used=timedelta(minutes=10))
        page.get_by_role("button", name="Blijf ingelogd").click()
        expect(page.locator("#session-ending")).to_be_empty()
        with own_site.app.app_context():
            row = db.session.scalars(select(SignInSession).order_by(SignInSession.id.desc()).limit(1)).one()
            assert row.idle_until - clock.now() > STAFF_LASTS.idle - timedelta(minutes=1)
        page.clock.run_for(10 * 60_000)
        expect(page.locator("#session-ending")).to_be_empty()

    def test_over_an_open_sheet_it_is_said_in_the_sheet(self, own_site: Site, opened: Opened) -> None:
        visit = opened("/account", WOUTER)
        self._ends_in(own_site, 6)
        visit.page.clock.install()
        visit.page.goto(own_site.url + "/mijn-traject")
        visit.page.locator(".bar").get_by_text("Uren loggen").click()
        expect(visit.page.get_by_role("dialog")).to_be_visible()
        visit.page.clock.run_for(70_000)
        stay = visit.page.get_by_role("dialog").get_by_role("button", name="Blijf ingelogd")
        expect(stay).to_be_visible()
        visit.page.keyboard.press("Escape")
        visit.page.clock.run_for(2000)
        expect(visit.page.locator("body > #session-ending").get_by_role("button")).to_be_visible()

    def test_another_tab_that_stays_speaks_for_all(self, own_site: Site, opened: Opened) -> None:
        visit = self._opened(own_site, opened)
        visit.page.clock.run_for(70_000)
        expect(visit.page.get_by_role("button", name="Blijf ingelogd")).to_be_visible()
        self._ends_in(own_site, 5, used=timedelta(minutes=10))
        visit.page.context.new_page().goto(own_site.url + "/account")
        expect(visit.page.locator("#session-ending")).to_be_empty()

    def test_what_was_filled_in_stands_there_when_the_session_has_ended(self, own_site: Site, opened: Opened) -> None:
        visit = opened("/uren/nieuw", WOUTER)
        self._ends_in(own_site, 6)
        visit.page.clock.install()
        visit.page.goto(own_site.url + "/uren/nieuw")
        visit.page.fill("#f-note", "Klas 3 ging goed")
        visit.page.clock.run_for(6 * 60_000 + 2000)
        expect(visit.page.locator("#session-ending")).to_contain_text(
            "Je bent uitgelogd. Wat je invulde staat hier nog."
        )
        expect(visit.page.locator("#f-note")).to_have_value("Klas 3 ging goed")
        visit.page.clock.resume()
        assert all_faults(visit) == []

    def test_staying_too_late_says_that_one_is_out(self, own_site: Site, opened: Opened) -> None:
        visit = self._opened(own_site, opened)
        visit.page.clock.run_for(70_000)
        self._ends_in(own_site, -1)
        visit.page.get_by_role("button", name="Blijf ingelogd").click()
        expect(visit.page.locator("#session-ending")).to_contain_text("Je bent uitgelogd")

    def test_a_session_that_cannot_be_longer_says_to_save(self, own_site: Site, opened: Opened) -> None:
        visit = self._opened(own_site, opened)
        visit.page.clock.run_for(70_000)
        with own_site.app.app_context(), noting() as session:
            session.execute(update(SignInSession).values(ends_at=clock.now() + timedelta(minutes=4)))
        visit.page.get_by_role("button", name="Blijf ingelogd").click()
        expect(visit.page.locator("#session-ending")).to_contain_text("Sla op wat je invulde")
