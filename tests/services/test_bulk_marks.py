"""Attendance in bulk: what a table would do, that it is stored whole or not at all, and that it reads back."""

from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hto_track.documents.pasted_table import PastedTable, pasted_table
from hto_track.extensions import db
from hto_track.models.ledger import AuditEntry
from hto_track.models.lessons import Attendance, Lesson, LessonState
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading, Seen
from hto_track.rules.facts import Mark
from hto_track.services.attendance import MarkChange, record_marks
from hto_track.services.bulk_marks import (
    SeenMarks,
    attendance_grid,
    preview_marks,
    store_marks,
    undo_bulk_marks,
)
from hto_track.services.bulk_tables import CellState, NotStored, Preview, Stored
from hto_track.services.bulk_words import MARKS
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail


def table(*rows: str) -> PastedTable:
    """A table of rows whose cells are parted by bars."""
    return pasted_table("\n".join(row.replace("|", "\t") for row in rows))


def looked_at(cast: Cast, *rows: str, lesson: int | None = None, by: Actor | None = None) -> tuple[Preview, SeenMarks]:
    """What Chaima sees that a table would do."""
    return preview_marks(by or cast.chaima, cast.cohort, table(*rows), lesson, TODAY)


def states(cast: Cast, *rows: str, lesson: int | None = None) -> list[list[CellState]]:
    """The states of the cells, by row."""
    preview, _ = looked_at(cast, *rows, lesson=lesson)
    return [[cell.state for cell in row.cells] for row in preview.rows]


def stored(cast: Cast, *rows: str, lesson: int | None = None, form: SentForm | None = None) -> Stored:
    """Look at a table and store it."""
    _, seen = looked_at(cast, *rows, lesson=lesson)
    return store_marks(cast.chaima, cast.cohort, table(*rows), lesson, seen, TODAY, form)


def marks() -> dict[tuple[str, int], Mark]:
    """Every mark that is stored, by participant and lesson."""
    rows = db.session.execute(
        select(Participant.code, Lesson.number, Attendance.mark)
        .join(Attendance, Attendance.participant_id == Participant.id)
        .join(Lesson, Lesson.id == Attendance.lesson_id)
    )
    return {(code, number): mark for code, number, mark in rows}


def give(cast: Cast, mark: Mark | None, *, seen: Mark | None = None, of: str = "C1-01", lesson: int = 1) -> None:
    """Anja gives a mark."""
    record_marks(cast.anja, cast.cohort, lesson, [MarkChange(participant=of, seen=seen, mark=mark)], TODAY)


def add_lesson(cast: Cast, number: int, held_on: date, state: LessonState = LessonState.PLANNED) -> None:
    """A further lesson of the cohort."""
    with writing() as session:
        session.add(
            Lesson(
                cohort_id=cast.cohort_id,
                number=number,
                held_on=held_on,
                starts_at=time(18, 30),
                ends_at=time(21),
                state=state,
            )
        )


NEW, CHANGED, SAME, WRONG, PLAIN, MEANWHILE = (
    CellState.NEW,
    CellState.CHANGED,
    CellState.SAME,
    CellState.WRONG,
    CellState.PLAIN,
    CellState.MEANWHILE,
)


def test_a_table_is_previewed_cell_by_cell_and_nothing_is_stored(cast: Cast) -> None:
    give(cast, Mark.ABSENT)
    give(cast, Mark.PRESENT, of="C1-02")
    preview, seen = looked_at(cast, "Code|Les 1|Les 2|Les 3", "C1-01|aanwezig|te laat|", "C1-02|x|ziek|aanwezig")
    assert [[cell.state for cell in row.cells] for row in preview.rows] == [[CHANGED, NEW, PLAIN], [SAME, WRONG, WRONG]]
    assert [row.who for row in preview.rows] == ["Bram de Wit", "Noor Visser"]
    assert (preview.rows[0].cells[0].was, preview.rows[0].cells[0].becomes) == (Mark.ABSENT, Mark.PRESENT)
    assert [preview.count(state) for state in (NEW, CHANGED, SAME, WRONG)] == [1, 1, 1, 2]
    assert not preview.can_be_stored
    assert seen["C1-01", 1] is Mark.ABSENT
    assert marks() == {("C1-01", 1): Mark.ABSENT, ("C1-02", 1): Mark.PRESENT}


