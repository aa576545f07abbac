"""Rows against other rows, of the import and of what is stored: references, and what must hold across rows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date

from flask_babel import lazy_gettext as _l

from hto_track.rules.facts import Mark
from hto_track.services.importing.entries import Spans, check_entries
from hto_track.services.importing.faults import Fault
from hto_track.services.importing.known import Draft, Known
from hto_track.services.importing.parsing import ParsedFile
from hto_track.services.importing.row_rules import troubles_of
from hto_track.services.importing.stores import STORES, Reference

PARENTS = {"lessons": "cohorts", "assignments": "cohorts", "route_modules": "routes", "checkpoints": "programmes"}
"""The files of which the first part of a key is a reference of its own."""

Check = Callable[[ParsedFile, Known, Spans], Iterator[Fault]]


def check(parsed: dict[str, ParsedFile], known: Known, today: date) -> list[Fault]:
    """All that is wrong with the rows of all files; rows of internship hours get their minutes and placement here."""
    faults: list[Fault] = []
    spans = Spans(known, today)
    for name, file in parsed.items():
        faults += _row_faults(file, known.drafts[name])
        for reference in STORES[name].references:
            faults += _dangling(file, known, reference)
        faults += CHECKS.get(name, _nothing)(file, known, spans)
    return faults


def _nothing(_file: ParsedFile, _known: Known, _spans: Spans) -> Iterator[Fault]:
    return iter(())


def _row_faults(file: ParsedFile, drafts: list[Draft]) -> Iterator[Fault]:
    for draft in drafts:
        for column, expected in troubles_of(file.format.name, draft.values):
            yield file.fault(draft.parsed, column, expected)


def _dangling(file: ParsedFile, known: Known, reference: Reference) -> Iterator[Fault]:
    """Codes that refer to nothing; where the file they would be in cannot be read, nobody knows."""
    if reference.file in known.unreadable or reference.file == "placements":
        return
    there = known.rows(reference.file)
    names = reference.key
    parent = PARENTS.get(reference.file)
    own = {column.name for column in file.format.columns}
    for draft in known.drafts[file.format.name]:
        values = draft.values
        key = tuple([values.get(name) for name in names])
        if key in there or None in key:
            continue
        if parent is not None and key[:1] not in known.rows(parent):
            if parent not in known.unreadable and names[0] in own:
                yield file.fault(
                    draft.parsed, names[0], _l("something stored or imported as %(column)s", column=names[0])
                )
            continue
        if len(key) == 1:
            expected = _l("something stored or imported as %(column)s", column=names[0])
        else:
            expected = _l("something stored or imported as %(column)s of %(parent)s", column=names[-1], parent=key[0])
        yield file.fault(draft.parsed, names[-1], expected)


def _check_lessons(file: ParsedFile, known: Known, _spans: Spans) -> Iterator[Fault]:
    for draft in known.drafts["lessons"]:
        cohort = known.row("cohorts", draft.values.get("cohort_code"))
        on, first, last = draft.values.get("date"), cohort.get("start_on"), cohort.get("end_on")
        if on and first and last and first <= last and not first <= on <= last:
            expected = _l("a date of the cohort, %(first)s to %(last)s", first=first.isoformat(), last=last.isoformat())
            yield file.fault(draft.parsed, "date", expected)


def _check_assignments(file: ParsedFile, known: Known, _spans: Spans) -> Iterator[Fault]:
    if "learning_outcomes" in known.unreadable:
        return
    outcomes = known.rows("learning_outcomes")
    for draft in known.drafts["assignments"]:
        programme = known.row("cohorts", draft.values.get("cohort_code")).get("programme_code")
        for code in draft.values.get("outcome_codes", ()):
            if programme is not None and (programme, code) not in outcomes:
                expected = _l("learning outcomes of %(programme)s; %(code)s is none", programme=programme, code=code)
                yield file.fault(draft.parsed, "outcome_codes", expected)


def _check_participants(file: ParsedFile, known: Known, _spans: Spans) -> Iterator[Fault]:
    for draft in known.drafts["participants"]:
        if draft.stored is None or "cohort_code" not in draft.values:
            continue
        stored = draft.stored.values["cohort_code"]
        if draft.values["cohort_code"] != stored:
            expected = _l("%(cohort)s: this participant is stored in that cohort", cohort=stored)
            yield file.fault(draft.parsed, "cohort_code", expected)


def _check_attendance(file: ParsedFile, known: Known, spans: Spans) -> Iterator[Fault]:
    participants, cohorts = known.rows("participants"), known.rows("cohorts")
    for draft in known.drafts["attendance"]:
        values = draft.values
        participant = participants.get((values.get("participant_code"),))
        if participant is None:
            continue
        cohort = values.get("cohort_code")
        if (cohort,) in cohorts and participant.get("cohort_code", cohort) != cohort:
            yield file.fault(draft.parsed, "participant_code", _l("a participant of cohort %(cohort)s", cohort=cohort))
    yield from _check_made_up(file, known, spans)


def _check_made_up(file: ParsedFile, known: Known, spans: Spans) -> Iterator[Fault]:
    """``made_up`` beyond the limit is refused when it is recorded (RULES.md section 1); what is stored stays."""
    made_up: defaultdict[str, list[Draft]] = defaultdict(list)
    for draft in known.drafts["attendance"]:
        code = draft.values.get("participant_code", "")
        is_new = draft.values.get("mark") is Mark.MADE_UP and draft.is_news(("mark",))
        if is_new and spans.is_lesson_of(code, draft.values):
            made_up[code].append(draft)
    if not made_up:
        return
    counts: Counter[str] = Counter()
    for (_, _, code), values in known.rows("attendance").items():
        if code in made_up and values.get("mark") is Mark.MADE_UP and spans.is_lesson_of(code, values):
            counts[code] += 1
    for code, drafts in made_up.items():
        limit = spans.programme_of(code).get("make_up_limit")
        if limit is None:
            continue
        beyond = min(max(0, counts[code] - limit), len(drafts))
        for draft in drafts[len(drafts) - beyond :]:
            expected = _l("another mark: the make_up_limit of the programme is %(limit)s", limit=limit)
            yield file.fault(draft.parsed, "mark", expected)


def _check_attempts(file: ParsedFile, known: Known, _spans: Spans) -> Iterator[Fault]:
    """Attempts are numbered 1, 2, … without gaps, those stored counted with them."""
    there = known.rows("attempts")
    for draft in known.drafts["attempts"]:
        code, assignment, number = (draft.values.get(name) for name in file.format.key)
        if number is not None and number > 1 and (code, assignment, number - 1) not in there:
            expected = _l("attempt %(missing)s before it: attempts have no gaps", missing=number - 1)
            yield file.fault(draft.parsed, "attempt", expected)


CHECKS: dict[str, Check] = {
    "lessons": _check_lessons,
    "assignments": _check_assignments,
    "participants": _check_participants,
    "attendance": _check_attendance,
    "attempts": _check_attempts,
    "internship_hours": check_entries,
}
