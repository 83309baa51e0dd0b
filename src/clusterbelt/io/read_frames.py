"""Tables that stay tables: specifications of indicators, the published roadmap, sources."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from clusterbelt.core.errors import first_labels
from clusterbelt.core.units import is_unit
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import Known, read_codes, read_words
from clusterbelt.io.numbers import read_numbers
from clusterbelt.io.table import Table
from clusterbelt.model.result import GRADES

__all__ = [
    "CLAIM_COLUMNS",
    "FACTORS",
    "ROADMAP_COLUMNS",
    "SPEC_COLUMNS",
    "read_claims",
    "read_plain",
    "read_roadmap",
    "read_specs",
]

SPEC_COLUMNS = (
    "indicator", "name_zh", "name_en", "dimension", "unit", "direction",
    "grade", "denominator", "source",
)  # fmt: skip
ROADMAP_COLUMNS = (
    "reach", "cluster", "name_zh", "name_en", "industry", "weight", "grade", "sectors",
    "note_zh", "note_en",
)  # fmt: skip
CLAIM_COLUMNS = ("reach", "factor", "direction", "text_zh", "text_en")
FACTORS = ("labour", "capital", "technology")
_WEIGHT_TOLERANCE = 0.005


def read_plain(table: Table) -> pd.DataFrame:
    """Return every column as text."""
    return pd.DataFrame({name: read_words(table, name) for name in table.frame.columns})


def _signs(table: Table, findings: Findings, allowed: tuple[int, ...]) -> pd.Series:
    values = read_numbers(table, "direction", findings)
    known = ~np.isnan(values)
    odd = ~np.isin(values, allowed) & known | ~known
    words = read_words(table, "direction")
    findings.in_rows(
        "direction_odd", table, odd, column="direction", values=words[odd],
        allowed=", ".join(str(sign) for sign in allowed),
    )  # fmt: skip
    return pd.Series(np.where(odd, 1, np.where(known, values, 1)).astype(np.int64))


def _check_grades(table: Table, findings: Findings) -> None:
    grades = read_words(table, "grade")
    odd = ~grades.isin(GRADES).to_numpy(bool)
    findings.in_rows("grade_odd", table, odd, column="grade", values=grades[odd])


def read_specs(table: Table, findings: Findings) -> pd.DataFrame:
    """Return the specifications of the indicators, indexed by indicator."""
    frame = read_plain(table)
    for column in SPEC_COLUMNS:
        if column not in frame:
            frame[column] = ""
    frame["direction"] = _signs(table, findings, (1, -1)).to_numpy()
    _check_grades(table, findings)
    codes = frame["indicator"]
    empty = (codes == "").to_numpy(bool)
    findings.in_rows("indicator_empty", table, empty, column="indicator", known="-", hint="")
    double = codes.duplicated().to_numpy(bool) & ~empty
    findings.in_rows("code_twice", table, double, column="indicator", values=codes[double])
    undimensioned = (frame["dimension"] == "").to_numpy(bool)
    findings.in_rows(
        "dimension_empty", table, undimensioned, column="dimension", values=codes[undimensioned]
    )
    odd = ~frame["unit"].map(is_unit).to_numpy(bool)
    for word in frame["unit"][odd].unique():
        at = odd & (frame["unit"] == word).to_numpy(bool)
        findings.in_rows(
            "indicator_unit_unknown", table, at, column="unit", values=codes[at], unit=word or '""'
        )
    for column in ("name_zh", "name_en"):
        frame[column] = frame[column].mask(frame[column] == "", codes)
    kept = frame[~(empty | double)].set_index("indicator")
    kept.index = pd.Index([str(code) for code in kept.index], name="indicator", dtype=object)
    return kept


def read_roadmap(
    table: Table,
    reaches: Mapping[str, object],
    industries: Known | None,
    sectors: Mapping[str, pd.DataFrame],
    findings: Findings,
) -> pd.DataFrame:
    """Return a published roadmap: one row per claim and parent industry."""
    frame = read_plain(table)
    for column in ROADMAP_COLUMNS:
        if column not in frame:
            frame[column] = ""
    read_codes(table, "reach", Known("reach", tuple(reaches)), findings)
    read_codes(table, "industry", industries, findings)
    _check_grades(table, findings)
    frame["weight"] = read_numbers(table, "weight", findings)
    claims = [frame["reach"], frame["cluster"]]
    sums = frame["weight"].groupby(claims).transform("sum").to_numpy(float)
    off = np.abs(sums - 1) > _WEIGHT_TOLERANCE
    findings.in_rows(
        "roadmap_weights", table, off, column="weight",
        values=[f"{frame['cluster'].iloc[at]} ({sums[at]:g})" for at in np.flatnonzero(off)],
    )  # fmt: skip
    if sectors:
        _check_sectors(table, frame, sectors, findings)
    return frame


def _check_sectors(
    table: Table, frame: pd.DataFrame, sectors: Mapping[str, pd.DataFrame], findings: Findings
) -> None:
    known = {code for part in sectors.values() for code in part.index}
    named = frame["sectors"].str.split(";")
    lost = named.map(
        lambda words: [word.strip() for word in words if word.strip() not in {*known, ""}]
    )
    wrong = lost.map(bool).to_numpy(bool)
    if wrong.any():
        words = [word for found in lost[wrong] for word in found]
        findings.in_rows(
            "roadmap_sector_unknown", table, wrong, column="sectors", values=words,
            nearest=nearest(words[0], known) or "-",
        )  # fmt: skip


def read_claims(table: Table, reaches: Mapping[str, object], findings: Findings) -> pd.DataFrame:
    """Return the roadmap's claims about factor intensity, by reach."""
    frame = read_plain(table)
    read_codes(table, "reach", Known("reach", tuple(reaches)), findings)
    odd = ~frame["factor"].isin(FACTORS).to_numpy(bool)
    findings.in_rows(
        "factor_unknown", table, odd, column="factor", values=frame["factor"][odd],
        known=first_labels(FACTORS),
    )  # fmt: skip
    frame["direction"] = _signs(table, findings, (1, -1)).to_numpy()
    return frame
