"""Tables of the advantage stage beside quotients and factors: structure, growth, complexity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.scope import Scope
from clusterbelt.kernels import complexity, concentration
from clusterbelt.kernels.agglomeration import ellison_glaeser_bounds
from clusterbelt.kernels.arithmetic import ratio, total
from clusterbelt.kernels.growth import shift_share
from clusterbelt.kernels.specialisation import gradient_parts
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDICATOR, INDUSTRY, REGION, VARIABLE, YEAR
from clusterbelt.model.result import Message, ResultTable, ResultValue

__all__ = ["Extra", "advantage_tables"]

Array = NDArray[np.float64]
_INEQUALITY = ("gdp_per_head", "labour_productivity", "manufacturing_value_added_per_head")


@dataclass(frozen=True)
class Extra:
    """Tables, values and remarks to add to the stage's result."""

    tables: tuple[ResultTable, ...]
    values: dict[str, ResultValue]
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class _Cube:
    belt: Belt
    scope: Scope
    regions: list[str]
    industries: list[str]
    making: NDArray[np.bool_]

    def variables(self) -> set[str]:
        return {str(name) for name in self.belt.activity[VARIABLE].values}

    def read(self, variable: str, year: int | None = None) -> Array:
        where = {
            YEAR: self.scope.base_year if year is None else year,
            VARIABLE: variable,
            REGION: self.belt.regions.index.to_numpy(),
            INDUSTRY: self.belt.industries.index.to_numpy(),
        }
        cube = self.belt.activity.sel(where).transpose(REGION, INDUSTRY)
        values: Array = cube.to_numpy().astype(np.float64)
        return values

    def cells(self, columns: dict[str, Array]) -> pd.DataFrame:
        """One row per region and manufacturing industry, in table order."""
        made = [code for code, yes in zip(self.industries, self.making, strict=True) if yes]
        data: dict[str, object] = {
            "region": np.repeat(self.regions, len(made)),
            "industry": made * len(self.regions),
        }
        return _texts(pd.DataFrame(data | {k: v.ravel() for k, v in columns.items()}))


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    for name in ("region", "industry", "indicator", "index", "grade"):
        if name in frame.columns:
            frame[name] = frame[name].astype("str")
    return frame


def advantage_tables(belt: Belt, scope: Scope) -> Extra:
    """Measure structure, concentration, inequality, growth, gradient, trade and complexity.

    Tables of what the belt's data allow: ``region_structure``, ``concentration``; with indicators
    ``inequality``; with an earlier year ``shift_share``; with parts of value added ``gradient``;
    with exports and outflow ``trade_advantage``; with two manufacturing industries
    ``region_complexity``, ``industry_complexity`` and ``relatedness``. What is lacking is said.
    """
    cube = _Cube(
        belt,
        scope,
        [str(code) for code in belt.regions.index],
        [str(code) for code in belt.industries.index],
        belt.industries["manufacturing"].to_numpy(bool),
    )
    size = cube.read(scope.activity)
    tables = [_structure(cube, size), _concentration(cube, size)]
    messages: list[Message] = []
    values: dict[str, ResultValue] = {}
    for build in (_inequality, _shift_share, _gradient, _trade):
        table, said = build(cube)
        tables += [table] if table is not None else []
        messages += said
    more, values, said = _complexity(cube, size[:, cube.making])
    return Extra((*tables, *more), values, (*messages, *said))


def _structure(cube: _Cube, size: Array) -> ResultTable:
    frame = pd.DataFrame(
        {
            "region": cube.regions,
            "hhi": concentration.hhi(size),
            "equivalent_number": concentration.equivalent_number(size),
            "krugman_total": concentration.krugman(size, against="total"),
            "krugman_others": concentration.krugman(size, against="mean_of_others"),
        }
    )
    return ResultTable(
        "region_structure", _texts(frame), "A", dict.fromkeys(frame.columns[1:], "1")
    )


