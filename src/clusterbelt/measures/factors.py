"""Factor intensity of industries, from a national input-output table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.input_output import leontief_solve, technical_coefficients
from clusterbelt.model.belt import NationalTable
from clusterbelt.model.dims import SECTOR, VALUE_ADDED_PARTS, VARIABLE

__all__ = ["factor_intensity", "service_content", "technology_positions"]

Array = NDArray[np.float64]
_FROM, _TO = f"{SECTOR}_from", f"{SECTOR}_to"


def technology_positions(table: NationalTable, sectors: Sequence[str]) -> NDArray[np.intp]:
    """Return where in ``table`` the named sectors stand.

    The names are the table's own codes; when not all of them are, classes that its sectors
    belong to (column ``industry``).

    Raises
    ------
    KeyError
        With the names that are neither.
    """
    codes = table.sectors.index.astype("str")
    parents = table.sectors["industry"].astype("str")
    wanted = [str(name) for name in sectors]
    among = codes if set(wanted) <= set(codes) else pd.Index(parents)
    unknown = [name for name in wanted if name not in set(among)]
    if unknown:
        raise KeyError(*unknown)
    return np.flatnonzero(among.isin(wanted))


def service_content(table: NationalTable, providers: NDArray[np.intp]) -> Array:
    """Purchases from the providers, direct and indirect, per unit of each sector's final output.

    ``t[j] = sum_k (L[k,j] - I[k,j])`` over providers k, with ``L = (I - A)^-1``, ``A = Z / x``,
    Z domestic and imported inputs together. The unit itself, when j is a provider, is not a
    purchase. Found with one linear solve, ``t = (I - A')^-1 e - e``, where e marks the
    providers; L is never formed.

    Parameters
    ----------
    table
        The national table, S sectors.
    providers
        Positions of the providers in ``table.sectors``.

    Returns
    -------
    Array
        t, shape (S,), in the order of ``table.sectors``. NaN for a sector without output (0/0).

    Raises
    ------
    ValueError
        If a value is missing or the system has no solution.
    """
    codes = table.sectors.index.to_numpy()
    output = table.output.sel({SECTOR: codes}).to_numpy().astype(np.float64)
    flows = table.intermediate.sel({_FROM: codes, _TO: codes}).transpose(_FROM, _TO)
    alive = output != 0
    marked = np.zeros(output.shape)
    marked[providers] = 1.0
    inputs = flows.to_numpy().astype(np.float64)[np.ix_(alive, alive)]
    coefficients = technical_coefficients(inputs, output[alive])
    content = np.full(output.shape, np.nan)
    content[alive] = leontief_solve(coefficients.T, marked[alive]) - marked[alive]
    return content


def factor_intensity(
    table: NationalTable, content: Array, industries: Sequence[str]
) -> pd.DataFrame:
    """Factor intensity of every industry of the belt's classes.

    - labour: compensation of employees / value added;
    - capital: (depreciation + operating surplus) / value added. The surplus also holds mixed
      income, rent and profit from market power;
    - technology: :func:`service_content` of the technology sectors, given as ``content``.

    Sectors are mapped to industries by the column ``industry``; where the table is finer, the
    parts of value added are summed, and technology is the output-weighted mean of the
    sectors, so that what counts as technology keeps the detail of the table.

    Returns
    -------
    DataFrame
        Index ``industries``; columns labour, capital, technology (shares) and sectors (how many
        belong to it). NaN for an industry without sectors or without value added (0/0), and
        where value added is below zero, of which shares mean nothing.
    """
    codes = table.sectors.index.to_numpy()
    part = table.value_added.sel({VARIABLE: list(VALUE_ADDED_PARTS), SECTOR: codes})
    value: Array = part.transpose(VARIABLE, SECTOR).to_numpy().astype(np.float64)
    pay, depreciation, surplus = (
        value[VALUE_ADDED_PARTS.index(name)]
        for name in ("compensation", "depreciation", "operating_surplus")
    )
    output = table.output.sel({SECTOR: codes}).to_numpy().astype(np.float64)
    frame = pd.DataFrame(
        {
            "pay": pay,
            "capital": depreciation + surplus,
            "value_added": value.sum(axis=0),
            "bought": np.where(output == 0, 0.0, content * output),
            "output": output,
            "sectors": 1.0,
        },
        index=table.sectors["industry"].astype("str").to_numpy(),
    )
    # An unknown part keeps the sum unknown; groupby alone would sum around it.
    unknown = frame.isna().groupby(level=0).any()
    summed = frame.groupby(level=0).sum().mask(unknown).reindex([str(code) for code in industries])
    value_added = summed["value_added"].where(summed["value_added"] >= 0)
    return pd.DataFrame(
        {
            "labour": ratio(summed["pay"], value_added),
            "capital": ratio(summed["capital"], value_added),
            "technology": ratio(summed["bought"], summed["output"]),
            "sectors": summed["sectors"].fillna(0).astype(int),
        },
        index=summed.index,
    )
