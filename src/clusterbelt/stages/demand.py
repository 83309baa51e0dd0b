"""Demand: what final demand requires of every industry, and how much more the belt can attain.

The national model (competitive imports, one price level)::

    x = (I - (I - M) A)^-1 ((I - M) f + e)          m = imports / (A x + f)

A technical coefficients of total inputs, f domestic final demand, e exports, m the share of
imports in every domestic use of a product, all of one national table; A and m stay constant.
Final demand grows by category (and by product where a premium is given). Scenario years for which
the belt has a national table are measured, deflated by one price index, and the model goes on
from the last of them.

The provinces' accounts do not add up to the national table (2017: 9 % above it in all, up to a
third in single industries). So only the *growth* of the national model is used: every region's
output of an industry grows by the national index of that industry (constant shares), and value
added with it (constant ratio). "National output" in the ceilings is the sum of the regions.

Ceiling of an industry and year, for the belt as a whole, beyond its baseline::

    from imports = import_substitution * ramp * national imports * belt share   (manufacturing)
    from market  = market_gain * ramp * output of the regions outside the belt

``ramp`` rises linearly from 0 in the base year to 1 in the last scenario year. Imports of raw
materials and services are not replaced: what the nation lacks a cluster cannot make. What
suppliers of the replaced imports would sell in turn is left out, which keeps the ceiling low.
What the belt wins from the rest of the nation is no gain for the nation; the ceiling says so in a
column of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.demand import DemandSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.measures.national_model import (
    NationalModel,
    build_national_model,
    reproduction_gap,
    solve_national_model,
    sum_by_industry,
)
from clusterbelt.model.belt import Belt, NationalTable
from clusterbelt.model.result import Grade, Message, Result, ResultTable, ResultValue

__all__ = ["run"]

_CONSTANT: Final = "inventory_change"  # can be of either sign: growth would mean nothing
_TOLERANCE: Final = 1e-8  # of output: how well the model must give back its own base year

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Path:
    """The national economy by year, in the purchasing power of the base year."""

    output: pd.DataFrame  # industry x year
    imports: pd.DataFrame  # industry x year
    value_added: pd.Series  # by year
    measured: frozenset[int]


def run(belt: Belt, results: Mapping[str, Result], section: DemandSection, scope: Scope) -> Result:
    """Return required output, baseline of the belt's regions, ceilings and the hindcast.

    Raises
    ------
    InputError
        With every problem of the study's section and of the national tables at once.
    """
    keys = _table_keys(belt, section)
    issues = [*_section_issues(section, scope), *_table_issues(belt, section, scope, keys)]
    issues += _activity_issues(belt, scope)
    if issues:
        raise InputError(issues)
    models = [build_national_model(belt.national[key], key) for key in keys]
    models.sort(key=lambda model: model.year)
    _require_reproduced(models)
    path = _path(models, belt, section, scope)
    regional = _regional(belt, scope)
    tables = [
        _required_output(path, belt.money_unit),
        _baseline(path, belt, regional),
        _ceilings(path, belt, regional["output"], section, scope),
    ]
    messages = [_totals_message(path, regional["output"], belt, scope)]
    values = _growth_values(path)
    if len(models) > 1:
        messages.append(_measured_message(models, section))
        hindcast = _hindcast(models[0], models[-1], path, belt)
        tables.append(hindcast)
        values |= _hindcast_values(hindcast.frame)
        messages += _hindcast_messages(values, models)
    return Result(
        stage="demand",
        tables={table.name: table for table in tables},
        values=values,
        messages=tuple(messages),
    )


# --- what must be there


def _table_keys(belt: Belt, section: DemandSection) -> list[str]:
    """Keys of the base table and the measured tables, in the order of their years."""
    base = section.national_table
    if section.measured_tables is not None:
        return [base, *section.measured_tables]
    if base not in belt.national:
        return [base]
    first = belt.national[base]
    later = {
        table.year: key
        for key, table in sorted(belt.national.items())
        if table.classification == first.classification
        and table.year > first.year
        and table.year in section.years
        and len(table.sectors) == len(first.sectors)
    }
    return [base, *(later[year] for year in sorted(later))]


def _section_issues(section: DemandSection, scope: Scope) -> list[Issue]:
    issues = []
    years = [scope.base_year, *section.years]
    if len(years) < 2 or any(second <= first for first, second in pairwise(years)):
        listed = ", ".join(str(year) for year in section.years)
        params = {"years": listed, "base_year": str(scope.base_year)}
        issues.append(Issue("demand_years", Place(label="demand.years"), params))
    for category, rates in section.growth.items():
        place = Place(label=f"demand.growth.{category}")
        if len(rates) != len(section.years):
            params = {
                "category": category,
                "rates": str(len(rates)),
                "years": str(len(section.years)),
            }
            issues.append(Issue("demand_growth_length", place, params))
        if any(rate <= -1 for rate in rates):
            issues.append(Issue("demand_growth_rate", place, {"category": category}))
    return issues


def _table_issues(
    belt: Belt, section: DemandSection, scope: Scope, keys: Iterable[str]
) -> list[Issue]:
    issues = []
    for key in keys:
        if key not in belt.national:
            params = {"table": key, "known": first_labels(sorted(belt.national)) or "-"}
            issues.append(Issue("demand_table", Place(label=key), params))
            continue
        table = belt.national[key]
        base = key == section.national_table
        wanted = (scope.base_year,) if base else section.years
        if table.year not in wanted or (not base and table.year <= scope.base_year):
            params = {
                "table": key,
                "year": str(table.year),
                "wanted": ", ".join(str(year) for year in wanted),
            }
            issues.append(Issue("demand_table_year", Place(label=key), params))
        issues += _sector_issues(belt, section, table, key)
    return issues


def _sector_issues(
    belt: Belt, section: DemandSection, table: NationalTable, key: str
) -> list[Issue]:
    place = Place(label=key)
    parents = table.sectors["industry"].astype(str)
    sectors = set(table.sectors.index.astype(str))
    categories = {str(one) for one in table.final_demand["category"].values}
    grows = categories - {_CONSTANT}
    blocks = (
        table.intermediate,
        table.final_demand,
        table.imports,
        table.output,
        table.value_added,
    )
    unknown = {
        "demand_sector_industry": sorted(set(parents) - set(belt.industries.index)),
        "demand_industry_sector": sorted(set(belt.industries.index) - set(parents)),
        "demand_growth_missing": sorted(grows - set(section.growth)),
        "demand_growth_unknown": sorted(set(section.growth) - grows),
        "demand_premium": sorted(set(section.growth_premium) - sectors - set(parents)),
    }
    issues = [
        Issue(code, place, {"table": key, "labels": first_labels(labels)})
        for code, labels in unknown.items()
        if labels
    ]
    if any(bool(block.isnull().any()) for block in blocks):
        issues.append(Issue("demand_table_gaps", place, {"table": key}))
    idle = table.output.sel(sector=list(table.sectors.index)).to_numpy() == 0
    bought = table.intermediate.sel(sector_to=list(table.sectors.index)).sum("sector_from")
    wrong = table.sectors.index[idle & (bought.to_numpy() != 0)]
    if len(wrong):
        params = {"table": key, "labels": first_labels(wrong)}
        issues.append(Issue("demand_inputs", place, params))
    return issues


def _activity_issues(belt: Belt, scope: Scope) -> list[Issue]:
    issues = []
    if scope.base_year not in belt.activity["year"].values:
        known = ", ".join(str(year) for year in belt.activity["year"].values)
        params = {"year": str(scope.base_year), "known": known}
        issues.append(Issue("demand_base_year", Place(label="activity"), params))
    missing = {"output", "value_added"} - set(belt.activity["variable"].values.tolist())
    if missing:
        params = {"labels": first_labels(sorted(missing))}
        issues.append(Issue("demand_variables", Place(label="activity"), params))
    return issues


def _require_reproduced(models: Iterable[NationalModel]) -> None:
    """Raise unless the model gives back the output of each table it starts from."""
    issues = []
    for model in models:
        if bool((model.import_share > 1).any()):
            over = np.flatnonzero(model.import_share > 1)
            labels = first_labels(model.sectors[one] for one in over)
            params = {"table": model.key, "labels": labels}
            issues.append(Issue("demand_imports", Place(label=model.key), params))
            continue
        gap = reproduction_gap(model)
        worst = str(gap.idxmax())
        if gap[worst] > _TOLERANCE:
            params = {"table": model.key, "sector": worst, "gap": f"{gap[worst]:.3g}"}
            issues.append(Issue("demand_unbalanced", Place(label=model.key), params))
    if issues:
        raise InputError(issues)


# --- the national model


def _factors(
    model: NationalModel, section: DemandSection, scope: Scope, year: int
) -> dict[str, Numbers]:
    """Growth of every category of final demand from the model's year to ``year``, by sector."""
    premium = np.array(
        [
            section.growth_premium.get(sector, section.growth_premium.get(industry, 0.0))
            for sector, industry in zip(model.sectors, model.industry, strict=True)
        ]
    )
    factors = {str(name): np.ones(len(premium)) for name in model.final_demand}
    for period, (start, end) in enumerate(pairwise([scope.base_year, *section.years])):
        if start < model.year or end > year:
            continue
        for category in factors:
            if category != _CONSTANT:
                rate = section.growth[category][period] + premium
                factors[category] = factors[category] * (1 + rate) ** (end - start)
    return factors


