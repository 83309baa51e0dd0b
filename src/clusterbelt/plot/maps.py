"""Maps: the belt's regions in the foreground, its neighbours in light grey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.geo import MapFrame, build_map, feature
from clusterbelt.plot.heat import colour_when, ink_colour
from clusterbelt.plot.labels import (
    codes,
    finite,
    number,
    phase_label,
    phases,
    reach_order,
    records,
    region_names,
    shortened,
)
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import (
    LIGHT,
    MUTED,
    PLOT_WIDTH,
    blend,
    ink_on,
    phase_colours,
    reach_colours,
)

__all__ = ["draw_cluster_areas", "draw_local_moran", "draw_plan_clusters", "draw_plan_map"]

_BORDER = "#9aa7b0"
_COLUMNS = 3
_LEVEL = 0.05  # of a local test, before adjustment
_BELT, _AROUND = "belt", "around"


@dataclass(frozen=True)
class _Panel:
    """One small map: its title, the kind of each region of the belt, words for the tooltip."""

    title: str
    kinds: Mapping[str, str]
    words: Mapping[str, str]


def _frame(
    run: RunView, width: int, margin: tuple[float, float, float, float], tolerance: float
) -> MapFrame:
    if run.boundaries is None:
        raise ValueError("the run has no boundaries")
    return build_map(run.boundaries, run.belt_regions, width, margin=margin, tolerance=tolerance)


def _geoshape(data: Any, stroke: str, width: float) -> alt.Chart:
    # The shapes are in pixels already: the identity projection leaves them as they are.
    chart: alt.Chart = (
        alt.Chart(data)
        .mark_geoshape(stroke=stroke, strokeWidth=width)
        .project(type="identity", scale=1, translate=[0, 0])
    )
    return chart


def _shapes(
    frame: MapFrame, rows: Sequence[Mapping[str, Any]], stroke: str, width: float
) -> alt.Chart:
    features = [feature(frame, str(row["region"]), row) for row in rows]
    return _geoshape(data_of(features), stroke, width)


def _neighbours(run: RunView, frame: MapFrame) -> alt.Chart:
    belt = set(run.belt_regions)
    rows = [{"region": region} for region in frame.shapes if region not in belt]
    return _shapes(frame, rows, "#ffffff", 0.8).encode(fill=alt.FillValue(LIGHT))


def _at(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    return alt.Chart(data_of(rows)).encode(
        x=alt.X("x:Q", scale=None, axis=None), y=alt.Y("y:Q", scale=None, axis=None)
    )


def _small_multiple(
    run: RunView, frame: MapFrame, panel: _Panel, kinds: Mapping[str, str], language: Language
) -> alt.TopLevelMixin:
    rows = [
        {
            "region": region,
            "name": run.region_name(region, language),
            "kind": panel.kinds.get(region, ""),
            "words": panel.words.get(region, ""),
        }
        for region in run.belt_regions
        if region in frame.shapes
    ]
    # The shapes stand once in the specification; each small map looks up its own kinds.
    belt = (
        _geoshape(alt.NamedData(name=_BELT), "#ffffff", 0.7)
        .transform_lookup(
            lookup="properties.region",
            from_=alt.LookupData(
                data=data_of(rows), key="region", fields=["name", "kind", "words"]
            ),
        )
        .encode(
            color=colour_when(
                "datum.kind !== ''",
                alt.Color(
                    "kind:N",
                    scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
                    legend=alt.Legend(title=None, symbolType="square", columns=4),
                ),
                "#cdd5da",
            ),
            tooltip=[
                alt.Tooltip("name:N", title=text("plot.region", language)),
                alt.Tooltip("kind:N", title=text("plot.role_word", language)),
                alt.Tooltip("words:N", title=text("plot.activity", language)),
            ],
        )
    )
    around = _geoshape(alt.NamedData(name=_AROUND), "#ffffff", 0.8).encode(
        fill=alt.FillValue(LIGHT)
    )
    title = alt.TitleParams(panel.title.split("\n"), fontSize=11, anchor="start", offset=2)
    chart: alt.TopLevelMixin = alt.layer(around, belt).properties(
        width=frame.width, height=frame.height, title=title
    )
    return chart


def _grid(
    run: RunView, panels: Sequence[_Panel], kinds: Mapping[str, str], language: Language
) -> alt.TopLevelMixin:
    width = (PLOT_WIDTH - 2 * 14) // _COLUMNS
    frame = _frame(run, width, (4, 4, 4, 4), tolerance=1.4)
    charts: list[Any] = [_small_multiple(run, frame, panel, kinds, language) for panel in panels]
    belt = set(run.belt_regions)
    shapes = {
        _BELT: [feature(frame, code, {"region": code}) for code in frame.shapes if code in belt],
        _AROUND: [feature(frame, code, {}) for code in frame.shapes if code not in belt],
    }
    grid: alt.TopLevelMixin = alt.concat(
        *charts, columns=_COLUMNS, spacing={"row": 10, "column": 10}
    ).properties(datasets=shapes)
    return grid


def draw_cluster_areas(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw, industry by industry, the connected areas of excess activity."""
    areas = run.results["clusters"].frame("areas")
    kinds = {
        text("plot.area.first_core", language): "#0d4f6b",
        text("plot.area.first_member", language): "#5ba2bb",
        text("plot.area.other_core", language): "#a8500c",
        text("plot.area.other_member", language): "#efb06a",
    }
    first_core, first_member, other_core, other_member = kinds
    panels = []
    for industry in dict.fromkeys(str(code) for code in areas["industry"]):
        found: dict[str, str] = {}
        words: dict[str, str] = {}
        for row in records(areas[areas["industry"] == industry]):
            first = int(row["rank"]) == 1
            for region in codes(row["members"]):
                found[region] = first_member if first else other_member
                words[region] = str(row["area"])
            found[str(row["core_region"])] = first_core if first else other_core
        title = f"{industry} {run.industry_name(industry, language)}"
        head = shortened(title, language, 40) + _chance_line(run, industry, language)
        panels.append(_Panel(head, found, words))
    return _grid(run, panels, kinds, language)


