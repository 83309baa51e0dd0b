"""Advantage: what every region is specialised in, and how its factors fit the industries.

Location quotients and excess are measured against all regions of the tables (the nation) and
against the belt; both stand side by side. Factor intensities are the nation's, from one
input-output table, as standard scores between manufacturing industries; factor abundance of a
region is the mean standard score of a few indicators between all regions. Fit multiplies the two,
takes the mean over factors and is standardised over all regions x manufacturing industries.

The claims of a published roadmap about reaches are tested on what the reach really makes: the
activity-weighted mean score of its manufacturing against the nation's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.advantage import AdvantageSection, Factor
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import ratio, total
from clusterbelt.kernels.composite import aggregate_arithmetic, standardise
from clusterbelt.kernels.specialisation import excess, location_quotient
from clusterbelt.measures.advantage_tables import advantage_tables
from clusterbelt.measures.factors import factor_intensity, service_content, technology_positions
from clusterbelt.measures.reach_claims import claims_by_table, fine_intensity
from clusterbelt.model.belt import Belt, NationalTable
from clusterbelt.model.dims import (
    INDICATOR,
    INDUSTRY,
    REGION,
    VALUE_ADDED_PARTS,
    VARIABLE,
    YEAR,
)
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

Array = NDArray[np.float64]
_FACTORS: Final[tuple[Factor, ...]] = get_args(Factor)
_SHOWN = 10


@dataclass(frozen=True)
class _Activity:
    """Tables of the base year, shape (region, industry), in table order."""

    size: Array
    value_added: Array
    regions: list[str]
    industries: list[str]
    in_belt: NDArray[np.bool_]
    manufacturing: NDArray[np.bool_]


@dataclass(frozen=True)
class _Abundance:
    """Standard scores (region, factor); NaN for a factor without components."""

    score: Array
    components: Mapping[Factor, list[str]]


def run(
    belt: Belt, results: Mapping[str, Result], section: AdvantageSection, scope: Scope
) -> Result:
    """Measure specialisation, factor intensity, factor abundance and fit in the base year.

    Tables ``advantage`` always; ``factor_intensity`` and ``reach_factor`` with a national table;
    ``factor_abundance`` with indicators. What could not be measured is said in a message.

    Raises
    ------
    InputError
        If the activity of the base year is absent, zero everywhere or negative, or the section
        names a national table or technology sectors that the belt does not have.
    """
    issues = _activity_issues(belt, scope) + _national_issues(belt, section)
    if issues:
        raise InputError(issues)
    data, messages = _read_activity(belt, scope)
    intensity, said = _intensity(belt, section, data)
    messages += said
    abundance, said = _abundance(belt, section, scope, data.regions)
    messages += said
    fit = _fit(data, intensity, abundance)
    tables = [_advantage_table(belt, data, fit, scope)]
    if intensity is not None:
        reach_table, said = _reach_table(belt, data, intensity, abundance, section, scope)
        messages += said
        tables += [_intensity_table(intensity), reach_table]
        tables += _finer_tables(belt, data, section)
    if abundance is not None:
        tables.append(_abundance_table(data.regions, abundance))
    extra = advantage_tables(belt, scope)
    tables += extra.tables
    messages += extra.messages
    values = dict(extra.values) | {
        "reference": ResultValue(scope.reference, "D"),
        "activity": ResultValue(scope.activity, "D"),
        "specialised_above": ResultValue(section.specialised_above, "D"),
        "claim_tolerance": ResultValue(section.claim_tolerance, "D"),
    }
    if intensity is not None:
        values["national_table"] = ResultValue(section.national_table, "D")
        values["fit_rank_correlation"] = ResultValue(_agreement(data, fit), "C")
    return Result("advantage", {table.name: table for table in tables}, values, tuple(messages))


def _activity_issues(belt: Belt, scope: Scope) -> list[Issue]:
    years = [int(year) for year in belt.activity[YEAR].values]
    variables = [str(name) for name in belt.activity[VARIABLE].values]
    issues = []
    if scope.base_year not in years:
        params = {"year": str(scope.base_year), "years": first_labels(years, _SHOWN)}
        issues.append(Issue("advantage_no_year", Place(label="scope.base_year"), params))
    if scope.activity not in variables:
        params = {"variable": scope.activity, "there": first_labels(variables, _SHOWN)}
        issues.append(Issue("advantage_no_variable", Place(label="scope.activity"), params))
    if issues:
        return issues
    size = _slice(belt, scope.base_year, scope.activity)
    place = Place(label=scope.activity)
    params = {"year": str(scope.base_year), "variable": scope.activity}
    if not bool(np.any(size > 0)):
        return [Issue("advantage_no_activity", place, params)]
    below = np.argwhere(size < 0)
    if len(below):
        regions, industries = belt.regions.index, belt.industries.index
        cells = [f"{regions[r]} × {industries[i]}" for r, i in below]
        return [Issue("advantage_negative", place, params | {"cells": first_labels(cells)})]
    return []


def _national_issues(belt: Belt, section: AdvantageSection) -> list[Issue]:
    if not belt.national:
        return []
    table = belt.national.get(section.national_table)
    if table is None:
        params = {"table": section.national_table, "there": first_labels(belt.national, _SHOWN)}
        place = Place(label="advantage.national_table")
        return [Issue("advantage_no_national_table", place, params)]
    issues = []
    parts = {str(name) for name in table.value_added[VARIABLE].values}
    absent = [name for name in VALUE_ADDED_PARTS if name not in parts]
    if absent:
        params = {"table": section.national_table, "parts": first_labels(absent)}
        issues.append(Issue("advantage_no_parts", Place(label=section.national_table), params))
    try:
        technology_positions(table, section.technology_sectors)
    except KeyError as error:
        params = {"table": section.national_table, "sectors": first_labels(error.args)}
        place = Place(label="advantage.technology_sectors")
        issues.append(Issue("advantage_technology_sector", place, params))
    return issues


def _slice(belt: Belt, year: int, variable: str) -> Array:
    """Return one variable of one year, shape (region, industry), in table order."""
    cube = belt.activity.sel({YEAR: year, VARIABLE: variable})
    where = {REGION: belt.regions.index.to_numpy(), INDUSTRY: belt.industries.index.to_numpy()}
    values: Array = cube.sel(where).transpose(REGION, INDUSTRY).to_numpy().astype(np.float64)
    return values


def _read_activity(belt: Belt, scope: Scope) -> tuple[_Activity, list[Message]]:
    size = _slice(belt, scope.base_year, scope.activity)
    messages = []
    unknown = int(np.isnan(size).sum())
    if unknown:
        params: dict[str, str | int] = {"count": unknown, "of": size.size}
        messages.append(Message("advantage.activity_missing", params))
    value_added = np.full(size.shape, np.nan)
    if "value_added" in belt.activity[VARIABLE].values:
        value_added = _slice(belt, scope.base_year, "value_added")
    else:
        messages.append(Message("advantage.no_value_added"))
    data = _Activity(
        size=size,
        value_added=value_added,
        regions=[str(code) for code in belt.regions.index],
        industries=[str(code) for code in belt.industries.index],
        in_belt=belt.regions["in_belt"].to_numpy(bool),
        manufacturing=belt.industries["manufacturing"].to_numpy(bool),
    )
    return data, messages


def _intensity(
    belt: Belt, section: AdvantageSection, data: _Activity
) -> tuple[pd.DataFrame | None, list[Message]]:
    """Return factor intensities with their scores between manufacturing industries."""
    if not belt.national:
        return None, [Message("advantage.no_national_table")]
    table = belt.national[section.national_table]
    providers = technology_positions(table, section.technology_sectors)
    try:
        content = service_content(table, providers)
    except ValueError as error:
        place = Place(label=section.national_table)
        raise InputError([Issue("advantage_national_unsolvable", place)]) from error
    frame = factor_intensity(table, content, data.industries)
    among = frame[list(_FACTORS)].to_numpy(np.float64)
    scores = standardise(np.where(data.manufacturing[:, None], among, np.nan), axis=0)
    for j, factor in enumerate(_FACTORS):
        frame[f"{factor}_z"] = scores[:, j]
    frame["strongest"] = [_strongest(row) for row in scores]
    messages = [Message("advantage.no_capital_output")]
    return frame, messages + _mapping_messages(table, frame, data)


def _strongest(scores: Array) -> str:
    """Return the factor with the largest known score, the first of equals; "" if none is known."""
    return "" if np.isnan(scores).all() else str(_FACTORS[int(np.nanargmax(scores))])


def _mapping_messages(table: NationalTable, frame: pd.DataFrame, data: _Activity) -> list[Message]:
    messages = []
    empty = [code for code, count in zip(frame.index, frame["sectors"], strict=True) if not count]
    if empty:
        params: dict[str, str | int] = {
            "count": len(empty),
            "industries": first_labels(empty, _SHOWN),
        }
        messages.append(Message("advantage.industries_without_sector", params))
    foreign = table.sectors.index[~table.sectors["industry"].astype("str").isin(data.industries)]
    if len(foreign):
        params = {"count": len(foreign), "sectors": first_labels(foreign, _SHOWN)}
        messages.append(Message("advantage.sectors_without_industry", params))
    return messages


def _abundance(
    belt: Belt, section: AdvantageSection, scope: Scope, regions: list[str]
) -> tuple[_Abundance | None, list[Message]]:
    """Return factor abundance: the mean standard score of a factor's components."""
    if belt.indicators is None or scope.base_year not in belt.indicators[YEAR].values:
        return None, [Message("advantage.no_indicators")]
    # A region without indicators is absent, that is NaN.
    table = belt.indicators.sel({YEAR: scope.base_year}).reindex(
        {REGION: belt.regions.index.to_numpy()}
    )
    scores = standardise(table.transpose(REGION, INDICATOR).to_numpy().astype(np.float64))
    names = [str(name) for name in table[INDICATOR].values]
    # One that is unknown or the same everywhere says as little as one that is not there.
    column = {name: j for j, name in enumerate(names) if not np.isnan(scores[:, j]).all()}
    score = np.full((len(regions), len(_FACTORS)), np.nan)
    components: dict[Factor, list[str]] = {}
    absent: list[str] = []
    messages = []
    for j, factor in enumerate(_FACTORS):
        signs = section.abundance.get(factor, {})
        used = [name for name in signs if name in column]
        absent += [name for name in signs if name not in column]
        components[factor] = used
        if not used:
            messages.append(Message(f"advantage.factor_left_out.{factor}"))
            continue
        sign = np.array([signs[name] for name in used], dtype=np.float64)
        own = scores[:, [column[name] for name in used]] * sign
        score[:, j] = aggregate_arithmetic(own, missing="skip")
    if absent:
        params: dict[str, str | int] = {
            "count": len(absent),
            "indicators": first_labels(absent, _SHOWN),
        }
        messages.insert(0, Message("advantage.components_absent", params))
    return _Abundance(score, components), messages


