"""The list of a lesson in a real browser: clicks counted, keyboard alone, two teachers, and participants who will not come."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import delete, select

from hto_track.extensions import db
from hto_track.models.cohorts import Cohort
from hto_track.models.lessons import Attendance, Lesson, LessonState, MakeUp
from hto_track.models.participants import Participant
from hto_track.rules.facts import Mark
from hto_track.services.transaction import writing
from tests.browser.conftest import NewContext, Site
from tests.browser.pages import WIDTHS, Visit
from tests.browser.test_keyboard import SMALL_TARGETS
from tests.cast import enrol

TEACHER, LEADER, WOUTER = (
    "chaima@hogeschool.example.org",
    "projectleider@example.org",
    "deelnemer01.zh05@example.org",
)
LIST = "/groepen/ZH-05/lessen/13"
EVERYONE = 14
"""So many take part in lesson 13."""
CLASS = 18
Opened = Callable[..., Visit]

COUNT_CLICKS = """
addEventListener("click", (event) => {
  if (event.isTrusted) sessionStorage.setItem("clicks", 1 + Number(sessionStorage.getItem("clicks") ?? 0));
}, true);
"""


@pytest.fixture
def opened(own_site: Site, new_context: NewContext) -> Opened:
    """``opened(LIST, TEACHER)``: a page of a demo of this test alone, on a phone; every real click is counted."""

    def open_page(path: str, email: str | None = TEACHER, *, width: int = 390, language: str = "nl") -> Visit:
        context = new_context(own_site, email=email, language=language, width=width)
        context.add_init_script(COUNT_CLICKS)
        return Visit.to(context, own_site.url + path)

    return open_page


def clicks(page: Page) -> int:
    """How often a person clicked in this tab."""
    return int(page.evaluate("sessionStorage.getItem('clicks') ?? 0"))


def without_marks(site: Site, number: int = 13) -> None:
    """The evening has only begun: nobody has a mark."""
    with site.app.app_context(), writing() as session:
        lesson = select(Lesson.id).join_from(Lesson, Participant, Lesson.cohort_id == Participant.cohort_id)
        of_lesson = lesson.where(Lesson.number == number, Participant.code == "ZH05-01").scalar_subquery()
        session.execute(delete(Attendance).where(Attendance.lesson_id == of_lesson))


def marks(site: Site, number: int = 13) -> dict[str, Mark]:
    """What is stored, by code."""
    with site.app.app_context():
        query = (
            select(Participant.code, Attendance.mark)
            .join(Attendance, Attendance.participant_id == Participant.id)
            .join(Lesson, Lesson.id == Attendance.lesson_id)
            .where(Lesson.number == number, Participant.code.startswith("ZH05"))
        )
        return {code: mark for code, mark in db.session.execute(query)}


def toggle(page: Page, code: str):
    """The big button of somebody's row."""
    return page.locator(f".toggle[name='mark-{code}']")


def row(page: Page, code: str):
    """Somebody's whole row."""
    return page.locator(f".attend-row:has([name='seen-{code}'])")


def expect_mark(page: Page, code: str, word: str) -> None:
    """What the list shows for somebody, once it is saved."""
    expect(row(page, code).locator(".state")).to_have_text(word)


def all_faults(visit: Visit, language: str = "nl") -> list[str]:
    """What is wrong with the page as it stands now, on every width."""
    faults = visit.faults(language)
    for width in WIDTHS:
        faults += visit.faults_at(width)
    return faults


def fill_up(site: Site) -> None:
    """A class of 18, as the budget is said of."""
    with site.app.app_context(), writing() as session:
        cohort = session.scalars(select(Cohort).where(Cohort.code == "ZH-05")).one()
        for number in range(EVERYONE + 1, CLASS + 1):
            enrol(session, cohort, f"ZH05-9{number}", f"Nieuw{number}", None, "Erbij")


