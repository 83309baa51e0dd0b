"""Who borders whom, how far apart, and the shapes on the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry import shape

from clusterbelt.config.belt_file import TableSpec
from clusterbelt.core.errors import Place, first_labels
from clusterbelt.core.units import convert_factor, is_unit, parse_unit
from clusterbelt.io.encoding import decode
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import Known, find_doubles, read_codes
from clusterbelt.io.numbers import read_numbers
from clusterbelt.io.table import Table
from clusterbelt.model.dims import REGION_FROM, REGION_TO

__all__ = [
    "compute_distance",
    "compute_neighbours",
    "read_boundaries",
    "read_distance",
    "read_neighbours",
    "read_travel_time",
]

Geometries = Mapping[str, Mapping[str, Any]]
EARTH_RADIUS_KM = 6371.0088  # mean radius of the WGS-84 ellipsoid
_POLYGONS = ("Polygon", "MultiPolygon")
_FARTHEST = 20100.0  # km: half the way round the earth


def _square(values: npt.NDArray[Any], codes: tuple[str, ...]) -> pd.DataFrame:
    index = pd.Index(codes, dtype=object)
    return pd.DataFrame(values, index=index.rename("region"), columns=index.rename("region"))


def read_neighbours(table: Table, regions: Known | None, findings: Findings) -> pd.DataFrame | None:
    """Return the symmetric matrix of common borders; a pair may be listed once or both ways."""
    one = read_codes(table, REGION_FROM, regions, findings)
    other = read_codes(table, REGION_TO, regions, findings)
    if regions is None:
        return None
    known = (one >= 0) & (other >= 0)
    itself = known & (one == other)
    labels = np.array([*regions.codes, ""], dtype=object)
    findings.in_rows(
        "neighbour_of_itself", table, itself, column=REGION_TO, values=labels[one[itself]],
        severity="warning",
    )  # fmt: skip
    good = np.flatnonzero(known & ~itself)
    double = good[find_doubles([one[good], other[good]])]
    findings.in_rows(
        "neighbour_twice", table, double, column=REGION_TO, severity="warning",
        values=[f"{labels[one[at]]} - {labels[other[at]]}" for at in double],
    )  # fmt: skip
    matrix = np.zeros((len(regions.codes),) * 2, dtype=bool)
    matrix[one[good], other[good]] = True
    single = good[~matrix[other[good], one[good]]]
    # A table that lists every pair once is complete; one that mixes both ways may have a gap.
    single = single if len(single) < len(good) else single[:0]
    findings.in_rows(
        "neighbours_one_way", table, single, column=REGION_TO, severity="note",
        values=[f"{labels[one[at]]} - {labels[other[at]]}" for at in single],
    )  # fmt: skip
    return _square(matrix | matrix.T, regions.codes)


def read_distance(table: Table, regions: Known | None, findings: Findings) -> pd.DataFrame | None:
    """Return distances in km; a pair given one way holds for both, what is not given is NaN."""
    one = read_codes(table, REGION_FROM, regions, findings)
    other = read_codes(table, REGION_TO, regions, findings)
    km = read_numbers(table, "km", findings) * _length_factor(table, findings)
    with np.errstate(invalid="ignore"):
        negative, far = km < 0, km > _FARTHEST
    findings.in_rows("distance_negative", table, negative, column="km", values=km[negative])
    findings.in_rows("distance_too_far", table, far, column="km", values=km[far])
    if regions is None:
        return None
    good = np.flatnonzero((one >= 0) & (other >= 0))
    labels = np.array(regions.codes, dtype=object)
    double = good[find_doubles([one[good], other[good]])]
    findings.in_rows(
        "rows_double", table, double,
        values=[f"{labels[one[at]]} / {labels[other[at]]}" for at in double[:5]],
    )  # fmt: skip
    matrix = np.full((len(regions.codes),) * 2, np.nan)
    matrix[one[good], other[good]] = km[good]
    with np.errstate(invalid="ignore"):
        differ = np.abs(matrix - matrix.T) > 0.01 * np.fmax(np.abs(matrix), np.abs(matrix.T))
    pairs = [f"{labels[a]} - {labels[b]}" for a, b in np.argwhere(np.triu(differ))]
    if pairs:
        findings.in_table("distance_differs", table, "km", "warning", pairs=first_labels(pairs))
    matrix = np.where(np.isnan(matrix), matrix.T, matrix)
    diagonal = np.diagonal(matrix)
    np.fill_diagonal(matrix, np.where(np.isnan(diagonal), 0.0, diagonal))
    return _square(matrix, regions.codes)


def read_travel_time(
    table: Table, regions: Known | None, findings: Findings
) -> pd.DataFrame | None:
    """Return minutes from region (rows) to region; a pair given one way holds for both.

    Both ways given may differ, as uphill and downhill do. What is not given is NaN: no connection.
    """
    one = read_codes(table, REGION_FROM, regions, findings)
    other = read_codes(table, REGION_TO, regions, findings)
    minutes = read_numbers(table, "minutes", findings)
    with np.errstate(invalid="ignore"):
        wrong = (minutes < 0) | ((minutes == 0) & (one != other))
    findings.in_rows("travel_time_wrong", table, wrong, column="minutes", values=minutes[wrong])
    if regions is None:
        return None
    good = np.flatnonzero((one >= 0) & (other >= 0))
    labels = np.array(regions.codes, dtype=object)
    double = good[find_doubles([one[good], other[good]])]
    findings.in_rows(
        "rows_double", table, double,
        values=[f"{labels[one[at]]} / {labels[other[at]]}" for at in double[:5]],
    )  # fmt: skip
    matrix = np.full((len(regions.codes),) * 2, np.nan)
    matrix[one[good], other[good]] = minutes[good]
    matrix = np.where(np.isnan(matrix), matrix.T, matrix)
    np.fill_diagonal(matrix, 0.0)
    return _square(matrix, regions.codes)


def _length_factor(table: Table, findings: Findings) -> float:
    unit = table.spec.unit or "km"
    if is_unit(unit) and parse_unit(unit).dimension == "length":
        return convert_factor(unit, "km")
    place = Place(file=table.file, sheet=table.sheet, column="unit", label="km")
    findings.add("unit_wrong_kind", place, unit=unit, base="km", name="km")
    return 1.0


def compute_distance(regions: pd.DataFrame) -> pd.DataFrame | None:
    """Return great-circle distances from columns ``lon`` and ``lat``; None without them.

    Formula: d = 2 R arcsin sqrt(sin^2(dlat/2) + cos lat_a cos lat_b sin^2(dlon/2)), R = 6371.0088
    km. A region without coordinates has NaN.
    """
    if "lon" not in regions or "lat" not in regions:
        return None
    lon, lat = (np.radians(regions[name].to_numpy(float)) for name in ("lon", "lat"))
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return _square(km, tuple(str(code) for code in regions.index))


def read_boundaries(
    spec: TableSpec, data: bytes, regions: Known | None, findings: Findings
) -> dict[str, dict[str, Any]] | None:
    """Return the geometry of every region that the file has, or None when it cannot be used."""
    text = decode(data, spec.encoding, spec.file, findings)
    if text is None:
        return None
    place = Place(file=spec.file)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", None)
        at = Place(file=spec.file, row=line)
        findings.add("json_broken", at, reason=getattr(error, "msg", str(error)))
        return None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        findings.add("boundaries_no_features", place)
        return None
    found: dict[str, dict[str, Any]] = {}
    column = spec.columns.get("region", "region")
    for number, feature in enumerate(features, start=1):
        _read_feature(spec, number, feature, column, regions, found, findings)
    if regions is not None and found:
        missing = [code for code in regions.codes if code not in found]
        if missing:
            findings.add(
                "boundaries_missing", place, "warning", regions=first_labels(missing),
                count=len(missing),
            )  # fmt: skip
        found = {code: found[code] for code in regions.codes if code in found}
    return found or None


def _read_feature(
    spec: TableSpec,
    number: int,
    feature: Any,
    column: str,
    regions: Known | None,
    found: dict[str, dict[str, Any]],
    findings: Findings,
) -> None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    properties = properties if isinstance(properties, dict) else {}
    code = str(properties.get(column, "")).strip()
    place = Place(file=spec.file, column=column, label=code)
    if not code:
        findings.add(
            "boundaries_no_region", place, number=number, column=column,
            nearest=nearest(column, properties, 0.4) or "-", present=first_labels(properties, 8),
        )  # fmt: skip
    elif code in found:
        findings.add("boundaries_twice", place, region=code)
    elif regions is not None and code not in regions.codes:
        close = nearest(code, regions.codes) or "-"
        findings.add("boundaries_unknown_region", place, region=code, nearest=close)
    else:
        geometry = _polygons(feature.get("geometry"), place, code, findings)
        if geometry is not None:
            found[code] = geometry


def _polygons(geometry: Any, place: Place, code: str, findings: Findings) -> dict[str, Any] | None:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _POLYGONS:
        findings.add("boundaries_not_polygon", place, region=code, kind=kind or "-")
        return None
    try:
        area = shape(geometry)
    except Exception as error:  # shapely raises many kinds for coordinates that are no rings
        findings.add("boundaries_broken", place, region=code, reason=str(error))
        return None
    if area.is_empty:
        findings.add("boundaries_broken", place, region=code, reason="EMPTY")
        return None
    west, south, east, north = area.bounds
    if min(west, south) < -180 or east > 180 or north > 90 or south < -90:
        findings.add(
            "boundaries_not_degrees",
            place,
            region=code,
            bounds=f"{west:g} {south:g} {east:g} {north:g}",
        )
    elif not area.is_valid:
        reason = shapely.is_valid_reason(area)
        findings.add("boundaries_crossing", place, "warning", region=code, reason=reason)
    return dict(geometry)


def compute_neighbours(boundaries: Geometries, regions: Known) -> pd.DataFrame:
    """Return who shares a border of positive length; touching in a point is not a border.

    Two regions are neighbours when the intersection of their boundaries (made valid first) has a
    length above zero. Regions without a shape have no neighbours.
    """
    codes = [code for code in regions.codes if code in boundaries]
    areas = [shapely.make_valid(shape(boundaries[code])) for code in codes]
    edges = [shapely.boundary(area) for area in areas]
    where = {code: k for k, code in enumerate(regions.codes)}
    matrix = np.zeros((len(where),) * 2, dtype=bool)
    for a, b in shapely.STRtree(areas).query(areas, predicate="intersects").T:
        if a < b and shapely.intersection(edges[a], edges[b]).length > 0:
            one, other = where[codes[a]], where[codes[b]]
            matrix[one, other] = matrix[other, one] = True
    return _square(matrix, regions.codes)
