"""Places below the regions, and the zones (or plants, parks, establishments) that stand in them.

A place is a county or city with a point; zones have a region and, where they are known, a place,
a point, an area (their weight) and the words of their industries. Words become industries through
a table of terms, which users may write themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry import shape

from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import Known, read_codes, read_words
from clusterbelt.io.numbers import read_numbers
from clusterbelt.io.table import Table
from clusterbelt.model.zone_words import split_terms

__all__ = [
    "PLACE_COLUMNS",
    "PLACE_OPTIONAL",
    "TERM_COLUMNS",
    "ZONE_COLUMNS",
    "ZONE_OPTIONAL",
    "read_place_neighbours",
    "read_places",
    "read_terms",
    "read_zones",
]

PLACE_COLUMNS: Final = ("place", "name_zh", "name_en", "region", "lon", "lat")
PLACE_OPTIONAL: Final = ("group", "area_km2")
TERM_COLUMNS: Final = ("term", "industry", "weight")
ZONE_COLUMNS: Final = ("zone", "name_zh", "name_en", "region", "industries")
ZONE_OPTIONAL: Final = (
    "area", "level", "type", "approved", "place", "group", "lon", "lat", "location",
    "location_grade",
)  # fmt: skip
_BEYOND: Final = 2.0  # degrees outside the boundaries at which a point cannot be meant
_CROWD: Final = 5  # zones on one point from which on somebody's default is likelier than a place


def _text(table: Table, columns: tuple[str, ...]) -> pd.DataFrame:
    there = set(table.frame.columns)
    return pd.DataFrame(
        {
            name: read_words(table, name) if name in there else ""
            for name in columns
            if name not in ("lon", "lat", "area", "area_km2", "weight")
        },
        index=range(len(table.frame)),
    )


def _number(table: Table, column: str, findings: Findings) -> npt.NDArray[np.float64]:
    if column not in table.frame.columns:
        return np.full(len(table.frame), np.nan)
    return read_numbers(table, column, findings)


def _codes_once(table: Table, column: str, words: pd.Series, findings: Findings) -> pd.Series:
    """Report codes that are empty or stand twice; return which rows can be kept."""
    empty = (words == "").to_numpy(bool)
    findings.in_rows("zone_code_empty", table, empty, column=column)
    double = words.duplicated().to_numpy(bool) & ~empty
    findings.in_rows("code_twice", table, double, column=column, values=words[double])
    return pd.Series(~empty & ~double)


def _points(
    table: Table,
    codes: pd.Series,
    boundaries: Mapping[str, Mapping[str, Any]] | None,
    findings: Findings,
) -> pd.DataFrame:
    """Return longitude and latitude; what cannot be a place is reported and NaN."""
    lon, lat = (_number(table, name, findings) for name in ("lon", "lat"))
    with np.errstate(invalid="ignore"):
        swapped = (np.abs(lat) > 90.0) & (np.abs(lat) <= 180.0) & (np.abs(lon) <= 90.0)
        odd = ((np.abs(lat) > 90.0) | (np.abs(lon) > 180.0)) & ~swapped
    half = np.isnan(lon) != np.isnan(lat)
    for code, wrong in (
        ("coordinates_swapped", swapped),
        ("coordinates_odd", odd),
        ("zone_point_half", half),
    ):
        findings.in_rows(code, table, wrong, column="lat", values=codes[wrong])
    bad = swapped | odd | half
    points = pd.DataFrame({"lon": np.where(bad, np.nan, lon), "lat": np.where(bad, np.nan, lat)})
    if boundaries:
        known = points["lon"].notna().to_numpy(bool)
        left, bottom, right, top = shapely.total_bounds([shape(one) for one in boundaries.values()])
        outside = known & ~(
            points["lon"].between(left - _BEYOND, right + _BEYOND)
            & points["lat"].between(bottom - _BEYOND, top + _BEYOND)
        ).to_numpy(bool)
        findings.in_rows(
            "zone_point_outside", table, outside, column="lon", values=codes[outside],
            window=f"{left:.2f}, {bottom:.2f}, {right:.2f}, {top:.2f}",
        )  # fmt: skip
    return points


def read_places(table: Table, regions: Known | None, findings: Findings) -> pd.DataFrame:
    """Return the places, indexed by place.

    Far islands that a simplified map leaves off are places all the same, so boundaries are not
    held against them.
    """
    frame = _text(table, (*PLACE_COLUMNS, *PLACE_OPTIONAL))
    read_codes(table, "region", regions, findings)
    kept = _codes_once(table, "place", frame["place"], findings)
    frame[["lon", "lat"]] = _points(table, frame["place"], None, findings)
    frame["area_km2"] = _number(table, "area_km2", findings)
    for column in ("name_zh", "name_en"):
        frame[column] = frame[column].mask(frame[column] == "", frame["place"])
    return frame[kept.to_numpy(bool)].set_index("place")


def read_place_neighbours(table: Table, places: Known | None, findings: Findings) -> pd.DataFrame:
    """Return the pairs of places that touch, each once."""
    first = read_codes(table, "place_from", places, findings)
    second = read_codes(table, "place_to", places, findings)
    pairs = pd.DataFrame({"first": np.minimum(first, second), "second": np.maximum(first, second)})
    pairs = pairs[(pairs["first"] >= 0) & (pairs["first"] != pairs["second"])].drop_duplicates()
    codes = np.array(places.codes if places else (), dtype=object)
    return pd.DataFrame(
        {
            "place_from": codes[pairs["first"].to_numpy()],
            "place_to": codes[pairs["second"].to_numpy()],
        }
    )


def read_terms(table: Table, industries: Known | None, findings: Findings) -> pd.DataFrame:
    """Return the terms: one row a term and industry; an empty industry means none at all."""
    extra = tuple(name for name in table.frame.columns if name not in TERM_COLUMNS)
    frame = _text(table, (*TERM_COLUMNS, *extra))
    weight = read_numbers(table, "weight", findings)
    named = (frame["industry"] != "").to_numpy(bool)
    wrong = named & ~(np.isfinite(weight) & (weight > 0.0) & (weight <= 1.0))
    findings.in_rows("zone_term_weight", table, wrong, column="weight", values=frame["term"][wrong])
    frame["weight"] = np.where(named & ~wrong, weight, 0.0)
    if industries is not None:
        unknown = named & ~frame["industry"].isin(industries.codes).to_numpy(bool)
        words = frame["industry"][unknown]
        findings.in_rows(
            "industry_unknown", table, unknown, column="industry", values=words,
            hint=nearest(words.iloc[0], industries.codes) or "-" if unknown.any() else "-",
            known=", ".join(industries.codes[:8]),
        )  # fmt: skip
    total = frame.groupby("term")["weight"].transform("sum").to_numpy(np.float64)
    over = (total > 1.0 + 5e-3) & ~wrong
    findings.in_rows("zone_term_over", table, over, column="weight", values=frame["term"][over])
    return frame


def read_zones(
    table: Table,
    regions: Known | None,
    places: pd.DataFrame | None,
    terms: pd.DataFrame | None,
    boundaries: Mapping[str, Mapping[str, Any]] | None,
    findings: Findings,
) -> pd.DataFrame:
    """Return the zones, indexed by zone; area is NaN and place is "" where not known."""
    frame = _text(table, (*ZONE_COLUMNS, *ZONE_OPTIONAL))
    in_region = read_codes(table, "region", regions, findings) >= 0
    kept = _codes_once(table, "zone", frame["zone"], findings)
    frame[["lon", "lat"]] = _points(table, frame["zone"], boundaries, findings)
    frame["area"] = _number(table, "area", findings)
    negative = (frame["area"] < 0.0).to_numpy(bool)
    findings.in_rows(
        "zone_area_negative", table, negative, column="area", values=frame["zone"][negative]
    )
    if "area" in table.frame.columns:
        absent = frame["area"].isna().to_numpy(bool)
        findings.in_rows(
            "zone_area_missing", table, absent, column="area", values=frame["zone"][absent],
            severity="warning",
        )  # fmt: skip
    _check_places(table, frame, in_region, places, findings)
    _check_crowds(table, frame, findings)
    if terms is not None:
        _check_terms(table, frame, set(terms["term"]), findings)
    return frame[kept.to_numpy(bool)].set_index("zone")


def _check_places(
    table: Table,
    frame: pd.DataFrame,
    in_region: npt.NDArray[np.bool_],
    places: pd.DataFrame | None,
    findings: Findings,
) -> None:
    if places is None:
        return
    named = (frame["place"] != "").to_numpy(bool)
    there = frame["place"].isin(places.index).to_numpy(bool)
    unknown = named & ~there
    words = frame["place"][unknown]
    hint = nearest(words.iloc[0], places.index) or "-" if unknown.any() else "-"
    findings.in_rows("zone_place_unknown", table, unknown, column="place", values=words, hint=hint)
    of_place = frame["place"].map(places["region"].to_dict())
    # A region that is itself wrong is reported where it stands, not a second time here.
    judged = there & in_region & (of_place.fillna("") != "").to_numpy(bool)
    elsewhere = judged & (of_place != frame["region"]).to_numpy(bool)
    findings.in_rows(
        "zone_place_elsewhere", table, elsewhere, column="place", values=frame["zone"][elsewhere]
    )


def _check_crowds(table: Table, frame: pd.DataFrame, findings: Findings) -> None:
    # What is known to its city only stands on the city's point by intention.
    located = frame[frame["lon"].notna() & ~((frame["place"] == "") & (frame["group"] != ""))]
    crowd = located.groupby(["lon", "lat"])["zone"].transform("size") >= _CROWD
    if crowd.any():
        at = crowd.index[crowd].to_numpy()
        findings.in_rows(
            "zone_points_crowded", table, at, column="lon", values=frame["zone"].iloc[at],
            severity="note",
        )  # fmt: skip


def _check_terms(table: Table, frame: pd.DataFrame, known: set[str], findings: Findings) -> None:
    lists = split_terms(frame["industries"])
    nothing = ~lists.map(bool).to_numpy(bool)
    findings.in_rows(
        "zone_without_industry", table, nothing, column="industries",
        values=frame["zone"][nothing], severity="warning",
    )  # fmt: skip
    spread = lists.explode().dropna()
    lost = spread[~spread.isin(known)]
    if not len(lost):
        return
    counts = lost.value_counts()
    shown = [
        f"{term} ({count}; {nearest(str(term), known, 0.4) or '-'})"
        for term, count in counts.items()
    ]
    rows = lost.index.unique().to_numpy()
    findings.in_rows(
        "zone_term_unknown", table, rows, column="industries", values=shown,
        severity="warning", terms=len(counts),
    )  # fmt: skip