def _fit(data: _Activity, intensity: pd.DataFrame | None, abundance: _Abundance | None) -> Array:
    """Return how abundance and intensity agree, standardised over manufacturing cells."""
    nothing = np.full(data.size.shape, np.nan)
    if intensity is None or abundance is None:
        return nothing
    wanted = intensity[[f"{factor}_z" for factor in _FACTORS]].to_numpy(np.float64)
    usable = ~np.isnan(abundance.score).all(axis=0) & ~np.isnan(wanted).all(axis=0)
    if not usable.any():
        return nothing
    agreement = abundance.score[:, usable] @ wanted[:, usable].T / usable.sum()
    return standardise(agreement.ravel(), axis=0).reshape(agreement.shape)


def _agreement(data: _Activity, fit: Array) -> float | None:
    """Return the rank correlation of fit and location quotient: does fit show in what is there?"""
    quotient = location_quotient(data.size, missing="skip")
    pairs = pd.DataFrame({"fit": fit.ravel(), "quotient": quotient.ravel()}).dropna()
    ranks = pairs.rank()
    if len(ranks) == 0 or bool((ranks.nunique() < 2).any()):
        return None
    return float(np.corrcoef(ranks["fit"], ranks["quotient"])[0, 1])


def _belt_quotient(data: _Activity) -> Array:
    quotient = np.full(data.size.shape, np.nan)
    if data.in_belt.any():
        quotient[data.in_belt] = location_quotient(data.size[data.in_belt], missing="skip")
    return quotient


