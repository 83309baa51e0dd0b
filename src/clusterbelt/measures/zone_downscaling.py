"""Output of cities, modelled from what their zones declare: grade C everywhere.

Each region's output of an industry is shared out over its cities by the area that their zones
orient to it, so every regional total is reproduced. What the intervals hold: how ambiguous words
are read (a term's split over industries is drawn from a Dirichlet distribution around the table's,
wider for what the table of terms marks D than for C), and how far the same rule errs one level up,
where the truth is known (spread of the log errors over the other regions, weighted by activity).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.kernels.downscaling import allocate, allocation_errors, spread_errors
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import REGION, VARIABLE, YEAR

__all__ = ["CITY_COLUMNS", "ERROR_COLUMNS", "place_output"]

Array = NDArray[np.float64]
CITY_COLUMNS: Final = (
    "city", "name_zh", "name_en", "region", "industry", "output", "low", "high", "region_share",
    "oriented_area", "grade",
)  # fmt: skip
ERROR_COLUMNS: Final = ("industry", "regions", "log_error", "unplaced_share", "grade")
_FIRMNESS: Final = {"B": np.inf, "C": 20.0, "D": 5.0}  # of the Dirichlet distribution, by grade


def _splits(parts: pd.DataFrame, generator: np.random.Generator) -> Array:
    """Draw the part of each row: a term's industries get the same sum, split anew."""
    shape = parts["weight"].to_numpy(np.float64)
    firm = parts["firm"].to_numpy(np.float64)
    loose = np.isfinite(firm)
    drawn = shape.copy()
    drawn[loose] = generator.standard_gamma(np.maximum(firm[loose] * shape[loose], 1e-3))
    term = parts["term_code"].to_numpy(np.int64)
    own = np.bincount(term, drawn)
    whole = np.bincount(term, shape)
    kept = np.where(loose, whole[term] / np.maximum(own[term], 1e-300), 1.0)
    return drawn * kept


def _terms(parts: pd.DataFrame) -> pd.DataFrame:
    """Return one row per term and industry with its weight and how firm its split is."""
    grade = parts["grade"] if "grade" in parts.columns else pd.Series("B", index=parts.index)
    table = parts.assign(firm=grade.map(_FIRMNESS).fillna(np.inf))
    table = table.drop_duplicates(["term", "industry"])[["term", "industry", "weight", "firm"]]
    several = table.groupby("term")["industry"].transform("size") > 1
    table["firm"] = table["firm"].where(several, np.inf)
    table["term_code"] = pd.factorize(table["term"])[0]
    return table.reset_index(drop=True)


