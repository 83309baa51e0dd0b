"""The ASEM index (51 countries, 49 indicators) rebuilt stage by stage from its raw data.

Run as a program with the folder of the case, it prints the largest deviation of every stage.
"""

import csv
import sys
from pathlib import Path

import numpy as np

from clusterbelt.kernels.composite import (
    competition_rank,
    denominate,
    impute,
    normalise_minmax,
    treat_outliers,
)
from clusterbelt.kernels.composite_hierarchy import aggregate_hierarchy

CASE = Path(__file__).parents[2].parent / "shared" / "oracle" / "asem"


def _rows(path):
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _number(word):
    return float(word) if word not in ("", "NA", "nan") else np.nan


class Case:
    """The published files, in the order of the metadata."""

    def __init__(self, folder=CASE):
        meta = _rows(folder / "ASEM_iMeta.csv")
        self.indicators = [row for row in meta if row["Type"] == "Indicator"]
        self.aggregates = [row for row in meta if row["Type"] == "Aggregate"]
        self.codes = [row["iCode"] for row in self.indicators]
        self.above = [row["iCode"] for row in self.aggregates]
        self.data = _rows(folder / "ASEM_iData.csv")
        self.units = [row["uCode"] for row in self.data]
        self.folder = folder

    def stage(self, name, codes):
        """Values of one stage of the published object."""
        rows = {row["UnitCode"]: row for row in _rows(self.folder / f"coin_Data.{name}.csv")}
        return np.array([[_number(rows[unit][code]) for code in codes] for unit in self.units])

    def build(self, **treatment):
        """All stages, by our kernels, from the raw data alone."""
        raw = np.array([[_number(row[code]) for code in self.codes] for row in self.data])
        below = np.array(
            [
                [_number(row[item["Denominator"]]) if item["Denominator"] else 1.0
                 for item in self.indicators]
                for row in self.data
            ]
        )  # fmt: skip
        nodes = self.codes + self.above
        parent = [
            nodes.index(item["Parent"]) if item["Parent"] else -1
            for item in self.indicators + self.aggregates
        ]
        denominated = denominate(raw, below)
        filled = impute(denominated, [row["EurAsia_group"] for row in self.data])
        treated = treat_outliers(filled, **treatment)
        direction = [float(row["Direction"]) for row in self.indicators]
        normalised = 100.0 * normalise_minmax(treated.values, direction)
        index = aggregate_hierarchy(normalised, parent)
        return {
            "Raw": raw,
            "Denominated": denominated,
            "Treated": treated.values,
            "Normalised": normalised,
            "Aggregated": index.scores,
            "points": treated.points,
            "logged": treated.logged,
        }


def deviations(case):
    """Largest deviation of every stage: relative for data, in points of 0-100 for scores."""
    built = case.build()
    found = {}
    for name in ("Raw", "Denominated", "Treated", "Normalised", "Aggregated"):
        theirs = case.stage(name, case.above if name == "Aggregated" else case.codes)
        gap = np.abs(built[name] - theirs)
        assert (np.isnan(built[name]) == np.isnan(theirs)).all()
        if name in ("Raw", "Denominated", "Treated"):
            gap = gap / np.maximum(np.abs(theirs), 1e-300)
            gap[built[name] == theirs] = 0.0
        found[name] = float(np.nanmax(gap))
    ours, theirs = built["Aggregated"][:, -1], case.stage("Aggregated", case.above)[:, -1]
    found["ranks that differ"] = int((competition_rank(ours) != competition_rank(theirs)).sum())
    return found


def main(folder):
    case = Case(Path(folder))
    for name, value in deviations(case).items():
        print(f"{name:<18} {value:.3g}")
    built = case.build()
    print("winsorised:", ", ".join(
        f"{code} {n}" for code, n in zip(case.codes, built["points"], strict=True) if n))  # fmt: skip
    print("logarithm taken:", int(built["logged"].sum()))
    index = built["Aggregated"][:, -1]
    for place in np.argsort(-index)[:5]:
        print(f"{case.units[place]} {index[place]:.2f}")


if __name__ == "__main__":
    main(sys.argv[1])
