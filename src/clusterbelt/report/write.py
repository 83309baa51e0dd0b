"""Write the reports of a run into its folder: one HTML per language, figures as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clusterbelt.core.strings import Language
from clusterbelt.io.atomic import write_text_atomic, writing_to
from clusterbelt.model.run_view import RunView
from clusterbelt.report.build import build_document
from clusterbelt.report.html import render_document, render_figures

__all__ = ["write_reports"]


def write_reports(run: RunView, languages: Sequence[Language]) -> list[Path]:
    """Write ``report.<language>.html`` and ``figures/<name>.<language>.svg``; return the reports.

    Raises
    ------
    InputError
        If the folder cannot be written or the disk is full.
    """
    folder = run.folder / "figures"
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for language in languages:
        document = build_document(run, language)
        figures = render_figures(document)
        for name, svg in figures.items():
            write_text_atomic(folder / f"{name}.{language}.svg", svg + "\n")
        path = run.folder / f"report.{language}.html"
        write_text_atomic(path, render_document(document, figures, languages))
        paths.append(path)
    return paths
