"""The commands on belts, studies and runs: read arguments, call one lower layer, print."""

from __future__ import annotations

import json
import time
from enum import StrEnum
from pathlib import Path

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.messages import print_issues, progress_bar, say
from clusterbelt.core.errors import InputError, Issue
from clusterbelt.core.strings import LANGUAGES, Language
from clusterbelt.study.graph import STAGES

__all__ = ["Languages", "TemplateKind", "check", "chosen_languages", "new", "run", "schema"]


class Languages(StrEnum):
    """Which languages to write."""

    zh = "zh"
    en = "en"
    both = "both"


class TemplateKind(StrEnum):
    """What annotated tables are written as."""

    csv = "csv"
    excel = "excel"


def chosen_languages(choice: Languages) -> tuple[Language, ...]:
    """Return the languages of a choice."""
    return LANGUAGES if choice is Languages.both else (_terminal_language(choice),)


def _terminal_language(choice: Languages) -> Language:
    return "zh" if choice is Languages.zh else "en"


def run(
    study: str = typer.Argument(help="A study that ships (yangtze, toy) or a study file."),
    out: Path | None = typer.Option(None, "--out", help="Run folder; default runs/<study name>."),
    lang: Languages = typer.Option(Languages.both, "--lang", help="Language of the report."),
    seed: int | None = typer.Option(None, "--seed", min=0, help="Seed, instead of the study's."),
    only: str | None = typer.Option(None, "--only", help="One stage and what it rests on."),
) -> None:
    """Plan a belt: run all stages and write the report."""
    began = time.perf_counter()
    language = _terminal_language(lang)
    if only is not None and only not in STAGES:
        raise InputError([Issue("cli_stage", params={"stage": only, "known": ", ".join(STAGES)})])
    settings = layers.read_study(study)
    if seed is not None:
        scope = settings.scope.model_copy(update={"seed": seed})
        settings = settings.model_copy(update={"scope": scope})
    folder = out if out is not None else Path("runs") / settings.name
    with progress_bar(language) as progress:
        outcome = layers.run_study(settings, folder, only=only, progress=progress)
        if only is None:
            progress("report", len(STAGES), len(STAGES) + 1)
            reports = layers.write_reports(layers.read_run(folder), chosen_languages(lang))
    if only is not None:
        say("cli.only_done", language, stage=only, folder=str(folder / "stages" / only))
        return
    print_issues(outcome.issues, language)
    layers.print_summary(layers.read_run(folder), reports, language)
    seconds = time.perf_counter() - began
    reused = len(outcome.reused)
    say("cli.took", language, seconds=f"{seconds:.1f}", reused=reused, stages=len(STAGES))


def check(
    data: str = typer.Argument(help="A belt folder, or a belt that ships (yangtze, toy)."),
    classification: str | None = typer.Option(None, help="Check only this classification."),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the messages."),
) -> None:
    """Check a belt's data and say everything that is wrong with it."""
    language = _terminal_language(lang)
    issues, belt = layers.check_belt(data, classification)
    print_issues(issues, language)
    if belt is None or any(issue.severity == "error" for issue in issues):
        raise typer.Exit(2)
    say(
        "cli.checked",
        language,
        title=belt.title.get(language),
        regions=len(belt.regions),
        belt_regions=len(belt.belt_regions),
        industries=len(belt.industries),
        years=", ".join(str(year) for year in belt.activity["year"].to_numpy()),
    )


def new(
    folder: Path = typer.Argument(help="Folder to make."),
    belt: str | None = typer.Option(None, help="Copy the tables of toy (the default) or yangtze."),
    template: TemplateKind | None = typer.Option(
        None, "--template", help="Instead: annotated tables to fill in, as CSV or in Excel."
    ),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the messages."),
) -> None:
    """Make a folder with a commented study file and the tables of a belt to start from."""
    language = _terminal_language(lang)
    if template is not None and belt is not None:
        raise InputError([Issue("new_template_and_belt", params={})])
    if template is not None:
        layers.write_template(folder, template.value)
    else:
        layers.write_new(folder, belt or "toy")
    say("cli.new_done", language, study=str(folder / "study.yaml"), folder=str(folder))


def schema() -> None:
    """Print the JSON schema of the study file."""
    typer.echo(json.dumps(layers.study_schema(), ensure_ascii=False, indent=2))
