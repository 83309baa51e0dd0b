"""Figures of the foundation: profile over the dimensions, ranks under two kinds of weights."""

from __future__ import annotations

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map, reach_dots
from clusterbelt.plot.labels import finite, known_word, number, records, wrapped
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, MUTED, SEQUENTIAL, reach_colours

__all__ = ["draw_foundation_profile", "draw_foundation_ranks"]


def _ranked_regions(run: RunView, weights: str) -> list[str]:
    index = run.results["foundation"].frame("index")
    belt = index[index["region"].isin(run.belt_regions)]
    ordered = belt.sort_values([f"index_{weights}", "region"], ascending=[False, True])
    return [str(region) for region in ordered["region"]]


def _weights(run: RunView) -> str:
    return str(run.study.get("foundation", {}).get("weights", "equal"))


def _on_two_lines(name: str, language: Language) -> str:
    """Fill a column's name up to two lines, the last one next to the cells."""
    lines = wrapped(name, language, 13)
    return lines if "\n" in lines else f" \n{lines}"


def draw_foundation_profile(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the score of every belt region on the index and on each dimension."""
    weights = _weights(run)
    order = _ranked_regions(run, weights)
    dimensions = run.results["foundation"].frame("dimensions")
    index = run.results["foundation"].frame("index").set_index("region")
    names = list(dict.fromkeys(str(name) for name in dimensions["dimension"]))
    style = HeatStyle(
        SEQUENTIAL, 0.0, 1.0, text("plot.foundation.score", language), legend_values=(0, 0.5, 1)
    )
    head = _on_two_lines(text("plot.foundation.index", language), language)
    columns = {
        name: _on_two_lines(known_word("plot.dimension", name, language), language)
        for name in names
    }  # fmt: skip
    cells = []

    def add(region: str, column: str, score: float | None, rank: float | None) -> None:
        placed = score is not None and rank is not None
        label = f"{number(score, 2)} ({number(rank)})" if placed else number(score, 2)
        name = run.region_name(region, language)
        cells.append(
            cell(style, column, name, score, label, score=number(score, 3), place=number(rank))
        )

    for region in order:
        add(
            region,
            head,
            finite(index.at[region, f"index_{weights}"]),
            finite(index.at[region, f"belt_rank_{weights}"]),
        )
    belt = dimensions[dimensions["region"].isin(order)]
    for row in records(belt):
        add(
            str(row["region"]),
            columns[str(row["dimension"])],
            finite(row["score"]),
            finite(row["belt_rank"]),
        )
    tooltips = [
        ("row", text("plot.region", language)),
        ("column", text("plot.dimension_word", language)),
        ("score", text("plot.foundation.score", language)),
        ("place", text("plot.foundation.belt_rank", language)),
    ]
    rows = [run.region_name(region, language) for region in order]
    layers = heat_layers(
        cells, style, [head, *columns.values()], rows, tooltips, label_padding=20, header_lines=2
    )
    return heat_map([*layers, *_reach_layers(run, order, language)], (84, 27))


def _reach_layers(run: RunView, order: list[str], language: Language) -> list[alt.Chart]:
    colours = {
        run.reaches[reach].get(language): colour for reach, colour in reach_colours(run).items()
    }
    dots = [
        {
            "row": run.region_name(region, language),
            "reach": run.reaches[str(run.regions.at[region, "reach"])].get(language),
            "place": 0,
        }
        for region in order
        if str(run.regions.at[region, "reach"]) in run.reaches
    ]
    names = [run.region_name(region, language) for region in order]
    return reach_dots(dots, colours, names, text("plot.reach", language))


def draw_foundation_ranks(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw each belt region's rank among all regions, with equal and with entropy weights."""
    index = run.results["foundation"].frame("index").set_index("region")
    order = _ranked_regions(run, _weights(run))
    kinds = {kind: text(f"plot.weights.{kind}", language) for kind in ("equal", "entropy")}
    last = int(max(len(index), 2))
    points, lines = [], []
    for region in order:
        name = run.region_name(region, language)
        ranks = {kind: finite(index.at[region, f"rank_{kind}"]) for kind in kinds}
        lines.append({"row": name, "low": ranks["equal"], "high": ranks["entropy"]})
        points += [{"row": name, "rank": rank, "kind": kinds[kind]} for kind, rank in ranks.items()]
    rows = [run.region_name(region, language) for region in order]
    y = alt.Y("row:N", sort=rows, axis=alt.Axis(title=None, grid=True))
    x_axis = alt.Axis(
        title=text("plot.foundation.rank_among", language, count=last),
        orient="top", grid=True, values=[1, *range(5, last + 1, 5)],
    )  # fmt: skip
    scale = alt.Scale(domain=[1, last], nice=False, padding=8)
    rule = (
        alt.Chart(data_of(lines))
        .mark_rule(stroke=MUTED, strokeWidth=2.5)
        .encode(x=alt.X("low:Q", scale=scale, axis=x_axis), x2=alt.X2("high:Q"), y=y)
    )
    dots = (
        alt.Chart(data_of(points))
        .mark_point(filled=True, size=110, opacity=1, stroke=INK, strokeWidth=0.8)
        .encode(
            x=alt.X("rank:Q", scale=scale),
            y=y,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(kinds.values()), range=["#0d4f6b", "#e9963f"]),
                legend=alt.Legend(title=text("plot.weights.title", language)),
            ),
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=list(kinds.values()), range=["circle", "diamond"]),
                legend=alt.Legend(title=text("plot.weights.title", language)),
            ),
            tooltip=[
                alt.Tooltip("row:N", title=text("plot.region", language)),
                alt.Tooltip("kind:N", title=text("plot.weights.title", language)),
                alt.Tooltip("rank:Q", title=text("plot.rank", language)),
            ],
        )
    )
    chart: alt.TopLevelMixin = alt.layer(rule, dots).properties(width=560, height=alt.Step(26))
    return chart
