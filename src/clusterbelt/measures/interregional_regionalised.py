"""Accounts of regions without tables: a national table scaled down by location quotients.

Inputs per output, value added per output and import shares are the nation's. Of what an industry
or final buyer needs from the nation, the region itself supplies the share that the quotient says
(at most all), the rest comes from other regions; what it makes and neither uses nor exports goes
to them. Final demand is spread over regions by value added. All of it is grade C or D.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import ratio
from clusterbelt.kernels.regionalisation import regional_coefficients, regionalisation_quotient
from clusterbelt.measures.interregional_accounts import Accounts
from clusterbelt.measures.national_model import EXPORTS
from clusterbelt.model.belt import Belt, NationalTable

__all__ = [
    "National",
    "Regional",
    "national_by_industry",
    "regionalise",
    "regionalised_accounts",
]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class National:
    """A national table by the belt's N industries; K categories, P parts of value added."""

    categories: tuple[str, ...]
    parts: tuple[str, ...]
    intermediate: Array  # (N, N), all sources
    final: Array  # (N, K), without exports
    exports: Array  # (N,)
    imports: Array  # (N,)
    value_added: Array  # (P, N)
    output: Array  # (N,)


def national_by_industry(table: NationalTable, industries: list[str]) -> National:
    """Add the sectors of a national table up to the belt's industries.

    Raises
    ------
    ValueError
        If an industry has no sector.
    """
    sectors = [str(code) for code in table.sectors.index]
    parents = table.sectors["industry"].astype(str).to_numpy()
    lost = sorted(set(industries) - set(parents))
    if lost:
        raise ValueError(f"no sector for {first_labels(lost)}")
    member = np.array([parents == code for code in industries], dtype=np.float64)  # (N, S)
    flows = table.intermediate.transpose("sector_from", "sector_to")
    flows = flows.sel(sector_from=sectors, sector_to=sectors)
    final = table.final_demand.transpose("category", "sector").sel(sector=sectors)
    names = [str(name) for name in final["category"].values]
    kept = [name for name in names if name != EXPORTS]
    added = table.value_added.transpose("variable", "sector").sel(sector=sectors)
    return National(
        categories=tuple(kept),
        parts=tuple(str(name) for name in added["variable"].values),
        intermediate=member @ flows.to_numpy() @ member.T,
        final=member @ final.sel(category=kept).to_numpy().T,
        exports=member @ final.sel(category=EXPORTS).to_numpy(),
        imports=member @ table.imports.sel(sector=sectors).to_numpy(),
        value_added=added.to_numpy() @ member.T,
        output=member @ table.output.sel(sector=sectors).to_numpy(),
    )


@dataclass(frozen=True)
class Regional:
    """What regionalising gives; R regions."""

    intermediate: Array  # (R, N, N), all sources
    final: Array  # (R, N, K)
    value_added: Array  # (R, P, N)
    exports: Array  # (N, R)
    imports: Array  # (N, R)
    outflow: Array  # (N, R)
    inflow: Array  # (N, R)


def regionalise(
    national: National, output: Array, quotient: str, delta: float | None = None
) -> Regional:
    """Scale a national table down to regions.

    Parameters
    ----------
    national
        The nation's table.
    output
        Output of the regions, shape (N, R). Its sums may differ from the nation's; exports and
        final demand are scaled to it.
    quotient, delta
        As :func:`clusterbelt.kernels.regionalisation.regionalisation_quotient`. Region and nation
        are compared by output; the nation is the sum of the regions.

    Raises
    ------
    ValueError
        If an industry has output in a region and none in the nation, or delta is missing.
    """
    made = output.sum(axis=1)
    if bool(((national.output <= 0.0) & (made > 0.0)).any()):
        raise ValueError("an industry has output in a region and none in the nation")
    per = np.divide(1.0, national.output, out=np.zeros_like(made), where=national.output > 0.0)
    coefficients = national.intermediate * per[None, :]
    added = national.value_added * per[None, :]
    intermediate = coefficients[None] * output.T[:, None, :]
    value_added = added[None] * output.T[:, None, :]
    by_region = value_added.sum(axis=(1, 2))
    size = float(by_region.sum()) / float(national.value_added.sum())
    final = national.final[None] * size * (by_region / by_region.sum())[:, None, None]
    use = (intermediate.sum(axis=2) + final.sum(axis=2)).T
    needed = national.intermediate.sum(axis=1) + national.final.sum(axis=1)
    share = np.nan_to_num(ratio(national.imports, needed))[:, None]
    imports = np.clip(share, 0.0, 1.0) * use
    exports = np.minimum((national.exports * per)[:, None] * output, output)
    own = np.zeros_like(output)
    for at in range(output.shape[1]):
        q = np.nan_to_num(_quotient(output[:, at], made, quotient, delta), posinf=1.0)
        kept = regional_coefficients(coefficients, q) @ output[:, at]
        simple = np.nan_to_num(
            regionalisation_quotient(output[:, at], made, "slq")[:, 0], posinf=1.0
        )
        kept = kept + np.minimum(simple, 1.0) * final[at].sum(axis=1)
        own[:, at] = kept
    own = np.clip(own * (1.0 - np.clip(share, 0.0, 1.0)), 0.0, None)
    own = np.minimum(np.minimum(own, output - exports), use - imports)
    own = np.maximum(own, 0.0)
    return Regional(
        intermediate, final, value_added, exports, imports, output - exports - own,
        use - imports - own,
    )  # fmt: skip


