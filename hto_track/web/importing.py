"""Files in and out, in the browser: bring in files whole or not at all, take a cohort home as a workbook."""

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from hto_track import clock
from hto_track.documents.tables import file_tables, together
from hto_track.documents.workbooks import workbook_bytes
from hto_track.services.cohort_invitations import uninvited_among
from hto_track.services.exporting import export_cohort
from hto_track.services.importing import FaultyFiles, import_files
from hto_track.web.access import signed_in_actor
from hto_track.web.pictures.importing import done_picture, faults_picture, nothing_chosen
from hto_track.web.pictures.invitations import uninvited_links

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def choose() -> ResponseReturnValue:
    """Where files are chosen."""
    return render_template("importing/choose.html", result=None)


def bring_in() -> ResponseReturnValue:
    """Import the files that were sent: all of them, or nothing and what is wrong."""
    actor = signed_in_actor()
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        return render_template("importing/choose.html", result=nothing_chosen()), 422
    source = together(file_tables(file.filename or "", file.read()) for file in files)
    try:
        result = import_files(actor, source, clock.today())
    except FaultyFiles as faulty:
        return render_template("importing/choose.html", result=faults_picture(faulty.faults)), 422
    arrived = (*result.new_participants, *result.new_addresses)
    invite = uninvited_links(uninvited_among(actor, arrived))
    return render_template("importing/done.html", result=done_picture(result), invite=invite)


def workbook(cohort_code: str) -> ResponseReturnValue:
    """A cohort as one workbook: importing it elsewhere gives the same."""
    tables = export_cohort(signed_in_actor(), cohort_code)
    answer = Response(workbook_bytes(tables), mimetype=WORKBOOK)
    answer.headers.set("Content-Disposition", "attachment", filename=f"{cohort_code}.xlsx")
    return answer
