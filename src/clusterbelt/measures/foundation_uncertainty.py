"""The foundation's ranks under many sets of assumptions: intervals, dominance, shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import Array
from clusterbelt.kernels.composite_aggregate import competition_rank
from clusterbelt.kernels.composite_uncertainty import (
    FACTORS,
    Assumptions,
    Uncertainty,
    rank_dominance,
    rank_summary,
    rank_uncertainty,
)
from clusterbelt.measures.foundation_panel import Panel, treat_panel
from clusterbelt.model.result import ResultTable

__all__ = ["OVERALL", "RankDraws", "draw_ranks", "uncertainty_tables"]

OVERALL = "overall"  # stands where a dimension does, for the whole index
_CERTAIN = 0.9


@dataclass(frozen=True)
class RankDraws:
    """Ranks over the draws, among all regions and among those of the belt."""

    found: Uncertainty
    among_belt: Array  # (draws, region), NaN outside the belt
    in_belt: NDArray[np.bool_]

    def dominance(self) -> Array:
        """Return how often each region of the belt ranks before each other one."""
        return rank_dominance(self.found.ranks[:, self.in_belt])

    def undecided(self) -> list[tuple[int, int, float]]:
        """Return neighbours in the belt's mean rank that change places in over a tenth of draws.

        Positions among the regions of the belt, and how often the first is before the second.
        """
        inside = self.among_belt[:, self.in_belt]
        ranked = np.atleast_1d(~np.isnan(inside).all(axis=0))
        mean = rank_summary(inside).mean
        order = [int(place) for place in np.argsort(mean, kind="stable") if ranked[place]]
        before = self.dominance()
        return [
            (one, two, float(before[one, two]))
            for one, two in pairwise(order)
            if before[one, two] < _CERTAIN
        ]


def draw_ranks(
    panel: Panel,
    present: Sequence[str],
    in_belt: NDArray[np.bool_],
    *,
    assumptions: Assumptions,
    treatments: Sequence[str],
    most_points: int,
    data_error: Mapping[str, float],
    draws: int,
    seed: int,
) -> RankDraws:
    """Rank the regions under ``draws`` sets of assumptions.

    Data error is a share of each value by the indicator's grade, before and after treatment. The
    other years count in weights from data, without error. A dimension is the arithmetic mean of
    its indicators in all draws.
    """
    treated = [treat_panel(panel, kind, most_points) for kind in treatments]
    share = np.array([data_error.get(grade, 0.0) for grade in panel.grade])
    spread = share * np.stack([scale for _, scale in treated])
    rows = panel.other_years()
    found = rank_uncertainty(
        np.stack([table for table, _ in treated]),
        np.random.default_rng([seed, 4]),
        panel.direction,
        groups=[list(present).index(name) for name in panel.dimensions],
        error=np.where(np.isnan(spread), 0.0, spread),
        pool=rows if len(rows) else None,
        assumptions=assumptions,
        draws=draws,
        group_ranks=True,
    )
    return RankDraws(found, _inside(found.ranks, in_belt), in_belt)


def _inside(ranks: Array, in_belt: NDArray[np.bool_]) -> Array:
    return competition_rank(np.where(in_belt, -ranks, np.nan))


def uncertainty_tables(
    drawn: RankDraws,
    regions: Sequence[str],
    present: Sequence[str],
    ranks: Mapping[str, tuple[Array, Array]],
    top: tuple[int, ...],
    year: int,
) -> list[ResultTable]:
    """Return the tables of ranks, of first places, of dominance and of shares.

    ``ranks`` holds the headline's ranks among all and among the belt, for the index (``overall``)
    and each dimension.
    """
    found = drawn.found
    assert found.group_ranks is not None
    parts = {OVERALL: found.ranks}
    parts |= {name: found.group_ranks[..., place] for place, name in enumerate(present)}
    return [
        _interval_table(parts, drawn.in_belt, regions, ranks, year),
        _top_table(drawn, regions, top, year),
        _dominance_table(drawn, regions, year),
        *_sobol_tables(found, regions),
    ]


def _interval_table(
    parts: Mapping[str, Array],
    in_belt: NDArray[np.bool_],
    regions: Sequence[str],
    ranks: Mapping[str, tuple[Array, Array]],
    year: int,
) -> ResultTable:
    frames = []
    for name, drawn in parts.items():
        columns: dict[str, object] = {"region": list(regions), "year": year, "dimension": name}
        among_all, among_belt = ranks[name]
        for prefix, table, stands in (
            ("", drawn, among_all),
            ("belt_", _inside(drawn, in_belt), among_belt),
        ):
            summary = rank_summary(table)
            columns[f"{prefix}rank"] = stands
            columns[f"{prefix}mean"] = summary.mean
            columns[f"{prefix}median"] = summary.median
            columns[f"{prefix}low"] = summary.low
            columns[f"{prefix}high"] = summary.high
        frames.append(pd.DataFrame(columns))
    frame = pd.concat(frames, ignore_index=True)
    frame["dimension"] = frame["dimension"].astype("str")
    units = {name: "rank" for name in frame.columns[3:]}
    return ResultTable("rank_intervals", frame, grade="C", units=units)


def _top_table(
    drawn: RankDraws, regions: Sequence[str], top: tuple[int, ...], year: int
) -> ResultTable:
    among_all = rank_summary(drawn.found.ranks, top).top
    among_belt = rank_summary(drawn.among_belt, top).top
    frame = pd.DataFrame(
        {
            "region": list(regions) * len(top),
            "year": year,
            "k": np.repeat(np.array(top, dtype=np.int64), len(regions)),
            "share": among_all.ravel(),
            "belt_share": among_belt.ravel(),
        }
    )
    return ResultTable("top_places", frame, grade="C", units={"share": "1", "belt_share": "1"})


def _dominance_table(drawn: RankDraws, regions: Sequence[str], year: int) -> ResultTable:
    codes = [code for code, inside in zip(regions, drawn.in_belt, strict=True) if inside]
    before = drawn.dominance()
    pairs = [(one, two) for one in range(len(codes)) for two in range(len(codes)) if one != two]
    frame = pd.DataFrame(
        {
            "region": pd.Series([codes[one] for one, _ in pairs], dtype="str"),
            "other": pd.Series([codes[two] for _, two in pairs], dtype="str"),
            "year": year,
            "before": [float(before[pair]) for pair in pairs],
        }
    )
    return ResultTable("dominance", frame, grade="C", units={"before": "1"})


def _sobol_tables(found: Uncertainty, regions: Sequence[str]) -> list[ResultTable]:
    assert found.sobol is not None
    assert found.pooled is not None
    pooled = pd.DataFrame({"factor": list(FACTORS), "varies": list(found.active)})
    for name, values in found.pooled._asdict().items():
        pooled[name] = values
    each = pd.DataFrame(
        {
            "region": np.repeat(list(regions), len(FACTORS)),
            "factor": list(FACTORS) * len(regions),
            "first": found.sobol.first.T.ravel(),
            "total": found.sobol.total.T.ravel(),
        }
    )
    texts = ["region", "factor"]
    each[texts] = each[texts].astype("str")
    pooled["factor"] = pooled["factor"].astype("str")
    shares = {name: "1" for name in pooled.columns[2:]}
    return [
        ResultTable("rank_shares", pooled, grade="C", units=shares),
        ResultTable("rank_shares_regions", each, grade="C", units={"first": "1", "total": "1"}),
    ]
