"""The audit of a roadmap file against a finished run: the work behind ``clusterbelt audit``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, Literal

from rich.table import Table

from clusterbelt.cli.messages import stdout
from clusterbelt.config.audit import AuditSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.core.strings import Language, text
from clusterbelt.io.atomic import write_text_atomic, writing_to
from clusterbelt.io.read_roadmap import read_any_roadmap
from clusterbelt.model.run_view import RunView
from clusterbelt.report.build import build_document
from clusterbelt.report.chapters.audit import audit_chapter
from clusterbelt.report.html import render_document, render_figures
from clusterbelt.stages.audit import VERDICTS, audit_roadmap

__all__ = ["audit_file", "print_audit", "write_audit"]

_FIGURES: Final = ("feasible", "duplicates")


def audit_file(path: Path, run: RunView) -> RunView:
    """Return the run with the audit of the roadmap in ``path`` in place of its own.

    Raises
    ------
    InputError
        With every fault of the file, or if the run lacks the stage ``advantage``.
    """
    if "advantage" not in run.results:
        raise InputError([Issue("audit_run_lacks", Place(file=str(run.folder)))])
    roadmap = read_any_roadmap(path, run.regions, run.reaches, run.industries)
    section = AuditSection.model_validate(run.study.get("audit", {}))
    scope = Scope.model_validate(run.study.get("scope", {}))
    result = audit_roadmap(roadmap, run.regions, run.results, section, scope)
    return replace(run, results={**run.results, "audit": result}, roadmap=roadmap)


def _place(run: RunView, row: Mapping[Any, Any], language: Language) -> str:
    if row["region"]:
        return run.region_name(row["region"], language)
    known = run.reaches.get(row["reach"])
    return known.get(language) if known is not None else str(row["reach"])


def _better(run: RunView, row: Mapping[Any, Any], language: Language) -> str:
    industry, region = row["better_industry"], row["better_industry_region"]
    if row["verdict"] == "supported" or not industry:
        return ""
    return text(
        "audit.cli.better", language,
        industry=run.industry_name(industry, language), region=run.region_name(region, language),
    )  # fmt: skip


def print_audit(run: RunView, language: Language) -> None:
    """Print one line per claim with its verdict, and how many there are of each."""
    result = run.results["audit"]
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    names = ("place", "line", "verdict", "best", "feasible", "duplicates", "grade", "better")
    for name in names:
        right: Literal["right", "left"] = "right" if name in _FIGURES else "left"
        table.add_column(text(f"audit.cli.{name}_head", language), overflow="fold", justify=right)
    for row in result.frame("audit").to_dict("records"):
        best = row["best_region"]
        quotient = row["best_location_quotient"]
        feasible = row["feasible_regions"]
        table.add_row(
            _place(run, row, language),
            str(row[f"name_{language}"]),
            text(f"plot.verdict.{row['verdict']}", language),
            f"{run.region_name(best, language)} {quotient:.2f}" if best else "–",
            "–" if math.isnan(feasible) else f"{feasible:.0f}/{row['regions']}",
            str(row["duplicates"]),
            str(row["grade"]),
            _better(run, row, language),
        )
    stdout().print(table)
    counts = {verdict: result.values[verdict].value for verdict in VERDICTS}
    stdout().print(text("audit.cli.counts", language, **counts), markup=False)


def write_audit(run: RunView, folder: Path, languages: Sequence[Language]) -> list[Path]:
    """Write ``audit.csv`` and the chapter as ``audit.<language>.html``; return what was written.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "audit.csv"]
    write_text_atomic(paths[0], run.results["audit"].frame("audit").to_csv(index=False))
    for language in languages:
        document = build_document(run, language, (audit_chapter,))
        paths.append(folder / f"audit.{language}.html")
        # No links to other languages: those beside it are named audit, not report.
        write_text_atomic(paths[-1], render_document(document, render_figures(document)))
    return paths