def place_output(
    belt: Belt,
    parts: pd.DataFrame,
    zones: pd.DataFrame,
    industries: list[str],
    *,
    year: int,
    variable: str,
    draws: int,
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return modelled output of the cities (groups) of the belt, and the rule's errors.

    ``parts`` as from ``zone_parts`` (all regions), ``zones`` as from ``zone_frame``. ``low`` and
    ``high`` hold 90 % of the draws; NaN without draws, and where these could not vary because no
    zone, or only this city's of several, declares the industry. A region and industry without any
    oriented zone is not placed: its cities have no row, and ``unplaced_share`` says what share of
    the belt's output that is. ``log_error`` is the spread of log errors over regions.
    """
    assert belt.zones is not None
    cities = _cities(belt, zones)
    known = parts[parts["industry"].isin(industries)].copy()
    terms = _terms(known)
    known["row"] = _rows(known, terms)
    known["base"] = known["part"] / known["weight"] * known["zone"].map(belt.zones["area"])
    known = known[np.isfinite(known["base"])]
    cube = belt.activity.sel({YEAR: year, VARIABLE: variable})
    regions = [str(code) for code in cube[REGION].to_numpy()]
    columns = [list(map(str, belt.industries.index)).index(code) for code in industries]
    actual = cube.to_numpy()[:, columns]
    known["column"] = known["industry"].map({code: k for k, code in enumerate(industries)})
    known["home"] = (
        known["zone"].map(belt.zones["region"]).map({code: k for k, code in enumerate(regions)})
    )
    known["city"] = (
        known["zone"].map(zones["group"]).map({code: k for k, code in enumerate(cities.index)})
    )
    weight = terms["weight"].to_numpy(np.float64)
    whole = _sum(known, weight, "home", (len(regions), len(industries)))
    spread = spread_errors(allocation_errors(actual, whole), np.nan_to_num(actual))
    inside = known[known["city"].notna()]
    home = np.array([regions.index(code) for code in cities["region"]], dtype=np.int64)
    shape = (len(cities), len(industries))
    prior = _sum(inside, weight, "city", shape)
    found = allocate(actual, home, prior)
    low, high = _interval(inside, terms, actual, home, spread, shape, draws, seed)
    silent = _without_interval(prior, home, len(regions))
    low[silent], high[silent] = np.nan, np.nan
    frame = _frame(cities, industries, found.values, low, high, actual[home], prior)
    return frame, _errors(belt, industries, regions, actual, found.unplaced, spread)


def _without_interval(prior: Array, home: NDArray[np.int64], regions: int) -> NDArray[np.bool_]:
    """Say where draws cannot vary: no zone in the city, or in no other city of the region."""
    having = np.zeros((regions, prior.shape[1]), dtype=np.int64)
    np.add.at(having, home, (prior > 0.0).astype(np.int64))
    several = np.bincount(home, minlength=regions)[home] > 1
    lonely = (having[home] == 1) & several[:, None]
    return np.asarray((prior <= 0.0) | lonely, dtype=np.bool_)


def _rows(parts: pd.DataFrame, terms: pd.DataFrame) -> NDArray[np.int64]:
    position = pd.Series(terms.index, index=pd.MultiIndex.from_frame(terms[["term", "industry"]]))
    wanted = pd.MultiIndex.from_frame(parts[["term", "industry"]])
    return position.reindex(wanted).to_numpy(np.int64)


def _cities(belt: Belt, zones: pd.DataFrame) -> pd.DataFrame:
    """Return the belt's cities in table order; those that only zones name come after."""
    table = belt.place_groups
    if table is not None:
        return table.loc[table["region"].isin(belt.belt_regions), ["name_zh", "name_en", "region"]]
    codes = sorted(set(zones["group"]) - {""})
    home = zones.drop_duplicates("group").set_index("group")["region"]
    frame = pd.DataFrame({"name_zh": codes, "name_en": codes}, index=pd.Index(codes))
    return frame.assign(region=home.reindex(codes))


def _sum(parts: pd.DataFrame, weight: Array, by: str, shape: tuple[int, int]) -> Array:
    """Sum the oriented area by place and industry, given the weight of each term's industry."""
    area = parts["base"].to_numpy(np.float64) * weight[parts["row"].to_numpy(np.int64)]
    cell = parts[by].to_numpy(np.int64) * shape[1] + parts["column"].to_numpy(np.int64)
    found = np.bincount(cell, area, minlength=shape[0] * shape[1]).reshape(shape)
    return np.asarray(found, dtype=np.float64)


def _interval(
    parts: pd.DataFrame,
    terms: pd.DataFrame,
    actual: Array,
    home: NDArray[np.int64],
    spread: Array,
    shape: tuple[int, int],
    draws: int,
    seed: int,
) -> tuple[Array, Array]:
    """Return the 5th and 95th percentile of the draws, every one of which keeps the totals."""
    if draws < 1:
        return np.full(shape, np.nan), np.full(shape, np.nan)
    generator = np.random.default_rng(seed)
    scale = np.nan_to_num(spread)[home]
    drawn = np.empty((draws, *shape))
    for number in range(draws):
        prior = _sum(parts, _splits(terms, generator), "city", shape)
        noisy = prior * np.exp(scale * generator.standard_normal(shape))
        drawn[number] = allocate(actual, home, noisy).values
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    return np.asarray(low), np.asarray(high)


def _frame(
    cities: pd.DataFrame,
    industries: list[str],
    values: Array,
    low: Array,
    high: Array,
    actual: Array,
    prior: Array,
) -> pd.DataFrame:
    size, count = values.shape
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(actual > 0.0, values / actual, np.nan)
    frame = pd.DataFrame(
        {
            "city": np.repeat(cities.index.to_numpy(str), count),
            "name_zh": np.repeat(cities["name_zh"].to_numpy(str), count),
            "name_en": np.repeat(cities["name_en"].to_numpy(str), count),
            "region": np.repeat(cities["region"].to_numpy(str), count),
            "industry": np.tile(np.array(industries, dtype=str), size),
            "output": values.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "region_share": share.ravel(),
            "oriented_area": prior.ravel(),
            "grade": "C",
        }
    )[list(CITY_COLUMNS)]
    return frame[frame["output"].notna()].reset_index(drop=True)


def _errors(
    belt: Belt,
    industries: list[str],
    regions: list[str],
    actual: Array,
    unplaced: NDArray[np.bool_],
    spread: Array,
) -> pd.DataFrame:
    inside = np.isin(regions, belt.belt_regions)
    total = np.nansum(actual[inside], axis=0)
    lost = np.where(unplaced, np.nan_to_num(actual), 0.0)[inside].sum(axis=0)
    middle = [
        float(np.median(column[np.isfinite(column)])) if np.isfinite(column).any() else np.nan
        for column in spread.T
    ]
    return pd.DataFrame(
        {
            "industry": industries,
            "regions": np.isfinite(spread).sum(axis=0),
            "log_error": middle,
            "unplaced_share": np.divide(
                lost, total, out=np.full(len(total), np.nan), where=total > 0.0
            ),
            "grade": "C",
        }
    )[list(ERROR_COLUMNS)]
