"""How concentrated the zones of each industry are, at which distance; and what words are worth.

Sites are all zones of the scope (belt, nation) with a point that declare any manufacturing; an
industry's zones are those that declare it, each counted once. The null deals the industry to the
sites at random, as many as it has; so neither the shape of the belt nor where zones stand at all
shows as concentration, and no correction at the edge of the window is needed.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import spearmanr

from clusterbelt.config.zones import ZonesSection
from clusterbelt.kernels.points import k_density_bandwidth, marcon_puech_m
from clusterbelt.kernels.points_envelope import Envelope, k_density_envelope
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import REGION, VARIABLE, YEAR

__all__ = ["CONCENTRATION_COLUMNS", "M_RADII", "concentration_tables", "orientation_correlations"]

Array = NDArray[np.float64]
M_RADII: Final = (20.0, 50.0, 100.0, 200.0)
CONCENTRATION_COLUMNS: Final = (
    "scope", "industry", "sites", "zones", "bandwidth_km", "concentrated", "dispersed", "p_value",
    "from_km", "to_km", "peak_km", *(f"m_{radius:g}" for radius in M_RADII), "grade",
)  # fmt: skip
_CURVE_COLUMNS: Final = (
    "scope", "industry", "km", "observed", "expected", "lower", "upper", "grade",
)  # fmt: skip
_STEPS: Final = 40
_FEWEST: Final = 10  # zones below which a curve says nothing


def _above(radii: Array, envelope: Envelope) -> dict[str, Any]:
    over = np.flatnonzero(envelope.observed > envelope.global_upper)
    if not over.size:
        return {"from_km": np.nan, "to_km": np.nan, "peak_km": np.nan}
    gap = (envelope.observed - envelope.global_upper)[over]
    return {
        "from_km": float(radii[over[0]]),
        "to_km": float(radii[over[-1]]),
        "peak_km": float(radii[over[np.argmax(gap)]]),
    }


def concentration_tables(
    belt: Belt, oriented: pd.DataFrame, industries: list[str], section: ZonesSection, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return concentration by scope and industry, and the curves behind it.

    ``from_km`` to ``to_km``: distances at which the density of pairs is above the global envelope;
    ``peak_km`` where it is farthest above. M: neighbours of the industry within a radius, relative
    to all zones (1: as everything). Industries with fewer than ten zones in a scope are left out.
    """
    assert belt.zones is not None
    zones = belt.zones[belt.zones["lon"].notna() & belt.zones.index.isin(oriented["zone"])]
    radii = np.linspace(0.0, section.concentration_km, _STEPS + 1)
    rows: list[dict[str, Any]] = []
    curves: list[pd.DataFrame] = []
    inside = zones["region"].isin(belt.belt_regions).to_numpy(bool)
    scopes = {"belt": zones[inside]} | ({} if inside.all() else {"nation": zones})
    for scope, sites in scopes.items():
        points = sites[["lon", "lat"]].to_numpy(np.float64)
        for industry in industries:
            declared = oriented.loc[oriented["industry"] == industry, "zone"]
            member = sites.index.isin(declared)
            if member.sum() < _FEWEST or member.all():
                continue
            width = k_density_bandwidth(points[member], metric="great_circle")
            found = k_density_envelope(
                points, member, radii, simulations=section.simulations, level=section.level,
                seed=seed, bandwidth=width, metric="great_circle",
            )  # fmt: skip
            near = marcon_puech_m(points, member, M_RADII, metric="great_circle")
            rows.append(
                {
                    "scope": scope,
                    "industry": industry,
                    "sites": len(sites),
                    "zones": int(member.sum()),
                    "bandwidth_km": width,
                    "concentrated": found.concentrated,
                    "dispersed": found.dispersed,
                    "p_value": found.p_value,
                    **_above(radii, found),
                    **{f"m_{r:g}": float(m) for r, m in zip(M_RADII, near, strict=True)},
                    "grade": "B",
                }
            )
            curves.append(_curve(scope, industry, radii, found))
    summary = pd.DataFrame(rows, columns=list(CONCENTRATION_COLUMNS))
    joined = pd.concat(curves, ignore_index=True) if curves else pd.DataFrame()
    return summary, joined.reindex(columns=list(_CURVE_COLUMNS))


def _curve(scope: str, industry: str, radii: Array, found: Envelope) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scope": scope,
            "industry": industry,
            "km": radii,
            "observed": found.observed,
            "expected": found.expected,
            "lower": found.global_lower,
            "upper": found.global_upper,
            "grade": "B",
        }
    )


def orientation_correlations(
    belt: Belt, oriented: pd.DataFrame, industries: list[str], year: int, variable: str
) -> pd.DataFrame:
    """Return, per industry, how oriented area goes with activity over the regions.

    ``area_activity`` is Spearman's rank correlation of oriented area with activity,
    ``share_share`` that of both as shares of the region's sum over ``industries``; NaN where a side
    does not vary. Regions without activity data are left out and ``regions`` says how many stayed.
    """
    assert belt.zones is not None
    region = oriented["zone"].map(belt.zones["region"])
    area = oriented.assign(region=region).pivot_table(
        "oriented", "region", "industry", "sum", fill_value=0.0
    )
    cube = belt.activity.sel({YEAR: year, VARIABLE: variable})
    codes = [str(code) for code in cube[REGION].to_numpy()]
    activity = pd.DataFrame(
        cube.to_numpy(), index=codes, columns=[str(code) for code in belt.industries.index]
    )[industries]
    area = area.reindex(index=codes, columns=industries, fill_value=0.0)
    rows = []
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = [table.div(table.sum(axis=1), axis=0) for table in (area, activity)]
    for code in industries:
        size = _rank_correlation(area[code], activity[code])
        mix = _rank_correlation(shares[0][code], shares[1][code])
        known = int(activity[code].notna().sum())
        rows.append((code, known, size, mix, "B"))
    columns = ["industry", "regions", "area_activity", "share_share", "grade"]
    return pd.DataFrame(rows, columns=columns)


def _rank_correlation(one: pd.Series, other: pd.Series) -> float:
    known = one.notna() & other.notna()
    first, second = one[known], other[known]
    if len(first) < 3 or first.nunique() < 2 or second.nunique() < 2:
        return float("nan")
    return float(spearmanr(first, second).statistic)
