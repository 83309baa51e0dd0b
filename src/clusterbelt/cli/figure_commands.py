"""The commands that write what a run holds: ``report`` in any format, ``figure`` one by one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.commands import Languages, chosen_languages
from clusterbelt.cli.messages import say, warn
from clusterbelt.core.errors import InputError, Issue
from clusterbelt.core.strings import Language

__all__ = ["FigureFormat", "FigureLanguage", "figure", "report"]


class FigureFormat(StrEnum):
    """What a figure is written as."""

    png = "png"
    svg = "svg"
    pdf = "pdf"
    html = "html"


class FigureLanguage(StrEnum):
    """The language of a figure's labels."""

    zh = "zh"
    en = "en"


def _formats(wanted: str) -> tuple[str, ...]:
    known = tuple(layers.FORMATS)
    if wanted.strip() == "all":
        return known
    asked = tuple(part.strip() for part in wanted.split(",") if part.strip())
    unknown = [part for part in asked if part not in known]
    if unknown or not asked:
        params = {"formats": ", ".join(unknown) or "-", "known": ", ".join((*known, "all"))}
        raise InputError([Issue("cli_report_format", params=params)])
    return asked


def report(
    run_folder: Path = typer.Argument(help="A run folder.", metavar="RUNDIR"),
    lang: Languages = typer.Option(Languages.both, "--lang", help="Language of the report."),
    format_: str = typer.Option(
        "html",
        "--format",
        help="html, docx, xlsx, gpkg, csv; several with commas between them; or all.",
    ),
) -> None:
    """Write the report of a finished run again, from its folder alone, in one or more formats."""
    formats = _formats(format_)
    languages = chosen_languages(lang)
    language = languages[0] if len(languages) == 1 else "en"
    run = layers.read_run(run_folder)
    if "docx" in formats and "zh" in languages:
        _warn_of_fonts("zh", language)
    paths = layers.write_formats(run, languages, formats)
    for path in paths:
        say("cli.report_at", language, path=str(path))
    if "gpkg" in formats and not run.boundaries:
        warn("cli.no_boundaries", language)


def _warn_of_fonts(wanted: Language, language: Language) -> Language:
    """Return the language in which figures can be labelled, after a warning if it is another."""
    shown: Language = layers.drawable_language(wanted)
    if shown != wanted:
        warn("cli.no_chinese_font", language)
    return shown


def figure(
    name: str | None = typer.Argument(None, help="A figure; --list names them.", metavar="NAME"),
    run_folder: Path | None = typer.Argument(None, help="A run folder.", metavar="RUNDIR"),
    format_: FigureFormat = typer.Option(FigureFormat.png, "--format", help="What to write."),
    lang: FigureLanguage = typer.Option(FigureLanguage.en, "--lang", help="Language of labels."),
    out: Path | None = typer.Option(
        None, "--out", help="File to write; default figures/NAME.LANG.FORMAT in the run folder."
    ),
    list_: bool = typer.Option(False, "--list", help="List the figures and stop."),
) -> None:
    """Draw one figure of a finished run as PNG (300 dpi), SVG, PDF or interactive HTML."""
    language: Language = "zh" if lang is FigureLanguage.zh else "en"
    if list_:
        for line in layers.list_figures(language):
            typer.echo(line)
        return
    if name is None or run_folder is None:
        raise InputError([Issue("cli_figure_needs", params={})])
    run = layers.read_run(run_folder)
    drawn = language
    if format_ in {FigureFormat.png, FigureFormat.pdf}:  # the others are drawn by their reader
        drawn = _warn_of_fonts(language, language)
    data = layers.render_figure(run, name, format_.value, drawn)
    path = out if out is not None else run_folder / "figures" / f"{name}.{language}.{format_.value}"
    layers.write_bytes_atomic(path, data)
    say("cli.figure_at", language, path=str(path))
