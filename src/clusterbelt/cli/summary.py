"""The summary that ends a run: it already answers the planner's question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from clusterbelt.cli.messages import stdout
from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView

__all__ = ["print_summary"]


def _names(run: RunView, codes: str, language: Language) -> str:
    separator = text("cli.list_separator", language)
    return separator.join(run.region_name(code, language) for code in codes.split(";") if code)


def _core_table(run: RunView, core: pd.DataFrame, language: Language) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("reach", "industry", "phase", "lead", "partners"):
        table.add_column(text(f"cli.column.{column}", language), overflow="fold")
    phases = run.study["plan"]["phases"]
    ends = {phase["name"]: str(phase["end_year"]) for phase in phases}
    order = {phase["name"]: number for number, phase in enumerate(phases)}
    for reach in run.reaches:
        rows = core[core["reach"] == reach]
        rows = rows.assign(_order=rows["phase"].map(order)).sort_values(
            ["_order", "industry"], kind="stable"
        )
        for number, row in enumerate(rows.to_dict("records")):
            table.add_row(
                run.reaches[reach].get(language) if number == 0 else "",
                run.industry_name(row["industry"], language),
                text("cli.by_year", language, year=ends[row["phase"]]),
                run.region_name(row["lead"], language),
                _names(run, row["partners"], language),
            )
    return table


def print_summary(run: RunView, reports: Sequence[Path], language: Language) -> None:
    """Print core industries per reach, lead and partner regions, the price, the report's place."""
    console = stdout()
    plan = run.results["plan"]
    if "reach_core" not in plan.tables:
        line = text("cli.no_plan", language, belt=run.title.get(language))
        console.print(line, style="bold", markup=False)
        _print_reports(console, reports, language)
        return
    console.print(
        text("cli.title", language, belt=run.title.get(language)), style="bold", markup=False
    )
    console.print(_core_table(run, plan.frame("reach_core"), language))
    console.print()
    for row in plan.frame("fragmentation").to_dict("records"):
        line = text(
            f"cli.price.{row['belief']}",
            language,
            price=f"{100 * row['price']:.1f}",
            allocation=f"{100 * row['allocation_share']:.1f}",
            overcapacity=f"{100 * row['overcapacity_share']:.1f}",
            synergy=f"{100 * row['synergy_share']:.1f}",
        )
        console.print(line, markup=False, soft_wrap=True)
    _print_reports(console, reports, language)


def _print_reports(console: Console, reports: Sequence[Path], language: Language) -> None:
    for path in reports:
        console.print(text("cli.report_at", language, path=path), markup=False, soft_wrap=True)