class TestBudgets:
    """How many clicks an evening costs."""

    def test_everyone_present_takes_two_clicks_from_the_home_page_and_an_exception_one_more(
        self, own_site: Site, opened: Opened
    ) -> None:
        fill_up(own_site)
        without_marks(own_site)
        page = opened("/groepen").page
        page.get_by_role("link", name="Aanwezigheid les 13").click()
        page.get_by_role("button", name="Iedereen aanwezig").click()
        expect(page.locator("#status")).to_contain_text(f"{CLASS} van {CLASS} aanwezig")
        assert clicks(page) == 2
        assert set(marks(own_site).values()) == {Mark.PRESENT}
        toggle(page, "ZH05-02").click()
        expect_mark(page, "ZH05-02", "Afwezig")
        assert clicks(page) == 3
        assert marks(own_site)["ZH05-02"] is Mark.ABSENT
        assert len(marks(own_site)) == CLASS

    def test_with_signing_in_it_takes_three(self, own_site: Site, opened: Opened) -> None:
        without_marks(own_site)
        page = opened("/sign-in", None).page
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        page.locator(f"button[value='{TEACHER}']").first.click()
        page.wait_for_load_state("load")
        page.get_by_role("link", name="Aanwezigheid les 13").first.click()
        page.get_by_role("button", name="Iedereen aanwezig").click()
        expect(page.locator("#status")).to_contain_text(f"{EVERYONE} van {EVERYONE} aanwezig")
        assert clicks(page) == 3

    def test_saying_that_one_will_not_come_takes_two(self, own_site: Site, opened: Opened) -> None:
        page = opened("/mijn-traject", WOUTER).page
        page.get_by_role("link", name="Ik kan niet komen").first.click()
        page.get_by_role("button", name="Ik meld me af").click()
        expect(page.locator("#status")).to_contain_text("Je bent afgemeld voor")
        assert clicks(page) == 2
        assert marks(own_site, 14)["ZH05-01"] is Mark.EXCUSED
        page.get_by_role("button", name="Ongedaan maken").click()
        expect(page.locator("#status")).to_contain_text("Je bent er weer bij")
        assert "ZH05-01" not in marks(own_site, 14)


