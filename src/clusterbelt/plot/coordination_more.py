"""Figures of coordination: technology potential between regions, coordination degree."""

from __future__ import annotations

from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map
from clusterbelt.plot.labels import money_scale, number, reach_order, records
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, SEQUENTIAL, reach_colours

__all__ = ["degree_rows", "draw_coordination_degree", "draw_technology"]


def draw_technology(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw what each region could sell to each other in technology contracts."""
    frame = run.results["coordination"].frame("technology_potential")
    money = money_scale(run, language)
    regions = reach_order(run, {*frame["region_from"], *frame["region_to"]})
    names = {region: run.region_name(region, language) for region in regions}
    style = HeatStyle(
        SEQUENTIAL, 0.0, float(frame["potential"].max() * money.factor),
        text("plot.technology.potential", language, unit=money.unit), legend_format=",.2~r",
    )  # fmt: skip
    cells = []
    for row in records(frame):
        value = float(row["potential"]) * money.factor
        span = f"{money.show(float(row['low']))}–{money.show(float(row['high']))}"
        cells.append(
            cell(
                style, names[str(row["region_to"])], names[str(row["region_from"])], value,
                money.show(float(row["potential"])), span=span,
                share=f"{number(100 * float(row['share_of_bought']), 1)}%",
            )
        )  # fmt: skip
    tooltips = [
        ("row", text("plot.technology.seller", language)),
        ("column", text("plot.technology.buyer", language)),
        ("label", text("plot.technology.potential", language, unit=money.unit)),
        ("span", text("plot.technology.interval", language)),
        ("share", text("plot.technology.share", language)),
    ]
    order = [names[region] for region in regions]
    angle = 0 if language == "zh" else -40
    return heat_map(heat_layers(cells, style, order, order, tooltips, angle=angle), (50, 28))


def degree_rows(run: RunView) -> list[dict[str, Any]]:
    """Return reaches first, each followed by its regions, best first."""
    frame = run.results["coordination"].frame("coordination_degree")
    rows = {str(row["place"]): row for row in records(frame)}
    found = []
    for reach in run.reaches:
        if reach in rows:
            found.append({**rows[reach], "reach": reach})
        inside = [
            row
            for place, row in rows.items()
            if row["level"] == "region" and str(run.regions.at[place, "reach"]) == reach
        ]
        ordered = sorted(inside, key=lambda row: -float(row["coordination"]))
        found += [{**row, "reach": reach} for row in ordered]
    return found


def draw_coordination_degree(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the coordination degree of reaches and regions with its interval."""
    colours = reach_colours(run)
    rows = []
    for row in degree_rows(run):
        reach, is_reach = str(row["reach"]), row["level"] == "reach"
        name = run.reaches[reach].get(language) if is_reach else run.region_name(
            str(row["place"]), language
        )  # fmt: skip
        rows.append(
            {
                "row": f"▪ {name}" if is_reach else name,
                "reach": run.reaches[reach].get(language),
                "size": 150 if is_reach else 55,
                **{key: float(row[key]) for key in ("coordination", "low", "high")},
                "label": number(float(row["coordination"]), 2),
                "span": f"{number(float(row['low']), 2)}–{number(float(row['high']), 2)}",
            }
        )
    order = [str(row["row"]) for row in rows]
    scale = alt.Scale(domain=[min(0.4, *(row["low"] for row in rows)), 1.0], nice=False)
    colour = alt.Color(
        "reach:N",
        scale=alt.Scale(
            domain=[run.reaches[reach].get(language) for reach in colours],
            range=list(colours.values()),
        ),
        legend=alt.Legend(title=None, orient="top"),
    )
    base = alt.Chart(data_of(rows)).encode(
        y=alt.Y("row:N", sort=order, axis=alt.Axis(title=None, labelFontSize=11)),
        tooltip=[
            alt.Tooltip("row:N", title=text("plot.region", language)),
            alt.Tooltip("label:N", title=text("plot.degree.axis", language)),
            alt.Tooltip("span:N", title=text("plot.degree.interval", language)),
        ],
    )
    axis = alt.Axis(title=text("plot.degree.axis", language), grid=True)
    spans = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q", color=colour
    )
    points = base.mark_point(filled=True, opacity=1).encode(
        x=alt.X("coordination:Q", scale=scale),
        color=colour,
        size=alt.Size("size:Q", scale=None, legend=None),
    )
    words = base.mark_text(align="left", dx=8, fontSize=11, color=INK).encode(
        x=alt.X("high:Q", scale=scale), text="label:N"
    )
    chart: alt.TopLevelMixin = alt.layer(spans, points, words).properties(
        width=460, height=alt.Step(24)
    )
    return chart
