"""Changing when warnings begin in a programme: who may, what is stored, two at once, back again."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import select

from hto_track.models.programmes import Programme
from hto_track.rules import facts
from hto_track.services.form_answers import SentForm
from hto_track.services.policy import Actor
from hto_track.services.programme_settings import (
    DEFAULTS,
    change_settings,
    preview_settings,
    programme_settings,
    programmes_managed,
    undo_settings,
)
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.transaction import reading
from tests.cast import Cast
from tests.conftest import TODAY
from tests.trail import trail


def asked(**thresholds: object) -> facts.Programme:
    return replace(DEFAULTS, thresholds=replace(DEFAULTS.thresholds, **thresholds))  # type: ignore[arg-type]


def stored() -> Programme:
    reading().rollback()
    return reading().scalars(select(Programme).where(Programme.code == "HTO")).one()


def seen(actor: Actor) -> str:
    return programme_settings(actor, "HTO").seen


def test_only_what_differs_from_the_defaults_is_stored(cast: Cast) -> None:
    change_settings(cast.anja, "HTO", asked(overload_amber=Fraction(8, 5), silent_amber=14), seen(cast.anja))
    assert stored().thresholds == {"overload_amber": 1.6, "silent_amber": 14}
    settings = programme_settings(cast.anja, "HTO").settings
    assert (settings.thresholds.overload_amber, settings.thresholds.silent_amber) == (Fraction(8, 5), 14)
    [entry] = trail("change_programme_settings")
    assert entry.subject == "programme/HTO"
    assert (entry.before, entry.after) == (
        {"overload_amber": 1.5, "silent_amber": 21},
        {"overload_amber": 1.6, "silent_amber": 14},
    )
    change_settings(cast.anja, "HTO", DEFAULTS, seen(cast.anja))
    assert stored().thresholds == {}


def test_what_is_besides_the_thresholds_is_stored_as_the_programmes_own(cast: Cast) -> None:
    other = replace(DEFAULTS, advertised_weekly=600, min_attendance=Fraction(3, 4))
    change_settings(cast.hanna, "HTO", other, seen(cast.hanna))
    row = stored()
    assert (row.advertised_weekly_minutes, float(row.min_attendance), row.thresholds) == (600, 0.75, {})


def test_nothing_is_stored_of_what_cannot_be(cast: Cast) -> None:
    with pytest.raises(Refused) as refused:
        change_settings(cast.anja, "HTO", asked(silent_amber=40), seen(cast.anja))
    assert [refusal.field for refusal in refused.value.refusals] == ["silent_red"]
    assert stored().thresholds == {} and trail("change_programme_settings") == []


def test_whoever_comes_second_is_asked(cast: Cast) -> None:
    first = seen(cast.anja)
    change_settings(cast.hanna, "HTO", asked(silent_amber=14), first)
    with pytest.raises(Refused):
        change_settings(cast.anja, "HTO", asked(silent_amber=7), first)
    assert stored().thresholds == {"silent_amber": 14}


def test_a_form_sent_twice_is_carried_out_once_and_undone_once(cast: Cast) -> None:
    form, before = SentForm(key="a", content="b"), seen(cast.anja)
    for _twice in range(2):
        change_settings(cast.anja, "HTO", asked(silent_amber=14), before, form)
    undo_settings(cast.anja, "HTO", "a")
    assert stored().thresholds == {} and seen(cast.anja) == before
    with pytest.raises(Refused):
        undo_settings(cast.anja, "HTO", "a")
    with pytest.raises(NotFound):
        undo_settings(cast.hanna, "HTO", "a")


def test_what_others_changed_since_is_not_undone(cast: Cast) -> None:
    change_settings(cast.anja, "HTO", asked(silent_amber=14), seen(cast.anja), SentForm(key="a", content="b"))
    change_settings(cast.hanna, "HTO", asked(silent_amber=7), seen(cast.hanna))
    with pytest.raises(Refused):
        undo_settings(cast.anja, "HTO", "a")
    assert stored().thresholds == {"silent_amber": 7}


def test_a_preview_counts_who_would_have_a_warning_and_stores_nothing(cast: Cast) -> None:
    nothing = preview_settings(cast.anja, "HTO", DEFAULTS, TODAY)
    assert nothing.before == nothing.after and nothing.people == 3
    milder = asked(no_placement_amber=365, no_placement_red=365, silent_amber=365, silent_red=365)
    told = preview_settings(cast.anja, "HTO", milder, TODAY)
    assert told.before == nothing.before
    assert told.after.red < told.before.red
    assert stored().thresholds == {}
    assert preview_settings(cast.anja, "HTO", asked(silent_amber=40), TODAY).refusals


def test_who_leads_a_cohort_or_administers_its_college_changes_them(cast: Cast) -> None:
    for actor in (cast.anja, cast.otto, cast.hanna, cast.gijs):
        assert [found.code for found in programmes_managed(actor)] == ["HTO"]
        assert programme_settings(actor, "HTO").programme.cohorts == ("C-1", "C-2")
    with pytest.raises(Forbidden):
        programme_settings(cast.chaima, "HTO")
    for actor in (cast.bram, cast.els, cast.femke):
        with pytest.raises((NotFound, Forbidden)):
            programme_settings(actor, "HTO")
    with pytest.raises(NotFound):
        programme_settings(cast.gijs, "HTO-9")
