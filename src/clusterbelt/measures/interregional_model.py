"""The inter-regional model of one table: coefficients, sourcing, and one factorisation.

``x = M x + T f + e + d``: M inter-regional coefficients (``kernels.input_output_interregional``),
f domestic final demand of every region, e exports, d what the source does not balance. Every
industry and every category of a region buys a product from the same sources. Vectors run over
(region, industry), regions first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from clusterbelt.kernels.input_output import technical_coefficients
from clusterbelt.kernels.input_output_interregional import (
    LeontiefFactors,
    factorise_leontief,
    interregional_matrix,
    solve_leontief,
)
from clusterbelt.measures.interregional import domestic_use, sourcing_shares
from clusterbelt.model.interregional import InterregionalTable

__all__ = [
    "InterregionalModel",
    "build_interregional_model",
    "final_demand_by_buyer",
    "final_demand_from",
    "model_gaps",
    "output_of",
    "per_output",
]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class InterregionalModel:
    """One table as a model. R regions, N industries."""

    table: InterregionalTable
    shares: Array  # T (N, R, R), zero where nothing is used
    coefficients: Array  # A (R, N, N): buyer, product, industry

    @cached_property
    def matrix(self) -> Array:
        """M, (R N, R N)."""
        return interregional_matrix(self.shares, self.coefficients)

    @cached_property
    def factors(self) -> LeontiefFactors:
        """The factors of I - M, made once."""
        return factorise_leontief(self.matrix)

    @property
    def size(self) -> tuple[int, int]:
        """R and N."""
        return len(self.table.regions), len(self.table.industries)


def build_interregional_model(table: InterregionalTable) -> InterregionalModel:
    """Derive sourcing and technical coefficients.

    Raises
    ------
    ValueError
        If a region's industry has inputs and no output, or the table has NaN where it is used.
    """
    used = domestic_use(table).T[:, None, :] != 0.0
    shares = np.where(used, sourcing_shares(table), 0.0)
    coefficients = technical_coefficients(table.use_intermediate, table.output)
    return InterregionalModel(table, shares, coefficients)


def final_demand_from(shares: Array, final_use: Array) -> Array:
    """Return the demand of each buyer for each seller's product, (R N, S), from use (S, N)."""
    n, r, s = shares.shape
    bought: Array = np.einsum("irs,si->ris", shares, final_use).reshape(r * n, s)
    return bought


def final_demand_by_buyer(model: InterregionalModel) -> Array:
    """Return final demand for every sector, (R N, R + 2): by region, then exports, discrepancy."""
    table = model.table
    inside = final_demand_from(model.shares, table.use_final.sum(axis=2))
    return np.column_stack([inside, table.exports.ravel(), table.discrepancy.ravel()])


def output_of(model: InterregionalModel, demand: Array) -> Array:
    """Return the output that a demand for every sector calls for, (R N,) or (R N, K)."""
    return solve_leontief(model.factors, demand)


def per_output(model: InterregionalModel, values: Array) -> Array:
    """Return values (R, N) per unit of output; 0 where neither is, NaN stays NaN."""
    output = model.table.output
    return np.where(output == 0.0, np.where(values == 0.0, 0.0, np.nan), values) / np.where(
        output == 0.0, 1.0, output
    )


def model_gaps(model: InterregionalModel) -> dict[str, float]:
    """Return how far the model is from its own table, relative to the largest output or total.

    ``output``: L times final demand against output. ``unit``: value-added multiplier plus
    imports multiplier against one, over sectors with output. ``total``: value added and imported
    inputs of all against final demand.
    """
    table = model.table
    made = output_of(model, final_demand_by_buyer(model)).sum(axis=1)
    added = per_output(model, table.value_added.sum(axis=1))
    foreign = np.einsum("is,sij->sj", 1.0 - model.shares.sum(axis=1), model.coefficients)
    multiplier = solve_leontief(model.factors, (added + foreign).ravel(), transposed=True)
    active = table.output.ravel() > 0
    final = table.use_final.sum() + table.exports.sum() + table.discrepancy.sum()
    total = table.value_added.sum() + table.imports.sum() - final
    return {
        "output": float(np.abs(made - table.output.ravel()).max() / table.output.max()),
        "unit": float(np.abs(multiplier[active] - 1.0).max(initial=0.0)),
        "total": float(abs(total) / final),
    }
