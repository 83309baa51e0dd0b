"""Synthetic tables of robustness for the report's fixture."""

import numpy as np
import pandas as pd

from clusterbelt.model.result import Message, Result, ResultTable, ResultValue


def _standing(share):
    return "no_regret" if share >= 0.8 else "fragile" if share < 0.4 else "contingent"


def _selection(regions, industries, inside, rng):
    rows = []
    for region in regions.index[regions["in_belt"]]:
        for industry in industries.index[industries["advanced"] | industries["materials"]]:
            share = float(np.round(rng.uniform(), 3))
            rows.append(
                {
                    "region": region,
                    "industry": industry,
                    "in_plan": (region, industry) in inside,
                    "frequency": share,
                    "standing": _standing(share),
                    "usual_phase": "near",
                }
            )
    return pd.DataFrame(rows)


def _price():
    rows = []
    for belief, shift in (("own_share", 0.0), ("whole_market", -0.1)):
        for part, middle in (
            ("price", 0.3), ("allocation", 0.25), ("overcapacity", 0.02), ("synergy", 0.03)
        ):  # fmt: skip
            low, high = middle + shift - 0.05, middle + shift + 0.08
            rows.append((belief, part, middle + shift + 0.01, low, middle + shift, high, 40))
    columns = ["belief", "part", "point", "p05", "p50", "p95", "draws"]
    return pd.DataFrame(rows, columns=columns)


def _flips():
    rows = [
        ("310000", "18", "demand", 0.2, 0.7, 0.52, 0.0001, True),
        ("310000", "18", "own_readiness", 0.3, 0.6, 0.31, 0.002, True),
        ("500000", "20", "synergy", 0.5, 0.52, 0.02, 0.8, False),
    ]
    columns = ["region", "industry", "assumption", "frequency_low", "frequency_high"]
    return pd.DataFrame(rows, columns=[*columns, "rank_correlation", "p_value", "significant"])


def _frontier():
    rows = [
        ("joint", np.nan, True, 27000.0, 1.0, 0.6, 0.3, 4.0e7, 0.0),
        ("equity", 0.8, True, 26000.0, 0.96, 0.8, 0.25, 4.1e7, 0.0),
        ("equity", 1.0, False, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan),
        ("co2", 5e7, True, 28000.0, 1.04, 0.6, 0.31, 5.0e7, 0.0),
        ("co2", 2e7, True, 22000.0, 0.81, 0.5, 0.35, 2.0e7, 0.0),
    ]
    columns = "frontier level possible value share equity gini co2 gap"
    return pd.DataFrame(rows, columns=columns.split())


def _reach_price():
    rows = [
        (belief, reach, value, value - loss, loss, loss / value)
        for belief, shift in (("own_share", 0.0), ("whole_market", -900.0))
        for reach, value, loss in (
            ("lower", 14000.0, 2500.0 + shift),
            ("middle", 7000.0, -400.0),
            ("upper", 6000.0, 1800.0 + shift),
        )
    ]
    columns = "belief reach joint_value alone_value difference price"
    return pd.DataFrame(rows, columns=columns.split())


def robustness(regions, industries, plan):
    """Return the result of the robustness stage that goes with a synthetic plan."""
    rng = np.random.default_rng(23)
    clusters = plan.frame("clusters")
    inside = {
        (region, row["industry"])
        for row in clusters.to_dict("records")
        for region in str(row["members"]).split(";")
    }
    survival = clusters[["cluster", "industry", "members"]].assign(
        exact=0.4, together=np.linspace(0.2, 1.0, len(clusters)), weakest=0.9
    )
    survival["standing"] = [_standing(share) for share in survival["together"]]
    borders = pd.DataFrame(
        {
            "region_from": ["310000", "320000", "500000"],
            "region_to": ["320000", "330000", "510000"],
            "crossed": [2, 1, 0],
            "closing": [120.0, 1.0, 0.0],
            "closing_error": [5.0, 9.0, 0.0],
            "opening": [80.0, 60.0, 30.0],
            "opening_error": [4.0, 4.0, 4.0],
        }
    )
    regret = pd.DataFrame(
        {
            "region": ["310000", "360000", "530000"],
            "industry": ["17", "20", "12"],
            "readiness": [0.8, 0.7, 0.3],
            "method": ["solved", "solved", "bounded"],
            "possible": True,
            "regret_least": [10.0, 40.0, 0.0],
            "regret_most": [12.0, 40.0, np.nan],
        }
    )
    selection = _selection(regions, industries, inside, rng)
    priority = selection[["region", "industry"]].assign(
        score=np.linspace(1.0, 0.0, len(selection)), selection_frequency=selection["frequency"]
    )
    tables = {
        "selection": selection,
        "cluster_survival": survival,
        "flips": _flips(),
        "price_interval": _price(),
        "reach_price": _reach_price(),
        "borders": borders,
        "regret": regret,
        "frontier": _frontier(),
        "priority": priority,
    }
    values = {
        "draws": ResultValue(200, "D"),
        "draws_with_plan": ResultValue(200, "D"),
        "joint_value": ResultValue(27000.0, "D", "1e8 CNY"),
        "joint_value_p05": ResultValue(12000.0, "D", "1e8 CNY"),
        "joint_value_p50": ResultValue(25000.0, "D", "1e8 CNY"),
        "joint_value_p95": ResultValue(42000.0, "D", "1e8 CNY"),
    }
    made = {name: ResultTable(name, frame.assign(grade="D"), "D") for name, frame in tables.items()}
    message = Message("robustness.message.limited", {"count": 3, "gap": 0.7})
    return Result("robustness", made, values, (message,))
