"""Laying the import's rows over the stored ones: which row replaces which, and what it says where the file is silent."""

from collections import defaultdict

from hto_track.rules.facts import EntryState
from hto_track.services.importing.files import Row
from hto_track.services.importing.known import Draft, Key, Known, StoredRow, key_of
from hto_track.services.importing.parsing import ParsedFile, ParsedRow
from hto_track.services.importing.stores import STORES

DECIDED = (EntryState.CONFIRMED, EntryState.REJECTED)


def lay_over(stored: dict[str, list[StoredRow]], parsed: dict[str, ParsedFile]) -> Known:
    """What will be known, with a draft for each row of the import."""
    known = Known(
        stored=stored,
        unreadable=frozenset(name for name, file in parsed.items() if not file.is_whole),
    )
    for name, file in parsed.items():
        known.drafts[name] = _drafts(file, stored[name])
        _add_codes(known, name)
    return known


def _drafts(file: ParsedFile, stored: list[StoredRow]) -> list[Draft]:
    if file.format.repeats:
        return _repeating_drafts(file, stored)
    key = file.format.key
    absent = _absent(file)
    defaults = file.format.defaults
    by_key = {key_of(row.values, key): row for row in stored}
    return [_draft(row, by_key.get(key_of(row.values, key)), absent, defaults) for row in file.rows]


def _absent(file: ParsedFile) -> tuple[str, ...]:
    return tuple(column.name for column in file.format.columns if column.name not in file.places)


def _draft(row: ParsedRow, stored: StoredRow | None, absent: tuple[str, ...], defaults: Row) -> Draft:
    """A column that the file does not have keeps what is stored, or takes its default."""
    if not absent:
        return Draft(row, stored, row.values)
    base = defaults if stored is None else stored.values
    return Draft(row, stored, {name: base[name] for name in absent} | row.values)


def _repeating_drafts(file: ParsedFile, stored: list[StoredRow]) -> list[Draft]:
    """Rows without a key of their own: among those of one key, the same ones first, then in order of occurrence."""
    if file.format.name == "internship_hours":
        for row in file.rows:
            _fill_dates(row.values)
    key = file.format.key
    waiting: defaultdict[Key, list[StoredRow]] = defaultdict(list)
    for old in stored:
        waiting[key_of(old.values, key)].append(old)
    matches: dict[int, StoredRow] = {}
    for row in file.rows:
        candidates = waiting.get(key_of(row.values, key), [])
        same = next((old for old in candidates if _says_the_same(row, old)), None)
        if same is not None:
            candidates.remove(same)
            matches[row.number] = same
    absent, defaults = _absent(file), file.format.defaults
    drafts = []
    for row in file.rows:
        candidates = waiting.get(key_of(row.values, key), [])
        match = matches.get(row.number) or (candidates.pop(0) if candidates else None)
        drafts.append(_draft(row, match, absent, defaults))
    return drafts


def _says_the_same(row: ParsedRow, stored: StoredRow) -> bool:
    return all(stored.values[name] == value for name, value in row.values.items())


def _fill_dates(values: Row) -> None:
    """An empty ``submitted_on`` is the date, and so is an empty ``confirmed_on`` of what was decided."""
    on = values.get("date")
    if on is None:
        return
    if values.get("submitted_on", on) is None:
        values["submitted_on"] = on
    if values.get("confirmed_on", on) is None and values.get("state") in DECIDED:
        values["confirmed_on"] = on


def _add_codes(known: Known, name: str) -> None:
    """Say of which cohort, and for checkpoints of which programme, the rows of a participant are."""
    names = {name for reference in STORES[name].references for name in reference.key}
    if STORES[name].scope != "participant_code" or name in ("participants", "attendance"):
        return
    for draft in known.drafts[name]:
        values = draft.values
        cohort = known.row("participants", values.get("participant_code")).get("cohort_code")
        if cohort is None:
            continue
        if values is draft.parsed.values:
            values = draft.values = dict(values)
        values["cohort_code"] = cohort
        if "programme_code" in names:
            values["programme_code"] = known.row("cohorts", cohort).get("programme_code")
