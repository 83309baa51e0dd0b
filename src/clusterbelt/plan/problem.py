"""What the plan is made from, as plain arrays, and the few quantities every module shares.

Letters: R regions, I industries, P phases. Money is in the belt's unit (1e8 CNY), per year unless
it is said to be discounted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from clusterbelt.config.plan import PlanSection

__all__ = [
    "BoolArray",
    "Cap",
    "FloatArray",
    "IntArray",
    "Level",
    "PlannedCluster",
    "Problem",
    "ResourceName",
    "Supply",
    "capacity",
    "capital_output",
    "core_limits",
    "discount_weights",
    "margin",
    "new_per_phase",
    "ramp_table",
]

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


ResourceName = Literal["investment", "labour", "water", "co2"]
Level = Literal["region", "reach", "belt"]


@dataclass(frozen=True)
class Cap:
    """Most of a resource that a place may use in each phase.

    ``intensity`` is the resource per unit of added output, (R, I, P); NaN: unknown, and the cell
    is left out of the row. Investment is counted on what is added in the phase, all others on what
    is there at its end.
    """

    resource: ResourceName
    level: Level
    place: str  # code of the region or reach, "belt" for all
    members: BoolArray  # (R)
    intensity: FloatArray
    amount: FloatArray  # (P)
    unit: str
    shares: FloatArray  # (R) each member's part of what the place used in the base year


@dataclass(frozen=True)
class Supply:
    """Products whose supply is limited, and what can be had of them beyond what the plan adds."""

    products: tuple[str, ...]
    coefficients: FloatArray  # (R, J, I) product j bought per unit of output of i
    amount: FloatArray  # (R, J, P) by region; the limit is the sum


@dataclass(frozen=True)
class Problem:
    """One planning problem. Regions and industries are sorted by code, so order is no input."""

    regions: tuple[str, ...]
    reaches: tuple[str, ...]  # reach of each region
    industries: tuple[str, ...]
    phases: tuple[str, ...]
    end_years: tuple[int, ...]
    years: FloatArray  # (P) years in each phase
    weights: FloatArray  # (P) discounted years in each phase
    output: FloatArray  # (R, I) output in the base year
    baseline: FloatArray  # (R, I, P) output at the end of each phase without the plan
    readiness: FloatArray  # (R, I) in (0, 1); NaN: unknown
    location_quotient: FloatArray  # (R, I)
    ratio: FloatArray  # (R, I) value added per unit of output
    ceilings: FloatArray  # (I, P) added output that demand absorbs, whole belt
    investment: FloatArray  # (R, P) most capital that may be built in a phase; inf: no cap
    neighbours: BoolArray  # (R, R) symmetric
    section: PlanSection
    caps: tuple[Cap, ...] = ()
    attainable: FloatArray | None = None  # (R, I, P) most added output by demand; inf: no limit
    supply: Supply | None = None
    intensities: Mapping[ResourceName, FloatArray] = field(default_factory=dict)  # (R, I, P) each
    loadings: FloatArray | None = None  # (R, I, K) log odds of readiness per standard error k


@dataclass(frozen=True)
class PlannedCluster:
    """A chosen cluster: positions of its industry, its members and its start phase."""

    industry: int
    members: tuple[int, ...]
    start: int


def discount_weights(start_year: int, end_years: tuple[int, ...], rate: float) -> FloatArray:
    """Discounted years of each phase.

    ``w[p] = sum over the years t of phase p of (1 + rate)^-(t - start_year)``

    The first phase begins the year after ``start_year``. Shape (P).

    Examples
    --------
    >>> discount_weights(2020, (2021, 2023), 0.0).tolist()
    [1.0, 2.0]
    """
    weights = []
    begin = start_year
    for end in end_years:
        elapsed = np.arange(begin + 1, end + 1, dtype=np.float64) - start_year
        weights.append(float(np.sum((1.0 + rate) ** -elapsed)))
        begin = end
    return np.asarray(weights, dtype=np.float64)


def capital_output(problem: Problem) -> FloatArray:
    """Capital stock needed per unit of added output, shape (I)."""
    section = problem.section
    special = section.capital_output_by_industry
    return np.array(
        [special.get(industry, section.capital_output) for industry in problem.industries],
        dtype=np.float64,
    )


def capacity(problem: Problem) -> FloatArray:
    """Most added output a region can reach in an industry at full ramp, shape (R, I, P).

    ``uplift * phi[r,i] * B[r,i,p]``; NaN where readiness or baseline is unknown.
    """
    return problem.section.uplift * problem.readiness[:, :, None] * problem.baseline


def core_limits(problem: Problem) -> tuple[FloatArray, FloatArray]:
    """Least and largest number of core industries of each region, shapes (R)."""
    section = problem.section
    both = [
        section.core_limits.get(region, (section.minimum_core, section.maximum_core))
        for region in problem.regions
    ]
    table = np.array(both, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def margin(problem: Problem) -> FloatArray:
    """Value of one unit of added output a year, after paying for its capital, shape (R, I).

    ``ratio[r,i] - capital_charge * capital_output[i]``
    """
    charge = problem.section.capital_charge * capital_output(problem)
    return np.asarray(problem.ratio - charge[None, :], dtype=np.float64)


def new_per_phase(problem: Problem) -> FloatArray:
    """Most core industries that a region starts in each phase, shape (P)."""
    limits = problem.section.maximum_new_per_phase
    phases = range(len(problem.phases))
    return np.array([limits[min(phase, len(limits) - 1)] for phase in phases], dtype=np.float64)


def ramp_table(problem: Problem) -> FloatArray:
    """Share of full capacity in phase p of a cluster that started in phase q, shape (P, P).

    Entry [q, p]; zero before the start; the last value of the setting holds on.
    """
    phases = len(problem.phases)
    ramp = problem.section.ramp
    table = np.zeros((phases, phases))
    for start in range(phases):
        for phase in range(start, phases):
            table[start, phase] = ramp[min(phase - start, len(ramp) - 1)]
    return table
