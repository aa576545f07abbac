"""Import and nightly evaluation, each as the command a user runs: rows and participants a second, peak memory."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.dataset import PARTICIPANTS, multiply_cohorts, write_attendance, write_cohorts

COMMAND = (sys.executable, "-m", "hto_track")
EVALUATED_AT = "2026-06-14T06:30"
COHORTS = 300


@dataclass(frozen=True, slots=True)
class Run:
    """A finished command: seconds from start to end, and its peak memory in MiB."""

    seconds: float
    peak_mib: float


def run(database: Path, *arguments: str) -> Run:
    """Run a command on ``database`` and time it from outside, process start included."""
    environment = os.environ | {"HTO_DATABASE_URL": f"sqlite:///{database}", "HTO_TODAY": "2026-06-14"}
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with status {os.waitstatus_to_exitcode(status)}")
    return Run(seconds=time.perf_counter() - start, peak_mib=_mib(usage))


def _mib(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024


def bench_import(work: Path, rows: int = 100_000, cohorts: int = 170) -> None:
    """Attendance rows a second into cohorts that are there."""
    database = work / "import.sqlite3"
    write_cohorts(work / "cohorts", cohorts)
    (work / "cohorts" / "attendance.csv").unlink()
    run(database, "import", str(work / "cohorts"))
    written = write_attendance(work / "attendance", cohorts, rows)
    figure = run(database, "import", str(work / "attendance"))
    print(
        f"import      {written:>7} attendance rows in {figure.seconds:6.2f} s = {written / figure.seconds:8.0f} rows/s"
        f"   (wanted 10000)   peak {figure.peak_mib:.0f} MiB"
    )


def bench_evaluation(work: Path, times: int) -> Run:
    """Participants a second of the nightly evaluation of so many times 300 cohorts."""
    database, folder = work / f"evaluate-{times}.sqlite3", work / f"cohorts-{times}"
    write_cohorts(folder, COHORTS)
    run(database, "import", str(folder))
    multiply_cohorts(database, times)
    figure = run(database, "jobs", "run", "evaluate_warnings", "--at", EVALUATED_AT)
    people = times * COHORTS * PARTICIPANTS
    print(
        f"evaluation  {people:>7} participants    in {figure.seconds:6.2f} s = {people / figure.seconds:8.0f} participants/s"
        f"   (wanted 150)   peak {figure.peak_mib:.0f} MiB",
        flush=True,
    )
    return figure


def main() -> None:
    """All of it, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        bench_import(work)
        few, many = bench_evaluation(work, 1), bench_evaluation(work, 10)
        print(
            f"ten times   3000 cohorts over 300: time {many.seconds / few.seconds:.2f} times (wanted at most 11),"
            f" memory {many.peak_mib / few.peak_mib:.2f} times (wanted at most 1.2)"
        )


if __name__ == "__main__":
    main()
