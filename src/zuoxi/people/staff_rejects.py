# SPDX-License-Identifier: Apache-2.0
"""The rows that were refused, as a file that can be mended and imported again."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from zuoxi.people.staff_file import StaffFile
from zuoxi.people.staff_import import Report
from zuoxi.vault.exports import csv_lines


def reject_lines(file: StaffFile, report: Report) -> Iterator[str]:
    """CSV with the file's own columns, then line, column, what is wrong, what to do."""
    head = [*file.head, _("Line"), _("Column"), _("What is wrong"), _("What to do")]
    width = len(file.head)
    rows = (
        [
            *(list(file.cells[one.line - 2]) + [""] * width)[:width],
            one.line,
            one.column,
            str(one.wrong),
            str(one.todo),
        ]
        for one in report.problems
    )
    return csv_lines(head, rows)
