"""Wapiti before the demo over TLS, signed in as each role in turn; docs/scan.md is what it found.

Run by ``make scan``. Everything stays on this machine: modules that call a server of Wapiti's own are left out.
"""

import json
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Flask

from bench.pages import free_port
from hto_track.app import create_app
from hto_track.cli import demo_database
from hto_track.cli.application import application
from hto_track.config import ROOT, Settings, settings_from
from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.services.accounts import demo_accounts
from hto_track.services.demo import sign_in_as
from hto_track.web.access import TOKEN

REPORT = ROOT / "docs" / "scan.md"
MODULES = "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,upload,xss"
LEFT_OUT = ("sign-out", "sign-in/als", "account/sessies/*")
"""What would end the session that is scanned with, or make it another's."""
SECONDS_TO_CRAWL, SECONDS_PER_MODULE = 45, 20
AT_ONCE = 2


@dataclass(frozen=True)
class Scan:
    """What Wapiti found as one role."""

    role: str
    pages: int
    vulnerabilities: dict[str, int]
    anomalies: dict[str, int]
    additional: dict[str, int]


def main() -> None:
    """Scan as every role of the demo; exit status 1 when something above informational was found."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _make_certificate(folder)
        with application(_settings(folder / "demo.sqlite3")):
            demo_database.fill()
            people = {account.roles[0]: account.email for account in reversed(demo_accounts())}
            db.session.remove()
            db.engine.dispose()  # the last connection puts all of it into the one file that is copied
        roles = [role for role in Role if role in people]
        with ThreadPoolExecutor(AT_ONCE) as scanners:
            scans = list(scanners.map(lambda role: _scan(folder, role, people[role]), roles))
    REPORT.write_text(_report(scans), encoding="utf-8")
    print(REPORT.read_text(encoding="utf-8"))
    if any(scan.vulnerabilities or scan.anomalies for scan in scans):
        raise SystemExit(1)


def site(database: str, address: str) -> Flask:
    """The demo for gunicorn."""
    return create_app(_settings(Path(database), address))


def _settings(database: Path, address: str = "https://localhost") -> Settings:
    environment = {
        "HTO_DATABASE_URL": f"sqlite:///{database}",
        "HTO_TODAY": demo_database.TODAY.isoformat(),
        "HTO_BASE_URL": address,
    }
    return replace(settings_from(environment), offers_roles=True)


def _scan(folder: Path, role: Role, email: str) -> Scan:
    """Scan as one role, on a demo of its own: what a scanner presses must not be in another's way."""
    database, port = folder / f"{role}.sqlite3", free_port()
    shutil.copy(folder / "demo.sqlite3", database)
    address = f"https://localhost:{port}"
    command = [sys.executable, "-m", "gunicorn", "--threads=4", f"-blocalhost:{port}"]
    command += [
        f"--certfile={folder}/cert.pem",
        f"--keyfile={folder}/key.pem",
        f"bench.scan:site('{database}', '{address}')",
    ]
    with _running(command, port):
        found = _found(folder / str(role), address, _cookie(_settings(database, address), email))
    print(f"{role}: {found['infos']['crawled_pages_nbr']} pages", flush=True)
    return Scan(
        role=role,
        pages=found["infos"]["crawled_pages_nbr"],
        vulnerabilities=_counts(found["vulnerabilities"]),
        anomalies=_counts(found["anomalies"]),
        additional=_counts(found["additionals"]),
    )


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                try:
                    socket.create_connection(("localhost", port), timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield
        finally:
            server.terminate()


def _cookie(settings: Settings, email: str) -> str:
    """The cookie of a session of ``email``, with a form token of its own: the scanner must get past that door too."""
    with application(settings) as app:
        kept = {TOKEN: sign_in_as(email, "Wapiti"), "csrf_token": secrets.token_hex(20)}
        signed = app.session_interface.get_signing_serializer(app).dumps(kept)  # type: ignore[attr-defined]
        db.engine.dispose()
        return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


def _found(kept_in: Path, address: str, cookie: str) -> Any:
    """What Wapiti reports of ``address``; it keeps its own notes in the folder ``kept_in``."""
    output = kept_in / "report.json"
    command = [
        "wapiti",
        *("-u", f"{address}/", "-C", cookie),
        *("-m", MODULES, "--max-scan-time", str(SECONDS_TO_CRAWL), "--max-attack-time", str(SECONDS_PER_MODULE)),
        *(part for left_out in LEFT_OUT for part in ("-x", f"{address}/{left_out}")),
        *("--store-session", str(kept_in), "--store-config", str(kept_in)),
        *("--no-bugreport", "-v", "0", "-f", "json", "-o", str(output)),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return json.loads(output.read_text(encoding="utf-8"))


def _counts(found: dict[str, list[object]]) -> dict[str, int]:
    return {kind: len(cases) for kind, cases in found.items() if cases}


def _report(scans: Iterable[Scan]) -> str:
    version = subprocess.run(["wapiti", "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
    rows = "\n".join(
        f"| {scan.role} | {scan.pages} | {_said(scan.vulnerabilities)} | {_said(scan.anomalies)} | {_said(scan.additional)} |"
        for scan in scans
    )
    return f"""# What Wapiti finds

`make scan` serves the demo over TLS on this machine, signs in as each role, and lets Wapiti {version} crawl for at most
{SECONDS_TO_CRAWL} seconds and attack for at most {SECONDS_PER_MODULE} with each of its modules
{MODULES.replace(",", ", ")}.

Left out are {", ".join(f"`/{path}`" for path in LEFT_OUT)} (they would end the session), and the modules that call a server
elsewhere.

| role | pages and forms | vulnerabilities | anomalies | informational |
|---|---|---|---|---|
{rows}
"""


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind}: {count}" for kind, count in counts.items()) or "none"


def _make_certificate(folder: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
