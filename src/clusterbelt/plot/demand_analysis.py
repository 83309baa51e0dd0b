"""Figures of inter-regional demand: attainable demand, where a yuan ends, what changed."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map
from clusterbelt.plot.labels import (
    finite,
    money_scale,
    number,
    percent_text,
    phases,
    reach_order,
    records,
    shortened,
)
from clusterbelt.plot.render import data_of
from clusterbelt.plot.stacked import StackStyle, stacked_shares
from clusterbelt.plot.theme import SEQUENTIAL

__all__ = [
    "CHANGE_FACTORS",
    "belt_multipliers",
    "change_by_region",
    "draw_attainable",
    "draw_output_change",
    "draw_value_added_ends",
    "draw_value_added_users",
    "planned_industries",
    "value_added_users",
]

CHANGE_FACTORS = ("domestic_demand", "exports", "technology", "sourcing", "unbalanced")
_ENDS = ("value_added_own", "other_belt", "other_nation", "imports")
_USERS = ("own", "belt", "rest", "abroad", "unbalanced")
_COLOURS = ("#0d4f6b", "#5ba2bb", "#c9d3d8", "#e9963f")
_CHANGE_COLOURS = ("#0d4f6b", "#e9963f", "#5ba2bb", "#cc79a7", "#b8c2c8")


def planned_industries(run: RunView) -> list[str]:
    """Return the industries that are advanced or materials, in table order."""
    flags = run.industries[["advanced", "materials"]].astype(bool).any(axis=1)
    return [str(code) for code in run.industries.index[flags]]


def draw_attainable(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw what each region could add of each industry by the last phase."""
    frame = run.results["demand"].frame("attainable")
    money = money_scale(run, language)
    wanted = set(planned_industries(run))
    last = phases(run)[-1].end_year
    rows = [row for row in records(frame[frame["year"] == last]) if row["industry"] in wanted]
    largest = max((float(row["ceiling"]) for row in rows), default=1.0) * money.factor
    style = HeatStyle(
        SEQUENTIAL, 0.0, math.sqrt(max(largest, 1e-9)),
        text("plot.attainable.ceiling", language, unit=money.unit), scale=math.sqrt,
        legend_expr="format(datum.value * datum.value, ',.0f')",
    )  # fmt: skip
    regions = reach_order(run)
    names = {region: run.region_name(region, language) for region in regions}
    cells = []
    for row in rows:
        value = finite(row["ceiling"])
        industry = shortened(run.industry_name(str(row["industry"]), language), language, 34)
        low, high = finite(row["ceiling_low"]), finite(row["ceiling_high"])
        span = "" if low is None else f"{money.show(low)}–{money.show(high)}"
        base = finite(row["baseline"])
        share = None if value is None or not base else value / base
        cells.append(
            cell(
                style, names[str(row["region"])], industry,
                None if value is None else value * money.factor, money.show(value),
                amount=money.show(value), span=span, base=money.show(base),
                share="" if share is None else percent_text(share),
            )
        )  # fmt: skip
    tooltips = [
        ("row", text("plot.industry", language)),
        ("column", text("plot.region", language)),
        ("amount", text("plot.attainable.ceiling", language, unit=money.unit)),
        ("span", text("plot.attainable.interval", language)),
        ("base", text("plot.attainable.baseline", language, unit=money.unit)),
        ("share", text("plot.attainable.share", language)),
    ]
    order = list(dict.fromkeys(str(one["row"]) for one in cells))
    columns = [names[region] for region in regions]
    angle = 0 if language == "zh" else -40
    return heat_map(heat_layers(cells, style, columns, order, tooltips, angle=angle), (48, 28))


def belt_multipliers(run: RunView) -> list[dict[str, Any]]:
    """Return multipliers of the belt's industries, each the mean over regions by output."""
    frame = run.results["demand"].frame("multipliers")
    base = run.results["demand"].frame("attainable")
    first = base[base["year"] == base["year"].min()]
    sized = frame.merge(first[["region", "industry", "baseline"]], on=["region", "industry"])
    sized = sized.dropna(subset=["output"])
    names = [name for name in frame.columns if name not in ("region", "industry")]
    rows = []
    for industry, part in sized.groupby("industry", sort=False):
        weight = part["baseline"] / part["baseline"].sum()
        row: dict[str, Any] = {name: float((part[name] * weight).sum()) for name in names}
        row["industry"] = str(industry)
        row["other_belt"] = row["value_added_belt"] - row["value_added_own"]
        row["other_nation"] = row["value_added"] - row["value_added_belt"]
        rows.append(row)
    return rows