class TestTheList:
    """A row under the thumb."""

    def test_a_tap_saves_the_row_and_says_so_without_moving_the_list(self, own_site: Site, opened: Opened) -> None:
        page = opened(LIST).page
        before = row(page, "ZH05-02").bounding_box()
        toggle(page, "ZH05-02").click()
        expect(page.locator("#status")).to_contain_text(f"van {EVERYONE} aanwezig")
        expect_mark(page, "ZH05-02", "Afwezig")
        assert marks(own_site)["ZH05-02"] is Mark.ABSENT
        assert row(page, "ZH05-02").bounding_box() == before
        expect(toggle(page, "ZH05-02")).to_be_focused()

    def test_taps_go_round_through_present_absent_and_late(self, own_site: Site, opened: Opened) -> None:
        without_marks(own_site)
        page = opened(LIST).page
        for word, stored in (
            ("Aanwezig", Mark.PRESENT),
            ("Afwezig", Mark.ABSENT),
            ("Te laat", Mark.LATE),
            ("Aanwezig", Mark.PRESENT),
        ):
            toggle(page, "ZH05-02").click()
            expect_mark(page, "ZH05-02", word)
            assert marks(own_site) == {"ZH05-02": stored}

    def test_quick_taps_on_two_rows_are_both_saved(self, own_site: Site, opened: Opened) -> None:
        without_marks(own_site)
        page = opened(LIST).page
        page.evaluate(
            """["ZH05-02", "ZH05-04"].forEach((code) => document.querySelector(`.toggle[name="mark-${code}"]`).click())"""
        )
        expect_mark(page, "ZH05-02", "Aanwezig")
        expect_mark(page, "ZH05-04", "Aanwezig")
        assert marks(own_site) == {"ZH05-02": Mark.PRESENT, "ZH05-04": Mark.PRESENT}

    def test_a_tap_can_be_undone_from_the_bar(self, own_site: Site, opened: Opened) -> None:
        page = opened(LIST).page
        before = marks(own_site)
        toggle(page, "ZH05-02").click()
        expect_mark(page, "ZH05-02", "Afwezig")
        page.get_by_role("button", name="Ongedaan maken").click()
        expect_mark(page, "ZH05-02", "Aanwezig")
        assert marks(own_site) == before

    def test_the_other_marks_are_under_more_and_the_focus_comes_back(self, own_site: Site, opened: Opened) -> None:
        page = opened(LIST).page
        row(page, "ZH05-02").locator("summary").click()
        row(page, "ZH05-02").get_by_role("button", name="Te laat").click()
        expect_mark(page, "ZH05-02", "Te laat")
        expect(toggle(page, "ZH05-02")).to_be_focused()
        assert marks(own_site)["ZH05-02"] is Mark.LATE

    def test_who_went_on_meanwhile_is_left_where_they_are(self, own_site: Site, opened: Opened) -> None:
        page = opened(LIST).page
        waiting: list[Route] = []
        page.route(f"**{LIST}", lambda route: waiting.append(route))
        with page.expect_request(lambda request: request.method == "POST"):
            toggle(page, "ZH05-02").click()
        toggle(page, "ZH05-04").focus()
        waiting[0].continue_()
        page.unroute(f"**{LIST}")
        expect_mark(page, "ZH05-02", "Afwezig")
        expect(toggle(page, "ZH05-04")).to_be_focused()

    def test_by_keyboard_alone(self, own_site: Site, opened: Opened) -> None:
        without_marks(own_site)
        page = opened(LIST).page
        page.get_by_role("button", name="Iedereen aanwezig").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#status")).to_contain_text(f"{EVERYONE} van {EVERYONE} aanwezig")
        toggle(page, "ZH05-02").focus()
        page.keyboard.press("Space")
        expect_mark(page, "ZH05-02", "Afwezig")
        expect(toggle(page, "ZH05-02")).to_be_focused()
        page.keyboard.press("Enter")
        expect_mark(page, "ZH05-02", "Te laat")
        expect(toggle(page, "ZH05-02")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(row(page, "ZH05-02").locator(".more-panel")).to_be_visible()
        page.keyboard.press("Escape")
        expect(row(page, "ZH05-02").locator(".more-panel")).to_be_hidden()
        assert marks(own_site)["ZH05-02"] is Mark.LATE

    def test_without_script_a_tap_is_the_same_tap(self, own_site: Site, new_context: NewContext) -> None:
        signed_in = new_context(own_site, email=TEACHER)
        without_script = signed_in.browser.new_context(
            java_script_enabled=False, viewport={"width": 320, "height": 700}
        )
        without_script.add_cookies(signed_in.cookies())  # type: ignore[arg-type]
        page = without_script.new_page()
        page.goto(own_site.url + LIST)
        toggle(page, "ZH05-02").click()
        expect_mark(page, "ZH05-02", "Afwezig")
        expect(row(page, "ZH05-02")).to_be_in_viewport()
        row(page, "ZH05-02").locator("summary").click()
        row(page, "ZH05-02").get_by_role("button", name="Afgemeld").click()
        expect_mark(page, "ZH05-02", "Afgemeld")
        page.get_by_role("button", name="Iedereen aanwezig").click()
        assert marks(own_site)["ZH05-02"] is Mark.EXCUSED
        without_script.close()

    @pytest.mark.parametrize("width", WIDTHS)
    def test_targets_can_be_hit(self, opened: Opened, width: int) -> None:
        page = opened(LIST, width=width).page
        row(page, "ZH05-02").locator("summary").click()
        assert page.evaluate(SMALL_TARGETS) == []

    @pytest.mark.parametrize("language", ["nl", "en"])
    def test_the_list_with_all_that_it_can_say_is_readable_by_all(
        self, own_site: Site, opened: Opened, language: str
    ) -> None:
        visit = opened(LIST, language=language)
        toggle(visit.page, "ZH05-02").click()
        expect(visit.page.locator("#status")).to_contain_text(f"{EVERYONE}")
        row(visit.page, "ZH05-04").locator("summary").click()
        assert all_faults(visit, language) == []


class TestTwoTeachers:
    """Two browsers at one class."""

    def test_both_keep_their_exceptions_and_the_same_row_is_asked(self, own_site: Site, opened: Opened) -> None:
        without_marks(own_site)
        one, other = opened(LIST, TEACHER).page, opened(LIST, LEADER).page
        one.get_by_role("button", name="Iedereen aanwezig").click()
        expect(one.locator("#status")).to_contain_text(f"{EVERYONE} van {EVERYONE} aanwezig")
        other.reload()
        toggle(one, "ZH05-02").click()
        toggle(other, "ZH05-04").click()
        expect_mark(one, "ZH05-02", "Afwezig")
        expect_mark(other, "ZH05-04", "Afwezig")
        # The same row: the second has not seen what the first made of it.
        row(other, "ZH05-02").locator("summary").click()
        row(other, "ZH05-02").get_by_role("button", name="Te laat").click()
        expect(row(other, "ZH05-02")).to_contain_text("het is nu ‘afwezig’, jij koos ‘te laat’")
        stored = marks(own_site)
        assert (stored["ZH05-02"], stored["ZH05-04"]) == (Mark.ABSENT, Mark.ABSENT)
        assert list(stored.values()).count(Mark.PRESENT) == EVERYONE - 2
        row(other, "ZH05-02").locator(".settle").get_by_role("button", name="Te laat").click()
        expect_mark(other, "ZH05-02", "Te laat")
        expect(row(other, "ZH05-02").locator(".settle")).to_have_count(0)
        assert marks(own_site)["ZH05-02"] is Mark.LATE

    def test_what_stands_can_be_left_and_the_question_is_readable_by_all(self, own_site: Site, opened: Opened) -> None:
        one, second = opened(LIST, TEACHER).page, opened(LIST, LEADER)
        toggle(one, "ZH05-02").click()
        expect_mark(one, "ZH05-02", "Afwezig")
        other = second.page
        row(other, "ZH05-02").locator("summary").click()
        row(other, "ZH05-02").get_by_role("button", name="Te laat").click()
        settle = row(other, "ZH05-02").locator(".settle")
        expect(settle).to_be_visible()
        assert all_faults(second) == []
        settle.get_by_role("button", name="Afwezig").click()
        expect(settle).to_have_count(0)
        assert marks(own_site)["ZH05-02"] is Mark.ABSENT


class TestAnnounced:
    """Somebody said beforehand that they will not come."""

    def test_it_stands_when_the_list_is_taken(self, own_site: Site, opened: Opened) -> None:
        page = opened("/lessen/14/afmelden", WOUTER).page
        page.get_by_role("button", name="Ik meld me af").click()
        expect(page.locator("#status")).to_contain_text("Je bent afgemeld voor")
        with own_site.app.app_context(), writing() as session:
            cohort = select(Participant.cohort_id).where(Participant.code == "ZH05-01").scalar_subquery()
            lesson = session.scalars(select(Lesson).where(Lesson.cohort_id == cohort, Lesson.number == 14)).one()
            lesson.held_on, lesson.state = date(2026, 6, 14), LessonState.HELD
        visit = opened("/groepen/ZH-05/aanwezigheid")
        visit.page.get_by_role("button", name="Iedereen aanwezig").click()
        expect(visit.page.locator("#status")).to_contain_text("aanwezig")
        expect(row(visit.page, "ZH05-01")).to_contain_text("fgemeld door Wouter")
        stored = marks(own_site, 14)
        assert {code for code, mark in stored.items() if mark is Mark.EXCUSED} == {"ZH05-01", "ZH05-05"}
        assert list(stored.values()).count(Mark.PRESENT) == len(stored) - 2 > 10
        assert all_faults(visit) == []


class TestMadeUp:
    """A missed lesson that was made up."""

    def test_it_is_chained_to_the_lesson_missed(self, own_site: Site, opened: Opened) -> None:
        visit = opened(LIST)
        page = visit.page
        row(page, "ZH05-09").locator("summary").click()
        row(page, "ZH05-09").get_by_role("link", name="Ingehaald").click()
        expect(page.get_by_label("Op welke dag?")).to_be_visible()
        assert all_faults(visit) == []
        page.set_viewport_size({"width": 390, "height": 900})
        page.get_by_role("button", name="Opslaan als ingehaald").click()
        expect(page.locator(".attend-row:has([name='seen-ZH05-09'])")).to_contain_text("ngehaald op 14 jun")
        with own_site.app.app_context():
            assert date(2026, 6, 14) in db.session.scalars(select(MakeUp.made_up_on)).all()
        page.get_by_role("button", name="Ongedaan maken").click()
        expect_mark(page, "ZH05-09", "Afwezig")
        with own_site.app.app_context():
            assert date(2026, 6, 14) not in db.session.scalars(select(MakeUp.made_up_on)).all()
