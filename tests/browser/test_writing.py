"""The flows of every evening in a real browser: clicks counted, the sheet, errors, and taps that save themselves."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.diploma import Diploma
from hto_track.models.internship import InternshipEntry
from hto_track.rules.facts import EntryState
from tests.browser.conftest import NewContext, Site
from tests.browser.pages import WIDTHS, Visit

TEACHER, WOUTER, SUPERVISOR = (
    "chaima@hogeschool.example.org",
    "deelnemer01.zh05@example.org",
    "docent10@school.example.org",
)
Opened = Callable[..., Visit]


@pytest.fixture
def opened(own_site: Site, new_context: NewContext) -> Opened:
    """``opened("/uren", WOUTER)``: a page of a demo of this test alone, on a phone."""

    def open_page(path: str, email: str, *, width: int = 390, language: str = "nl") -> Visit:
        return Visit.to(new_context(own_site, email=email, language=language, width=width), own_site.url + path)

    return open_page


def all_faults(visit: Visit, language: str = "nl") -> list[str]:
    """What is wrong with the page as it stands now, on every width."""
    faults = visit.faults(language)
    for width in WIDTHS:
        faults += visit.faults_at(width)
    return faults


class TestHours:
    """Logging and confirming."""

    def test_the_usual_visit_takes_two_clicks_from_the_path(self, own_site: Site, opened: Opened) -> None:
        page = opened("/mijn-traject", WOUTER).page
        page.locator(".bar").get_by_text("Uren loggen").click()
        expect(page.get_by_role("dialog", name="Stage-uren loggen")).to_be_visible()
        expect(page.locator("[name=hours]:checked")).to_be_focused()
        page.get_by_role("button", name=re.compile("4.uur opslaan")).click()
        page.wait_for_url("**/mijn-traject")
        expect(page.locator("#status")).to_contain_text(re.compile("4.uur opgeslagen"))
        with own_site.app.app_context():
            newest = db.session.scalars(select(InternshipEntry).order_by(InternshipEntry.id.desc()).limit(1)).one()
            assert (newest.minutes, newest.worked_on.isoformat(), newest.state) == (
                240,
                "2026-06-14",
                EntryState.SUBMITTED,
            )

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_the_open_sheet_is_readable_by_all_and_closes_with_escape(self, opened: Opened, language: str) -> None:
        visit = opened("/mijn-traject", WOUTER, language=language)
        visit.page.locator(".bar .btn").click()
        expect(visit.page.locator("dialog")).to_be_visible()
        assert all_faults(visit, language) == []
        visit.page.set_viewport_size({"width": 390, "height": 900})
        visit.page.keyboard.press("Escape")
        expect(visit.page.locator("dialog")).to_have_count(0)
        expect(visit.page.locator(".bar .btn")).to_be_focused()

    def test_the_button_says_the_amount_that_is_chosen(self, opened: Opened) -> None:
        page = opened("/uren/nieuw", WOUTER).page
        button = page.locator("[data-save]")
        page.locator("#f-hours-120").locator("..").click()
        expect(button).to_have_text(re.compile("^2.uur opslaan$"))
        page.locator("#f-hours-other").locator("..").click()
        expect(button).to_have_text("Uren opslaan")
        page.fill("#f-hours_other", "3,25")
        expect(button).to_have_text(re.compile("^3,25.uur opslaan$"))

    def test_a_form_with_errors_is_readable_by_all_and_has_the_focus_on_its_summary(self, opened: Opened) -> None:
        visit = opened("/uren/nieuw", WOUTER)
        visit.page.locator("#f-hours-other").locator("..").click()
        visit.page.fill("#f-hours_other", "veel")
        visit.page.locator("[data-save]").click()
        expect(visit.page.locator("#fouten")).to_be_focused()
        visit.complaints.clear()  # the answer 422 itself is noted by the browser
        assert all_faults(visit) == []

    def test_a_supervisor_confirms_everything_with_one_click(self, own_site: Site, opened: Opened) -> None:
        page = opened("/bevestigen", SUPERVISOR).page
        page.get_by_role("button", name=re.compile("Klopt, bevestig 7.uur")).click()
        expect(page.locator("#status")).to_contain_text(re.compile("7.uur bevestigd"))
        expect(page.locator("main")).to_contain_text("Er wachten geen uren op jou")

    def test_not_right_asks_why_and_then_says_what_the_button_does(self, opened: Opened) -> None:
        visit = opened("/bevestigen", SUPERVISOR)
        why = visit.page.get_by_label("Wat klopt er niet?").first
        expect(why).to_be_hidden()
        visit.page.get_by_text("Klopt niet").first.click()
        expect(why).to_be_visible()
        expect(visit.page.get_by_role("button", name="Opslaan wat klopt en wat niet")).to_be_visible()
        assert all_faults(visit) == []


class TestDiploma:
    """Awarding."""

    def test_the_college_awards_and_downloads_it(self, own_site: Site, opened: Opened) -> None:
        visit = opened("/groepen/ZH-04/diplomas", TEACHER, width=1280)
        page = visit.page
        page.locator(".card").first.locator("a.line").first.click()
        page.get_by_role("button", name=re.compile("^Ken het diploma toe aan")).click()
        expect(page.locator("#status")).to_contain_text("is toegekend aan")
        assert all_faults(visit) == []
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("^Pdf van HTO-2026-")).first.click()
        with own_site.app.app_context():
            newest = db.session.scalars(select(Diploma).order_by(Diploma.id.desc()).limit(1)).one()
            assert download.value.path().read_bytes() == newest.document
