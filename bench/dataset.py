"""Many cohorts of 18, made of the packaged example with other codes."""

import csv
from collections.abc import Iterator
from pathlib import Path

from hto_track.config import ROOT

EXAMPLE = ROOT / "hto_track" / "data" / "zh-05"
PARTICIPANTS = 18
SHARED_FILES = frozenset({"programmes", "learning_outcomes", "checkpoints", "routes", "route_modules", "agreements"})


def write_cohorts(folder: Path, count: int) -> None:
    """``count`` cohorts of 18 participants in ``folder``, ready to import."""
    folder.mkdir(parents=True, exist_ok=True)
    for source in sorted(EXAMPLE.glob("*.csv")):
        with source.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            columns, rows = list(reader.fieldnames or ()), list(reader)
        with (folder / source.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            if source.stem in SHARED_FILES:
                writer.writerows(rows)
            else:
                for number in range(1, count + 1):
                    writer.writerows(_renamed(rows, number))


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


def cohort_code(number: int) -> str:
    """The code of the ``number``-th cohort."""
    return f"B-{number:05d}"


def participant_code(cohort: int, person: int) -> str:
    """The code of a participant of the ``cohort``-th cohort."""
    return f"B{cohort:05d}-{person:02d}"


def _renamed(rows: list[dict[str, str]], number: int) -> Iterator[dict[str, str]]:
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