def _concentration(cube: _Cube, size: Array) -> ResultTable:
    whole = size.sum(axis=1)
    bounds = ellison_glaeser_bounds(size)
    frame = pd.DataFrame(
        {
            "industry": cube.industries,
            "gini_unweighted": concentration.locational_gini(size, whole),
            "gini_lorenz": concentration.locational_gini(size, whole, kind="lorenz"),
            "hoover": concentration.hoover(size, whole),
            "hhi": concentration.hhi(size, axis=-2),
            "ellison_glaeser_lower": bounds.lower,
            "ellison_glaeser_upper": bounds.upper,
            "ellison_glaeser_grade": "C",
        }
    )
    frame["ellison_glaeser_grade"] = frame["ellison_glaeser_grade"].astype("str")
    return ResultTable("concentration", _texts(frame), "A", dict.fromkeys(frame.columns[1:7], "1"))


def _inequality(cube: _Cube) -> tuple[ResultTable | None, list[Message]]:
    """Theil T and L of a few indicators over the belt's regions, split by reach."""
    belt = cube.belt
    if belt.indicators is None or cube.scope.base_year not in belt.indicators[YEAR].values:
        return None, []
    inside = belt.regions["in_belt"].to_numpy(bool)
    reach = belt.regions["reach"].astype("str").to_numpy()[inside]
    table = belt.indicators.sel({YEAR: cube.scope.base_year}).reindex(
        {REGION: belt.regions.index.to_numpy()[inside]}
    )
    names = {str(name) for name in table[INDICATOR].values}
    rows = []
    for name in _INEQUALITY:
        values = (
            table.sel({INDICATOR: name}).to_numpy().astype(np.float64) if name in names else None
        )
        if values is None or np.isnan(values).any() or bool((values < 0).any()) or not len(values):
            continue
        for kind in ("t", "l"):
            between, within = concentration.theil_decomposition(values, reach, kind=kind)
            whole = between + within
            rows.append(
                {
                    "indicator": name,
                    "index": kind.upper(),
                    "total": float(whole),
                    "between": float(between),
                    "within": float(within),
                    "between_share": float(ratio(between, whole)),
                }
            )
    if not rows:
        return None, []
    units = dict.fromkeys(("total", "between", "within", "between_share"), "1")
    message = Message("advantage.inequality_unweighted", {"count": int(inside.sum())})
    return ResultTable("inequality", _texts(pd.DataFrame(rows)), "A", units), [message]


def _shift_share(cube: _Cube) -> tuple[ResultTable | None, list[Message]]:
    """Growth of manufacturing from the earlier year, in current prices; the nation is all."""
    earlier, later = cube.scope.earlier_year, cube.scope.base_year
    if earlier is None or earlier not in cube.belt.activity[YEAR].values or earlier >= later:
        return None, [Message("advantage.no_earlier_year")]
    start = cube.read(cube.scope.activity, earlier)
    end = cube.read(cube.scope.activity)
    if not bool((start >= 0).all() and (end >= 0).all()):
        return None, [Message("advantage.shift_share_unknown", {"year": earlier})]
    parts = shift_share(start[:, cube.making], end[:, cube.making])
    columns = {
        "start": start[:, cube.making],
        "change": parts.change,
        "national": parts.national,
        "mix": parts.mix,
        "regional": parts.regional,
    }
    frame = cube.cells(columns)
    units = {}
    if cube.scope.activity not in ("employment", "co2"):
        units = dict.fromkeys(columns, cube.belt.money_unit)
    message = Message("advantage.current_prices", {"start": earlier, "end": later})
    return ResultTable("shift_share", frame, "B", units), [message]


def _gradient(cube: _Cube) -> tuple[ResultTable | None, list[Message]]:
    """Gradient with pay for labour and depreciation for capital: both stand in for what lacks."""
    if not {"value_added", "compensation", "depreciation"} <= cube.variables():
        return None, [Message("advantage.no_gradient")]
    value, pay, worn = (
        np.where(table > 0, table, np.nan)
        for table in (cube.read(name) for name in ("value_added", "compensation", "depreciation"))
    )
    found = gradient_parts(value, pay, worn, missing="skip")
    columns = {
        "gradient": found.coefficient[:, cube.making],
        "location_quotient": found.location_quotient[:, cube.making],
        "labour_productivity": found.labour[:, cube.making],
        "capital_productivity": found.capital[:, cube.making],
    }
    table = ResultTable("gradient", cube.cells(columns), "C", dict.fromkeys(columns, "1"))
    return table, [Message("advantage.gradient_proxies")]


