"""Tables of the clusters stage about chance: significance, area cost, nested areas, power."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import perm
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels import significance as kernel
from clusterbelt.kernels import spatial
from clusterbelt.kernels.areas import maximum_weight_connected_set
from clusterbelt.kernels.arithmetic import Array, ratio

__all__ = [
    "SPATIAL_COLUMNS",
    "ShareMap",
    "area_cost_sensitivity",
    "build_share_map",
    "heaviest_area",
    "local_statistics",
    "nested_areas",
    "power_table",
    "significance_table",
    "spatial_statistics",
    "wider_areas",
]

Members = NDArray[np.bool_]
SPATIAL_COLUMNS: Final = {
    "significance": (
        "area", "industry", "weight_share", "p_dispersed", "q_dispersed", "p_arrangement",
        "q_arrangement", "significant", "permutations", "grade",
    ),
    "area_cost_sensitivity": (
        "industry", "area_cost_share", "regions", "members", "weight_share", "belt_share",
        "cross_border_share", "overlap", "grade",
    ),
    "nested_areas": (
        "industry", "level", "area_cost_share", "members", "regions", "weight_share", "grade",
    ),
    "wider_areas": (
        "industry", "members", "regions", "members_outside", "outside_share", "weight_share",
        "proven_optimal", "grade",
    ),
    "spatial_statistics": (
        "scope", "industry", "statistic", "regions", "islands", "value", "expected", "z",
        "p_value", "q_value", "grade",
    ),
    "local_statistics": (
        "scope", "industry", "region", "quotient", "neighbours", "local_moran", "p_moran",
        "q_moran", "kind", "gi_star", "z_gi", "p_gi", "q_gi", "smallest_p", "grade",
    ),
    "power": ("test", "scope", "regions", "planted", "contrast", "power", "level", "grade"),
}  # fmt: skip


@dataclass(frozen=True)
class ShareMap:
    """Regions of one graph and their shares of each industry in the reference area."""

    regions: list[str]  # R
    industries: list[str]  # I
    shares: Array  # s, (R, I): of the reference area's activity in the industry
    expected: Array  # p, (R,): of the reference area's whole activity
    adjacency: Members  # (R, R)
    in_belt: Members  # (R,)
    sets: Members | None  # every connected set, (M, R), where they are few
    concentration: float  # k of the dispersed null
    nearness: Array | None = None  # weights of the statistics, (R, R); None: contiguity

    def spatial_weights(self, known: Members) -> Array:
        """Return the weights of the spatial statistics among the known regions."""
        if self.nearness is None:
            return spatial.contiguity_weights(self.adjacency[np.ix_(known, known)])
        return np.asarray(self.nearness[np.ix_(known, known)])

    def weights(self, column: int, cost_share: float) -> Array:
        """Return what every region weighs in an area; NaN where its activity is unknown."""
        s = self.shares[:, column]
        return np.asarray(s - self.expected - cost_share * np.nansum(s[self.in_belt]))


def build_share_map(
    regions: Sequence[str],
    industries: Sequence[str],
    activity: Array,
    size: Array,
    reference: tuple[Array, float],
    adjacency: Members,
    in_belt: Members,
    concentration: float,
    nearness: Array | None = None,
) -> ShareMap:
    """Put activity (R, I) and size (R,) over the reference area's totals (I,) and whole."""
    return ShareMap(
        regions=list(regions),
        industries=list(industries),
        shares=ratio(activity, reference[0]),
        expected=ratio(size, reference[1]),
        adjacency=adjacency,
        in_belt=in_belt,
        sets=kernel.connected_set_matrix(adjacency),
        concentration=concentration,
        nearness=nearness,
    )


def heaviest_area(data: ShareMap, weights: Array) -> tuple[Members, float, bool]:
    """Return the heaviest connected set, its weight, and whether it is proved."""
    if data.sets is not None:
        members, weight = kernel.heaviest_set(weights, data.sets)
        return members, weight, True
    known = np.flatnonzero(np.isfinite(weights))
    members = np.zeros(weights.size, dtype=np.bool_)
    if known.size == 0:
        return members, 0.0, True
    found = maximum_weight_connected_set(weights[known], data.adjacency[np.ix_(known, known)])
    members[known[found.members]] = True
    return members, found.objective, found.proven


