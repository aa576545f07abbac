"""Planning in a real browser: dragging with mouse and finger, the arrow keys, clicks counted, and no script at all."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson
from tests.browser.conftest import Look, NewContext, Site
from tests.browser.pages import WIDTHS, Visit

LEADER = "projectleider@example.org"
YEAR = "/groepen/ZH-05/planning"
TUESDAY, WEDNESDAY, NEXT_WEEK = date(2026, 9, 8), date(2026, 9, 9), date(2026, 9, 16)
"""Lesson 20 is on that Tuesday; the Wednesday is its neighbour."""
CHIP = "[data-lesson='20']"
COUNTING = "addEventListener('click', (event) => { if (event.isTrusted) window.clicked(); }, true);"

Opened = Callable[..., Visit]


@pytest.fixture
def opened(own_site: Site, new_context: NewContext) -> Opened:
    """A page of a demo of this test alone, as its project leader."""

    def open_page(path: str = YEAR, *, width: int = 1280, language: str = "nl") -> Visit:
        return Visit.to(new_context(own_site, email=LEADER, width=width, language=language), own_site.url + path)

    return open_page


def lesson_20(site: Site) -> date:
    """When lesson 20 of ZH-05 is, as stored."""
    with site.app.app_context():
        query = select(Lesson.held_on).join(Cohort).where(Cohort.code == "ZH-05", Lesson.number == 20)
        return db.session.scalars(query).one()


def centre(page: Page, selector: str) -> tuple[float, float]:
    """Where to put the mouse; the element is scrolled into sight first."""
    page.locator(selector).scroll_into_view_if_needed()
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, day: date) -> None:
    """Drag lesson 20 to a day of the same month."""
    to_x, to_y = centre(page, f"[data-day='{day}']")
    x, y = centre(page, CHIP)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 5):
        page.mouse.move(x + (to_x - x) * step / 4, y + (to_y - y) * step / 4)
    expect(page.locator(f"[data-day='{day}']")).to_have_class("aim")
    page.mouse.up()


def all_faults(visit: Visit, language: str = "nl") -> list[str]:
    """What is wrong with the page as it stands now, on every width."""
    return [*visit.faults(language), *(fault for width in WIDTHS for fault in visit.faults_at(width))]


def test_a_dragged_lesson_shows_what_it_would_mean_and_one_more_click_stores_it(own_site: Site, opened: Opened) -> None:
    page = opened().page
    drag(page, WEDNESDAY)
    page.wait_for_url("**/planning/les/20?op=2026-09-09&van=18%3A30&tot=21%3A30")
    assert lesson_20(own_site) == TUESDAY
    page.get_by_role("button", name="Verplaats les 20 naar wo 9 september").click()
    expect(page.locator("#status")).to_contain_text("Les 20 staat nu op wo 9 september")
    assert lesson_20(own_site) == WEDNESDAY
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.locator("#status")).to_contain_text("Les 20 staat nu op di 8 september")
    assert lesson_20(own_site) == TUESDAY


def test_dropped_where_it_was_or_outside_it_stays_and_nothing_opens(own_site: Site, opened: Opened) -> None:
    page = opened().page
    page.evaluate("window.stillHere = true")
    x, y = centre(page, CHIP)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 12, y)
    page.mouse.move(5, 5)
    page.mouse.up()
    expect(page.locator(".ghost")).to_have_count(0)
    expect(page.locator(".aim")).to_have_count(0)
    assert page.evaluate("window.stillHere") is True
    assert page.url.endswith(YEAR)


def test_a_finger_drags_too(own_site: Site, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 900}, has_touch=True, is_mobile=True, locale="nl")
    name = own_site.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": own_site.session_of(LEADER), "url": own_site.url}])
    try:
        page = context.new_page()
        page.goto(own_site.url + YEAR)
        x, y = centre(page, CHIP)
        to_x, to_y = centre(page, f"[data-day='{WEDNESDAY}']")
        x, y = centre(page, CHIP)
        finger = context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": px, "y": py} for px, py in points]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

        touch("touchStart", (x, y))
        for step in range(1, 5):
            touch("touchMove", (x + (to_x - x) * step / 4, y + (to_y - y) * step / 4))
        touch("touchEnd")
        page.wait_for_url("**/planning/les/20?op=2026-09-09**")
    finally:
        context.close()


def test_with_the_keyboard_alone_the_arrows_choose_the_day(own_site: Site, opened: Opened) -> None:
    page = opened().page
    page.focus(CHIP)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#status")).to_have_text("Naar wo 9 september")
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"[data-day='{NEXT_WEEK}']")).to_have_class("aim")
    expect(page.locator("#status")).to_have_text("Naar wo 16 september")
    page.keyboard.press("Enter")
    page.wait_for_url("**/planning/les/20?op=2026-09-16**")
    page.get_by_role("button", name="Verplaats les 20 naar wo 16 september").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Les 20 staat nu op wo 16 september")
    assert lesson_20(own_site) == NEXT_WEEK


def test_escape_gives_up_and_enter_then_opens_the_lesson_as_it_is(opened: Opened) -> None:
    page = opened().page
    page.focus(CHIP)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    expect(page.locator("#status")).to_have_text("De les blijft waar hij staat.")
    expect(page.locator(".aim")).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url("**/planning/les/20")


def test_the_arrows_cross_the_border_of_a_month(opened: Opened) -> None:
    page = opened().page
    page.focus("[data-lesson='19']")  # 1 September
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-day='2026-08-31']")).to_have_class("aim")


def test_moving_a_lesson_takes_three_clicks(own_site: Site, opened: Opened) -> None:
    """Open the lesson, see what the typed date means, store it."""
    visit = opened()
    page, clicks = visit.page, []
    page.expose_function("clicked", lambda: clicks.append(page.url))
    page.add_init_script(COUNTING)
    page.reload()
    page.click(CHIP)
    page.wait_for_url("**/planning/les/20")
    page.fill("#f-op", "9-9")
    page.get_by_role("button", name="Bekijk wat het betekent").click()
    page.wait_for_url("**/planning/les/20?op=9-9**")
    page.get_by_role("button", name="Verplaats les 20 naar wo 9 september").click()
    page.wait_for_url(f"**{YEAR}")
    assert lesson_20(own_site) == WEDNESDAY
    assert len(clicks) == 3


@pytest.mark.parametrize("width", WIDTHS)
def test_without_script_a_lesson_is_moved_by_its_form(own_site: Site, chromium: Browser, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False, locale="nl")
    name = own_site.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": own_site.session_of(LEADER), "url": own_site.url}])
    try:
        page = context.new_page()
        page.goto(own_site.url + YEAR)
        expect(page.locator("#planning-how")).to_be_hidden()
        page.click(CHIP)
        page.fill("#f-op", "9 september")
        page.click("text=Bekijk wat het betekent")
        page.click("text=Verplaats les 20 naar wo 9 september")
        assert "Les 20 staat nu op wo 9 september" in page.inner_text("#status")
        assert lesson_20(own_site) == WEDNESDAY
    finally:
        context.close()


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "asked",
    [
        "/les/20?op=2026-09-09&van=18:30&tot=21:30",
        "/les/20?op=2026-08-05&van=18:30&tot=21:30",
        "/les/20?op=2026-12-25&van=18:30&tot=21:30",
        "/les/20?op=2027-03-01&van=18:30&tot=21:30",
        "/les/20?op=2026-09-15&van=18:30&tot=21:30",
        "/les/20?op=morgen&van=&tot=21:30",
        "/les/23",
        "/nieuw?op=2026-09-09&van=18:30&tot=21:30",
    ],
)
def test_every_preview_is_readable_by_all(site: Site, look: Look, asked: str, language: str) -> None:
    visit = look(site, YEAR + asked, email=LEADER, language=language)
    assert all_faults(visit, language) == []


def test_while_dragging_and_after_storing_the_year_is_readable_by_all(opened: Opened) -> None:
    visit = opened()
    visit.page.focus(CHIP)
    visit.page.keyboard.press("ArrowRight")
    expect(visit.page.locator(".aim")).to_have_count(1)
    assert all_faults(visit) == []


def test_chips_can_be_hit_on_the_smallest_phone(site: Site, look: Look) -> None:
    page = look(site, YEAR, email=LEADER, width=320).page
    sizes = page.evaluate(
        "[...document.querySelectorAll('a.les')].map((chip) => chip.getBoundingClientRect())"
        ".map((box) => [box.width, box.height])"
    )
    assert len(sizes) == 34
    assert min(min(size) for size in sizes) >= 32
