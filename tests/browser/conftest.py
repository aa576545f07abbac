"""A real Chromium before a real server of the example cohorts, on this machine and nowhere else."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from hto_track.config import CollegeProvider
from hto_track.extensions import db
from hto_track.languages import COOKIE
from hto_track.models.accounts import User
from hto_track.web.access import TOKEN
from tests.applications import Application
from tests.browser.pages import HEIGHT, WIDTHS, Visit
from tests.conftest import fill_demo, settings_for
from tests.databases import SqliteFiles
from tests.sign_in import begin_session

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--renderer-process-limit=1",  # of each context: another for each tab costs more than most tests
]
LANGUAGES = ("nl", "en")

ColorScheme = Literal["light", "dark"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Site:
    """The running demo: its address, and its application for what a test must look up."""

    url: str
    app: Flask

    def session_of(self, email: str) -> str:
        """The session cookie of someone who has signed in."""
        with self.app.app_context():
            user_id = db.session.scalars(select(User.id).where(User.email == email)).one()
            token = begin_session(user_id)
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps({TOKEN: token}))

    def answers(self, path: str, email: str | None) -> TestResponse:
        """What someone gets at a path, without a browser."""
        client = self.app.test_client()
        if email is not None:
            client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.session_of(email))
        response = client.get(path, follow_redirects=True)
        assert response.status_code == 200, f"{path} answers {response.status_code} to {email}"
        return response


@contextmanager
def serving(app_at: Callable[[str], Flask]) -> Iterator[Site]:
    """The application that ``app_at`` makes for an address, served there while the block runs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = app_at(address)
        server = make_server("127.0.0.1", 0, app, threaded=True, fd=listener.fileno())
        often = {"poll_interval": 0.05}  # how often it looks whether to stop: by itself twice a second
        thread = threading.Thread(target=server.serve_forever, kwargs=often, name="site")
        thread.start()
        try:
            yield Site(address, app)
        finally:
            server.shutdown()
            thread.join()


def _demo_at(address: str, url: str) -> Application:
    # With every way to sign in, so that each is looked at. Nobody goes to the college here.
    college = CollegeProvider(issuer="https://college.example", client_id="us", client_secret="none", name="De Maas")
    ways = replace(settings_for(url), offers_roles=True, passwords=True, college_provider=college)
    return Application(replace(ways, base_url=address))


@contextmanager
def _demo(sqlite: SqliteFiles) -> Iterator[tuple[Site, Application]]:
    url, made = sqlite.copy_of("demo", fill_demo), list[Application]()

    def app_at(address: str) -> Flask:
        made.append(_demo_at(address, url))
        return made[0].app

    with serving(app_at) as site:
        yield site, made[0]
    made[0].close()
    sqlite.drop(url)


@pytest.fixture(scope="session")
def site(sqlite: SqliteFiles) -> Iterator[Site]:
    """The demo with the example cohorts, running; tests that write use ``own_site``."""
    with _demo(sqlite) as (site, _application):
        yield site


@pytest.fixture(scope="session")
def lent_site(sqlite: SqliteFiles) -> Iterator[tuple[Site, Application]]:
    """Another one, running, for one test after another."""
    with _demo(sqlite) as lent:
        yield lent


@pytest.fixture
def own_site(lent_site: tuple[Site, Application], sqlite: SqliteFiles) -> Iterator[Site]:
    """A demo of this test alone, to write in: a database of its own, in an application as the factory left it."""
    site, application = lent_site
    url = sqlite.copy_of("demo", fill_demo)
    application.open(url)
    yield site
    application.close()
    sqlite.drop(url)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    executable = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if executable is None:
        raise FileNotFoundError("The browser tests need Chromium: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


NewContext = Callable[..., BrowserContext]


def _context(chromium: Browser, language: str, color_scheme: ColorScheme, width: int) -> BrowserContext:
    return chromium.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale=language,
        timezone_id="Europe/Amsterdam",
        color_scheme=color_scheme,
        reduced_motion="reduce",
    )


def _enter(context: BrowserContext, site: Site, email: str | None, language: str) -> None:
    """Be someone, signed in or not, who reads a language."""
    cookies = [{"name": COOKIE, "value": language, "url": site.url}]
    if email is not None:
        name = site.app.config["SESSION_COOKIE_NAME"]
        cookies.append({"name": name, "value": site.session_of(email), "url": site.url})
    context.add_cookies(cookies)  # type: ignore[arg-type]


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[NewContext]:
    """``new_context(site, email=…, language="nl", color_scheme="light")``: a browser of someone, signed in or not."""
    with ExitStack() as stack:

        def made(
            site: Site,
            *,
            email: str | None = None,
            language: str = "nl",
            color_scheme: ColorScheme = "light",
            width: int = WIDTHS[0],
        ) -> BrowserContext:
            context = _context(chromium, language, color_scheme, width)
            stack.callback(context.close)
            _enter(context, site, email, language)
            return context

        yield made


Look = Callable[..., Visit]


@pytest.fixture(scope="session")
def tabs(chromium: Browser) -> Iterator[dict[str, Visit]]:
    """A tab for each language that opens page after page: its start costs more than most that is asked of a page."""
    contexts = {language: _context(chromium, language, "light", WIDTHS[0]) for language in LANGUAGES}
    yield {language: Visit.prepared(context) for language, context in contexts.items()}
    for context in contexts.values():
        context.close()


@pytest.fixture
def look(tabs: dict[str, Visit]) -> Look:
    """``look(site, "/groepen", email=…, language="nl", width=320)``: the page, in a tab where others were before.

    For who looks at a page and goes. What the browser must keep or forget, or is told beforehand, asks for ``new_context``.
    """

    def looked(on: Site, path: str, *, email: str | None = None, language: str = "nl", width: int = WIDTHS[0]) -> Visit:
        visit = tabs[language]
        visit.page.context.clear_cookies()
        _enter(visit.page.context, on, email, language)
        visit.go_anew(on.url + path, width)
        return visit

    return looked


@pytest.fixture
def check_page(site: Site, look: Look) -> Callable[..., None]:
    """``check_page("/groepen/ZH-05", email=…)`` asserts all that ``pages.py`` asks of a page.

    In both languages on every width, and its colours once more in the dark; on ``site``, or on another one that is given.
    In English axe leaves out the width between the others: what is laid out changes between 390 and 1280 alone.
    """

    def check(path: str, *, email: str | None = None, on: Site = site) -> None:
        dutch = look(on, path, email=email)
        found = [f"nl {fault}" for fault in dutch.faults("nl")]
        for width in WIDTHS:
            found += [f"nl {fault}" for fault in dutch.faults_at(width)]
        found += dutch.axe_in_the_dark()
        english = look(on, path, email=email, language="en")
        found += [f"en {fault}" for fault in english.faults("en")]
        for width in WIDTHS:
            faults_at = english.overflow_at if width in WIDTHS[1:-1] else english.faults_at
            found += [f"en {fault}" for fault in faults_at(width)]
        assert not found, f"{path}\n" + "\n".join(found)

    return check