def _trade(cube: _Cube) -> tuple[ResultTable | None, list[Message]]:
    """Revealed advantage on what leaves the region, for other provinces and abroad together."""
    if not {"outflow", "exports"} <= cube.variables():
        return None, [Message("advantage.no_trade")]
    sold = cube.read("outflow") + cube.read("exports")
    sold = np.where(sold >= 0, sold, np.nan)[:, cube.making]
    if np.isnan(sold).all():
        return None, [Message("advantage.no_trade")]
    # The totals leave unknown cells out: one unknown margin must not silence a province.
    own = ratio(sold, total(sold, 1, "skip"))
    whole = total(sold, 0, "skip")
    found = ratio(own, ratio(whole, total(whole, 1, "skip")))
    frame = cube.cells({"sold": sold, "rca": found})
    size = cube.read(cube.scope.activity)[:, cube.making]
    nothing = int(((sold == 0) & (size > 0)).sum())
    units = {"sold": cube.belt.money_unit, "rca": "1"}
    said = [Message("advantage.trade_margins", {"count": nothing, "of": sold.size})]
    return ResultTable("trade_advantage", frame, "C", units), said


def _ranks(values: Array) -> Array:
    return np.asarray(pd.Series(values).rank(), dtype=np.float64)


def _stability(advantage: Array, eci: Array) -> Array:
    """Rank correlation of the index with itself when each industry in turn is left out."""
    found = []
    for i in range(advantage.shape[1]):
        other, _ = complexity.eci_pci(np.delete(advantage, i, axis=1))
        both = ~np.isnan(other) & ~np.isnan(eci)
        if both.sum() > 2:
            found.append(np.corrcoef(_ranks(eci[both]), _ranks(other[both]))[0, 1])
    return np.array(found)


def _complexity(
    cube: _Cube, size: Array
) -> tuple[tuple[ResultTable, ...], dict[str, ResultValue], list[Message]]:
    if size.shape[1] < 2 or size.shape[0] < 2 or np.isnan(size).any():
        return (), {}, [Message("advantage.no_complexity")]
    advantage = complexity.rca(size)
    eci, pci = complexity.eci_pci(advantage)
    fit, hard = complexity.fitness(advantage)
    density = complexity.relatedness_density(advantage)
    has = complexity.presence(advantage)
    made = [code for code, yes in zip(cube.industries, cube.making, strict=True) if yes]
    by_region = pd.DataFrame(
        {
            "region": cube.regions,
            "diversity": has.sum(axis=1),
            "eci": eci,
            "fitness": fit,
            "outlook": complexity.complexity_outlook(advantage, density, pci),
        }
    )
    by_industry = pd.DataFrame(
        {"industry": made, "ubiquity": has.sum(axis=0), "pci": pci, "fitness_complexity": hard}
    )
    cells = cube.cells({"presence": has, "rca": advantage, "density": density})
    tables = (
        ResultTable("region_complexity", _texts(by_region), "C"),
        ResultTable("industry_complexity", _texts(by_industry), "C"),
        ResultTable("relatedness", cells, "C", {"rca": "1", "density": "1"}),
    )
    again = _stability(advantage, eci)
    if not len(again):
        return tables, {}, []
    both = ~np.isnan(eci)
    tie = float(np.corrcoef(eci[both], has.sum(axis=1)[both])[0, 1])
    turned = int((again < 0).sum())
    values = {
        "eci_stability_median": ResultValue(float(np.median(np.abs(again))), "C"),
        "eci_stability_least": ResultValue(float(np.abs(again).min()), "C"),
        "eci_turned": ResultValue(turned, "C"),
        "eci_diversity_correlation": ResultValue(tie, "C"),
    }
    params: dict[str, str | float | int] = {
        "regions": size.shape[0],
        "industries": size.shape[1],
        "median": f"{np.median(np.abs(again)):.2f}",
        "least": f"{np.abs(again).min():.2f}",
        "turned": turned,
        "correlation": f"{tie:.2f}",
    }
    return tables, values, [Message("advantage.complexity_power", params)]
