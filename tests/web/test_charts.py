"""The geometry of charts: what is twice as much is twice as high, and nothing leaves its frame."""

import re
from fractions import Fraction

import pytest

from hto_track.web.pictures.charts import (
    EIGHT_WEEKS,
    WHOLE_YEAR,
    Frame,
    WeekColumns,
    WeekFigures,
    ring,
    room_bar,
    segments,
    shares,
    spark,
    week_columns,
)

HOUR = 60


def _week(lessons: int, assignments: int = 0, internship: int = 0, *, over: bool = False) -> WeekFigures:
    return WeekFigures(
        lessons=Fraction(lessons),
        assignments=assignments,
        internship=internship,
        is_now=False,
        is_over=over,
        total="",
        name="",
        under="",
    )


def _chart(weeks: list[WeekFigures], room: int, frame: Frame = EIGHT_WEEKS) -> WeekColumns:
    return week_columns(weeks, room, frame, chart_id="c", title="t", description="d")


def test_twice_the_hours_are_twice_as_high() -> None:
    one, two = _chart([_week(2 * HOUR), _week(4 * HOUR)], 12 * HOUR).columns
    heights = [float(column.parts[0].height) + 1 for column in (one, two)]
    assert heights[1] == pytest.approx(2 * heights[0], abs=0.2)


def test_series_are_stacked_on_the_ground_without_overlap() -> None:
    (column,) = _chart([_week(3 * HOUR, 2 * HOUR, HOUR)], 12 * HOUR).columns
    assert [part.kind for part in column.parts] == ["lessons", "assignments", "internship"]
    bottoms = [float(part.y) + float(part.height) for part in column.parts]
    assert bottoms[0] <= EIGHT_WEEKS.height - EIGHT_WEEKS.bottom
    assert all(float(lower.y) >= upper_bottom for lower, upper_bottom in zip(column.parts, bottoms[1:], strict=False))


@pytest.mark.parametrize("frame", [EIGHT_WEEKS, WHOLE_YEAR])
@pytest.mark.parametrize("hours", [0, 5, 60])
def test_nothing_leaves_the_frame(frame: Frame, hours: int) -> None:
    chart = _chart([_week(hours * HOUR, over=True)] * 8, 12 * HOUR, frame)
    for column in chart.columns:
        for part in column.parts:
            assert frame.top - 1 <= float(part.y) <= float(part.y) + float(part.height) <= frame.height - frame.bottom
            assert 0 <= float(part.x) <= float(part.x) + float(part.width) <= 100
    assert frame.top <= float(chart.room_y) <= frame.height - frame.bottom


def test_a_week_as_full_as_the_room_touches_its_line() -> None:
    chart = _chart([_week(12 * HOUR), _week(20 * HOUR)], 12 * HOUR)
    assert float(chart.columns[0].parts[0].y) == pytest.approx(float(chart.room_y), abs=0.6)


def test_a_frame_stands_around_weeks_above_the_room_alone() -> None:
    within, above = _chart([_week(HOUR), _week(20 * HOUR, over=True)], 12 * HOUR).columns
    assert within.over is None
    assert above.over is not None
    assert float(above.over.y) < float(above.parts[-1].y)


def test_the_room_is_marked_where_it_lies_on_the_bar() -> None:
    bar = room_bar([6 * HOUR, 3 * HOUR, 3 * HOUR], 12 * HOUR, label="", room_text="")
    last = bar.parts[-1]
    assert float(last.x) + float(last.width) == pytest.approx(float(bar.room_x), abs=0.6)
    assert float(bar.parts[0].width) == pytest.approx(2 * float(bar.parts[1].width) + 0.5, abs=0.1)


def test_a_ring_is_full_at_the_maximum_and_not_longer() -> None:
    drawn = ring(200 * HOUR, 0, 80 * HOUR, 100 * HOUR, label="", total="", aim="")
    assert drawn.confirmed is not None
    length, circle = map(float, drawn.confirmed.split())
    assert length == circle
    assert drawn.awaiting is None
    assert drawn.minimum_angle == "288.0"


def test_pieces_fill_their_strip() -> None:
    parts = shares([("now", 1), ("soon", 0), ("fine", 3)], label="").parts
    assert [part.kind for part in parts] == ["now", "fine"]
    assert float(parts[1].width) > 2.9 * float(parts[0].width)
    assert len(segments(["done", "busy", "todo"], label="").parts) == 3


def test_a_spark_has_one_bar_a_week_and_cuts_off_what_is_too_high() -> None:
    drawn = spark([(6 * HOUR, False), (0, False), (90 * HOUR, True)], 12 * HOUR)
    assert drawn.within.count("M") == 1
    assert drawn.above.count("M") == 1
    heights = [float(side) for side in re.findall(r"34v-([\d.]+)", drawn.within + drawn.above)]
    assert max(heights) <= 32
