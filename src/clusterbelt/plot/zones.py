"""Zones below the regions: areas across borders, and how concentrated industries are."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import numpy as np

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.geo import MapFrame, build_map, feature
from clusterbelt.plot.labels import number, records, shortened
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, LIGHT, PLOT_WIDTH

__all__ = ["draw_zone_areas", "draw_zone_concentration"]

_COLUMNS: Final = 3
_MOST: Final = 90  # zones drawn per map, the largest first
_COLOURS: Final = ("#a8500c", "#0d4f6b", "#8a6fae")
_INSIDE, _AROUND = "inside", "around"


def _map_frame(run: RunView, width: int) -> MapFrame:
    if run.boundaries is None:
        raise ValueError("the run has no boundaries")
    return build_map(run.boundaries, run.belt_regions, width, margin=(4, 4, 4, 4), tolerance=1.4)


def _shapes(name: str, fill: str) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(alt.NamedData(name=name))
        .mark_geoshape(stroke="#ffffff", strokeWidth=0.8, fill=fill)
        .project(type="identity", scale=1, translate=[0, 0])
    )
    return chart


def _area_panel(
    run: RunView, frame: MapFrame, industry: str, ranks: dict[str, str], language: Language
) -> alt.TopLevelMixin:
    zones = run.results["zones"].frame("area_zones")
    names = {f"{industry}-{rank}" for rank in ranks}
    own = zones[(zones["kind"] == "industry") & zones["area"].isin(names) & zones["lon"].notna()]
    own = own.sort_values("oriented_area", ascending=False, kind="stable").head(_MOST)
    pixels = frame.locate(own[["lon", "lat"]].to_numpy(np.float64))
    rows = [
        {
            "x": round(float(x), 1),
            "y": round(float(y), 1),
            "name": str(row[f"name_{language}"]),
            "region": run.region_name(str(row["region"]), language),
            "area": number(float(row["oriented_area"])),
            "rank": ranks[str(row["area"]).rpartition("-")[2]],
        }
        for row, (x, y) in zip(records(own), pixels, strict=True)
    ]
    dots = (
        alt.Chart(data_of(rows))
        .mark_point(filled=True, size=22, opacity=0.9, stroke="#ffffff", strokeWidth=0.5)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            color=alt.Color(
                "rank:N",
                scale=alt.Scale(domain=list(ranks.values()), range=list(_COLOURS[: len(ranks)])),
                legend=alt.Legend(title=None, symbolSize=70),
            ),
            tooltip=[
                alt.Tooltip(f"{field}:N", title=text(f"plot.carrier.{key}", language))
                for field, key in (("name", "zone"), ("region", "region"), ("area", "area"))
            ],
        )
    )
    head = shortened(f"{industry} {run.industry_name(industry, language)}", language, 40)
    chart: alt.TopLevelMixin = alt.layer(
        _shapes(_AROUND, LIGHT), _shapes(_INSIDE, "#dfe7ea"), dots
    ).properties(
        width=frame.width,
        height=frame.height,
        title=alt.TitleParams(head, fontSize=11, anchor="start", offset=2),
    )
    return chart


def draw_zone_areas(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw, industry by industry, the zones of the connected areas, whatever province they are in.

    Three areas an industry are drawn; further ones stand in the tables.
    """
    areas = run.results["zones"].frame("areas")
    own = areas[(areas["kind"] == "industry") & (areas["rank"] <= len(_COLOURS))]
    ranks = {
        str(rank): text("plot.zones.area", language, rank=rank)
        for rank in range(1, len(_COLOURS) + 1)
    }
    width = (PLOT_WIDTH - 2 * 14) // _COLUMNS
    frame, belt = _map_frame(run, width), set(run.belt_regions)
    charts: list[Any] = [
        _area_panel(run, frame, code, ranks, language)
        for code in dict.fromkeys(str(code) for code in own["code"])
    ]
    shapes = {
        _INSIDE: [feature(frame, code, {}) for code in frame.shapes if code in belt],
        _AROUND: [feature(frame, code, {}) for code in frame.shapes if code not in belt],
    }
    grid: alt.TopLevelMixin = alt.concat(
        *charts, columns=_COLUMNS, spacing={"row": 10, "column": 10}
    ).properties(datasets=shapes)
    return grid


def draw_zone_concentration(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the density of distances between an industry's zones with its global envelope."""
    curves = run.results["zones"].frame("curves")
    own = curves[curves["scope"] == "belt"]
    width = (PLOT_WIDTH - 2 * 60) // _COLUMNS
    charts: list[Any] = []
    for industry, line in own.groupby("industry", sort=False):
        rows = [
            {
                "km": float(row["km"]),
                "observed": round(1000.0 * float(row["observed"]), 4),
                "lower": round(1000.0 * float(row["lower"]), 4),
                "upper": round(1000.0 * float(row["upper"]), 4),
            }
            for row in records(line)
        ]
        base = alt.Chart(data_of(rows)).encode(
            x=alt.X(
                "km:Q",
                title=text("plot.zones.distance", language),
                axis=alt.Axis(tickCount=4, labelFontSize=10, titleFontSize=10),
            )
        )
        band = base.mark_area(color="#cdd5da").encode(
            y=alt.Y(
                "lower:Q",
                title=None,
                axis=alt.Axis(tickCount=3, labelFontSize=10),
            ),
            y2="upper:Q",
        )
        curve = base.mark_line(color="#a8500c", strokeWidth=1.6).encode(y="observed:Q")
        name = shortened(f"{industry} {run.industry_name(str(industry), language)}", language, 34)
        title = alt.TitleParams(name, fontSize=11, anchor="start", offset=4, color=INK)
        charts.append(alt.layer(band, curve).properties(width=width, height=100, title=title))
    grid: alt.TopLevelMixin = alt.concat(
        *charts, columns=_COLUMNS, spacing={"row": 14, "column": 18}
    )
    return grid
