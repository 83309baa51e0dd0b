"""Lines of a roadmap held against the evidence: verdict, duplication, feasibility, a better line.

A line names a place (a reach, or one region) and an industry, or several with shares. Its quotient
in a region is the mean of the region's location quotients in those industries, weighted by the
shares. The *main* industry of a line is the one with its largest share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from clusterbelt.config.audit import AuditSection

__all__ = ["COLUMNS", "VERDICTS", "Claims", "Evidence", "Place", "audit_lines"]

VERDICTS: Final = ("supported", "mixed", "not_supported", "not_testable")
COLUMNS: Final = (
    "reach",
    "region",
    "cluster",
    "name_zh",
    "name_en",
    "industries",
    "best_region",
    "best_location_quotient",
    "specialised_regions",
    "regions",
    "measured_share",
    "plan_share",
    "in_plan",
    "also_claimed_by",
    "duplicates",
    "feasible_regions",
    "best_readiness",
    "better_region",
    "better_region_quotient",
    "better_industry",
    "better_industry_region",
    "better_industry_readiness",
    "verdict",
    "reason",
    "grade",
)


@dataclass(frozen=True)
class Evidence:
    """What lines are held against."""

    quotients: pd.DataFrame  # region x industry, location quotients
    regions: pd.DataFrame  # index region: reach, in_belt
    core: pd.DataFrame | None = None  # reach, region, industry of what the plan makes core
    standing: pd.DataFrame | None = None  # region, industry, readiness, eligible


@dataclass(frozen=True)
class Place:
    """Where a line is to be built: a reach, or one region of it."""

    reach: str
    region: str  # empty for a whole reach
    members: tuple[str, ...]

    @property
    def code(self) -> str:
        """Code of the region, or of the reach."""
        return self.region or self.reach


@dataclass(frozen=True)
class Claims:
    """Main industries that the whole roadmap claims, by place, and every industry it names."""

    main: Mapping[str, tuple[str, ...]]  # place -> main industries of its lines
    named: Mapping[str, frozenset[str]]  # place -> all industries of its lines


def audit_lines(roadmap: pd.DataFrame, evidence: Evidence, section: AuditSection) -> pd.DataFrame:
    """Return one row per line of the roadmap, in its order, with ``COLUMNS``.

    The roadmap has the columns reach, cluster, name_zh, name_en, industry, weight, grade, and
    perhaps region: then the line is for that region alone.

    ``also_claimed_by``: other places, joined by ``;``, with a line of the same main industry.
    ``feasible_regions``: regions of the place that the plan's thresholds let into the main
    industry; NaN where the plan does not say. ``better_region``: the belt region outside the place
    with the highest quotient, where it beats the place's best and is specialised.
    ``better_industry``: of what the thresholds let a region of the place into and the roadmap does
    not name there, what is core in the plan first, then the readiest.
    """
    table = roadmap if "region" in roadmap else roadmap.assign(region="")
    lines = [
        (_place(str(reach), str(region), evidence.regions), line)
        for (reach, region, _), line in table.groupby(["reach", "region", "cluster"], sort=False)
    ]
    main: dict[str, tuple[str, ...]] = {}
    named: dict[str, frozenset[str]] = {}
    for place, line in lines:
        main[place.code] = (*main.get(place.code, ()), _main(line))
        named[place.code] = named.get(place.code, frozenset()) | set(line["industry"])
    claims = Claims(main, named)
    rows = [_audit_line(line, place, evidence, claims, section) for place, line in lines]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _place(reach: str, region: str, regions: pd.DataFrame) -> Place:
    if region:
        return Place(str(regions.at[region, "reach"]), region, (region,))
    inside = regions[regions["in_belt"].to_numpy(bool) & (regions["reach"] == reach).to_numpy(bool)]
    return Place(reach, "", tuple(str(code) for code in inside.index))


def _main(line: pd.DataFrame) -> str:
    """Return the industry with the largest share; of equals the first."""
    return str(line["industry"].iloc[int(np.argmax(line["weight"].to_numpy(np.float64)))])


def _duplication(line: pd.DataFrame, place: Place, claims: Claims) -> dict[str, Any]:
    own = _main(line)
    others = [code for code, mains in claims.main.items() if code != place.code and own in mains]
    return {"also_claimed_by": ";".join(others), "duplicates": len(others)}


def _feasibility(line: pd.DataFrame, place: Place, standing: pd.DataFrame | None) -> dict[str, Any]:
    nothing = {"feasible_regions": np.nan, "best_readiness": np.nan}
    if standing is None:
        return nothing
    rows = standing[standing["region"].isin(place.members) & (standing["industry"] == _main(line))]
    if rows.empty:
        return nothing
    return {
        "feasible_regions": float(rows["eligible"].astype(bool).sum()),
        "best_readiness": float(rows["readiness"].max()),
    }


def _better(
    used: pd.DataFrame,
    place: Place,
    best: float,
    evidence: Evidence,
    claims: Claims,
    section: AuditSection,
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "better_region": "",
        "better_region_quotient": np.nan,
        "better_industry": "",
        "better_industry_region": "",
        "better_industry_readiness": np.nan,
    }
    belt = evidence.regions.index[evidence.regions["in_belt"].to_numpy(bool)]
    outside = [str(code) for code in belt if str(code) not in place.members]
    if not used.empty and outside:
        there = evidence.quotients.reindex(index=outside)
        line = _line_quotients(there, used["industry"].tolist(), used["weight"])
        top = line.max()
        if top > section.specialised_above and not top <= best:
            found |= {"better_region": str(line.idxmax()), "better_region_quotient": float(top)}
    return found | _better_industry(place, evidence, claims)


def _better_industry(place: Place, evidence: Evidence, claims: Claims) -> dict[str, Any]:
    standing = evidence.standing
    if standing is None:
        return {}
    rows = standing[
        standing["region"].isin(place.members)
        & standing["eligible"].astype(bool)
        & ~standing["industry"].isin(claims.named[place.code])
    ]
    if rows.empty:
        return {}
    core = evidence.core
    planned: set[tuple[str, str]] = set()
    if core is not None and "region" in core:
        planned = set(zip(core["region"], core["industry"], strict=True))
    in_plan = [pair in planned for pair in zip(rows["region"], rows["industry"], strict=True)]
    ordered = rows.assign(in_plan=in_plan).sort_values(
        ["in_plan", "readiness"], ascending=False, kind="stable"
    )
    top = ordered.iloc[0]
    return {
        "better_industry": str(top["industry"]),
        "better_industry_region": str(top["region"]),
        "better_industry_readiness": float(top["readiness"]),
    }


def _line_quotients(quotients: pd.DataFrame, industries: Sequence[str], weights: Any) -> pd.Series:
    """Return the weighted mean quotient per region; NaN where one of them is unknown."""
    known = quotients.reindex(columns=list(industries)).to_numpy(np.float64)
    shares = np.asarray(weights, dtype=np.float64)
    return pd.Series(known @ (shares / shares.sum()), index=quotients.index)


def _audit_line(
    line: pd.DataFrame,
    place: Place,
    evidence: Evidence,
    claims: Claims,
    section: AuditSection,
) -> dict[str, Any]:
    head = line.iloc[0]
    quotients = evidence.quotients.reindex(index=list(place.members))
    known = quotients.notna().any(axis=0)
    figures = line["industry"].isin(known.index[known.to_numpy(bool)]).to_numpy(bool)
    own = line["grade"].isin(["A", "B"]).to_numpy(bool)
    measured_share = _share(line, figures & own)
    testable = measured_share >= section.testable_share - 1e-9
    # A line without figures of its own is still described by what stands for it.
    used = line[figures & own if testable else figures]
    row: dict[str, Any] = {
        "reach": place.reach,
        "region": place.region,
        "cluster": str(head["cluster"]),
        "name_zh": str(head["name_zh"]),
        "name_en": str(head["name_en"]),
        "industries": ";".join(line["industry"]),
        "measured_share": measured_share,
        "grade": max(used["grade"]) if testable else "C",
    }
    row |= _evidence(used, quotients, section)
    row |= _place_in_plan(line, place, evidence.core, section)
    row |= _duplication(line, place, claims)
    row |= _feasibility(line, place, evidence.standing)
    row |= _better(used, place, row["best_location_quotient"], evidence, claims, section)
    row["verdict"], row["reason"] = _verdict(row, testable, bool(figures.any()), section)
    return row


def _share(line: pd.DataFrame, rows: Any) -> float:
    weights = line["weight"].to_numpy(np.float64)
    return float(weights[rows].sum() / weights.sum())


def _evidence(used: pd.DataFrame, quotients: pd.DataFrame, section: AuditSection) -> dict[str, Any]:
    """Return the best region, the first of equals, and how many regions are specialised."""
    nothing = {"best_region": "", "best_location_quotient": np.nan, "regions": len(quotients)}
    if used.empty:
        return nothing | {"specialised_regions": 0}
    line = _line_quotients(quotients, used["industry"].tolist(), used["weight"])
    specialised = int((line > section.specialised_above).sum())
    if line.isna().all():
        return nothing | {"specialised_regions": specialised}
    best = str(line.idxmax())
    return {
        "best_region": best,
        "best_location_quotient": float(line[best]),
        "specialised_regions": specialised,
        "regions": len(quotients),
    }


def _place_in_plan(
    line: pd.DataFrame, place: Place, core: pd.DataFrame | None, section: AuditSection
) -> dict[str, Any]:
    if core is None:
        return {"plan_share": np.nan, "in_plan": ""}
    column, code = ("region", place.region) if place.region else ("reach", place.reach)
    chosen = set(core.loc[core[column] == code, "industry"])
    share = _share(line, line["industry"].isin(chosen).to_numpy(bool))
    if share <= 0.0:
        state = "none"
    else:
        state = "yes" if share >= section.in_plan_share - 1e-9 else "partly"
    return {"plan_share": share, "in_plan": state}


def _verdict(
    row: Mapping[str, Any], testable: bool, has_figures: bool, section: AuditSection
) -> tuple[str, str]:
    if not has_figures or np.isnan(row["best_location_quotient"]):
        return "not_testable", "no_figures"
    if not testable:
        return "not_testable", "no_class"
    detail = "own" if row["grade"] == "A" else "parent"
    count = int(row["specialised_regions"])
    if count == 0:
        return "not_supported", f"none_{detail}"
    if count >= section.supported_share * int(row["regions"]):
        return "supported", f"most_{detail}"
    return "mixed", f"some_{detail}"
