"""Results in bulk: what a table would do, that it is stored whole or not at all, and what stands is left as it is."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hto_track.documents.pasted_table import PastedTable, pasted_table
from hto_track.extensions import db
from hto_track.models.assignments import Assignment, Attempt
from hto_track.models.participants import Participant
from hto_track.models.privacy import Reading, Seen
from hto_track.rules.facts import AttemptOutcome
from hto_track.services.assignments import Assessment, assess_attempt, exempt_from_assignment, record_submission
from hto_track.services.bulk_results import (
    SeenResults,
    preview_results,
    results_grid,
    store_results,
    undo_bulk_results,
)
from hto_track.services.bulk_tables import CellState, NotStored, Preview, Stored
from hto_track.services.bulk_words import RESULTS, Result
from hto_track.services.form_answers import SentForm
from hto_track.services.refusals import Forbidden, NotFound
from hto_track.services.transaction import writing
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail

NEW, CHANGED, SAME, WRONG, PLAIN, MEANWHILE = (
    CellState.NEW,
    CellState.CHANGED,
    CellState.SAME,
    CellState.WRONG,
    CellState.PLAIN,
    CellState.MEANWHILE,
)
PASSED, FAILED = AttemptOutcome.PASSED, AttemptOutcome.FAILED


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """The cast with a second assignment."""
    with writing() as session:
        session.add(
            Assignment(
                cohort_id=cast.cohort_id,
                code="A2",
                title="Een les geven",
                opens_on=date(2026, 6, 1),
                due_on=date(2026, 9, 3),
                estimated_minutes=600,
                mandatory=True,
            )
        )
    return cast


def table(*rows: str) -> PastedTable:
    """A table of rows whose cells are parted by bars."""
    return pasted_table("\n".join(row.replace("|", "\t") for row in rows))


def looked_at(cast: Cast, *rows: str, assignment: str | None = None) -> tuple[Preview, SeenResults]:
    """What Chaima sees that a table would do."""
    return preview_results(cast.chaima, cast.cohort, table(*rows), assignment, TODAY)


def states(cast: Cast, *rows: str, assignment: str | None = None) -> list[list[CellState]]:
    """The states of the cells, by row."""
    preview, _ = looked_at(cast, *rows, assignment=assignment)
    return [[cell.state for cell in row.cells] for row in preview.rows]


def stored(cast: Cast, *rows: str, assignment: str | None = None, form: SentForm | None = None) -> Stored:
    """Look at a table and store it."""
    _, seen = looked_at(cast, *rows, assignment=assignment)
    return store_results(cast.chaima, cast.cohort, table(*rows), assignment, seen, TODAY, form)


def attempts() -> dict[tuple[str, str, int], tuple[date, date | None, AttemptOutcome | None]]:
    """Every attempt that is stored, by participant, assignment and number."""
    rows = db.session.execute(
        select(Participant.code, Assignment.code, Attempt)
        .join(Attempt, Attempt.participant_id == Participant.id)
        .join(Assignment, Assignment.id == Attempt.assignment_id)
    )
    found = {
        (code, assignment, row.number): (row.submitted_on, row.assessed_on, row.outcome)
        for code, assignment, row in rows
    }
    return dict(sorted(found.items()))


def assess(cast: Cast, outcome: AttemptOutcome, on: date = TODAY, *, of: str = "C1-01", attempt: int = 1) -> None:
    """Chaima assesses an attempt at A1."""
    assess_attempt(cast.chaima, of, "A1", Assessment(attempt=attempt, outcome=outcome, assessed_on=on), TODAY)


def test_a_row_a_person_and_a_column_an_assignment(cast: Cast) -> None:
    record_submission(cast.chaima, "C1-02", "A1", date(2026, 6, 3), TODAY)
    rows = ("Naam|A1|A2 Een les geven", "Bram de Wit|voldoende|o", "Noor Visser|V|ingeleverd")
    assert states(cast, *rows) == [[NEW, NEW], [CHANGED, NEW]]
    assert attempts() == {("C1-02", "A1", 1): (date(2026, 6, 3), None, None)}
    assert stored(cast, *rows) == Stored(new=3, changed=1)
    assert attempts() == {
        ("C1-01", "A1", 1): (TODAY, TODAY, PASSED),
        ("C1-01", "A2", 1): (TODAY, TODAY, FAILED),
        ("C1-02", "A1", 1): (date(2026, 6, 3), TODAY, PASSED),
        ("C1-02", "A2", 1): (TODAY, None, None),
    }
    assert [(entry.actor, entry.action, entry.subject) for entry in trail()[1:]] == [
        (cast.chaima.ref, "assess_attempt", "participant/C1-01/assignments/A1"),
        (cast.chaima.ref, "assess_attempt", "participant/C1-01/assignments/A2"),
        (cast.chaima.ref, "assess_attempt", "participant/C1-02/assignments/A1"),
        (cast.chaima.ref, "record_submission", "participant/C1-02/assignments/A2"),
    ]


def test_a_row_a_result_with_the_day_it_was(cast: Cast) -> None:
    rows = ("deelnemer|opdracht|uitkomst|datum", "C1-01|a1|v|9-6", "C1-01|Een les geven|o|2026-06-10", "C1-02|A1|v|")
    assert states(cast, *rows) == [[PLAIN, NEW, PLAIN], [PLAIN, NEW, PLAIN], [PLAIN, NEW, PLAIN]]
    assert stored(cast, *rows).new == 3
    assert attempts()["C1-01", "A2", 1] == (date(2026, 6, 10), date(2026, 6, 10), FAILED)
    assert attempts()["C1-02", "A1", 1] == (TODAY, TODAY, PASSED)


def test_one_column_of_results_is_of_the_assignment_that_was_chosen(cast: Cast) -> None:
    assert stored(cast, "Naam|Resultaat", "Bram de Wit|v", assignment="A2").new == 1
    assert stored(cast, "C1-02|v", assignment="A2").new == 1
    assert list(attempts()) == [("C1-01", "A2", 1), ("C1-02", "A2", 1)]
    preview, _ = looked_at(cast, "Naam|Resultaat", "Bram de Wit|v", assignment="A9")
    assert preview.columns[0].sentence is not None


def test_each_word_is_its_result(cast: Cast) -> None:
    for word, result in RESULTS.items():
        preview, _ = looked_at(cast, "code|A1", f"C1-01|{word.upper()}")
        assert preview.rows[0].cells[0].becomes is result, word


def test_what_stands_already_is_the_same_and_stays(cast: Cast) -> None:
    assess(cast, PASSED)
    record_submission(cast.chaima, "C1-02", "A1", TODAY, TODAY)
    exempt_from_assignment(cast.chaima, "C1-02", "A2", "Eerder behaald", TODAY)
    before = attempts()
    assert states(cast, "code|A1|A2", "C1-01|v|", "C1-02|ingeleverd|vrijstelling") == [[SAME, PLAIN], [SAME, SAME]]
    with pytest.raises(NotStored):
        stored(cast, "code|A1|A2", "C1-01|v|", "C1-02|ingeleverd|vrijstelling")
    assert attempts() == before


def test_failed_again_is_another_attempt_only_with_a_later_day_beside_it(cast: Cast) -> None:
    assess(cast, FAILED, date(2026, 6, 5))
    assert states(cast, "code|A1", "C1-01|o") == [[SAME]]
    assert states(cast, "code|A1|datum", "C1-01|o|5-6") == [[SAME, PLAIN]]
    assert stored(cast, "code|A1|datum", "C1-01|o|12-6") == Stored(changed=1)
    assert attempts()["C1-01", "A1", 2] == (date(2026, 6, 12), date(2026, 6, 12), FAILED)
    assert states(cast, "code|A1", "C1-01|v") == [[WRONG]]


def test_what_a_single_result_is_refused_for_is_wrong_here_too(cast: Cast) -> None:
    assess(cast, PASSED)
    rows = ("code|A1|A2|datum", "C1-01|o|v|15-6", "C1-02|vrijstelling|x|ooit")
    assert states(cast, *rows) == [[WRONG, WRONG, PLAIN], [WRONG, WRONG, WRONG]]
    preview, _ = looked_at(cast, *rows)
    assert "reden" in str(preview.rows[1].cells[0].sentence) or "reason" in str(preview.rows[1].cells[0].sentence)
    assert states(cast, "code|A1", "C1-01|ingeleverd") == [[WRONG]]


def test_an_unknown_assignment_or_one_named_twice_is_wrong(cast: Cast) -> None:
    preview, _ = looked_at(cast, "code|A1|A9|a1", "C1-01|v|v|o")
    assert [column.sentence is None for column in preview.columns] == [True, False, False]
    assert states(cast, "code|opdracht|uitkomst", "C1-01|A9|v") == [[WRONG, PLAIN]]
    preview, _ = looked_at(cast, "code|opdracht|uitkomst", "C1-01|A1|v", "C1-01|Een les ontwerpen|o", "C1-01|A2|v")
    assert [row.sentence is None for row in preview.rows] == [True, False, True]
    assert states(cast, "code|A1|opdracht|uitkomst", "C1-01|v|A1|o") == [[NEW, PLAIN, WRONG]]
    assert states(cast, "code|opdracht|uitkomst|beoordeling", "C1-01|A1|v|o")[0][1] is NEW


def test_nothing_is_stored_when_anything_is_wrong(cast: Cast) -> None:
    for rows in (("code|A1", "C1-01|v", "C1-02|goed"), ("code|A1|B1", "C1-01|v|v"), ("code|A1", "C1-01|v", "C2-01|v")):
        with pytest.raises(NotStored) as instead:
            stored(cast, *rows)
        assert instead.value.preview.count(WRONG) == 1
    assert attempts() == {}


def test_a_result_that_somebody_changed_meanwhile_is_asked_and_nothing_is_lost(cast: Cast) -> None:
    rows = ("code|A1", "C1-01|v", "C1-02|v")
    _, seen = looked_at(cast, *rows)
    record_submission(cast.chaima, "C1-01", "A1", date(2026, 6, 3), TODAY)
    with pytest.raises(NotStored) as instead:
        store_results(cast.chaima, cast.cohort, table(*rows), None, seen, TODAY)
    assert [[cell.state for cell in row.cells] for row in instead.value.preview.rows] == [[MEANWHILE], [NEW]]
    assert list(attempts()) == [("C1-01", "A1", 1)]
    store_results(cast.chaima, cast.cohort, table(*rows), None, instead.value.seen, TODAY)
    assert attempts()["C1-01", "A1", 1] == (date(2026, 6, 3), TODAY, PASSED)


def test_a_table_sent_twice_is_stored_once_and_undone_as_a_whole(cast: Cast) -> None:
    record_submission(cast.chaima, "C1-02", "A1", date(2026, 6, 3), TODAY)
    before, form = attempts(), SentForm(key="k1", content="c")
    rows = ("code|A1|A2", "C1-01|v|in", "C1-02|o|")
    first = stored(cast, *rows, form=form)
    assert store_results(cast.chaima, cast.cohort, table(*rows), None, {}, TODAY, form) == first
    with pytest.raises(NotFound):
        undo_bulk_results(cast.anja, cast.cohort, "k1")
    assert undo_bulk_results(cast.chaima, cast.cohort, "k1") == Stored(changed=3)
    assert attempts() == before


def test_undo_leaves_what_somebody_changed_since(cast: Cast) -> None:
    stored(cast, "code|A1", "C1-01|o", "C1-02|v", form=SentForm(key="k1", content="c"))
    assess(cast, PASSED, attempt=2)
    assert undo_bulk_results(cast.chaima, cast.cohort, "k1") == Stored(changed=1, kept=1)
    assert list(attempts()) == [("C1-01", "A1", 1), ("C1-01", "A1", 2)]


def test_only_who_assesses_may_paste_results(cast: Cast) -> None:
    rows = table("code|A1", "C1-01|v")
    for actor, refusal in ((cast.anja, Forbidden), (cast.hanna, Forbidden), (cast.otto, NotFound)):
        with pytest.raises(refusal):
            preview_results(actor, cast.cohort, rows, None, TODAY)
        with pytest.raises(refusal):
            store_results(actor, cast.cohort, rows, None, {}, TODAY)
        with pytest.raises(refusal):
            results_grid(actor, cast.cohort)
    assert attempts() == {}


def test_the_list_to_take_along_holds_what_stands_and_is_noted(cast: Cast) -> None:
    assess(cast, FAILED)
    exempt_from_assignment(cast.chaima, "C1-02", "A2", "Eerder behaald", TODAY)
    grid = results_grid(cast.chaima, cast.cohort)
    assert grid.assignments == ("A1", "A2")
    assert grid.rows == (
        ("C1-01", "Bram de Wit", (Result.FAILED, None)),
        ("C1-02", "Noor Visser", (None, Result.EXEMPT)),
    )
    assert [row.seen for row in db.session.scalars(select(Reading))] == [Seen.FILES]


def test_a_preview_costs_as_many_queries_whatever_the_table(cast: Cast, count_queries) -> None:
    looked_at(cast, "code|A1", "C1-01|v")  # notes the reading
    with count_queries() as few:
        looked_at(cast, "code|A1", "C1-01|v")
    with count_queries() as many:
        looked_at(cast, "code|A1|A2|A3", "C1-01|v|o|in", "C1-02|v|o|in", "C1-03|v|o|in")
    assert len(many) == len(few) == 4


CELL = st.one_of(
    st.sampled_from(["", "v", "o", "in", "vrijstelling", "A1", "A2", "9-6", "1-1-1", "=1"]), st.text(max_size=6)
)
HEADER = st.one_of(st.sampled_from(["A1", "a2", "opdracht", "uitkomst", "datum", "naam", ""]), CELL)
WHO = st.one_of(st.sampled_from(["C1-01", "C1-02", "Bram de Wit", "C2-01"]), CELL)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(header=st.lists(HEADER, max_size=4), rows=st.lists(st.tuples(WHO, st.lists(CELL, max_size=4)), max_size=4))
def test_any_table_is_previewed_and_stored_whole_or_not_at_all(
    cast: Cast, header: list[str], rows: list[tuple[str, list[str]]]
) -> None:
    lines = ["\t".join(["code", *header]), *("\t".join([who, *cells]) for who, cells in rows)]
    read = pasted_table("\n".join(lines))
    before = attempts()
    preview, seen = preview_results(cast.chaima, cast.cohort, read, "A1", TODAY)
    try:
        done = store_results(cast.chaima, cast.cohort, read, "A1", seen, TODAY)
    except NotStored:
        assert not preview.can_be_stored
        assert attempts() == before
    else:
        assert preview.can_be_stored
        assert done.new + done.changed == sum(before.get(key) != row for key, row in attempts().items())
