"""What people write in a spreadsheet for a mark and for a result, in both languages, and above the columns that hold them."""

from enum import StrEnum

from hto_track.rules.facts import Mark


class Result(StrEnum):
    """What a cell says of somebody's work: how their last attempt was assessed, or that it waits for that."""

    SUBMITTED = "submitted"
    PASSED = "passed"
    FAILED = "failed"
    EXEMPT = "exempt"


MARKS: dict[str, Mark] = {
    word: mark
    for mark, words in {
        Mark.PRESENT: "present, aanwezig, a, p, x, v, ja, yes, 1, true, waar, ✓, ✔, ☑, ✅",
        Mark.LATE: "late, te laat, laat, tl, l, t",
        Mark.EXCUSED: "excused, afgemeld, afm, afg, e",
        Mark.ABSENT: "absent, afwezig, afw, nee, no, 0, false, onwaar, -, –, —, ✗, ✘, ☒, ❌",
        Mark.MADE_UP: "made up, made_up, ingehaald, inh, i",
    }.items()
    for word in words.split(", ")
}
MARK_HEADERS = frozenset(
    {
        "aanwezig",
        "aanwezig?",
        "aanwezigheid",
        "presentie",
        "present",
        "present?",
        "attendance",
        "markering",
        "mark",
        "status",
    }
)
RESULTS: dict[str, Result] = {
    word: result
    for result, words in {
        Result.SUBMITTED: "submitted, handed in, ingeleverd, in",
        Result.PASSED: "passed, pass, voldoende, v, geslaagd, behaald, gehaald, p, vold",
        Result.FAILED: "failed, fail, not passed, onvoldoende, o, niet behaald, niet gehaald, f, onv, nvo",
        Result.EXEMPT: "exempt, exemption, vrijstelling, vrijgesteld, vr",
    }.items()
    for word in words.split(", ")
}


class Part(StrEnum):
    """What a column holds."""

    RESULT = "result"
    ASSIGNMENT = "assignment"
    DATE = "date"
    UNKNOWN = "unknown"


PARTS: dict[str, Part] = {
    header: part
    for part, headers in {
        Part.ASSIGNMENT: "assignment, assignment code, assignment_code, opdracht, opdrachtcode",
        Part.RESULT: "outcome, result, uitkomst, resultaat, beoordeling, assessment",
        Part.DATE: "date, day, datum, dag, assessed on, assessed_on, beoordeeld op, submitted_on, handed in on, ingeleverd op",
    }.items()
    for header in headers.split(", ")
}
