"""Labour, water and CO2 per unit of output, steadied against the noise of the tables.

A region's own ratio ``u[r,i] = use / output`` holds real differences (product mix, technique) and
errors of two sources that were never reconciled: in the Yangtze tables of 2017 chemicals emit from
213 to 11,278 t of CO2 per 1e8 CNY. Taken at its word, one wrong cell would steer the plan. So only
that part of a departure from the belt's ratio is kept that lasts:

``e[r,i] = U[i] * (clip(u[r,i] / U[i], 1/F, F)) ^ b``, with ``U[i] = sum_r use / sum_r output``.

``b`` is the slope, through the origin, of the clipped log departures of the base year on those of
the earlier year, over all cells that both years know, held within [0, 1]: what a departure of the
earlier year predicts of the later one. F is 8. Where a region's use is not known or zero, the
belt's ratio stands. Ratios fall over the years at a stated rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from clusterbelt.core.units import convert_factor
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY, REGION, VARIABLE, YEAR
from clusterbelt.plan.problem import FloatArray

__all__ = [
    "FURTHEST",
    "UNKNOWN_WEIGHT",
    "Use",
    "learn_weight",
    "read_use",
    "steady_intensity",
]

FURTHEST: Final = 8.0  # F: no region is believed to differ from the belt by more than this factor
UNKNOWN_WEIGHT: Final = 0.5  # b where no earlier year teaches it (an assumption, D)


@dataclass(frozen=True)
class Use:
    """Use of a resource in one year, and where the figures come from."""

    use: FloatArray  # (R, J) all industries of the belt's regions
    output: FloatArray  # (R, J)
    unit: str
    grade: str  # A measured, C modelled


def _slice(belt: Belt, year: int, variable: str, regions: list[str]) -> FloatArray | None:
    if variable not in belt.activity[VARIABLE].values or year not in belt.activity[YEAR].values:
        return None
    cube = belt.activity.sel({YEAR: year, VARIABLE: variable, REGION: regions})
    values = cube.transpose(REGION, INDUSTRY).to_numpy().astype(np.float64)
    return values if np.isfinite(values).any() else None


def _workers_paid(belt: Belt, year: int, regions: list[str]) -> FloatArray | None:
    """Compensation over the region's average wage: workers at that wage, not heads."""
    paid = _slice(belt, year, "compensation", regions)
    table, specs = belt.indicators, belt.indicator_specs
    if paid is None or table is None or specs is None or "wage_average" not in specs.index:
        return None
    if year not in table[YEAR].values or "wage_average" not in table["indicator"].values:
        return None
    wage = table.sel({YEAR: year, "indicator": "wage_average", REGION: regions}).to_numpy()
    factor = convert_factor(belt.money_unit, str(specs.at["wage_average", "unit"]))
    wage = np.where(wage > 0.0, wage, np.nan).astype(np.float64)
    found = np.maximum(paid, 0.0) * factor / wage[:, None]
    return found if np.isfinite(found).any() else None


def read_use(belt: Belt, year: int, resource: str, regions: list[str]) -> Use | None:
    """Use of ``labour``, ``water`` or ``co2`` by region and industry; None where unknown.

    Labour is the variable ``employment`` of the activity table (A), else compensation over the
    average wage of the region (C). Water is ``water_use`` (m3), CO2 is ``co2`` (t).
    """
    output = _slice(belt, year, "output", regions)
    if output is None:
        return None
    variable, unit = {
        "labour": ("employment", "persons"),
        "water": ("water_use", "m3"),
        "co2": ("co2", "t"),
    }[resource]
    use = _slice(belt, year, variable, regions)
    if use is not None:
        return Use(use, output, unit, "A")
    paid = _workers_paid(belt, year, regions) if resource == "labour" else None
    return None if paid is None else Use(paid, output, unit, "C")


def _belt_ratio(use: FloatArray, output: FloatArray) -> FloatArray:
    both = np.isfinite(use) & np.isfinite(output) & (output > 0.0)
    whole = np.where(both, output, 0.0).sum(axis=0)
    ratio = np.full(whole.shape, np.nan)
    np.divide(np.where(both, use, 0.0).sum(axis=0), whole, out=ratio, where=whole > 0.0)
    return ratio


def _departure(use: FloatArray, output: FloatArray) -> FloatArray:
    """Log of own over belt's ratio, clipped to the factor F; NaN where one of them is not known."""
    expected = output * _belt_ratio(use, output)[None, :]
    known = np.isfinite(use) & np.isfinite(expected) & (use > 0.0) & (expected > 0.0)
    own = np.divide(use, expected, out=np.full(use.shape, np.nan), where=known)
    limit = float(np.log(FURTHEST))
    clipped = np.clip(np.log(np.where(known, own, 1.0)), -limit, limit)
    return np.where(known, clipped, np.nan)


def learn_weight(earlier: Use | None, later: Use, columns: list[int]) -> float:
    """Share of a departure that lasts, b, from the industries in ``columns``.

    ``UNKNOWN_WEIGHT`` without an earlier year or where it does not differ.
    """
    if earlier is None:
        return UNKNOWN_WEIGHT
    before = _departure(earlier.use, earlier.output)[:, columns]
    after = _departure(later.use, later.output)[:, columns]
    both = np.isfinite(before) & np.isfinite(after)
    square = float((before[both] ** 2).sum())
    if square <= 0.0:
        return UNKNOWN_WEIGHT
    return float(np.clip((before[both] * after[both]).sum() / square, 0.0, 1.0))


def steady_intensity(use: Use, weight: float) -> FloatArray:
    """Use per unit of output, (R, J), with the part ``weight`` of each log departure kept.

    NaN where no region of the belt has both figures for the industry.
    """
    departure = np.nan_to_num(_departure(use.use, use.output))
    ratio = _belt_ratio(use.use, use.output)
    return np.asarray(ratio[None, :] * np.exp(weight * departure), dtype=np.float64)
