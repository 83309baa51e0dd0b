"""Figure of growth: what came with the nation, with the industries and from the region."""

from __future__ import annotations

from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import x_pixel
from clusterbelt.plot.labels import number, reach_order
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK

__all__ = ["draw_shift_share"]

_WIDTH = 560
_PARTS = ("national", "mix", "regional")
_COLOURS = ("#b9c4cb", "#e9963f", "#277896")


def draw_shift_share(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw each belt region's growth of manufacturing, split, in per cent of where it began."""
    frame = run.results["advantage"].frame("shift_share")
    order = reach_order(run, frame["region"])
    summed = (
        frame[frame["region"].isin(order)]
        .groupby("region")[["start", "change", *_PARTS]]
        .sum(min_count=1)
    )
    cells: dict[str, dict[str, float]] = summed.to_dict("index")  # type: ignore[assignment]
    names = {part: text(f"plot.growth.{part}", language) for part in _PARTS}
    bars: list[dict[str, object]] = []
    totals: list[dict[str, object]] = []
    for region in order:
        row = cells[region]
        start = float(row["start"])
        if not start > 0:
            continue
        name = run.region_name(region, language)
        for place, part in enumerate(_PARTS):
            share = 100 * float(row[part]) / start
            bars.append(
                {"region": name, "part": names[part], "place": place, "share": share,
                 "label": f"{number(share, 1)}%"}
            )  # fmt: skip
        whole = 100 * float(row["change"]) / start
        totals.append({"region": name, "share": whole, "label": f"{number(whole, 0)}%"})
    regions = [str(entry["region"]) for entry in totals]
    y = alt.Y("region:N", sort=regions, axis=alt.Axis(title=None))
    x = alt.X("share:Q", axis=alt.Axis(title=text("plot.growth.axis", language), format="~f"))
    tooltip = [
        alt.Tooltip("region:N", title=text("plot.region", language)),
        alt.Tooltip("part:N", title=text("plot.growth.part", language)),
        alt.Tooltip("label:N", title=text("plot.growth.axis", language)),
    ]
    scale = alt.Scale(domain=list(names.values()), range=list(_COLOURS))
    colour = alt.Color("part:N", scale=scale, legend=alt.Legend(title=None, orient="top"))
    stacked: Any = alt.Chart(data_of(bars)).mark_bar(size=16)
    stacked = stacked.encode(x=x, y=y, color=colour, order="place:Q", tooltip=tooltip)
    mark: Any = alt.Chart(data_of(totals)).encode(x="share:Q", y=y)
    point = mark.mark_point(shape="diamond", filled=True, size=70, color=INK, opacity=1)
    label = mark.mark_text(align="left", fontSize=11, color=INK).encode(
        x=x_pixel(_WIDTH + 6), text="label:N"
    )
    zero = alt.Chart(data_of([{"zero": 0}])).mark_rule(color=INK).encode(x="zero:Q")
    chart: alt.TopLevelMixin = alt.layer(stacked, zero, point, label).properties(
        width=_WIDTH, height=alt.Step(26)
    )
    return chart
