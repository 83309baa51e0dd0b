"""Why output changed between two inter-regional tables: structural decomposition.

``x = L(A, T) (T f + e + d)``. Five factors change: technology A, sourcing T (who sells, home and
abroad), domestic final demand f, exports e, and d, what the sources do not balance. One is
switched after the other, in the order given and in the reverse order; the effect of a factor is
the mean of the two (Dietzenbacher and Los 1998, Econ. Syst. Res. 10(4)). Parts add up exactly.

Both tables are in current prices, so prices move every part: a rise of the price of a product
shows as technology where it is an input and as demand where it is bought.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.input_output_linkages import interregional_solve
from clusterbelt.measures.interregional_model import InterregionalModel, final_demand_from

__all__ = ["FACTORS", "change_frame", "decompose_output_change"]

Array = NDArray[np.float64]
FACTORS: Final = ("technology", "sourcing", "domestic_demand", "exports", "unbalanced")
_TOLERANCE: Final = 1e-13


@dataclass(frozen=True)
class _State:
    technology: Array
    sourcing: Array
    domestic_demand: Array
    exports: Array
    unbalanced: Array

    def output(self) -> Array:
        regions, industries = self.exports.shape
        bought = final_demand_from(self.sourcing, self.domestic_demand).sum(axis=1)
        demand = bought.reshape(regions, industries) + self.exports + self.unbalanced
        return interregional_solve(self.sourcing, self.technology, demand, _TOLERANCE)


def _state(model: InterregionalModel) -> _State:
    table = model.table
    return _State(
        technology=model.coefficients,
        sourcing=model.shares,
        domestic_demand=table.use_final.sum(axis=2),
        exports=table.exports,
        unbalanced=table.discrepancy,
    )


def _along(before: _State, after: _State, order: tuple[str, ...]) -> dict[str, Array]:
    steps, state, made = {}, before, before.output()
    for factor in order:
        state = replace(state, **{factor: getattr(after, factor)})
        reached = state.output()
        steps[factor] = reached - made
        made = reached
    return steps


def decompose_output_change(
    before: InterregionalModel, after: InterregionalModel
) -> dict[str, Array]:
    """Return the change of output by factor, (R, N) each; the parts sum to x1 - x0.

    Raises
    ------
    ValueError
        If the tables do not have the same regions and industries in the same order.
    """
    first, last = before.table, after.table
    if (first.regions, first.industries) != (last.regions, last.industries):
        raise ValueError("the two tables need the same regions and industries in the same order")
    forth = _along(_state(before), _state(after), FACTORS)
    back = _along(_state(before), _state(after), FACTORS[::-1])
    return {factor: (forth[factor] + back[factor]) / 2.0 for factor in FACTORS}


def change_frame(
    before: InterregionalModel, after: InterregionalModel, belt: list[str]
) -> pd.DataFrame:
    """Return the decomposition for the belt's regions, by region and industry."""
    table = after.table
    parts = decompose_output_change(before, after)
    places = [table.regions.index(region) for region in belt]
    rows = pd.MultiIndex.from_product([belt, list(table.industries)], names=["region", "industry"])
    frame = rows.to_frame(index=False)
    frame["year_from"], frame["year_to"] = before.table.year, table.year
    frame["output_from"] = before.table.output[places].ravel()
    frame["output_to"] = table.output[places].ravel()
    for factor in FACTORS:
        frame[factor] = parts[factor][places].ravel()
    return frame
