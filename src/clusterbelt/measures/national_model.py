"""The national input-output model of one table: output and imports that final demand requires.

Competitive imports, one price level::

    x = (I - (I - M) A)^-1 ((I - M) f + e)          m = imports / (A x + f)

A technical coefficients of total inputs, f domestic final demand, e exports, m the share of
imports in every domestic use of a product (Miller and Blair 2009, chapter on regional and import
models). A and m are those of the table and stay constant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.input_output import competitive_import_output, technical_coefficients
from clusterbelt.model.belt import NationalTable

__all__ = [
    "EXPORTS",
    "NationalModel",
    "build_national_model",
    "reproduction_gap",
    "solve_national_model",
    "sum_by_industry",
]

EXPORTS: Final = "exports"
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class NationalModel:
    """One national table, aligned: N sectors, categories of final demand as columns."""

    key: str
    year: int
    sectors: list[str]
    industry: pd.Series  # sector -> industry of the belt
    coefficients: Numbers  # A, (N, N)
    import_share: Numbers  # m, (N,)
    final_demand: pd.DataFrame  # sector x category, with exports
    output: Numbers  # x, (N,)
    imports: Numbers  # (N,)
    value_added: Numbers  # (N,)


def build_national_model(table: NationalTable, key: str) -> NationalModel:
    """Align a national table by its sectors and derive A and m.

    Raises
    ------
    KeyError
        If a block of the table lacks a sector, or final demand has no exports.
    ValueError
        If a sector without output has inputs.
    """
    sectors = [str(sector) for sector in table.sectors.index]
    flows = table.intermediate.transpose("sector_from", "sector_to")
    flows = flows.sel(sector_from=sectors, sector_to=sectors)
    demand = table.final_demand.transpose("sector", "category").sel(sector=sectors)
    final_demand = pd.DataFrame(
        demand.to_numpy(), index=sectors, columns=demand["category"].values.astype(str)
    )
    output = _vector(table.output, sectors)
    imports = _vector(table.imports, sectors)
    domestic_use = flows.to_numpy().sum(axis=1) + final_demand.drop(columns=EXPORTS).sum(axis=1)
    # A product that nobody uses is not imported either: its share does not matter.
    share = np.where(domestic_use == 0, 0.0, ratio(imports, domestic_use))
    return NationalModel(
        key=key,
        year=table.year,
        sectors=sectors,
        industry=table.sectors["industry"].astype(str),
        coefficients=technical_coefficients(flows.to_numpy(), output),
        import_share=share,
        final_demand=final_demand,
        output=output,
        imports=imports,
        value_added=_vector(table.value_added.sum("variable", skipna=False), sectors),
    )


def _vector(values: xr.DataArray, sectors: list[str]) -> Numbers:
    return np.asarray(values.sel(sector=sectors).to_numpy(), dtype=np.float64)


def solve_national_model(
    model: NationalModel, factors: Mapping[str, Numbers]
) -> tuple[Numbers, Numbers]:
    """Return output and imports by sector when final demand is multiplied.

    Parameters
    ----------
    model
        The national model.
    factors
        Category of final demand -> factor by sector (N,); every category must be there.

    Raises
    ------
    ValueError
        If imports exceed domestic use (m > 1) or the system has no answer.
    """
    demand = {
        str(category): values.to_numpy() * factors[str(category)]
        for category, values in model.final_demand.items()
    }
    exports = demand.pop(EXPORTS)
    domestic = np.sum(list(demand.values()), axis=0)
    share, coefficients = model.import_share, model.coefficients
    output = competitive_import_output(coefficients, share, domestic, exports)
    return output, share * (coefficients @ output + domestic)


def reproduction_gap(model: NationalModel) -> pd.Series:
    """Return by how much the model misses its own table's output, as a share, by sector.

    Sectors without output are compared as they are, in the table's unit.
    """
    ones = np.ones(len(model.sectors))
    output, _ = solve_national_model(model, {str(name): ones for name in model.final_demand})
    scale = np.where(model.output > 0, model.output, 1.0)
    return pd.Series(np.abs(output - model.output) / scale, index=model.sectors)


def sum_by_industry(model: NationalModel, values: Numbers, industries: list[str]) -> pd.Series:
    """Sum a vector over the sectors of each industry, in the order of ``industries``."""
    return pd.Series(values).groupby(model.industry.to_numpy()).sum().loc[industries]
