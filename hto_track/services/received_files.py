"""Whether what somebody hands in can be taken: a file by its size, name and content, a link by how it is written.

Nothing is trusted that comes along: not the kind that the browser names, nor the name's ending unless the content agrees.
What is looked at is bounded, and nothing is unpacked but a few small parts.
"""

import hashlib
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import filetype
from flask_babel import lazy_gettext as _l

from hto_track.services.refusals import Refused, refuse

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
"""In bytes, of one file."""
LONGEST_NAME = 200
LONGEST_LINK = 2000
MOST_PARTS = 5000
LARGEST_UNPACKED = 300 * MEGABYTE
LARGEST_PART_READ = 256 * 1024
"""Of a part of an Office file: which of them say what the file is are far smaller."""
FIELD = "file"
"""The field of the form that a file is in; a link is in "link"."""

PDF = "application/pdf"
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_MAIN_PARTS = {
    "docx": ("word/document.xml", f"{_OPEN_XML}wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", f"{_OPEN_XML}spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", f"{_OPEN_XML}presentationml.presentation"),
}
_OPEN_DOCUMENTS = {
    "odt": f"{_OPEN_DOCUMENT}text",
    "ods": f"{_OPEN_DOCUMENT}spreadsheet",
    "odp": f"{_OPEN_DOCUMENT}presentation",
}
_SIMPLE = {"pdf": PDF, "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png"}
_TEXT = "txt"
MEDIA_TYPES = (
    _SIMPLE | {ending: media for ending, (_, media) in _MAIN_PARTS.items()} | _OPEN_DOCUMENTS | {_TEXT: "text/plain"}
)
"""What is taken, by the ending of its name."""
ACCEPTED = tuple(f".{ending}" for ending in MEDIA_TYPES)

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How Word, Excel and PowerPoint of before 2007 begin, and what is locked with a password."""
_ENTRY = b"PK\x01\x02"
_USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How Office files are packed; of others what comes out of them cannot be bounded."""
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    ValueError,
    OverflowError,
    EOFError,
    OSError,
    LookupError,
)
"""What reading a broken archive may end in."""
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFile:
    """A file that can be taken. ``media_type`` is of its content, not what the browser said."""

    name: str
    content: bytes
    media_type: str
    sha256: str


def received_file(name: str, content: bytes) -> ReceivedFile:
    """The file as it can be kept; Refused for what cannot be taken. ``content`` may be cut off beyond ``LARGEST``."""
    said = _sound_name(name)
    if not content:
        raise refuse(_l("This file is empty: 0 bytes. Save it again and choose it once more."), FIELD)
    if len(content) > LARGEST:
        raise too_large()
    media_type = _sound_content(said, content)
    return ReceivedFile(name=said, content=content, media_type=media_type, sha256=hashlib.sha256(content).hexdigest())


def too_large() -> Refused:
    """That a file is larger than is taken."""
    message = _l(
        "This file is larger than %(most)s MB. Make it smaller (fewer or smaller pictures), or hand in a link to it.",
        most=LARGEST // MEGABYTE,
    )
    return refuse(message, FIELD)


def received_link(text: str) -> str:
    """The link as it can be kept; Refused for what is none. It is never opened by us."""
    link = text.strip()
    if len(link) > LONGEST_LINK:
        raise refuse(_l("Keep it within %(most)s characters.", most=LONGEST_LINK), "link")
    try:
        parts = urlsplit(link)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme != "https" or "." not in host.strip(".") or not link.isprintable() or " " in link:
        raise refuse(_l("Fill in a link that begins with https://, for example https://www.example.org/work"), "link")
    if parts.username is not None or parts.password is not None:
        raise refuse(_l("This link holds a name or a password. Copy it without."), "link")
    return link


