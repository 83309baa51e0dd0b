"""Where the limits of resources, supply and attainable demand come from.

A cap is a share of what a place used in the base year (``build_caps``); the supply of inputs is a
share of the belt's baseline output (``build_supply``); attainable demand by region is the demand
stage's table ``attainable``, where it has one (``build_attainable``). What the data cannot give is
said in a message, and a cap on something nobody measured is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from clusterbelt.config.plan import PlanSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDUSTRY, INDUSTRY_FROM, INDUSTRY_TO, REGION, VARIABLE, YEAR
from clusterbelt.model.result import Message, Result
from clusterbelt.plan.intensity import Use, learn_weight, read_use, steady_intensity
from clusterbelt.plan.problem import BoolArray, Cap, FloatArray, Level, ResourceName, Supply

__all__ = ["Frame", "Resources", "build_attainable", "build_resources", "build_supply"]

_MEASURED: Final[tuple[ResourceName, ...]] = ("labour", "water", "co2")


@dataclass(frozen=True)
class Frame:
    """What all limits are laid out on."""

    regions: list[str]
    reaches: list[str]  # of each region
    industries: list[str]
    end_years: list[int]
    years: FloatArray  # (P) years in each phase


@dataclass(frozen=True)
class Resources:
    """Caps, intensities (R, I, P) by resource, weights of own departures, and what was said."""

    caps: tuple[Cap, ...]
    intensities: Mapping[ResourceName, FloatArray]
    units: Mapping[ResourceName, str]
    weights: Mapping[ResourceName, float]
    messages: tuple[Message, ...]


def _places(frame: Frame, key: str) -> list[tuple[Level, str]] | None:
    """Levels and places that a key of a cap stands for; None for a word nobody knows."""
    reaches = list(dict.fromkeys(reach for reach in frame.reaches if reach))
    if key == "belt":
        return [("belt", "belt")]
    if key == "reach":
        return [("reach", reach) for reach in reaches]
    if key == "region":
        return [("region", region) for region in frame.regions]
    if key in frame.regions:
        return [("region", key)]
    return [("reach", key)] if key in reaches else None


def _members(frame: Frame, level: Level, place: str) -> BoolArray:
    names = frame.regions if level == "region" else frame.reaches
    if level == "belt":
        return np.ones(len(frame.regions), dtype=np.bool_)
    return np.array([name == place for name in names], dtype=np.bool_)


def _caps(
    frame: Frame,
    resource: ResourceName,
    shares: Mapping[str, tuple[float, ...]],
    base: FloatArray,
    intensity: FloatArray,
    unit: str,
) -> list[Cap]:
    """Caps of one resource; ``base`` (R) is its use a year in the base year."""
    found = []
    factor = frame.years if resource == "investment" else np.ones(frame.years.size)
    for key, steps in shares.items():
        for level, place in _places(frame, key) or []:
            members = _members(frame, level, place)
            total = float(base[members].sum())
            share = [steps[min(phase, len(steps) - 1)] for phase in range(frame.years.size)]
            amount = np.asarray(share) * total * factor
            # A place whose base is not known has no cap: infinite, and said by the caller.
            amount = np.where(np.isfinite(amount), amount, np.inf)
            part = np.where(members, base, 0.0) / total if total > 0 else np.zeros(base.size)
            found.append(Cap(resource, level, place, members, intensity, amount, unit, part))
    return found


def _check_keys(frame: Frame, section: PlanSection) -> None:
    issues = []
    for name in ("investment_caps", "labour_caps", "water_caps", "co2_caps"):
        for key in getattr(section, name):
            if _places(frame, key) is None:
                params = {"key": key, "known": first_labels(["region", "reach", "belt"], 5)}
                issues.append(Issue("plan_cap_place", Place(label=f"plan.{name}"), params))
    if issues:
        raise InputError(issues)


def _decline(section: PlanSection, resource: ResourceName) -> float:
    if resource == "labour":
        return 1.0 / (1.0 + section.labour_productivity_growth)
    return 1.0 - (section.water_decline if resource == "water" else section.co2_decline)


def _one_resource(
    belt: Belt, section: PlanSection, scope: Scope, frame: Frame, resource: ResourceName
) -> tuple[Use, FloatArray, float] | None:
    later = read_use(belt, scope.base_year, resource, frame.regions)
    if later is None:
        return None
    earlier = None
    if scope.earlier_year is not None:
        earlier = read_use(belt, scope.earlier_year, resource, frame.regions)
    every = [str(code) for code in belt.industries.index]
    columns = [every.index(code) for code in frame.industries]
    weight = learn_weight(earlier, later, columns)
    base = steady_intensity(later, weight)[:, columns]
    gone = np.array(frame.end_years, dtype=np.float64) - scope.base_year
    return later, base[:, :, None] * _decline(section, resource) ** gone, weight


def build_resources(
    belt: Belt,
    section: PlanSection,
    scope: Scope,
    frame: Frame,
    formation: FloatArray | None,
    capital: FloatArray,
) -> Resources:
    """Caps of investment, labour, water and CO2, and their intensities.

    ``formation`` (R) gross fixed capital formation a year, None where unknown; ``capital`` (I)
    capital per added output.

    Raises
    ------
    InputError
        If a cap names a place nobody knows, or limits water that no table measures.
    """
    _check_keys(frame, section)
    shape = (len(frame.regions), len(frame.industries), frame.years.size)
    caps: list[Cap] = []
    messages: list[Message] = []
    intensities: dict[ResourceName, FloatArray] = {}
    units: dict[ResourceName, str] = {}
    weights: dict[ResourceName, float] = {}
    if section.investment_caps and formation is not None:
        need = np.broadcast_to(capital[None, :, None], shape).copy()
        caps += _caps(
            frame, "investment", section.investment_caps, formation, need, belt.money_unit
        )
    for resource in _MEASURED:
        shares = getattr(section, f"{resource}_caps")
        found = _one_resource(belt, section, scope, frame, resource)
        if found is None:
            if shares and resource == "water":
                raise InputError([Issue("plan_cap_no_water", Place(label="plan.water_caps"))])
            if shares:
                messages.append(Message(f"plan.message.no_{resource}"))
            continue
        use, intensities[resource], weights[resource] = found
        units[resource] = use.unit
        if shares:
            kept = {"kept": 100.0 * weights[resource]}
            messages.append(Message(f"plan.message.steadied_{resource}", kept))
            if use.grade == "C":
                messages.append(Message("plan.message.workers_paid"))
        absent = np.asarray(~np.isfinite(found[1]).all(axis=(0, 2)))
        if shares and absent.any():
            codes = [c for c, yes in zip(frame.industries, absent, strict=True) if yes]
            params = {"industries": first_labels(codes)}
            messages.append(Message(f"plan.message.partly_{resource}", params))
        known = np.isfinite(use.use).any(axis=1)
        base = np.where(known, np.nansum(use.use, axis=1), np.nan)
        caps += _caps(frame, resource, shares, base, found[1], use.unit)
    return Resources(tuple(caps), intensities, units, weights, tuple(messages))


def build_supply(
    belt: Belt,
    section: PlanSection,
    scope: Scope,
    frame: Frame,
    baseline: Mapping[int, FloatArray],
) -> tuple[Supply | None, list[Message]]:
    """Input coefficients and supply of manufactured products; None where not limited or known.

    ``A[r,j,i]``: ``own_ratio_weight`` of the region's own coefficient and the rest of the belt's,
    as for value added. ``baseline`` holds, by end year, the output (R, J) of every industry of the
    belt's tables; the supply of a phase is ``supply_share`` of it.
    """
    if section.supply_share is None:
        return None, []
    flows = belt.intermediate
    if flows is None or scope.base_year not in flows[YEAR].values:
        return None, [Message("plan.message.no_supply")]
    every = [str(code) for code in belt.industries.index]
    made = belt.industries["manufacturing"].to_numpy(dtype=np.bool_)
    products = [code for code, yes in zip(every, made, strict=True) if yes]
    where = {YEAR: scope.base_year, REGION: frame.regions,
             INDUSTRY_FROM: products, INDUSTRY_TO: frame.industries}  # fmt: skip
    bought = flows.sel(where).transpose(REGION, INDUSTRY_FROM, INDUSTRY_TO).to_numpy()
    output = _output(belt, scope, frame)
    own = np.divide(
        bought, output[:, None, :], out=np.full(bought.shape, np.nan), where=output[:, None, :] > 0
    )
    whole = np.nansum(output, axis=0)
    shared = np.divide(
        np.nansum(bought, axis=0), whole, out=np.full(bought.shape[1:], np.nan), where=whole > 0
    )
    weight = section.own_ratio_weight
    blend = np.where(np.isfinite(own), weight * own + (1.0 - weight) * shared, shared[None])
    columns = [every.index(code) for code in products]
    amount = np.stack([baseline[year][:, columns] for year in frame.end_years], axis=2)
    supply = section.supply_share * np.maximum(np.nan_to_num(amount), 0.0)
    return Supply(tuple(products), np.nan_to_num(blend), supply), []


def _output(belt: Belt, scope: Scope, frame: Frame) -> FloatArray:
    where = {YEAR: scope.base_year, VARIABLE: "output", REGION: frame.regions,
             INDUSTRY: frame.industries}  # fmt: skip
    return belt.activity.sel(where).transpose(REGION, INDUSTRY).to_numpy().astype(np.float64)


def build_attainable(
    results: Mapping[str, Result], frame: Frame
) -> tuple[FloatArray | None, list[Message]]:
    """Most output each region can add by its attainable demand, (R, I, P); None without a table.

    A cell the table does not know has no limit of its own (infinite); one below zero has zero.
    """
    table = results["demand"].tables.get("attainable")
    if table is None:
        return None, []
    rows = table.frame
    limits = []
    for year in frame.end_years:
        mine = rows[rows["year"] == year].pivot(
            index="region", columns="industry", values="ceiling"
        )
        limits.append(
            mine.reindex(index=frame.regions, columns=frame.industries).to_numpy(np.float64)
        )
    values = np.stack(limits, axis=2)
    unknown = np.isnan(values)
    if unknown.all():
        return None, []
    messages = []
    if unknown.any():
        messages.append(Message("plan.message.attainable_partly", {"count": int(unknown.sum())}))
    return np.where(unknown, np.inf, np.maximum(values, 0.0)), messages