def test_a_lesson_is_named_by_number_or_by_date(cast: Cast) -> None:
    headers = ["1", "Les 1", "les1", "#1", "L1", "Lesson 1 · 10/03/2026", "1.0", "10-3", "10 maart", "46091"]
    for header in [*headers, "2026-03-10", "di 10 maart 2026", "2026-03-10 18:30", "2026-03-10 00:00:00"]:
        assert states(cast, f"Naam|{header}", "bram  DE wit|ja") == [[NEW]], header


def test_a_column_that_names_no_lesson_is_wrong(cast: Cast) -> None:
    for header in ["99", "Les 99", "les 1-3", "11-3", "Opmerking", "", "46092", "-1", "1e9", "9" * 30]:
        preview, _ = looked_at(cast, f"Code|Les 1|{header}", "C1-01|x|x", lesson=2)
        assert preview.columns[1].sentence is not None, header
        assert preview.count(WRONG) == 1


def test_two_lessons_on_one_date_need_their_number(cast: Cast) -> None:
    add_lesson(cast, 9, date(2026, 3, 10))
    preview, _ = looked_at(cast, "Code|10-3|9", "C1-01|x|x")
    assert [column.sentence is None for column in preview.columns] == [False, True]


def test_one_column_of_marks_is_of_the_lesson_that_was_chosen_with_a_header_or_without(cast: Cast) -> None:
    assert stored(cast, "Naam|Aanwezig?", "Bram de Wit|x", lesson=2).new == 1
    assert stored(cast, "noor@example.org|l", lesson=2).new == 1
    assert stored(cast, "C1-01|Bram de Wit|a", lesson=1).new == 1
    assert marks() == {("C1-01", 2): Mark.PRESENT, ("C1-02", 2): Mark.LATE, ("C1-01", 1): Mark.PRESENT}


def test_each_word_is_its_mark(cast: Cast) -> None:
    for word, mark in MARKS.items():
        preview, _ = looked_at(cast, "code|1", f"C1-01|{word.upper()}")
        assert preview.rows[0].cells[0].becomes is mark, word


def test_a_person_of_another_cohort_is_as_unknown_as_nobody(cast: Cast) -> None:
    preview, _ = looked_at(cast, "code|1", f"{cast.other_participant}|x", "C9-99|x", "piet@example.org|x", "|x")
    sentences = [str(row.sentence).replace(row.who, "…") for row in preview.rows]
    assert sentences[0] == sentences[1] == sentences[2]
    assert preview.count(WRONG) == 4
    assert all(row.code is None for row in preview.rows)


def test_two_people_of_one_name_need_their_code_and_a_code_with_the_name_of_another_is_wrong(cast: Cast) -> None:
    with writing() as session:
        noor = session.scalars(select(Participant).where(Participant.code == "C1-02")).one()
        noor.given_name, noor.name_prefix, noor.family_name = "Bram", "de", "Wit"
    preview, _ = looked_at(cast, "naam|1", "Bram de Wit|x")
    assert preview.count(WRONG) == 1
    assert states(cast, "naam|code|1", "Bram de Wit|C1-02|x") == [[NEW]]
    preview, _ = looked_at(cast, "e-mail|code|1", "bram@example.org|C1-02|x")
    assert preview.count(WRONG) == 1
    assert states(cast, "naam|code|1", "Brammetje|C1-01|x") == [[NEW]]


def test_somebody_twice_or_a_lesson_twice_is_wrong(cast: Cast) -> None:
    preview, _ = looked_at(cast, "code|1|10-3", "C1-01|x|x", "bram@example.org|x|")
    assert [preview.rows[1].sentence is None, preview.columns[1].sentence is None] == [False, False]
    assert preview.count(WRONG) == 2


def test_a_name_is_known_however_its_accents_are_written(cast: Cast) -> None:
    with writing() as session:
        session.scalars(select(Participant).where(Participant.code == "C1-01")).one().given_name = "Zoë"
    assert states(cast, "naam|1", "zoe\u0308\u00a0de  wit|x") == [[NEW]]


def test_what_a_single_mark_is_refused_for_is_wrong_here_too(cast: Cast) -> None:
    add_lesson(cast, 9, date(2026, 5, 12), LessonState.CANCELLED)
    assert states(cast, "code|3|9", "C1-01|afgemeld|x", "C1-02|x|") == [[NEW, WRONG], [WRONG, PLAIN]]


