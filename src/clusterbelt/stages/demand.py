"""Demand: what final demand requires of every industry, and how much more the belt can attain.

The national model (competitive imports, one price level)::

    x = (I - (I - M) A)^-1 ((I - M) f + e)          m = imports / (A x + f)

A technical coefficients of total inputs, f domestic final demand, e exports, m the share of
imports in every domestic use of a product, all of one national table; A and m stay constant.
Final demand grows by category (and by product where a premium is given). Scenario years for which
the belt has a national table are measured, deflated by one price index, and the model goes on
from the last of them.

The provinces' accounts do not add up to the national table (2017: 9 % above it in all, up to a
third in single industries). So only the *growth* of the national model is used.

With an inter-regional table (stage ``interregional``) the model of all regions says where an
industry grows, and what replaced imports and won markets bring to each of them, suppliers
included (``measures/demand_scenario.py``); the table is analysed as well.

Without one, the thin way, said in a message: every region's output of an industry grows by the
national index of that industry (constant shares), and the ceiling of an industry and year, for the
belt as a whole, beyond its baseline, is::

    from imports = import_substitution * ramp * national imports * belt share   (manufacturing)
    from market  = market_gain * ramp * output of the regions outside the belt

``ramp`` rises linearly from 0 in the base year to 1 in the last scenario year. Imports of raw
materials and services are not replaced: what the nation lacks a cluster cannot make. What the
belt wins from the rest of the nation is no gain for the nation; it stands in a column of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.measures.demand_analysis import analyse_model, change_result
from clusterbelt.measures.demand_checks import (
    activity_issues,
    national_table_keys,
    require_reproduced,
    section_issues,
    table_issues,
)
from clusterbelt.measures.demand_path import (
    NationalPath,
    baseline_table,
    ceilings_table,
    national_path,
    regional_base,
    required_output_table,
)
from clusterbelt.measures.demand_regional import (
    attainable_table,
    regional_baseline_table,
    regional_ceilings_table,
    regional_issues,
    scenario_setting,
)
from clusterbelt.measures.demand_scenario import attainable_demand
from clusterbelt.measures.demand_trust import (
    growth_values,
    hindcast_messages,
    hindcast_table,
    hindcast_values,
    measured_message,
    totals_message,
)
from clusterbelt.measures.interregional_method import (
    interregional_from_result,
)
from clusterbelt.measures.interregional_model import InterregionalModel, build_interregional_model
from clusterbelt.measures.national_model import NationalModel, build_national_model
from clusterbelt.model.belt import Belt
from clusterbelt.model.interregional import InterregionalTable
from clusterbelt.model.result import Message, Result, ResultTable

__all__ = ["run"]


def run(
    belt: Belt,
    results: Mapping[str, Result],
    section: DemandSection,
    scope: Scope,
    interregional: InterregionalSection | None = None,
) -> Result:
    """Return required output, baseline and attainable demand, the analysis and the hindcast.

    Reads the result of ``interregional`` where there is one, with the table of an earlier year for
    the decomposition; ``interregional`` is that stage's section.

    Raises
    ------
    InputError
        With every problem of the study's section and of the national tables at once.
    """
    keys = national_table_keys(belt, section)
    table = _table(belt, results, interregional, scope.base_year)
    issues = [*section_issues(section, scope), *table_issues(belt, section, scope, keys)]
    issues += activity_issues(belt, scope)
    if table is not None:
        issues += regional_issues(section, table)
    if issues:
        raise InputError(issues)
    models = [build_national_model(belt.national[key], key) for key in keys]
    models.sort(key=lambda model: model.year)
    require_reproduced(models)
    path = national_path(models, belt, section, scope)
    regional = regional_base(belt, scope)
    parts = [_national(path, models, belt, section)]
    if table is None:
        parts.append(_thin(path, regional, belt, section, scope))
    else:
        model = build_interregional_model(table)
        parts.append(_regional(model, path, regional, belt, section, scope))
        parts.append(analyse_model(belt, model))
        change = _change(belt, results, model, interregional)
        parts += [] if change is None else [change]
    return _joined(parts, totals_message(path, regional["output"], belt, scope))


def _table(
    belt: Belt, results: Mapping[str, Result], own: InterregionalSection | None, year: int
) -> InterregionalTable | None:
    """Return the inter-regional table of the base year, None where the run has none."""
    result = results.get("interregional")
    if result is None or "flows" not in result.tables or result.values["year"].value != year:
        return None
    return interregional_from_result(belt, result, own)


def _change(
    belt: Belt,
    results: Mapping[str, Result],
    model: InterregionalModel,
    own: InterregionalSection | None,
) -> Result | None:
    """Return the decomposition since the study's earlier year, None without a table of it.

    Why there is none, stands in the messages of the stage that estimates it.
    """
    earlier = interregional_from_result(belt, results["interregional"], own, earlier=True)
    if earlier is None:
        return None
    if (earlier.regions, earlier.industries) != (model.table.regions, model.table.industries):
        return Result("demand", messages=(Message("demand.no_earlier", {"year": earlier.year}),))
    return change_result(belt, build_interregional_model(earlier), model)


def _joined(parts: list[Result], first: Message) -> Result:
    tables = {name: table for part in parts for name, table in part.tables.items()}
    values = {name: value for part in parts for name, value in part.values.items()}
    messages = (first, *(message for part in parts for message in part.messages))
    return Result("demand", tables, values, messages)


def _result(tables: list[ResultTable], *messages: Message) -> Result:
    return Result("demand", {table.name: table for table in tables}, {}, messages)


def _national(
    path: NationalPath, models: list[NationalModel], belt: Belt, section: DemandSection
) -> Result:
    """Return what the national model says by itself, and how far to trust it."""
    tables = [required_output_table(path, belt.money_unit)]
    values = growth_values(path)
    messages: list[Message] = []
    if len(models) > 1:
        messages.append(measured_message(models, section))
        hindcast = hindcast_table(models[0], models[-1], path, belt)
        tables.append(hindcast)
        values |= hindcast_values(hindcast.frame)
        messages += hindcast_messages(values, models)
    return Result("demand", {table.name: table for table in tables}, values, tuple(messages))


def _thin(
    path: NationalPath,
    regional: Mapping[str, pd.DataFrame],
    belt: Belt,
    section: DemandSection,
    scope: Scope,
) -> Result:
    """Return baseline and ceilings by constant shares of the nation."""
    tables = [
        baseline_table(path, belt, dict(regional)),
        ceilings_table(path, belt, regional["output"], section, scope),
    ]
    messages = [Message("demand.thin")]
    if section.adjustments or section.technology_change:
        messages.append(Message("demand.thin_ignored"))
    return _result(tables, *messages)


def _regional(
    model: InterregionalModel,
    path: NationalPath,
    regional: Mapping[str, pd.DataFrame],
    belt: Belt,
    section: DemandSection,
    scope: Scope,
) -> Result:
    """Return baseline, ceilings and attainable demand by the inter-regional model."""
    setting = scenario_setting(belt, model.table, path, section, scope)
    found = attainable_demand(model, setting)
    rng = np.random.default_rng(scope.seed)
    tables = [
        regional_baseline_table(model, found, setting, path, regional),
        regional_ceilings_table(model, found, setting, path),
        attainable_table(model, found, setting, rng),
    ]
    params: dict[str, str | float | int] = {
        "regions": len(model.table.regions),
        "industries": len(model.table.industries),
        "concentration": section.concentration,
        "draws": section.draws,
    }
    return _result(tables, Message("demand.attainable", params))