def _path(models: list[NationalModel], belt: Belt, section: DemandSection, scope: Scope) -> _Path:
    """Measured where there is a table, modelled from the last table before where there is none."""
    industries = [str(code) for code in belt.industries.index]
    output, imports, value_added = {}, {}, {}
    for year in (scope.base_year, *section.years):
        model = next(one for one in reversed(models) if one.year <= year)
        if model.year == year:
            made, bought = model.output, model.imports
        else:
            made, bought = solve_national_model(model, _factors(model, section, scope, year))
        prices = (1 + section.price_change) ** (model.year - scope.base_year)
        output[year] = sum_by_industry(model, made / prices, industries)
        imports[year] = sum_by_industry(model, bought / prices, industries)
        per_output = np.nan_to_num(ratio(model.value_added, model.output))
        value_added[year] = float((per_output * made).sum() / prices)
    return _Path(
        output=pd.DataFrame(output),
        imports=pd.DataFrame(imports),
        value_added=pd.Series(value_added),
        measured=frozenset(model.year for model in models),
    )


# --- tables


def _regional(belt: Belt, scope: Scope) -> dict[str, pd.DataFrame]:
    """Output and value added of all regions in the base year, region x industry."""
    base = belt.activity.sel(year=scope.base_year).transpose("variable", "region", "industry")
    base = base.sel(region=list(belt.regions.index), industry=list(belt.industries.index))
    return {
        variable: pd.DataFrame(
            base.sel(variable=variable).to_numpy(),
            index=belt.regions.index.astype(str),
            columns=belt.industries.index.astype(str),
        )
        for variable in ("output", "value_added")
    }


