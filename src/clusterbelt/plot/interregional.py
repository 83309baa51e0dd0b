"""Figures of inter-regional flows: who sells to whom by reach, and where the belt buys."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map
from clusterbelt.plot.labels import finite, money_scale, number, percent_text, records, shortened
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import SEQUENTIAL

__all__ = ["draw_reach_flows", "draw_sourcing", "group_name", "sourcing_rows"]

_SOURCES = ("own", "belt", "nation", "abroad")
_COLOURS = ("#0d4f6b", "#5ba2bb", "#c9d3d8", "#e9963f")
_MANUFACTURING = "manufacturing"


def group_name(run: RunView, code: str, language: Language) -> str:
    """Return the name of a reach, of the rest of the nation or of abroad."""
    if code in run.reaches:
        return run.reaches[code].get(language)
    return text(f"plot.interregional.{code}", language)


def draw_reach_flows(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw flows of manufactures between reaches, the rest of the nation and abroad."""
    frame = run.results["interregional"].frame("reach_flows")
    rows = records(frame[frame["industry"] == _MANUFACTURING])
    money = money_scale(run, language)
    sellers = list(dict.fromkeys(str(row["reach_from"]) for row in rows))
    buyers = list(dict.fromkeys(str(row["reach_to"]) for row in rows))
    bought = {buyer: 0.0 for buyer in buyers}
    for row in rows:
        bought[str(row["reach_to"])] += float(row["value"])
    style = HeatStyle(
        SEQUENTIAL, 0.0, 1.0, text("plot.interregional.legend", language, unit=money.unit),
        scale=math.sqrt,
        legend_expr="format(datum.value * datum.value, '.0%')",
        legend_values=(0.0, math.sqrt(0.05), math.sqrt(0.2), math.sqrt(0.5), 1.0),
    )  # fmt: skip
    names = {code: group_name(run, code, language) for code in {*sellers, *buyers}}
    cells = []
    for row in rows:
        seller, buyer, value = str(row["reach_from"]), str(row["reach_to"]), float(row["value"])
        low, high = finite(row["low"]), finite(row["high"])
        whole = bought[buyer]
        share = value / whole if whole > 0 else None
        drawn = low is not None and high is not None and high > low
        span = f"{money.show(low)}–{money.show(high)}" if drawn else ""
        label = money.show(value) + (f"\n({span})" if span else "")
        cells.append(
            cell(
                style, names[buyer], names[seller], share, label,
                amount=money.show(value), span=span, share=percent_text(share or 0.0),
            )
        )  # fmt: skip
    tooltips = [
        ("row", text("plot.interregional.seller", language)),
        ("column", text("plot.interregional.buyer", language)),
        ("amount", text("plot.interregional.value", language, unit=money.unit)),
        ("span", text("plot.interregional.interval", language)),
        ("share", text("plot.interregional.share", language)),
    ]
    columns, order = [names[code] for code in buyers], [names[code] for code in sellers]
    return heat_map(heat_layers(cells, style, columns, order, tooltips), (118, 52))


def sourcing_rows(run: RunView) -> list[dict[str, Any]]:
    """Return the belt's rows of manufacturing, advanced first, least own supply first."""
    frame = run.results["interregional"].frame("sourcing")
    flags = run.industries[["manufacturing", "advanced"]].astype(bool)
    kept = frame[frame["region"] == "belt"].set_index("industry", drop=False)
    kept = kept.loc[[code for code in kept.index if flags.at[code, "manufacturing"]]]
    kept = kept.assign(advanced=flags.loc[kept.index, "advanced"])
    ordered = kept.sort_values(["advanced", "own"], ascending=[False, True], kind="stable")
    return records(ordered)


def draw_sourcing(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw where the belt's demand for each advanced industry is met from."""
    rows = [row for row in sourcing_rows(run) if row["advanced"]]
    names = {source: text(f"plot.interregional.source.{source}", language) for source in _SOURCES}
    bars: list[dict[str, object]] = []
    for row in rows:
        name = shortened(run.industry_name(str(row["industry"]), language), language, 40)
        start = 0.0
        for place, source in enumerate(_SOURCES):
            share = float(row[source])
            low, high = finite(row[f"{source}_low"]), finite(row[f"{source}_high"])
            span = "" if low is None else f"{number(100 * low, 0)}–{number(100 * (high or 0), 0)}%"
            bars.append(
                {"industry": name, "source": names[source], "place": place, "from": start,
                 "to": start + share, "middle": start + share / 2, "span": span,
                 "label": f"{number(100 * share, 0)}%" if share >= 0.035 else "",
                 "shown": f"{number(100 * share, 1)}%",
                 "ink": "#ffffff" if source == "own" else "#000000"}
            )  # fmt: skip
            start += share
    order = list(dict.fromkeys(str(bar["industry"]) for bar in bars))
    y = alt.Y("industry:N", sort=order, axis=alt.Axis(title=None, labelFontSize=11))
    axis = alt.Axis(
        title=text("plot.interregional.of_demand", language), format=".0%", grid=True, tickCount=5
    )
    scale = alt.Scale(domain=list(names.values()), range=list(_COLOURS))
    legend = alt.Legend(title=None, orient="top", columns=4)
    tooltip = [
        alt.Tooltip("industry:N", title=text("plot.industry", language)),
        alt.Tooltip("source:N", title=text("plot.interregional.seller", language)),
        alt.Tooltip("shown:N", title=text("plot.interregional.of_demand", language)),
        alt.Tooltip("span:N", title=text("plot.interregional.interval", language)),
    ]
    base = alt.Chart(data_of(bars)).encode(y=y, tooltip=tooltip)
    stacked = base.mark_bar(size=20).encode(
        x=alt.X("from:Q", axis=axis, scale=alt.Scale(domain=[0, 1])),
        x2="to:Q",
        color=alt.Color("source:N", scale=scale, legend=legend),
    )
    words = base.mark_text(fontSize=11).encode(
        x="middle:Q",
        text="label:N",
        color=alt.ColorValue(
            "#000000", condition={"test": "datum.ink === '#ffffff'", "value": "#ffffff"}
        ),
    )
    chart: alt.TopLevelMixin = alt.layer(stacked, words).properties(width=440, height=alt.Step(30))
    return chart
