"""Figures of demand: how much of each ceiling the plan uses."""

from __future__ import annotations

from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, money_scale, number, phases, records, shortened
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, MUTED

__all__ = ["ceiling_use", "draw_demand_use"]


def ceiling_use(run: RunView) -> list[dict[str, float | str]]:
    """Return, for each industry of the plan, the ceiling of the last phase and what is used."""
    trajectory = run.results["plan"].frame("trajectory")
    ceilings = run.results["demand"].frame("ceilings")
    last = phases(run)[-1]
    at_end = trajectory[trajectory["phase"] == last.name]
    used = at_end.groupby("industry")["added_output"].sum()
    rows: list[dict[str, float | str]] = []
    for row in records(ceilings[ceilings["year"] == last.end_year]):
        industry, ceiling = str(row["industry"]), finite(row["ceiling"])
        if industry in used.index and ceiling is not None:
            rows.append({"industry": industry, "ceiling": ceiling, "used": float(used[industry])})
    return sorted(rows, key=lambda row: (-float(row["ceiling"]), str(row["industry"])))


def draw_demand_use(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the added output that demand admits by the last phase, and what the plan takes of it."""
    money = money_scale(run, language)
    rows: list[dict[str, Any]] = []
    for item in ceiling_use(run):
        name = run.industry_name(str(item["industry"]), language)
        ceiling, used = float(item["ceiling"]), float(item["used"])
        share = number(100 * used / ceiling, 0) + "%" if ceiling > 0 else ""
        rows.append(
            {
                "row": shortened(name, language, 40),
                "ceiling": ceiling * money.factor,
                "used": used * money.factor,
                "ceiling_text": money.show(ceiling),
                "used_text": money.show(used),
                "share": share,
                "label": text(
                    "plot.demand.label", language,
                    used=money.show(used), ceiling=money.show(ceiling), share=share,
                ),
            }
        )  # fmt: skip
    order = [row["row"] for row in rows]
    largest = max((float(row["ceiling"]) for row in rows), default=1.0)
    base = alt.Chart(data_of(rows)).encode(
        y=alt.Y("row:N", sort=order, axis=alt.Axis(title=None, labelFontSize=11)),
        tooltip=[
            alt.Tooltip("row:N", title=text("plot.industry", language)),
            alt.Tooltip(
                "ceiling_text:N", title=text("plot.demand.ceiling", language, unit=money.unit)
            ),
            alt.Tooltip("used_text:N", title=text("plot.demand.used", language, unit=money.unit)),
            alt.Tooltip("share:N", title=text("plot.demand.share", language)),
        ],
    )
    axis = alt.Axis(
        title=text("plot.added_output", language, unit=money.unit), grid=True, tickCount=6
    )
    scale = alt.Scale(domain=[0, largest * 1.42], nice=False)
    ceilings = base.mark_bar(size=20, color="#d3e0e6").encode(
        x=alt.X("ceiling:Q", scale=scale, axis=axis)
    )
    used_bars = base.mark_bar(size=9, color="#0d4f6b").encode(x=alt.X("used:Q", scale=scale))
    limits = base.mark_tick(thickness=2.5, size=22, color=MUTED).encode(
        x=alt.X("ceiling:Q", scale=scale)
    )
    words = base.mark_text(align="left", dx=6, fontSize=11, color=INK).encode(
        x=alt.X("ceiling:Q", scale=scale), text=alt.Text("label:N")
    )
    chart: alt.TopLevelMixin = alt.layer(ceilings, used_bars, limits, words).properties(
        width=460, height=alt.Step(30)
    )
    return chart
