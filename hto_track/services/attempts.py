"""How often something may be tried, counted in the database: the limit holds whatever the number of processes."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from operator import itemgetter
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hto_track import clock
from hto_track.models.sign_in import AttemptCount
from hto_track.services.refusals import TooOften
from hto_track.services.transaction import noting, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most ``most`` tries within the time that begins with the first."""

    name: str
    most: int
    within: timedelta


A_QUARTER = timedelta(minutes=15)
PER_ACCOUNT = Limit(name="account", most=5, within=A_QUARTER)
"""For one e-mail address, whether there is such an account or not."""
PER_NETWORK = Limit(name="network", most=100, within=A_QUARTER)
"""From one network: a whole class signs in from one school."""
PER_CODE = Limit(name="code", most=10, within=timedelta(days=1))
"""Codes tried for one account: who keeps asking for new ones must not get to guess on. A link does not count."""

PER_PASSWORD = Limit(name="password", most=50, within=timedelta(days=1))
"""Passwords tried for one account, right or wrong: a quarter of an hour at a time nobody gets to guess through a list."""


def count_attempt(limit: Limit, of: str) -> None:
    """Count a try ``of`` somebody or something; TooOften, with how long to wait, when it is one too many.

    In a transaction of its own, before what is tried: a try that fails counts too. One that is refused is not counted, so
    that the wait ends whoever goes on trying.
    """
    tries = ((limit, of),)
    require_room(tries)
    with noting() as session:
        count(session, tries)


def require_room(tries: Iterable[tuple[Limit, str]]) -> None:
    """Nothing when each of ``tries`` is within its limit, else TooOften: one query and no write, to be asked first."""
    now = clock.now()
    limits = {_key(limit, of): limit for limit, of in tries}
    counted = reading().execute(
        select(AttemptCount.key_hash, AttemptCount.tries, AttemptCount.counted_from).where(
            AttemptCount.key_hash.in_(limits)
        )
    )
    waits = [
        counted_from + limits[key].within - now
        for key, number, counted_from in counted
        if number >= limits[key].most and counted_from + limits[key].within > now
    ]
    if waits:
        raise TooOften(max(waits))


def count(session: Session, tries: Iterable[tuple[Limit, str]]) -> None:
    """Count ``tries``, in the caller's transaction; TooOften when one is too many, and then the caller rolls back.

    Of several that come at once each waits for the count of the one before it: no more than the limit get through.
    """
    now = clock.now()
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    # In one order, so that no two wait for each other.
    for key, limit in sorted(((_key(limit, of), limit) for limit, of in tries), key=itemgetter(0)):
        is_over = AttemptCount.counted_from <= now - limit.within
        counted = insert(AttemptCount).values(key_hash=key, counted_from=now, tries=1)
        counted = counted.on_conflict_do_update(
            index_elements=[AttemptCount.key_hash],
            set_={
                "tries": case((is_over, 1), else_=AttemptCount.tries + 1),
                "counted_from": case((is_over, now), else_=AttemptCount.counted_from),
            },
        ).returning(AttemptCount.tries, AttemptCount.counted_from)
        number, counted_from = session.execute(counted).one()
        if number > limit.most:  # several came through the first look at once
            raise TooOften(counted_from + limit.within - now)


def network_of(address: str | None) -> str:
    """The network that an address belongs to, as limits see it: its first 24 bits, or 64 in version 6.

    A server that listens to both versions writes one of version 4 as one of version 6: it stays what it is.
    """
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


def _key(limit: Limit, of: str) -> str:
    """Of whom or what a limit counts only a digest is kept."""
    return hashlib.sha256(f"{limit.name}\n{of}".encode()).hexdigest()
