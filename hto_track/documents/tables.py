"""Tables in and out: a folder of CSV files, or one workbook whose sheets have the same names (FORMATS.md).

Reading yields text cells only, so that a CSV file and a workbook are judged by the same rules, and never raises for what
is in a file: what cannot be read is a ``Problem`` beside the sheets that can.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from hto_track.documents.csv_files import csv_lines, csv_table
from hto_track.documents.sheets import OutTable, Problem, ProblemKind, Sheet, Tables, twice
from hto_track.documents.workbooks import workbook_bytes, workbook_tables

WORKBOOK_ENDING = ".xlsx"
CSV_ENDING = ".csv"


class NotWritten(Exception):
    """There is something at the path that would be lost."""


def read_tables(path: Path) -> Tables:
    """The tables of a folder of CSV files, of one CSV file, or of one XLSX workbook."""
    try:
        return _folder_tables(path) if path.is_dir() else file_tables(path.name, path.read_bytes())
    except FileNotFoundError:
        return _only(Problem(file=str(path), kind=ProblemKind.NOT_FOUND))
    except (OSError, ValueError) as error:
        closed = getattr(error, "filename", None) or path
        return _only(Problem(file=str(closed), kind=ProblemKind.CLOSED))


def file_tables(name: str, content: bytes) -> Tables:
    """The tables of one file by its name's ending: a CSV file or a workbook."""
    match Path(name).suffix.casefold():
        case ".csv":
            return csv_table(name, content)
        case ".xlsx":
            return workbook_tables(name, content)
        case _:
            return _only(Problem(file=name, kind=ProblemKind.NOT_A_TABLE))


def together(read: Iterable[Tables]) -> Tables:
    """The tables of several files as one; two tables of one name are a problem."""
    sheets: dict[str, Sheet] = {}
    problems: list[Problem] = []
    for tables in read:
        problems += tables.problems
        for sheet in tables.sheets:
            if sheet.name in sheets:
                problems.append(twice(sheet, sheets[sheet.name]))
            else:
                sheets[sheet.name] = sheet
    return Tables(sheets=tuple(sheets.values()), problems=tuple(problems))


def _folder_tables(folder: Path) -> Tables:
    files = sorted(filter(_is_csv, folder.iterdir()))
    if not files:
        return _only(Problem(file=str(folder), kind=ProblemKind.NO_TABLES))
    return together(csv_table(path.name, path.read_bytes()) for path in files)


def _is_csv(path: Path) -> bool:
    """Files that begin with a dot are the locks and shadows of other programs."""
    return path.suffix.casefold() == CSV_ENDING and not path.name.startswith(".") and path.is_file()


def _only(problem: Problem) -> Tables:
    return Tables(problems=(problem,))


def write_tables(tables: Iterable[OutTable], path: Path) -> None:
    """Write a workbook when ``path`` ends in .xlsx, else a folder of CSV files; NotWritten when something is there.

    An empty file or folder is filled. OSError when the place cannot be written to.
    """
    if path.suffix.casefold() == WORKBOOK_ENDING:
        if path.is_dir() or (path.exists() and path.stat().st_size):
            raise NotWritten(path)
        _write_whole(path, workbook_bytes(tables))
        return
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise NotWritten(path)
    path.mkdir(parents=True, exist_ok=True)
    for table in tables:
        with (path / f"{table.name}{CSV_ENDING}").open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_lines(table))


def _write_whole(path: Path, content: bytes) -> None:
    """All of it or nothing: a half-written workbook cannot be opened."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)
