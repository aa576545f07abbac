"""Cohorts: the overview of all, and the board of one."""

from typing import Any

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from hto_track import clock
from hto_track.kept import Kept
from hto_track.languages import reader_language
from hto_track.services.access_lists import count_not_in
from hto_track.services.forecasts import cohort_forecast
from hto_track.services.standings import cohort_standings, cohorts_overview
from hto_track.services.views import CohortStandings
from hto_track.services.waiting_questions import count_questions
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.board import Show, Sort, board_picture
from hto_track.web.pictures.forecast import cohort_ahead
from hto_track.web.pictures.invitations import not_in_text
from hto_track.web.pictures.load_requests import questions_text
from hto_track.web.pictures.overview import overview_picture

KEPT_BOARDS = 128


def overview() -> ResponseReturnValue:
    """Every cohort that the actor may see, one card each."""
    actor = signed_in_actor()
    standings = cohorts_overview(actor, clock.today())
    overview = overview_picture(standings, {found.cohort.id: count_questions(actor, found) for found in standings})
    return render_template("cohorts/overview.html", overview=overview)


def board(cohort_code: str) -> ResponseReturnValue:
    """Who of a cohort needs attention now, who soon, and why; ``?show=`` and ``?sort=`` choose and order."""
    actor = signed_in_actor()
    standings = cohort_standings(actor, cohort_code, clock.today())
    show, sort = Show.of(request.args.get("show")), Sort.of(request.args.get("sort"))
    beside = {
        "not_in": not_in_text(count_not_in(actor, standings)),
        "questions": questions_text(count_questions(actor, standings)),
    }
    goes_on = standings.on < standings.cohort.end_on
    return render_template("cohorts/board.html", goes_on=goes_on, **beside, **_drawn_board(standings, show, sort))


def ahead(cohort_code: str) -> ResponseReturnValue:
    """What the coming weeks will really take, of everyone: the board takes it in once somebody scrolls there.

    A page of its own, because it learns from all logs of the programme: the board has its picture without waiting for that.
    """
    actor = signed_in_actor()
    standings = cohort_standings(actor, cohort_code, clock.today())
    return render_template(
        "cohorts/ahead.html", cohort=standings.cohort, ahead=cohort_ahead(cohort_forecast(actor, standings))
    )


def _drawn_board(standings: CohortStandings, show: Show, sort: Sort) -> dict[str, Any]:
    """The picture and its parts as HTML, kept while nothing is written: no reader is in them, and of the request
    only where the site begins.
    """

    def draw() -> dict[str, Any]:
        picture = board_picture(standings, show, sort, clock.now())
        parts = {
            f"{part}_html": Markup(render_template(f"cohorts/_board_{part}.html", board=picture))  # noqa: S704  (ours, escaped)
            for part in ("stats", "sorting", "table")
        }
        return {"board": picture, **parts}

    boards: Kept[dict[str, Any]] = current_app.extensions.setdefault("hto_boards", Kept(KEPT_BOARDS))
    key = (standings.cohort.id, standings.on, reader_language(), request.script_root, show, sort)
    return boards.under(standings.revision, key, draw)
