"""What is held on somebody, to take along: a PDF to read and JSON for another program; plain values in, bytes out."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    LongTable,
    PageTemplate,
    Paragraph,
    Spacer,
    TableStyle,
)

from hto_track.documents.diploma import BOLD, INK, INK_SOFT, LINE, PETROL, PETROL_SOFT, PLAIN, register_fonts

WIDTH, HEIGHT = landscape(A4)
MARGIN = 16 * mm
MEASURE = WIDTH - 2 * MARGIN
TERM_WIDTH = 62 * mm
MOST_COLUMNS = 12
"""A table of more columns, or with longer texts than the next, is written out row by row."""
LONGEST_CELL = 240
PADDING = 4
WIDEST_WORD = 40 * mm
"""A longer word (an address, a digest) is broken."""
ROOM_FOR_A_PART = 32 * mm
"""A heading does not stand alone at the foot of a page."""

_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=22, leading=27, textColor=PETROL)
_LEAD = ParagraphStyle("lead", fontName=PLAIN, fontSize=10, leading=14.5, textColor=INK_SOFT)
_HEADING = ParagraphStyle(
    "heading", fontName=BOLD, fontSize=13, leading=17, textColor=PETROL, spaceBefore=7 * mm, keepWithNext=1
)
_NOTE = ParagraphStyle("note", fontName=PLAIN, fontSize=9, leading=12.5, textColor=INK_SOFT, keepWithNext=1)
_CELL = ParagraphStyle("cell", fontName=PLAIN, fontSize=8, leading=10.8, textColor=INK, splitLongWords=1)
_HEAD = ParagraphStyle("head", parent=_CELL, fontName=BOLD)
_TERM = ParagraphStyle("term", parent=_CELL, textColor=INK_SOFT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading, what it holds in a sentence, and a table in words. Without rows only the sentence is printed."""

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDataText:
    """What is printed. ``page`` has a place for the number: ``Bladzijde %s``. ``language`` is like "nl"."""

    title: str
    lead: tuple[str, ...]
    parts: tuple[Part, ...]
    page: str
    language: str


def own_data_document(text: OwnDataText) -> bytes:
    """The PDF, its fonts inside, with title and language and a line of its outline for each part; no clock is read."""
    register_fonts()
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=(WIDTH, HEIGHT),
        title=text.title,
        author="HTO Track",
        creator="HTO Track",
        lang=text.language,
        invariant=1,
        initialFontName=PLAIN,
    )
    frame = Frame(
        MARGIN, 14 * mm, MEASURE, HEIGHT - 28 * mm, leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0
    )

    def foot(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(INK_SOFT)
        canvas.drawString(MARGIN, 8 * mm, text.title)
        canvas.drawRightString(WIDTH - MARGIN, 8 * mm, text.page % canvas.getPageNumber())

    document.addPageTemplates(PageTemplate(frames=[frame], onPage=foot))
    document.build(_story(text))
    return buffer.getvalue()


def own_data_json(
    name: str, made_at: datetime, people: Mapping[str, str], tables: Iterable[tuple[str, Iterable[Mapping[str, Any]]]]
) -> str:
    """All tables by name, each a list of rows; moments in UTC, durations in minutes, words as they are stored."""
    content = {
        "name": name,
        "made_at": made_at,
        "people": dict(people),
        **{table: list(rows) for table, rows in tables},
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=_plain)


def _plain(value: Any) -> Any:
    match value:
        case date() | time():
            return value.isoformat()
        case Enum():
            return value.value
        case Decimal():
            return str(value)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in JSON")


class _Mark(Flowable):
    """A line of the outline, where it stands; it takes no room."""

    def __init__(self, key: str, title: str) -> None:
        super().__init__()
        self.key, self.title = key, title
        self.width = self.height = 0
        self.keepWithNext = 1

    def draw(self) -> None:
        """Put it in the outline of the document."""
        self.canv.bookmarkPage(self.key)
        self.canv.addOutlineEntry(self.title, self.key)


def _story(text: OwnDataText) -> list[Flowable]:
    story: list[Flowable] = [Paragraph(_marked_up(text.title), _TITLE), Spacer(0, 2 * mm)]
    story += [Paragraph(_marked_up(line), _LEAD) for line in text.lead]
    for number, part in enumerate(text.parts):
        story.append(CondPageBreak(ROOM_FOR_A_PART))
        head: list[Flowable] = [
            _Mark(f"part-{number}", part.title),
            Paragraph(_marked_up(part.title), _HEADING),
            Paragraph(_marked_up(part.note), _NOTE),
            Spacer(0, 2 * mm),
        ]
        if not part.rows:
            story += head
        elif len(part.rows) > 1 and _fits(part):
            story += [*head, _table(part)]
        else:
            records = [_record(part.heads, row) for row in part.rows]
            story.append(KeepTogether([*head, records[0]]))
            for record in records[1:]:
                story += [Spacer(0, 3 * mm), KeepTogether([record])]
    return story


def _fits(part: Part) -> bool:
    return len(part.heads) <= MOST_COLUMNS and all(len(cell) <= LONGEST_CELL for row in part.rows for cell in row)


def _table(part: Part) -> LongTable:
    rows = [[Paragraph(_marked_up(head), _HEAD) for head in part.heads]]
    rows += [[Paragraph(_marked_up(cell), _CELL) for cell in row] for row in part.rows]
    table = LongTable(rows, colWidths=_widths(part), repeatRows=1, hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, 0), PETROL_SOFT),
                ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
                ("FONTNAME", (0, 0), (-1, -1), PLAIN),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
                ("RIGHTPADDING", (0, 0), (-1, -1), PADDING),
                ("TOPPADDING", (0, 0), (-1, -1), 2.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    return table


def _widths(part: Part) -> list[float]:
    """Each column is as wide as its longest word, and has a share of the rest by its longest text, so that long ones wrap."""
    columns = list(zip(part.heads, *part.rows, strict=True))
    least = [min(max(map(_widest_word, column)), WIDEST_WORD) + 2 * PADDING + 1 for column in columns]
    shares = [min(max(map(len, column)), 60) for column in columns]
    rest = max(MEASURE - sum(least), 0)
    wanted = [width + rest * share / sum(shares) for width, share in zip(least, shares, strict=True)]
    return [width * MEASURE / sum(wanted) for width in wanted]


def _widest_word(text: str) -> float:
    return max((pdfmetrics.stringWidth(word, BOLD, _HEAD.fontSize) for word in text.split()), default=0.0)


def _record(heads: Iterable[str], row: Iterable[str]) -> LongTable:
    """One row written out: a line for each thing that is known."""
    lines = [
        [Paragraph(_marked_up(head), _TERM), [Paragraph(_marked_up(line), _CELL) for line in _pieces(cell)]]
        for head, cell in zip(heads, row, strict=True)
        if cell
    ]
    record = LongTable(lines, colWidths=[TERM_WIDTH, MEASURE - TERM_WIDTH], hAlign="LEFT", splitInRow=1)
    record.setStyle(
        TableStyle(
            [
                ("LINEABOVE", (0, 0), (-1, 0), 0.8, PETROL_SOFT),
                ("FONTNAME", (0, 0), (-1, -1), PLAIN),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), PADDING),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
            ]
        )
    )
    return record


def _pieces(text: str) -> list[str]:
    """The lines of a text; an empty one is a space, to stay a line."""
    return [line or " " for line in text.splitlines()]


def _marked_up(text: str) -> str:
    """A text as the words of a paragraph: nothing in it is taken for markup, nothing unprintable is left."""
    return escape("".join(character if character.isprintable() else " " for character in text))
