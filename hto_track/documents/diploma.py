"""The diploma as a PDF: plain values in, bytes out; the same values always give the same bytes (RULES.md section 4)."""

import base64
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from itertools import islice
from pathlib import Path

from babel.dates import format_date
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
TITLE = "Pedagogisch Didactisch Diploma"

PETROL = HexColor("#0b5563")
PETROL_SOFT = HexColor("#e0eff1")
INK = HexColor("#1b2530")
INK_SOFT = HexColor("#4b5663")
LINE = HexColor("#e2ddd3")

WIDTH, HEIGHT = landscape(A4)
MARGIN = 24 * mm
MEASURE = WIDTH - 2 * MARGIN - 10 * mm
"""The width that a line of text may take, in points."""

SMALLEST_SHARE = 0.65
"""How far a line may shrink before it becomes two lines."""

REGISTER_NUMBER = re.compile(rb"HTO-\d{4}-\d{4,6}(?!\d)")
STREAM = re.compile(rb"stream\r?\n")
MOST_UNPACKED = 4 * 1024 * 1024
"""How many bytes of one compressed part of a stranger's file are looked at."""
MOST_UNPACKED_IN_ALL = 16 * MOST_UNPACKED
MOST_NUMBERS = 1_000
"""A diploma carries one; so many are looked up of a stranger's file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiplomaText:
    """What is printed. ``college`` is None when the programme names none."""

    holder: str
    programme: str
    college: str | None
    awarded_on: date
    register_number: str


def diploma_document(text: DiplomaText) -> bytes:
    """The PDF of one A4 page, its fonts inside, with title, author and language; no clock is read."""
    register_fonts()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, lang="nl-NL", initialFontName=PLAIN)
    canvas.setTitle(f"{TITLE} van {text.holder}")
    canvas.setAuthor(_college(text))
    canvas.setSubject(f"{TITLE} (PDD), registernummer {text.register_number}")
    # Plain ASCII outside the compressed page, so that a file that was changed still says which diploma it was.
    canvas.setKeywords([text.register_number])
    canvas.setCreator("HTO Track")
    _draw_frame(canvas)
    _draw_declaration(canvas, text)
    _draw_foot(canvas, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def unprintable(text: str) -> str:
    """The characters of ``text`` that the diploma's font cannot print, each once; empty when all can."""
    register_fonts()
    known = pdfmetrics.getFont(BOLD).face.charToGlyph
    return "".join(dict.fromkeys(character for character in text if ord(character) not in known))


def register_numbers_in(document: bytes) -> tuple[str, ...]:
    """The register numbers that a file carries, readable or in its compressed parts, each once, in order."""
    found: dict[str, None] = {}
    for part in (document, *_unpacked(document)):
        # Some programs rewrite texts with two bytes a character, or with the dash as a number.
        for number in REGISTER_NUMBER.findall(part.replace(b"\0", b"").replace(rb"\055", b"-")):
            found[number.decode("ascii")] = None
    return tuple(islice(found, MOST_NUMBERS))


def _unpacked(document: bytes) -> Iterator[bytes]:
    """The compressed parts of a PDF, each as far as ``MOST_UNPACKED``, until it is too much in all; others are left out."""
    at, left = 0, MOST_UNPACKED_IN_ALL
    # A pattern for both words would look for the end anew at each beginning, for minutes in a file made for it.
    while (begin := STREAM.search(document, at)) and (end := document.find(b"endstream", begin.end())) >= 0:
        packed = document[begin.end() : end].strip()
        at = end + len(b"endstream")
        with suppress(ValueError, zlib.error):
            if packed.endswith(b"~>"):
                packed = base64.a85decode(packed, adobe=True)
            unpacked = zlib.decompressobj().decompress(packed, min(MOST_UNPACKED, left))
            yield unpacked
            left -= len(unpacked)
            if not left:  # of no use as a limit: zlib takes 0 for none
                return


def register_fonts() -> None:
    """Make the fonts of documents known to ReportLab, once a process."""
    for name in (PLAIN, BOLD):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / f"{name}.ttf")))


def _college(text: DiplomaText) -> str:
    return text.college or "De hogeschool"


