"""The command that plans in the past: ``clusterbelt backtest``."""

from __future__ import annotations

from pathlib import Path

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.commands import Languages
from clusterbelt.cli.messages import progress_bar, say
from clusterbelt.core.strings import Language

__all__ = ["backtest"]


def backtest(
    study: str = typer.Argument("yangtze", help="A study that ships, or a study file."),
    out: Path | None = typer.Option(None, "--out", help="Run folder; default runs/<study name>."),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the output."),
) -> None:
    """Plan with the data of earlier years and compare with what followed, beside baselines."""
    language: Language = "zh" if lang is Languages.zh else "en"
    settings = layers.read_study(study)
    folder = out if out is not None else Path("runs") / settings.name
    with progress_bar(language) as progress:
        layers.run_study(settings, folder, only="backtest", progress=progress)
    layers.print_backtest(layers.read_run(folder), language)
    say("cli.only_done", language, stage="backtest", folder=str(folder / "stages" / "backtest"))
