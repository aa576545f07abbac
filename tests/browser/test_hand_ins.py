"""A participant's assignments in a real browser: by keyboard alone, without JavaScript, on a small phone, readable by all."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.languages import COOKIE
from hto_track.models.assignments import HandIn
from tests.browser.conftest import Look, NewContext, Site
from tests.browser.pages import WIDTHS, Visit
from tests.browser.test_keyboard import FOCUSED, SMALL_TARGETS
from tests.files import EXE, pdf

MEGABYTE = 1024 * 1024
WILLEM, LEADER, TEACHER = (
    "deelnemer13.zh05@example.org",
    "projectleider@example.org",
    "chaima@hogeschool.example.org",
)
"""Of whom one assignment waits, and one is to be done again."""
RESIT = "/opdrachten/A3"


def a_file(name: str = "profiel.pdf", content: bytes | None = None) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": pdf() if content is None else content}


def names(site: Site) -> list[str | None]:
    """What was handed in beyond the demo's own, in order."""
    with site.app.app_context():
        rows = db.session.scalars(select(HandIn).order_by(HandIn.id))
        return [row.file_name or row.link for row in rows if "microteaching" not in (row.file_name or row.link or "")]


def tab_to(page: Page, selector: str) -> None:
    """Walk there with Tab; the focus is in sight at every stop."""
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        assert stop is not None, f"Tab never comes to {selector}"
        assert stop["outlined"] and not stop["covered"], stop
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not come to {selector}")


@pytest.fixture
def without_javascript(own_site: Site, chromium: Browser) -> Iterator[Callable[[str], BrowserContext]]:
    """A browser of someone that runs no script."""
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900})

    def signed_in(email: str) -> BrowserContext:
        cookie = own_site.app.config["SESSION_COOKIE_NAME"]
        context.add_cookies(
            [
                {"name": cookie, "value": own_site.session_of(email), "url": own_site.url},
                {"name": COOKIE, "value": "nl", "url": own_site.url},
            ]
        )
        return context

    yield signed_in
    context.close()


def test_work_is_handed_in_and_taken_back_by_keyboard_alone(own_site: Site, new_context: NewContext) -> None:
    page = new_context(own_site, email=WILLEM, width=390).new_page()
    page.goto(own_site.url + "/opdrachten")
    tab_to(page, f"a[href='{RESIT}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{RESIT}")
    tab_to(page, "#f-file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(a_file())
    tab_to(page, "form [type=submit][data-busy]")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Ingeleverd.")
    expect(page.get_by_text("profiel.pdf")).to_be_visible()
    assert names(own_site) == ["profiel.pdf"]
    tab_to(page, ".flash button")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("niet ingeleverd")
    assert names(own_site) == []


def test_without_javascript_a_file_and_a_link_are_handed_in_and_a_bad_one_is_refused(
    own_site: Site, without_javascript: Callable[[str], BrowserContext]
) -> None:
    page = without_javascript(WILLEM).new_page()
    page.goto(own_site.url + RESIT)
    page.set_input_files("#f-file", a_file("profiel.pdf", EXE))
    page.get_by_role("button", name="Inleveren").click()
    expect(page.locator("#e-file")).to_contain_text("De naam eindigt op .pdf")
    assert page.title().startswith("Fout: ")
    page.set_input_files("#f-file", a_file("film.pdf", bytes(17 * MEGABYTE)))
    page.get_by_role("button", name="Inleveren").click()
    expect(page.locator("#e-file")).to_contain_text("groter dan 10 MB")
    assert names(own_site) == []
    page.set_input_files("#f-file", a_file())
    page.get_by_role("button", name="Inleveren").click()
    expect(page.locator("#status")).to_contain_text("Ingeleverd.")
    page.get_by_text("Een link in plaats van een bestand").click()
    page.fill("#f-link", "https://docs.example.org/profiel")
    page.get_by_role("button", name="Lever een betere versie in").click()
    expect(page.locator("#status")).to_contain_text("De nieuwste versie telt.")
    assert names(own_site) == ["profiel.pdf", "https://docs.example.org/profiel"]


def test_a_file_that_is_too_large_is_said_so_before_it_is_sent(own_site: Site, new_context: NewContext) -> None:
    page = new_context(own_site, email=WILLEM, width=390).new_page()
    page.goto(own_site.url + RESIT)
    page.set_input_files("#f-file", a_file("film.pdf", bytes(11 * MEGABYTE)))
    said = "document.querySelector('#f-file').validationMessage"
    assert "groter dan 10 MB" in page.evaluate(said)
    page.get_by_role("button", name="Inleveren").click()
    assert page.url.endswith(RESIT) and page.locator("#fouten").count() == 0
    page.set_input_files("#f-file", a_file())
    assert page.evaluate(said) == ""


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_refusal_is_readable_by_all_and_gets_the_focus(
    own_site: Site, new_context: NewContext, language: str
) -> None:
    visit = Visit.to(new_context(own_site, email=WILLEM, language=language), own_site.url + RESIT)
    visit.page.locator("details.data summary").last.click()
    visit.page.fill("#f-link", "javascript:alert(1)")
    visit.page.locator("form [type=submit][data-busy]").click()
    expect(visit.page.locator("#fouten")).to_be_focused()
    expect(visit.page.locator("#f-link")).to_have_value("javascript:alert(1)")
    visit.complaints.clear()  # the browser notes the answer 422 as an error
    faults = visit.faults(language)
    for width in WIDTHS:
        faults += visit.faults_at(width)
    assert faults == []


@pytest.mark.parametrize("path", ["/opdrachten", RESIT, "/opdrachten/A4"])
@pytest.mark.parametrize("width", WIDTHS)
def test_everything_on_it_can_be_hit(site: Site, look: Look, path: str, width: int) -> None:
    assert look(site, path, email=WILLEM, width=width).page.evaluate(SMALL_TARGETS) == []


def test_an_extension_takes_three_clicks_from_the_page_of_the_participant(
    own_site: Site, new_context: NewContext
) -> None:
    page = new_context(own_site, email=LEADER, width=1280).new_page()
    page.goto(own_site.url + "/deelnemers/ZH05-01")
    clicks = 0

    def click(name: str, role: str = "link") -> None:
        nonlocal clicks
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        clicks += 1

    click("Alle opdrachten")
    click("Uitstel A5")
    page.fill("#f-reason", "Ziek geweest")
    click("Uitstel geven", "button")
    expect(page.locator("#status")).to_contain_text("heeft tot 6 jul 2026 voor A5")
    assert clicks == 3


def test_what_is_expected_is_written_and_read_at_once(own_site: Site, new_context: NewContext) -> None:
    page = new_context(own_site, email=TEACHER, width=390).new_page()
    page.goto(own_site.url + "/groepen/ZH-05/opdrachten/A7/verwacht")
    page.fill("#f-criteria", "Twee bladzijden.\n\n- een casus")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator("#status")).to_contain_text("Opgeslagen.")
    other = new_context(own_site, email=WILLEM, width=390).new_page()
    other.goto(own_site.url + "/opdrachten/A7")
    assert "Twee bladzijden.\n\n- een casus" in other.locator(".saidso").inner_text()
