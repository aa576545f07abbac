"""What every page must hold in a real browser: readable by all, on every width, in both languages, and in silence."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
WIDTHS = (320, 390, 1280)
HEIGHT = 900
LEFT_BEHIND = "net::ERR_ABORTED"
"""What Chromium says of a request when its page is left before the answer came: no fault of the page."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

COLOUR_RULES = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""All that can differ in the dark: app.css gives :root other colours there, and nothing else."""

# Without preload: axe would fetch style sheets itself, which the page's own policy forbids.
RUN_AXE = "(only) => axe.run(document, {runOnly: only, preload: false, resultTypes: ['violations']})"

NOTE_VIOLATIONS = """
window.policyViolations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.policyViolations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
"""

FACTS = """() => ({
  lang: document.documentElement.lang,
  title: document.title,
  headings: [...document.querySelectorAll("h1")].map((heading) => heading.innerText.replace(/\\s+/g, " ").trim()),
  twice: [...document.querySelectorAll("[id]")].map((element) => element.id)
    .filter((id, at, ids) => ids.indexOf(id) !== at),
  violations: window.policyViolations,
})"""

WIDER_THAN_THE_WINDOW = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  const tooWide = [...document.querySelectorAll("body *")]
    .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 0.5);
  const shown = tooWide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
  return [`${root.scrollWidth} > ${root.clientWidth}`, ...shown];
}"""


@dataclass
class Visit:
    """A page opened in a context, and what it complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def to(cls, context: BrowserContext, url: str) -> "Visit":
        """Open ``url``; its errors are gathered from before its first script."""
        visit = cls.prepared(context)
        visit._go(url)
        return visit

    @classmethod
    def prepared(cls, context: BrowserContext) -> "Visit":
        """A tab that has opened nothing yet: axe will be in whatever it opens, and errors are gathered."""
        page = context.new_page()
        page.add_init_script(NOTE_VIOLATIONS)
        page.add_init_script(path=AXE)  # comes in beside the page's policy, not through it
        visit = cls(page)
        page.on("console", lambda message: visit._note(message.type, message.text))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("requestfailed", lambda request: visit._note_failed(request.url, request.failure or ""))
        return visit

    def go_anew(self, url: str, width: int) -> None:
        """Open ``url`` in the same tab, by day and of this width again; what was complained of before is forgotten."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(color_scheme="light")
        self._go(url)

    def _go(self, url: str) -> None:
        self.complaints.clear()
        response = self.page.goto(url, wait_until="load")
        assert response is not None and response.ok, f"{url} answers {response and response.status}"

    def _note_failed(self, url: str, failure: str) -> None:
        if failure != LEFT_BEHIND:
            self.complaints.append(f"{url}: {failure}")

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text}")

    def faults(self, language: str) -> list[str]:
        """What is wrong with the page as it stands, whatever its width."""
        facts: dict[str, Any] = self.page.evaluate(FACTS)
        found = [*self.complaints, *facts["violations"]]
        if facts["lang"] != language:
            found.append(f"lang is {facts['lang']!r}")
        if len(facts["headings"]) != 1:
            found.append(f"h1: {facts['headings']}")
        elif not _titled(facts["title"], facts["headings"][0]):
            found.append(f"title {facts['title']!r} is not the heading {facts['headings'][0]!r}")
        return found + [f"id {name!r} is there twice" for name in facts["twice"]]

    def faults_at(self, width: int) -> list[str]:
        """What is wrong at this width: overflow, and what axe finds."""
        return self.overflow_at(width) + [f"at {width}: {line}" for line in self.axe()]

    def overflow_at(self, width: int) -> list[str]:
        """What is wider than a window of this width."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        return [f"at {width}: {line}" for line in self.page.evaluate(WIDER_THAN_THE_WINDOW)]

    def axe(self) -> list[str]:
        """What axe finds on the page as it stands."""
        return self._found_by(TAGS)

    def axe_in_the_dark(self) -> list[str]:
        """What axe finds of colours once they are those of the night; the page stays in the dark."""
        self.page.emulate_media(color_scheme="dark")
        return [f"in the dark: {line}" for line in self._found_by(COLOUR_RULES)]

    def _found_by(self, rules: object) -> list[str]:
        result = self.page.evaluate(RUN_AXE, rules)
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
            for violation in result["violations"]
            for node in violation["nodes"][:3]
        ]


def _titled(title: str, heading: str) -> bool:
    """Whether the title says the heading, with the product's name after it and "Fout:" before it allowed."""
    said = title.removeprefix("Fout: ").removeprefix("Error: ")
    return said == heading or said.startswith(f"{heading} – ") or said.startswith(f"{heading} · ")
