"""The agenda in a real browser: small screens, the keyboard, and an address that is copied."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Lesson, LessonState
from hto_track.services.accounts import actor_by_email
from hto_track.services.calendar_feed import subscribe
from hto_track.services.transaction import writing
from tests.browser.conftest import Look, NewContext, Site
from tests.browser.pages import Visit
from tests.browser.test_keyboard import SMALL_TARGETS

TEACHER, PARTICIPANT = "chaima@hogeschool.example.org", "deelnemer03.zh05@example.org"


def addresses(site: Site, email: str, *cohorts: str | None) -> list[str]:
    """Private addresses of somebody."""
    with site.app.app_context():
        actor = actor_by_email(email)
        assert actor
        made = [subscribe(actor, cohort).address for cohort in cohorts]
        db.session.remove()
        return made


def cancel_a_lesson(site: Site) -> None:
    with site.app.app_context(), writing() as session:
        lesson = session.scalars(
            select(Lesson)
            .join(Cohort, Cohort.id == Lesson.cohort_id)
            .where(Cohort.code == "ZH-05", Lesson.number == 14)
        ).one()
        lesson.state, lesson.cancel_reason = LessonState.CANCELLED, "De docent is ziek"


def test_addresses_and_what_is_off_are_readable_by_all(own_site: Site, check_page: Callable[..., None]) -> None:
    addresses(own_site, TEACHER, None, "ZH-05")
    cancel_a_lesson(own_site)
    check_page("/agenda/abonneren", email=TEACHER, on=own_site)
    check_page("/agenda", email=PARTICIPANT, on=own_site)


@pytest.mark.parametrize("path", ["/agenda", "/agenda/abonneren"])
def test_targets_can_be_hit(path: str, own_site: Site, look: Look) -> None:
    addresses(own_site, PARTICIPANT, None)
    page = look(own_site, path, email=PARTICIPANT, width=320).page
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    assert page.evaluate(SMALL_TARGETS) == []


def test_the_address_is_made_and_copied_by_the_keyboard_alone(own_site: Site, new_context: NewContext) -> None:
    context = new_context(own_site, email=PARTICIPANT, width=390)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=own_site.url)
    page = Visit.to(context, own_site.url + "/agenda").page
    page.get_by_role("link", name="In mijn agenda").press("Enter")
    page.get_by_role("button", name="Maak een privé-adres").press("Enter")
    copy = page.get_by_role("button", name="Kopieer adres")
    copy.focus()
    copy.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Het adres is gekopieerd.")
    (address,) = addresses(own_site, PARTICIPANT, None)
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_everything_is_there_without_scripts(own_site: Site, new_context: NewContext) -> None:
    addresses(own_site, PARTICIPANT, None)
    browser = new_context(own_site, email=PARTICIPANT).browser
    assert browser
    context = browser.new_context(java_script_enabled=False)
    name = own_site.app.config["SESSION_COOKIE_NAME"]
    context.add_cookies([{"name": name, "value": own_site.session_of(PARTICIPANT), "url": own_site.url}])
    try:
        page = context.new_page()
        page.goto(own_site.url + "/agenda/abonneren")
        expect(page.get_by_role("button", name="Kopieer adres")).to_have_count(0)
        before = page.get_by_label("Privé-adres").input_value()
        page.get_by_text("Nieuw adres, of stoppen").click()
        page.get_by_role("button", name="Nieuw adres").click()
        expect(page.get_by_text("Het oude werkt niet meer.", exact=False)).to_be_visible()
        assert page.get_by_label("Privé-adres").input_value() != before
    finally:
        context.close()


def test_this_week_and_today_stand_out(own_site: Site, new_context: NewContext) -> None:
    page = Visit.to(new_context(own_site, email=PARTICIPANT, width=1280), own_site.url + "/agenda").page
    expect(page.get_by_role("region", name="Week 24")).to_contain_text("Deze week")
    expect(page.locator("table.month td.today").first).to_have_text("14")