def test_the_lessons_a_table_makes_up_are_counted_together(cast: Cast) -> None:
    for number in range(11, 17):
        add_lesson(cast, number, date(2026, 5, number))
    rows = ("code|11|12|13|14|15", "C1-01|ingehaald|ingehaald|ingehaald|ingehaald|ingehaald")
    assert states(cast, *rows) == [[NEW, NEW, NEW, NEW, WRONG]]
    assert stored(cast, "code|11|12|13|14", "C1-01|i|i|i|i").new == 4
    assert states(cast, "code|15", "C1-01|i") == [[WRONG]]
    assert stored(cast, "code|15|11", "C1-01|i|afwezig") == Stored(new=1, changed=1)


def test_a_table_is_stored_whole_and_written_down_as_single_marks_are(cast: Cast) -> None:
    give(cast, Mark.ABSENT)
    result = stored(cast, "code|1|2", "C1-01|x|te laat", "C1-02||afwezig")
    assert result == Stored(new=2, changed=1)
    assert marks() == {("C1-01", 1): Mark.PRESENT, ("C1-01", 2): Mark.LATE, ("C1-02", 2): Mark.ABSENT}
    assert [(entry.actor, entry.action, entry.subject, entry.before, entry.after) for entry in trail()[1:]] == [
        (cast.chaima.ref, "record_mark", "participant/C1-01/lessons/1", {"mark": "absent"}, {"mark": "present"}),
        (cast.chaima.ref, "record_mark", "participant/C1-01/lessons/2", {"mark": None}, {"mark": "late"}),
        (cast.chaima.ref, "record_mark", "participant/C1-02/lessons/2", {"mark": None}, {"mark": "absent"}),
    ]


def test_nothing_is_stored_when_anything_is_wrong_or_nothing_is_new(cast: Cast) -> None:
    for rows in (("code|1", "C1-01|x", "C1-02|ziek"), ("code|1|99", "C1-01|x|x"), ("code|1", "C1-01|x", "C9|x")):
        with pytest.raises(NotStored) as instead:
            stored(cast, *rows)
        assert instead.value.preview.count(WRONG) == 1
    give(cast, Mark.PRESENT)
    with pytest.raises(NotStored):
        stored(cast, "code|1", "C1-01|x")
    assert marks() == {("C1-01", 1): Mark.PRESENT}


def test_a_mark_that_somebody_changed_meanwhile_is_asked_and_nothing_is_lost(cast: Cast) -> None:
    rows = ("code|1|2", "C1-01|x|x", "C1-02|x|")
    _, seen = looked_at(cast, *rows)
    give(cast, Mark.EXCUSED)
    give(cast, Mark.PRESENT, of="C1-02")
    with pytest.raises(NotStored) as instead:
        store_marks(cast.chaima, cast.cohort, table(*rows), None, seen, TODAY)
    preview = instead.value.preview
    assert [[cell.state for cell in row.cells] for row in preview.rows] == [[MEANWHILE, NEW], [SAME, PLAIN]]
    assert preview.to_store == 2
    assert marks() == {("C1-01", 1): Mark.EXCUSED, ("C1-02", 1): Mark.PRESENT}
    store_marks(cast.chaima, cast.cohort, table(*rows), None, instead.value.seen, TODAY)
    assert marks()["C1-01", 1] is Mark.PRESENT


def test_a_mark_that_was_the_same_and_was_changed_since_is_asked_too(cast: Cast) -> None:
    give(cast, Mark.PRESENT)
    rows = ("code|1|2", "C1-01|x|x")
    _, seen = looked_at(cast, *rows)
    give(cast, Mark.LATE, seen=Mark.PRESENT)
    with pytest.raises(NotStored) as instead:
        store_marks(cast.chaima, cast.cohort, table(*rows), None, seen, TODAY)
    assert instead.value.preview.count(MEANWHILE) == 1


def test_a_table_sent_twice_is_stored_once(cast: Cast) -> None:
    form = SentForm(key="k1", content="c")
    first = stored(cast, "code|1", "C1-01|x", form=form)
    give(cast, None, seen=Mark.PRESENT)
    assert stored(cast, "code|1", "C1-01|x", form=form) == first
    assert marks() == {}