def _reference_share(data: _Activity, scope: Scope) -> Array:
    """Return a region's share of the reference area's industry; NaN for a region outside it."""
    inside = data.in_belt if scope.reference == "belt" else np.ones(len(data.regions), dtype=bool)
    sizes = np.where(inside[:, None], data.size, np.nan)
    return ratio(sizes, total(sizes, 0, "skip"))


def _advantage_table(belt: Belt, data: _Activity, fit: Array, scope: Scope) -> ResultTable:
    """One row per region and industry: regions in table order, industries within them."""
    regions, industries = data.size.shape

    def by_region(values: Sequence[object] | NDArray[np.bool_]) -> NDArray[np.generic]:
        return np.repeat(np.asarray(values), industries)

    frame = pd.DataFrame(
        {
            "region": by_region(data.regions),
            "reach": by_region([str(reach) for reach in belt.regions["reach"]]),
            "in_belt": by_region(data.in_belt),
            "industry": data.industries * regions,
            "activity": data.size.ravel(),
            "value_added": data.value_added.ravel(),
            "share_region": ratio(data.size, total(data.size, 1, "skip")).ravel(),
            "share_reference": _reference_share(data, scope).ravel(),
            "location_quotient_all": location_quotient(data.size, missing="skip").ravel(),
            "location_quotient_belt": _belt_quotient(data).ravel(),
            "excess_value_added": excess(data.value_added, missing="skip").ravel(),
            "fit": fit.ravel(),
            "fit_grade": "C",
            "grade": "A",
        }
    )
    texts = ["region", "reach", "industry", "fit_grade", "grade"]
    frame[texts] = frame[texts].astype("str")
    money = {name: belt.money_unit for name in ("value_added", "excess_value_added")}
    if scope.activity not in ("employment", "co2"):
        money["activity"] = belt.money_unit
    shares = dict.fromkeys(("share_region", "share_reference"), "1")
    shares |= dict.fromkeys(("location_quotient_all", "location_quotient_belt"), "1")
    return ResultTable("advantage", frame, grade="A", units=money | shares)


