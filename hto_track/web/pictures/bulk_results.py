"""Results in bulk, in words: the page to paste on, and the list to take home."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from hto_track.documents.sheets import OutTable
from hto_track.services.assignment_lists import CohortAssignments
from hto_track.services.bulk_results import ResultsGrid
from hto_track.services.bulk_words import Result
from hto_track.web.pictures.pasting import PastePage, PreviewPicture

RESULTS: dict[Result, Any] = {
    Result.PASSED: _l("Passed"),
    Result.FAILED: _l("Not passed"),
    Result.SUBMITTED: _l("Handed in"),
    Result.EXEMPT: _l("Exempt"),
}


def result_word(result: str | None) -> str:
    """A result as a preview says it."""
    return str(RESULTS[Result(result)]) if result else _("nothing yet")


def results_table(grid: ResultsGrid) -> OutTable:
    """The list to take home, in the shape that is read back."""
    return OutTable(
        name=_("results"),
        columns=(_("Code"), _("Name"), *grid.assignments),
        rows=[
            (code, name, *(str(RESULTS[result]) if result else None for result in results))
            for code, name, results in grid.rows
        ],
    )


def paste_page(
    known: CohortAssignments,
    chosen: str | None,
    text: str,
    errors: Mapping[str, str],
    preview: PreviewPicture | None,
) -> PastePage:
    """The page to paste results on."""
    cohort = known.cohort.code
    codes = [count.assignment.code for count in known.assignments]
    first, second = (codes + ["A1", "A2"])[:2] if len(codes) > 1 else ("A1", "A2")
    passed, failed, submitted = (str(RESULTS[result]).lower() for result in list(RESULTS)[:3])
    return PastePage(
        title=_("Paste results"),
        cohort_code=cohort,
        back_href=url_for("assignments.of_cohort", cohort_code=cohort),
        back=_("Assignments"),
        here="opdracht",
        preview_href=url_for("bulk_results.preview", cohort_code=cohort),
        store_href=url_for("bulk_results.store", cohort_code=cohort),
        downloads=(
            (url_for("bulk_results.as_workbook", cohort_code=cohort), _("Results as a workbook (.xlsx)")),
            (url_for("bulk_results.as_csv", cohort_code=cohort), _("Results as CSV")),
        ),
        intro=_(
            "Copy the cells in your spreadsheet and paste them here. You see first what changes; nothing is saved yet."
        ),
        choice_label=_("Assignment"),
        choice_hint=_("Counts for a column with results that has no assignment above it."),
        choices=(
            ("", _("Choose an assignment")),
            *((plan.code, f"{plan.code} {plan.title}") for plan in (count.assignment for count in known.assignments)),
        ),
        chosen=chosen if chosen in codes else "",
        example=(
            (_("Name"), first, second, _("Date")),
            ("Samira Bakker", passed, failed, "12-5"),
            ("Tom Jansen", submitted, "", ""),
        ),
        words=(passed, failed, submitted),
        text=text,
        errors=errors,
        preview=preview,
    )
