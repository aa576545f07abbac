"""A small set of all files that can be imported, sound as a whole, and ways to change one cell of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from hto_track.documents.csv_files import csv_table
from hto_track.documents.sheets import Tables
from hto_track.services.importing import Fault, FaultyFiles, ImportResult, import_files
from hto_track.services.policy import CONSOLE, Actor

TODAY = date(2026, 6, 14)

SMALL: Mapping[str, str] = {
    "programmes": "programme_code,title,college,min_attendance,make_up_limit,internship_min_hours,internship_max_hours,"
    "max_attempts,prep_hours_per_lesson,advertised_weekly_hours\nHTO,Hybride techniekopleider,Maas,0.8,1,80,100,2,1,12",
    "learning_outcomes": "programme_code,outcome_code,title\nHTO,LU1,Ontwerpen\nHTO,LU2,Begeleiden",
    "checkpoints": "programme_code,checkpoint_code,title,due_week\nHTO,VOG,Verklaring,6",
    "routes": "route_code,title,kind,college,terms,credits\nAD,Associate degree,associate_degree,Maas,4,120",
    "route_modules": "route_code,module_code,title,term,credits\nAD,M1,Module 1,1,10\nAD,M2,Module 2,1,12.5",
    "agreements": "programme_code,route_code,module_code,basis\nHTO,AD,M1,automatic\nHTO,AD,M2,none",
    "school_holidays": "school_year,region,name,first_day,last_day\n2025-2026,zuid,Zomervakantie,2026-07-11,2026-08-23",
    "cohorts": "cohort_code,programme_code,name,region,start_on,end_on,location,min_participants,max_participants,"
    "leader_email\nK-1,HTO,Groep 1,zuid,2026-03-09,2026-12-18,Tilburg,15,20,anja@example.org\n"
    "K-2,HTO,Groep 2,zuid,2026-03-09,2026-12-18,Breda,15,20,otto@example.org",
    "lessons": "cohort_code,lesson_no,date,start,end,title,state\nK-1,1,2026-03-10,18:30,21:30,Start,held\n"
    "K-1,2,2026-03-17,18:30,21:30,Rol,held\nK-1,3,2026-09-01,18:30,21:30,,\nK-2,7,2026-03-11,18:30,21:30,,",
    "assignments": "cohort_code,assignment_code,title,opens_on,due_on,estimated_hours,mandatory,outcome_codes\n"
    "K-1,A1,Portfolio,2026-03-10,2026-03-30,6,yes,LU1 LU2\nK-1,A2,Verslag,2026-04-06,2026-05-11,10,no,\n"
    "K-2,B1,Portfolio,2026-03-10,2026-03-30,6,yes,LU1",
    "participants": "cohort_code,participant_code,given_name,name_prefix,family_name,email,phone,employer,fund,sector,"
    "job_hours_per_week,release_hours_per_week,study_hours_per_week,travel_minutes,start_on,end_on,prior_education,"
    "in_education,source_channel,status,status_on\n"
    "K-1,K1-01,Bram,de,Wit,bram@example.org,,Vermeer,OOM,metaal,36,4,10,30,,,mbo-4,no,collega,active,\n"
    "K-1,K1-02,Noor,,Visser,noor@example.org,,,,,,,,,,,,,,paused,2026-06-01\n"
    "K-2,K2-01,Piet,,Smit,piet@example.org,,,,,,,,,,,,,,,",
    "pauses": "participant_code,start_on,end_on,reason\nK1-01,2026-05-04,2026-05-10,Vakantie",
    "placements": "participant_code,school,school_type,supervisor_name,supervisor_email,start_on,end_on,agreed_hours\n"
    "K1-01,Vakcollege,vmbo,Dirk Mulder,dirk@example.org,2026-04-01,2026-12-18,80",
    "attendance": "cohort_code,lesson_no,participant_code,mark\nK-1,1,K1-01,present\nK-1,2,K1-01,made_up\n"
    "K-1,1,K1-02,late\nK-1,3,K1-01,excused",
    "attempts": "participant_code,assignment_code,attempt,submitted_on,assessed_on,outcome,resit_due_on,assessor\n"
    "K1-01,A1,1,2026-03-28,2026-04-10,failed,2026-05-01,chaima@example.org\nK1-01,A1,2,2026-05-01,,,,\n"
    "K1-01,A2,0,2026-03-28,2026-03-28,exempt,,\nK1-02,A1,1,2026-03-28,2026-04-10,passed,,",
    "extensions": "participant_code,assignment_code,due_on,reason\nK1-02,A2,2026-06-01,In overleg",
    "internship_hours": "participant_code,school,date,start,end,break_minutes,hours,activity,state,submitted_on,"
    "confirmed_on,note\nK1-01,Vakcollege,2026-04-10,09:00,12:30,30,,observe,confirmed,,2026-04-13,\n"
    "K1-01,Vakcollege,2026-04-17,,,,4.5,teach,,,,\nK1-01,Vakcollege,2026-04-24,09:00,12:00,,,assist,rejected,,,Nee",
    "study_log": "participant_code,date,hours,assignment_code,note\nK1-01,2026-03-13,1.5,A1,\nK1-01,2026-03-13,2,,\n"
    "K1-01,2026-03-13,2,,",
    "final_assessments": "participant_code,date,outcome,resit_allowed,assessor\nK1-01,2026-06-10,failed,yes,Commissie",
    "checkpoint_records": "participant_code,checkpoint_code,date,recorded_by,note\nK1-01,VOG,2026-04-20,Anja,",
    "exemptions": "participant_code,route_code,module_code,state,requested_on,decided_on,decided_by,reason\n"
    "K1-01,AD,M1,granted,2026-05-01,2026-05-20,Femke,Op bewijs",
}
"""By name, as CSV. The header is row 1."""

ROWS = sum(text.count("\n") for text in SMALL.values())


def tables(files: Mapping[str, str | bytes]) -> Tables:
    """These files, as if read from a folder."""
    read = [
        csv_table(f"{name}.csv", text if isinstance(text, bytes) else text.encode("utf-8"))
        for name, text in files.items()
    ]
    return Tables(
        sheets=tuple(sheet for one in read for sheet in one.sheets),
        problems=tuple(problem for one in read for problem in one.problems),
    )


def cells_of(text: str) -> list[list[str]]:
    """The rows of a file, header first; no cell of ``SMALL`` holds a comma."""
    return [line.split(",") for line in text.split("\n")]


def text_of(cells: list[list[str]]) -> str:
    """The file of these rows."""
    return "\n".join(",".join(row) for row in cells)


def with_cell(file: str, row: int, column: str, value: str, files: Mapping[str, str] = SMALL) -> dict[str, str]:
    """``files`` with one other cell; ``row`` counts as a spreadsheet does."""
    cells = cells_of(files[file])
    cells[row - 1][cells[0].index(column)] = f'"{value}"' if "," in value and '"' not in value else value
    return {**files, file: text_of(cells)}


def with_rows(file: str, *rows: str, files: Mapping[str, str] = SMALL) -> dict[str, str]:
    """``files`` with more rows at the end of one."""
    return {**files, file: "\n".join((files[file], *rows))}


def without_columns(file: str, *columns: str, files: Mapping[str, str] = SMALL) -> dict[str, str]:
    """``files`` with columns of one file left out."""
    cells = cells_of(files[file])
    places = [place for place, name in enumerate(cells[0]) if name not in columns]
    return {**files, file: text_of([[row[place] for place in places] for row in cells])}


def only(*names: str, files: Mapping[str, str] = SMALL) -> dict[str, str]:
    """Some of ``files``."""
    return {name: files[name] for name in names}


def imported(files: Mapping[str, str | bytes], actor: Actor = CONSOLE, on: date = TODAY) -> ImportResult:
    """What importing these files did."""
    return import_files(actor, tables(files), on)


def faults_of(files: Mapping[str, str | bytes], actor: Actor = CONSOLE, on: date = TODAY) -> tuple[Fault, ...]:
    """All that is wrong with these files."""
    try:
        imported(files, actor, on)
    except FaultyFiles as refused:
        return refused.faults
    return ()


def write_folder(files: Mapping[str, str | bytes], folder: Path) -> Path:
    """The files in a folder."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder
