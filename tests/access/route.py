"""A row of the table of routes: what is asked, by whom, with what."""

from dataclasses import dataclass, field

from tests.access.cells import Pattern

Form = dict[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """A row: who may ask for it, and what to ask with."""

    method: str
    endpoint: str
    pattern: Pattern
    form: Form | None = None
    files: Form = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    """Values of the address in place of those of ``world.own``, or their names there in braces."""
    refused: str = ""
    """Why the form of this row is refused on its merits whoever sends it."""

    @property
    def key(self) -> tuple[str, str]:
        """What the URL map knows it by."""
        return self.endpoint, self.method

    @property
    def title(self) -> str:
        """What a test calls it."""
        asked = self.form if self.method == "GET" else None
        more = "".join(f" {name}={value}" for name, value in (self.values | (asked or {})).items())
        return f"{self.method} {self.endpoint}{more}"

    @property
    def is_by_link(self) -> bool:
        """Whether its address was mailed to one person, and lets in whoever has it."""
        return any(key in "".join(self.values.values()) for key in ("visit_token", "calendar_token"))


def get(endpoint: str, pattern: Pattern, query: Form | None = None, **values: str) -> Route:
    """A row that shows; one with a ``query`` stands beside the one without."""
    return Route("GET", endpoint, pattern, query, values=values)


def post(
    endpoint: str, pattern: Pattern, form: Form, files: Form | None = None, refused: str = "", **values: str
) -> Route:
    """A row that changes."""
    return Route("POST", endpoint, pattern, form, files or {}, values, refused)
