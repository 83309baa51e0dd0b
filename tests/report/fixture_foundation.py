"""Rank intervals, first places, dominance, shares and audit of the synthetic run's foundation."""

import numpy as np
import pandas as pd

from clusterbelt.kernels.composite_uncertainty import FACTORS
from clusterbelt.model.result import ResultTable


def uncertainty(index, dimensions, rng):
    """Tables that fit the index and the dimensions of the fixture."""
    codes = index["region"].to_list()
    belt = index.loc[index["in_belt"], "region"].to_list()
    parts = {"overall": index[["region", "rank_equal", "belt_rank_equal"]].to_numpy()}
    for name, part in dimensions.groupby("dimension", sort=False):
        parts[name] = part[["region", "rank", "belt_rank"]].to_numpy()
    rows = []
    for name, table in parts.items():
        for region, rank, belt_rank in table:
            rows.append(
                (region, 2017, name, rank, rank, rank, max(rank - 2, 1), rank + 2,
                 belt_rank, belt_rank, belt_rank, max(belt_rank - 1, 1), belt_rank + 1)
            )  # fmt: skip
    names = ["rank", "mean", "median", "low", "high"]
    columns = ["region", "year", "dimension", *names, *(f"belt_{name}" for name in names)]
    intervals = pd.DataFrame(rows, columns=columns)
    top = pd.DataFrame(
        [(code, 2017, k, 0.1 * k, 0.15 * k if code in belt else np.nan)
         for k in (1, 3, 5) for code in codes],
        columns=["region", "year", "k", "share", "belt_share"],
    )  # fmt: skip
    pairs = [(one, two, 2017, 0.8) for one in belt for two in belt if one != two]
    shares = pd.DataFrame({"factor": list(FACTORS), "varies": [True] * len(FACTORS)})
    total = rng.uniform(0.1, 0.5, len(FACTORS))
    for kind, values in (("first", total / 2), ("total", total)):
        shares[kind], shares[f"{kind}_low"], shares[f"{kind}_high"] = (
            values,
            values - 0.02,
            values + 0.02,
        )
    present = list(dict.fromkeys(dimensions["dimension"]))
    audit = pd.DataFrame(
        {"dimension": present, "year": 2017, "indicators": 3, "alpha": 0.6,
         "least_correlation": -0.2, "mean_correlation": 0.2, "corr_index": 0.7,
         "weight": 1 / len(present), "effective_weight": np.linspace(0.1, 0.2, len(present))}
    )  # fmt: skip
    each = pd.DataFrame(
        {"indicator": ["gdp_per_head"], "dimension": ["economy"], "most_rank_change": [0.0]}
    )
    found = {
        "rank_intervals": intervals,
        "top_places": top,
        "dominance": pd.DataFrame(pairs, columns=["region", "other", "year", "before"]),
        "rank_shares": shares,
        "dimension_audit": audit,
        "index_audit": each,
    }
    return {name: ResultTable(name, frame, "C") for name, frame in found.items()}
