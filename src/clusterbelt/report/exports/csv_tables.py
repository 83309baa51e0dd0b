"""Every table of a run as CSV in one folder, with a table that says what the columns are."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from typing import Final

from clusterbelt.io.atomic import replace_folder, writing_to
from clusterbelt.model.run_view import RunView
from clusterbelt.report.exports.run_tables import all_tables

__all__ = ["CONTENTS", "write_csv_folder"]

CONTENTS: Final = "columns.csv"
_ENCODING: Final = "utf-8-sig"  # spreadsheets misread Chinese in files without the mark
_HEADER: Final = (
    "file",
    "title_zh",
    "title_en",
    "column",
    "label_zh",
    "label_en",
    "unit",
    "grades",
)


def write_csv_folder(run: RunView, folder: Path) -> int:
    """Write ``<stage>.<table>.csv`` for every table and ``columns.csv``; return how many tables.

    The folder is replaced as a whole once all is written. Absent values are empty cells.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    new = folder.with_name(f".{folder.name}.new")
    listed = io.StringIO()
    rows = csv.writer(listed, lineterminator="\n")
    rows.writerow(_HEADER)
    count = 0
    with writing_to(folder):
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        for table in all_tables(run):
            name = f"{table.key}.csv"
            content = table.frame.to_csv(index=False, lineterminator="\n")
            (new / name).write_bytes(content.encode(_ENCODING))
            for one in table.columns:
                grades = "".join(table.grades)
                rows.writerow(
                    (name, table.zh, table.en, one.name, one.zh, one.en, one.unit, grades)
                )
            count += 1
        (new / CONTENTS).write_bytes(listed.getvalue().encode(_ENCODING))
    replace_folder(new, folder)
    return count
