"""The registry of figures: each is a function of a run, drawn alike in report and elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils.schemapi import debug_mode

from clusterbelt.core.strings import Language
from clusterbelt.model.result import GRADES, Grade, ResultTable
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.advantage import (
    draw_advantage_heat,
    draw_factor_intensity,
    draw_reach_factor,
)
from clusterbelt.plot.audit import draw_audit
from clusterbelt.plot.backtest import draw_backtest
from clusterbelt.plot.carriers import draw_carriers
from clusterbelt.plot.coordination import draw_matches, draw_similarity
from clusterbelt.plot.coordination_more import draw_coordination_degree, draw_technology
from clusterbelt.plot.demand import draw_demand_use
from clusterbelt.plot.demand_analysis import (
    draw_attainable,
    draw_output_change,
    draw_value_added_ends,
    draw_value_added_users,
)
from clusterbelt.plot.foundation import (
    draw_foundation_profile,
    draw_foundation_ranks,
    draw_rank_shares,
)
from clusterbelt.plot.growth import draw_shift_share
from clusterbelt.plot.industry_space import draw_industry_space
from clusterbelt.plot.interregional import draw_reach_flows, draw_sourcing
from clusterbelt.plot.maps import (
    draw_cluster_areas,
    draw_local_moran,
    draw_plan_clusters,
    draw_plan_map,
)
from clusterbelt.plot.network import draw_linkage_network
from clusterbelt.plot.plan import draw_fragmentation, draw_phases
from clusterbelt.plot.readiness import draw_readiness_calibration
from clusterbelt.plot.render import spec_of
from clusterbelt.plot.robustness import draw_frontier, draw_price_interval, draw_robust_heat
from clusterbelt.plot.zones import draw_zone_areas, draw_zone_concentration

__all__ = [
    "BOUNDARIES",
    "FIGURES",
    "FigureSpec",
    "draw_figure",
    "figure_grades",
    "figure_spec",
    "missing_for",
    "table_grades",
]

BOUNDARIES = "boundaries"


@dataclass(frozen=True)
class FigureSpec:
    """A figure: its name, how it is drawn, the tables (``stage.table``) it is drawn from."""

    name: str
    draw: Callable[[RunView, Language], alt.TopLevelMixin]
    needs: tuple[str, ...]


FIGURES: Mapping[str, FigureSpec] = {
    spec.name: spec
    for spec in (
        FigureSpec(
            "foundation_profile",
            draw_foundation_profile,
            ("foundation.index", "foundation.dimensions"),
        ),
        FigureSpec("foundation_ranks", draw_foundation_ranks, ("foundation.index",)),
        FigureSpec("rank_shares", draw_rank_shares, ("foundation.rank_shares",)),
        FigureSpec("advantage_heat", draw_advantage_heat, ("advantage.advantage",)),
        FigureSpec("factor_intensity", draw_factor_intensity, ("advantage.factor_intensity",)),
        FigureSpec("reach_factor", draw_reach_factor, ("advantage.reach_factor",)),
        FigureSpec("shift_share", draw_shift_share, ("advantage.shift_share",)),
        FigureSpec("industry_space", draw_industry_space, ("advantage.relatedness",)),
        FigureSpec("cluster_areas", draw_cluster_areas, ("clusters.areas", BOUNDARIES)),
        FigureSpec(
            "linkage_network", draw_linkage_network, ("clusters.groups", "clusters.linkages")
        ),
        FigureSpec("local_moran", draw_local_moran, ("clusters.local_statistics", BOUNDARIES)),
        FigureSpec("zone_areas", draw_zone_areas, ("zones.areas", "zones.area_zones", BOUNDARIES)),
        FigureSpec("zone_concentration", draw_zone_concentration, ("zones.curves",)),
        FigureSpec("plan_map", draw_plan_map, ("plan.clusters", "plan.assignments", BOUNDARIES)),
        FigureSpec("phases", draw_phases, ("plan.clusters", "plan.trajectory")),
        FigureSpec(
            "plan_clusters", draw_plan_clusters, ("plan.clusters", "plan.assignments", BOUNDARIES)
        ),
        FigureSpec("carriers", draw_carriers, ("carriers.carriers", "plan.clusters", BOUNDARIES)),
        FigureSpec("sourcing", draw_sourcing, ("interregional.sourcing",)),
        FigureSpec("reach_flows", draw_reach_flows, ("interregional.reach_flows",)),
        FigureSpec("demand_use", draw_demand_use, ("demand.ceilings", "plan.trajectory")),
        FigureSpec("attainable", draw_attainable, ("demand.attainable",)),
        FigureSpec(
            "value_added_ends",
            draw_value_added_ends,
            ("demand.multipliers", "demand.attainable"),
        ),
        FigureSpec("value_added_users", draw_value_added_users, ("demand.value_added_trade",)),
        FigureSpec("output_change", draw_output_change, ("demand.decomposition",)),
        FigureSpec("fragmentation", draw_fragmentation, ("plan.fragmentation",)),
        FigureSpec("robust_heat", draw_robust_heat, ("robustness.selection",)),
        FigureSpec("price_interval", draw_price_interval, ("robustness.price_interval",)),
        FigureSpec("frontier", draw_frontier, ("robustness.frontier",)),
        FigureSpec("similarity", draw_similarity, ("coordination.similarity",)),
        FigureSpec("matches", draw_matches, ("coordination.matches",)),
        FigureSpec("technology_potential", draw_technology, ("coordination.technology_potential",)),
        FigureSpec(
            "coordination_degree",
            draw_coordination_degree,
            ("coordination.coordination_degree",),
        ),
        FigureSpec("readiness_calibration", draw_readiness_calibration, ("readiness.calibration",)),
        FigureSpec("backtest", draw_backtest, ("backtest.scores",)),
        FigureSpec("audit", draw_audit, ("audit.audit",)),
    )
}


def _table(run: RunView, need: str) -> ResultTable | None:
    stage, _, name = need.partition(".")
    result = run.results.get(stage)
    return None if result is None else result.tables.get(name)


def missing_for(name: str, run: RunView) -> tuple[str, ...]:
    """Return what the run lacks (or has without a row) to draw the figure ``name``."""
    lacking = []
    for need in FIGURES[name].needs:
        if need == BOUNDARIES:
            belt = set(run.belt_regions)
            if not run.boundaries or not belt & set(run.boundaries):
                lacking.append(need)
            continue
        table = _table(run, need)
        if table is None or table.frame.empty:
            lacking.append(need)
    return tuple(lacking)


def draw_figure(name: str, run: RunView, language: Language) -> alt.TopLevelMixin | None:
    """Draw the figure ``name``; ``None`` when the run lacks a table (see :func:`missing_for`)."""
    if missing_for(name, run):
        return None
    with debug_mode(False):  # altair would check every row of data at every step
        return FIGURES[name].draw(run, language)


def figure_spec(name: str, run: RunView, language: Language) -> dict[str, Any] | None:
    """Return the Vega-Lite specification of the figure ``name``, ``None`` as above."""
    chart = draw_figure(name, run, language)
    return None if chart is None else spec_of(chart, language)


def table_grades(table: ResultTable) -> tuple[Grade, ...]:
    """Return the grades that occur in a table, best first."""
    if "grade" not in table.frame.columns:
        return (table.grade,)
    found = set(table.frame["grade"].dropna())
    return tuple(grade for grade in GRADES if grade in found) or (table.grade,)


def figure_grades(name: str, run: RunView) -> tuple[Grade, ...]:
    """Return the grades of everything a figure shows, best first."""
    found: set[Grade] = set()
    for need in FIGURES[name].needs:
        table = _table(run, need)
        if table is not None:
            found.update(table_grades(table))
    return tuple(grade for grade in GRADES if grade in found)
