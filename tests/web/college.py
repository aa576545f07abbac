"""Going to the college's own sign-in and back, as a browser does."""

from dataclasses import replace

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from hto_track.config import CollegeProvider
from hto_track.extensions import db
from hto_track.models.ledger import AuditEntry
from hto_track.models.sign_in import CollegeIdentity, SignInSession
from hto_track.services.college_sign_in import RETURN_PATH
from hto_track.web.access import TOKEN
from hto_track.web.college_sign_in import FLOW
from tests.oidc_provider import visit

BEGIN = "/sign-in/hogeschool"


def use(app: Flask, college: CollegeProvider) -> None:
    """Let ``app`` sign people in through this college."""
    app.extensions["hto_settings"] = replace(app.extensions["hto_settings"], college_provider=college)


def there(client: FlaskClient, path: str = BEGIN) -> str:
    """Go to the provider: where it sends us back to."""
    gone = client.get(path)
    assert gone.status_code == 302, gone.text
    return visit(gone.headers["Location"])


def back(client: FlaskClient, location: str) -> TestResponse:
    """Come back from the provider."""
    assert location.startswith(f"http://hto.test{RETURN_PATH}?")
    return client.get(location.removeprefix("http://hto.test"))


def come_in(client: FlaskClient, path: str = BEGIN) -> TestResponse:
    """There and back."""
    return back(client, there(client, path))


def _kept() -> list[int]:
    tables = (CollegeIdentity, SignInSession, AuditEntry)
    return [db.session.scalars(select(func.count()).select_from(table)).one() for table in tables]


def require_nobody_in(client: FlaskClient, answer: TestResponse, status: int, *words: str) -> None:
    """A clear page, and nothing changed."""
    assert answer.status_code == status
    for word in words:
        assert word in answer.text
    assert "Traceback" not in answer.text
    with client.session_transaction() as session:
        assert TOKEN not in session
        assert FLOW not in session
    assert _kept() == [0, 0, 0]
    assert client.get("/account").status_code == 302