def _draw_frame(canvas: Canvas) -> None:
    """A petrol band at the left, a thin frame, and the mark of the rising line."""
    canvas.setFillColor(PETROL)
    canvas.rect(0, 0, 9 * mm, HEIGHT, stroke=0, fill=1)
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.8)
    canvas.roundRect(16 * mm, 8 * mm, WIDTH - 24 * mm, HEIGHT - 16 * mm, 4 * mm)
    side = 15 * mm
    left, bottom = MARGIN + 5 * mm, HEIGHT - 20 * mm - side
    canvas.setFillColor(PETROL)
    canvas.roundRect(left, bottom, side, side, 3.4 * mm, stroke=0, fill=1)
    canvas.setStrokeColor(HexColor("#ffffff"))
    canvas.setLineWidth(1.5 * mm)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    line = canvas.beginPath()
    line.moveTo(left + 0.22 * side, bottom + 0.32 * side)
    line.lineTo(left + 0.42 * side, bottom + 0.52 * side)
    line.lineTo(left + 0.56 * side, bottom + 0.40 * side)
    line.lineTo(left + 0.79 * side, bottom + 0.68 * side)
    canvas.drawPath(line)
    # Quarter circles that rise out of the corner: quiet, and hard to leave out when copying by hand.
    canvas.setStrokeColor(PETROL_SOFT)
    canvas.setLineWidth(1.1)
    canvas.saveState()
    window = canvas.beginPath()
    window.roundRect(16 * mm, 8 * mm, WIDTH - 24 * mm, HEIGHT - 16 * mm, 4 * mm)
    canvas.clipPath(window, stroke=0, fill=0)
    for ring in range(11):
        canvas.circle(WIDTH - 8 * mm, 8 * mm, (16 + 5.5 * ring) * mm)
    canvas.restoreState()


def _draw_declaration(canvas: Canvas, text: DiplomaText) -> None:
    left = MARGIN + 5 * mm
    _line(canvas, text.register_number, WIDTH - MARGIN + 6 * mm, HEIGHT - 26 * mm, PLAIN, 10, INK_SOFT, right=True)
    _fitted(canvas, _college(text), left + 20 * mm, HEIGHT - 29 * mm, BOLD, 14, INK, MEASURE - 70 * mm)
    _line(canvas, TITLE, left, HEIGHT - 62 * mm, BOLD, 30, PETROL)
    _line(canvas, "PDD", left, HEIGHT - 71 * mm, PLAIN, 13, INK_SOFT)
    _line(canvas, "Dit diploma is toegekend aan", left, HEIGHT - 92 * mm, PLAIN, 13, INK_SOFT)
    _fitted(canvas, text.holder, left, HEIGHT - 107 * mm, BOLD, 34, INK, MEASURE)
    canvas.setStrokeColor(PETROL)
    canvas.setLineWidth(1.6)
    canvas.line(left, HEIGHT - 115 * mm, left + 46 * mm, HEIGHT - 115 * mm)
    ground = "voor het met goed gevolg afronden van het scholingstraject"
    _line(canvas, ground, left, HEIGHT - 125 * mm, PLAIN, 13, INK_SOFT)
    _fitted(canvas, text.programme, left, HEIGHT - 134 * mm, BOLD, 17, INK, MEASURE)


def _draw_foot(canvas: Canvas, text: DiplomaText) -> None:
    left, base = MARGIN + 5 * mm, 36 * mm
    awarded_on = format_date(text.awarded_on, "d MMMM y", locale="nl")
    columns = (
        (left, 52 * mm, "Toegekend op", awarded_on),
        (left + 60 * mm, 46 * mm, "Registernummer", text.register_number),
        (left + 114 * mm, MEASURE - 114 * mm, "Namens", _college(text)),
    )
    for at, width, label, value in columns:
        _line(canvas, label, at, base, PLAIN, 10, INK_SOFT)
        _fitted(canvas, value, at, base - 6.5 * mm, BOLD, 13, INK, width)
    note = "Dit document staat in het diplomaregister. Het is alleen echt als het bestand ongewijzigd is."
    _line(canvas, note, left, 17 * mm, PLAIN, 9, INK_SOFT)


def _line(
    canvas: Canvas, words: str, at: float, base: float, font: str, size: float, color: Color, *, right: bool = False
) -> None:
    canvas.setFont(font, size)
    canvas.setFillColor(color)
    (canvas.drawRightString if right else canvas.drawString)(at, base, words)


def _fitted(
    canvas: Canvas, words: str, at: float, base: float, font: str, size: float, color: Color, width: float
) -> None:
    """Words in ``size`` points, smaller where they are wider than ``width``, on two lines where that is too small."""
    fitting = _fitting_size(words, font, size, width)
    first, second = _halves(words)
    if fitting >= SMALLEST_SHARE * size or not second:
        _line(canvas, words, at, base, font, fitting, color)
        return
    fitting = min(SMALLEST_SHARE * size, *(_fitting_size(half, font, size, width) for half in (first, second)))
    _line(canvas, first, at, base + 0.6 * fitting, font, fitting, color)
    _line(canvas, second, at, base - 0.6 * fitting, font, fitting, color)


def _fitting_size(words: str, font: str, size: float, width: float) -> float:
    natural = pdfmetrics.stringWidth(words, font, size)
    return min(size, size * width / natural) if natural else size


def _halves(words: str) -> tuple[str, str]:
    """Two lines as even as the spaces allow; the second is empty where there is no space."""
    splits = [(words[: match.start()], words[match.end() :]) for match in re.finditer(" ", words)]
    return min(splits, key=lambda halves: max(map(len, halves)), default=(words, ""))
