"""Laying out a cohort in a real browser: by keyboard alone, without a script, and readable when something is wrong."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson
from tests.browser.conftest import Look, NewContext, Site
from tests.browser.pages import WIDTHS

LEADER = "projectleider@example.org"
PAGE = "/sjablonen/HTO-ZH/1/uitzetten"
SHOWN = f"{PAGE}?start_on=2027-03-01"


def lessons_of(site: Site, code: str) -> int:
    with site.app.app_context():
        query = select(func.count()).select_from(Lesson).join(Cohort, Cohort.id == Lesson.cohort_id)
        return db.session.scalar(query.where(Cohort.code == code)) or 0


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there."""
    for _ in range(250):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


@pytest.mark.parametrize("width", [320, 1280])
def test_a_cohort_is_laid_out_by_keyboard_alone(own_site: Site, new_context: NewContext, width: int) -> None:
    page = new_context(own_site, email=LEADER, width=width).new_page()
    page.goto(f"{own_site.url}/sjablonen/HTO-ZH/1")
    tab_to(page, f"a[href='{PAGE}']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/uitzetten")
    tab_to(page, "#f-start_on")
    page.keyboard.type("02022027")
    page.keyboard.press("Enter")  # looks: Enter in a field never stores
    page.wait_for_selector("#jaar")
    assert lessons_of(own_site, "ZH-07") == 0
    tab_to(page, "#f-code")
    page.keyboard.type("ZH-07")
    tab_to(page, "button[formmethod=post]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/groepen/ZH-07/**")
    assert lessons_of(own_site, "ZH-07") == 34


def test_a_cohort_is_laid_out_with_four_clicks_and_no_script(own_site: Site, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900}, locale="nl")
    name = own_site.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": own_site.session_of(LEADER), "url": own_site.url}])
    page = context.new_page()
    page.goto(f"{own_site.url}/sjablonen/HTO-ZH/1")
    page.click(f"a[href='{PAGE}']")
    page.fill("#f-start_on", "2027-03-01")
    page.click("text=Avonden bekijken")
    page.check("input[name=without][value='2027-05-04']")
    page.click("text=Avonden opnieuw bekijken")
    page.fill("#f-code", "ZH-07")
    page.click("button[formmethod=post]")
    assert "/groepen/ZH-07/" in page.url
    assert lessons_of(own_site, "ZH-07") == 34
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_form_with_errors_is_readable_by_all(own_site: Site, look: Look, width: int) -> None:
    visit = look(own_site, SHOWN, email=LEADER, width=width)
    page = visit.page
    page.fill("#f-date-3", "2027-03-09")
    page.click("button[formmethod=post]")
    page.wait_for_selector("#fouten")
    assert page.evaluate("document.activeElement.id") == "fouten"
    assert page.title().startswith("Fout: ")
    assert page.locator("#e-date-3").is_visible() and page.locator("#e-code").is_visible()
    visit.complaints = [said for said in visit.complaints if "422" not in said]
    assert visit.faults("nl") + visit.faults_at(width) == []


def test_a_draft_is_changed_by_keyboard_and_its_fault_is_said_where_it_is(
    own_site: Site, new_context: NewContext, check_page: Callable[..., None]
) -> None:
    page = new_context(own_site, email=LEADER, width=390).new_page()
    page.goto(f"{own_site.url}/sjablonen/HTO-ZH/1")
    tab_to(page, "form[action$='/sjablonen/HTO-ZH'] button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sjablonen/HTO-ZH/2/bewerken")
    tab_to(page, "details:nth-of-type(2) summary")
    page.keyboard.press("Enter")
    tab_to(page, "#f-assignment-1-due_with")
    page.keyboard.press("Control+A")
    page.keyboard.type("99")
    page.keyboard.press("Enter")
    page.wait_for_selector("#fouten")
    assert page.locator("#f-assignment-1-due_with").is_visible(), "what holds a fault is open"
    page.fill("#f-assignment-1-due_with", "7")
    page.click("text=Concept opslaan")
    page.wait_for_url("**/sjablonen/HTO-ZH/2")
    assert "Wat er veranderde sinds versie 1" in page.inner_text("main")
    assert "Opdracht A2: inleveren bij les" in page.inner_text("main")
