"""The roadmap's claims about factors, tested with every national table there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.composite import aggregate_arithmetic, standardise
from clusterbelt.measures.factors import factor_intensity, service_content, technology_positions
from clusterbelt.model.belt import NationalTable
from clusterbelt.model.dims import VALUE_ADDED_PARTS, VARIABLE
from clusterbelt.model.result import ResultTable

__all__ = ["claims_by_table", "fine_intensity"]

Array = NDArray[np.float64]
_FACTORS = ("labour", "capital", "technology")


def _usable(table: NationalTable) -> bool:
    return {*VALUE_ADDED_PARTS} <= {str(name) for name in table.value_added[VARIABLE].values}


def _content(table: NationalTable, technology: Sequence[str]) -> Array | None:
    """Return the service content, ``None`` where the table does not allow it."""
    try:
        return service_content(table, technology_positions(table, technology))
    except (KeyError, ValueError):
        return None


def _differences(
    frame: pd.DataFrame, made: Array, manufacturing: NDArray[np.bool_], inside: NDArray[np.bool_]
) -> list[float]:
    raw = frame[list(_FACTORS)].to_numpy(np.float64)
    scores = standardise(np.where(manufacturing[:, None], raw, np.nan), axis=0)
    found = []
    for j in range(len(_FACTORS)):
        own, nation = (
            float(aggregate_arithmetic(scores[None, :, j], weights, missing="skip")[0])
            for weights in (made[inside].sum(axis=0), made.sum(axis=0))
        )
        found.append(own - nation)
    return found


def claims_by_table(
    national: Mapping[str, NationalTable],
    technology: Sequence[str],
    industries: pd.DataFrame,
    size: Array,
    reaches: Mapping[str, NDArray[np.bool_]],
    claims: Mapping[tuple[str, str], int],
    tolerance: float,
) -> ResultTable | None:
    """Test each claim with each national table, fine tables aggregated to the belt's industries.

    One row per table, reach and factor with a claim: the difference from the nation in standard
    deviations between manufacturing industries, and the verdict as in ``reach_factor``. ``None``
    when there is nothing to test. Tables that cannot be solved are left out.
    """
    made = np.where(np.isnan(size), 0.0, size)
    codes = [str(code) for code in industries.index]
    manufacturing = industries["manufacturing"].to_numpy(bool)
    rows = []
    for name, table in sorted(national.items()):
        content = _content(table, technology) if _usable(table) else None
        if content is None:
            continue
        frame = factor_intensity(table, content, codes)
        for reach, inside in reaches.items():
            found = _differences(frame, made, manufacturing, inside)
            for factor, difference in zip(_FACTORS, found, strict=True):
                claim = claims.get((reach, factor), 0)
                if claim and not np.isnan(difference):
                    held = claim * difference > tolerance
                    rows.append(
                        {
                            "table": name,
                            "sectors": len(table.sectors),
                            "reach": reach,
                            "factor": factor,
                            "claim": claim,
                            "difference": difference,
                            "verdict": "supported" if held else "not_supported",
                        }
                    )
    return ResultTable("reach_factor_tables", pd.DataFrame(rows), "C") if rows else None


def fine_intensity(
    national: Mapping[str, NationalTable], technology: Sequence[str], industries: pd.DataFrame
) -> ResultTable | None:
    """Factor intensity of the manufacturing sectors of the finest national table.

    Of tables equally fine the latest. ``None`` where none is finer than the belt's industries.
    """
    usable = {name: table for name, table in national.items() if _usable(table)}
    finest = max(
        usable, key=lambda name: (len(usable[name].sectors), usable[name].year), default=None
    )
    if finest is None or len(usable[finest].sectors) <= len(industries):
        return None
    table = usable[finest]
    content = _content(table, technology)
    if content is None:
        return None
    codes = [str(code) for code in table.sectors.index]
    making = set(industries.index[industries["manufacturing"].to_numpy(bool)].astype("str"))
    own = NationalTable(**{**vars(table), "sectors": table.sectors.assign(industry=codes)})
    frame = factor_intensity(own, content, codes)[list(_FACTORS)].reset_index(drop=True)
    frame.insert(0, "table", finest)
    frame.insert(1, "sector", codes)
    for place, name in enumerate(("name_zh", "name_en", "industry")):
        frame.insert(2 + place, name, table.sectors[name].astype("str").to_numpy())
    frame = frame[frame["industry"].isin(making)].reset_index(drop=True)
    return ResultTable("factor_intensity_fine", frame, "C", dict.fromkeys(_FACTORS, "1"))
