"""Who touches whom, from a labelled table of pairs, in the order of another table's regions."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from clusterbelt.core.errors import AlignmentError, first_labels
from clusterbelt.measures.align import core_values
from clusterbelt.measures.stacked import require
from clusterbelt.model.dims import REGION, REGION_FROM, REGION_TO

__all__ = ["touching"]


def touching(given: xr.DataArray, neighbours: xr.DataArray | None) -> NDArray[np.bool_]:
    """Return who touches whom (true or false), shape (R, R), in the order of ``given``'s regions.

    A pair given one way holds for both. An unknown entry is no common border.

    Raises
    ------
    AlignmentError
        If there is no table of neighbours, or its regions are not those of ``given``.
    """
    pair = (REGION_FROM, REGION_TO)
    table = core_values(require(neighbours, "neighbours", pair), pair)
    regions = given.get_index(REGION)
    for dim in pair:
        foreign = table.get_index(dim).difference(regions)
        if len(foreign):
            raise AlignmentError(f"neighbours has regions that are not there: "
                                 f"{first_labels(foreign)}")  # fmt: skip
    # A region that touches nobody need not stand in the table.
    square = table.reindex({REGION_FROM: regions, REGION_TO: regions}).values
    known = np.isfinite(square) & (square > 0.0)
    return np.asarray(known | known.T)
