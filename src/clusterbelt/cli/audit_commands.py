"""The command that audits any roadmap: ``clusterbelt audit ROADMAP.csv``."""

from __future__ import annotations

from pathlib import Path

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.commands import Languages
from clusterbelt.cli.messages import progress_bar, say
from clusterbelt.core.strings import LANGUAGES, Language

__all__ = ["audit"]


def audit(
    roadmap: Path = typer.Argument(
        help="Table with industry and region or reach: .csv, .tsv, .xlsx or .parquet."
    ),
    study: str = typer.Option("yangtze", "--study", help="A study that ships, or a study file."),
    run_folder: Path | None = typer.Option(
        None, "--run", help="A finished run to audit against, instead of running the study."
    ),
    out: Path | None = typer.Option(
        None, "--out", help="Folder for audit.csv and the chapter; default: audit in the run."
    ),
    lang: Languages = typer.Option(Languages.both, "--lang", help="Language of the chapter."),
) -> None:
    """Audit a roadmap: evidence, grade, duplication, feasibility and a better line for each."""
    language: Language = "zh" if lang is Languages.zh else "en"
    folder = run_folder
    if folder is None:
        settings = layers.read_study(study)
        folder = Path("runs") / settings.name
        with progress_bar(language) as progress:
            layers.run_study(settings, folder, only="audit", progress=progress)
    run = layers.audit_file(roadmap, layers.read_run(folder))
    layers.print_audit(run, language)
    languages = LANGUAGES if lang is Languages.both else (language,)
    for path in layers.write_audit(run, out or folder / "audit", languages):
        say("cli.report_at", language, path=str(path))
