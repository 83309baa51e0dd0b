"""The inter-regional table: who sells which product to whom, data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["InterregionalTable"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class InterregionalTable:
    """An inter-regional input-output table of R regions, N industries, K final categories, P parts.

    Three identities hold for a valid table, each relative to its total:

    - sales: ``flows[i, r, :].sum() + exports[r, i] + discrepancy[r, i] = output[r, i]``
    - purchases: ``flows[i, :, s].sum() + imports[s, i]`` is the whole use of i in s,
      ``use_intermediate[s, i, :].sum() + use_final[s, i, :].sum()``
    - columns: ``use_intermediate[r, :, j].sum() + value_added[r, :, j].sum() = output[r, j]``

    All figures are in ``money_unit``. ``discrepancy`` is what the source does not balance.
    """

    year: int
    classification: str
    money_unit: str
    regions: tuple[str, ...]  # R
    industries: tuple[str, ...]  # N
    categories: tuple[str, ...]  # K final demand, without exports
    value_added_parts: tuple[str, ...]  # P
    flows: Array  # (N, R, R): product, seller, buyer; the own region on the diagonal
    use_intermediate: Array  # (R, N, N): buyer, product, industry; all sources
    use_final: Array  # (R, N, K): buyer, product, category; all sources
    imports: Array  # (R, N): from abroad, used in the region (transit netted out)
    exports: Array  # (R, N): to abroad, from the region's own output
    value_added: Array  # (R, P, N)
    output: Array  # (R, N)
    discrepancy: Array  # (R, N)
    rules: Mapping[str, str] = field(default_factory=dict)  # repair rule -> choice applied
    fingerprint: str = ""