def _quotient(region: Array, nation: Array, quotient: str, delta: float | None) -> Array:
    if quotient in ("flq", "aflq"):
        return regionalisation_quotient(region, nation, quotient, delta)  # type: ignore[arg-type]
    return regionalisation_quotient(region, nation, quotient)  # type: ignore[arg-type]


def regionalised_accounts(belt: Belt, year: int, section: InterregionalSection) -> Accounts:
    """Return accounts of all regions from the section's national table.

    Raises
    ------
    InputError
        With everything that is missing: the national table, delta, output, distances.
    """
    regions = tuple(str(code) for code in belt.regions.index)
    industries = tuple(str(code) for code in belt.industries.index)
    issues = list(_issues(belt, year, section))
    if issues or belt.distance_km is None:
        raise InputError(issues)
    try:
        national = national_by_industry(belt.national[section.national_table], list(industries))
    except ValueError as problem:
        params = {"table": section.national_table, "labels": str(problem)}
        place = Place(label="interregional.national_table")
        raise InputError([Issue("interregional_sectors", place, params)]) from problem
    cube = belt.activity.sel(
        year=year, variable="output", region=list(regions), industry=list(industries)
    )
    output = np.asarray(cube.transpose("industry", "region").values, dtype=np.float64)
    delta = section.delta if section.quotient in ("flq", "aflq") else None
    made = regionalise(national, output, section.quotient, delta)
    return Accounts(
        year=year,
        classification=belt.classification,
        money_unit=belt.money_unit,
        regions=regions,
        industries=industries,
        categories=national.categories,
        value_added_parts=national.parts,
        intermediate=made.intermediate,
        final=made.final,
        value_added=made.value_added,
        output=output,
        exports=made.exports,
        imports=made.imports,
        outflow=made.outflow,
        inflow=made.inflow,
        distance=belt.distance_km.loc[list(regions), list(regions)].to_numpy(dtype=np.float64),
        materials=belt.industries["materials"].to_numpy(dtype=bool),
        fingerprint=belt.fingerprint,
    )


def _issues(belt: Belt, year: int, section: InterregionalSection) -> list[Issue]:
    issues = []
    if section.national_table not in belt.national:
        params = {
            "table": section.national_table,
            "known": first_labels(sorted(belt.national)) or "-",
        }
        place = Place(label="interregional.national_table")
        issues.append(Issue("interregional_national", place, params))
    if section.quotient in ("flq", "aflq") and section.delta is None:
        params = {"quotient": section.quotient}
        issues.append(Issue("interregional_delta", Place(label="interregional.delta"), params))
    if belt.distance_km is None:
        place = Place(label=str(year))
        issues.append(Issue("interregional_no_table", place, {"table": "distance"}))
    known = [int(one) for one in belt.activity["year"].values]
    if year not in known:
        params = {"table": "activity", "known": first_labels(known)}
        issues.append(Issue("interregional_year", Place(label=str(year)), params))
        return issues
    output = belt.activity.sel(year=year, variable="output")
    gap = output.isnull().any("industry")
    lost = [str(code) for code in output["region"].values[gap.to_numpy()]]
    if lost:
        params = {"labels": first_labels(lost), "year": str(year)}
        place = Place(file="activity", label=lost[0])
        issues.append(Issue("interregional_region_missing", place, params))
    return issues