def _sound_name(name: str) -> str:
    said = unicodedata.normalize("NFC", name).strip()
    if "/" in said or "\\" in said:
        raise refuse(_l("The name of a file cannot hold / or \\. Give it another name."), FIELD)
    if not said.strip("."):
        raise refuse(_l("This file has no name. Give it one."), FIELD)
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in said):
        raise refuse(_l("The name of this file holds signs that nobody can see. Give it another name."), FIELD)
    if len(said) > LONGEST_NAME:
        raise refuse(_l("The name of this file is longer than %(most)s characters.", most=LONGEST_NAME), FIELD)
    return said


def _sound_content(name: str, content: bytes) -> str:
    """The kind of file; Refused when it is none of those that are taken, or another one than its name says."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in MEDIA_TYPES:
        raise refuse(_kinds(), FIELD)
    if ending in _SIMPLE:
        is_so = filetype.guess_mime(content) == _SIMPLE[ending]
    elif ending == _TEXT:
        is_so = filetype.guess_mime(content) is None and _is_text(content)
    else:
        is_so = _is_office(ending, content)
    if not is_so:
        raise refuse(_not_what_it_says(ending), FIELD)
    return MEDIA_TYPES[ending]


def _kinds() -> Any:
    return _l(
        "This kind of file cannot be handed in. Hand in PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument, "
        "JPEG, PNG or plain text (txt)."
    )


def _not_what_it_says(ending: str) -> Any:
    return _l("Its name ends in .%(ending)s, but this file is something else, or it is damaged.", ending=ending)


def _is_text(content: bytes) -> bool:
    """Text as editors write it: UTF-8, or UTF-16 with its mark, or the old western letters; nothing that is not text."""
    is_wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if is_wide else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return _NOT_TEXT.search(content.decode(encoding)) is None
        except UnicodeDecodeError:
            continue
    return False


def _is_office(ending: str, content: bytes) -> bool:
    if content.startswith(_OLD_OFFICE):
        raise refuse(
            _l("This file is locked with a password, or of an old kind. Save it as .%(ending)s without a password.",
               ending=ending), FIELD)  # fmt: skip
    if not content.startswith(b"PK\x03\x04") or not 0 < content.count(_ENTRY) <= MOST_PARTS:
        return False
    inspect: Callable[[str, zipfile.ZipFile], bool] = _is_open_xml if ending in _MAIN_PARTS else _is_open_document
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                raise refuse(_l("This file is too large when it is unpacked."), FIELD)
            if any(part.flag_bits & 1 for part in archive.infolist()):
                raise _locked()
            if any(part.compress_type not in _USUAL for part in archive.infolist()):
                return False
            return inspect(ending, archive)
    except _UNREADABLE:
        return False


def _is_open_xml(ending: str, archive: zipfile.ZipFile) -> bool:
    main, media_type = _MAIN_PARTS[ending]
    names = [part.filename.lower() for part in archive.infolist()]
    kinds = _part(archive, "[Content_Types].xml")
    if any(name.endswith("vbaproject.bin") for name in names) or b"macroenabled" in kinds.lower():
        raise _has_macros()
    return main in names and f"{media_type}.main+xml".encode() in kinds


def _is_open_document(ending: str, archive: zipfile.ZipFile) -> bool:
    if _part(archive, "mimetype").strip() != _OPEN_DOCUMENTS[ending].encode():
        return False
    if any(part.filename.startswith(("Basic/", "Scripts/")) for part in archive.infolist()):
        raise _has_macros()
    if b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
        raise _locked()
    return "content.xml" in archive.namelist()


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A small part; BadZipFile when it is not small."""
    with archive.open(name) as part:
        content = part.read(LARGEST_PART_READ + 1)
    if len(content) > LARGEST_PART_READ:
        raise zipfile.BadZipFile(f"{name} is too large")
    return content


def _has_macros() -> Refused:
    return refuse(_l("This file holds macros: small programs. Save it without macros and choose it again."), FIELD)


def _locked() -> Refused:
    return refuse(_l("This file is locked with a password. Save it without a password and choose it again."), FIELD)
