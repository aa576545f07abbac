"""Passkeys with Chromium's own virtual authenticator: made, signed in with, and asked for by a role.

By the standard passkeys work under a name alone: the site is reached as localhost here, as its settings make of 127.0.0.1.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Locator, Page, expect
from sqlalchemy import delete, select

from hto_track.extensions import db
from hto_track.models.accounts import Grant, Role, User
from hto_track.models.sign_in import Passkey
from tests.browser.conftest import LANGUAGES, NewContext, Site
from tests.browser.pages import WIDTHS, Visit

WOUTER = "deelnemer01.zh05@example.org"
ASK = "Inloggen met een passkey"


@dataclass
class Device:
    """The virtual authenticator of a page: a phone that knows its owner, unless a test says otherwise."""

    session: CDPSession
    id: str

    @classmethod
    def at(cls, page: Page) -> "Device":
        """Give ``page`` one."""
        session = page.context.new_cdp_session(page)
        session.send("WebAuthn.enable", {"enableUI": False})
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(session, added["authenticatorId"])

    def is_owner(self, value: bool) -> None:
        """Whether the finger on it is its owner's."""
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": value})

    def is_touched(self, value: bool) -> None:
        """Whether it answers at once."""
        self.session.send("WebAuthn.setAutomaticPresenceSimulation", {"authenticatorId": self.id, "enabled": value})

    def passkeys(self) -> list[dict[str, object]]:
        """What it keeps."""
        kept: list[dict[str, object]] = self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return kept


@pytest.fixture
def by_name(own_site: Site) -> Site:
    """A demo of this test alone, reached as localhost."""
    return replace(own_site, url=own_site.url.replace("127.0.0.1", "localhost"))


@pytest.fixture
def visit(by_name: Site, new_context: NewContext) -> Callable[..., Visit]:
    """``visit("/account", WOUTER)``: a page on a phone of someone who is signed in, or of nobody."""

    def to(path: str, email: str | None = None, *, language: str = "nl") -> Visit:
        return Visit.to(new_context(by_name, email=email, language=language, width=390), by_name.url + path)

    return to


def make(page: Page, name: str = "Telefoon") -> None:
    """Make a passkey on the account page."""
    page.get_by_label("Naam van een nieuwe passkey").fill(name)
    page.get_by_role("button", name="Maak een passkey").click()
    expect(page.locator("#status")).to_contain_text("De passkey is gemaakt")


def error_of(page: Page) -> Locator:
    """What is said beside the button, aloud too."""
    return page.locator("[data-passkey-error][role=alert]")


def sign_out(page: Page) -> None:
    """Through the menu."""
    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.locator("#status")).to_contain_text("Je bent uitgelogd")


def all_faults(visit: Visit, language: str = "nl") -> list[str]:
    """What is wrong with the page as it stands now, on every width and in the dark."""
    faults = visit.faults(language)
    for width in WIDTHS:
        faults += visit.faults_at(width)
    visit.page.emulate_media(color_scheme="dark")
    return faults + visit.axe()


def as_installed(site: Site, **settings: object) -> None:
    """Change what the installation chose."""
    changed = replace(site.app.extensions["hto_settings"], **settings)
    site.app.extensions["hto_settings"] = changed


def leader_of(site: Site) -> str:
    """The address of a leader of the demo."""
    with site.app.app_context():
        query = select(User.email).join(Grant, Grant.user_id == User.id).where(Grant.role == Role.PROJECT_LEADER)
        return db.session.scalars(query.order_by(User.id).limit(1)).one()


def test_a_passkey_is_made_and_signs_in(by_name: Site, visit: Callable[..., Visit]) -> None:
    page = visit("/account", WOUTER).page
    device = Device.at(page)
    expect(page.get_by_label("Naam van een nieuwe passkey")).to_have_value("Chrome op Linux")
    make(page)
    expect(page.locator("#passkeys ~ .lines")).to_contain_text("Telefoon")
    (kept,) = device.passkeys()
    assert kept["isResidentCredential"] is True
    assert kept["rpId"] == "localhost"
    assert WOUTER not in str(kept["userHandle"])
    sign_out(page)
    page.goto(f"{by_name.url}/sign-in?next=/uren")
    page.get_by_role("button", name=ASK).click()
    page.wait_for_url(f"{by_name.url}/uren")
    page.goto(f"{by_name.url}/account")
    expect(page.locator("#passkeys ~ .lines")).to_contain_text("laatst gebruikt op")
    expect(page.locator("main")).to_contain_text("met een passkey")


def test_a_passkey_is_among_the_suggestions_of_the_field_for_the_address(
    by_name: Site, visit: Callable[..., Visit]
) -> None:
    as_installed(by_name, offers_roles=False)
    page = visit("/account", WOUTER).page
    Device.at(page)
    make(page)
    page.locator("details.account > summary").click()
    page.get_by_role("button", name="Uitloggen").click()  # the device answers as soon as the sign-in page asks
    page.wait_for_url(f"{by_name.url}/mijn-traject")


def test_the_button_works_while_the_browser_waits_for_a_suggestion(by_name: Site, visit: Callable[..., Visit]) -> None:
    as_installed(by_name, offers_roles=False)
    page = visit("/account", WOUTER).page
    device = Device.at(page)
    make(page)
    device.is_touched(False)
    sign_out(page)
    expect(page.get_by_label("Je e-mailadres")).to_be_visible()
    device.is_touched(True)
    page.get_by_role("button", name=ASK).click()
    page.wait_for_url(f"{by_name.url}/mijn-traject")