def _index(path: _Path) -> pd.DataFrame:
    """Output of each industry over its base year, industry x year."""
    base = path.output.iloc[:, [0]].to_numpy()
    return pd.DataFrame(
        ratio(path.output.to_numpy(), base), index=path.output.index, columns=path.output.columns
    )


def _grades(years: pd.Series, path: _Path, base: str) -> list[str]:
    """``base`` in the base year; measured later years need a price index (C); the rest is D."""
    first = path.output.columns[0]
    return [base if year == first else "C" if year in path.measured else "D" for year in years]


def _required_output(path: _Path, money: str) -> ResultTable:
    labels = [list(path.output.columns), list(path.output.index)]
    rows = pd.MultiIndex.from_product(labels, names=["year", "industry"])
    frame = rows.to_frame(index=False)
    frame["output"] = path.output.to_numpy().T.ravel()
    frame["index"] = _index(path).to_numpy().T.ravel()
    frame["grade"] = _grades(frame["year"], path, "A")
    units = {"output": money, "index": "1"}
    return ResultTable("required_output", frame, "D", units)


def _baseline(path: _Path, belt: Belt, regional: dict[str, pd.DataFrame]) -> ResultTable:
    regions, industries = belt.belt_regions, list(path.output.index)
    index = _index(path)
    labels = [regions, industries, list(index.columns)]
    rows = pd.MultiIndex.from_product(labels, names=["region", "industry", "year"])
    frame = rows.to_frame(index=False)
    for variable, table in regional.items():
        grown = table.loc[regions, industries].to_numpy()[:, :, None] * index.to_numpy()[None]
        frame[variable] = grown.ravel()
    frame["grade"] = _grades(frame["year"], path, "A")
    units = dict.fromkeys(regional, belt.money_unit)
    return ResultTable("baseline", frame, "D", units)


def _ceilings(
    path: _Path, belt: Belt, output: pd.DataFrame, section: DemandSection, scope: Scope
) -> ResultTable:
    industries, years = list(path.output.index), list(section.years)
    growth = _index(path)[years].to_numpy()
    in_belt = output.loc[belt.belt_regions, industries].sum(skipna=False).to_numpy()
    everywhere = output[industries].sum(skipna=False).to_numpy()
    baseline = in_belt[:, None] * growth
    national = everywhere[:, None] * growth
    share = ratio(in_belt, everywhere)[:, None]
    ramp = (np.array(years) - scope.base_year) / (years[-1] - scope.base_year)
    made_here = belt.industries.loc[industries, "manufacturing"].to_numpy(bool)[:, None]
    from_imports = (
        section.import_substitution * ramp * path.imports[years].to_numpy() * share * made_here
    )
    from_market = section.market_gain * ramp * (national - baseline)
    columns = {
        "national_output": national,
        "belt_share": share + 0.0 * national,
        "baseline_output": baseline,
        "from_imports": from_imports,
        "from_market": from_market,
        "attainable_output": baseline + from_imports + from_market,
        "ceiling": from_imports + from_market,
    }
    rows = pd.MultiIndex.from_product([industries, years], names=["industry", "year"])
    frame = rows.to_frame(index=False)
    for name, values in columns.items():
        frame[name] = values.ravel()
    frame["imports_base_year"] = np.repeat(path.imports[scope.base_year].to_numpy(), len(years))
    frame["grade"] = "D"
    units = dict.fromkeys([*columns, "imports_base_year"], belt.money_unit) | {"belt_share": "1"}
    return ResultTable("ceilings", frame, "D", units)


