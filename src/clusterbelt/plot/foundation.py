"""Figures of the foundation: profile, ranks with their intervals, what the ranks depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map, reach_dots
from clusterbelt.plot.labels import finite, known_word, number, records, wrapped
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, MUTED, SEQUENTIAL, reach_colours

__all__ = ["draw_foundation_profile", "draw_foundation_ranks", "draw_rank_shares"]

_INTERVAL = "#b9d6e2"


def _intervals(run: RunView, prefix: str) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the 90% interval of ranks by (dimension, region); empty if none were drawn."""
    table = run.results["foundation"].tables.get("rank_intervals")
    found = {}
    for row in () if table is None else records(table.frame):
        low, high = finite(row[f"{prefix}low"]), finite(row[f"{prefix}high"])
        if low is not None and high is not None:
            found[str(row["dimension"]), str(row["region"])] = (low, high)
    return found


def _score_style(run: RunView, columns: list[str], language: Language) -> HeatStyle:
    """Return the colours of scores: from 0 to 1, or over their range where they leave it."""
    index, dimensions = (run.results["foundation"].frame(name) for name in ("index", "dimensions"))
    values = [*index[columns].to_numpy().ravel(), *dimensions["score"]]
    known = [value for value in map(finite, values) if value is not None]
    title = text("plot.foundation.score", language)
    if not known or (min(known) >= 0.0 and max(known) <= 1.0):
        return HeatStyle(SEQUENTIAL, 0.0, 1.0, title, legend_values=(0, 0.5, 1))
    title = text("plot.foundation.score_free", language)
    return HeatStyle(SEQUENTIAL, min(known), max(known), title)


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
    style = _score_style(run, [f"index_{weights}"], language)
    intervals = _intervals(run, "belt_")
    head = _on_two_lines(text("plot.foundation.index", language), language)
    columns = {
        name: _on_two_lines(known_word("plot.dimension", name, language), language)
        for name in names
    }  # fmt: skip
    cells = []

    def add(region: str, column: str, part: str, score: float | None, rank: float | None) -> None:
        span = intervals.get((part, region))
        between = f"{number(span[0])}–{number(span[1])}" if span else ""
        label = _label(score, rank, between)
        name = run.region_name(region, language)
        cells.append(
            cell(
                style, column, name, score, label,
                score=number(score, 3), place=number(rank), between=between or number(None),
            )
        )  # fmt: skip

    for region in order:
        add(
            region,
            head,
            "overall",
            finite(index.at[region, f"index_{weights}"]),
            finite(index.at[region, f"belt_rank_{weights}"]),
        )
    belt = dimensions[dimensions["region"].isin(order)]
    for row in records(belt):
        add(
            str(row["region"]),
            columns[str(row["dimension"])],
            str(row["dimension"]),
            finite(row["score"]),
            finite(row["belt_rank"]),
        )
    rows = [run.region_name(region, language) for region in order]
    layers = heat_layers(
        cells,
        style,
        [head, *columns.values()],
        rows,
        _tooltips(language),
        label_padding=20,
        header_lines=2,
    )
    if intervals:
        # Two lines hang from where one would stand: raise them to the middle of the cell.
        layers[1] = layers[1].mark_text(fontSize=11, lineBreak="\n", dy=-7)
    return heat_map([*layers, *_reach_layers(run, order, language)], (84, 36 if intervals else 27))


def _label(score: float | None, rank: float | None, between: str) -> str:
    """Write the score with its rank, and on a second line with the interval where there is one."""
    shown = number(score, 2)
    if score is None or rank is None:
        return shown
    return f"{shown}\n{number(rank)} ({between})" if between else f"{shown} ({number(rank)})"


