"""The path of one participant: the same judgement as everywhere, in words, charts and tables."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hto_track import formats
from hto_track.services.accounts import actor_by_email
from hto_track.services.policy import CONSOLE, Actor
from hto_track.services.standings import participant_standing
from hto_track.services.warning_texts import explanation, headline, titles_of, way_out
from hto_track.web.access import TOKEN
from tests.cast import Cast
from tests.conftest import TODAY
from tests.sign_in import begin_session
from tests.web.conftest import Browser

SignIn = Callable[[Actor], FlaskClient]
OPEN_TO_THE_DEMO = ("ZH05-01", "ZH05-03", "ZH05-13", "ZH04-01")


@pytest.fixture
def visit(demo_app: Flask) -> Callable[[str, str], str]:
    """``visit(email, path)`` is the page as that person sees it."""
    demo_app.test_client_class = Browser

    def visited(email: str, path: str) -> str:
        actor = actor_by_email(email)
        assert actor is not None
        client = demo_app.test_client()
        with client.session_transaction() as session:
            session[TOKEN] = begin_session(actor.user_id)
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.text

    return visited


def test_the_own_page_is_that_of_the_participant(visit: Callable[[str, str], str]) -> None:
    page = visit("deelnemer03.zh05@example.org", "/mijn-traject")
    assert "<h1>Mijn traject</h1>" in page
    assert "Week\u00a024 · 8\u00a0t/m\u00a014\u00a0juni" in page
    assert "jouw ruimte" in page


def test_a_leader_sees_the_same_figures_under_the_name(demo_app: Flask, visit: Callable[[str, str], str]) -> None:
    page = visit("projectleider@example.org", "/deelnemers/ZH05-03")
    own = visit("deelnemer03.zh05@example.org", "/mijn-traject")
    assert "<h1>Farid Peters</h1>" in page
    assert "jouw ruimte" not in page
    table = re.compile(r"<tbody>.*?</tbody>", re.S)
    assert table.findall(page) == table.findall(own)


@pytest.mark.parametrize("code", ["ZH05-01", "ZH05-03", "ZH05-13"])
def test_the_hours_of_this_week_are_those_of_the_judgement(
    demo_app: Flask, visit: Callable[[str, str], str], code: str
) -> None:
    load = participant_standing(CONSOLE, code, TODAY).member.standing.load
    page = visit("projectleider@example.org", f"/deelnemers/{code}")
    with demo_app.test_request_context():
        assert f'<p class="big num">{formats.hours(load.this_week, 1)} ' in page


def test_the_table_of_all_weeks_says_what_the_rules_planned(demo_app: Flask, visit: Callable[[str, str], str]) -> None:
    load = participant_standing(CONSOLE, "ZH05-01", TODAY).member.standing.load
    page = visit("projectleider@example.org", "/deelnemers/ZH05-01")
    table = page[page.index("Alle weken: gepland en gedaan") :].partition("</table>")[0]
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", table, re.S)
    assert len(rows) == len(load.weeks)
    with demo_app.test_request_context():
        for row, week in zip(rows, load.weeks, strict=True):
            cells = [re.sub(r"<span.*?</span>|<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.S)]
            parts = (week.lessons, week.preparation, week.assignments, week.internship)
            assert cells[:4] == [formats.hours_bare(part, 1) for part in parts]
            assert cells[4].removeprefix("▲ ") == formats.hours_bare(week.study, 1)
            assert cells[4].startswith("▲") == (week.study > load.capacity)


@pytest.mark.parametrize("code", ["ZH05-03", "ZH05-13"])
def test_each_open_warning_says_why_and_what_helps(
    demo_app: Flask, visit: Callable[[str, str], str], code: str
) -> None:
    standing = participant_standing(CONSOLE, code, TODAY)
    warnings, titles = standing.member.warnings, titles_of(standing.plan.assignments)
    assert warnings
    page = visit("projectleider@example.org", f"/deelnemers/{code}")
    with demo_app.test_request_context():
        for warning in warnings:
            for words in (headline(warning, titles), explanation(warning, titles), way_out(warning, titles)):
                assert words in page


def test_the_fullest_week_is_named_with_the_best_way_out(demo_app: Flask, visit: Callable[[str, str], str]) -> None:
    page = visit("deelnemer03.zh05@example.org", "/mijn-traject")
    assert "Week 25 wordt te vol: 7,1\u00a0uur boven je ruimte." in page
    assert re.search(r"Verplaats [\d,]+\u00a0uur stage naar andere weken\. Week\u00a025 gaat van 19,1 naar", page)
    assert '<a href="/vooruit">Zo kom je uit week\u00a025</a>' in page


def test_the_next_lesson_is_the_first_that_is_still_to_come(visit: Callable[[str, str], str]) -> None:
    page = visit("deelnemer03.zh05@example.org", "/mijn-traject")
    assert "Volgende les · dinsdag" in page
    assert "Microteaching 1" in page
    assert "18.30–21.30\u00a0uur" in page


def test_every_chart_has_a_title_a_description_and_a_table(visit: Callable[[str, str], str]) -> None:
    page = visit("deelnemer03.zh05@example.org", "/mijn-traject")
    for name in ("ahead", "year", "verwacht"):
        assert f'aria-labelledby="{name}-t {name}-d"' in page
        assert re.search(rf'<title id="{name}-t">[^<]+</title><desc id="{name}-d">[^<]+</desc>', page)
    assert page.count('<table class="mini">') == 3


def test_a_finished_path_has_no_lesson_and_its_diploma(visit: Callable[[str, str], str]) -> None:
    page = visit("deelnemer01.zh04@example.org", "/mijn-traject")
    assert "Geen lessen meer" in page
    assert "Toegekend op 30 jan 2026, nummer" in page
    assert "9 van 9 klaar" in page
    assert "Wat het diploma vraagt" in page
    assert "Diploma toegekend op 30 jan 2026" in page
    assert "In deze weken staat er geen studie gepland." in page
    assert 'aria-labelledby="ahead-t' not in page


def test_a_pause_says_until_when(visit: Callable[[str, str], str]) -> None:
    assert "Gepauzeerd t/m 15 jun" in visit("projectleider@example.org", "/deelnemers/ZH05-05")


def test_a_date_of_another_year_is_said_with_its_year(visit: Callable[[str, str], str]) -> None:
    page = visit("projectleider@example.org", "/deelnemers/ZH04-07")
    assert "Gestopt op 7 jul 2025" in page
    assert "Casus klassenmanagement: uiterlijk 28 jul 2025" in page
    forecast = visit("deelnemer03.zh05@example.org", "/mijn-traject").replace("\u00a0", " ")
    assert "in week 20 (17 t/m 23 mei 2027)" in forecast
    assert "uiterlijk 22 juni" in visit("projectleider@example.org", "/deelnemers/ZH05-11")


def test_the_college_counts_the_requirements_as_the_participant_does(visit: Callable[[str, str], str]) -> None:
    college, someone = "chaima@hogeschool.example.org", "/groepen/ZH-04/diplomas/ZH04-08"
    counted = re.search(r"\d van 9 klaar", visit(college, someone))
    assert counted
    listed = re.search(r"Sjoerd El Smit</b><small>([^<]+)", visit(college, "/groepen/ZH-04/diplomas"))
    assert listed
    assert listed.group(1) == counted.group()


def test_every_participant_of_the_examples_has_a_page_in_both_languages(demo_app: Flask) -> None:
    demo_app.test_client_class = Browser
    actor = actor_by_email("projectleider@example.org")
    assert actor is not None
    client = demo_app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = begin_session(actor.user_id)
    for code in ("ZH-04", "ZH-05"):
        page = client.get(f"/groepen/{code}").text
        for path in re.findall(r'class="who" href="([^"]+)"', page):
            for language in ("nl", "en"):
                client.set_cookie("language", language)
                assert client.get(path).status_code == 200, f"{path} in {language}"


@pytest.mark.parametrize(
    ("name", "status"), [("anja", 200), ("bram", 200), ("chaima", 200), ("gijs", 200), ("otto", 404)]
)
def test_a_path_is_for_its_participant_and_who_guides_them(cast: Cast, sign_in: SignIn, name: str, status: int) -> None:
    assert sign_in(getattr(cast, name)).get(f"/deelnemers/{cast.participant}").status_code == status


def test_a_participant_sees_nobody_elses_path(cast: Cast, sign_in: SignIn) -> None:
    assert sign_in(cast.bram).get(f"/deelnemers/{cast.neighbour}").status_code == 404
    assert sign_in(cast.bram).get("/deelnemers/NO-00").status_code == 404


def test_the_coming_weeks_have_what_is_likely_and_its_range_in_words_and_in_the_table(
    visit: Callable[[str, str], str],
) -> None:
    page = visit("deelnemer01.zh05@example.org", "/mijn-traject")
    assert "De prognose leert van wat 32 deelnemers van dit traject en jijzelf logden" in page
    assert "8 van de 10 weken komen uit tussen de uiteinden van het streepje" in page
    assert "waarschijnlijk" in re.findall(r'<desc id="ahead-d">([^<]+)</desc>', page)[0]
    table = page[page.index("8 van de 10 weken</th>") :]
    (first, second) = re.findall(r"<tr[^>]*><th scope=\"row\">.*?</tr>", table, re.S)[:2]
    cells = [re.findall(r"<td[^>]*>([^<]*)</td>", row)[-2:] for row in (first, second)]
    assert cells[0] == ["", ""]  # this week is known for the most part
    assert re.fullmatch(r"\d+(,\d)?", cells[1][0])
    assert re.fullmatch(r"\d+ tot \d+", cells[1][1])


def test_the_same_forecast_stands_on_the_page_of_who_guides(visit: Callable[[str, str], str]) -> None:
    page = visit("projectleider@example.org", "/deelnemers/ZH05-01")
    assert "ook deze deelnemer: hier duurt een opdracht" in page
    assert page.count('class="whisker"') == visit("deelnemer01.zh05@example.org", "/mijn-traject").count(
        'class="whisker"'
    )


def test_whose_weeks_are_over_has_no_forecast(visit: Callable[[str, str], str]) -> None:
    assert 'class="whisker"' not in visit("projectleider@example.org", "/deelnemers/ZH04-01")


def test_it_is_too_early_for_a_forecast_while_nobody_logged(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.anja).get(f"/deelnemers/{cast.participant}").text
    assert "Te vroeg voor een prognose" in page
    assert "Nog niemand van dit traject logde genoeg" in page


def _warnings_of(page: str) -> list[str]:
    return re.findall(r"<li>.*?</li>", page[page.index('<ul class="warnings">') :].partition("</ul>")[0], re.S)


def test_a_participant_reads_two_warnings_without_answer_in_full_and_of_the_others_the_titles(
    visit: Callable[[str, str], str],
) -> None:
    own = _warnings_of(visit("deelnemer03.zh05@example.org", "/mijn-traject"))
    assert ["<details" in one for one in own] == [False, True, False, True]
    for one in own[1::2]:
        title, text = re.search(r"<summary><h3>(.*?)</summary>(.*)</details>", one, re.S).groups()
        assert ("Jij hebt het gepland" in title or "ruimte 12" in title) and "Wat helpt:" in text
        assert '<details class="fold" data-print-open>' in one
    assert not any("<details" in one for one in _warnings_of(visit("projectleider@example.org", "/deelnemers/ZH05-03")))


@pytest.mark.parametrize(
    ("email", "path", "opened"),
    [
        ("deelnemer03.zh05@example.org", "/mijn-traject", ""),
        ("projectleider@example.org", "/deelnemers/ZH05-03", " open"),
    ],
)
def test_the_whole_year_is_folded_away_from_whose_year_it_is(
    visit: Callable[[str, str], str], email: str, path: str, opened: str
) -> None:
    page = visit(email, path)
    for heading in ("year-h", "expected-h"):
        assert re.search(rf'<details class="fold" data-print-open{opened}>\s*<summary><h2 id="{heading}">', page)
