"""The PDF and the JSON of somebody's own data."""

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from hto_track.documents.own_data import OwnDataText, Part, own_data_document, own_data_json
from hto_track.rules.facts import Mark


def part(title: str, heads: tuple[str, ...], *rows: tuple[str, ...]) -> Part:
    return Part(title=title, note="Wat dit is.", heads=heads, rows=rows)


def read(*parts: Part) -> PdfReader:
    text = OwnDataText(title="Wat er is", lead=("Alles.",), parts=parts, page="Bladzijde %s", language="nl")
    return PdfReader(BytesIO(own_data_document(text)))


def words_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_tables_and_single_rows_are_written_out() -> None:
    said = words_of(
        read(
            part("Lessen", ("Les", "Stand"), ("1", "Aanwezig"), ("2", "Afwezig")),
            part("Wie je bent", ("Naam", "Telefoon"), ("Bram de Wit", "")),
            part("Niets", ("Les",)),
        )
    )
    for words in ("Wat er is", "Alles.", "Lessen", "Afwezig", "Bram de Wit", "Niets", "Bladzijde 1"):
        assert words in said
    assert "Telefoon" not in said


def test_what_looks_like_markup_is_printed_as_it_is() -> None:
    said = words_of(read(part("Notities", ("Notitie",), ("<b>&amp; \x07 x</b>",), ("<para>",))))
    assert "<b>&amp;" in said
    assert "<para>" in said


def test_texts_longer_than_a_page_and_words_wider_than_a_column_fit() -> None:
    long = "een regel van een mail\n" * 300
    reader = read(
        part("Mails", ("Tekst",), (long,), ("kort",)),
        part("Breed", tuple("abcdefghijkl"), *(("x" * 120,) * 12,) * 3),
    )
    assert words_of(reader).count("een regel van een mail") == 300
    assert len(reader.pages) > 3


def test_it_knows_its_language_its_title_and_its_parts() -> None:
    reader = read(part("Lessen", ("Les",), ("1",), ("2",)), part("Uren", ("Uur",)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Wat er is"
    assert reader.trailer["/Root"]["/Lang"] == "nl"
    assert [line["/Title"] for line in reader.outline] == ["Lessen", "Uren"]


def test_its_fonts_are_inside() -> None:
    reader = read(part("Lessen", ("Les",), ("Łódź",), ("Ünal",)))
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_the_same_values_give_the_same_bytes() -> None:
    text = OwnDataText(title="T", lead=(), parts=(part("P", ("A",), ("1",)),), page="%s", language="nl")
    assert own_data_document(text) == own_data_document(text)


def test_the_json_says_dates_moments_and_words_as_they_are_stored() -> None:
    row = {
        "on": date(2026, 6, 14),
        "at": time(18, 30),
        "mark": Mark.LATE,
        "credits": Decimal("2.5"),
        "figures": {"a": 1},
    }
    content = json.loads(own_data_json("Bram", datetime(2026, 6, 14, 12, tzinfo=UTC), {"user/1": "A"}, [("t", [row])]))
    assert content["t"] == [
        {"on": "2026-06-14", "at": "18:30:00", "mark": "late", "credits": "2.5", "figures": {"a": 1}}
    ]
    assert content["made_at"] == "2026-06-14T12:00:00+00:00"


def test_the_json_refuses_what_it_cannot_say() -> None:
    with pytest.raises(TypeError):
        own_data_json("Bram", datetime(2026, 6, 14, tzinfo=UTC), {}, [("t", [{"x": object()}])])
