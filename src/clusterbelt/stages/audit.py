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

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from clusterbelt.config.audit import AuditSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import first_labels
from clusterbelt.measures.audit_lines import VERDICTS, Evidence, audit_lines
from clusterbelt.model.belt import Belt
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["VERDICTS", "audit_roadmap", "run"]

_QUOTIENT: Final = {"all": "location_quotient_all", "belt": "location_quotient_belt"}
_SHOWN: Final = 10
_ONES: Final = (
    "best_location_quotient",
    "measured_share",
    "plan_share",
    "best_readiness",
    "better_region_quotient",
    "better_industry_readiness",
)


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
    return audit_roadmap(belt.roadmap, belt.regions, results, section, scope)


def audit_roadmap(
    roadmap: pd.DataFrame | None,
    regions: pd.DataFrame,
    results: Mapping[str, Result],
    section: AuditSection,
    scope: Scope,
) -> Result:
    """Audit any roadmap; as :func:`run`, which does it with the belt's own."""
    values = {name: ResultValue(getattr(section, name), "D") for name in type(section).model_fields}
    values["reference"] = ResultValue(scope.reference, "D")
    if roadmap is None or roadmap.empty:
        return Result("audit", {}, values, (Message("audit.message.no_roadmap"),))
    quotients = _quotients(results["advantage"].frame("advantage"), scope)
    core = _core(results)
    evidence = Evidence(quotients, regions, core, _standing(results))
    frame = audit_lines(roadmap, evidence, section)
    for verdict in VERDICTS:
        count = int((frame["verdict"] == verdict).sum())
        values[verdict] = ResultValue(count, "B" if verdict != "not_testable" else "C")
    units = dict.fromkeys(_ONES, "1")
    table = ResultTable("audit", frame, grade="B", units=units)
    return Result("audit", {"audit": table}, values, _messages(roadmap, quotients, core))


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
    wanted = [name for name in ("reach", "region", "industry") if name in assigned]
    return assigned.loc[assigned["role"].isin(["lead", "partner"]), wanted]


def _standing(results: Mapping[str, Result]) -> pd.DataFrame | None:
    """Return readiness of every pair and whether the plan's thresholds let it in."""
    if "plan" not in results or "readiness" not in results["plan"].tables:
        return None
    return results["plan"].frame("readiness")


def _messages(
    roadmap: pd.DataFrame, quotients: pd.DataFrame, core: pd.DataFrame | None
) -> tuple[Message, ...]:
    messages = []
    if core is None:
        messages.append(Message("audit.message.no_plan"))
    industries = dict.fromkeys(str(code) for code in roadmap["industry"])
    absent = [code for code in industries if code not in quotients.columns]
    if absent:
        params: dict[str, str | float | int] = {
            "count": len(absent),
            "industries": first_labels(absent, _SHOWN),
        }
        messages.append(Message("audit.message.unknown_industries", params))
    return tuple(messages)
