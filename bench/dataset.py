"""Many cohorts of 18, made of the packaged example with other codes."""

import csv
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from hto_track.config import ROOT

EXAMPLE = ROOT / "hto_track" / "data" / "zh-05"
FINISHED = ROOT / "hto_track" / "data" / "zh-04"
"""The other example: a cohort that went through its whole year."""
PARTICIPANTS = 18
SHARED_FILES = frozenset({"programmes", "learning_outcomes", "checkpoints", "routes", "route_modules", "agreements"})
LOSABLE_FILES = frozenset({"attendance", "study_log", "internship_hours"})
"""Whose rows may be missing without another row missing them."""


Row = dict[str, str]
Copy = Callable[[str, list[Row], int], Iterator[Row]]
"""The rows of a file (its name without ending) for the cohort of a number."""


def write_cohorts(folder: Path, count: int) -> None:
    """``count`` cohorts of 18 participants in ``folder``, ready to import."""
    _write(folder, EXAMPLE, range(1, count + 1), lambda _name, rows, number: _renamed(rows, number))


def write_varied_cohorts(folder: Path, count: int, example: Path, chance: Random) -> None:
    """``count`` cohorts as large as ``example`` in which people come, log and are on time each in their own way."""

    def varied(name: str, rows: list[Row], number: int) -> Iterator[Row]:
        kept = {row.get("participant_code", ""): chance.uniform(0.5, 1) for row in rows}
        for row in rows:
            if name in LOSABLE_FILES and chance.random() > kept[row["participant_code"]]:
                continue
            renamed = row | ({"cohort_code": cohort_code(number)} if "cohort_code" in row else {})
            if "participant_code" in row:
                person = int(row["participant_code"].rsplit("-", 1)[1])
                renamed["participant_code"] = participant_code(number, person)
            if "email" in row:
                renamed["email"] = f"{renamed['participant_code'].lower()}@example.org"
            if "leader_email" in row:
                renamed["leader_email"] = f"projectleider{number % 7}@example.org"
            yield renamed

    _write(folder, example, range(1, count + 1), varied)


def _write(folder: Path, example: Path, numbers: range, copy: Copy) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(example.glob("*.csv")):
        with source.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns, rows = list(reader.fieldnames or ()), list(reader)
        with (folder / source.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            if source.stem in SHARED_FILES:
                writer.writerows(rows)
            else:
                for number in numbers:
                    writer.writerows(copy(source.stem, rows, number))


def multiply_cohorts(database: Path, times: int) -> None:
    """Let the cohorts of a SQLite database be there ``times`` times, with all that is theirs, under other codes.

    In tables and not in files: to import so many takes most of an hour.
    """
    connection = sqlite3.connect(database)
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    refers = {
        name: {row[3]: row[2] for row in connection.execute(f"PRAGMA foreign_key_list({name})")} for name in names
    }
    theirs = _that_refer_to("cohorts", refers)
    columns = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in theirs}
    most = {
        name: connection.execute(f"SELECT coalesce(max(id), 0) FROM {name}").fetchone()[0]  # noqa: S608  (our own names)
        for name in theirs
        if "id" in columns[name]
    }
    for name in theirs:
        own = {column: name if column == "id" else refers[name].get(column, "") for column in columns[name]}
        taken = [
            f"{column} + :copy * {most[own[column]]}"
            if own[column] in most
            else f"{column} || '-' || :copy"
            if column == "code"
            else column
            for column in columns[name]
        ]
        first = next(column for column in columns[name] if own[column] in most)
        copying = (
            f"INSERT INTO {name} ({', '.join(columns[name])}) SELECT {', '.join(taken)} FROM {name}"  # noqa: S608  (our own names)
            f" WHERE {first} <= {most[own[first]]}"
        )
        connection.executemany(copying, [{"copy": number} for number in range(1, times)])
    connection.commit()
    connection.close()


def write_attendance(folder: Path, cohorts: int, rows: int) -> int:
    """Only ``attendance.csv``: a mark for each participant at each of the first lessons; how many rows it has."""
    folder.mkdir(parents=True, exist_ok=True)
    written = 0
    with (folder / "attendance.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("cohort_code", "lesson_no", "participant_code", "mark"))
        for number in range(1, cohorts + 1):
            for lesson in range(1, 35):
                for person in range(1, PARTICIPANTS + 1):
                    if written == rows:
                        return written
                    writer.writerow((cohort_code(number), lesson, participant_code(number, person), "present"))
                    written += 1
    return written


def _that_refer_to(name: str, refers: dict[str, dict[str, str]]) -> list[str]:
    """The tables whose rows belong to those of ``name``, itself the first."""
    found = [name]
    for table in found:
        found += [each for each, columns in refers.items() if table in columns.values() and each not in found]
    return found


def cohort_code(number: int) -> str:
    """The code of the ``number``-th cohort."""
    return f"B-{number:05d}"


def participant_code(cohort: int, person: int) -> str:
    """The code of a participant of the ``cohort``-th cohort."""
    return f"B{cohort:05d}-{person:02d}"


def _renamed(rows: list[Row], number: int) -> Iterator[Row]:
    """The rows under other codes; participants 16 to 18 are the first three of the example once more."""
    for row in rows:
        renamed = dict(row)
        if "cohort_code" in row:
            renamed["cohort_code"] = cohort_code(number)
        if "participant_code" not in row:
            yield renamed
            continue
        person = int(row["participant_code"].rsplit("-", 1)[1])
        for twin in range(person, PARTICIPANTS + 1, 15):
            yield renamed | {"participant_code": participant_code(number, twin)}
