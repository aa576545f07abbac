"""At most one filled button in sight: on a phone the bar at the bottom has one too."""

import pytest

from tests.browser.conftest import Look, Site

PARTICIPANT = "deelnemer01.zh05@example.org"
FILLED = """() => [...document.querySelectorAll(".btn")]
  .filter((button) => button.checkVisibility() && getComputedStyle(button).backgroundColor !== "rgba(0, 0, 0, 0)")
  .map((button) => button.innerText.trim())"""


@pytest.mark.parametrize(
    ("path", "filled"),
    [
        ("/mijn-traject", "Uren loggen"),
        ("/uren", "Uren loggen"),
        ("/wie-ziet-wat", "Deel mijn belasting"),
        ("/mijn-gegevens", "Download de pdf"),
    ],
)
def test_the_button_of_the_bar_is_quiet_where_the_page_has_one_of_its_own(
    site: Site, look: Look, path: str, filled: str
) -> None:
    page = look(site, path, email=PARTICIPANT, width=390).page
    assert page.locator(".bar .btn").is_visible()
    assert page.evaluate(FILLED) == [filled]
