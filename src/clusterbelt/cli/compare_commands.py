"""``clusterbelt compare``: two runs side by side, on the terminal and as CSV."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.commands import Languages
from clusterbelt.cli.messages import say, stdout
from clusterbelt.cli.printing import print_table
from clusterbelt.core.strings import Language, has_text, text

if TYPE_CHECKING:
    from clusterbelt.model.run_view import RunView

__all__ = ["compare"]


def _shown(value: Any, language: Language) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"
    return text("compare.alone", language) if value == "" else str(value)


def _phase(run: RunView, name: Any, language: Language) -> str:
    key = f"plot.phase.{name}"
    return text(key, language) if isinstance(name, str) and has_text(key, language) else _shown(
        name, language
    )  # fmt: skip


def _partners(run: RunView, joined: Any, language: Language) -> str:
    if not isinstance(joined, str):
        return "–"
    names = [run.region_name(code, language) for code in joined.split(";") if code]
    return text("cli.list_separator", language).join(names) or text("compare.alone", language)


def _print(title: str, headers: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    stdout().print(title, style="bold", markup=False)
    print_table(headers, rows, [False] * len(headers))
    stdout().print()


def _headers(names: str, language: Language) -> list[str]:
    return [text(f"compare.column.{name}", language) for name in names.split()]


def compare(
    run_a: Path = typer.Argument(help="The first run folder.", metavar="RUN_A"),
    run_b: Path = typer.Argument(help="The second run folder.", metavar="RUN_B"),
    out: Path | None = typer.Option(None, "--out", help="Write all differences to this CSV file."),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the table."),
) -> None:
    """Compare two runs: what differs in plans, values and assumptions."""
    language: Language = "zh" if lang is Languages.zh else "en"
    first, second = layers.read_run(run_a), layers.read_run(run_b)
    found = layers.compare_runs(first, second)
    plans = found.plans.to_dict("records")
    if plans:
        rows = [
            [
                first.region_name(str(row["region"]), language),
                first.industry_name(str(row["industry"]), language),
                text(f"compare.change.{row['change']}", language),
                _phase(first, row["phase_a"], language),
                _phase(second, row["phase_b"], language),
                _partners(first, row["partners_a"], language),
                _partners(second, row["partners_b"], language),
                _shown(row["added_a"], language),
                _shown(row["added_b"], language),
            ]
            for row in plans
        ]
        headers = "region industry change phase_a phase_b partners_a partners_b added_a added_b"
        _print(text("compare.plans", language), _headers(headers, language), rows)
    for title, frame, names in (
        ("values", found.values, "stage value a b difference"),
        ("assumptions", found.assumptions, "field a b"),
    ):
        records = frame.to_dict("records")
        if records:
            rows = [[_shown(row[name], language) for name in names.split()] for row in records]
            _print(text(f"compare.{title}", language), _headers(names, language), rows)
    say(
        "compare.summary", language, plans=len(plans), same=found.same_choices,
        values=len(found.values), assumptions=len(found.assumptions),
    )  # fmt: skip
    if out is not None:
        table = layers.comparison_rows(found).to_csv(index=False, lineterminator="\n")
        layers.write_bytes_atomic(out, table.encode("utf-8-sig"))  # the mark is for spreadsheets
        say("compare.written", language, path=str(out))
