"""The pages of templates: made, filled in, published and compared, by forms alone."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

import pytest

from hto_track.rules.template import Template, TemplateLesson
from hto_track.services.template_drafts import NewTemplate, make_template, publish_version
from hto_track.services.templates import template_version
from hto_track.web.template_forms import rows_in, template_in, typed_values, values_of
from tests.cast import Cast
from tests.services.test_layout import changed
from tests.web.conftest import SignIn
from tests.web.forms import forms_of, submit

DRAFT = "/sjablonen/T-1/1/bewerken"


@pytest.fixture
def draft(cast: Cast) -> Cast:
    """The cast, with a draft of T-1 made from C-1."""
    make_template(cast.anja, NewTemplate(code="T-1", title="Ons traject", cohort="C-1"))
    return cast


def template_now(cast: Cast, number: int = 1) -> Template:
    return template_version(cast.anja, "T-1", number).template


def test_with_no_templates_it_says_how_to_begin(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.anja).get("/sjablonen")
    assert "Nog geen sjablonen. Maak er een van een groep die goed liep" in page.text
    assert 'href="/sjablonen/nieuw"' in page.text


def test_a_template_is_made_from_a_cohort_looked_through_and_published(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.anja)
    made = submit(client, "/sjablonen/nieuw", form="/sjablonen", follow=True, code="T-1", title="Ons traject")
    assert "Het sjabloon is gemaakt" in made.text and "<h1>Ons traject</h1>" in made.text
    assert "Elke week op dinsdag, 18.30–21.30" in made.text
    assert "112\N{NO-BREAK SPACE}uur" in made.text, (
        "3 lessons of 3 hours, 3 of preparation, 20 of an assignment, 80 of internship"
    )
    published = submit(client, "/sjablonen/T-1/1", form="publiceren", follow=True)
    assert "Versie 1 is gepubliceerd" in published.text and "/sjablonen/T-1/1/uitzetten" in published.text


def test_a_code_that_is_taken_is_said_at_its_field_and_the_title_stays(draft: Cast, sign_in: SignIn) -> None:
    answer = submit(sign_in(draft.anja), "/sjablonen/nieuw", form="/sjablonen", code="T-1", title="Nog een")
    assert answer.status_code == 422
    assert "De code T-1 is al in gebruik" in answer.text and 'value="Nog een"' in answer.text
    assert "<title>Fout: " in answer.text


def test_a_draft_that_is_sent_as_it_is_shown_stays_the_same(draft: Cast, sign_in: SignIn) -> None:
    before = template_now(draft)
    assert submit(sign_in(draft.anja), DRAFT, form="bewerken").status_code == 302
    assert template_now(draft) == before


def test_lessons_are_pasted_from_a_spreadsheet(draft: Cast, sign_in: SignIn) -> None:
    pasted = "1\tStart\t18:30\t21:00\r\n2\tHet lesplan\t\t\r\n\r\nMicroteaching | 19.00-22.00\r\n"
    typed = {"lessons": pasted, "assignment-0-due_with": "3"}
    submit(sign_in(draft.anja), DRAFT, form="bewerken", **typed)
    assert [
        (lesson.number, lesson.title, str(lesson.starts_at), str(lesson.ends_at))
        for lesson in template_now(draft).lessons
    ] == [
        (1, "Start", "18:30:00", "21:00:00"),
        (2, "Het lesplan", "None", "None"),
        (3, "Microteaching", "19:00:00", "22:00:00"),
    ]


def test_an_assignment_is_added_on_an_empty_line_and_taken_away_by_emptying_it(draft: Cast, sign_in: SignIn) -> None:
    client = sign_in(draft.anja)
    new = {"code": "A2", "title": "Toets", "opens_with": "1", "due_with": "3", "estimate": "7,5", "outcomes": "LU1"}
    submit(client, DRAFT, form="bewerken", **{f"assignment-1-{name}": text for name, text in new.items()})
    first, second = template_now(draft).assignments
    assert (second.code, second.estimate, second.outcomes, second.mandatory) == ("A2", 450, ("LU1",), True)
    gone = {f"assignment-0-{name}": "" for name in ("code", "title", "opens_with", "due_with", "estimate", "outcomes")}
    submit(client, DRAFT, form="bewerken", **gone)
    assert template_now(draft).assignments == (second,)
    assert first.code == "A1"


def test_saving_to_add_an_assignment_stays_on_the_form(draft: Cast, sign_in: SignIn) -> None:
    answer = submit(sign_in(draft.anja), DRAFT, form="bewerken", more="1")
    assert answer.location == DRAFT


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("starts_at", "half zeven", "Vul een tijd in zoals 18:30."),
        ("ends_at", "18:30", "Het einde ligt niet na het begin."),
        ("min_attendance", "veel", "Vul een percentage in van 0 tot en met 100."),
        ("min_attendance", "101", "Vul een percentage in van 0 tot en met 100."),
        ("min_attendance", "1e-99999", "Vul een percentage in van 0 tot en met 100."),
        ("min_attendance", "1e-30", "Vul een percentage in van 0 tot en met 100."),
        ("make_up_limit", "999999999", "Vul een heel getal in van 0 tot en met 1000."),
        ("max_attempts", "101", "Vul een heel getal in van 1 tot en met 100."),
        ("credits", "-1", "Vul studiepunten in van 0 tot en met 1000, of niets."),
        ("credits", "NaN", "Vul studiepunten in van 0 tot en met 1000, of niets."),
        ("credits", "1e99999", "Vul studiepunten in van 0 tot en met 1000, of niets."),
        (
            "checkpoints",
            "VOG | Verklaring | 999999999",
            "Vul een week in van 0 tot en met 1000, geteld vanaf het begin",
        ),
        ("outcomes", "x" * 65 + " | Een", "Regel 1: "),
        ("outcomes", "LU1 | " + " | ".join(["x" * 150] * 2), "Regel 1: "),
        ("weeks_after", "27", "Vul in hoeveel weken de groep na de laatste les doorgaat"),
        ("lessons", "Start | later", "Regel 1: na het streepje staat een tijd, zoals 18:30-21:00."),
        ("lessons", "Start | 21:00-18:30\nTwee\nDrie", "Les 1 eindigt voor het begin."),
        ("lessons", "x" * 201, "Regel 1: "),
        ("checkpoints", "VOG | Verklaring | ooit", "Regel 1: na het tweede streepje staat een week"),
        ("outcomes", "LU1 | Een\nLU1 | Twee", "De code LU1 staat er twee keer."),
        ("outcomes", "LU1", "LU1 heeft geen titel."),
        ("assignment-0-due_with", "9", "Kies een les die er is: de laatste is nummer 3."),
        ("assignment-0-due_with", "1", "Kies om in te leveren een les na de les waarmee de opdracht begint."),
        ("assignment-0-estimate", "veel", "Vul in hoeveel uur het kost, 0 of meer."),
        ("assignment-0-outcomes", "LU9", "Er is geen leeruitkomst LU9 in dit sjabloon."),
        ("assignment-0-code", "", "heeft geen code."),
    ],
)
def test_what_is_wrong_is_said_at_its_field_the_input_stays_and_nothing_is_stored(
    draft: Cast, sign_in: SignIn, field: str, typed: str, sentence: str
) -> None:
    before = template_now(draft)
    answer = submit(sign_in(draft.anja), DRAFT, form="bewerken", **{field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#34;", '"')
    assert f'id="e-{field}"' in answer.text and f'href="#f-{field}"' in answer.text
    form = next(form for form in forms_of(answer) if "bewerken" in form.action)
    assert form.values[field][0].strip() == typed
    assert template_now(draft) == before


def test_the_second_who_saves_is_shown_what_differs_and_can_let_theirs_stay(draft: Cast, sign_in: SignIn) -> None:
    anja, gijs = sign_in(draft.anja), sign_in(draft.gijs)
    form = next(form for form in forms_of(gijs.get(DRAFT)) if "bewerken" in form.action)
    submit(anja, DRAFT, form="bewerken", weeks_after="1")
    asked = gijs.post(DRAFT, data=form.values | {"weeks_after": "2"})
    assert asked.status_code == 422
    assert "Iemand anders heeft dit concept intussen gewijzigd" in asked.text
    assert template_now(draft).weeks_after == 1
    again = next(form for form in forms_of(asked) if "bewerken" in form.action)
    assert gijs.post(DRAFT, data=again.values).status_code == 302
    assert template_now(draft).weeks_after == 2


def test_what_changed_between_versions_is_said_in_words(draft: Cast, sign_in: SignIn) -> None:
    client = sign_in(draft.anja)
    publish_version(draft.anja, "T-1", 1, template_version(draft.anja, "T-1", 1).seen)
    begun = submit(client, "/sjablonen/T-1/1", form="/sjablonen/T-1")
    assert begun.location == "/sjablonen/T-1/2/bewerken"
    submit(client, begun.location, form="bewerken", internship_min="90", weekday="3", note="Meer stage")
    page = client.get("/sjablonen/T-1/2/verschillen")
    assert "Van versie 1 naar versie 2" in page.text
    assert "80&nbsp;uur" in page.text.replace("\xa0", "&nbsp;") and "90&nbsp;uur" in page.text.replace("\xa0", "&nbsp;")
    assert "dinsdag" in page.text and "donderdag" in page.text
    assert client.get("/sjablonen/T-1/2/verschillen?met=7").status_code == 404
    assert client.get("/sjablonen/T-1/1/bewerken").location == "/sjablonen/T-1/1"


def test_a_published_version_takes_no_form_any_more(draft: Cast, sign_in: SignIn) -> None:
    client = sign_in(draft.anja)
    form = next(form for form in forms_of(client.get(DRAFT)) if "bewerken" in form.action)
    publish_version(draft.anja, "T-1", 1, template_version(draft.anja, "T-1", 1).seen)
    answer = client.post(DRAFT, data=form.values | {"weeks_after": "3"})
    assert answer.status_code == 422 and "Deze versie is gepubliceerd" in answer.text


def test_who_makes_no_templates_has_no_entry_for_them(draft: Cast, sign_in: SignIn) -> None:
    assert "Sjablonen" not in sign_in(draft.chaima).get("/groepen").text
    assert "Sjablonen" in sign_in(draft.hanna).get("/groepen").text
    assert sign_in(draft.chaima).get("/sjablonen").status_code == 403


def test_the_page_of_a_version_costs_as_much_for_a_long_template(
    draft: Cast, sign_in: SignIn, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client = sign_in(draft.anja)
    client.get("/sjablonen/T-1/1")
    with count_queries() as few:
        client.get("/sjablonen/T-1/1")
    form = next(form for form in forms_of(client.get(DRAFT)) if "bewerken" in form.action)
    client.post(DRAFT, data=form.values | {"lessons": "\n".join(f"Les {at}" for at in range(1, 100))})
    with count_queries() as many:
        assert "Les 99" in client.get("/sjablonen/T-1/1").text
    assert len(few) == len(many)


def test_a_whole_template_comes_back_from_its_form(draft: Cast) -> None:
    whole = changed(template_now(draft))
    whole = replace(whole, lessons=(*whole.lessons, TemplateLesson(number=7, title="Slot")), weeks_after=4)
    values = typed_values(values_of(whole, "waarom"))
    assert rows_in(values) == 1
    assert template_in(values, whole) == whole
