"""A year of scheduled jobs, day by day with a moving clock: is every mail that is due sent once, whatever happens?

Two worlds begin with the same 20 cohorts. In the calm one nothing goes wrong: what it mails is what is due. In the stormy one
the job process is killed a hundred times at random, mostly in the middle of its work, and the mail server is down for two
days. Both are driven in half hours through both clock changes; databases, processes and mail servers are real.
"""

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from queue import Empty, Queue

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.dataset import FINISHED, write_varied_cohorts
from bench.year_books import Books, Outage, compare
from hto_track.rules.days import AMSTERDAM

FIRST, DAYS = date(2025, 3, 9), 365
"""A year that begins before the cohorts do, and has the clock changes of 30 March and 26 October in it."""
STEP = timedelta(minutes=30)
"""How far the clock moves at once: every job has its time on one of these steps."""
COHORTS, KILLS = 20, 100
OUTAGE = Outage(start=datetime(2025, 10, 19, 12, tzinfo=AMSTERDAM), end=datetime(2025, 10, 21, 12, tzinfo=AMSTERDAM))
"""From a Sunday to a Tuesday noon: both weekly digests fall in it."""
LONGEST_TICK = 600
"""Seconds after which a tick is thought to hang."""


@dataclass
class MailServer:
    """What takes the mails on a port of its own: how often it accepted each Message-ID. It can be down."""

    port: int = 0
    accepted: Counter[str] = field(default_factory=Counter)
    controller: Controller | None = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  (aiosmtpd's name)
        """Take the mail, and remember which it was."""
        assert isinstance(envelope.content, bytes)
        head = envelope.content.split(b"\r\n\r\n", 1)[0].decode().replace("\r\n ", " ")
        line = next(line for line in head.split("\r\n") if line.lower().startswith("message-id:"))
        self.accepted[line.partition(":")[2].strip()] += 1
        return "250 OK"

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        self.port = self.port or _free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        """Be down."""
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@dataclass
class World:
    """A database, its mail server and the process that does its jobs."""

    database: Path
    server: MailServer = field(default_factory=MailServer)
    process: subprocess.Popen[str] | None = None
    answers: "Queue[str]" = field(default_factory=Queue)

    def begin(self) -> None:
        """Start the job process; its answers are read by a thread, so that waiting for one can end."""
        environment = os.environ | {
            "HTO_DATABASE_URL": f"sqlite:///{self.database}",
            "HTO_SMTP_HOST": "127.0.0.1",
            "HTO_SMTP_PORT": str(self.server.port),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.year_worker"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answers = Queue()
        threading.Thread(target=_pass_on, args=(self.process, self.answers), daemon=True).start()

    def ask(self, moment: datetime) -> None:
        """Let it do what is due at ``moment``."""
        assert self.process is not None and self.process.stdin is not None
        print(moment.isoformat(), file=self.process.stdin, flush=True)

    def wait(self, seconds: float) -> bool:
        """Whether it was done within ``seconds``."""
        try:
            return self.answers.get(timeout=seconds) == "done"
        except Empty:
            return False

    def tick(self, moment: datetime) -> None:
        """What is due at ``moment``, to its end."""
        self.ask(moment)
        if not self.wait(LONGEST_TICK):
            raise SystemExit(f"the job process hangs or died at {moment}")

    def kill(self) -> None:
        """End the process as a power cut does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """How long it is, from ``first`` on, how many cohorts live in it, and how often the job process is killed."""

    first: date = FIRST
    days: int = DAYS
    cohorts: int = COHORTS
    kills: int = KILLS
    seed: int = 5
    step: timedelta = STEP

    @property
    def last(self) -> date:
        """Its last day."""
        return self.first + timedelta(days=self.days - 1)

    def moments(self) -> Iterator[datetime]:
        """Every step of it, beginning with the first, and three days more in which what waits can go."""
        moment = datetime.combine(self.first, datetime.min.time(), AMSTERDAM).astimezone(UTC)
        end = datetime.combine(self.last + timedelta(days=4), datetime.min.time(), AMSTERDAM).astimezone(UTC)
        while moment < end:
            moment += self.step
            yield moment

    def killed_at(self, chance: random.Random) -> dict[datetime, float]:
        """When to kill, and how many seconds into the tick: four of five where there is work, the rest anywhere."""
        known = [moment for moment in self.moments() if moment.astimezone(AMSTERDAM).date() <= self.last]
        busy = [moment for moment in known if (moment.astimezone(AMSTERDAM).hour, moment.minute) in ((6, 30), (8, 0))]
        busy += [moment for moment in known if _is_digest(moment.astimezone(AMSTERDAM))] * 7
        chosen: dict[datetime, float] = {}
        while len(chosen) < self.kills:
            moment = chance.choice(busy if chance.random() < 0.8 else known)
            chosen[moment] = chance.uniform(0, 0.1 * self.cohorts)
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """What befell the stormy world."""

    kills: int
    kills_at_work: int


def live_calmly(year: Year, world: World) -> None:
    """The year in which nothing goes wrong."""
    world.begin()
    for moment in year.moments():
        world.tick(moment)
    world.kill()


def live_stormily(year: Year, world: World) -> Storm:
    """The year with its kills and its two days without mail; who is killed begins again with the next half hour."""
    kills = year.killed_at(random.Random(year.seed))
    at_work = 0
    world.begin()
    for moment in year.moments():
        if moment == OUTAGE.start:
            world.server.stop()
        if moment == OUTAGE.end:
            world.server.start()
        if moment not in kills:
            world.tick(moment)
            continue
        world.ask(moment)
        at_work += not world.wait(kills[moment])
        world.kill()
        world.begin()
    world.kill()
    return Storm(kills=len(kills), kills_at_work=at_work)


def _is_digest(local: datetime) -> bool:
    return (local.weekday(), local.hour, local.minute) in ((6, 18, 0), (0, 7, 30))


def _pass_on(process: subprocess.Popen[str], answers: "Queue[str]") -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            answers.put(line.strip())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def served(world: World) -> Iterator[World]:
    """The world with its mail server."""
    world.server.start()
    try:
        yield world
    finally:
        world.server.stop()


def report(year: Year, calm: World, stormy: World, storm: Storm) -> bool:
    """Print what was due, what came and how often; whether each mail due came once."""
    found = compare(Books.of(calm.database), Books.of(stormy.database), stormy.server.accepted, OUTAGE)
    print(f"{year.cohorts} cohorts, {year.days} days in steps of {year.step} from {year.first} to {year.last}")
    print(f"job process killed {storm.kills} times, {storm.kills_at_work} of them at work")
    print(f"mail server down from {OUTAGE.start:%Y-%m-%d %H:%M} to {OUTAGE.end:%Y-%m-%d %H:%M}")
    print(f"mails due, as the calm world has them: {found.due.total()}")
    for kind, count in sorted(found.due.items()):
        print(f"  {kind:<24} {count:>6}")
    print(f"accepted once {found.once}, more than once after a kill, with the same Message-ID, {found.again}")
    print(f"news that was true no more before it could go: {found.taken_back}")
    wrong = {
        "never accepted": found.never,
        "beyond what is due": found.beyond,
        "news without a mail": found.untold,
        "accepted and in no book": found.unknown,
        "slots that failed": found.failed,
    }
    for name, which in wrong.items():
        print(f"{name}: {len(which)}", *(f"\n  {each}" for each in which[:5]))
    return not any(wrong.values()) and found.again <= storm.kills_at_work


def live(year: Year, work: Path) -> bool:
    """Both worlds at the same time, in the folder ``work``; whether each mail due came once."""
    write_varied_cohorts(work / "cohorts", year.cohorts, FINISHED, random.Random(year.seed))
    for name in ("calm", "stormy"):
        environment = os.environ | {
            "HTO_DATABASE_URL": f"sqlite:///{work / name}.sqlite3",
            "HTO_TODAY": (year.last + timedelta(days=366)).isoformat(),
        }
        command = [sys.executable, "-m", "hto_track", "import", str(work / "cohorts")]
        subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    with (
        served(World(work / "calm.sqlite3")) as calm,
        served(World(work / "stormy.sqlite3")) as stormy,
        ThreadPoolExecutor() as both,
    ):
        calmly, stormily = both.submit(live_calmly, year, calm), both.submit(live_stormily, year, stormy)
        calmly.result()
        return report(year, calm, stormy, stormily.result())


def main() -> None:
    """The year; ends with status 1 when a mail is missing or too many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST)
    for name, default in (("days", DAYS), ("cohorts", COHORTS), ("kills", KILLS), ("seed", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    year = Year(**vars(parser.parse_args()))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        is_well = live(year, Path(folder))
    said = "every mail due was sent once" if is_well else "NOT every mail due was sent once"
    print(f"{said} (in {time.monotonic() - began:.0f} s)")
    raise SystemExit(not is_well)


if __name__ == "__main__":
    main()
