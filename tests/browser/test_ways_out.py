"""Trying a way out of a full week by keyboard: the weeks change in place, and the focus is where they changed."""

from playwright.sync_api import expect

from tests.browser.conftest import NewContext, Site

PARTICIPANT = "deelnemer03.zh05@example.org"


def test_who_tries_a_way_out_is_led_to_the_weeks_as_they_would_be(site: Site, new_context: NewContext) -> None:
    page = new_context(site, email=PARTICIPANT, width=390).new_page()
    page.goto(f"{site.url}/vooruit")
    way = page.get_by_role("link", name="Probeer").first
    way.focus()
    page.keyboard.press("Enter")
    heading = page.locator("#weken-h")
    expect(heading).to_have_text("Zo zou het worden")
    expect(heading).to_be_focused()
    expect(heading).to_be_in_viewport()
    page.go_back()
    expect(heading).not_to_have_text("Zo zou het worden")
