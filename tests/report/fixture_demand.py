"""Tables of the inter-regional demand model and of coordination in the synthetic run."""

import numpy as np
import pandas as pd

from clusterbelt.model.result import ResultTable

_FACTORS = ("technology", "sourcing", "domestic_demand", "exports", "unbalanced")
_GROUPS = ("lower", "middle", "upper", "rest")


def _pairs(belt, codes):
    rows = pd.MultiIndex.from_product([belt, codes], names=["region", "industry"])
    return rows.to_frame(index=False)


def _multipliers(belt, codes, rng):
    frame = _pairs(belt, codes)
    shares = rng.dirichlet((6, 1, 2, 1), len(frame))
    frame["output"] = rng.uniform(1.8, 3.2, len(frame))
    frame["output_own"], frame["output_belt"] = 0.6 * frame["output"], 0.8 * frame["output"]
    frame["value_added"] = shares[:, :3].sum(axis=1)
    frame["value_added_own"] = shares[:, 0]
    frame["value_added_belt"] = shares[:, :2].sum(axis=1)
    frame["imports"] = shares[:, 3]
    frame["income"] = 0.5 * frame["value_added"]
    frame["co2"] = rng.uniform(5e3, 3e4, len(frame))
    frame.loc[0, ["output", "value_added", "imports"]] = np.nan
    return frame


def _attainable(belt, codes, rng):
    rows = pd.MultiIndex.from_product(
        [belt, codes, (2020, 2025, 2030, 2035)], names=["region", "industry", "year"]
    )
    frame = rows.to_frame(index=False)
    frame["baseline"] = rng.uniform(500, 5000, len(frame))
    frame["ceiling"] = 0.1 * frame["baseline"]
    frame["ceiling_low"], frame["ceiling_high"] = 0.5 * frame["ceiling"], 1.6 * frame["ceiling"]
    return frame


def _traded(belt, rng):
    consumers = [*belt, "rest", "abroad", "unbalanced"]
    rows = pd.MultiIndex.from_product([belt, consumers], names=["region_from", "consumer"])
    frame = rows.to_frame(index=False)
    frame["share"] = np.concatenate([rng.dirichlet(np.ones(len(consumers))) for _ in belt])
    frame["value_added"] = 5000 * frame["share"]
    return frame


def _reaches(rng):
    users = [*_GROUPS, "abroad", "unbalanced"]
    rows = pd.MultiIndex.from_product([_GROUPS, users], names=["group_from", "group_to"])
    frame = rows.to_frame(index=False)
    frame["share"] = np.concatenate([rng.dirichlet(np.ones(len(users))) for _ in _GROUPS])
    frame["value_added"] = 2e4 * frame["share"]
    frame["balance"] = 0.0
    return frame


def _effects(rng):
    rows = []
    for group in _GROUPS:
        rows += [(group, group, "own", 1.8), (group, group, "feedback", 0.02)]
        rows += [
            (group, one, "spillover", rng.uniform(0.02, 0.4)) for one in _GROUPS if one != group
        ]
    frame = pd.DataFrame(rows, columns=["group", "receiver", "effect", "per_demand"])
    return frame.assign(final_demand=1e4, output=1e4 * frame["per_demand"])


def _extraction(belt, codes, rng):
    rows = [("region", one) for one in belt] + [("industry", one) for one in codes[:4]]
    frame = pd.DataFrame(rows, columns=["kind", "subject"])
    for name in ("output", "output_lost_belt", "output_lost_rest", "value_added_lost"):
        frame[name] = rng.uniform(100, 9000, len(frame))
    return frame.assign(loss_per_output=0.5)


def _decomposition(belt, codes, rng):
    frame = _pairs(belt, codes).assign(year_from=2012, year_to=2017, output_from=1000.0)
    for factor in _FACTORS:
        frame[factor] = rng.normal(100, 80, len(frame))
    frame["output_to"] = frame["output_from"] + frame[list(_FACTORS)].sum(axis=1)
    return frame


def more_demand(regions, industries, rng):
    """Every table of demand that rests on the inter-regional model."""
    belt, codes = list(regions.index[regions["in_belt"]]), list(industries.index)
    frames = {
        "attainable": _attainable(belt, codes, rng),
        "multipliers": _multipliers(belt, codes, rng),
        "linkages": _pairs(belt, codes).assign(
            backward=2.0, forward=2.5, key=rng.random(len(belt) * len(codes)) < 0.3
        ),
        "value_added_trade": _traded(belt, rng),
        "value_added_reaches": _reaches(rng),
        "reach_effects": _effects(rng),
        "extraction": _extraction(belt, codes, rng),
        "decomposition": _decomposition(belt, codes, rng),
    }
    grades = {"attainable": "D"}
    return {name: ResultTable(name, frame, grades.get(name, "C")) for name, frame in frames.items()}


def more_coordination(regions, codes, rng):
    """Totals of matches, technology potential and coordination degree."""
    belt = list(regions.index[regions["in_belt"]])
    totals = pd.DataFrame({"industry": codes})
    for name in ("bought_outside", "bought_abroad", "supplier_room", "matched_at_once"):
        totals[name] = rng.uniform(100, 5000, len(codes))
    totals["matched_share"] = 0.4
    pairs = [(one, two) for one in belt for two in belt if one != two]
    technology = pd.DataFrame(pairs, columns=["region_from", "region_to"])
    technology["potential"] = np.sort(rng.uniform(1, 130, len(pairs)))[::-1]
    technology = technology.assign(
        low=0.5 * technology["potential"], high=1.5 * technology["potential"],
        share_of_bought=0.1, bought=500.0, sold=400.0, nearness=0.9, distance_km=400.0,
    )  # fmt: skip
    reaches = list(dict.fromkeys(regions.loc[belt, "reach"]))
    degree = pd.DataFrame(
        {"level": ["region"] * len(belt) + ["reach"] * len(reaches), "place": [*belt, *reaches]}
    )
    for name in ("foundation", "industry", "environment", "coupling", "development"):
        degree[name] = rng.uniform(0.3, 0.9, len(degree))
    degree["coordination"] = rng.uniform(0.5, 0.8, len(degree))
    degree = degree.assign(
        low=degree["coordination"] - 0.02, high=degree["coordination"] + 0.03,
        coordination_modified=degree["coordination"] - 0.1,
    )  # fmt: skip
    frames = {
        "match_totals": totals,
        "technology_potential": technology,
        "coordination_degree": degree,
    }
    return {name: ResultTable(name, frame, "C") for name, frame in frames.items()}
