"""Pasting in a real browser: look, mend, save and undo by keyboard alone, on a small phone, and without script."""

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.lessons import Attendance, Lesson
from hto_track.models.participants import Participant
from hto_track.rules.facts import Mark
from tests.browser.conftest import Look, NewContext, Site
from tests.browser.pages import WIDER_THAN_THE_WINDOW, WIDTHS, Visit
from tests.browser.test_keyboard import SMALL_TARGETS

TEACHER = "chaima@hogeschool.example.org"
MARKS, RESULTS = "/groepen/ZH-05/aanwezigheid/plakken", "/groepen/ZH-05/resultaten/plakken"
LOOK = "Kijk wat er verandert"
WRONG = "code\tLes 14\tdi 9 juni\nZH05-01\tafgemeld\tziek\nZH04-01\t\tx\nZH05-03\taanwezig\t\n"
MENDED = "code\tLes 14\tdi 9 juni\nZH05-01\tafgemeld\tte laat\nZH05-03\tafgemeld\t\n"


def marks(site: Site, code: str) -> dict[int, Mark]:
    """What is stored of somebody at lessons 13 and 14, by number."""
    with site.app.app_context():
        query = (
            select(Lesson.number, Attendance.mark)
            .join(Attendance, Attendance.lesson_id == Lesson.id)
            .join(Participant, Participant.id == Attendance.participant_id)
            .where(Participant.code == code, Lesson.number.in_([13, 14]))
        )
        return {number: mark for number, mark in db.session.execute(query)}


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim() || document.activeElement.name") == name:
            return
    raise AssertionError(f"Tab never comes to {name!r}")


def go(page: Page) -> None:
    """Press Enter on what leads to another page, and wait until it is there."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_looked_at_mended_saved_and_undone_by_keyboard_alone(own_site: Site, new_context: NewContext) -> None:
    before = marks(own_site, "ZH05-01")
    page = Visit.to(new_context(own_site, email=TEACHER), own_site.url + "/groepen/ZH-05/lessen").page
    tab_to(page, "Plakken uit een spreadsheet, of de lijst meenemen")
    go(page)
    tab_to(page, "text")
    page.keyboard.insert_text(WRONG)
    tab_to(page, LOOK)
    go(page)
    # The summary has the focus, and its first line leads to the cell.
    expect(page.locator("#fouten")).to_be_focused()
    expect(page.locator("#fouten li")).to_have_count(3)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#c-2-1")).to_be_in_viewport()
    expect(page.locator("#c-2-1")).to_contain_text("Gebruik aanwezig, te laat")
    expect(page.get_by_role("button", name="Sla ")).to_have_count(0)
    tab_to(page, "text")
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(MENDED)
    tab_to(page, LOOK)
    go(page)
    expect(page.locator("#c-2-1")).to_contain_text("Te laat")
    assert marks(own_site, "ZH05-01") == before
    tab_to(page, "Sla 3 op")
    go(page)
    expect(page.locator(".flash.done")).to_contain_text("Opgeslagen: 2 nieuw, 1 veranderd.")
    assert marks(own_site, "ZH05-01") == {13: Mark.LATE, 14: Mark.EXCUSED}
    tab_to(page, "Ongedaan maken")
    go(page)
    expect(page.locator(".flash.done")).to_contain_text("3 cellen zijn weer zoals ze waren.")
    assert marks(own_site, "ZH05-01") == before


@pytest.mark.parametrize(
    ("address", "text"),
    [(MARKS, WRONG), (MARKS, MENDED), (RESULTS, "naam;A1;A4\nZH05-01;v;v\nZH05-02;o;\nNiemand;v;")],
)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_preview_is_readable_by_all(site: Site, look: Look, language: str, address: str, text: str) -> None:
    visit = look(site, address, email=TEACHER, language=language)
    visit.page.locator("#f-text").fill(text)
    visit.page.locator("main form button.btn").click()
    expect(visit.page.locator("table.pasted")).to_be_visible()
    found = [fault for width in WIDTHS for fault in visit.faults_at(width)]
    visit.page.set_viewport_size({"width": 320, "height": 900})
    found += visit.page.evaluate(SMALL_TARGETS)
    visit.page.emulate_media(color_scheme="dark")
    assert found + visit.axe() == []
    assert (
        visit.page.locator("main .btn:not(.quiet)").evaluate_all(
            "all => all.filter(one => one.checkVisibility()).length"
        )
        == 1
    )


def test_a_wide_table_scrolls_within_its_card_and_keeps_the_names_in_sight(site: Site, look: Look) -> None:
    page = look(site, MARKS, email=TEACHER).page
    page.locator("#f-text").fill(
        "code\t" + "\t".join(f"les {number}" for number in range(1, 14)) + "\nZH05-01" + "\tx" * 13
    )
    page.get_by_role("button", name=LOOK).click()
    assert page.evaluate(WIDER_THAN_THE_WINDOW) == []
    region = page.get_by_role("region", name="De tabel, cel voor cel")
    region.focus()
    for _ in range(60):
        page.keyboard.press("ArrowRight")
    expect(page.locator("#c-2-12")).to_be_in_viewport()
    expect(page.locator("#r-2")).to_be_in_viewport()


def test_a_list_is_taken_along_and_brought_back(own_site: Site, new_context: NewContext) -> None:
    page = Visit.to(new_context(own_site, email=TEACHER), own_site.url + MARKS).page
    with page.expect_download() as taken:
        page.get_by_role("link", name="Aanwezigheid als werkmap (.xlsx)").click()
    assert taken.value.suggested_filename == "ZH-05-aanwezigheid.xlsx"
    page.locator("#f-file").set_input_files(taken.value.path().rename(taken.value.path().with_suffix(".xlsx")))
    page.get_by_role("button", name=LOOK).click()
    expect(page.get_by_text("Alles staat er al zo.")).to_be_visible()
    expect(page.locator(".pasted .tag")).to_have_count(0)


def test_without_script(own_site: Site, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 320, "height": 700})
    name = own_site.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": own_site.session_of(TEACHER), "url": own_site.url}])
    page = context.new_page()
    page.goto(own_site.url + MARKS)
    page.locator("#f-text").fill(MENDED)
    page.get_by_role("button", name=LOOK).click()
    page.get_by_text("De tabel aanpassen").click()
    expect(page.locator("#f-text")).to_have_value(MENDED)
    page.get_by_role("button", name="Sla 3 op").click()
    expect(page.locator(".flash.done")).to_contain_text("Opgeslagen: 2 nieuw, 1 veranderd.")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator(".flash.done")).to_contain_text("3 cellen zijn weer zoals ze waren.")
    context.close()
