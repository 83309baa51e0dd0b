"""Flows, sourcing, discrepancy and repairs of the synthetic run."""

import numpy as np
import pandas as pd

from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

_GROUPS = ("lower", "middle", "upper", "rest")
_SOURCES = ("own", "belt", "nation", "abroad")


def interregional(regions, industries, rng):
    """One result of the stage, with the tables that chapter and figures read."""
    codes, belt = list(industries.index), list(regions.index[regions["in_belt"]])
    return Result(
        "interregional",
        {
            "sourcing": ResultTable("sourcing", _sourcing(codes, belt, rng), "C"),
            "reach_flows": ResultTable("reach_flows", _reach_flows(codes, rng), "C"),
            "discrepancy": ResultTable("discrepancy", _discrepancy(codes, rng), "C"),
            "repairs": ResultTable("repairs", _repairs(belt), "C"),
            "conclusions": ResultTable("conclusions", _conclusions(), "C"),
        },
        {"draws": ResultValue(50, "D"), "year": ResultValue(2017, "A")},
        (Message("interregional.restored", {"cells": 12, "of": 589}),),
    )


def _sourcing(codes, belt, rng):
    rows = [(region, code) for region in (*belt, "belt") for code in codes]
    frame = pd.DataFrame(rows, columns=["region", "industry"]).assign(use=1000.0)
    shares = rng.dirichlet((6, 2, 2, 1), len(rows))
    for place, source in enumerate(_SOURCES):
        frame[source] = shares[:, place]
        frame[f"{source}_low"] = 0.9 * shares[:, place]
        frame[f"{source}_high"] = np.minimum(1.1 * shares[:, place], 1.0)
    return frame


def _reach_flows(codes, rng):
    pairs = [(one, two) for one in _GROUPS for two in _GROUPS]
    pairs += [(one, "abroad") for one in _GROUPS] + [("abroad", one) for one in _GROUPS]
    rows = [
        (code, one, two, value, 0.8 * value, 1.2 * value)
        for code in (*codes, "manufacturing", "all")
        for (one, two), value in zip(pairs, rng.uniform(50, 5000, len(pairs)), strict=True)
    ]
    columns = ["industry", "reach_from", "reach_to", "value", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _discrepancy(codes, rng):
    outflow = rng.uniform(500, 5000, len(codes))
    return pd.DataFrame(
        {
            "industry": codes,
            "outflow": outflow,
            "inflow": 1.2 * outflow,
            "outflow_to_inflow": 1 / 1.2,
            "transit": 0.1 * outflow,
            "restored_cells": 2,
            "traded": 1.1 * outflow,
            "discrepancy_share": -0.05,
        }
    )


def _repairs(belt):
    rows = [
        (belt[0], "20", "outflow", "cross_hauling_restored", 0.0, 40.0, 40.0),
        (belt[1], "18", "inflow", "reconciled", 100.0, 90.0, -10.0),
    ]
    columns = ["region", "industry", "variable", "rule", "before", "after", "change"]
    return pd.DataFrame(rows, columns=columns)


def _conclusions():
    rows = [
        ("largest_source", "20", "", "own", 1.0),
        ("net_seller", "20", "", "no", 0.7),
        ("net_seller", "18", "", "yes", 0.9),
        ("net_sender", "all", "lower;upper", "upper", 0.96),
    ]
    columns = ["conclusion", "industry", "reaches", "finding", "survives"]
    return pd.DataFrame(rows, columns=columns)
