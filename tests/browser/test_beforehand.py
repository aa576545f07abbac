"""Past dit in mijn leven?, in a real browser on a phone: two numbers typed, the answer there; and readable by all."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import NewContext, Site
from tests.browser.pages import Visit

PAGE = "/past-dit/ZH-06"
MOST_DONE = 7
"""What somebody does at most: four digits and three taps, which at a second and a half each leave room to read."""


def test_40_hours_of_work_and_10_of_room_are_answered_after_seven_keys_and_taps(
    site: Site, new_context: NewContext
) -> None:
    visit = Visit.to(new_context(site, width=390), f"{site.url}/sign-in")
    page, done = visit.page, 0
    for name in ("Kijk of het in je leven past", "Groep ZH-06"):
        page.get_by_role("link", name=name).click()
        done += 1
    for label, hours in (("Uren werk per week", "40"), ("Uren voor de studie per week", "10")):
        page.get_by_label(label).focus()
        page.keyboard.type(hours)
        done += len(hours)
    page.get_by_role("button", name="Kijk of het past").click()
    done += 1
    answer = page.locator("#antwoord-h")
    expect(
        page.locator("#antwoord").get_by_text("Met 40\u00a0uur werk en 10\u00a0uur voor de studie per week")
    ).to_be_visible()
    expect(answer).to_contain_text("Past")
    expect(answer).to_be_in_viewport()
    assert done <= MOST_DONE
    assert visit.faults("nl") == []


def test_the_answer_follows_while_typing_and_the_focus_stays(site: Site, new_context: NewContext) -> None:
    visit = Visit.to(new_context(site, width=390), f"{site.url}{PAGE}?werk=40&ruimte=10")
    page = visit.page
    room = page.get_by_label("Uren voor de studie per week")
    room.focus()
    page.keyboard.type("20")
    expect(page.locator("#antwoord-h")).to_contain_text("Past: in alle")
    expect(room).to_be_focused()
    expect(page.locator("#status")).to_contain_text("20\u00a0uur voor de studie")
    assert "ruimte=20" in page.url
    page.keyboard.type("x")
    expect(page.get_by_role("alert")).to_contain_text("Vul in hoeveel uur")
    expect(room).to_be_focused()


def test_the_page_and_that_for_an_employer_are_readable_by_all(check_page: Callable[..., None]) -> None:
    check_page(f"{PAGE}?werk=40&ruimte=10")
    check_page(f"{PAGE}/werkgever?werk=40&ruimte=10")


def test_the_form_with_a_mistake_is_readable_by_all(check_page: Callable[..., None]) -> None:
    check_page(f"{PAGE}?werk=veel&reis=ver")


def test_what_is_asked_afterwards_is_readable_by_all(check_page: Callable[..., None]) -> None:
    check_page("/ruimte?werk=40&ruimte=6&vrij=0&reis=30", email="deelnemer01.zh05@example.org")
