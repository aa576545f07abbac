"""How often something may be tried, counted in the database: the limit holds whatever the number of processes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite

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


def count_attempt(limit: Limit, of: str) -> None:
    """Count a try ``of`` somebody or something; TooOften, with how long to wait, when it is one too many.

    In a transaction of its own, before what is tried: a try that fails counts too. One that is refused is not counted, so
    that the wait ends whoever goes on trying.
    """
    now = clock.now()
    key = hashlib.sha256(f"{limit.name}\n{of}".encode()).hexdigest()
    _require_room(limit, reading().get(AttemptCount, key, populate_existing=True), now)
    with noting() as session:
        insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        is_over = AttemptCount.counted_from <= now - limit.within
        count = insert(AttemptCount).values(key_hash=key, counted_from=now, tries=1)
        count = count.on_conflict_do_update(
            index_elements=[AttemptCount.key_hash],
            set_={
                "tries": case((is_over, 1), else_=AttemptCount.tries + 1),
                "counted_from": case((is_over, now), else_=AttemptCount.counted_from),
            },
        ).returning(AttemptCount)
        counted = session.scalars(count, execution_options={"populate_existing": True}).one()
        tries, counted_from = counted.tries, counted.counted_from
    if tries > limit.most:  # several came through the first look at once
        raise TooOften(counted_from + limit.within - now)


def network_of(address: str | None) -> str:
    """The network that an address belongs to, as limits see it: its first 24 bits, or 64 in version 6."""
    try:
        parsed = ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ip_network(f"{parsed}/{24 if parsed.version == 4 else 64}", strict=False))


def _require_room(limit: Limit, counted: AttemptCount | None, now: datetime) -> None:
    if counted is not None and counted.tries >= limit.most and counted.counted_from > now - limit.within:
        raise TooOften(counted.counted_from + limit.within - now)
