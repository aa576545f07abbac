"""A pasted or chosen table on its way in: the same for attendance and for results."""

import json
from dataclasses import dataclass

from flask import Response, request

from hto_track.documents.pasted_table import PastedTable, as_text, file_table, pasted_table

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """A table as it came in, with the text of it for the box where it can be mended, and the field that it came by."""

    table: PastedTable
    text: str
    field: str


def pasted() -> Pasted:
    """The table of this request: of the file that was chosen, else of the text that was pasted."""
    file = request.files.get("file")
    if file is not None and file.filename:
        table = file_table(file.filename, file.read())
        if table.fault is None:
            return Pasted(table=table, text=as_text(table), field="text")
        return Pasted(table=table, text=request.form.get("text", ""), field="file")
    text = request.form.get("text", "")
    return Pasted(table=pasted_table(text), text=text, field="text")


def seen_before() -> dict[tuple[str, str], str | None]:
    """What the preview of this request showed, by person and column; nothing for what no preview of ours sent."""
    try:
        told = json.loads(request.form.get("seen", ""))
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    return {
        (code, column): what
        for code, row in told.items()
        if isinstance(row, dict)
        for column, what in row.items()
        if what is None or isinstance(what, str)
    }


def table_file(content: bytes, name: str) -> Response:
    """A table to take home."""
    kind = WORKBOOK if name.endswith(".xlsx") else "text/csv; charset=utf-8"
    answer = Response(content, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
