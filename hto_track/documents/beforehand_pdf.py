"""A year told beforehand, on one or two sheets to lay on the kitchen table; words and lengths in, bytes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from hto_track.documents.diploma import BOLD, INK, INK_SOFT, LINE, PETROL, PLAIN, register_fonts

WIDTH, HEIGHT = A4
MARGIN = 18 * mm
MEASURE = WIDTH - 2 * MARGIN
CHART_HEIGHT = 46 * mm
MONTHS_HEIGHT = 5 * mm
LESSONS, ASSIGNMENTS, INTERNSHIP = HexColor("#1d4b73"), HexColor("#b96f12"), HexColor("#2b8a80")

_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=20, leading=25, textColor=PETROL)
_ANSWER = ParagraphStyle("answer", fontName=BOLD, fontSize=14, leading=19, textColor=INK, spaceBefore=3 * mm)
_TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=10, leading=14.5, textColor=INK)
_SOFT = ParagraphStyle("soft", parent=_TEXT, textColor=INK_SOFT)
_HEADING = ParagraphStyle(
    "heading", fontName=BOLD, fontSize=12, leading=16, textColor=PETROL, spaceBefore=5 * mm, keepWithNext=1
)
_RIGHT = ParagraphStyle("right", parent=_TEXT, alignment=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWeek:
    """A week of the picture, in minutes; ``month`` is written under it where it is not empty."""

    lessons: Fraction
    assignments: Fraction
    internship: Fraction
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPart:
    """A heading with sentences, and figures beside their names."""

    title: str
    lines: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BeforehandText:
    """What is printed. ``legend`` names the three series and the room; ``page`` has a place for the number."""

    title: str
    lead: str
    given: str
    answer: str
    explained: str
    picture: str
    legend: tuple[str, str, str, str]
    weeks: tuple[PaperWeek, ...]
    room: int
    parts: tuple[PaperPart, ...]
    foot: str
    page: str
    language: str


def beforehand_document(text: BeforehandText) -> bytes:
    """The PDF, its fonts inside, with title and language; no clock is read."""
    register_fonts()
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=text.title,
        author="HTO Track",
        creator="HTO Track",
        lang=text.language,
        invariant=1,
        initialFontName=PLAIN,
    )
    frame = Frame(
        MARGIN, 16 * mm, MEASURE, HEIGHT - 32 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )

    def foot(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(INK_SOFT)
        canvas.drawString(MARGIN, 9 * mm, text.foot)
        canvas.drawRightString(WIDTH - MARGIN, 9 * mm, text.page % canvas.getPageNumber())

    document.addPageTemplates(PageTemplate(frames=[frame], onPage=foot))
    document.build(_story(text))
    return buffer.getvalue()


class _Year(Flowable):
    """The year as columns: lessons, assignments and internship on each other, the room as a line over them."""

    def __init__(self, weeks: Sequence[PaperWeek], room: int) -> None:
        super().__init__()
        self.weeks, self.room = weeks, room
        self.width, self.height = MEASURE, CHART_HEIGHT + MONTHS_HEIGHT

    def draw(self) -> None:
        """Draw it."""
        canvas = self.canv
        totals = [float(week.lessons + week.assignments + week.internship) for week in self.weeks]
        scale = CHART_HEIGHT / (max([float(self.room), *totals]) * 1.05 or 1)
        step = MEASURE / max(1, len(self.weeks))
        for at, week in enumerate(self.weeks):
            x, y = at * step + step * 0.13, MONTHS_HEIGHT
            for minutes, colour in (
                (week.lessons, LESSONS),
                (week.assignments, ASSIGNMENTS),
                (week.internship, INTERNSHIP),
            ):
                height = float(minutes) * scale
                canvas.setFillColor(colour)
                if height > 0.3:
                    canvas.rect(x, y, step * 0.74, max(0.3, height - 0.5), stroke=0, fill=1)
                y += height
            if week.month:
                canvas.setFont(PLAIN, 7.5)
                canvas.setFillColor(INK_SOFT)
                canvas.drawString(x, 1.2 * mm, week.month)
        canvas.setStrokeColor(LINE)
        canvas.line(0, MONTHS_HEIGHT, MEASURE, MONTHS_HEIGHT)
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(1.2)
        canvas.setDash(5, 3)
        canvas.line(0, MONTHS_HEIGHT + self.room * scale, MEASURE, MONTHS_HEIGHT + self.room * scale)


class _Legend(Flowable):
    """What the colours are; the last is the line."""

    def __init__(self, names: tuple[str, str, str, str]) -> None:
        super().__init__()
        self.names = names
        self.width, self.height = MEASURE, 6 * mm

    def draw(self) -> None:
        """Draw it."""
        canvas, x = self.canv, 0.0
        colours: tuple[Color | None, ...] = (LESSONS, ASSIGNMENTS, INTERNSHIP, None)
        for name, colour in zip(self.names, colours, strict=True):
            if colour is None:
                canvas.setStrokeColor(INK)
                canvas.setDash(5, 3)
                canvas.line(x, 1.8 * mm, x + 6 * mm, 1.8 * mm)
            else:
                canvas.setFillColor(colour)
                canvas.rect(x, 0.6 * mm, 6 * mm, 2.6 * mm, stroke=0, fill=1)
            canvas.setFillColor(INK_SOFT)
            canvas.setFont(PLAIN, 8.5)
            canvas.drawString(x + 7.5 * mm, 0.9 * mm, name)
            x += 7.5 * mm + canvas.stringWidth(name, PLAIN, 8.5) + 6 * mm


def _story(text: BeforehandText) -> list[Flowable]:
    story: list[Flowable] = [
        Paragraph(escape(text.title), _TITLE),
        Paragraph(escape(text.lead), _SOFT),
        Paragraph(escape(text.answer), _ANSWER),
        Paragraph(escape(text.given), _SOFT),
        Paragraph(escape(text.explained), _TEXT),
        Paragraph(escape(text.picture), _HEADING),
        Spacer(0, 2 * mm),
        _Year(text.weeks, text.room),
        Spacer(0, 2 * mm),
        _Legend(text.legend),
    ]
    for part in text.parts:
        flow: list[Flowable] = [Paragraph(escape(part.title), _HEADING)]
        flow += [Paragraph(escape(line), _TEXT) for line in part.lines]
        if part.figures:
            flow.append(_figures(part.figures))
        story.append(KeepTogether(flow))
    return story


def _figures(figures: tuple[tuple[str, str], ...]) -> Table:
    rows = [[Paragraph(escape(name), _TEXT), Paragraph(escape(figure), _RIGHT)] for name, figure in figures]
    table = Table(rows, colWidths=[MEASURE - 40 * mm, 40 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("FONTNAME", (0, 0), (-1, -1), PLAIN),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return table