def _frame(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(SPATIAL_COLUMNS[name]))


def _joined(data: ShareMap, members: Members) -> str:
    return ";".join(data.regions[place] for place in np.flatnonzero(members))


def _known(data: ShareMap, column: int) -> tuple[Members, Members | None]:
    """Return which regions are known and the connected sets among them."""
    known = np.isfinite(data.shares[:, column])
    if data.sets is None or bool(known.all()):
        return known, data.sets
    return known, data.sets[~data.sets[:, ~known].any(axis=1)][:, known]


def _null_weights(
    data: ShareMap, column: int, cost_share: float, count: int, seed: int
) -> tuple[Array | None, Array | None]:
    """Return the heaviest sets under the dispersed and the arrangement null, each (count,)."""
    known, sets = _known(data, column)
    graph = data.adjacency[np.ix_(known, known)]
    s, p = data.shares[known, column], data.expected[known]
    belt = data.in_belt[known]

    def heaviest(drawn: Array) -> Array:
        cost = cost_share * drawn[:, belt].sum(axis=1, keepdims=True)
        return kernel.heaviest_weights(drawn - p - cost, graph, sets)

    dispersed = arranged = None
    if np.isfinite(data.concentration) and data.concentration > 0.0 and p.sum() <= 1.0 + 1e-9:
        drawn = kernel.dispersed_draws(p, data.concentration, count, seed)
        dispersed = heaviest(drawn)
    if bool(np.all(p > 0.0)) and s.sum() > 0.0:
        arranged = heaviest(kernel.arrangement_draws(s, p, count, seed + 1))
    return dispersed, arranged


def significance_table(
    areas: pd.DataFrame,
    data: ShareMap,
    *,
    cost_share: float,
    permutations: int,
    level: float,
    seed: int,
) -> pd.DataFrame:
    """Return a row per area of ``areas``: p-values under both nulls, adjusted over all areas.

    A second area of an industry is compared with the heaviest sets of the null too, which is
    strict. ``significant``: the q-value under the dispersed null is at most ``level``.
    """
    rows = []
    position = {code: place for place, code in enumerate(data.industries)}
    place_of = {code: place for place, code in enumerate(data.regions)}
    drawn: dict[str, tuple[Array | None, Array | None]] = {}
    for area in areas.itertuples():
        code = str(area.industry)
        column = position[code]
        if code not in drawn:
            drawn[code] = _null_weights(data, column, cost_share, permutations, seed)
        inside = [place_of[region] for region in str(area.members).split(";")]
        weight = float(data.weights(column, cost_share)[inside].sum())
        dispersed, arranged = (
            float("nan") if null is None else kernel.area_p_value(weight, null)
            for null in drawn[code]
        )
        rows.append(
            {
                "area": area.area,
                "industry": code,
                "weight_share": weight,
                "p_dispersed": dispersed,
                "p_arrangement": arranged,
                "permutations": permutations,
                "grade": "C",
            }
        )
    frame = _frame("significance", rows)
    for null in ("dispersed", "arrangement"):
        frame[f"q_{null}"] = spatial.benjamini_hochberg(frame[f"p_{null}"].to_numpy(float))
    frame["significant"] = frame["q_dispersed"].to_numpy(float) <= level
    return frame


def area_cost_sensitivity(data: ShareMap, grid: Sequence[float], cost_share: float) -> pd.DataFrame:
    """Return the heaviest area of each industry over a grid of area costs.

    ``overlap`` is the Jaccard index with the area at ``cost_share``: regions in both over regions
    in either; NaN where both are empty.
    """
    rows = []
    for column, industry in enumerate(data.industries):
        usual, _, _ = heaviest_area(data, data.weights(column, cost_share))
        s = data.shares[:, column]
        for cost in sorted({*grid, cost_share}):
            members, weight, _ = heaviest_area(data, data.weights(column, cost))
            inside = s[members]
            size = float(inside.sum())
            core = float(inside.max(initial=0.0))
            rows.append(
                {
                    "industry": industry,
                    "area_cost_share": cost,
                    "regions": int(members.sum()),
                    "members": _joined(data, members),
                    "weight_share": weight,
                    "belt_share": float(ratio(size, np.nansum(s[data.in_belt]))),
                    "cross_border_share": float(ratio(size - core, size)),
                    "overlap": float(ratio((members & usual).sum(), (members | usual).sum())),
                    "grade": "C",
                }
            )
    return _frame("area_cost_sensitivity", rows)


