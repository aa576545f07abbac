"""The diploma's PDF, read back."""

import zlib
from datetime import date
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader, PdfWriter

from hto_track.documents.diploma import MEASURE, DiplomaText, diploma_document, register_numbers_in, unprintable

NAMES = ["Wouter Łuczak", "Ayşe Çelik", "Chloé Dağ", "Şükrü Yıldırım", "Jörg Ångström-Žižek", "Mirjam El Dekker"]
LONG = "Maria-Magdalena Wilhelmina van Oudshoorn-Çelik tot Wijckerslooth de Weerdesteyn van der Heyden"


def text(holder: str = "Bram de Wit", **other: object) -> DiplomaText:
    """A diploma of Bram, or as told."""
    given: dict[str, object] = {
        "holder": holder,
        "programme": "Hybride techniekopleider",
        "college": "Hogeschool aan de Maas",
        "awarded_on": date(2026, 3, 1),
        "register_number": "HTO-2026-0001",
    }
    return DiplomaText(**(given | other))  # type: ignore[arg-type]


def read(document: bytes) -> PdfReader:
    """The PDF as a reader sees it."""
    return PdfReader(BytesIO(document))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_can_be_read_back_letter_for_letter(name: str) -> None:
    assert name in read(diploma_document(text(name))).pages[0].extract_text()


def test_everything_that_must_be_on_it_is_on_it() -> None:
    page = read(diploma_document(text())).pages[0].extract_text()
    for words in (
        "Pedagogisch Didactisch Diploma",
        "PDD",
        "Bram de Wit",
        "Hybride techniekopleider",
        "Hogeschool aan de Maas",
        "1 maart 2026",
        "HTO-2026-0001",
    ):
        assert words in page


def test_the_same_diploma_is_the_same_bytes() -> None:
    assert diploma_document(text()) == diploma_document(text())


def test_another_name_is_other_bytes() -> None:
    assert diploma_document(text()) != diploma_document(text("Noor Visser"))


def test_every_font_is_inside() -> None:
    fonts = read(diploma_document(text("Wouter Łuczak"))).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    for font in fonts.values():
        font = font.get_object()
        assert "DejaVuSans" in font["/BaseFont"]
        assert "/FontFile2" in font["/FontDescriptor"].get_object()


def test_it_is_one_page_of_a4_with_title_author_and_language() -> None:
    reader = read(diploma_document(text()))
    assert len(reader.pages) == 1
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [842, 595]
    assert reader.metadata is not None
    assert reader.metadata.title == "Pedagogisch Didactisch Diploma van Bram de Wit"
    assert reader.metadata.author == "Hogeschool aan de Maas"
    assert reader.trailer["/Root"]["/Lang"] == "nl-NL"  # type: ignore[index]


def _lines(document: bytes) -> list[tuple[str, float, float, float]]:
    """Each piece of text with its size in points, and how far to the right and how high it begins; the highest first."""
    pieces: list[tuple[str, float, float, float]] = []

    def note(piece: str, _cm: object, tm: list[float], _font: object, size: float) -> None:
        if piece.strip():
            pieces.append((piece.strip(), size, tm[4], tm[5]))

    read(document).pages[0].extract_text(visitor_text=note)
    return sorted(pieces, key=lambda piece: -piece[3])


def test_a_short_name_is_large_and_a_long_one_fits_on_two_lines() -> None:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    assert max(size for piece, size, *_ in _lines(diploma_document(text())) if piece == "Bram de Wit") == 34
    document = diploma_document(text(LONG))
    halves = [(piece, size) for piece, size, *_ in _lines(document) if piece in LONG and len(piece) > 30]
    assert " ".join(piece for piece, _ in halves) == LONG
    for piece, size in halves:
        assert 14 <= size < 34
        assert stringWidth(piece, "DejaVuSans-Bold", size) <= MEASURE + 0.01


def test_a_name_without_a_space_only_gets_smaller() -> None:
    document = diploma_document(text("W" * 60))
    assert "W" * 60 in read(document).pages[0].extract_text()


def test_the_lines_of_the_left_column_do_not_run_into_each_other() -> None:
    document = diploma_document(text(LONG, programme="Hybride techniekopleider " * 4))
    left = min(at for _, _, at, _ in _lines(document))
    heights = [height for _, _, at, height in _lines(document) if at == left]
    assert len(heights) >= 9
    assert all(above - below > 6 for above, below in pairwise(heights))


def test_characters_outside_the_font_are_named() -> None:
    assert unprintable("Łuczak Çelik Ş ğ ı Ω Ж") == ""
    assert unprintable("日本 日") == "日本"


def test_the_register_number_is_found_in_the_document_and_in_one_saved_by_another_program() -> None:
    document = diploma_document(text())
    assert register_numbers_in(document) == ("HTO-2026-0001",)
    writer = PdfWriter(clone_from=BytesIO(document))
    writer.compress_identical_objects()
    saved = BytesIO()
    writer.write(saved)
    assert saved.getvalue() != document
    assert register_numbers_in(saved.getvalue()) == ("HTO-2026-0001",)


def test_a_number_in_two_bytes_a_character_is_found() -> None:
    assert register_numbers_in("HTO-2026-0123".encode("utf-16")) == ("HTO-2026-0123",)


def test_a_number_whose_dashes_are_written_as_numbers_is_found() -> None:
    assert register_numbers_in(rb"/Keywords (HTO\0552026\0550123)") == ("HTO-2026-0123",)


def test_a_longer_number_is_not_taken_for_a_shorter_one() -> None:
    assert register_numbers_in(b"HTO-2026-00011234567") == ()


def test_parts_that_begin_and_never_end_are_passed_over_at_once() -> None:
    assert register_numbers_in(b"stream\n" * 1_000_000 + b"HTO-2026-0123 ") == ("HTO-2026-0123",)


def test_of_a_file_made_to_be_endless_only_so_much_is_looked_at() -> None:
    numbers = b" ".join(b"HTO-2026-%06d" % number for number in range(300_000))
    assert len(register_numbers_in(numbers)) == 1_000
    part = b"stream\n" + zlib.compress(bytes(4 * 1024 * 1024)) + b"endstream\n"
    last = b"stream\n" + zlib.compress(b"HTO-2026-0123 ") + b"endstream\n"
    assert register_numbers_in(part * 15 + last) == ("HTO-2026-0123",)
    assert register_numbers_in(part * 16 + last) == ()
