"""``docs/data_report.md``: the figures of the build, so that nobody types one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from yangtze_build.common import Log

_HEAD = """\
# Data report

Written by `tools/build_yangtze.py`; do not edit. What the figures mean and what was decided is in
[data.md](data.md).
"""
_TITLES = {
    "checkpoints": "Value added 2017 against the published totals (1e12 CNY)",
    "balances": "Balances of the provincial tables (worst cell)",
    "national_balances": "National tables (1e8 CNY; balances as shares of output)",
    "decisions_accounts": "Cells of the provincial tables that were changed (10,000 yuan)",
    "decisions_order": "Value added parts that were put in order",
    "odd_cells": "Cells kept as published that ask for care (codes of their year)",
    "odd_growth": "Value added 2012 to 2017 out of line (io42, 1e8 CNY, cells over 100); kept",
    "trade_cells": "Trade between provinces: goods in transit, and large cells without any (io42)",
    "trade_ratios": "Outflow over inflow, all provinces (io42; would be 1 if margins reconciled)",
    "co2_totals": "CO2 by year, sum of all rows (Mt; 30 provinces)",
    "sums": "Science yearbook: parts that do not sum to the total (share of the total)",
    "intensity": "R&D intensity printed against R&D spending over GDP (gap over 3 %)",
    "decisions_inputs": "Suspicious values of the inputs and what was done",
    "decisions_indicators": "Indicator values left out",
    "indicators": "Indicators: provinces covered and years observed",
    "investment_prices": "Investment price index: changes over 35 % or below -15 % in a year",
    "investment_against_panel": "Investment against the panel: gaps over 10 %",
}


def write_report(path: Path, tables: dict[str, pd.DataFrame], log: Log, size: int) -> None:
    """Write the report of a build that succeeded."""
    parts = [_HEAD, "## Files\n", _markdown(_files(tables)), f"\nAll files: {size} bytes.\n"]
    for name, title in _TITLES.items():
        table = log.figures[name]
        body = _markdown(table) if len(table) else "None found.\n"
        parts.append(f"## {title}\n\n{body}")
    path.write_text("\n".join(parts), encoding="utf-8")


def _files(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "file": list(tables),
            "rows": [len(table) for table in tables.values()],
            "columns": [", ".join(map(str, table.columns)) for table in tables.values()],
        }
    )


def _markdown(table: pd.DataFrame) -> str:
    lines = [
        "| " + " | ".join(map(str, table.columns)) + " |",
        "|" + "---|" * len(table.columns),
    ]
    for row in table.itertuples(index=False):
        lines.append("| " + " | ".join(_cell(value) for value in row) + " |")
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.6g}"
    return str(value)