# --- how far to trust it


def _hindcast(first: NationalModel, last: NationalModel, path: _Path, belt: Belt) -> ResultTable:
    """The scenario's own method from the base table to the last measured one.

    Category totals of the later table are given; the pattern over industries is what is tested.
    """
    industries = list(path.output.index)
    totals = last.final_demand.sum() / first.final_demand.sum()
    ones = np.ones(len(first.sectors))
    factors = {
        str(name): ones * (1.0 if name == _CONSTANT else totals[name])
        for name in map(str, first.final_demand)
    }
    made, _ = solve_national_model(first, factors)
    base = sum_by_industry(first, first.output, industries).to_numpy()
    modelled = sum_by_industry(first, made, industries).to_numpy()
    measured = sum_by_industry(last, last.output, industries).to_numpy()
    frame = pd.DataFrame(
        {
            "industry": industries,
            "manufacturing": belt.industries.loc[industries, "manufacturing"].to_numpy(bool),
            "year_from": first.year,
            "year_to": last.year,
            "output": base,
            "index_modelled": ratio(modelled, base),
            "index_measured": ratio(measured, base),
        }
    )
    units = {"output": belt.money_unit, "index_modelled": "1", "index_measured": "1"}
    return ResultTable("hindcast", frame, "C", units)


def _hindcast_values(hindcast: pd.DataFrame) -> dict[str, ResultValue]:
    made = hindcast[hindcast["manufacturing"]]
    ranks = made[["index_modelled", "index_measured"]].rank().to_numpy()
    ranks = ranks - ranks.mean(axis=0)
    spread = float(np.sqrt((ranks**2).sum(axis=0).prod()))
    correlation = float((ranks[:, 0] * ranks[:, 1]).sum()) / spread if spread else float("nan")
    growth = {
        kind: float((made["output"] * made[f"index_{kind}"]).sum() / made["output"].sum() - 1)
        for kind in ("modelled", "measured")
    }
    return {
        "hindcast_rank_correlation": _known(correlation, "C"),
        "hindcast_manufacturing_growth_modelled": _known(growth["modelled"], "C"),
        "hindcast_manufacturing_growth_measured": _known(growth["measured"], "A"),
    }


def _known(value: float, grade: Grade) -> ResultValue:
    """A single figure; None where it is not known."""
    return ResultValue(value if np.isfinite(value) else None, grade)


def _measured_message(models: list[NationalModel], section: DemandSection) -> Message:
    years = ", ".join(str(model.year) for model in models[1:])
    params = {"years": years, "price_change": f"{section.price_change:.1%}"}
    return Message("demand.measured_years", params)


def _hindcast_messages(
    values: Mapping[str, ResultValue], models: list[NationalModel]
) -> list[Message]:
    figures = [
        values[f"hindcast_{name}"].value
        for name in (
            "rank_correlation",
            "manufacturing_growth_modelled",
            "manufacturing_growth_measured",
        )
    ]
    if None in figures:
        return []
    correlation, modelled, measured = figures
    params: dict[str, str | float | int] = {
        "year_from": models[0].year,
        "year_to": models[-1].year,
        "correlation": f"{correlation:.2f}",
        "modelled": f"{modelled:.1%}",
        "measured": f"{measured:.1%}",
    }
    return [Message("demand.hindcast", params)]


def _growth_values(path: _Path) -> dict[str, ResultValue]:
    """Yearly growth of national value added up to each scenario year: what the rates imply."""
    years = list(path.value_added.index)
    return {
        f"value_added_growth_{end}": _known(
            float((path.value_added[end] / path.value_added[start]) ** (1 / (end - start)) - 1),
            "C" if end in path.measured else "D",
        )
        for start, end in pairwise(years)
    }


def _totals_message(path: _Path, output: pd.DataFrame, belt: Belt, scope: Scope) -> Message:
    """Say how far the regions' sum is from the national table."""
    table = path.output[scope.base_year]
    gap = (output[list(table.index)].sum(skipna=False) / table.where(table != 0)).dropna()
    furthest = str((gap - 1).abs().idxmax())
    total = float(output.to_numpy().sum() / table.sum())
    return Message(
        "demand.regional_totals",
        {
            "year": scope.base_year,
            "total": f"{total:.3f}",
            "industry": furthest,
            "ratio": f"{float(gap.loc[furthest]):.2f}",
        },
    )
