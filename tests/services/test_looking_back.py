"""Looking back on a programme, adopting what it proposes, and throwing a draft away: whose, once, and nothing lost."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hto_track.extensions import db
from hto_track.models.accounts import Role
from hto_track.models.cohorts import Cohort
from hto_track.models.ledger import AuditEntry
from hto_track.models.participants import Participant
from hto_track.models.programmes import Programme
from hto_track.rules.template_proposal import ProposalKind, adopt
from hto_track.services.form_answers import SentForm
from hto_track.services.layout import lay_out_cohort, preview_layout
from hto_track.services.layout_views import NewCohort, Plan
from hto_track.services.looking_back import programme_looked_back, programmes_to_look_back_on
from hto_track.services.policy import CONSOLE, Actor, ActorGrant
from hto_track.services.refusals import Forbidden, NotFound, Refused
from hto_track.services.template_discards import discard_draft, restore_draft
from hto_track.services.template_drafts import NewTemplate, begin_draft, make_template, publish_version, save_draft
from hto_track.services.template_proposal import DraftMade, adopt_proposals, undo_adopting
from hto_track.services.templates import compare_versions, template_version, templates
from hto_track.services.transaction import reading, writing
from tests.access.templates import PLAN
from tests.at_once import at_once
from tests.cast import Cast, account
from tests.conftest import TODAY

FORM = SentForm(key="a-form", content="x")


@pytest.fixture
def leader(example_app: Flask) -> Actor:
    """Who leads both example cohorts."""
    with writing() as session:
        anja = account(session, "Anja Bos", None)
    ids = reading().scalars(select(Cohort.id)).all()
    return replace(anja, grants=tuple(ActorGrant(role=Role.PROJECT_LEADER, cohort_id=cohort_id) for cohort_id in ids))


def adopt_all(actor: Actor, *, form: SentForm | None = None, without: str = "") -> DraftMade:
    """Adopt all that is proposed, but ``without``."""
    offer = programme_looked_back(actor, "HTO-ZH", TODAY).offer
    chosen = [proposal.key for proposal in offer.proposals if proposal.key != without]
    return adopt_proposals(actor, "HTO-ZH", chosen, offer.seen, TODAY, form)


def audited(action: str) -> list[str]:
    return list(db.session.scalars(select(AuditEntry.subject).where(AuditEntry.action == action)))


def test_the_examples_are_looked_back_on_together_and_each_alone(leader: Actor) -> None:
    whole = programme_looked_back(leader, "HTO-ZH", TODAY)
    alone = programme_looked_back(leader, "HTO-ZH", TODAY, "ZH-04")
    assert [cohort.code for cohort in whole.programme.cohorts] == ["ZH-05", "ZH-04"]
    assert whole.past.work[0].counted.count == 21 and alone.past.work[0].counted.count == 12
    assert alone.chosen is not None and alone.past.months[0].first_on == date(2025, 3, 1)
    assert alone.offer.proposals == whole.offer.proposals, "a template is of all cohorts"
    with pytest.raises(NotFound):
        programme_looked_back(leader, "HTO-ZH", TODAY, "ZH-99")


def test_what_was_not_done_yet_is_not_known(leader: Actor) -> None:
    early = programme_looked_back(leader, "HTO-ZH", date(2025, 3, 12))
    assert [cohort.code for cohort in early.programme.cohorts] == ["ZH-04"]
    assert early.past.whole is None and early.offer.proposals == ()


def test_each_sees_the_programmes_of_the_cohorts_in_their_reach(cast: Cast) -> None:
    for actor, cohorts in ((cast.ilse, ["C-1", "C-2"]), (cast.hanna, ["C-1", "C-2"]), (cast.otto, ["C-2"])):
        (programme,) = programmes_to_look_back_on(actor, TODAY)
        assert [cohort.code for cohort in programme.cohorts] == cohorts
    for actor in (cast.bram, cast.chaima, cast.dirk, cast.els, cast.femke, cast.karel):
        with pytest.raises(Forbidden):
            programme_looked_back(actor, "HTO", TODAY)
    with pytest.raises(NotFound):
        programme_looked_back(cast.ilse, "EEM", TODAY)


def test_of_two_people_nothing_is_told(cast: Cast) -> None:
    known = programme_looked_back(cast.ilse, "HTO", TODAY)
    assert known.past.whole is None and not known.offer.may_adopt
    assert all(item.middle is None for item in known.past.work)
    assert all(month.spent is None for month in known.past.months)


def test_no_name_address_or_code_of_anybody_is_in_it(leader: Actor) -> None:
    words = set(_texts(programme_looked_back(leader, "HTO-ZH", TODAY)))
    for person in reading().scalars(select(Participant)):
        assert not words & {person.code, person.name, person.email, person.given_name, person.family_name}


def test_the_queries_are_as_many_for_two_cohorts_as_for_one(
    leader: Actor, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    one = replace(leader, grants=leader.grants[:1])
    with count_queries() as of_one:
        programme_looked_back(one, "HTO-ZH", TODAY)
    with count_queries() as of_two:
        programme_looked_back(leader, "HTO-ZH", TODAY)
    assert len(of_two) == len(of_one) <= 26


def test_without_a_template_one_is_made_like_the_latest_cohort_and_the_changes_are_its_second_version(
    leader: Actor,
) -> None:
    offer = programme_looked_back(leader, "HTO-ZH", TODAY).offer
    assert (offer.code, offer.number) == (None, 0)
    made = adopt_all(leader, without="told")
    assert (made.code, made.number, made.before) == ("HTO-ZH", 2, 1)
    first, draft = (template_version(leader, "HTO-ZH", number) for number in (1, 2))
    assert first.version.published_at is not None and draft.is_draft
    assert first.template == offer.template
    chosen = [proposal for proposal in offer.proposals if proposal.key != "told"]
    assert draft.template == adopt(first.template, chosen)
    assert draft.changes == compare_versions(leader, "HTO-ZH", 1, 2).differences
    assert len(draft.changes) == len(chosen) > 5
    assert "Groep ZH-05, Groep ZH-04" in draft.version.note
    assert audited("adopt_proposals") == ["template/HTO-ZH/versions/2"]


def test_what_was_adopted_and_published_is_not_proposed_again(leader: Actor) -> None:
    made = adopt_all(leader)
    publish_version(leader, made.code, made.number, template_version(leader, made.code, made.number).seen)
    again = programme_looked_back(leader, "HTO-ZH", TODAY).offer
    assert again.number == 2
    assert [proposal for proposal in again.proposals if proposal.kind is ProposalKind.ESTIMATE] == []


def test_a_code_that_is_taken_gets_a_number(leader: Actor) -> None:
    make_template(CONSOLE, NewTemplate(code="HTO-ZH", title="Van iemand anders"))
    assert adopt_all(leader).code == "HTO-ZH-2"


def test_nothing_is_adopted_while_there_is_a_draft_of_somebody(leader: Actor) -> None:
    made = adopt_all(leader)
    offer = programme_looked_back(leader, "HTO-ZH", TODAY).offer
    assert offer.draft == made.number and offer.number == 1
    with pytest.raises(Refused, match="draft"):
        adopt_all(leader)
    assert template_version(leader, made.code, 2).numbers == (1, 2)


def test_nothing_is_adopted_that_was_not_seen_or_not_chosen(leader: Actor) -> None:
    offer = programme_looked_back(leader, "HTO-ZH", TODAY).offer
    keys = [proposal.key for proposal in offer.proposals]
    for chosen, seen in ((keys, "something else"), ([], offer.seen), (["estimate:Z9"], offer.seen)):
        with pytest.raises(Refused):
            adopt_proposals(leader, "HTO-ZH", chosen, seen, TODAY)
    assert templates(leader) == ()


def test_who_only_observes_looks_and_adopts_nothing(leader: Actor) -> None:
    programme_id = reading().scalars(select(Programme.id)).one()
    observer = replace(leader, grants=(ActorGrant(role=Role.OBSERVER, programme_id=programme_id),))
    offer = programme_looked_back(observer, "HTO-ZH", TODAY).offer
    assert offer.proposals and not offer.may_adopt
    with pytest.raises(Forbidden):
        adopt_proposals(observer, "HTO-ZH", [offer.proposals[0].key], offer.seen, TODAY)


def test_a_form_that_is_sent_twice_makes_one_draft(leader: Actor) -> None:
    offer = programme_looked_back(leader, "HTO-ZH", TODAY).offer
    keys = [proposal.key for proposal in offer.proposals]
    first = adopt_proposals(leader, "HTO-ZH", keys, offer.seen, TODAY, FORM)
    assert adopt_proposals(leader, "HTO-ZH", keys, offer.seen, TODAY, FORM) == first
    assert template_version(leader, "HTO-ZH", 2).numbers == (1, 2)


def test_of_two_who_adopt_at_once_the_second_is_told_of_the_draft(leader: Actor, example_app: Flask) -> None:
    offer = programme_looked_back(leader, "HTO-ZH", TODAY).offer
    keys = [proposal.key for proposal in offer.proposals]

    def adopt_it() -> object:
        return adopt_proposals(leader, "HTO-ZH", keys, offer.seen, TODAY)

    outcomes = at_once(example_app, adopt_it, adopt_it)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["DraftMade", "Refused"]
    assert template_version(leader, "HTO-ZH", 2).numbers == (1, 2)


def test_adopting_is_undone_by_throwing_away_its_draft_unless_it_was_changed(leader: Actor) -> None:
    made = adopt_all(leader, form=FORM)
    undo_adopting(leader, "HTO-ZH", FORM.key)
    assert template_version(leader, made.code, 1).numbers == (1,)
    with pytest.raises(NotFound):
        undo_adopting(leader, "EEM", FORM.key)
    again = SentForm(key="another-form", content="y")
    adopt_all(leader, form=again)
    draft = template_version(leader, made.code, 2)
    save_draft(leader, made.code, 2, replace(draft.template, weeks_after=1), "", draft.seen)
    with pytest.raises(Refused, match="changed"):
        undo_adopting(leader, "HTO-ZH", again.key)


def test_a_draft_is_thrown_away_once_and_put_back_as_it_was(cast: Cast) -> None:
    _published(cast)
    begin_draft(cast.anja, "T-1")
    draft = template_version(cast.anja, "T-1", 2)
    gone = discard_draft(cast.anja, "T-1", 2, draft.seen, FORM)
    assert gone.latest == 1 and discard_draft(cast.anja, "T-1", 2, draft.seen, FORM) == gone
    assert template_version(cast.anja, "T-1", 1).numbers == (1,)
    restore_draft(cast.anja, "T-1", 2, FORM.key)
    assert template_version(cast.anja, "T-1", 2).template == draft.template
    with pytest.raises(Refused):
        restore_draft(cast.anja, "T-1", 2, FORM.key)
    assert audited("discard_draft") == audited("restore_draft") == ["template/T-1/versions/2"]


def test_with_its_only_draft_a_template_goes_and_comes_back(cast: Cast) -> None:
    make_template(cast.anja, NewTemplate(code="T-1", title="Ons traject", cohort="C-1"))
    before = template_version(cast.anja, "T-1", 1)
    assert discard_draft(cast.anja, "T-1", 1, before.seen, FORM).latest == 0
    assert templates(cast.anja) == ()
    restore_draft(cast.anja, "T-1", 1, FORM.key)
    after = template_version(cast.anja, "T-1", 1)
    assert (after.template, after.title, after.college) == (before.template, before.title, before.college)


def test_what_is_published_or_was_changed_meanwhile_is_not_thrown_away(cast: Cast) -> None:
    _published(cast)
    with pytest.raises(Refused, match="published"):
        discard_draft(cast.anja, "T-1", 1, template_version(cast.anja, "T-1", 1).seen)
    begin_draft(cast.anja, "T-1")
    seen = template_version(cast.anja, "T-1", 2)
    save_draft(cast.anja, "T-1", 2, replace(seen.template, weeks_after=3), "", seen.seen)
    with pytest.raises(Refused, match="changed"):
        discard_draft(cast.anja, "T-1", 2, seen.seen)
    assert template_version(cast.anja, "T-1", 2).numbers == (1, 2)


def test_who_may_keep_no_template_any_more_puts_none_back(cast: Cast) -> None:
    make_template(cast.anja, NewTemplate(code="T-1", title="Ons traject", cohort="C-1"))
    discard_draft(cast.anja, "T-1", 1, template_version(cast.anja, "T-1", 1).seen, FORM)
    with pytest.raises(NotFound):
        restore_draft(replace(cast.anja, grants=()), "T-1", 1, FORM.key)
    assert templates(cast.gijs) == ()


def test_cohorts_of_one_template_are_one_programme_as_it_grew(cast: Cast) -> None:
    _published(cast)
    begin_draft(cast.anja, "T-1")
    draft = template_version(cast.anja, "T-1", 2)
    stricter = replace(draft.template, requirements=replace(draft.template.requirements, prep_per_lesson=30))
    saved = save_draft(cast.anja, "T-1", 2, stricter, "", draft.seen)
    publish_version(cast.anja, "T-1", 2, saved.seen)
    plan: Plan = replace(PLAN, start_on=TODAY - timedelta(days=30))
    seen = preview_layout(cast.anja, "T-1", 2, plan).seen
    lay_out_cohort(cast.anja, "T-1", 2, plan, NewCohort(code="C-9"), seen)
    (programme,) = programmes_to_look_back_on(cast.gijs, TODAY)
    assert [cohort.code for cohort in programme.cohorts] == ["C-9", "C-1", "C-2"]
    assert len(programme.codes) == 2 and programme.template == "T-1"
    for code in programme.codes:
        assert programme_looked_back(cast.gijs, code, TODAY).programme == programme


def _published(cast: Cast) -> None:
    make_template(cast.anja, NewTemplate(code="T-1", title="Ons traject", cohort="C-1"))
    publish_version(cast.anja, "T-1", 1, template_version(cast.anja, "T-1", 1).seen)


def _texts(value: Any) -> list[str]:
    """Every text within a value."""
    if isinstance(value, str):
        return [value]
    if is_dataclass(value):
        return [text for field in fields(value) for text in _texts(getattr(value, field.name))]
    if isinstance(value, dict):
        return [text for pair in value.items() for part in pair for text in _texts(part)]
    if isinstance(value, tuple | list | frozenset):
        return [text for part in value for text in _texts(part)]
    return []
