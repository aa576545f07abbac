"""What a simulated year left in the books, read past the product, and whether each mail due was sent once."""

import sqlite3
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from hto_track.rules.calendar import is_public_holiday
from hto_track.rules.days import AMSTERDAM

Key = tuple[str, str, str]
"""Kind, subject and period: which mail it is."""
FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """From when until when there is no mail server."""

    start: datetime
    end: datetime

    def covers(self, moment: datetime) -> bool:
        """Whether there is none at ``moment``."""
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The mails of an outbox with their Message-IDs, the openings and escalations that ask for one (RULES.md section 6) with
    the date on which they were true no more, and the slots that failed.
    """

    mails: dict[Key, str]
    news: dict[Key, date | None]
    failed: tuple[str, ...]

    @classmethod
    def of(cls, database: Path) -> "Books":
        """Read them."""
        connection = sqlite3.connect(database)
        mails = {
            (kind, subject, period): message_id
            for kind, subject, period, message_id in connection.execute(
                "SELECT kind, subject_key, period, message_id FROM outbox"
            )
        }
        failed = connection.execute("SELECT name || ' ' || slot FROM job_runs WHERE error IS NOT NULL").fetchall()
        events = connection.execute(
            "SELECT w.id, p.code || ':' || w.code, e.kind, e.happened_on FROM warning_events e"
            " JOIN warnings w ON w.id = e.warning_id JOIN participants p ON p.id = w.participant_id"
            " WHERE w.code != 'unconfirmed' ORDER BY e.id"
        ).fetchall()
        connection.close()
        return cls(mails=mails, news=_news(events), failed=tuple(name for (name,) in failed))

    def untold(self, outage: Outage | None) -> tuple[Key, ...]:
        """The openings and escalations without a mail that could have gone before they were true no more."""
        return tuple(key for key in self.news if key not in self.mails and self.could_go(key, outage))

    def taken_back(self, outage: Outage | None) -> int:
        """How many openings and escalations were true no more before their mail could go, and have none."""
        return sum(key not in self.mails and not self.could_go(key, outage) for key in self.news)

    def could_go(self, key: Key, outage: Outage | None) -> bool:
        """Whether there was the noon of a working day with a mail server between the news and its end."""
        if key not in self.news:
            return True
        day, ended = date.fromisoformat(key[2]), self.news[key]
        while ended is None or day < ended:
            noon = datetime.combine(day, time(12), AMSTERDAM)
            if day.weekday() <= FRIDAY and not is_public_holiday(day) and not (outage and outage.covers(noon)):
                return True
            day += timedelta(days=1)
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The mails of a stormy world beside those of a calm one. All is well when the first five are empty."""

    never: tuple[Key, ...]
    beyond: tuple[Key, ...]
    untold: tuple[Key, ...]
    unknown: tuple[str, ...]
    failed: tuple[str, ...]
    due: Counter[str]
    once: int
    again: int
    """How many were accepted more than once, with the same Message-ID: their sender was killed before it could note it."""
    taken_back: int


def compare(calm: Books, stormy: Books, accepted: Counter[str], outage: Outage) -> Verdict:
    """What is due is what the calm world mailed, but for news that was true no more before the storm let it go."""
    due = {key: message_id for key, message_id in calm.mails.items() if stormy.could_go(key, outage)}
    return Verdict(
        never=tuple(key for key, message_id in due.items() if not accepted[message_id]),
        beyond=tuple(key for key in stormy.mails if key not in calm.mails),
        untold=calm.untold(None) + stormy.untold(outage),
        unknown=tuple(accepted.keys() - set(stormy.mails.values())),
        failed=calm.failed + stormy.failed,
        due=Counter(kind for kind, _subject, _period in due),
        once=sum(often == 1 for often in accepted.values()),
        again=sum(often > 1 for often in accepted.values()),
        taken_back=stormy.taken_back(outage),
    )


def _news(events: list[tuple[int, str, str, str]]) -> dict[Key, date | None]:
    """Each opening and escalation until the warning closes; an escalation until it eases."""
    found: dict[Key, date | None] = {}
    open_news: dict[int, list[Key]] = {}
    for warning_id, subject, kind, on in events:
        waiting = open_news.setdefault(warning_id, [])
        if kind in ("opened", "escalated"):
            key = (f"warning_{kind}", subject, on)
            found[key] = None
            waiting.append(key)
            continue
        for key in waiting:
            if found[key] is None and (kind == "closed" or key[0] == "warning_escalated"):
                found[key] = date.fromisoformat(on)
    return found
