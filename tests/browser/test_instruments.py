"""That the instruments of this folder see what they are there to see: a page with every fault, and one without."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext

from tests.browser.conftest import Look, Site, serving
from tests.browser.pages import Visit

SOUND = """<!doctype html><html lang="nl"><head><title>Groep 5</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1>Groep 5</h1><p>Alles goed.</p></main></body></html>"""

FAULTY = """<!doctype html><html lang="en"><head><title>Home</title>
<meta name="viewport" content="width=device-width"></head>
<body><main><h1 id="a">Groep 5</h1><h1 id="a">Groep 6</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<table><tr><td>{wide}</td></tr></table></main><script>console.log(1)</script></body></html>"""


@pytest.fixture
def bare_site() -> Iterator[Site]:
    """A server of two pages, under a strict policy."""
    app = Flask("bare")
    pages = {"sound": SOUND, "faulty": FAULTY.format(wide="breed" * 200)}

    @app.get("/<name>")
    def page(name: str) -> tuple[str, dict[str, str]]:
        return pages.get(name, ""), {"Content-Security-Policy": "default-src 'none'"}

    with serving(lambda _address: app) as site:
        yield site


def test_a_sound_page_has_no_faults(bare_site: Site, new_context: Callable[..., BrowserContext]) -> None:
    visit = Visit.to(new_context(bare_site), f"{bare_site.url}/sound")
    assert visit.faults("nl") == []
    assert visit.faults_at(320) == []


def test_each_fault_of_a_faulty_page_is_seen(bare_site: Site, new_context: Callable[..., BrowserContext]) -> None:
    visit = Visit.to(new_context(bare_site), f"{bare_site.url}/faulty")
    faults = "\n".join(visit.faults("nl") + visit.faults_at(320))
    for sign in (
        "lang is 'en'",
        "h1: ['Groep 5', 'Groep 6']",
        "'a' is there twice",
        "script-src",
        "at 320: ",
        "image-alt",
    ):
        assert sign in faults


def test_a_tab_brings_nothing_of_one_page_to_the_next(bare_site: Site, look: Look) -> None:
    faulty = look(bare_site, "/faulty", width=1280)
    assert "script-src" in "\n".join(faulty.faults("nl"))
    faulty.axe_in_the_dark()
    sound = look(bare_site, "/sound")
    assert sound.faults("nl") + sound.faults_at(320) == []
    assert sound.page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [320, False]
