"""Reading a belt: a folder with ``belt.yaml`` and its tables to a :class:`Belt`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import xarray as xr

from clusterbelt.config.belt_file import BilingualText, Role, TableSpec
from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.io.belt_folder import BELT_FILE, Source, open_belt
from clusterbelt.io.cubes import (
    Indicators,
    read_activity,
    read_indicators,
    read_intermediate,
)
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.labels import Known
from clusterbelt.io.read_frames import (
    CLAIM_COLUMNS,
    ROADMAP_COLUMNS,
    SPEC_COLUMNS,
    read_claims,
    read_plain,
    read_roadmap,
    read_specs,
)
from clusterbelt.io.read_geography import (
    compute_distance,
    compute_neighbours,
    read_boundaries,
    read_distance,
    read_neighbours,
    read_travel_time,
)
from clusterbelt.io.read_interregional import FLOW_COLUMNS, FLOW_OPTIONAL, read_interregional
from clusterbelt.io.read_national import (
    NATIONAL_COLUMNS,
    SECTOR_COLUMNS,
    read_national,
    read_sectors,
)
from clusterbelt.io.read_regions import (
    INDUSTRY_COLUMNS,
    REGION_COLUMNS,
    known_industries,
    known_regions,
    read_industries,
    read_regions,
)
from clusterbelt.io.read_zones import (
    PLACE_COLUMNS,
    PLACE_OPTIONAL,
    TERM_COLUMNS,
    ZONE_COLUMNS,
    ZONE_OPTIONAL,
    read_place_neighbours,
    read_places,
    read_terms,
    read_zones,
)
from clusterbelt.model.belt import ActivityHistory, Belt, Bilingual
from clusterbelt.model.checks import check_belt_data

__all__ = ["check_belt", "read_belt"]


def read_belt(belt: str, classification: str) -> Belt:
    """Read a belt that ships ("yangtze", "toy") or a folder, in one industry classification.

    Regions and industries keep the order of their tables, whatever the order of rows elsewhere.
    Values are in the belt's money unit, persons and tonnes; absent is NaN unless the table
    declares ``absent_is: zero``. Warnings and notes are those of :func:`check_belt`.

    Raises
    ------
    InputError
        With every error of every file.
    """
    issues, found = check_belt(belt, classification)
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors or found is None:
        raise InputError(errors or issues)
    return found


def check_belt(belt: str, classification: str | None) -> tuple[list[Issue], Belt | None]:
    """Return everything found in a belt's files (errors, warnings, notes), and the belt.

    With ``classification`` None every classification is checked and the belt is that of the
    first. The belt is None when an error leaves nothing to build it from.
    """
    findings = Findings()
    folder = open_belt(belt, findings)
    if folder is None:
        return findings.issues, None
    declared = list(folder.file.classifications)
    if classification is not None and classification not in declared:
        close = nearest(classification, declared) or "-"
        findings.add(
            "classification_unknown", Place(file=BELT_FILE, label="classifications"),
            classification=classification, known=", ".join(declared), nearest=close,
        )  # fmt: skip
        return findings.issues, None
    wanted = declared if classification is None else [classification]
    belts = [_read(Source(folder, name, findings)) for name in wanted]
    if classification is None:
        _read_rest(Source(folder, declared[0], findings))
    return _without_repeats(findings.issues), belts[0]


def _without_repeats(issues: list[Issue]) -> list[Issue]:
    # Tables that several classifications share are read, and reported, once for each.
    keyed = {(one.code, one.place, tuple(one.params.items())): one for one in issues}
    return list(keyed.values())


def _read_rest(source: Source) -> None:
    """Read the tables that are carried along and no stage needs, to see that they can be read."""
    source.table("concordance", ())
    source.table("series", ())


def _read(source: Source) -> Belt | None:
    findings, money = source.findings, source.belt.file.money_unit
    before = len(findings.errors)
    regions, industries = _dimensions(source)
    known_r = known_regions(regions) if regions is not None else None
    known_i = known_industries(industries) if industries is not None else None
    activity = _activity(source, known_r, known_i)
    intermediate_columns = ("year", "region", "industry_from", "industry_to", "value")
    table = source.table("intermediate", intermediate_columns)
    intermediate = read_intermediate(table, known_r, known_i, money, findings) if table else None
    table = source.table("interregional_flows", FLOW_COLUMNS, FLOW_OPTIONAL)
    flows = read_interregional(table, known_r, known_i, money, findings) if table else None
    sectors = _sectors(source, known_i)
    table = source.table("national", NATIONAL_COLUMNS)
    national = read_national(table, sectors, money, findings) if table else {}
    specs, indicators = _indicators(source, known_r)
    boundaries, neighbours, distance = _geography(source, known_r, regions)
    roadmap, claims = _roadmap(source, known_i, sectors)
    below = _below(source, known_r, known_i, boundaries)
    histories = _histories(source, known_r)
    table = source.table("sources", ())
    sources = read_plain(table) if table else None
    if regions is None or industries is None or activity is None:
        return None
    if len(findings.errors) > before:
        return None
    file = source.belt.file
    belt = Belt(
        name=file.name,
        title=_bilingual(file.title),
        classification=source.classification,
        money_unit=money,
        regions=regions,
        industries=industries,
        activity=activity,
        indicators=indicators.values if indicators else None,
        indicator_specs=specs,
        indicator_years=indicators.years if indicators else None,
        intermediate=intermediate,
        interregional_flows=flows,
        national=national,
        neighbours=neighbours,
        distance_km=distance,
        boundaries=boundaries,
        roadmap=roadmap,
        roadmap_claims=claims,
        reaches={reach: _bilingual(name) for reach, name in file.reaches.items()},
        sources=sources,
        **below,
        histories=histories,
        fingerprint=source.fingerprint(),
    )
    findings.issues.extend(check_belt_data(belt, _files(source)))
    return belt


def _bilingual(text: BilingualText) -> Bilingual:
    return Bilingual(text.zh, text.en)


def _files(source: Source) -> dict[str, str]:
    return {
        spec.role: spec.file for spec in source.belt.file.tables if source.spec(spec.role) == spec
    }


def _dimensions(source: Source) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    findings = source.findings
    table = source.table("regions", REGION_COLUMNS, ("lon", "lat"))
    regions = read_regions(table, source.belt.file.reaches, findings) if table else None
    table = source.table("industries", INDUSTRY_COLUMNS, ("reason_zh", "reason_en"))
    industries = read_industries(table, findings) if table else None
    _require(source, "industries")
    return (
        regions if regions is not None and len(regions) else None,
        industries if industries is not None and len(industries) else None,
    )


def _require(source: Source, role: Role) -> TableSpec | None:
    spec = source.spec(role)
    if spec is None:
        place = Place(file=BELT_FILE, label="tables")
        source.findings.add(
            "role_missing_for_classification", place, role=role,
            classification=source.classification,
        )  # fmt: skip
    return spec


def _activity(
    source: Source, regions: Known | None, industries: Known | None
) -> xr.DataArray | None:
    if _require(source, "activity") is None:
        return None
    columns = ("year", "region", "industry", "variable", "value")
    table = source.table("activity", columns, ("unit",))
    if table is None:
        return None
    return read_activity(table, regions, industries, source.belt.file.money_unit, source.findings)


def _histories(source: Source, regions: Known | None) -> dict[str, ActivityHistory]:
    """Read the activity of the belt's other classifications; of their faults, only the errors.

    What else there is to say of them is said when the belt is checked in that classification.
    """
    found: dict[str, ActivityHistory] = {}
    for name in source.belt.file.classifications:
        other = Source(source.belt, name, Findings(), source.read)
        if name == source.classification or other.spec("activity") is None:
            continue
        table = other.table("industries", INDUSTRY_COLUMNS, ("reason_zh", "reason_en"))
        industries = read_industries(table, other.findings) if table else None
        known = known_industries(industries) if industries is not None else None
        activity = _activity(other, regions, known)
        source.findings.issues.extend(other.findings.errors)
        if industries is not None and activity is not None and not other.findings.errors:
            found[name] = ActivityHistory(name, industries, activity)
    return found


def _sectors(source: Source, industries: Known | None) -> dict[str, pd.DataFrame] | None:
    if source.spec("national") is None:  # parents are codes of the national tables' classification
        return {}
    table = source.table("national_sectors", SECTOR_COLUMNS)
    if table is None:
        if source.spec("national_sectors") is None:
            place = Place(file=BELT_FILE, label="tables")
            source.findings.add("role_needed", place, role="national_sectors", other="national")
        return None
    return read_sectors(table, industries, source.findings)


def _indicators(
    source: Source, regions: Known | None
) -> tuple[pd.DataFrame | None, Indicators | None]:
    findings = source.findings
    table = source.table("indicator_specs", SPEC_COLUMNS[:7], SPEC_COLUMNS[7:])
    specs = read_specs(table, findings) if table else None
    known = (
        Known("indicator", tuple(str(code) for code in specs.index)) if specs is not None else None
    )
    if source.spec("indicators") is not None and source.spec("indicator_specs") is None:
        place = Place(file=BELT_FILE, label="tables")
        findings.add("role_needed", place, role="indicator_specs", other="indicators")
    columns = ("year", "region", "indicator", "value")
    table = source.table("indicators", columns, ("observed_year",))
    return specs, read_indicators(table, regions, known, findings) if table else None


def _geography(
    source: Source, known: Known | None, regions: pd.DataFrame | None
) -> tuple[Mapping[str, Mapping[str, Any]] | None, pd.DataFrame | None, pd.DataFrame | None]:
    findings = source.findings
    spec = source.spec("boundaries")
    data = source.bytes_of(spec) if spec is not None else None
    boundaries = read_boundaries(spec, data, known, findings) if spec and data is not None else None
    pair = ("region_from", "region_to")
    table = source.table("neighbours", pair)
    neighbours = read_neighbours(table, known, findings) if table else None
    if source.spec("neighbours") is None and boundaries is not None and known is not None:
        neighbours = compute_neighbours(boundaries, known)
    table = source.table("distance", (*pair, "km"))
    distance = read_distance(table, known, findings) if table else None
    if source.spec("distance") is None and regions is not None:
        distance = compute_distance(regions)
    return boundaries, neighbours, distance


def _roadmap(
    source: Source, industries: Known | None, sectors: Mapping[str, pd.DataFrame] | None
) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
    findings, reaches = source.findings, source.belt.file.reaches
    table = source.table("roadmap", ROADMAP_COLUMNS[:7], ROADMAP_COLUMNS[7:])
    roadmap = read_roadmap(table, reaches, industries, sectors or {}, findings) if table else None
    table = source.table("roadmap_claims", CLAIM_COLUMNS)
    return roadmap, read_claims(table, reaches, findings) if table else None


def _below(
    source: Source,
    regions: Known | None,
    industries: Known | None,
    boundaries: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, pd.DataFrame | None]:
    """Read what lies below the regions (places, zones and their words) and travel times."""
    findings = source.findings
    found: dict[str, pd.DataFrame | None] = {}
    table = source.table("travel_time", ("region_from", "region_to", "minutes"))
    found["travel_minutes"] = read_travel_time(table, regions, findings) if table else None
    below: tuple[Role, ...] = ("places", "place_groups")
    for role in below:
        table = source.table(role, PLACE_COLUMNS, PLACE_OPTIONAL)
        found[role] = read_places(table, regions, findings) if table else None
    places = found["places"]
    known = Known("place", tuple(map(str, places.index))) if places is not None else None
    table = source.table("place_neighbours", ("place_from", "place_to"))
    found["place_neighbours"] = read_place_neighbours(table, known, findings) if table else None
    table = source.table("zone_terms", TERM_COLUMNS, ("zones", "divisions", "roadmap", "grade"))
    terms = read_terms(table, industries, findings) if table else None
    table = source.table("zones", ZONE_COLUMNS, ZONE_OPTIONAL)
    found["zone_terms"] = terms
    found["zones"] = (
        read_zones(table, regions, places, terms, boundaries, findings) if table else None
    )
    return found
