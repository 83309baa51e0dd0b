"""Anybody's roadmap: a table of places and industries, by code or by name, with every fault."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from clusterbelt.config.belt_file import TableSpec
from clusterbelt.core.errors import InputError
from clusterbelt.io.encoding import read_bytes
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import read_words
from clusterbelt.io.numbers import read_numbers
from clusterbelt.io.table import Table
from clusterbelt.io.tables import read_table
from clusterbelt.model.belt import Bilingual
from clusterbelt.model.result import GRADES

__all__ = ["read_any_roadmap"]

_OPTIONAL = ("reach", "region", "cluster", "claim", "name_zh", "name_en", "weight", "grade")


def read_any_roadmap(
    path: Path,
    regions: pd.DataFrame,
    reaches: Mapping[str, Bilingual],
    industries: pd.DataFrame,
) -> pd.DataFrame:
    """Read a roadmap table (.csv, .tsv, .xlsx, .parquet) against a belt's regions and industries.

    Columns: ``industry`` and ``region`` or ``reach`` (codes or names, in either language; a region
    goes before the reach); several industries may stand in one cell, parted by ``;``. Optional:
    ``cluster`` (rows of one place and cluster are one line; else every row is its own),
    ``claim`` or ``name_zh`` and ``name_en`` (what the line says), ``weight`` (share of the
    industry in the line), ``grade`` (A the industry itself, B part of it, C a stand-in; default A).

    Returns reach, region, cluster, name_zh, name_en, industry, weight, grade.

    Raises
    ------
    InputError
        With every fault: the columns, every place and industry that is not known with the nearest
        that is, regions outside the belt, weights and grades.
    """
    findings = Findings()
    table = _read(path, findings)
    if table is None:
        raise InputError(findings.errors)
    columns = {name: _words(table, name) for name in (*_OPTIONAL, "industry")}
    if table.frame.empty:
        findings.in_table("audit_empty", table)
    places = _places(table, columns, regions, reaches, findings)
    codes = _industries(table, columns["industry"], industries, findings)
    weights, grades = _weights(table, findings), _grades(table, columns["grade"], findings)
    if findings.errors:
        raise InputError(findings.errors)
    rows = []
    for at, found in enumerate(codes):
        reach, region = places[at]
        names = _names(columns, at, found, industries)
        for code in found:
            rows.append(
                {
                    "reach": reach,
                    "region": region,
                    "cluster": columns["cluster"][at] or f"row {table.rows[at]}",
                    "name_zh": names["zh"],
                    "name_en": names["en"],
                    "industry": code,
                    "weight": weights[at] / len(found),
                    "grade": grades[at],
                }
            )
    return pd.DataFrame(rows)


def _read(path: Path, findings: Findings) -> Table | None:
    data = read_bytes(path, path.name, findings)
    if data is None:
        return None
    spec = TableSpec(role="roadmap", file=path.name)
    table = read_table(spec, data, findings, needed=("industry",), optional=_OPTIONAL)
    if table is not None and not {"reach", "region"} & set(table.frame.columns):
        findings.in_table("audit_no_place", table)
        return None
    return table


def _words(table: Table, column: str) -> list[str]:
    if column not in table.frame.columns:
        return [""] * len(table.frame)
    return [str(word) for word in read_words(table, column)]


def _lookup(frame: pd.DataFrame) -> dict[str, str]:
    """Every way to write a label: its code and its names, without regard to case."""
    found: dict[str, str] = {}
    for column in ("name_zh", "name_en"):
        for code, name in frame[column].items():
            found.setdefault(str(name).strip().casefold(), str(code))
    return found | {str(code).casefold(): str(code) for code in frame.index}


def _places(
    table: Table,
    columns: Mapping[str, list[str]],
    regions: pd.DataFrame,
    reaches: Mapping[str, Bilingual],
    findings: Findings,
) -> list[tuple[str, str]]:
    """Return reach and region of every row; the region is empty where the reach as a whole is."""
    by_region = _lookup(regions)
    by_reach = {key.casefold(): key for key in reaches}
    for key, name in reaches.items():
        by_reach |= {name.zh.casefold(): key, name.en.casefold(): key}
    found: list[tuple[str, str]] = []
    wrong: dict[str, list[tuple[int, str]]] = {"region": [], "reach": [], "none": [], "out": []}
    for at, (region, reach) in enumerate(zip(columns["region"], columns["reach"], strict=True)):
        code = by_region.get(region.casefold(), "") if region else ""
        place = by_reach.get(reach.casefold(), "") if reach else ""
        if region and not code:
            wrong["region"].append((at, region))
        elif code and not bool(regions.at[code, "in_belt"]):
            wrong["out"].append((at, region))
        elif not region and reach and not place:
            wrong["reach"].append((at, reach))
        elif not region and not reach:
            wrong["none"].append((at, ""))
        found.append((str(regions.at[code, "reach"]), code) if code else (place, ""))
    _tell(table, "audit_place_unknown", "region", wrong["region"], by_region, findings)
    _tell(table, "audit_place_unknown", "reach", wrong["reach"], by_reach, findings)
    _tell(table, "audit_place_outside", "region", wrong["out"], {}, findings)
    _tell(table, "audit_place_missing", "", wrong["none"], {}, findings)
    return found


def _tell(
    table: Table,
    code: str,
    column: str,
    wrong: list[tuple[int, str]],
    known: Mapping[str, str],
    findings: Findings,
) -> None:
    if not wrong:
        return
    words = [word for _, word in wrong]
    close = nearest(words[0], known) if known else ""
    findings.in_rows(
        code, table, [at for at, _ in wrong], column=column, values=words, nearest=close or "-"
    )


def _industries(
    table: Table, words: list[str], industries: pd.DataFrame, findings: Findings
) -> list[list[str]]:
    known = _lookup(industries)
    found: list[list[str]] = []
    wrong: list[tuple[int, str]] = []
    for at, cell in enumerate(words):
        parts = [part.strip() for part in cell.replace("；", ";").split(";") if part.strip()]
        # A name may itself hold a semicolon; the whole cell goes before its parts.
        parts = [cell] if cell.casefold() in known else parts
        wrong += [(at, part) for part in parts or [""] if part.casefold() not in known]
        found.append([known[part.casefold()] for part in parts if part.casefold() in known])
    _tell(table, "audit_industry_unknown", "industry", wrong, known, findings)
    return found


def _weights(table: Table, findings: Findings) -> np.ndarray:
    if "weight" not in table.frame.columns:
        return np.ones(len(table.frame))
    values = read_numbers(table, "weight", findings)
    # A word in place of a number was reported when it was read.
    odd = (values <= 0) | (read_words(table, "weight") == "").to_numpy(bool)
    findings.in_rows("audit_weight", table, odd, column="weight", values=values[odd])
    return values


def _grades(table: Table, words: list[str], findings: Findings) -> list[str]:
    grades = [word.upper() or "A" for word in words]
    odd = np.array([grade not in GRADES for grade in grades], dtype=bool)
    values = [grade for grade in grades if grade not in GRADES]
    findings.in_rows("grade_odd", table, odd, column="grade", values=values)
    return grades


def _names(
    columns: Mapping[str, list[str]], at: int, codes: list[str], industries: pd.DataFrame
) -> dict[str, str]:
    joined = {"zh": "、", "en": ", "}
    return {
        language: columns[f"name_{language}"][at]
        or columns["claim"][at]
        or columns["cluster"][at]
        or sign.join(str(industries.at[code, f"name_{language}"]) for code in codes)
        for language, sign in joined.items()
    }