def _tooltips(language: Language) -> list[tuple[str, str]]:
    return [
        ("row", text("plot.region", language)),
        ("column", text("plot.dimension_word", language)),
        ("score", text("plot.foundation.score", language)),
        ("place", text("plot.foundation.belt_rank", language)),
        ("between", text("plot.rank_intervals.interval", language)),
    ]


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
    """Draw each belt region's rank among all regions: two weights, median and interval of draws."""
    index = run.results["foundation"].frame("index").set_index("region")
    order = _ranked_regions(run, _weights(run))
    kinds = {kind: text(f"plot.weights.{kind}", language) for kind in ("equal", "entropy")}
    intervals = _intervals(run, "")
    last = int(max(len(index), 2))
    points, lines = [], []
    for region in order:
        name = run.region_name(region, language)
        ranks = {kind: finite(index.at[region, f"rank_{kind}"]) for kind in kinds}
        low, high = intervals.get(("overall", region), (ranks["equal"], ranks["entropy"]))
        lines.append({"row": name, "low": low, "high": high})
        points += [{"row": name, "rank": rank, "kind": kinds[kind]} for kind, rank in ranks.items()]
    rows = [run.region_name(region, language) for region in order]
    y = alt.Y("row:N", sort=rows, axis=alt.Axis(title=None, grid=True))
    x_axis = alt.Axis(
        title=text("plot.foundation.rank_among", language, count=last),
        orient="top", grid=True, values=[1, *range(5, last + 1, 5)],
    )  # fmt: skip
    scale = alt.Scale(domain=[1, last], nice=False, padding=8)
    width = 11.0 if intervals else 2.5
    rule = (
        alt.Chart(data_of(lines))
        .mark_rule(stroke=_INTERVAL if intervals else MUTED, strokeWidth=width, strokeCap="round")
        .encode(
            x=alt.X("low:Q", scale=scale, axis=x_axis),
            x2=alt.X2("high:Q"),
            y=y,
            tooltip=[
                alt.Tooltip("row:N", title=text("plot.region", language)),
                alt.Tooltip("low:Q", title=text("plot.rank_intervals.low", language)),
                alt.Tooltip("high:Q", title=text("plot.rank_intervals.high", language)),
            ],
        )
    )
    dots = _rank_dots(points, scale, y, list(kinds.values()), language)
    chart: alt.TopLevelMixin = alt.layer(rule, dots).properties(width=560, height=alt.Step(26))
    return chart


def _rank_dots(
    points: Sequence[Mapping[str, object]],
    scale: alt.Scale,
    y: alt.Y,
    kinds: list[str],
    language: Language,
) -> alt.Chart:
    legend = alt.Legend(title=text("plot.weights.title", language))
    dots: alt.Chart = (
        alt.Chart(data_of(points))
        .mark_point(filled=True, size=110, opacity=1, stroke=INK, strokeWidth=0.8)
        .encode(
            x=alt.X("rank:Q", scale=scale),
            y=y,
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=kinds, range=["#0d4f6b", "#e9963f"]),
                legend=legend,
            ),
            shape=alt.Shape(
                "kind:N", scale=alt.Scale(domain=kinds, range=["circle", "diamond"]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("row:N", title=text("plot.region", language)),
                alt.Tooltip("kind:N", title=text("plot.weights.title", language)),
                alt.Tooltip("rank:Q", title=text("plot.rank", language)),
            ],
        )
    )
    return dots


def draw_rank_shares(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw what share of the variance of ranks each assumption accounts for, with whiskers."""
    frame = run.results["foundation"].frame("rank_shares")
    frame = frame[frame["varies"]].sort_values("total", ascending=False, kind="stable")
    kinds = {kind: text(f"plot.rank_shares.{kind}", language) for kind in ("first", "total")}
    names = [text(f"plot.factor_drawn.{name}", language) for name in frame["factor"]]
    bars = []
    for row, name in zip(records(frame), names, strict=True):
        for kind, word in kinds.items():
            share, low, high = (finite(row[key]) for key in (kind, f"{kind}_low", f"{kind}_high"))
            shown = "–" if share is None else f"{100 * max(share, 0.0):.0f}%"
            bars.append({"row": name, "kind": word, "share": share, "low": low, "high": high,
                         "zero": 0.0, "shown": shown})  # fmt: skip
    y = alt.Y("row:N", sort=names, axis=alt.Axis(title=None), scale=alt.Scale(paddingInner=0.3))
    side = alt.YOffset("kind:N", sort=list(kinds.values()))
    axis = alt.Axis(title=text("plot.rank_shares.share", language), format=".0%", grid=True)
    base = alt.Chart(data_of(bars)).encode(y=y, yOffset=side)
    bar = base.mark_bar().encode(
        x=alt.X("zero:Q", axis=axis),
        x2=alt.X2("share:Q"),
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=list(kinds.values()), range=["#0d4f6b", "#9cc8d8"]),
            legend=alt.Legend(title=text("plot.rank_shares.kind", language)),
        ),
        tooltip=[
            alt.Tooltip("row:N", title=text("plot.factor_drawn.title", language)),
            alt.Tooltip("kind:N", title=text("plot.rank_shares.kind", language)),
            alt.Tooltip("shown:N", title=text("plot.rank_shares.share", language)),
        ],
    )
    whisker = base.mark_rule(stroke=INK, strokeWidth=1.2).encode(
        x=alt.X("low:Q"), x2=alt.X2("high:Q")
    )
    words = base.mark_text(align="left", dx=6, fontSize=11).encode(
        x=alt.X("high:Q"), text=alt.Text("shown:N")
    )
    chart: alt.TopLevelMixin = alt.layer(bar, whisker, words).properties(
        width=520, height=alt.Step(17)
    )
    return chart
