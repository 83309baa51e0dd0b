"""Which classification of a belt reaches furthest back, and its years."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import xarray as xr

from clusterbelt.config.scope import Scope
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY, REGION, VARIABLE, YEAR

__all__ = ["History", "activity_years", "known_classifications", "longest_history"]


@dataclass(frozen=True)
class History:
    """Activity and industries of one classification, and its years up to the base year."""

    classification: str
    activity: xr.DataArray
    industries: pd.DataFrame
    years: tuple[int, ...]


def activity_years(activity: xr.DataArray, scope: Scope) -> tuple[int, ...]:
    """Years up to the base year in which anything is known of the study's activity."""
    if scope.activity not in activity[VARIABLE].values:
        return ()
    there = activity.sel({VARIABLE: scope.activity}).notnull().any([REGION, INDUSTRY])
    return tuple(
        int(year)
        for year, yes in zip(activity[YEAR].values, there.values, strict=True)
        if yes and int(year) <= scope.base_year
    )


def known_classifications(belt: Belt) -> tuple[str, ...]:
    """The belt's own classification and every other with activity."""
    return (belt.classification, *belt.histories)


def longest_history(belt: Belt, wanted: str | None, scope: Scope) -> History | None:
    """The classification wanted, or the one with the most years (the belt's own among equals).

    None if the belt has no activity in the classification wanted.
    """
    known = {belt.classification: (belt.activity, belt.industries)}
    known |= {name: (one.activity, one.industries) for name, one in belt.histories.items()}
    if wanted is not None and wanted not in known:
        return None
    years = {name: activity_years(activity, scope) for name, (activity, _) in known.items()}
    name = wanted or max(known, key=lambda one: len(years[one]))
    return History(name, *known[name], years[name])
