"""Moving due dates and asking for a job in a real browser: seen while one types, and until it is done."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from hto_track import clock
from hto_track.jobs.running import run_requested
from hto_track.services.policy import CONSOLE
from hto_track.services.scheduler_pulse import note_pulse
from tests.browser.conftest import NewContext, Site
from tests.browser.pages import Visit

LEADER, ADMINISTRATOR = "projectleider@example.org", "beheer@example.org"
DATES = "/groepen/ZH-05/opdrachten/A8/datums"
Opened = Callable[[str, str], Visit]


@pytest.fixture
def opened(own_site: Site, new_context: NewContext) -> Opened:
    """``opened(path, email)``: a page of a demo of this test alone, on a phone."""

    def open_page(path: str, email: str) -> Visit:
        return Visit.to(new_context(own_site, email=email, width=390, language="nl"), own_site.url + path)

    return open_page


def test_what_another_day_means_shows_while_one_types_and_what_was_typed_beside_it_stays(opened: Opened) -> None:
    page = opened(DATES, LEADER).page
    due_on = page.get_by_label("Nieuwe inleverdag")
    due_on.fill("12-10")
    expect(page.get_by_role("heading", name="Inleveren op ma 12 oktober")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "f-inleveren"
    expect(page.locator("#status")).to_contain_text("boven de ruimte")
    page.get_by_label("Waarom?").fill("Toetsweek")
    due_on.fill("13-10")
    expect(page.get_by_role("button", name="Verplaats naar di 13 oktober")).to_be_visible()
    expect(page.get_by_label("Waarom?")).to_have_value("Toetsweek")
    due_on.fill("13-")
    expect(page.get_by_text("Vul een datum in zoals 17-11-2026.").first).to_be_visible()
    due_on.fill("13-10")
    expect(page.get_by_label("Waarom?")).to_have_value("Toetsweek")
    page.get_by_role("button", name="Verplaats naar di 13 oktober").click()
    expect(page.locator("#status")).to_contain_text("moet nu af op di 13 oktober")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#status")).to_contain_text("moet nu af op ma 28 september")


def test_a_job_that_is_asked_for_says_by_itself_that_it_is_done(own_site: Site, opened: Opened) -> None:
    with own_site.app.app_context():
        note_pulse(CONSOLE, clock.now())
    visit = opened("/beheer/taken/evaluate_warnings", ADMINISTRATOR)
    page = visit.page
    page.get_by_role("button", name="Nu uitvoeren").click()
    expect(page.get_by_text("Aangevraagd op")).to_be_visible()
    assert visit.faults("nl") == []
    with own_site.app.app_context():
        run_requested(clock.now())
    expect(page.locator("#taak").get_by_text("Klaar op")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("deelnemers bekeken")
    expect(page.get_by_role("button", name="Nu uitvoeren")).to_be_visible()
