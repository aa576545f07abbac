"""Templates in versions: made from a cohort, changed as a draft, published for good; and whose they are."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import time
from decimal import Decimal
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.ledger import AuditEntry
from hto_track.models.templates import TemplateVersion
from hto_track.rules.facts import Programme, Thresholds
from hto_track.rules.template import (
    FaultKind,
    Part,
    Rhythm,
    Template,
    TemplateAssignment,
    TemplateCheckpoint,
    TemplateLesson,
    TemplateOutcome,
)
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import CONSOLE
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.template_content import content_of, template_of
from hto_track.services.template_drafts import (
    NewTemplate,
    begin_draft,
    make_template,
    publish_version,
    save_draft,
)
from hto_track.services.template_faults import RANGES, SENTENCES
from hto_track.services.templates import compare_versions, origins, template_version, templates
from tests.at_once import at_once
from tests.cast import COLLEGE, Cast

LIKE_C1 = NewTemplate(code="T-1", title="Zoals C-1", cohort="C-1")


def _fields(refused: pytest.ExceptionInfo[Refused]) -> list[str | None]:
    return [refusal.field for refusal in refused.value.refusals]


def _save(cast: Cast, template: Template, *, seen: str | None = None, number: int = 1, note: str = "") -> object:
    known = template_version(cast.anja, "T-1", number)
    return save_draft(cast.anja, "T-1", number, template, note, known.seen if seen is None else seen)


def test_a_template_made_from_the_example_cohort_is_what_that_cohort_was_given(example_app: Flask) -> None:
    make_template(CONSOLE, NewTemplate(code="HTO", title="Traject", cohort="ZH-05"))
    template = template_version(CONSOLE, "HTO", 1).template
    assert template.rhythm == Rhythm(interval_weeks=1, weekday=1, starts_at=time(18, 30), ends_at=time(21, 30))
    assert template.weeks_after == 3
    assert [lesson.number for lesson in template.lessons] == list(range(1, 35))
    assert template.lessons[11].title == "Instructie in de werkplaats", "a cancelled lesson is part of what is given"
    assert [lesson.number for lesson in template.lessons if lesson.ends_at] == [1, 8, 15, 22, 29]
    assert template.requirements == Programme()
    assert [(each.code, each.opens_with, each.due_with) for each in template.assignments] == [
        *(("A1", 1, 4), ("A2", 3, 6), ("A3", 5, 9), ("A4", 8, 12), ("A5", 12, 15), ("A6", 13, 17)),
        *(("A7", 19, 20), ("A8", 19, 23), ("A9", 20, 25), ("A10", 22, 28), ("A11", 27, 31), ("A12", 28, 33)),
    ]
    assert template.assignments[2].outcomes == ("LU1", "LU3")
    assert [each.code for each in template.assignments if not each.mandatory] == ["A11"]
    assert [outcome.code for outcome in template.outcomes] == ["LU1", "LU2", "LU3", "LU4", "LU5"]
    assert [(each.code, each.due_week) for each in template.checkpoints] == [
        *(("START", 2), ("VOG", 6), ("AGREE", 8), ("VISIT", 30))
    ]


def test_what_is_published_is_never_changed_and_a_change_is_a_version_of_its_own(cast: Cast) -> None:
    assert make_template(cast.anja, LIKE_C1) == "T-1"
    first = template_version(cast.anja, "T-1", 1)
    assert first.is_draft and not first.may_lay_out
    publish_version(cast.anja, "T-1", 1, first.seen)
    published = template_version(cast.anja, "T-1", 1)
    assert not published.is_draft and published.may_lay_out
    with pytest.raises(Refused, match="published"):
        _save(cast, replace(first.template, weeks_after=2))
    assert begin_draft(cast.anja, "T-1") == 2
    assert begin_draft(cast.anja, "T-1") == 2, "there is one draft, not one for each who begins one"
    draft = template_version(cast.anja, "T-1", 2)
    assert draft.template == published.template and draft.is_draft and draft.is_latest
    _save(cast, replace(draft.template, weeks_after=2), number=2, note="Langer door")
    assert template_version(cast.anja, "T-1", 1).template == published.template
    compared = compare_versions(cast.anja, "T-1", None, 2)
    assert (compared.before, compared.after) == (1, 2)
    assert [(each.field, each.before, each.after) for each in compared.differences] == [("weeks_after", 15, 2)]
    assert template_version(cast.anja, "T-1", 2).version.note == "Langer door"


def test_publishing_twice_is_publishing_once(cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    seen = template_version(cast.anja, "T-1", 1).seen
    publish_version(cast.anja, "T-1", 1, seen)
    at = template_version(cast.anja, "T-1", 1).version.published_at
    publish_version(cast.anja, "T-1", 1, "something else")
    assert template_version(cast.anja, "T-1", 1).version.published_at == at


def test_an_empty_template_is_kept_as_a_draft_and_not_published(cast: Cast) -> None:
    make_template(cast.hanna, NewTemplate(code="LEEG", title="Leeg", college=COLLEGE))
    known = template_version(cast.hanna, "LEEG", 1)
    assert known.template == Template() and known.college == COLLEGE
    with pytest.raises(Refused) as refused:
        publish_version(cast.hanna, "LEEG", 1, known.seen)
    assert _fields(refused) == ["lessons"]
    assert template_version(cast.hanna, "LEEG", 1).is_draft


def test_everything_wrong_with_a_draft_is_said_at_its_field_and_nothing_is_stored(cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    before = template_version(cast.anja, "T-1", 1).template
    wrong = replace(
        before,
        rhythm=replace(before.rhythm, ends_at=time(18)),
        assignments=(
            TemplateAssignment(code="A1", title="x", opens_with=2, due_with=2, estimate=60, outcomes=("LU9",)),
        ),
        credits=Decimal(-1),
    )
    with pytest.raises(Refused) as refused:
        _save(cast, wrong, note="x" * 501)
    assert _fields(refused) == ["ends_at", "assignment-0-due_with", "assignment-0-outcomes", "credits", "note"]
    assert "LU9" in str(refused.value)
    assert template_version(cast.anja, "T-1", 1).template == before


def test_every_fault_has_its_sentence() -> None:
    in_words = set(SENTENCES) | {FaultKind.OUT_OF_RANGE, FaultKind.ENDS_BEFORE_START}
    assert in_words == set(FaultKind)
    assert {"interval_weeks", "weekday", "credits", "estimate", "due_week"} <= set(RANGES)
    assert len(Part) == 6


def test_the_second_who_changes_a_draft_is_shown_how_theirs_differs_and_nothing_is_lost(cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    known = template_version(cast.anja, "T-1", 1)
    theirs, ours = replace(known.template, weeks_after=1), replace(known.template, credits=Decimal(30))
    save_draft(cast.anja, "T-1", 1, theirs, "", known.seen)
    second = save_draft(cast.gijs, "T-1", 1, ours, "", known.seen)
    assert [each.field for each in second.conflicts] == ["weeks_after", "credits"]
    assert template_version(cast.anja, "T-1", 1).template == theirs
    stayed = save_draft(cast.gijs, "T-1", 1, ours, "", second.seen)
    assert stayed.conflicts == ()
    assert template_version(cast.anja, "T-1", 1).template == ours


def test_two_who_save_a_draft_at_the_same_moment_are_one_after_the_other(app: Flask, cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    known = template_version(cast.anja, "T-1", 1)
    wanted = [replace(known.template, weeks_after=weeks) for weeks in (1, 2)]
    saved = at_once(
        app,
        lambda: save_draft(cast.anja, "T-1", 1, wanted[0], "", known.seen),
        lambda: save_draft(cast.gijs, "T-1", 1, wanted[1], "", known.seen),
    )
    assert sorted(len(each.conflicts) for each in saved) == [0, 1]  # type: ignore[attr-defined]


def test_what_somebody_changed_meanwhile_is_not_published_unseen(cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    seen = template_version(cast.anja, "T-1", 1).seen
    _save(cast, replace(template_version(cast.anja, "T-1", 1).template, weeks_after=1))
    with pytest.raises(Refused, match="meanwhile"):
        publish_version(cast.gijs, "T-1", 1, seen)
    assert template_version(cast.anja, "T-1", 1).is_draft


def test_a_form_that_is_sent_twice_makes_one_template(cast: Cast) -> None:
    form = SentForm(key="k", content="c")
    assert make_template(cast.anja, LIKE_C1, form) == make_template(cast.anja, LIKE_C1, form) == "T-1"
    with pytest.raises(Refused) as refused:
        make_template(cast.anja, LIKE_C1)
    assert _fields(refused) == ["code"]


@pytest.mark.parametrize(
    ("code", "title", "field"),
    [("", "x", "code"), ("T 1", "x", "code"), ("T/1", "x", "code"), ("T" * 41, "x", "code"), ("T", " ", "title")],
)
def test_a_code_or_title_that_cannot_be_one_is_refused_at_its_field(
    cast: Cast, code: str, title: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        make_template(cast.gijs, NewTemplate(code=code, title=title, college=COLLEGE))
    assert _fields(refused) == [field]
    assert templates(cast.gijs) == ()


def test_a_template_is_its_leaders_its_colleges_and_the_administrators(cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    assert [len(templates(actor)) for actor in (cast.anja, cast.hanna, cast.gijs, cast.otto)] == [1, 1, 1, 1]
    make_template(cast.gijs, NewTemplate(code="ELDERS", title="Elders"))
    assert [each.code for each in templates(cast.gijs)] == ["ELDERS", "T-1"]
    assert [each.code for each in templates(cast.hanna)] == ["T-1"]
    for actor in (cast.anja, cast.hanna, cast.bram, cast.otto):
        with pytest.raises(NotFound):
            template_version(actor, "ELDERS", 1)
    with pytest.raises(Forbidden):
        template_version(cast.chaima, "T-1", 1)
    with pytest.raises(NotFound):
        template_version(cast.bram, "T-1", 1)
    with pytest.raises(Forbidden):
        templates(cast.chaima)


def test_nobody_makes_a_template_for_a_college_or_of_a_cohort_that_is_not_theirs(cast: Cast) -> None:
    with pytest.raises(NotFound):
        make_template(cast.anja, NewTemplate(code="X", title="x", college=COLLEGE))
    with pytest.raises(NotFound):
        make_template(cast.anja, NewTemplate(code="X", title="x", cohort="C-2"))
    with pytest.raises(NotFound):
        make_template(cast.hanna, NewTemplate(code="X", title="x", college="Een andere hogeschool"))
    with pytest.raises(Forbidden):
        make_template(cast.chaima, NewTemplate(code="X", title="x", cohort="C-1"))
    assert origins(cast.anja).cohorts == (("C-1", "Groep C-1"),)
    assert origins(cast.anja).colleges == () and not origins(cast.anja).without_college
    assert origins(cast.hanna).colleges == (COLLEGE,)
    assert origins(cast.gijs).without_college


def test_what_was_done_is_in_the_trail_without_the_template_itself(cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    known = template_version(cast.anja, "T-1", 1)
    _save(cast, replace(known.template, weeks_after=1))
    publish_version(cast.anja, "T-1", 1, template_version(cast.anja, "T-1", 1).seen)
    begin_draft(cast.anja, "T-1")
    entries = db.session.execute(select(AuditEntry.action, AuditEntry.subject).order_by(AuditEntry.id)).all()
    assert [tuple(entry) for entry in entries] == [
        ("make_template", "template/T-1"),
        ("change_draft", "template/T-1/versions/1"),
        ("publish_template", "template/T-1/versions/1"),
        ("begin_draft", "template/T-1/versions/2"),
    ]


def test_the_list_costs_as_much_for_many_templates_as_for_one(
    cast: Cast, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    make_template(cast.anja, LIKE_C1)
    with count_queries() as few:
        templates(cast.gijs)
    for number in range(2, 6):
        make_template(cast.anja, replace(LIKE_C1, code=f"T-{number}"))
    with count_queries() as many:
        assert len(templates(cast.gijs)) == 5
    assert len(few) == len(many) == 3


CODES = st.text("ABCLU123-", min_size=1, max_size=5)
TITLES = st.text(max_size=20)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None))
MINUTES = st.integers(0, 10_000)
TEMPLATES = st.builds(
    Template,
    rhythm=st.builds(
        Rhythm, interval_weeks=st.integers(1, 4), weekday=st.integers(0, 5), starts_at=TIMES, ends_at=TIMES
    ),
    weeks_after=st.integers(0, 26),
    credits=st.none() | st.decimals(0, 240, places=1),
    requirements=st.builds(
        Programme,
        min_attendance=st.integers(0, 1000).map(lambda permille: Fraction(permille, 1000)),
        make_up_limit=st.integers(0, 9),
        internship_min=MINUTES,
        internship_max=MINUTES,
        max_attempts=st.integers(1, 9),
        prep_per_lesson=MINUTES,
        advertised_weekly=MINUTES,
        thresholds=st.builds(
            Thresholds,
            overload_amber=st.sampled_from([Fraction(3, 2), Fraction(7, 4), Fraction(13, 10)]),
            silent_red=st.integers(1, 99),
        ),
    ),
    lessons=st.lists(
        st.builds(TemplateLesson, number=st.integers(1, 99), title=TITLES, starts_at=st.none() | TIMES), max_size=4
    ).map(tuple),
    assignments=st.lists(
        st.builds(
            TemplateAssignment,
            code=CODES,
            title=TITLES,
            opens_with=st.integers(1, 99),
            due_with=st.integers(1, 99),
            estimate=MINUTES,
            mandatory=st.booleans(),
            outcomes=st.lists(CODES, max_size=3).map(tuple),
            criteria=st.text(max_size=60),
        ),
        max_size=3,
    ).map(tuple),
    outcomes=st.lists(st.builds(TemplateOutcome, code=CODES, title=TITLES), max_size=3).map(tuple),
    checkpoints=st.lists(
        st.builds(TemplateCheckpoint, code=CODES, title=TITLES, due_week=st.none() | st.integers(0, 60)), max_size=3
    ).map(tuple),
)


@given(TEMPLATES)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_template_comes_back_whole_from_what_is_stored(template: Template) -> None:
    assert template_of(json.loads(json.dumps(content_of(template)))) == template


def test_content_is_plain_json_in_the_database(cast: Cast) -> None:
    make_template(cast.anja, LIKE_C1)
    stored = db.session.scalars(select(TemplateVersion)).one()
    assert stored.content["rhythm"] == {"interval_weeks": 1, "weekday": 1, "starts_at": "18:30", "ends_at": "21:30"}
    assert stored.programme_id is not None
