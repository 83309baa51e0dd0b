"""Development zones of the 2018 catalogue: where each is, and what its industries mean.

A place is decided by name first: the county that the zone's name gives, else the county of the
source's coordinates inside the city that the name gives, else the coordinates where they lie in
the zone's own province and the source does not put many zones on that very point. What none of
these settles keeps its city, or its province only; nothing is moved without a word about it.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import shapely

from yangtze_build.common import Log, read_table
from yangtze_build.geography import EARTH_RADIUS_KM
from yangtze_build.places import Places, spell

_DECIMALS = 4
_CROWDED = 3  # zones of one province on one point: the geocoder's default, not a place
_MUNICIPALITIES = ("11", "12", "31", "50")
_COARSE = ("省",)  # precision words that name no place inside the province
_DROPPED = ("加工", "制造", "产业", "制品", "产品", "配件", "及", "材料")
_GENERIC = ("加工", "制造")


def build_zones(source: pd.DataFrame, places: Places, log: Log) -> pd.DataFrame:
    """Return the catalogue with one decided place per zone."""
    table = places.table.set_index("county")
    stems = _stems(places.table)
    polygons = dict(zip(places.table["county"], places.polygons, strict=True))
    crowd = source.groupby(["region", "lon", "lat"])["code"].transform("size")
    source = source.assign(code=_single_codes(source["code"]))
    rows = []
    for row, near in zip(source.to_dict("records"), crowd, strict=True):
        row["industries_zh"] = row["industries_zh"].replace(".", "")
        row |= _name_again(row, table)
        rows.append(
            _place(row, int(near), table, polygons) | {"name_en": translate(row["name_zh"], stems)}
        )
    zones = pd.DataFrame(rows)
    log.require(len(zones) == 2543, f"zones: {len(zones)}, not 2,543")
    national = int((zones["level"] == "national").sum())
    log.require(national == 552, f"zones: {national} national ones, not 552")
    unplaced = zones.loc[zones["location"] == "province", "zone"]
    log.require(len(unplaced) < 40, f"zones: {len(unplaced)} not placed")
    counted = zones.groupby(["location", "location_grade"]).size().rename("zones").reset_index()
    log.table("zone_locations", counted)
    return zones


def _name_again(row: dict[str, Any], table: pd.DataFrame) -> dict[str, str]:
    """Take back a county that the source read into a name: 龙江 in 黑龙江, 衡阳县 for its city.

    The province's own name says nothing about a county. Where a county bears its city's name, a
    zone that does not call it a county is the city's.
    """
    county = row["county_by_name"]
    if not county:
        return {}
    provinces = read_table("zone_words.csv")["name_zh"].head(34)
    name = row["name_zh"]
    for province in provinces:
        if name.startswith(province):
            name = name.removeprefix(province)
            break
    full, city = str(table.at[county, "name_zh"]), str(table.at[county, "city"])
    stem = full[:-1] if len(full) > 2 else full
    if full[:2] not in name:  # names of peoples and kinds are left out of a zone's name
        return {"county_by_name": ""}
    of_city = str(table.at[county, "city_zh"])
    if full.endswith(("县", "区")) and full not in name and of_city == f"{stem}市":
        return {"county_by_name": "", "city_by_name": city}
    return {}


def _stems(counties: pd.DataFrame) -> dict[str, str]:
    """Names of cities and counties, with and without their kind, as zones' names use them."""
    stems: dict[str, str] = {}
    for column in ("name", "city"):
        chinese = "name_zh" if column == "name" else "city_zh"
        for name, shown in zip(
            counties[chinese], counties[chinese.replace("zh", "en")], strict=True
        ):
            stems[name] = shown
            if len(name) > 2 and name.endswith(("市", "县", "区", "旗", "盟")):
                stems[name[:-1]] = shown
    return stems


def _single_codes(codes: pd.Series) -> list[str]:
    """Tell apart the zones that the source gives one code: the second gets ``-2``."""
    number = codes.groupby(codes).cumcount()
    return [f"{code}-{n + 1}" if n else code for code, n in zip(codes, number, strict=True)]


def _place(
    row: dict[str, Any], crowd: int, table: pd.DataFrame, polygons: dict[str, shapely.Geometry]
) -> dict[str, Any]:
    lon, lat = float(row["lon"]), float(row["lat"])
    county, location, grade = _decide(row, crowd)
    city = str(table.at[county, "city"]) if county else row["city_by_name"]
    if row["region"][:2] in _MUNICIPALITIES:
        city = row["region"]  # a municipality is one city
    point = shapely.Point(lon, lat)
    if county and polygons[county].covers(point):
        place, distance = (round(lon, _DECIMALS), round(lat, _DECIMALS)), 0.0
    elif county:
        place = (float(table.at[county, "lon"]), float(table.at[county, "lat"]))
        distance = _kilometres((lon, lat), place)
    elif city:
        members = table[table["city"] == city]
        place = (
            round(float(members["lon"].mean()), _DECIMALS),
            round(float(members["lat"].mean()), _DECIMALS),
        )
        distance = _kilometres((lon, lat), place)
    else:
        place, distance = (math.nan, math.nan), math.nan
    return {
        "zone": row["code"],
        "name_zh": row["name_zh"],
        "name_en": "",
        "level": row["level"],
        "type": row["type"],
        "region": row["region"],
        "approved": row["approved"],
        "area_ha": float(row["area_ha"]),
        "industries_zh": row["industries_zh"],
        "county": county,
        "city": city,
        "lon": place[0],
        "lat": place[1],
        "location": location,
        "location_grade": grade,
        "source_distance_km": round(distance, 1),
    }


