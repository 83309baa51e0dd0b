"""Flows between regions that the user brings: products, or a whole inter-regional table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from clusterbelt.core.errors import Place
from clusterbelt.io.cubes import unit_factor
from clusterbelt.io.findings import Findings
from clusterbelt.io.labels import Known, find_doubles, read_codes, read_words
from clusterbelt.io.numbers import read_numbers, read_years
from clusterbelt.io.table import Table
from clusterbelt.model.dims import FINAL_DEMAND, VALUE, YEAR

__all__ = ["FLOW_COLUMNS", "FLOW_OPTIONAL", "read_interregional"]

FLOW_COLUMNS: Final = ("year", "region_from", "industry_from", "region_to", "value")
FLOW_OPTIONAL: Final = ("industry_to",)
_ABROAD: Final = "abroad"


def read_interregional(
    table: Table, regions: Known | None, industries: Known | None, money: str, findings: Findings
) -> pd.DataFrame | None:
    """Return flows as a long table with all six columns.

    A region may be ``abroad``. ``industry_to`` is an industry, a category of final demand, or
    empty where the buyer in the region is not known; a table without that column is read as empty.
    """
    years = read_years(table, YEAR, findings)
    if regions is None or industries is None:
        return None
    if _ABROAD in regions.codes:
        findings.add("flow_abroad_region", Place(file=table.file, label=_ABROAD))
    places = Known("region", (*regions.codes, _ABROAD), regions.names)
    seller = read_codes(table, "region_from", places, findings)
    buyer = read_codes(table, "region_to", places, findings)
    product = read_codes(table, "industry_from", industries, findings)
    use, uses = _uses(table, industries, findings)
    values = read_numbers(table, VALUE, findings)
    values = values * unit_factor(table, table.spec.unit or money, money, VALUE, findings)
    empty = np.isnan(values)
    findings.in_rows("flow_value_missing", table, empty, column=VALUE)
    good = (years >= 0) & (seller >= 0) & (buyer >= 0) & (product >= 0) & (use >= 0) & ~empty
    both = good & (seller == len(regions.codes)) & (buyer == len(regions.codes))
    findings.in_rows("flow_abroad_twice", table, both, column="region_to")
    keys = [years[good], seller[good], product[good], buyer[good], use[good]]
    at = np.flatnonzero(good)
    double = at[find_doubles(keys)]
    names, codes = places.codes, industries.codes
    shown = [
        " / ".join(
            (str(years[k]), names[seller[k]], codes[product[k]], names[buyer[k]], uses[use[k]])
        )
        for k in double[:5]
    ]
    findings.in_rows("rows_double", table, double, values=shown)
    return pd.DataFrame(
        {
            "year": keys[0].astype(np.int64),
            "region_from": np.array(names, dtype=object)[keys[1]],
            "industry_from": np.array(codes, dtype=object)[keys[2]],
            "region_to": np.array(names, dtype=object)[keys[3]],
            "industry_to": np.array(uses, dtype=object)[keys[4]],
            "value": values[good],
        }
    )


def _uses(
    table: Table, industries: Known, findings: Findings
) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return for every row the position of its buyer among industries, categories and ''."""
    uses = (*industries.codes, *FINAL_DEMAND, "")
    if "industry_to" not in table.frame.columns:
        return np.full(len(table.frame), len(uses) - 1, dtype=np.int64), uses
    unsaid = (read_words(table, "industry_to") == "").to_numpy(bool)
    known = Known("industry", uses[:-1], industries.names)
    rest = ~unsaid
    said = replace(table, frame=table.frame[rest], rows=table.rows[rest])
    found = np.full(len(unsaid), len(uses) - 1, dtype=np.int64)
    found[rest] = read_codes(said, "industry_to", known, findings)
    return found, uses