def test_undo_gives_back_what_stood_and_leaves_what_somebody_changed_since(cast: Cast) -> None:
    give(cast, Mark.ABSENT)
    stored(cast, "code|1|2", "C1-01|x|x", "C1-02|x|x", form=SentForm(key="k1", content="c"))
    give(cast, Mark.LATE, seen=Mark.PRESENT, of="C1-02", lesson=2)
    assert undo_bulk_marks(cast.chaima, cast.cohort, "k1", TODAY) == Stored(changed=3, kept=1)
    assert marks() == {("C1-01", 1): Mark.ABSENT, ("C1-02", 2): Mark.LATE}
    with pytest.raises(NotFound):
        undo_bulk_marks(cast.anja, cast.cohort, "k1", TODAY)


def test_who_may_not_record_attendance_may_not_paste_it_either(cast: Cast) -> None:
    rows = table("code|1", "C1-01|x")
    for actor, refusal in ((cast.gijs, Forbidden), (cast.bram, NotFound), (cast.otto, NotFound)):
        with pytest.raises(refusal):
            preview_marks(actor, cast.cohort, rows, None, TODAY)
        with pytest.raises(refusal):
            store_marks(actor, cast.cohort, rows, None, {}, TODAY)
        with pytest.raises(refusal):
            attendance_grid(actor, cast.cohort, None, TODAY)
    assert marks() == {}


def test_the_list_to_take_along_holds_what_stands_and_is_noted(cast: Cast) -> None:
    add_lesson(cast, 9, date(2026, 5, 12), LessonState.CANCELLED)
    give(cast, Mark.LATE)
    grid = attendance_grid(cast.chaima, cast.cohort, None, TODAY)
    assert [lesson.number for lesson in grid.lessons] == [1, 2, 3]
    assert grid.rows == (("C1-01", "Bram de Wit", (Mark.LATE, None, None)), ("C1-02", "Noor Visser", (None,) * 3))
    assert grid.memories == ("C1-01: 1l 2- 3-", "C1-02: 1- 2- 3-")
    assert [lesson.number for lesson in attendance_grid(cast.chaima, cast.cohort, 2, TODAY).lessons] == [2]
    assert [(row.reader, row.seen) for row in db.session.scalars(select(Reading))] == [(cast.chaima.ref, Seen.FILES)]


def test_a_preview_costs_as_many_queries_whatever_the_table(cast: Cast, count_queries) -> None:
    looked_at(cast, "code|1", "C1-01|x")  # notes the reading
    with count_queries() as few:
        looked_at(cast, "code|1", "C1-01|x")
    with count_queries() as many:
        looked_at(cast, "code|1|2|3", "C1-01|x|x|afgemeld", "C1-02|i|l|e", "C1-03|x|x|x")
    assert len(many) == len(few) == 5


WORDS = st.sampled_from(["", "x", "afwezig", "ingehaald", "ziek", "C1-01", "1", "=1+1", "\x00", "'", "9" * 30])
CELL = st.one_of(WORDS, st.text(max_size=8))
HEADER = st.one_of(st.sampled_from(["code", "naam", "1", "les 2", "3", "10-3", "46091", "99999", "aanwezig"]), CELL)
WHO = st.one_of(st.sampled_from(["C1-01", "C1-02", "Bram de Wit", "noor@example.org", "C2-01"]), CELL)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(header=st.lists(HEADER, max_size=4), rows=st.lists(st.tuples(WHO, st.lists(CELL, max_size=4)), max_size=4))
def test_any_table_is_previewed_and_stored_whole_or_not_at_all(
    cast: Cast, header: list[str], rows: list[tuple[str, list[str]]]
) -> None:
    lines = ["\t".join(["code", *header]), *("\t".join([who, *cells]) for who, cells in rows)]
    read = pasted_table("\n".join(lines))
    before, entries = marks(), len(db.session.scalars(select(AuditEntry.id)).all())
    preview, seen = preview_marks(cast.chaima, cast.cohort, read, 2, TODAY)
    try:
        done = store_marks(cast.chaima, cast.cohort, read, 2, seen, TODAY)
    except NotStored:
        assert not preview.can_be_stored
        assert marks() == before
    else:
        assert preview.can_be_stored
        assert done.new + done.changed == sum(before.get(key) is not mark for key, mark in marks().items())
        assert len(db.session.scalars(select(AuditEntry.id)).all()) == entries + done.new + done.changed
