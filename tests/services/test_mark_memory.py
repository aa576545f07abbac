"""A list that was taken along knows what it was made of: only what was changed in it counts, and what is newer here stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from hto_track.documents.pasted_table import PastedTable, pasted_table
from hto_track.models.lessons import Lesson, LessonState
from hto_track.rules.facts import Mark
from hto_track.services.bulk_marks import preview_marks, store_marks, undo_bulk_marks
from hto_track.services.bulk_tables import CellState, NotStored, Preview, Stored
from hto_track.services.form_answers import SentForm
from hto_track.services.mark_memory import memory_text, remembered
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.services.test_bulk_marks import give, marks

NEW, CHANGED, SAME, NEWER, ASKED, MEANWHILE = (
    CellState[name] for name in ("NEW", "CHANGED", "SAME", "NEWER", "ASKED", "MEANWHILE")
)
HEADER = "code|1|2|zo stond het"


def table(*rows: str, header: str = HEADER) -> PastedTable:
    return pasted_table("\n".join(row.replace("|", "\t") for row in (header, *rows)))


def looked_at(cast: Cast, *rows: str, header: str = HEADER) -> Preview:
    return preview_marks(cast.chaima, cast.cohort, table(*rows, header=header), None, TODAY)[0]


def states(preview: Preview) -> list[list[CellState]]:
    return [[cell.state for cell in row.cells] for row in preview.rows]


def stored(cast: Cast, *rows: str, chosen: tuple[str, ...] = (), form: SentForm | None = None) -> Stored:
    _, seen = preview_marks(cast.chaima, cast.cohort, table(*rows), None, TODAY)
    return store_marks(cast.chaima, cast.cohort, table(*rows), None, seen, TODAY, form, chosen)


def test_only_what_was_changed_in_the_list_counts(cast: Cast) -> None:
    give(cast, Mark.EXCUSED)  # after the list was taken along
    rows = ("C1-01|afwezig|aanwezig|C1-01: 1a 2-", "C1-02||te laat|C1-02: 1- 2-")
    preview = looked_at(cast, *rows)
    assert states(preview) == [[NEWER, NEW], [CellState.PLAIN, NEW]]
    assert (preview.rows[0].cells[0].was, preview.to_store) == (Mark.EXCUSED, 2)
    assert stored(cast, *rows) == Stored(new=2)
    assert marks()["C1-01", 1] is Mark.EXCUSED


def test_what_only_the_list_changed_is_stored(cast: Cast) -> None:
    give(cast, Mark.ABSENT)
    rows = ("C1-01|te laat||C1-01: 1a 2-",)
    assert states(looked_at(cast, *rows))[0][0] is CHANGED
    assert stored(cast, *rows) == Stored(changed=1)


def test_what_both_changed_into_the_same_asks_nothing(cast: Cast) -> None:
    give(cast, Mark.LATE)
    assert states(looked_at(cast, "C1-01|te laat||C1-01: 1a 2-"))[0][0] is SAME


def test_where_both_changed_a_mark_what_stands_stays_unless_the_list_is_chosen(cast: Cast) -> None:
    give(cast, Mark.EXCUSED)
    rows = ("C1-01|te laat|aanwezig|C1-01: 1a 2-",)
    preview = looked_at(cast, *rows)
    assert states(preview) == [[ASKED, NEW]]
    cell = preview.rows[0].cells[0]
    assert (cell.was, cell.becomes, cell.is_chosen) == (Mark.EXCUSED, Mark.LATE, False)
    assert (preview.to_store, preview.to_choose, preview.can_be_stored) == (1, 1, True)
    assert stored(cast, *rows) == Stored(new=1)
    assert marks() == {("C1-01", 1): Mark.EXCUSED, ("C1-01", 2): Mark.PRESENT}
    form = SentForm(key="k1", content="c")
    assert stored(cast, *rows, chosen=(cell.choice,), form=form) == Stored(changed=1)
    assert marks()["C1-01", 1] is Mark.LATE
    assert undo_bulk_marks(cast.chaima, cast.cohort, "k1", TODAY) == Stored(changed=1)
    assert marks()["C1-01", 1] is Mark.EXCUSED


def test_what_was_chosen_and_is_changed_once_more_is_asked_again(cast: Cast) -> None:
    give(cast, Mark.EXCUSED)
    asked = table("C1-01|te laat|aanwezig|C1-01: 1a 2-")
    preview, seen = preview_marks(cast.chaima, cast.cohort, asked, None, TODAY)
    chosen = [preview.rows[0].cells[0].choice]
    give(cast, Mark.PRESENT, seen=Mark.EXCUSED)
    with pytest.raises(NotStored) as instead:
        store_marks(cast.chaima, cast.cohort, asked, None, seen, TODAY, None, chosen)
    assert states(instead.value.preview) == [[ASKED, NEW]]
    assert marks() == {("C1-01", 1): Mark.PRESENT}
    store_marks(cast.chaima, cast.cohort, asked, None, instead.value.seen, TODAY, None, chosen)
    assert marks()["C1-01", 1] is Mark.LATE


def test_what_cannot_be_stored_any_more_is_no_fault_where_nobody_changed_it(cast: Cast) -> None:
    with writing() as session:
        session.scalars(select(Lesson).where(Lesson.number == 1)).one().state = LessonState.CANCELLED
    preview = looked_at(cast, "C1-01|afwezig|aanwezig|C1-01: 1a 2-")
    assert (states(preview), preview.can_be_stored) == ([[NEWER, NEW]], True)


@pytest.mark.parametrize("header", ["code|1|2|", "code|1|2|wat dan ook", "naam|1|2|as it was (leave this)"])
def test_the_memory_is_known_by_what_it_holds(cast: Cast, header: str) -> None:
    give(cast, Mark.EXCUSED)
    preview = looked_at(cast, "C1-01|afwezig|x|C1-01: 1a 2-", header=header)
    assert states(preview) == [[NEWER, NEW]]
    assert len(preview.columns) == 2


@pytest.mark.parametrize("memory", ["", "C1-02: 1a 2-", "iets anders", "C1-01: 2-"])
def test_without_a_memory_of_its_own_a_row_counts_as_it_is(cast: Cast, memory: str) -> None:
    """Sorted without it, wiped out, or of another lesson: as a table that somebody made."""
    give(cast, Mark.EXCUSED)
    preview = looked_at(cast, f"C1-01|afwezig|x|{memory}", "C1-02|||C1-02: 1- 2-")
    assert states(preview)[0][:2] == [CHANGED, NEW]


@given(
    marks=st.lists(
        st.tuples(st.integers(1, 9999), st.sampled_from([None, *Mark])), min_size=1, unique_by=lambda x: x[0]
    )
)
def test_what_a_row_remembers_reads_back(marks: list[tuple[int, Mark | None]]) -> None:
    assert remembered(memory_text("Z: 1-x 4", marks), "z: 1-X 4") == dict(marks)
