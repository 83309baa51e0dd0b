"""Figures of coordination: likeness of industrial structures, matches of supply and demand."""

from __future__ import annotations

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map
from clusterbelt.plot.labels import finite, money_scale, number, reach_order, records
from clusterbelt.plot.theme import DIVERGING, SEQUENTIAL

__all__ = ["draw_matches", "draw_similarity"]


def draw_similarity(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw similarity before the plan below the diagonal, its change by the plan above it."""
    frame = run.results["coordination"].frame("similarity")
    regions = reach_order(run)
    place = {region: number_ for number_, region in enumerate(regions)}
    names = {region: run.region_name(region, language) for region in regions}
    lowest = float(frame["before"].min())
    compared = "without_plan" if "without_plan" in frame.columns else "before"
    changes = (frame["after"] - frame[compared]).abs()
    widest = max(float(changes.max()), 1e-3)
    before = HeatStyle(
        SEQUENTIAL, min(lowest, 0.95), 1.0, text("plot.similarity.before", language),
        legend_format=".2f",
    )  # fmt: skip
    change = HeatStyle(
        DIVERGING, -widest, widest, text("plot.similarity.change", language), legend_format="+.3f"
    )
    below, above = [], []
    for row in records(frame):
        a, b = str(row["region_a"]), str(row["region_b"])
        if a not in place or b not in place:
            continue
        first, second = sorted((a, b), key=lambda region: place[region])
        old, new = finite(row["before"]), finite(row["after"])
        without = finite(row[compared])
        difference = None if without is None or new is None else new - without
        shown = number(difference, 3)
        shown = f"+{shown}" if difference is not None and difference >= 0.0005 else shown
        more = {
            "before": number(old, 3),
            "without": number(without, 3),
            "after": number(new, 3),
            "change": shown,
        }
        below.append(cell(before, names[first], names[second], old, number(old, 2), **more))
        short = "" if difference is None else shown.replace("0.", ".")
        above.append(cell(change, names[second], names[first], difference, short, **more))
    tooltips = [
        ("row", text("plot.region", language)),
        ("column", text("plot.other_region", language)),
        ("before", text("plot.similarity.before", language)),
        ("without", text("plot.similarity.without", language)),
        ("after", text("plot.similarity.after", language)),
        ("change", text("plot.similarity.change", language)),
    ]
    order = [names[region] for region in regions]
    angle = 0 if language == "zh" else -40
    layers = [
        *heat_layers(below, before, order, order, tooltips, angle=angle),
        *heat_layers(above, change, order, order, tooltips, angle=angle),
    ]
    return heat_map(layers, (54, 30))


def draw_matches(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw what each region could supply to each other, summed over the listed matches."""
    frame = run.results["coordination"].frame("matches")
    money = money_scale(run, language)
    summed = frame.groupby(["region_from", "region_to"], sort=True)["value"].sum().reset_index()
    involved = {*summed["region_from"], *summed["region_to"]}
    regions = reach_order(run, involved)
    names = {region: run.region_name(region, language) for region in regions}
    style = HeatStyle(
        SEQUENTIAL, 0.0, float(summed["value"].max() * money.factor),
        text("plot.matches.value", language, unit=money.unit), legend_format=",.2~r",
    )  # fmt: skip
    found = {
        (str(row["region_from"]), str(row["region_to"])): float(row["value"])
        for row in records(summed)
    }
    cells = []
    for supplier in regions:
        for buyer in regions:
            value = found.get((supplier, buyer))
            position = None if value is None else value * money.factor
            shown = "" if value is None else money.show(value)
            cells.append(cell(style, names[buyer], names[supplier], position, shown, amount=shown))
    tooltips = [
        ("row", text("plot.matches.supplier", language)),
        ("column", text("plot.matches.buyer", language)),
        ("amount", text("plot.matches.value", language, unit=money.unit)),
    ]
    order = [names[region] for region in regions]
    angle = 0 if language == "zh" else -40
    return heat_map(heat_layers(cells, style, order, order, tooltips, angle=angle), (54, 28))