def nested_areas(data: ShareMap, grid: Sequence[float]) -> pd.DataFrame:
    """Return areas inside one another: level 0 at the least cost, the next within it at the next.

    Each level is the heaviest connected set of the regions of the level before; a level that
    changes nothing is left out, and the levels end when none is left.
    """
    rows = []
    for column, industry in enumerate(data.industries):
        inside = np.ones(len(data.regions), dtype=np.bool_)
        before: Members | None = None
        level = 0
        for cost in sorted(set(grid)):
            weights = np.where(inside, data.weights(column, cost), np.nan)
            members, weight, _ = heaviest_area(data, weights)
            if not members.any():
                break
            if before is None or not np.array_equal(members, before):
                rows.append(
                    {
                        "industry": industry,
                        "level": level,
                        "area_cost_share": cost,
                        "members": _joined(data, members),
                        "regions": int(members.sum()),
                        "weight_share": weight,
                        "grade": "C",
                    }
                )
                level += 1
            before = inside = members
    return _frame("nested_areas", rows)


def wider_areas(data: ShareMap, cost_share: float) -> pd.DataFrame:
    """Return the heaviest area of each industry in the whole reference area.

    ``members_outside`` and ``outside_share`` (of the area's activity) are what the belt's border
    cuts off. The area cost is that of the belt, so that both searches pay the same.
    """
    rows = []
    for column, industry in enumerate(data.industries):
        members, weight, proven = heaviest_area(data, data.weights(column, cost_share))
        if not members.any():
            continue
        outside = members & ~data.in_belt
        s = data.shares[:, column]
        rows.append(
            {
                "industry": industry,
                "members": _joined(data, members),
                "regions": int(members.sum()),
                "members_outside": _joined(data, outside),
                "outside_share": float(ratio(s[outside].sum(), s[members].sum())),
                "weight_share": weight,
                "proven_optimal": proven,
                "grade": "C",
            }
        )
    return _frame("wider_areas", rows).astype({"proven_optimal": bool})


def spatial_statistics(data: ShareMap, scope: str, *, permutations: int, seed: int) -> pd.DataFrame:
    """Return Moran's I (row-standardised) and general G of every industry's quotients.

    q-values are adjusted over the industries, apart for each statistic. Regions whose quotient is
    unknown are left out of their industry.
    """
    rows = []
    for column, industry in enumerate(data.industries):
        quotient = ratio(data.shares[:, column], data.expected)
        known = np.isfinite(quotient) & (quotient >= 0.0)
        w = data.spatial_weights(known)
        kinds = (
            ("moran", spatial.moran, spatial.row_standardise(w)),
            ("getis_ord_g", spatial.getis_ord, w),
        )
        for name, test, weights in kinds:
            found = test(quotient[known], weights, permutations=permutations, seed=seed)
            rows.append(
                {
                    "scope": scope,
                    "industry": industry,
                    "statistic": name,
                    "regions": int(known.sum()),
                    "islands": int(spatial.islands(w).sum()),
                    "value": float(found.statistic),
                    "expected": float(found.expected),
                    "z": float(found.z),
                    "p_value": float(found.p_value),
                    "grade": "C",
                }
            )
    frame = _frame("spatial_statistics", rows)
    adjusted = np.full(len(frame), np.nan)
    for name in ("moran", "getis_ord_g"):
        mine = (frame["statistic"] == name).to_numpy(bool)
        adjusted[mine] = spatial.benjamini_hochberg(frame["p_value"].to_numpy(float)[mine])
    frame["q_value"] = adjusted
    return frame


def _kind(own: float, lag: float) -> str:
    return ("high" if own > 0 else "low") + "_" + ("high" if lag > 0 else "low")


