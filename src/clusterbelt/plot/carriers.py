"""The carriers of every planned cluster on a small map of its regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd
from shapely.geometry import shape

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.geo import MapFrame, build_map, feature
from clusterbelt.plot.labels import number, phase_label, records, shortened
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import LIGHT, PLOT_WIDTH

__all__ = ["draw_carriers"]

_COLUMNS: Final = 3
_TALLEST: Final = 1.05  # of a panel's width
_ROLES: Final = {"lead": "#a8500c", "partner": "#e9963f", "gateway": "#0d4f6b"}
_SIZES: Final = {"lead": 90, "partner": 42, "gateway": 30}
_INSIDE: Final = "#dfe7ea"


def _near(run: RunView, members: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """Return the boundaries of the members and of what may show beside them."""
    assert run.boundaries is not None
    boxes = {code: shape(geometry).bounds for code, geometry in run.boundaries.items()}
    inside = np.array([boxes[code] for code in members])
    left, bottom = inside[:, :2].min(axis=0)
    right, top = inside[:, 2:].max(axis=0)
    return {
        code: run.boundaries[code]
        for code, (west, south, east, north) in boxes.items()
        if west <= right + 1 and east >= left - 1 and south <= top + 1 and north >= bottom - 1
    }


def _frame(run: RunView, members: Sequence[str], width: int) -> MapFrame:
    near = _near(run, members)
    frame = build_map(near, members, width, margin=(6, 6, 6, 6), tolerance=1.2)
    if frame.height <= _TALLEST * width:
        return frame
    narrow = round(width * _TALLEST * width / frame.height)
    return build_map(near, members, narrow, margin=(6, 6, 6, 6), tolerance=1.2)


def _shapes(frame: MapFrame, codes: Sequence[str], fill: str) -> alt.Chart:
    features = [feature(frame, code, {}) for code in frame.shapes if code in codes]
    chart: alt.Chart = (
        alt.Chart(data_of(features))
        .mark_geoshape(stroke="#ffffff", strokeWidth=1.0, fill=fill)
        .project(type="identity", scale=1, translate=[0, 0])
    )
    return chart


def _pixels(frame: MapFrame, rows: pd.DataFrame, ends: str = "") -> list[list[float]]:
    degrees = rows[[f"lon{ends}", f"lat{ends}"]].to_numpy(np.float64)
    return [[round(float(x), 1), round(float(y), 1)] for x, y in frame.locate(degrees)]


def _lines(frame: MapFrame, pairs: pd.DataFrame) -> alt.Chart:
    starts, ends = (_pixels(frame, pairs, side) for side in ("_from", "_to"))
    rows = [
        {"x": a[0], "y": a[1], "x2": b[0], "y2": b[1]} for a, b in zip(starts, ends, strict=True)
    ]
    chart: alt.Chart = (
        alt.Chart(data_of(rows))
        .mark_rule(color=_ROLES["gateway"], strokeWidth=1.1, opacity=0.8)
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            x2="x2:Q",
            y2="y2:Q",
        )
    )
    return chart


def _dots(run: RunView, frame: MapFrame, carriers: pd.DataFrame, language: Language) -> alt.Chart:
    names = {role: text(f"plot.carrier.{role}", language) for role in _ROLES}
    ordered = carriers.iloc[::-1]  # the lead is drawn last, on top
    rows = [
        {
            "x": x,
            "y": y,
            "name": str(row[f"name_{language}"]),
            "place": str(row[f"place_{language}"]),
            "region": run.region_name(str(row["region"]), language),
            "role": names[str(row["role"])],
            "area": number(float(row["oriented_area"])),
            "size": _SIZES[str(row["role"])],
        }
        for row, (x, y) in zip(records(ordered), _pixels(frame, ordered), strict=True)
    ]
    tips = (
        ("name", "zone"),
        ("place", "place"),
        ("region", "region"),
        ("role", "role"),
        ("area", "area"),
    )
    chart: alt.Chart = (
        alt.Chart(data_of(rows))
        .mark_point(filled=True, opacity=1, stroke="#ffffff", strokeWidth=0.8, shape="circle")
        .encode(
            x=alt.X("x:Q", scale=None, axis=None),
            y=alt.Y("y:Q", scale=None, axis=None),
            size=alt.Size("size:Q", scale=None, legend=None),
            color=alt.Color(
                "role:N",
                scale=alt.Scale(domain=list(names.values()), range=list(_ROLES.values())),
                legend=alt.Legend(title=None, symbolSize=80),
            ),
            tooltip=[
                alt.Tooltip(f"{field}:N", title=text(f"plot.carrier.{key}", language))
                for field, key in tips
            ],
        )
    )
    return chart


def _panel(
    run: RunView, row: Mapping[str, Any], width: int, language: Language
) -> alt.TopLevelMixin:
    result = run.results["carriers"]
    carriers, pairs = result.frame("carriers"), result.tables.get("pairs")
    name = str(row["cluster"])
    mine = carriers[(carriers["cluster"] == name) & carriers["lon"].notna()]
    members = [code for code in str(row["members"]).split(";") if code in (run.boundaries or {})]
    frame = _frame(run, members, width)
    around = [code for code in frame.shapes if code not in members]
    layers = [_shapes(frame, around, LIGHT), _shapes(frame, members, _INSIDE)]
    if pairs is not None:
        layers.append(_lines(frame, _located(pairs.frame, mine, name)))
    layers.append(_dots(run, frame, mine, language))
    lead = mine.loc[mine["role"] == "lead", f"name_{language}"]
    head = shortened(f"{name} {run.industry_name(str(row['industry']), language)}", language, 38)
    second = str(lead.iloc[0]) if len(lead) else phase_label(run, str(row["phase"]), language)
    title = alt.TitleParams(
        [head, shortened(second, language, 44)], fontSize=11, anchor="start", offset=2
    )
    chart: alt.TopLevelMixin = alt.layer(*layers).properties(
        width=frame.width, height=frame.height, title=title
    )
    return chart


def _located(pairs: pd.DataFrame, carriers: pd.DataFrame, cluster: str) -> pd.DataFrame:
    """Return the cluster's pairs within the distance, with the points of both ends."""
    own = pairs[(pairs["cluster"] == cluster) & pairs["within"].astype(bool)]
    points = carriers.set_index("zone")[["lon", "lat"]]
    for side in ("_from", "_to"):
        own = own.join(points.add_suffix(side), on=f"zone{side}", how="inner")
    return own


def draw_carriers(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw, cluster by cluster, its lead, partner and gateway zones and the pairs over borders."""
    clusters = run.results["plan"].frame("clusters")
    there = set(run.results["carriers"].frame("carriers")["cluster"])
    known = set(run.boundaries or {})
    rows = [
        row
        for row in records(clusters)
        if str(row["cluster"]) in there and known & set(str(row["members"]).split(";"))
    ]
    width = (PLOT_WIDTH - 2 * 14) // _COLUMNS
    charts: list[Any] = [_panel(run, row, width, language) for row in rows]
    grid: alt.TopLevelMixin = alt.concat(
        *charts, columns=_COLUMNS, spacing={"row": 14, "column": 10}
    ).resolve_scale(color="shared")
    return grid
