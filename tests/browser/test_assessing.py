"""Assessing a class in a real browser: clicks counted, keyboard alone, without script, and two who assess at once."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.participants import Participant
from hto_track.rules.facts import AttemptOutcome
from tests.browser.conftest import Look, NewContext, Site
from tests.browser.pages import WIDTHS, Visit
from tests.browser.test_keyboard import SMALL_TARGETS

TEACHER = "chaima@hogeschool.example.org"
WAITING, NEW = "/groepen/ZH-05/opdrachten/A4", "/groepen/ZH-05/opdrachten/A11"
"""An assignment of which some wait, and one that nobody handed in yet."""
Opened = Callable[..., Visit]

COUNT_CLICKS = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.setItem("clicks", 1 + Number(sessionStorage.getItem("clicks") ?? 0));
}, true);
"""


@pytest.fixture
def opened(own_site: Site, new_context: NewContext) -> Opened:
    """``opened(WAITING)``: a page of a demo of this test alone, as the teacher on a phone; every real click is counted."""

    def open_page(path: str, *, width: int = 390, language: str = "nl") -> Visit:
        context = new_context(own_site, email=TEACHER, language=language, width=width)
        context.add_init_script(COUNT_CLICKS)
        return Visit.to(context, own_site.url + path)

    return open_page


def clicks(page: Page) -> int:
    """How often a person clicked in this tab."""
    return int(page.evaluate("sessionStorage.getItem('clicks') ?? 0"))


def outcomes(site: Site, code: str) -> dict[str, AttemptOutcome | None]:
    """The latest outcome of each at an assignment of ZH-05, by code."""
    with site.app.app_context():
        query = (
            select(Participant.code, Attempt.outcome)
            .join(Attempt, Attempt.participant_id == Participant.id)
            .join(Assignment, Assignment.id == Attempt.assignment_id)
            .where(Assignment.code == code, Participant.code.startswith("ZH05"))
            .order_by(Attempt.number)
        )
        return {participant: outcome for participant, outcome in db.session.execute(query)}


def row(page: Page, name: str) -> Locator:
    """Somebody's row."""
    return page.get_by_role("group", name=name, exact=True)


def waiting_names(page: Page) -> list[str]:
    """Who can be assessed with one click, in order."""
    return page.locator("fieldset.judge:has(button[name=outcome]) .judge-name").all_inner_texts()


def all_faults(visit: Visit) -> list[str]:
    """What is wrong with the page as it stands now, on every width."""
    faults = visit.faults("nl")
    for width in WIDTHS:
        faults += visit.faults_at(width)
    return faults


def test_a_class_takes_one_click_a_person(own_site: Site, opened: Opened) -> None:
    page = opened(NEW).page
    page.evaluate("window.stillHere = true")
    names = waiting_names(page)
    assert len(names) == 15
    for at, name in enumerate(names):
        verdict = "Onvoldoende" if at % 5 == 4 else "Voldoende"
        row(page, name).get_by_role("button", name=f"{verdict}: {name}", exact=True).click()
        expect(page.locator("#status")).to_contain_text(f"{name}: {verdict.lower()}.")
    assert clicks(page) == len(names)
    assert page.evaluate("window.stillHere") is True, "one row a request"
    assert waiting_names(page) == []
    found = list(outcomes(own_site, "A11").values())
    assert (found.count(AttemptOutcome.PASSED), found.count(AttemptOutcome.FAILED)) == (12, 3)


def test_the_row_stays_where_it_is_with_the_focus_in_it_and_is_undone_from_the_bar(
    own_site: Site, opened: Opened
) -> None:
    page = opened(WAITING).page
    before, name = outcomes(own_site, "A4"), waiting_names(page)[1]
    place = row(page, name).bounding_box()
    row(page, name).get_by_role("button", name="Onvoldoende").click()
    expect(row(page, name)).to_contain_text("Herkansing")
    expect(row(page, name).locator(".judge-name")).to_be_focused()
    after = row(page, name).bounding_box()
    assert place is not None and after is not None
    assert after["y"] == place["y"]
    page.get_by_role("button", name="Ongedaan maken").click()
    page.wait_for_load_state("load")
    expect(page.locator("#status")).to_contain_text("Ongedaan gemaakt")
    assert outcomes(own_site, "A4") == before


def test_it_goes_by_keyboard_alone(own_site: Site, opened: Opened) -> None:
    page = opened(WAITING).page
    name = waiting_names(page)[0]
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == f"Voldoende: {name}":
            break
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Mooi gedaan")
    for _ in range(3):
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text(f"{name}: voldoende.")
    with own_site.app.app_context():
        assert "Mooi gedaan" in db.session.scalars(select(Attempt.feedback)).all()
    page.keyboard.press("Tab")  # what was handed in
    page.keyboard.press("Tab")
    following = waiting_names(page)[0]
    assert page.evaluate("document.activeElement.innerText") == following, "on to the next row"


def test_two_who_assess_at_once_are_asked_which_stays(own_site: Site, opened: Opened) -> None:
    one, other = (opened(WAITING) for _ in range(2))
    name = waiting_names(one.page)[0]
    row(one.page, name).get_by_role("button", name=f"Voldoende: {name}", exact=True).click()
    expect(one.page.locator("#status")).to_contain_text("voldoende.")
    asked = row(other.page, name)
    asked.get_by_role("button", name="Onvoldoende").click()
    expect(asked).to_contain_text("het is nu ‘voldoende’, jij koos ‘onvoldoende’. Kies welke blijft.")
    expect(asked.get_by_label("Waarom?")).to_be_focused()
    assert all_faults(other) == []
    asked.get_by_label("Waarom?").fill("Bijlage ontbreekt")
    asked.get_by_role("button", name="Maak er onvoldoende van").click()
    expect(other.page.locator("#status")).to_contain_text("De beoordeling is hersteld.")
    expect(asked).to_contain_text("Herkansing")


def test_it_goes_without_script(own_site: Site, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 900}, locale="nl")
    name = own_site.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": own_site.session_of(TEACHER), "url": own_site.url}])
    page = context.new_page()
    page.goto(own_site.url + WAITING)
    who = waiting_names(page)[0]
    page.get_by_role("button", name=f"Voldoende: {who}", exact=True).click()
    assert f"{who}: voldoende." in page.inner_text("#status")
    page.get_by_role("button", name="Ongedaan maken").click()
    assert "Ongedaan gemaakt" in page.inner_text("#status")
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", [WAITING, "/hogeschool", "/hogeschool/te-beoordelen"])
def test_targets_can_be_hit(site: Site, look: Look, path: str, width: int) -> None:
    assert look(site, path, email=TEACHER, width=width).page.evaluate(SMALL_TARGETS) == []


def test_an_evening_of_interviews_is_planned_and_recorded(opened: Opened) -> None:
    visit = opened("/groepen/ZH-05/eindgesprekken")
    page = visit.page
    for name in ("Wouter Łuczak", "Farid Peters"):
        page.get_by_label(f"Plan {name}").check()
    page.get_by_label("Dag").fill("30-6-2026")
    page.get_by_role("button", name="Bekijk de avond").click()
    expect(page.locator("h1")).to_contain_text("Gesprekken op di 30 juni")
    assert all_faults(visit) == []
    page.get_by_role("button", name="Plan 2 gesprekken en mail").click()
    expect(page.locator("#status")).to_contain_text("2 gesprekken zijn gepland.")
    assert all_faults(visit) == []