def draw_value_added_ends(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw where one unit of final demand for each industry's products ends as value added."""
    wanted = set(planned_industries(run))
    rows = sorted(
        (row for row in belt_multipliers(run) if row["industry"] in wanted),
        key=lambda row: -float(row["value_added_own"]),
    )
    named = [
        (shortened(run.industry_name(row["industry"], language), language, 36), row) for row in rows
    ]
    style = StackStyle(
        {part: text(f"plot.ends.{part}", language) for part in _ENDS},
        _COLOURS,
        text("plot.ends.axis", language),
        text("plot.industry", language),
    )
    return stacked_shares(named, style, language)


def value_added_users(run: RunView) -> list[dict[str, Any]]:
    """Return, for each region of the belt, the shares of its value added by who buys it."""
    frame = run.results["demand"].frame("value_added_trade")
    rows = []
    for region in reach_order(run):
        mine = frame[frame["region_from"] == region].set_index("consumer")["share"]
        inside = [code for code in mine.index if code in run.regions.index and code != region]
        rows.append(
            {"region": region, "own": float(mine[region]), "belt": float(mine[inside].sum())}
            | {name: float(mine[name]) for name in _USERS[2:]}
        )
    return rows


def draw_value_added_users(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw whose final demand the value added of each region serves."""
    named = [(run.region_name(str(row["region"]), language), row) for row in value_added_users(run)]
    style = StackStyle(
        {part: text(f"plot.users.{part}", language) for part in _USERS},
        (*_COLOURS, "#eceff1"),
        text("plot.users.axis", language),
        text("plot.region", language),
        columns=5,
    )
    return stacked_shares(named, style, language)


def change_by_region(run: RunView) -> pd.DataFrame:
    """Return the decomposition summed over industries, relative to the earlier output."""
    frame = run.results["demand"].frame("decomposition")
    summed = frame.groupby("region", sort=False)[
        ["output_from", "output_to", *CHANGE_FACTORS]
    ].sum()
    for factor in CHANGE_FACTORS:
        summed[f"{factor}_share"] = summed[factor] / summed["output_from"]
    summed["growth"] = summed["output_to"] / summed["output_from"] - 1.0
    order = [region for region in reach_order(run) if region in summed.index]
    found: pd.DataFrame = summed.loc[order]
    return found


def draw_output_change(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw why the output of each region changed."""
    frame = change_by_region(run)
    rows: list[dict[str, Any]] = []
    totals: list[dict[str, Any]] = []
    for region, row in zip(frame.index, records(frame), strict=True):
        name = run.region_name(str(region), language)
        growth = float(row["growth"])
        totals.append({"row": name, "growth": growth, "label": percent_text(growth)})
        rows += [
            {
                "row": name,
                "part": text(f"plot.change.{factor}", language),
                "place": place,
                "share": float(row[f"{factor}_share"]),
                "shown": f"{number(100 * float(row[f'{factor}_share']), 1)}%",
            }
            for place, factor in enumerate(CHANGE_FACTORS)
        ]
    order = [row["row"] for row in totals]
    names = [text(f"plot.change.{factor}", language) for factor in CHANGE_FACTORS]
    y = alt.Y("row:N", sort=order, axis=alt.Axis(title=None, labelFontSize=11))
    axis = alt.Axis(title=text("plot.change.axis", language), format=".0%", grid=True)
    bars = (
        alt.Chart(data_of(rows))
        .mark_bar(size=17)
        .encode(
            y=y,
            x=alt.X("share:Q", stack="zero", axis=axis),
            color=alt.Color(
                "part:N",
                scale=alt.Scale(domain=names, range=list(_CHANGE_COLOURS)),
                legend=alt.Legend(title=None, orient="top", columns=5),
            ),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("row:N", title=text("plot.region", language)),
                alt.Tooltip("part:N", title=text("plot.part", language)),
                alt.Tooltip("shown:N", title=text("plot.change.axis", language)),
            ],
        )
    )
    marks = (
        alt.Chart(data_of(totals))
        .mark_tick(thickness=2.5, size=22, color="#000000")
        .encode(y=y, x="growth:Q", tooltip=[alt.Tooltip("label:N")])
    )
    chart: alt.TopLevelMixin = alt.layer(bars, marks).properties(width=470, height=alt.Step(27))
    return chart
