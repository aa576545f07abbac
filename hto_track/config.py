"""The settings: one frozen value, read once from the environment. A missing or unsafe one stops the start with its name."""

import os
import secrets
import shlex
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hto_track.models.accounts import Role
from hto_track.rules.retention import DataKind, Period, Periods, period_from

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: HTO Track runs from it, with templates/, migrations/ and instance/ beside the package."""


KINDS = ("", "local", "development", "test", "production")
"""What HTO_ENV may say: a misspelt "production" must not be taken for anything else."""
LONGEST_ISSUER = 300


class SettingsError(Exception):
    """A setting that is missing or unsafe; the message names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollegeProvider:
    """The college's own sign-in: an OpenID provider that knows us as ``client_id``."""

    issuer: str
    """Its address, to the letter as it names itself (HTO_OIDC_ISSUER)."""
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    """What its button says (HTO_OIDC_NAME)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an installation may choose."""

    database_url: str
    """SQLAlchemy's address of the database (HTO_DATABASE_URL)."""
    secret_key: str
    """Signs sessions and sign-in links (HTO_SECRET_KEY); outside production made once and kept in instance/."""
    production: bool = False
    """HTO_ENV=production: no fixed today, no key of our own making, cookies over TLS only."""
    today: date | None = None
    """Fixes "today" outside production (HTO_TODAY)."""
    base_url: str = "http://127.0.0.1:8000"
    """How this installation is reached from outside, for links in mails (HTO_BASE_URL)."""
    offers_roles: bool = False
    """Whether the sign-in page offers every demo account: set by the demo alone, never from the environment."""
    smtp_host: str | None = None
    """The mail server (HTO_SMTP_HOST); without it mails stay in the outbox."""
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_starttls: bool = False
    mail_from: str = "HTO Track <noreply@localhost>"
    """The sender of every mail (HTO_MAIL_FROM)."""
    passkey_roles: frozenset[Role] = frozenset()
    """The roles that are there only after signing in with a passkey (HTO_PASSKEY_ROLES, separated by commas)."""
    passwords: bool = False
    """Whether people may also sign in with a password (HTO_PASSWORDS=yes)."""
    college_provider: CollegeProvider | None = None
    """The college's own sign-in (HTO_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET, _NAME: all of them or none)."""
    trusted_proxies: int = 0
    """How many proxies in front of us set X-Forwarded-* (HTO_TRUSTED_PROXIES)."""
    scan_command: tuple[str, ...] = ()
    """What checks a file that is handed in for viruses, reading it from its standard input (HTO_SCAN_COMMAND)."""
    keep: Periods = Periods()
    """How long what is known of people is kept (HTO_KEEP_LOGS=2y and the like, docs/privacy.md)."""

    @property
    def passkey_origin(self) -> str | None:
        """Where passkeys work (scheme, host and port): by TLS under a name, never under a number; None when nowhere.

        This machine itself needs no TLS but does need its name: at http://127.0.0.1:8000 they work as http://localhost:8000.
        """
        try:
            address = urlsplit(self.base_url)
            host, port = (address.hostname or "").encode("idna").decode(), address.port
        except ValueError:
            return None
        host = _name_of(host)
        is_safe = address.scheme == "https" or (address.scheme == "http" and host == "localhost")
        if not host or not is_safe:
            return None
        is_usual = port in (None, {"https": 443, "http": 80}[address.scheme])
        return f"{address.scheme}://{host}" + ("" if is_usual else f":{port}")