def _chance_line(run: RunView, industry: str, language: Language) -> str:
    """Return a second line for a map: whether the first area is more than chance; or nothing."""
    table = run.results["clusters"].tables.get("significance")
    if table is None:
        return ""
    own = records(table.frame[table.frame["industry"] == industry])
    q_value = finite(own[0]["q_dispersed"]) if own else None
    if q_value is None:
        return ""
    key = "plot.area.beyond_chance" if bool(own[0]["significant"]) else "plot.area.within_chance"
    return "\n" + text(key, language, q=number(q_value, 3 if q_value < 0.1 else 2))


def draw_local_moran(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw, industry by industry, the belt's regions whose local Moran is below 5 % unadjusted."""
    local = run.results["clusters"].frame("local_statistics")
    own = local[(local["scope"] == "belt") & (local["kind"] != "")]
    colours = {
        "high_high": "#a8500c",
        "low_low": "#1b5e9e",
        "high_low": "#efb06a",
        "low_high": "#9cc3e0",
    }
    kinds = {text(f"plot.moran.{kind}", language): colour for kind, colour in colours.items()}
    panels = []
    for industry in dict.fromkeys(str(code) for code in own["industry"]):
        found: dict[str, str] = {}
        words: dict[str, str] = {}
        for row in records(own[own["industry"] == industry]):
            p_value, q_value = finite(row["p_moran"]), finite(row["q_moran"])
            if p_value is None or p_value > _LEVEL:
                continue
            found[str(row["region"])] = text(f"plot.moran.{row['kind']}", language)
            words[str(row["region"])] = f"p = {number(p_value, 3)}; q = {number(q_value, 3)}"
        title = f"{industry} {run.industry_name(industry, language)}"
        panels.append(_Panel(shortened(title, language, 40), found, words))
    return _grid(run, panels, kinds, language)


def _supplying_regions(run: RunView) -> dict[str, list[str]]:
    """Return, by cluster, the regions that supply it without being in it."""
    table = run.results["plan"].tables.get("suppliers")
    found: dict[str, list[str]] = {}
    for row in records(table.frame) if table is not None else []:
        found.setdefault(str(row["cluster"]), []).append(str(row["region"]))
    return found


def draw_plan_clusters(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw every planned cluster as a small map: lead, partners and suppliers."""
    clusters = run.results["plan"].frame("clusters")
    assignments = run.results["plan"].frame("assignments")
    colours = {"lead": "#a8500c", "partner": "#efb06a", "supplier": "#8fc0d0"}
    kinds = {text(f"plot.role.{role}", language): colour for role, colour in colours.items()}
    ordered = clusters.sort_values(["start_phase", "cluster"], kind="stable")
    suppliers = _supplying_regions(run)
    panels = []
    for row in records(ordered):
        mine = assignments[assignments["cluster"] == row["cluster"]]
        found = {
            str(item["region"]): text(f"plot.role.{item['role']}", language)
            for item in records(mine)
        }
        for region in suppliers.get(str(row["cluster"]), ()):
            found.setdefault(region, text("plot.role.supplier", language))
        name = run.industry_name(str(row["industry"]), language)
        head = shortened(f"{row['cluster']} {name}", language, 40)
        title = f"{head}\n{phase_label(run, str(row['phase']), language)}"
        panels.append(_Panel(title, found, dict.fromkeys(found, name)))
    return _grid(run, panels, kinds, language)


def _region_labels(
    run: RunView, frame: MapFrame, counts: Mapping[str, int], language: Language
) -> list[dict[str, Any]]:
    """Place every region's name: inside, or right of a region too small to hold it."""
    rows = []
    for region in reach_order(run, frame.points):
        x, y = frame.points[region]
        small = frame.room[region] < 17
        if small:
            x, y = x + frame.room[region] + 6, y + 3
        shift = 9 if counts.get(region, 0) and not small else 0
        rows.append(
            {
                "region": region,
                "x": x,
                "y": y - shift,
                "label": run.region_name(region, language),
                "small": small,
            }
        )
    return rows


def _badges(run: RunView, labels: Sequence[Mapping[str, Any]], language: Language) -> list[Any]:
    assignments = run.results["plan"].frame("assignments")
    colours = phase_colours(len(phases(run)))
    rows = []
    for label in labels:
        mine = assignments[assignments["region"] == label["region"]].sort_values(
            ["start_phase", "industry"]
        )
        small = bool(label["small"])
        for place, item in enumerate(records(mine)):
            row, column = divmod(place, 4)
            wide = min(len(mine) - 4 * row, 4)
            left = label["x"] + 9 if small else label["x"] - 10 * (wide - 1)
            colour = colours[min(int(item["start_phase"]), len(colours) - 1)]
            partners = [code for code in assignments[assignments["cluster"] == item["cluster"]]
                        ["region"] if code != item["region"]]  # fmt: skip
            rows.append(
                {
                    "x": left + 20 * column,
                    "y": label["y"] + 18 + 20 * row,
                    "code": str(item["industry"]),
                    "role": text(f"plot.role.{item['role']}", language),
                    "lead": item["role"] == "lead",
                    "phase": phase_label(run, str(item["phase"]), language),
                    "industry": run.industry_name(str(item["industry"]), language),
                    "region": label["label"],
                    "partners": region_names(run, ";".join(partners), language),
                    "ink": ink_on(colour),
                }
            )
    return rows


def _badge_layers(run: RunView, rows: Sequence[Any], language: Language) -> list[alt.Chart]:
    names = [phase_label(run, phase.name, language) for phase in phases(run)]
    roles = [text("plot.badge.lead", language), text("plot.badge.other", language)]
    rows = [row | {"badge": roles[0] if row["lead"] else roles[1]} for row in rows]
    points = (
        _at(rows)
        .mark_point(filled=True, size=290, opacity=1, stroke="#ffffff", strokeWidth=1)
        .encode(
            color=alt.Color(
                "phase:N",
                scale=alt.Scale(domain=names, range=phase_colours(len(names))),
                legend=alt.Legend(title=text("plot.phase_start", language), symbolSize=120),
            ),
            shape=alt.Shape(
                "badge:N",
                scale=alt.Scale(domain=roles, range=["square", "circle"]),
                legend=None,  # said in the caption
            ),
            tooltip=[
                alt.Tooltip(f"{field}:N", title=text(key, language))
                for field, key in (
                    ("region", "plot.region"),
                    ("industry", "plot.industry"),
                    ("role", "plot.role_word"),
                    ("phase", "plot.phase_start"),
                    ("partners", "plot.partners"),
                )
            ],
        )
    )
    size = 10 if all(len(row["code"]) <= 2 for row in rows) else 8
    words = (
        _at(rows)
        .mark_text(fontSize=size, fontWeight="bold", baseline="middle", dy=0.5)
        .encode(text=alt.Text("code:N"), color=ink_colour())
    )
    return [points, words]


def _industry_key(run: RunView, width: int, top: int, language: Language) -> list[dict[str, Any]]:
    clusters = run.results["plan"].frame("clusters")
    industries = sorted({str(code) for code in clusters["industry"]})
    lines = -(-len(industries) // _COLUMNS)
    return [
        {
            "x": 8 + (place // lines) * (width // _COLUMNS),
            "y": top + 18 * (place % lines),
            "label": shortened(f"{code}  {run.industry_name(code, language)}", language, 42),
        }
        for place, code in enumerate(industries)
    ]


def draw_plan_map(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the joint plan: provinces by reach, one badge per core industry, its phase and lead."""
    frame = _frame(run, PLOT_WIDTH, (16, 96, 18, 14), tolerance=1.0)
    colours = reach_colours(run)
    names = {reach: run.reaches[reach].get(language) for reach in run.reaches}
    regions = [
        {
            "region": region,
            "name": run.region_name(region, language),
            "reach": names.get(str(run.regions.at[region, "reach"]), ""),
        }
        for region in run.belt_regions
        if region in frame.shapes
    ]
    tints = [blend(("#ffffff", colour), 0.28) for colour in colours.values()]
    belt = _shapes(frame, regions, _BORDER, 0.9).encode(
        color=alt.Color(
            "properties.reach:N",
            scale=alt.Scale(domain=list(names.values()), range=tints),
            legend=alt.Legend(
                title=text("plot.reach", language), symbolType="square", symbolSize=140
            ),
        ),
        tooltip=[
            alt.Tooltip("properties.name:N", title=text("plot.region", language)),
            alt.Tooltip("properties.reach:N", title=text("plot.reach", language)),
        ],
    )
    assigned = run.results["plan"].frame("assignments")
    counts = {
        str(region): int(count) for region, count in assigned["region"].value_counts().items()
    }
    labels = _region_labels(run, frame, counts, language)
    place_names = (
        _at([row for row in labels if not row["small"]])
        .mark_text(fontSize=12, fontWeight="bold", baseline="middle")
        .encode(text=alt.Text("label:N"))
    )
    outside = (
        _at([row for row in labels if row["small"]])
        .mark_text(fontSize=12, fontWeight="bold", align="left", baseline="middle")
        .encode(text=alt.Text("label:N"))
    )
    badges = _badge_layers(run, _badges(run, labels, language), language)
    key_rows = _industry_key(run, PLOT_WIDTH, frame.height + 18, language)
    key = (
        _at(key_rows)
        .mark_text(align="left", baseline="middle", fontSize=11, color=MUTED)
        .encode(text=alt.Text("label:N"))
    )
    height = max(int(row["y"]) for row in key_rows) + 12 if key_rows else frame.height
    layers = [_neighbours(run, frame), belt, place_names, outside, *badges, key]
    chart: alt.TopLevelMixin = (
        alt.layer(*layers)
        .properties(width=PLOT_WIDTH, height=height)
        .resolve_scale(color="independent", shape="independent")
    )
    return chart