def _intensity_table(intensity: pd.DataFrame) -> ResultTable:
    """One row per industry, in table order; scores for manufacturing only."""
    columns = [*_FACTORS, *(f"{factor}_z" for factor in _FACTORS), "strongest"]
    frame = intensity[columns].rename_axis("industry").reset_index()
    frame["strongest"] = frame["strongest"].astype("str")
    frame["grade"] = "C"  # the weakest of its parts: labour and capital are measured (A)
    units = {str(factor): "1" for factor in _FACTORS}
    return ResultTable("factor_intensity", frame, grade="C", units=units)


def _abundance_table(regions: list[str], abundance: _Abundance) -> ResultTable:
    """One row per factor and region: factors in order, regions in table order."""
    used = [(j, factor) for j, factor in enumerate(_FACTORS) if abundance.components[factor]]
    frame = pd.DataFrame(
        {
            "region": regions * len(used),
            "factor": np.repeat([factor for _, factor in used], len(regions)),
            "abundance": abundance.score[:, [j for j, _ in used]].T.ravel(),
            "components": np.repeat(
                [";".join(abundance.components[factor]) for _, factor in used], len(regions)
            ),
            "grade": "C",
        }
    )
    texts = ["region", "factor", "components", "grade"]
    frame[texts] = frame[texts].astype("str")
    return ResultTable("factor_abundance", frame, grade="C")


def _claims(belt: Belt) -> dict[tuple[str, str], int]:
    """Return what the roadmap claims of each reach and factor; claims that clash count as none."""
    if belt.roadmap_claims is None:
        return {}
    summed: dict[tuple[str, str], int] = {}
    claims = belt.roadmap_claims
    for reach, factor, direction in zip(
        claims["reach"], claims["factor"], claims["direction"], strict=True
    ):
        key = (str(reach), str(factor))
        summed[key] = summed.get(key, 0) + int(direction)
    return {key: (direction > 0) - (direction < 0) for key, direction in summed.items()}


