"""From looking back to an adopted draft, thrown away again, in a real browser without a script, on a small phone."""

from playwright.sync_api import Browser, expect
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.templates import TemplateVersion
from tests.browser.conftest import NewContext, Site
from tests.browser.pages import Visit

LEADER = "projectleider@example.org"
PAGE = "/programmas/HTO-ZH/terugblik"


def estimates(site: Site) -> dict[int, dict[str, int]]:
    """Each version's estimates by assignment, in minutes."""
    with site.app.app_context():
        rows = db.session.scalars(select(TemplateVersion).order_by(TemplateVersion.number))
        return {row.number: {each["code"]: each["estimate"] for each in row.content["assignments"]} for row in rows}


def test_what_is_proposed_becomes_a_draft_with_one_click_and_goes_with_another(
    own_site: Site, chromium: Browser
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900}, locale="nl")
    name = own_site.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": own_site.session_of(LEADER), "url": own_site.url}])
    page = context.new_page()
    page.goto(f"{own_site.url}/cijfers")
    page.click("a[href='/terugblik']")
    page.uncheck("input[value='estimate:A1']")
    page.click("text=Neem over in het sjabloon")
    assert page.url.endswith("/sjablonen/HTO-ZH/2")
    changes = page.locator("section", has=page.locator("#verschillen"))
    expect(changes).to_contain_text("Opdracht A10")
    expect(changes).not_to_contain_text("Opdracht A1:")
    known = estimates(own_site)
    assert known[2]["A1"] == known[1]["A1"] and known[2]["A10"] < known[1]["A10"]
    page.click("text=Concept weggooien")
    assert list(estimates(own_site)) == [1]
    page.click("form[action*='/terug/'] button")
    assert estimates(own_site) == known
    context.close()


def test_a_draft_with_what_it_changes_is_readable_by_all(own_site: Site, new_context: NewContext) -> None:
    visit = Visit.to(new_context(own_site, email=LEADER, width=390), own_site.url + PAGE)
    visit.page.click("text=Neem over in het sjabloon")
    visit.page.wait_for_selector("#verschillen")
    assert (
        visit.faults("nl") == [] and visit.faults_at(390) == [] and visit.axe() == [] and visit.overflow_at(320) == []
    )