def settings_from(environment: Mapping[str, str] = os.environ, instance: Path = ROOT / "instance") -> Settings:
    """The settings that ``environment`` gives; SettingsError names the variable that is missing or unsafe."""
    kind = environment.get("HTO_ENV", "")
    if kind not in KINDS:
        raise SettingsError(f"HTO_ENV must be one of {', '.join(filter(None, KINDS))}, or not be set, not {kind!r}")
    production = kind == "production"
    today = _date(environment, "HTO_TODAY")
    if production and today:
        raise SettingsError("HTO_TODAY cannot be set when HTO_ENV is production: unset it")
    secret_key = environment.get("HTO_SECRET_KEY", "")
    if production and len(secret_key) < 32:
        raise SettingsError("HTO_SECRET_KEY must be set, 32 characters or longer, when HTO_ENV is production")
    settings = Settings(
        database_url=_database_url(environment.get("HTO_DATABASE_URL") or f"sqlite:///{instance}/hto-track.sqlite3"),
        secret_key=secret_key or _own_secret_key(instance),
        production=production,
        today=today,
        base_url=environment.get("HTO_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        smtp_host=environment.get("HTO_SMTP_HOST") or None,
        smtp_port=_whole(environment, "HTO_SMTP_PORT", 25, 65535),
        smtp_user=environment.get("HTO_SMTP_USER") or None,
        smtp_password=environment.get("HTO_SMTP_PASSWORD") or None,
        smtp_starttls=environment.get("HTO_SMTP_STARTTLS", "") in ("1", "yes", "true"),
        mail_from=environment.get("HTO_MAIL_FROM", "HTO Track <noreply@localhost>"),
        passkey_roles=_roles(environment, "HTO_PASSKEY_ROLES"),
        passwords=_yes(environment, "HTO_PASSWORDS"),
        college_provider=_college_provider(environment, production),
        trusted_proxies=_whole(environment, "HTO_TRUSTED_PROXIES", 0, 100),
        scan_command=_command(environment, "HTO_SCAN_COMMAND"),
        keep=_periods(environment),
    )
    if settings.passkey_roles and settings.passkey_origin is None:
        raise SettingsError("HTO_PASSKEY_ROLES needs passkeys: set HTO_BASE_URL to an https address with a name")
    return settings


def _database_url(text: str) -> str:
    """PostgreSQL is always spoken to with psycopg 3, however the address begins. The message leaves out its password."""
    for prefix in ("postgres://", "postgresql://"):
        if text.startswith(prefix):
            text = "postgresql+psycopg://" + text.removeprefix(prefix)
    try:
        is_known = make_url(text).drivername in ("sqlite", "postgresql+psycopg")
    except (ArgumentError, ValueError):
        is_known = False
    if not is_known:
        raise SettingsError(
            "HTO_DATABASE_URL must be an address like sqlite:////folder/file.sqlite3 or postgresql://user@host/name"
        )
    return text


def _name_of(host: str) -> str:
    """A host by its name; one that has only a number has none, but for this machine itself."""
    try:
        return "localhost" if ip_address(host).is_loopback else ""
    except ValueError:
        return host


def _date(environment: Mapping[str, str], name: str) -> date | None:
    text = environment.get(name)
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name} must be a date like 2026-06-14, not {text!r}") from None
    if not 1900 < found.year < 2199:
        raise SettingsError(f"{name} must be a date between 1901 and 2198, not {text!r}")
    return found


def _whole(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) <= most):
        raise SettingsError(f"{name} must be a whole number of at most {most}, not {text!r}")
    return int(text)


def _roles(environment: Mapping[str, str], name: str) -> frozenset[Role]:
    named = {part.strip() for part in environment.get(name, "").split(",") if part.strip()}
    unknown = sorted(named - set(Role))
    if unknown:
        raise SettingsError(f"{name} must name roles ({', '.join(Role)}), not {unknown[0]!r}")
    return frozenset(Role(role) for role in named)


def _periods(environment: Mapping[str, str]) -> Periods:
    kept = Periods()
    return Periods(**{kind.value: _period(environment, f"HTO_KEEP_{kind.name}", kept.of(kind)) for kind in DataKind})


def _period(environment: Mapping[str, str], name: str, default: Period) -> Period:
    text = environment.get(name, "")
    if not text:
        return default
    period = period_from(text)
    if period is None:
        raise SettingsError(f"{name} must be a time like 2y, 18m or 30d, of at most a hundred years, not {text!r}")
    return period


def _command(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The words of a command, as a shell reads them; no shell is asked to."""
    text = environment.get(name, "")
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        raise SettingsError(f"{name} must be a command, its quotes closed, not {text!r}") from None
    if words and shutil.which(words[0]) is None:
        raise SettingsError(f"{name} must begin with a program that is there, not {words[0]!r}")
    return words


def _yes(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "")
    if text not in ("", "yes", "no"):
        raise SettingsError(f"{name} must be yes or no, not {text!r}")
    return text == "yes"


def _college_provider(environment: Mapping[str, str], production: bool) -> CollegeProvider | None:
    names = ("HTO_OIDC_ISSUER", "HTO_OIDC_CLIENT_ID", "HTO_OIDC_CLIENT_SECRET", "HTO_OIDC_NAME")
    issuer, client_id, client_secret, name = given = [environment.get(each, "").strip() for each in names]
    if not any(given):
        return None
    if missing := [each for each, text in zip(names, given, strict=True) if not text]:
        raise SettingsError(f"{missing[0]} must be set too: the sign-in of a college needs {', '.join(names)}")
    try:
        parts = urlsplit(issuer)
        is_address = parts.scheme in ("https", "http") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        is_address = False
    if not is_address or len(issuer) > LONGEST_ISSUER:
        raise SettingsError(f"HTO_OIDC_ISSUER must be an address like https://connect.example.org, not {issuer!r}")
    if production and parts.scheme != "https":
        raise SettingsError("HTO_OIDC_ISSUER must begin with https:// when HTO_ENV is production")
    return CollegeProvider(issuer=issuer, client_id=client_id, client_secret=client_secret, name=name)


def _own_secret_key(instance: Path) -> str:
    """A key made on first use and readable by the owner alone."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        fresh = instance / f".secret_key.{os.getpid()}"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(fresh, path)  # whole or not at all: another process may be starting too
        fresh.unlink()
    return path.read_text(encoding="ascii")