def _finer_tables(belt: Belt, data: _Activity, section: AdvantageSection) -> list[ResultTable]:
    technology = section.technology_sectors
    claims = claims_by_table(
        belt.national, technology, belt.industries, data.size,
        _reaches(belt), _claims(belt), section.claim_tolerance,
    )  # fmt: skip
    fine = fine_intensity(belt.national, technology, belt.industries)
    return [table for table in (claims, fine) if table is not None]


def _own_shares(
    belt: Belt, data: _Activity, scope: Scope, inside: NDArray[np.bool_]
) -> dict[str, float]:
    """Return labour's and capital's share of the manufacturing value added of some regions.

    From their own accounts: the second road to the claims, for what a reach makes may be made
    there with other factors than in the nation. Empty without the parts of value added.
    """
    there = {str(name) for name in belt.activity[VARIABLE].values}
    if not {*VALUE_ADDED_PARTS} <= there:
        return {}
    cells = np.ix_(inside, data.manufacturing)
    parts = {
        name: float(total(_slice(belt, scope.base_year, name)[cells], (0, 1), "skip")[0, 0])
        for name in VALUE_ADDED_PARTS
    }
    value_added = sum(parts.values())
    capital = parts["depreciation"] + parts["operating_surplus"]
    return {
        "labour": float(ratio(parts["compensation"], value_added)),
        "capital": float(ratio(capital, value_added)),
    }


def _verdict(claim: int, difference: float, tolerance: float) -> str:
    if claim == 0:
        return "no_claim"
    return "supported" if claim * difference > tolerance else "not_supported"


def _reaches(belt: Belt) -> dict[str, NDArray[np.bool_]]:
    """Return which regions belong to each reach of the belt, in the belt's order of reaches."""
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    of = belt.regions["reach"].astype("str").to_numpy()
    there = set(of[in_belt]) - {""}
    order = [name for name in belt.reaches if name in there]
    order += sorted(there - set(order))
    return {name: np.atleast_1d(in_belt & (of == name)) for name in order}


def _reach_table(
    belt: Belt,
    data: _Activity,
    intensity: pd.DataFrame,
    abundance: _Abundance | None,
    section: AdvantageSection,
    scope: Scope,
) -> tuple[ResultTable, list[Message]]:
    """One row per reach and factor: reaches in the belt's order, factors in order.

    Beside the test stand the reach's mean abundance and the factor's share of the manufacturing
    value added in its own accounts and the nation's. A reach without manufacturing, or a factor
    without scores, has no row: nothing can be tested.
    """
    made = np.where(np.isnan(data.size), 0.0, data.size)
    claims = _claims(belt)
    rows, untested = [], []
    nation_share = _own_shares(belt, data, scope, np.ones(len(data.regions), dtype=bool))
    for reach, inside in _reaches(belt).items():
        own_share = _own_shares(belt, data, scope, inside)
        for j, factor in enumerate(_FACTORS):
            scores = intensity[f"{factor}_z"].to_numpy(np.float64)[None, :]
            own, nation = (
                float(aggregate_arithmetic(scores, weights, missing="skip")[0])
                for weights in (made[inside].sum(axis=0), made.sum(axis=0))
            )
            if np.isnan(own - nation):
                untested.append(f"{reach} × {factor}")
                continue
            claim = claims.get((reach, factor), 0)
            endowed = np.nan if abundance is None else float(abundance.score[inside, j].mean())
            rows.append(
                {
                    "reach": reach,
                    "factor": str(factor),
                    "intensity": own,
                    "national": nation,
                    "difference": own - nation,
                    "claim": claim,
                    "verdict": _verdict(claim, own - nation, section.claim_tolerance),
                    "abundance": endowed,
                    "own_share": own_share.get(factor, np.nan),
                    "own_share_national": nation_share.get(factor, np.nan),
                    "grade": "C",
                }
            )
    columns = ["reach", "factor", "intensity", "national", "difference", "claim", "verdict"]
    columns += ["abundance", "own_share", "own_share_national", "grade"]
    frame = pd.DataFrame(rows, columns=columns)
    messages = []
    if untested:
        params: dict[str, str | int] = {
            "count": len(untested),
            "pairs": first_labels(untested, _SHOWN),
        }
        messages.append(Message("advantage.reaches_not_tested", params))
    units = {"own_share": "1", "own_share_national": "1"}
    return ResultTable("reach_factor", frame, grade="C", units=units), messages