def test_a_device_has_one_passkey_of_an_account(visit: Callable[..., Visit]) -> None:
    page = visit("/account", WOUTER).page
    Device.at(page)
    make(page)
    page.get_by_role("button", name="Maak een passkey").click()
    expect(error_of(page)).to_have_text("Dit apparaat heeft al een passkey voor jouw account.")


def test_who_is_not_its_owner_is_told_that_no_passkey_was_used(visit: Callable[..., Visit]) -> None:
    page = visit("/account", WOUTER).page
    device = Device.at(page)
    device.is_owner(False)
    page.get_by_role("button", name="Maak een passkey").click()
    expect(error_of(page)).to_contain_text("Er is geen passkey gebruikt")
    assert device.passkeys() == []


def test_what_the_server_refuses_is_said_beside_the_button(by_name: Site, visit: Callable[..., Visit]) -> None:
    page = visit("/account", WOUTER).page
    Device.at(page)
    page.get_by_label("Naam van een nieuwe passkey").fill("  ")
    page.get_by_role("button", name="Maak een passkey").click()
    expect(error_of(page)).to_have_text("Geef de passkey een naam, bijvoorbeeld: telefoon.")
    make(page)
    with by_name.app.app_context():
        db.session.execute(delete(Passkey))
        db.session.commit()
    sign_out(page)
    page.get_by_role("button", name=ASK).click()
    expect(error_of(page)).to_contain_text("Deze passkey is hier niet (meer) bekend")


def test_a_role_waits_for_a_passkey_and_is_there_after_it(by_name: Site, visit: Callable[..., Visit]) -> None:
    as_installed(by_name, passkey_roles=frozenset({Role.PROJECT_LEADER}))
    leader = leader_of(by_name)
    page = visit("/", leader).page
    Device.at(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiervoor is een passkey nodig")
    answer = page.goto(f"{by_name.url}/groepen")
    assert answer is not None and answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiervoor is een passkey nodig")
    page.get_by_role("link", name="Maak een passkey").click()
    make(page)
    page.wait_for_url(f"{by_name.url}/groepen")
    sign_out(page)
    page.locator(f"button[value='{leader}']").first.click()  # in the demo without any proof
    expect(page.get_by_role("heading", level=1)).to_have_text("Hiervoor is een passkey nodig")
    page.get_by_role("button", name=ASK).click()
    page.wait_for_url(f"{by_name.url}/groepen")


def test_where_passkeys_cannot_work_the_page_leads_to_where_they_do(
    own_site: Site, by_name: Site, new_context: NewContext
) -> None:
    page = Visit.to(new_context(own_site, email=WOUTER), f"{own_site.url}/account").page
    expect(page.get_by_role("link", name=f"{by_name.url}/account")).to_be_visible()
    expect(page.get_by_role("button", name="Maak een passkey")).to_be_hidden()
    page.goto(f"{own_site.url}/sign-in")
    expect(page.get_by_role("button", name=ASK)).to_be_hidden()


def test_a_browser_without_passkeys_says_so_and_hides_the_buttons(by_name: Site, new_context: NewContext) -> None:
    context = new_context(by_name, email=WOUTER)
    context.add_init_script("delete window.PublicKeyCredential")
    page = Visit.to(context, f"{by_name.url}/account").page
    expect(page.locator("[data-passkey-missing]")).to_be_visible()
    expect(page.get_by_role("button", name="Maak een passkey")).to_be_hidden()
    page.goto(f"{by_name.url}/sign-in")
    expect(page.get_by_role("button", name=ASK)).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_with_passkeys_are_readable_by_all(by_name: Site, visit: Callable[..., Visit], language: str) -> None:
    as_installed(by_name, offers_roles=False, passkey_roles=frozenset({Role.PROJECT_LEADER}))
    asking = visit("/sign-in", language=language)
    expect(asking.page.locator("[data-passkey]")).to_be_visible()
    assert all_faults(asking, language) == []
    leader = leader_of(by_name)
    assert all_faults(visit("/", leader, language=language), language) == []
    account = visit("/account", leader, language=language)
    Device.at(account.page)
    account.page.locator("[data-passkey] button").click()
    account.page.wait_for_url(f"{by_name.url}/groepen")
    account.page.goto(f"{by_name.url}/account")
    account.page.locator("#passkeys ~ .lines summary").click()
    expect(account.page.locator("[data-passkey]")).to_be_visible()
    assert all_faults(account, language) == []
    waiting = visit("/", leader, language=language)
    expect(waiting.page.locator("[data-passkey]")).to_be_visible()
    assert all_faults(waiting, language) == []


def test_without_script_the_forms_stay_hidden(by_name: Site, new_context: NewContext) -> None:
    name = by_name.app.config["SESSION_COOKIE_NAME"]
    browser = new_context(by_name).browser
    assert browser is not None
    context: BrowserContext = browser.new_context(java_script_enabled=False, locale="nl")
    context.add_cookies([{"name": name, "value": by_name.session_of(WOUTER), "url": by_name.url}])
    page = context.new_page()
    page.goto(f"{by_name.url}/account")
    expect(page.get_by_role("heading", name="Passkeys")).to_be_visible()
    expect(page.get_by_role("button", name="Maak een passkey")).to_be_hidden()
    context.close()
