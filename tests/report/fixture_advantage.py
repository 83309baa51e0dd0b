"""Made-up further tables of the advantage stage: growth, structure, claims by national table."""

import numpy as np
import pandas as pd

from clusterbelt.model.result import ResultTable


def more_tables(regions, industries):
    """Return the tables by name; a generator of their own keeps the others as they were."""
    rng = np.random.default_rng(11)
    making = list(industries.index[industries["manufacturing"]])
    codes = list(regions.index)
    grid = pd.MultiIndex.from_product([codes, making], names=["region", "industry"]).to_frame(
        index=False
    )
    start = np.exp(rng.normal(5, 1, len(grid)))
    parts = {name: start * rng.normal(0.1, 0.2, len(grid)) for name in ("mix", "regional")}
    shift = grid.assign(start=start, national=start * 0.3, **parts)
    shift["change"] = shift[["national", "mix", "regional"]].sum(axis=1)

    def draws(names, labels, key):
        columns = {name: rng.uniform(0.1, 0.9, len(labels)) for name in names}
        return pd.DataFrame({key: list(labels)} | columns)

    structure = ("hhi", "equivalent_number", "krugman_total", "krugman_others")
    concentration = (
        "gini_unweighted",
        "gini_lorenz",
        "hoover",
        "ellison_glaeser_lower",
        "ellison_glaeser_upper",
    )
    claims = pd.DataFrame(
        {
            "table": ["2017_42", "2020_153"],
            "sectors": [42, 153],
            "reach": "lower",
            "factor": "capital",
            "claim": 1,
            "difference": [0.2, 0.01],
            "verdict": ["supported", "not_supported"],
        }
    )
    fine = pd.DataFrame(
        {
            "table": "2020_153",
            "sector": ["26001", "39088"],
            "name_zh": ["基础化学原料", "电子元器件"],
            "name_en": ["Basic chemicals", "Electronic components"],
            "industry": ["12", "20"],
            "labour": [0.3, 0.4],
            "capital": [0.5, 0.4],
            "technology": [0.02, 0.05],
        }
    )
    industry_complexity = draws(("pci", "fitness_complexity"), making, "industry")
    industry_complexity["pci"] -= 0.5
    related = grid.assign(
        presence=rng.random(len(grid)) > 0.6,
        rca=rng.uniform(0.1, 3, len(grid)),
        density=rng.uniform(0.1, 0.6, len(grid)),
    )
    frames = {
        "relatedness": (related, "C"),
        "industry_complexity": (industry_complexity, "C"),
        "trade_advantage": (grid.assign(sold=start, rca=rng.uniform(0, 2, len(grid))), "C"),
        "gradient": (grid.assign(gradient=rng.uniform(0, 3, len(grid))), "C"),
        "factor_intensity_fine": (fine, "C"),
        "shift_share": (shift, "B"),
        "region_structure": (draws(structure, codes, "region"), "A"),
        "region_complexity": (
            draws(("diversity", "eci", "fitness", "outlook"), codes, "region"),
            "C",
        ),
        "concentration": (draws(concentration, industries.index, "industry"), "A"),
        "reach_factor_tables": (claims, "C"),
    }
    return {name: ResultTable(name, frame, grade) for name, (frame, grade) in frames.items()}
