"""Pages under the keyboard and the thumb: focus in sight and in order, targets one can hit, parts that change in place."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Look, Site

LEADER = "projectleider@example.org"
PARTICIPANT = "deelnemer03.zh05@example.org"
PAGES = [
    (LEADER, "/groepen"),
    (LEADER, "/groepen/ZH-05"),
    (LEADER, "/deelnemers/ZH05-03"),
    (PARTICIPANT, "/mijn-traject"),
]
SMALLEST = 43.5
"""A target of 44 px, with what a browser rounds away."""

FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const shown = at.matches(".chips input") ? at.nextElementSibling : at;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 20));
  return {
    what: at.outerHTML.slice(0, 100),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    covered: !(seen && (shown.contains(seen) || seen.contains(shown))),
    inBar: !!at.closest(".bar"),
    skip: at.classList.contains("skip"),
    left: box.left, top: box.top + window.scrollY, bottom: box.bottom + window.scrollY,
  };
}"""

SMALL_TARGETS = f"""() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
  .filter((target) => target.offsetParent && !target.classList.contains("skip"))
  .filter((target) => !target.closest("p"))  // a link in a sentence
  .map((target) => [target, target.getBoundingClientRect()])
  .filter(([, box]) => box.height < {SMALLEST} || box.width < {SMALLEST})
  .map(([target, box]) => `${{target.outerHTML.slice(0, 80)}} ${{box.width}} x ${{box.height}}`)"""


def _walk(page: Page) -> list[dict[str, Any]]:
    """Where Tab leads, until it leaves the page."""
    stops: list[dict[str, Any]] = []
    for _ in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or (stops and stop["what"] == stops[0]["what"] and stop["top"] == stops[0]["top"]):
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize(("email", "path"), PAGES)
def test_focus_is_always_in_sight(site: Site, look: Look, email: str, path: str, width: int) -> None:
    page = look(site, path, email=email, width=width).page
    stops = _walk(page)
    assert len(stops) > 5
    assert [stop["what"] for stop in stops if not stop["outlined"]] == []
    assert [stop["what"] for stop in stops if stop["covered"]] == []


@pytest.mark.parametrize(("email", "path"), PAGES)
def test_on_a_phone_focus_goes_from_top_to_bottom(site: Site, look: Look, email: str, path: str) -> None:
    page = look(site, path, email=email, width=390).page
    stops = [stop for stop in _walk(page) if not stop["inBar"] and not stop["skip"]]
    before = stops[0]
    for stop in stops[1:]:
        assert stop["bottom"] > before["top"], f"{stop['what']} lies above {before['what']}"
        before = stop


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize(("email", "path"), [(None, "/sign-in"), *PAGES])
def test_targets_can_be_hit(site: Site, look: Look, email: str | None, path: str, width: int) -> None:
    page = look(site, path, email=email, width=width).page
    assert page.evaluate(SMALL_TARGETS) == []


def test_the_skip_link_leads_to_the_content(site: Site, look: Look) -> None:
    page = look(site, "/groepen", email=LEADER, width=1280).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_a_filter_changes_the_board_in_place_keeps_the_focus_and_is_said(site: Site, look: Look) -> None:
    page = look(site, "/groepen/ZH-05", email=LEADER, width=1280).page
    page.evaluate("window.stillHere = true")
    page.focus("#stat-now")
    page.keyboard.press("Enter")
    page.wait_for_selector("#stat-now[aria-current]")
    page.wait_for_function("document.activeElement.id === 'stat-now'")
    assert page.evaluate("window.stillHere") is True
    assert page.url.endswith("?show=now")
    assert page.locator(".board .who").count() == int(page.inner_text("#stat-now b"))
    page.wait_for_function("document.getElementById('status').textContent.includes('deelnemers getoond')")
    page.go_back()
    page.wait_for_selector("#stat-all[aria-current]")
    assert page.locator(".board .who").count() == 15


def test_the_account_menu_closes_with_escape(site: Site, look: Look) -> None:
    page = look(site, "/groepen", email=LEADER, width=390).page
    page.click(".account summary")
    assert page.locator(".account-panel").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert not page.locator(".account-panel").is_visible()
    assert page.evaluate("document.activeElement.matches('.account summary')")


@pytest.mark.parametrize(("email", "path"), PAGES)
def test_twice_as_large_text_fits_a_phone(site: Site, look: Look, email: str, path: str) -> None:
    page = look(site, path, email=email, width=640).page
    page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
