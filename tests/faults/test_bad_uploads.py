"""Work as it should not be handed in, sent to the real server: refused in words on the page, the earlier untouched.

What is large is made while it is sent; the server keeps none of it, neither in memory nor on the disk.
"""

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.app import create_app
from hto_track.extensions import db
from hto_track.models.assignments import FileContent, HandIn
from hto_track.services.migrations import upgrade_schema
from hto_track.web.access import TOKEN
from tests.cast import settle
from tests.cli.test_serving import PATIENCE_SECONDS, answers, children, free_port, until
from tests.conftest import app_on, settings_for
from tests.files import EXE, pdf
from tests.sign_in import begin_session

MEGABYTE = 1024 * 1024
BOUNDARY = "a-boundary-of-the-tests"
PAGE = "/opdrachten/A1"


@dataclass(frozen=True)
class Server:
    """A running server, and Bram's session on it."""

    port: int
    pid: int
    cookie: str
    url: str
    spool: Path
    """Where it would put what does not fit in memory."""

    def page(self) -> str:
        """The page as it is."""
        return self._opened()[0]

    def _opened(self) -> tuple[str, str]:
        """The page, and the cookie that goes with its form."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)) as connection:
            connection.request("GET", PAGE, headers={"Cookie": self.cookie})
            answer = connection.getresponse()
            text = answer.read().decode()
        return text, (answer.getheader("Set-Cookie") or self.cookie).split(";")[0]

    def send(self, name: str, pieces: Iterator[bytes], size: int, *, cookie: str | None = None) -> tuple[int, str]:
        """Hand in a file of ``size`` bytes, piece by piece, as a browser does: all of it before it listens."""
        page, own_cookie = self._opened()
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token
        fields = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
            for field, value in (("csrf_token", token[1]), ("link", ""))
        )
        head = (
            f'{fields}--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
        )
        tail = f"\r\n--{BOUNDARY}--\r\n".encode()
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)) as connection:
            connection.putrequest("POST", PAGE)
            connection.putheader("Cookie", own_cookie if cookie is None else cookie)
            connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
            connection.putheader("Content-Length", str(len(head) + size + len(tail)))
            connection.endheaders(head)
            for piece in pieces:
                connection.send(piece)
            connection.send(tail)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def whole(self, name: str, content: bytes) -> tuple[int, str]:
        """Hand in a small file."""
        return self.send(name, iter([content]), len(content))

    def memory(self) -> int:
        """The most memory that its processes ever had, in bytes."""
        pids = (self.pid, *children(self.pid))
        peaks = (re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text()) for pid in pids)
        return max(int(peak[1]) for peak in peaks if peak) * 1024

    def kept(self) -> tuple[list[str | None], list[int]]:
        """The names of what was handed in, and the sizes of the files kept."""
        with app_on(self.url):
            names = list(db.session.scalars(select(HandIn.file_name).order_by(HandIn.id)))
            return names, list(db.session.scalars(select(FileContent.size)))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One process of the real server, on a database with the cast; Bram handed in one file."""
    folder = tmp_path_factory.mktemp("served")
    url, spool = f"sqlite:///{folder}/served.sqlite3", folder / "spool"
    spool.mkdir()
    with app_on(url) as app:
        upgrade_schema()
        cookie = _session_of_bram(app)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HTO_")} | {
        "HTO_DATABASE_URL": url,
        "HTO_SECRET_KEY": settings_for(url).secret_key,
        "HTO_TODAY": "2026-06-14",
        "TMPDIR": str(spool),
    }
    port = free_port()
    command = [sys.executable, "-m", "hto_track", "serve", "--port", str(port), "--workers", "1", "--no-scheduler"]
    process = subprocess.Popen(command, env=environment, start_new_session=True)
    try:
        until(lambda: answers(port), "an answer")
        found = Server(port, process.pid, cookie, url, spool)
        assert found.whole("eerder.pdf", pdf())[0] == 302
        yield found
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _session_of_bram(app: Flask) -> str:
    token = begin_session(settle().bram.user_id)
    signed = create_app(app.extensions["hto_settings"])
    serializer = signed.session_interface.get_signing_serializer(signed)  # type: ignore[attr-defined]
    return f"{signed.config['SESSION_COOKIE_NAME']}={serializer.dumps({TOKEN: token})}"


def untouched(server: Server) -> bool:
    return server.kept() == (["eerder.pdf"], [len(pdf())])


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("leeg.pdf", b"", "Dit bestand is leeg: 0 bytes."),
        ("les.pdf", EXE, "De naam eindigt op .pdf, maar dit bestand is iets anders"),
        ("../les.pdf", pdf(), "In de naam van een bestand mag geen / of \\ staan."),
    ],
)
def test_a_bad_file_is_refused_in_words_and_the_earlier_is_untouched(
    server: Server, name: str, content: bytes, says: str
) -> None:
    status, page = server.whole(name, content)
    assert (status, says in page, "eerder.pdf" in page) == (422, True, True)
    assert untouched(server)


def zeros(size: int) -> Iterator[bytes]:
    """So many bytes, never more than a megabyte of them at once."""
    piece = bytes(MEGABYTE)
    while size > 0:
        yield piece[:size]
        size -= MEGABYTE


@pytest.mark.parametrize(("size", "status"), [(11 * MEGABYTE, 422), (17 * MEGABYTE, 413), (200 * MEGABYTE, 413)])
def test_a_file_that_is_too_large_is_refused_in_words_and_none_of_it_is_kept(
    server: Server, size: int, status: int
) -> None:
    before = server.memory()
    answered, page = server.send("film.pdf", zeros(size), size)
    assert answered == status
    assert "Dit bestand is groter dan 10 MB." in page
    assert "<h1>A1 Een les ontwerpen</h1>" in page and "eerder.pdf" in page
    assert server.memory() - before < 40 * MEGABYTE
    assert list(server.spool.iterdir()) == []
    assert untouched(server)


def test_who_is_not_signed_in_does_not_keep_the_server_busy(server: Server) -> None:
    size = 200 * MEGABYTE
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for piece in zeros(size):
            yield piece
            sent += len(piece)

    with pytest.raises((ConnectionError, http.client.HTTPException)):
        server.send("film.pdf", pieces(), size, cookie="hto=nobody")
    assert sent < size
    assert "eerder.pdf" in server.page()