def _decide(row: dict[str, Any], crowd: int) -> tuple[str, str, str]:
    """Return county ("" where unknown), how it was decided, and its grade."""
    by_hand = dict(read_table("zone_places.csv")[["zone", "county"]].itertuples(index=False))
    named, city, found = row["county_by_name"], row["city_by_name"], row["county_by_coordinates"]
    inside = row["in_province"] == "True" and found[:2] == row["region"][:2]
    if row["code"] in by_hand:
        return by_hand[row["code"]], "by hand", "C"
    if named:
        same = inside and named == found
        return named, ("name and coordinates" if same else "county name"), "A" if same else "B"
    usable = inside and crowd < _CROWDED and row["geocode_precision"] not in _COARSE
    if city and usable and found[:4] == city[:4]:
        return found, "city name and coordinates", "B"
    if city or row["region"][:2] in _MUNICIPALITIES:
        return "", "city name", "B"
    if usable:
        return found, "coordinates", "C"
    return "", "province", "C"


def _kilometres(first: tuple[float, float], second: tuple[float, float]) -> float:
    (lon_a, lat_a), (lon_b, lat_b) = (tuple(map(math.radians, one)) for one in (first, second))
    half = (
        math.sin((lat_a - lat_b) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_a - lon_b) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def translate(name: str, stems: dict[str, str]) -> str:
    """Put a zone's name into English by rule: places spelled, known words and kinds translated.

    ``stems`` are names of cities and counties without their kind. Not an official name.
    """
    words = dict(stems)
    for table in ("zone_words.csv", "zone_kinds.csv"):
        words |= dict(read_table(table)[["name_zh", "name_en"]].itertuples(index=False, name=None))
    longest = max(map(len, words))
    plain = name.replace("（", "(").replace("）", ")")
    parts: list[str] = []
    unknown, at = "", 0
    while at < len(plain):
        sizes = range(min(longest, len(plain) - at), 0, -1)
        size = next((one for one in sizes if plain[at : at + one] in words), 0)
        if size and not (size == 1 and at == 0):
            parts += [*_spelt(unknown), words[plain[at : at + size]]]
            unknown, at = "", at + size
        else:
            unknown, at = unknown + plain[at], at + 1
    shown = " ".join([*parts, *_spelt(unknown)])
    return shown.replace("( ", "(").replace(" )", ")").replace("  ", " ").strip()


def _spelt(run: str) -> list[str]:
    """Spell a run of characters that no table knows; signs and Latin letters stay."""
    if not run:
        return []
    found, word = [], ""
    for sign in run:
        if "\u4e00" <= sign <= "\u9fff":
            word += sign
            continue
        if word:
            found.append(spell(word))
            word = ""
        found.append("-" if sign in "—－" else sign)
    return [*found, spell(word)] if word else found


# --- what the industries mean


def build_terms(zones: pd.DataFrame, industries: list[str], log: Log) -> pd.DataFrame:
    """Return every term of the catalogue with its targets: one row a term and industry."""
    fragments = read_table("zone_fragments.csv").set_index("fragment")
    groups = read_table("zone_groups.csv")
    log.require(fragments.index.is_unique, "zone terms: a fragment stands twice")
    counts = (
        zones["industries_zh"].str.split("、").explode().str.strip(" .").value_counts(sort=False)
    )
    order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rows: list[dict[str, Any]] = []
    for term, count in order:
        parts, rest = segment(str(term), list(fragments.index))
        log.require(bool(parts) and not rest, f"zone terms: {term} is not covered ({rest})")
        rows += _rows_of(str(term), int(count), parts, fragments, groups)
    table = pd.DataFrame(rows)
    foreign = sorted(set(table["industry"]) - set(industries) - {""})
    log.require(not foreign, f"zone terms: no such industries {foreign}")
    return table


def segment(term: str, fragments: list[str]) -> tuple[list[str], str]:
    """Cut a term into known fragments, the longest first; return them and what is left over."""
    ordered = sorted(fragments, key=len, reverse=True)
    found: list[str] = []
    rest, at = "", 0
    while at < len(term):
        match = next(
            (
                one
                for one in ordered
                if term.startswith(one, at) and not (one in _GENERIC and found)
            ),
            None,
        )
        if match is None:
            rest += term[at]
            at += 1
        else:
            found.append(match)
            at += len(match)
    for word in _DROPPED:
        rest = rest.replace(word, "")
    return found, rest


def _rows_of(
    term: str, count: int, parts: list[str], fragments: pd.DataFrame, groups: pd.DataFrame
) -> list[dict[str, Any]]:
    weights: dict[str, float] = {}
    divisions: list[str] = []
    named: list[str] = []
    broad = False
    for part in parts:
        targets = [one for one in str(fragments.at[part, "targets"]).split(";") if one]
        for target in targets:
            share = 1.0 / (len(parts) * len(targets))
            group = groups[groups["group"] == target]
            broad |= len(group) > 0 or target == "processing"
            if target == "processing":
                continue
            if len(group):
                for one in group.itertuples():
                    weights[one.industry] = weights.get(one.industry, 0.0) + share * float(
                        one.weight
                    )
            else:
                weights[target] = weights.get(target, 0.0) + share
        divisions += [one for one in str(fragments.at[part, "divisions"]).split(";") if one]
        named += [one for one in str(fragments.at[part, "named"]).split(";") if one]
    grade = "D" if broad else ("B" if len(weights) == 1 else "C")
    shared = {
        "divisions": ";".join(dict.fromkeys(divisions)),
        "roadmap": ";".join(dict.fromkeys(named)),
        "grade": grade,
    }
    if not weights:
        return [{"term": term, "zones": count, "industry": "", "weight": 0.0, **shared}]
    return [
        {"term": term, "zones": count, "industry": code, "weight": round(weight, 4), **shared}
        for code, weight in sorted(weights.items())
    ]
