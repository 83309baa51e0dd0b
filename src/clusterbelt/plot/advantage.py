"""Figures of advantage: location quotients, factor intensity, the reaches' factor mix."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map, x_pixel
from clusterbelt.plot.labels import (
    finite,
    manufacturing,
    number,
    reach_order,
    records,
    shortened,
    unique_names,
)
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import DIVERGING, INK, MUTED, reach_colours

__all__ = ["draw_advantage_heat", "draw_factor_intensity", "draw_reach_factor"]

FACTORS = ("labour", "capital", "technology")


def _log2(value: float) -> float:
    return math.log2(value) if value > 0 else -math.inf


def draw_advantage_heat(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the location quotient of every belt region in every manufacturing industry."""
    frame = run.results["advantage"].frame("advantage")
    making = manufacturing(run)
    regions = reach_order(run, frame["region"])
    shown = frame[frame["region"].isin(regions) & frame["industry"].isin(making)]
    style = HeatStyle(
        DIVERGING, -2.0, 2.0, text("plot.advantage.quotient", language), _log2,
        legend_expr="format(pow(2, datum.value), '~g')", legend_values=(-2, -1, 0, 1, 2),
    )  # fmt: skip
    rows = unique_names(
        {code: shortened(run.industry_name(code, language), language, 42) for code in making}
    )
    reaches = [name.get(language) for name in run.reaches.values()]
    cells = []
    for record in records(shown):
        value = finite(record["location_quotient_all"])
        region = str(record["region"])
        reach = str(run.regions.at[region, "reach"])
        cells.append(
            cell(
                style, run.region_name(region, language), rows[str(record["industry"])], value,
                number(value, 1), exact=number(value, 2),
                share=number(100 * record["share_reference"], 1) + "%",
                reach=run.reaches[reach].get(language) if reach in run.reaches else "",
            )
        )  # fmt: skip
    tooltips = [
        ("column", text("plot.region", language)),
        ("row", text("plot.industry", language)),
        ("exact", text("plot.advantage.quotient", language)),
        ("share", text("plot.advantage.share", language)),
    ]
    layers = heat_layers(
        cells, style, [run.region_name(region, language) for region in regions],
        list(rows.values()), tooltips, angle=0 if language == "zh" else -40,
    )  # fmt: skip
    chart = heat_map(layers, (42, 26)).resolve_scale(color="shared")
    faceted: alt.TopLevelMixin = alt.FacetChart(
        data=data_of(cells),
        spec=_without_data(chart),
        facet={
            "column": alt.Column(
                "reach:N", sort=reaches, header=alt.Header(title=None, labelPadding=4)
            )
        },
        spacing=8,
    ).resolve_scale(x="independent")
    return faceted


def _without_data(chart: alt.TopLevelMixin) -> Any:
    """Take the data off a layered chart, so that a facet can hand them down."""
    bare: Any = chart.copy()  # type: ignore[attr-defined]
    bare.data = alt.Undefined
    for layer in bare.layer:
        layer.data = alt.Undefined
    return bare


def draw_factor_intensity(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw how labour-, capital- and technology-intensive each manufacturing industry is."""
    frame = run.results["advantage"].frame("factor_intensity")
    frame = frame[frame["industry"].isin(manufacturing(run))]
    style = HeatStyle(
        DIVERGING, -2.0, 2.0, text("plot.advantage.z", language), legend_values=(-2, -1, 0, 1, 2)
    )
    order = frame.sort_values(["technology_z", "industry"], ascending=[False, True])
    rows = unique_names(
        {
            str(code): shortened(run.industry_name(str(code), language), language, 44)
            for code in order["industry"]
        }
    )
    columns = {factor: text(f"plot.factor.{factor}", language) for factor in FACTORS}
    cells = []
    for record in records(order):
        for factor in FACTORS:
            value = finite(record[f"{factor}_z"])
            mark = " ●" if record["strongest"] == factor else ""
            cells.append(
                cell(
                    style, columns[factor], rows[str(record["industry"])], value,
                    number(value, 2) + mark, exact=number(finite(record[factor]), 3),
                    score=number(value, 2),
                )
            )  # fmt: skip
    tooltips = [
        ("row", text("plot.industry", language)),
        ("column", text("plot.factor_word", language)),
        ("exact", text("plot.advantage.ratio", language)),
        ("score", text("plot.advantage.z", language)),
    ]
    layers = heat_layers(cells, style, list(columns.values()), list(rows.values()), tooltips)
    return heat_map(layers, (130, 24))


def _factor_rows(run: RunView, factor: str, language: Language) -> list[dict[str, Any]]:
    frame = run.results["advantage"].frame("reach_factor")
    return [
        {
            "reach": run.reaches[str(row["reach"])].get(language),
            "difference": finite(row["difference"]),
            "label": number(finite(row["difference"]), 2),
            "claim": text(f"plot.claim.{int(row['claim'])}", language),
            "verdict": text(f"plot.verdict.{row['verdict']}", language),
        }
        for row in records(frame[frame["factor"] == factor])
        if str(row["reach"]) in run.reaches
    ]


def _factor_panel(
    run: RunView, factor: str, largest: float, first: bool, language: Language
) -> alt.TopLevelMixin:
    colours = {run.reaches[key].get(language): colour for key, colour in reach_colours(run).items()}
    base = alt.Chart(data_of(_factor_rows(run, factor, language))).encode(
        y=alt.Y("reach:N", sort=list(colours), axis=alt.Axis(title=None, labels=first)),
        tooltip=[
            alt.Tooltip("reach:N", title=text("plot.reach", language)),
            alt.Tooltip("label:N", title=text("plot.advantage.difference", language)),
            alt.Tooltip("claim:N", title=text("plot.claim.title", language)),
            alt.Tooltip("verdict:N", title=text("plot.verdict.title", language)),
        ],
    )
    x = alt.X(
        "difference:Q",
        scale=alt.Scale(domain=[-largest, largest], nice=False),
        axis=alt.Axis(title=None, grid=True, tickCount=5, format="~f"),
    )
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    bars = base.mark_bar(size=20).encode(x=x, color=alt.Color("reach:N", scale=scale, legend=None))
    label = alt.Text("label:N")
    right = base.mark_text(align="left", dx=4, fontSize=11).encode(x=x, text=label)
    left = base.mark_text(align="right", dx=-4, fontSize=11).encode(x=x, text=label)
    claims = base.mark_text(align="left", dy=18, fontSize=11, color=MUTED).encode(
        x=x_pixel(2), text=alt.Text("verdict:N")
    )
    zero = alt.Chart(data_of([{"zero": 0}])).mark_rule(color=INK).encode(x=alt.X("zero:Q"))
    chart: alt.TopLevelMixin = alt.layer(
        bars,
        right.transform_filter("datum.difference >= 0"),
        left.transform_filter("datum.difference < 0"),
        claims,
        zero,
    ).properties(width=200, height=alt.Step(52), title=text(f"plot.factor.{factor}", language))
    return chart


def draw_reach_factor(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw each reach's factor mix against the nation's, and what the roadmap claims of it."""
    frame = run.results["advantage"].frame("reach_factor")
    largest = float(frame["difference"].abs().max()) * 1.45 or 1.0
    panels: list[Any] = [
        _factor_panel(run, factor, largest, place == 0, language)
        for place, factor in enumerate(FACTORS)
    ]
    chart: alt.TopLevelMixin = alt.hconcat(*panels, spacing=14)
    return chart
