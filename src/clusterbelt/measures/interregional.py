"""Readings of an inter-regional table: its identities and where each region buys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.model.interregional import InterregionalTable

__all__ = ["domestic_use", "identity_gaps", "intermediate_flows", "sourcing_shares"]

Array = NDArray[np.float64]


def domestic_use(table: InterregionalTable) -> Array:
    """Return all use of each product in each region, whatever its source, shape (R, N)."""
    total: Array = table.use_intermediate.sum(axis=2) + table.use_final.sum(axis=2)
    return total


def sourcing_shares(table: InterregionalTable) -> Array:
    """Return the share of each seller in a region's use of a product, shape (N, R, S).

    What is missing to one over sellers comes from abroad. No use gives NaN.
    """
    return ratio(table.flows, domestic_use(table).T[:, None, :])


def intermediate_flows(table: InterregionalTable) -> Array:
    """Return intermediate flows (R, N, S, N) = share of the seller times the buyer's use.

    Every industry of a region buys a product from the same sources (proportional sourcing). A
    product no one in a region uses has zero flows there.
    """
    used = domestic_use(table).T[:, None, :] != 0.0
    shares = np.where(used, sourcing_shares(table), 0.0)
    flows: Array = np.einsum("irs,sij->risj", shares, table.use_intermediate)
    return flows


def identity_gaps(table: InterregionalTable) -> dict[str, float]:
    """Return the largest gap of each identity, relative to the largest output.

    Keys ``sales``, ``purchases`` and ``columns``; see ``InterregionalTable``. NaN where the table
    has NaN.
    """
    sales = table.flows.sum(axis=2).T + table.exports + table.discrepancy - table.output
    purchases = table.flows.sum(axis=1).T + table.imports - domestic_use(table)
    columns = table.use_intermediate.sum(axis=1) + table.value_added.sum(axis=1) - table.output
    scale = float(np.abs(table.output).max())
    parts = {"sales": sales, "purchases": purchases, "columns": columns}
    return {name: float(ratio(np.abs(gap).max(), scale)) for name, gap in parts.items()}
