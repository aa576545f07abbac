"""Cohorts: the overview of all, and the board of one."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.services.standings import cohort_standings, cohorts_overview
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.board import Show, Sort, board_picture
from hto_track.web.pictures.overview import overview_picture


def overview() -> ResponseReturnValue:
    """Every cohort that the actor may see, one card each."""
    standings = cohorts_overview(signed_in_actor(), clock.today())
    return render_template("cohorts/overview.html", overview=overview_picture(standings))


def board(cohort_code: str) -> ResponseReturnValue:
    """Who of a cohort needs attention now, who soon, and why; ``?show=`` and ``?sort=`` choose and order."""
    standings = cohort_standings(signed_in_actor(), cohort_code, clock.today())
    show, sort = Show.of(request.args.get("show")), Sort.of(request.args.get("sort"))
    return render_template("cohorts/board.html", board=board_picture(standings, show, sort, clock.now()))
