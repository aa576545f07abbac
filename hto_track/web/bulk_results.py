"""Results in bulk: paste a table or choose a file, look at what it would do, store it; and take the list home."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from hto_track import clock
from hto_track.documents.pasted_table import csv_to_take
from hto_track.documents.workbooks import workbook_bytes
from hto_track.services.assignment_lists import cohort_assignments
from hto_track.services.bulk_results import preview_results, results_grid, store_results, undo_bulk_results
from hto_track.services.bulk_tables import NotStored, Preview
from hto_track.services.refusals import Refused
from hto_track.web.access import signed_in_actor
from hto_track.web.flashes import say_done
from hto_track.web.forms import errors_by_field
from hto_track.web.pasting import Pasted, pasted, seen_before, table_file
from hto_track.web.pictures.bulk_results import paste_page, result_word, results_table
from hto_track.web.pictures.pasting import PreviewPicture, preview_picture, stored_text, table_errors, undone_text
from hto_track.web.sent_forms import render_refused, sent_form


def paste(cohort_code: str) -> ResponseReturnValue:
    """Where a table is pasted; ``?opdracht=`` says which assignment a result beside which none is named is of."""
    return render_template("bulk/paste.html", page=_page(cohort_code, None, {}, None))


def preview(cohort_code: str) -> ResponseReturnValue:
    """What a table would do."""
    sent = pasted()
    shown, seen = preview_results(signed_in_actor(), cohort_code, sent.table, _assignment(), clock.today())
    return _shown(cohort_code, sent, shown, preview_picture(shown, seen, result_word))


def store(cohort_code: str) -> ResponseReturnValue:
    """Store the table that was looked at; the same page again when that is not what it would do any more."""
    sent = pasted()
    seen = {place: version or "" for place, version in seen_before().items()}
    try:
        stored = store_results(
            signed_in_actor(), cohort_code, sent.table, _assignment(), seen, clock.today(), sent_form()
        )
    except NotStored as instead:
        picture = preview_picture(instead.preview, instead.seen, result_word)
        return _shown(cohort_code, sent, instead.preview, picture)
    except Refused as refused:
        return render_refused("bulk/paste.html", page=_page(cohort_code, sent, errors_by_field(refused), None))
    key = request.form.get("key", "")
    undo_url = url_for("bulk_results.undo", cohort_code=cohort_code, form_key=key) if key else None
    say_done(stored_text(stored), undo_url=undo_url)
    return redirect(url_for("assignments.of_cohort", cohort_code=cohort_code))


def undo(cohort_code: str, form_key: str) -> ResponseReturnValue:
    """Take back the results of a table."""
    say_done(undone_text(undo_bulk_results(signed_in_actor(), cohort_code, form_key)))
    return redirect(url_for("assignments.of_cohort", cohort_code=cohort_code))


def as_csv(cohort_code: str) -> ResponseReturnValue:
    """The results of a cohort as CSV."""
    grid = results_grid(signed_in_actor(), cohort_code)
    return table_file(csv_to_take(results_table(grid)).encode(), f"{cohort_code}-{_('results')}.csv")


def as_workbook(cohort_code: str) -> ResponseReturnValue:
    """The same as a workbook."""
    grid = results_grid(signed_in_actor(), cohort_code)
    return table_file(workbook_bytes([results_table(grid)]), f"{cohort_code}-{_('results')}.xlsx")


def _shown(cohort_code: str, sent: Pasted, shown: Preview, picture: PreviewPicture | None) -> ResponseReturnValue:
    errors = table_errors(sent.table, sent.field)
    if shown.sentence is not None:
        errors["text"] = str(shown.sentence)
    page = _page(cohort_code, sent, errors, picture)
    if errors or (picture and picture.faults):
        return render_refused("bulk/paste.html", page=page)
    return render_template("bulk/paste.html", page=page)


def _page(cohort_code: str, sent: Pasted | None, errors: dict[str, str], picture: PreviewPicture | None) -> object:
    known = cohort_assignments(signed_in_actor(), cohort_code, clock.today())
    return paste_page(known, _assignment(), sent.text if sent else "", errors, picture)


def _assignment() -> str | None:
    """The assignment that was chosen, in the form or in the address."""
    return request.values.get("opdracht") or None