def local_statistics(data: ShareMap, scope: str, *, permutations: int, seed: int) -> pd.DataFrame:
    """Return local Moran and Gi* of every industry and region, adjusted within the industry.

    ``kind``: own quotient against the mean, then the neighbours' (``high_high`` and so on); empty
    for islands. ``smallest_p`` is the least two-sided p-value the region's neighbours allow.
    """
    rows = []
    for column, industry in enumerate(data.industries):
        quotient = ratio(data.shares[:, column], data.expected)
        there = np.isfinite(quotient) & (quotient >= 0.0)
        known = np.flatnonzero(there)
        if known.size == 0:
            continue
        values = quotient[known]
        w = data.spatial_weights(there)
        weights = spatial.row_standardise(w)
        moran = spatial.local_moran(values, weights, permutations=permutations, seed=seed)
        near = (
            w if data.nearness is None else weights
        )  # own weight 1 beside neighbours that share 1
        gi = spatial.local_getis_ord(values, near, permutations=permutations, seed=seed)
        q_moran = spatial.benjamini_hochberg(moran.p_value)
        q_gi = spatial.benjamini_hochberg(gi.p_value)
        z = values - values.mean()
        lag = weights @ z
        for at, place in enumerate(known):
            beside = int((w[at] > 0.0).sum())
            rows.append(
                {
                    "scope": scope,
                    "industry": industry,
                    "region": data.regions[place],
                    "quotient": float(values[at]),
                    "neighbours": beside,
                    "local_moran": float(moran.statistic[at]),
                    "p_moran": float(moran.p_value[at]),
                    "q_moran": float(q_moran[at]),
                    "kind": _kind(z[at], lag[at]) if beside else "",
                    "gi_star": float(gi.statistic[at]),
                    "z_gi": float(gi.z[at]),
                    "p_gi": float(gi.p_value[at]),
                    "q_gi": float(q_gi[at]),
                    "smallest_p": min(1.0, 2.0 * _smallest_p(data, values.size, beside)),
                    "grade": "C",
                }
            )
    return _frame("local_statistics", rows)


def _smallest_p(data: ShareMap, regions: int, neighbours: int) -> float:
    """Return the least one-sided p-value; with unequal weights every order of neighbours counts."""
    if data.nearness is None:
        return spatial.smallest_p(regions, neighbours)
    return 1.0 / perm(regions - 1, neighbours)


def _planted(data: ShareMap, count: int) -> Members:
    """Return ``count`` belt regions that hang together: the first and those nearest to it."""
    start = int(np.flatnonzero(data.in_belt & data.adjacency.any(axis=1))[0])
    chosen = [start]
    for place in chosen:
        for other in np.flatnonzero(data.adjacency[place] & data.in_belt):
            if int(other) not in chosen and len(chosen) < count:
                chosen.append(int(other))
    return np.isin(np.arange(len(data.regions)), chosen)


def power_table(
    maps: Mapping[str, ShareMap], *, cost_share: float, draws: int, level: float, seed: int
) -> pd.DataFrame:
    """Return the power of Moran's test and of the area test against a planted group of regions.

    Moran: standard normal values, the planted ones raised by 1, 2 or 3 standard deviations. Areas
    (dispersed null, where connected sets are few): the planted quotients times 1.5, 2 or 3.
    """
    rows: list[dict[str, Any]] = []
    for scope, data in maps.items():
        if not bool((data.in_belt & data.adjacency.any(axis=1)).any()):
            continue
        planted = _planted(data, 3)
        row = {
            "scope": scope,
            "regions": len(data.regions),
            "planted": int(planted.sum()),
            "level": level,
            "grade": "C",
        }
        everybody = np.ones(len(data.regions), dtype=np.bool_)
        weights = spatial.row_standardise(data.spatial_weights(everybody))
        for contrast in (1.0, 2.0, 3.0):
            power = spatial.moran_power(
                weights, planted, contrast, draws=draws, level=level, seed=seed
            )
            rows.append(row | {"test": "moran", "contrast": contrast, "power": power})
        usable = np.isfinite(data.concentration) and data.concentration > 0.0
        if data.sets is None or not usable or data.expected.sum() > 1.0 + 1e-9:
            continue
        for factor in (1.5, 2.0, 3.0):
            power = kernel.area_power(
                data.expected, planted, factor, data.concentration, data.adjacency,
                cost_share=cost_share, sets=data.sets, draws=draws, level=level, seed=seed,
            )  # fmt: skip
            rows.append(row | {"test": "areas", "contrast": factor, "power": power})
    return _frame("power", rows)
