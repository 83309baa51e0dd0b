"""The backtest in the terminal: one line per method and yardstick."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from rich.table import Table

from clusterbelt.cli.messages import say, stdout
from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView

__all__ = ["print_backtest"]


def _figure(row: Mapping[Any, Any], name: str, low: str, high: str) -> str:
    if not math.isfinite(row[name]):
        return "–"
    return " – ".join((f"{row[name]:.2f} ({row[low]:.2f}", f"{row[high]:.2f})")).replace(
        "-0.00", "0.00"
    )


def print_backtest(run: RunView, language: Language) -> None:
    """Print every score with its interval, and how far the plan is ahead of each method."""
    result = run.results["backtest"]
    for message in result.messages:
        stdout().print(text(message.key, language, **message.params), markup=False)
    if "scores" not in result.tables:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("period", "against", "method", "backtest_value", "plan_ahead"):
        table.add_column(text(f"report.column.{name}", language), overflow="fold")
    for row in result.frame("scores").to_dict("records"):
        part = "hit" if row["kind"] == "precision" else "truth"
        table.add_row(
            f"{row['year']}–{row['until']}",
            text(f"backtest.{part}.{row['against']}", language),
            text(f"backtest.method.{row['method']}", language),
            _figure(row, "value", "low", "high"),
            "" if row["method"] == "plan" else _figure(row, "ahead", "ahead_low", "ahead_high"),
        )
    stdout().print(table)
    counts = {
        name: result.values[name].value
        for name in ("comparisons", "plan_ahead", "plan_behind", "undecided")
    }
    say("report.backtest.found", language, **counts)
