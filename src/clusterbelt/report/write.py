"""Write the reports of a run into its folder: one HTML per language, figures as SVG.

The other formats are written by :mod:`clusterbelt.report.exports.write`, which needs more
libraries; a run that ends with the HTML report does not load them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from joblib import Parallel, delayed  # type: ignore[import-untyped]

from clusterbelt.core.strings import Language
from clusterbelt.io.atomic import write_text_atomic, writing_to
from clusterbelt.model.run_view import RunView
from clusterbelt.report.build import build_document
from clusterbelt.report.document import Document
from clusterbelt.report.html import render_document, render_figures

__all__ = ["write_html", "write_reports"]


def write_html(
    run: RunView, document: Document, figures: Mapping[str, str], languages: Sequence[Language]
) -> Path:
    """Write one document as HTML with its figures beside it as SVG; return the report's path.

    Raises
    ------
    InputError
        If the folder cannot be written or the disk is full.
    """
    folder = run.folder / "figures"
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for name, svg in figures.items():
        write_text_atomic(folder / f"{name}.{document.language}.svg", svg + "\n")
    path = run.folder / f"report.{document.language}.html"
    write_text_atomic(path, render_document(document, figures, languages))
    return path


def _write_language(run: RunView, language: Language, languages: Sequence[Language]) -> Path:
    document = build_document(run, language)
    return write_html(run, document, render_figures(document), languages)


def write_reports(run: RunView, languages: Sequence[Language]) -> list[Path]:
    """Write ``report.<language>.html`` and ``figures/<name>.<language>.svg``; return the reports.

    Several languages are written side by side, a process each where there are processors: the
    renderer of figures draws one at a time.

    Raises
    ------
    InputError
        If the folder cannot be written or the disk is full.
    """
    workers = min(len(languages), os.cpu_count() or 1)
    if workers < 2:
        return [_write_language(run, language, languages) for language in languages]
    jobs = (delayed(_write_language)(run, language, languages) for language in languages)
    return list(Parallel(n_jobs=workers)(jobs))
