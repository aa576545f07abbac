"""What can be handed in: by size, by name, and by what a file is and not what it says it is."""

import struct
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from hto_track.services.received_files import (
    LARGEST,
    LONGEST_LINK,
    LONGEST_NAME,
    MEDIA_TYPES,
    MOST_PARTS,
    received_file,
    received_link,
)
from hto_track.services.refusals import Refused
from tests.files import EXE, JPEG, PNG, office, open_document, packed, pdf

SOUND = {
    "verslag.pdf": pdf(),
    "Verslag.DOCX": office("docx"),
    "planning.xlsx": office("xlsx"),
    "les.pptx": office("pptx"),
    "verslag.odt": open_document(),
    "planning.ods": open_document("spreadsheet"),
    "les.odp": open_document("presentation"),
    "bord.jpg": JPEG,
    "bord.jpeg": JPEG,
    "schema.png": PNG,
    "notitie.txt": "Déze les ging goed.\r\n\tEcht.".encode(),
    "oud.txt": "Déze".encode("cp1252"),
    "breed.txt": "Déze".encode("utf-16"),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_asked_for_is_taken(name: str) -> None:
    file = received_file(name, SOUND[name])
    assert (file.name, file.content) == (name, SOUND[name])
    assert file.media_type == MEDIA_TYPES[name.rpartition(".")[2].lower()]
    assert len(file.sha256) == 64


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(Refused) as refused:
        received_file(name, content)
    (found,) = refused.value.refusals
    assert found.field == "file"
    return str(found)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("verslag.pdf", b"", "0 bytes"),
        ("verslag.pdf", pdf() + bytes(LARGEST), "10 MB"),
        ("verslag.pdf", EXE, "something else"),
        ("verslag.exe", EXE, "cannot be handed in"),
        ("verslag.pdf.exe", pdf(), "cannot be handed in"),
        ("verslag", pdf(), "cannot be handed in"),
        ("film.mp4", b"\x00\x00\x00\x18ftypmp42", "cannot be handed in"),
        ("verslag.docx", pdf(), "something else"),
        ("verslag.docx", packed({"word/document.xml": "<x/>"}), "something else"),
        ("verslag.docx", office("xlsx"), "something else"),
        ("verslag.docx", office("docx")[:-30], "something else"),
        ("verslag.odt", open_document("spreadsheet"), "something else"),
        ("bord.jpg", PNG, "something else"),
        ("notitie.txt", EXE, "something else"),
        ("notitie.txt", pdf(), "something else"),
        ("notitie.txt", b"tekst\x00", "something else"),
        ("verslag.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password, or of an old kind"),
        ("verslag.docx", office("docx", word__vbaProject_bin=b"1"), "macros"),
        ("planning.ods", open_document("spreadsheet", Basic__Standard__Module1_xml="<x/>"), "macros"),
    ],
)
def test_anything_else_is_refused_in_words(sqlite_app: Flask, name: str, content: bytes, says: str) -> None:
    assert says in refusal(name, content)


def test_macros_are_known_by_what_the_file_says_of_itself_too(sqlite_app: Flask) -> None:
    kinds = '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'
    assert "macros" in refusal("verslag.docx", packed({"[Content_Types].xml": kinds, "word/document.xml": "<x/>"}))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../verslag.pdf", "/ or \\"),
        ("..\\verslag.pdf", "/ or \\"),
        ("/etc/verslag.pdf", "/ or \\"),
        ("", "no name"),
        (" .. ", "no name"),
        ("ver\nslag.pdf", "nobody can see"),
        ("ver\u202efdp.slag.pdf", "nobody can see"),
        ("ver\x00slag.pdf", "nobody can see"),
        (f"{'v' * LONGEST_NAME}.pdf", "200"),
    ],
)
def test_a_name_that_leads_elsewhere_or_hides_something_is_refused(sqlite_app: Flask, name: str, says: str) -> None:
    assert says in refusal(name, pdf())


def test_what_is_locked_with_a_password_is_refused(sqlite_app: Flask) -> None:
    plain = office("docx")
    buffer = bytearray(plain)
    at = plain.index(b"PK\x01\x02")
    buffer[at + 8] |= 1  # the flag of the first part, in the list at the end
    assert "locked" in refusal("verslag.docx", bytes(buffer))
    manifest = "<manifest:encryption-data/>"
    locked = packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": "x",
            "META-INF/manifest.xml": manifest,
        }
    )
    assert "locked" in refusal("verslag.odt", locked)


def test_what_would_be_huge_when_unpacked_is_refused_without_unpacking(sqlite_app: Flask) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "x")
        for number in range(31):
            with archive.open(f"part{number}", "w") as part:
                for _ in range(10):
                    part.write(bytes(1024 * 1024))
    assert len(buffer.getvalue()) < LARGEST
    assert "unpacked" in refusal("verslag.docx", buffer.getvalue())


def test_an_archive_of_very_many_parts_is_refused_before_it_is_opened(sqlite_app: Flask) -> None:
    many = packed({str(number): b"" for number in range(MOST_PARTS + 1)})
    assert "something else" in refusal("verslag.docx", many)


@settings(max_examples=300, deadline=None)
@given(at=st.integers(0, 600), value=st.integers(0, 255), ending=st.sampled_from(["docx", "xlsx", "odt"]))
def test_a_damaged_file_is_taken_or_refused_and_never_an_error(at: int, value: int, ending: str) -> None:
    sound = bytearray(open_document() if ending == "odt" else office(ending))
    sound[at % len(sound)] = value
    with suppress(Refused):
        received_file(f"verslag.{ending}", bytes(sound))


@pytest.mark.parametrize(
    "link", ["https://www.example.org/les", " https://docs.example.org:8443/d/1?x=%20#top ", "https://voorbeeld.nl"]
)
def test_a_link_is_taken_as_it_was_typed(link: str) -> None:
    assert received_link(link) == link.strip()


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("", "https://"),
        ("www.example.org", "https://"),
        ("http://www.example.org", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://", "https://"),
        ("https://intranet/les", "https://"),
        ("https://www.example.org/a b", "https://"),
        ("https://www.example.org/\u202e", "https://"),
        ("https://www.example.org:99999/", "https://"),
        ("https://[::1", "https://"),
        ("https://bram:geheim@example.org/", "password"),
        ("https://example.org/" + "x" * LONGEST_LINK, "2000"),
    ],
)
def test_what_is_no_link_is_refused_in_words(sqlite_app: Flask, link: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        received_link(link)
    (found,) = refused.value.refusals
    assert found.field == "link"
    assert says in str(found)


def test_a_part_that_says_it_lies_beyond_every_file_is_refused(sqlite_app: Flask) -> None:
    content = office("docx")
    at = content.rindex(b"PK\x05\x06")
    size, first = struct.unpack("<II", content[at + 12 : at + 20])
    parts, end = bytearray(content[first : first + size]), bytearray(content[at:])
    name = struct.unpack("<H", parts[28:30])[0]
    far = struct.pack("<HHQ", 1, 8, 2**63)
    parts[42:46], parts[30:32] = b"\xff\xff\xff\xff", struct.pack("<H", len(far))
    parts[46 + name : 46 + name] = far
    end[12:16] = struct.pack("<I", len(parts))
    assert "something else" in refusal("les.docx", content[:first] + bytes(parts) + bytes(end))
