"""Write the reports of a run into its folder: HTML, Word, workbook, layers for a GIS, CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

from clusterbelt.core.strings import Language
from clusterbelt.io.atomic import write_bytes_atomic
from clusterbelt.model.run_view import RunView
from clusterbelt.report.build import build_document
from clusterbelt.report.exports.csv_tables import write_csv_folder
from clusterbelt.report.exports.geopackage import write_run_geopackage
from clusterbelt.report.exports.pictures import draw_pictures
from clusterbelt.report.exports.word import render_word
from clusterbelt.report.exports.workbook import render_workbook
from clusterbelt.report.html import render_figures
from clusterbelt.report.write import write_html

__all__ = ["FORMATS", "Format", "write_formats"]

Format = Literal["html", "docx", "xlsx", "gpkg", "csv"]
FORMATS: Final[tuple[Format, ...]] = ("html", "docx", "xlsx", "gpkg", "csv")


def write_formats(
    run: RunView, languages: Sequence[Language], formats: Sequence[Format]
) -> list[Path]:
    """Write the report in every language and format asked for; return what was written.

    ============ ===================================================================
    format       files in the run folder
    ============ ===================================================================
    ``html``     ``report.<language>.html`` and ``figures/<name>.<language>.svg``
    ``docx``     ``report.<language>.docx``
    ``xlsx``     ``tables.xlsx``, one for both languages
    ``gpkg``     ``belt.gpkg``; not written, and not returned, without boundaries
    ``csv``      ``tables/``, one file per table
    ============ ===================================================================

    Every file is written beside its place and then moved there: an older one stays whole until
    the new one is.

    Raises
    ------
    InputError
        If the folder cannot be written or the disk is full.
    """
    paths: list[Path] = []
    if {"html", "docx"} & set(formats):
        for language in languages:
            paths += _documents(run, language, languages, formats)
    for name, write in _TABLES.items():
        if name in formats:
            paths += write(run)
    return paths


def _documents(
    run: RunView, language: Language, languages: Sequence[Language], formats: Sequence[Format]
) -> list[Path]:
    document = build_document(run, language)
    figures = render_figures(document)
    paths = []
    if "html" in formats:
        paths.append(write_html(run, document, figures, languages))
    if "docx" in formats:
        pictures = draw_pictures(run, figures, language)
        paths.append(run.folder / f"report.{language}.docx")
        write_bytes_atomic(paths[-1], render_word(document, pictures.files, pictures.languages))
    return paths


def _workbook(run: RunView) -> list[Path]:
    path = run.folder / "tables.xlsx"
    write_bytes_atomic(path, render_workbook(run))
    return [path]


def _geopackage(run: RunView) -> list[Path]:
    path = run.folder / "belt.gpkg"
    return [path] if write_run_geopackage(run, path) else []


def _csv(run: RunView) -> list[Path]:
    folder = run.folder / "tables"
    write_csv_folder(run, folder)
    return [folder]


_TABLES: Final[Mapping[Format, Callable[[RunView], list[Path]]]] = {
    "xlsx": _workbook,
    "gpkg": _geopackage,
    "csv": _csv,
}
