"""Audit: each line of a published roadmap, held against the evidence and the plan.

A line says that a reach should build a named cluster; the roadmap table gives the shares of that
name in the industries of the tables, each with the grade of detail (A the industry itself, B part
of it, C no class of its own). A region's quotient in a line is the mean of its location quotients
in those industries, weighted by the shares; industries of grade C and unknown quotients are left
out as long as enough of the line remains, else the line is not testable.

The verdict rests on the statistics alone. Whether the plan has the line too is said beside it: a
plan that follows a roadmap does not support it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from clusterbelt.config.audit import AuditSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import first_labels
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["VERDICTS", "run"]

VERDICTS: Final = ("supported", "mixed", "not_supported", "not_testable")
_COLUMNS: Final = (
    "reach",
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
    "verdict",
    "reason",
    "grade",
)
_QUOTIENT: Final = {"all": "location_quotient_all", "belt": "location_quotient_belt"}
_SHOWN: Final = 10


def run(belt: Belt, results: Mapping[str, Result], section: AuditSection, scope: Scope) -> Result:
    """Give a verdict on every line of the belt's roadmap.

    Reads the table ``advantage`` of the stage of that name and, where there is one, the table
    ``assignments`` of the plan. Table ``audit``: one row per line, in the roadmap's order;
    ``specialised_regions`` of ``regions`` exceed the threshold, ``measured_share`` of the line has
    figures, ``plan_share`` of it is core in the reach (NaN and ``in_plan`` empty without a plan);
    ``reason`` is the last part of the key ``audit.reason.<reason>``. The grade is the coarsest of
    what was measured, C for a line that is not testable.

    Without a roadmap there is no table, and a message says so.
    """
    values = {name: ResultValue(getattr(section, name), "D") for name in type(section).model_fields}
    values["reference"] = ResultValue(scope.reference, "D")
    if belt.roadmap is None or belt.roadmap.empty:
        return Result("audit", {}, values, (Message("audit.message.no_roadmap"),))
    quotients = _quotients(results["advantage"].frame("advantage"), scope)
    core = _core(results)
    rows = []
    for (reach, _), line in belt.roadmap.groupby(["reach", "cluster"], sort=False):
        inside = [
            code for code in belt.belt_regions if str(belt.regions.at[code, "reach"]) == reach
        ]
        rows.append(_audit_line(line, quotients.reindex(index=inside), core, section))
    frame = pd.DataFrame(rows, columns=list(_COLUMNS))
    for verdict in VERDICTS:
        count = int((frame["verdict"] == verdict).sum())
        values[verdict] = ResultValue(count, "B" if verdict != "not_testable" else "C")
    units = {"best_location_quotient": "1", "measured_share": "1", "plan_share": "1"}
    table = ResultTable("audit", frame, grade="B", units=units)
    return Result("audit", {"audit": table}, values, _messages(belt, quotients, core))


def _quotients(advantage: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Return location quotients, region x industry, against the study's reference area."""
    return advantage.pivot(
        index="region", columns="industry", values=_QUOTIENT[scope.reference]
    ).astype(np.float64)


def _core(results: Mapping[str, Result]) -> pd.DataFrame | None:
    """Return reach and industry of everything the plan makes core; None without a plan."""
    if "plan" not in results or "assignments" not in results["plan"].tables:
        return None
    assigned = results["plan"].frame("assignments")
    return assigned.loc[assigned["role"].isin(["lead", "partner"]), ["reach", "industry"]]


def _line_quotients(quotients: pd.DataFrame, industries: Sequence[str], weights: Any) -> pd.Series:
    """Return the weighted mean quotient per region; NaN where one of them is unknown."""
    known = quotients.reindex(columns=list(industries)).to_numpy(np.float64)
    shares = np.asarray(weights, dtype=np.float64)
    return pd.Series(known @ (shares / shares.sum()), index=quotients.index)


def _audit_line(
    line: pd.DataFrame,
    quotients: pd.DataFrame,
    core: pd.DataFrame | None,
    section: AuditSection,
) -> dict[str, Any]:
    head = line.iloc[0]
    known = quotients.notna().any(axis=0)
    figures = line["industry"].isin(known.index[known.to_numpy(bool)]).to_numpy(bool)
    own = line["grade"].isin(["A", "B"]).to_numpy(bool)
    measured_share = _share(line, figures & own)
    testable = measured_share >= section.testable_share - 1e-9
    # A line without figures of its own is still described by what stands for it.
    used = line[figures & own if testable else figures]
    row: dict[str, Any] = {
        "reach": str(head["reach"]),
        "cluster": str(head["cluster"]),
        "name_zh": str(head["name_zh"]),
        "name_en": str(head["name_en"]),
        "industries": ";".join(line["industry"]),
        "measured_share": measured_share,
        "grade": max(used["grade"]) if testable else "C",
    }
    row |= _evidence(used, quotients, section)
    row |= _place_in_plan(line, str(head["reach"]), core, section)
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
    line: pd.DataFrame, reach: str, core: pd.DataFrame | None, section: AuditSection
) -> dict[str, Any]:
    if core is None:
        return {"plan_share": np.nan, "in_plan": ""}
    chosen = set(core.loc[core["reach"] == reach, "industry"])
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


def _messages(
    belt: Belt, quotients: pd.DataFrame, core: pd.DataFrame | None
) -> tuple[Message, ...]:
    assert belt.roadmap is not None
    messages = []
    if core is None:
        messages.append(Message("audit.message.no_plan"))
    industries = dict.fromkeys(str(code) for code in belt.roadmap["industry"])
    absent = [code for code in industries if code not in quotients.columns]
    if absent:
        params: dict[str, str | float | int] = {
            "count": len(absent),
            "industries": first_labels(absent, _SHOWN),
        }
        messages.append(Message("audit.message.unknown_industries", params))
    return tuple(messages)
