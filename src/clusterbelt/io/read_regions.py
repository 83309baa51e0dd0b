"""The two tables that say what there is: regions and industries."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from clusterbelt.core.errors import first_labels
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import Known, is_total, read_flags, read_words
from clusterbelt.io.numbers import read_numbers
from clusterbelt.io.table import Table

__all__ = [
    "INDUSTRY_COLUMNS",
    "REGION_COLUMNS",
    "known_industries",
    "known_regions",
    "read_industries",
    "read_regions",
]

REGION_COLUMNS = ("region", "name_zh", "name_en", "in_belt", "reach")
INDUSTRY_COLUMNS = ("industry", "name_zh", "name_en", "manufacturing", "advanced", "materials")
_LATITUDE, _LONGITUDE = 90.0, 180.0


def _known(frame: pd.DataFrame, kind: str) -> Known:
    codes = tuple(str(code) for code in frame.index)
    names = {
        str(name): code
        for column in ("name_en", "name_zh")
        for code, name in zip(codes, frame[column], strict=True)
        if str(name) not in codes
    }
    return Known(kind, codes, names)


def known_regions(frame: pd.DataFrame) -> Known:
    """Return the codes of the regions, for reading other tables."""
    return _known(frame, "region")


def known_industries(frame: pd.DataFrame) -> Known:
    """Return the codes of the industries, for reading other tables."""
    return _known(frame, "industry")


def _members(
    table: Table, kind: str, findings: Findings
) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Return the table as text, indexed by its code, without empty, double and total rows."""
    frame = pd.DataFrame({name: read_words(table, name) for name in table.frame.columns})
    codes = frame[kind]
    empty = (codes == "").to_numpy(bool)
    findings.in_rows(f"{kind}_empty", table, empty, column=kind, known="-", hint="")
    total = np.zeros(len(frame), dtype=bool)
    for column in (kind, "name_zh", "name_en"):
        total |= frame[column].map(is_total).to_numpy(bool)
    findings.in_rows("row_is_total", table, total, column=kind, values=codes[total])
    double = codes.duplicated().to_numpy(bool) & ~empty
    findings.in_rows("code_twice", table, double, column=kind, values=codes[double])
    for column in ("name_zh", "name_en"):
        nameless = (frame[column] == "").to_numpy(bool) & ~empty
        findings.in_rows(
            "name_empty", table, nameless, column=column, values=codes[nameless], severity="warning"
        )
        frame[column] = frame[column].mask(nameless, codes)
    keep = ~(empty | total | double)
    members = frame[keep].set_index(kind)
    members.index = pd.Index([str(code) for code in members.index], name=kind, dtype=object)
    return members, np.flatnonzero(keep)


def read_regions(
    table: Table, reaches: Mapping[str, object], findings: Findings
) -> pd.DataFrame | None:
    """Return the regions, or None when not one row could be used."""
    members, kept = _members(table, "region", findings)
    in_belt = read_flags(table, "in_belt", findings)[kept]
    reach = members["reach"].to_numpy(object)
    codes = members.index.to_numpy(object)
    missing = in_belt & (reach == "")
    findings.in_rows(
        "reach_missing", table, kept[missing], column="reach", values=codes[missing],
        known=", ".join(reaches),
    )  # fmt: skip
    unknown = (reach != "") & ~np.isin(reach.astype(str), list(reaches))
    for word in pd.unique(pd.Series(reach[unknown])):
        findings.in_rows(
            "reach_unknown", table, kept[unknown & (reach == word)], column="reach",
            values=[word], known=", ".join(reaches), nearest=nearest(str(word), reaches) or "-",
        )  # fmt: skip
    members = members.assign(in_belt=in_belt, reach=np.where(in_belt, reach, ""))
    for column in ("lon", "lat"):
        if column in members:
            members[column] = read_numbers(table, column, findings)[kept]
    _check_coordinates(table, members, kept, findings)
    _check_belt(table, members, reaches, findings)
    first = [name for name in REGION_COLUMNS if name != "region"]
    return members[[*first, *(name for name in members if name not in first)]]


def _check_belt(
    table: Table, members: pd.DataFrame, reaches: Mapping[str, object], findings: Findings
) -> None:
    belt = members[members["in_belt"].to_numpy(bool)]
    if len(members) == 1:
        findings.in_table("single_region", table, "region", region=members.index[0])
    elif len(belt) == 1:
        findings.in_table("single_belt_region", table, "in_belt", "warning", region=belt.index[0])
    elif len(members) and not len(belt):
        findings.in_table("no_belt_region", table, "in_belt")
    unused = [reach for reach in reaches if reach not in set(belt["reach"])]
    if len(belt) and unused:
        findings.in_table(
            "reach_without_regions", table, "reach", "warning", reaches=first_labels(unused)
        )


def _check_coordinates(
    table: Table, members: pd.DataFrame, kept: npt.NDArray[np.int64], findings: Findings
) -> None:
    if "lon" not in members or "lat" not in members:
        return
    lon, lat = (members[name].to_numpy(float) for name in ("lon", "lat"))
    with np.errstate(invalid="ignore"):
        wrong = (np.abs(lat) > _LATITUDE) | (np.abs(lon) > _LONGITUDE)
        swapped = wrong & (np.abs(lon) <= _LATITUDE) & (np.abs(lat) <= _LONGITUDE)
    codes = members.index.to_numpy(object)
    for code, mask in (("coordinates_swapped", swapped), ("coordinates_odd", wrong & ~swapped)):
        findings.in_rows(code, table, kept[mask], column="lat", values=codes[mask])


def read_industries(table: Table, findings: Findings) -> pd.DataFrame | None:
    """Return the industries with their marks as yes/no."""
    members, kept = _members(table, "industry", findings)
    for column in ("manufacturing", "advanced", "materials"):
        members[column] = read_flags(table, column, findings)[kept]
    advanced = members["advanced"].to_numpy(bool)
    outside = advanced & ~members["manufacturing"].to_numpy(bool)
    codes = members.index.to_numpy(object)
    findings.in_rows(
        "advanced_not_manufacturing", table, kept[outside], column="advanced",
        values=codes[outside], severity="warning",
    )  # fmt: skip
    if len(members) and not (advanced | members["materials"].to_numpy(bool)).any():
        findings.in_table("no_advanced_industry", table, "advanced", "warning")
    if len(members) == 1:
        findings.in_table("single_industry", table, "industry", industry=members.index[0])
    return members
