"""Validate the readiness model where the detail is: US commuting zones, 1990 to 2000.

    python tools/validate_readiness.py FOLDER [--folds 5] [--seed 0]

FOLDER holds ``manufacturing_shares.csv.gz`` (czone, year, sic, share) and ``zones.csv`` (czone,
year, population_weight). Prints the tables of ``docs/readiness.md``: entry into specialisation in
folds by zone, for single features and models, and the calibration of the best.

Nothing of a held-out zone's year 2000 enters its prediction: features are of 1990, and what is
learnt from outcomes (coefficients, rates of industries, outcomes in similar zones, growth of
industries) comes from the other zones only.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from clusterbelt.kernels.logistic import fit_logistic_ridge, predict_logistic
from clusterbelt.kernels.prediction import (
    area_under_curve,
    brier_score,
    calibration,
    group_bootstrap,
)
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.kernels.transition import (
    industry_rate,
    profile_similarity,
    similar_outcomes,
    transition_features,
)

YEARS = (1990, 2000)
LEAST_SHARE = 0.01  # zones with less manufacturing than this in either year are left out
NEAR = 5  # zones with the next codes, on each side: codes run along the map
FROM_OUTCOMES = ("growth", "industry_rate", "similar_outcomes")
BASELINES = (("log_lq",), ("log_lq", "density"))


@dataclass(frozen=True)
class Zones:
    """Activity of zones x industries in both years, and who is specialised when."""

    zones: list[str]
    industries: list[str]
    start: np.ndarray
    end: np.ndarray
    at_risk: np.ndarray  # not specialised in the first year
    later: np.ndarray  # specialised in the second


@dataclass(frozen=True)
class Score:
    """One model: predictions for held-out zones, and how good they are for entry."""

    name: str
    features: int
    predicted: np.ndarray
    auc: float
    low: float
    high: float
    brier: float


def read_zones(folder: Path) -> Zones:
    """Read shares and weights; activity is share times the zone's weight."""
    shares = pd.read_csv(folder / "manufacturing_shares.csv.gz", dtype={"czone": str, "sic": str})
    weights = pd.read_csv(folder / "zones.csv", dtype={"czone": str})
    zones, industries = sorted(weights["czone"].unique()), sorted(shares["sic"].unique())
    table = []
    for year in YEARS:
        of_year = shares[shares["year"] == year].pivot(index="czone", columns="sic", values="share")
        table.append(of_year.reindex(index=zones, columns=industries).fillna(0.0).to_numpy())
    weight = weights.pivot(index="czone", columns="year", values="population_weight")
    weight = weight.reindex(index=zones, columns=list(YEARS)).to_numpy()
    activity = [values * weight[:, [place]] for place, values in enumerate(table)]
    quotient = [location_quotient(values) for values in activity]
    kept = (table[0].sum(axis=1) > LEAST_SHARE) & (table[1].sum(axis=1) > LEAST_SHARE)
    return Zones(
        [zone for zone, yes in zip(zones, kept, strict=True) if yes],
        industries,
        activity[0][kept],
        activity[1][kept],
        quotient[0][kept] <= 1.0,
        quotient[1][kept] > 1.0,
    )


def near_by_code(zones: Sequence[str], reach: int = NEAR) -> np.ndarray:
    """Neighbours by the order of zone codes: a stand-in for a map, which the data lack."""
    place = np.argsort(np.argsort([int(zone) for zone in zones]))
    apart = np.abs(place[:, None] - place[None, :])
    return ((apart > 0) & (apart <= reach)).astype(float)


def start_features(data: Zones) -> dict[str, np.ndarray]:
    """All features of the first year."""
    levels = {
        "3digit": [code[:3] for code in data.industries],
        "2digit": [code[:2] for code in data.industries],
    }
    return transition_features(
        data.start, neighbours=near_by_code(data.zones), levels=levels, floor=0.001
    ) | {"log_lq_squared": np.log(np.maximum(location_quotient(data.start), 0.001)) ** 2}


def _from_outcomes(data: Zones, similarity: np.ndarray, train: np.ndarray) -> dict[str, np.ndarray]:
    shape = data.start.shape
    first, last = data.start[train].sum(axis=0), data.end[train].sum(axis=0)
    growth = np.log((last / last.sum() + 1e-6) / (first / first.sum() + 1e-6))
    rate = industry_rate(data.later, data.at_risk, train)
    return {
        "growth": np.broadcast_to(growth, shape),
        "industry_rate": np.broadcast_to(rate, shape),
        "similar_outcomes": similar_outcomes(similarity, data.later, train),
    }


def predict_held_out(
    data: Zones,
    features: dict[str, np.ndarray],
    names: Sequence[str],
    folds: np.ndarray,
    ridge: float = 1.0,
) -> np.ndarray:
    """Predict entry in every zone by a model fitted on the other folds."""
    predicted = np.full(data.start.shape, np.nan)
    similarity = profile_similarity(data.start)
    learnt = any(name in FROM_OUTCOMES for name in names)
    for fold in np.unique(folds):
        train = folds != fold
        known = features | (_from_outcomes(data, similarity, train) if learnt else {})
        cube = np.stack([known[name] for name in names], axis=-1)
        use = data.at_risk & train[:, None]
        model = fit_logistic_ridge(cube[use], data.later[use], ridge=ridge)
        predicted[~train] = predict_logistic(model, cube[~train])
    return predicted


def score(data: Zones, name: str, features: int, predicted: np.ndarray, draws: int = 100) -> Score:
    """Return AUC with its interval (zones drawn anew, 5-95 %) and Brier score, for entry."""
    risk = data.at_risk
    p, y = predicted[risk], data.later[risk].astype(float)
    zone = np.broadcast_to(np.arange(len(data.zones))[:, None], risk.shape)[risk]
    rng = np.random.default_rng(0)
    again = [area_under_curve(p[rows], y[rows]) for rows in group_bootstrap(zone, draws, rng)]
    low, high = np.quantile(again, [0.05, 0.95])
    return Score(name, features, predicted, area_under_curve(p, y), low, high, brier_score(p, y))


def validate(data: Zones, folds: int = 5, seed: int = 0, draws: int = 100) -> list[Score]:
    """Score the baselines and the models on the same folds by zone."""
    order = np.random.default_rng(seed).permutation(len(data.zones))
    fold = np.empty(len(data.zones), dtype=int)
    fold[order] = np.arange(len(data.zones)) % folds
    features = start_features(data)
    models = {
        "log LQ": BASELINES[0],
        "log LQ and density": BASELINES[1],
        "all features of 1990": tuple(features),
        "and growth of industries": (*features, "growth"),
        "and outcomes in other zones": (*features, *FROM_OUTCOMES),
    }
    return [
        score(data, name, len(names), predict_held_out(data, features, names, fold), draws)
        for name, names in models.items()
    ]


def single_features(data: Zones) -> list[tuple[str, float]]:
    """AUC of each feature alone for entry, nothing fitted."""
    risk = data.at_risk
    return [
        (name, area_under_curve(values[risk], data.later[risk].astype(float)))
        for name, values in start_features(data).items()
        if name != "log_lq_squared"
    ]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    data = read_zones(given.folder)
    entries = int((data.at_risk & data.later).sum())
    print(
        f"{len(data.zones)} zones, {len(data.industries)} industries, "
        f"{int(data.at_risk.sum())} cells not specialised in {YEARS[0]}, {entries} entries\n"
    )
    print("| feature alone | AUC for entry |\n|---|---|")
    for name, auc in single_features(data):
        print(f"| {name} | {auc:.3f} |")
    found = validate(data, given.folds, given.seed)
    print("\n| model | features | AUC for entry | 5-95 % | Brier |\n|---|---|---|---|---|")
    for one in found:
        interval = f"{one.low:.3f}-{one.high:.3f}"
        print(f"| {one.name} | {one.features} | {one.auc:.3f} | {interval} | {one.brier:.5f} |")
    base = entries / int(data.at_risk.sum())
    print(f"| base rate | 0 | 0.500 | - | {base * (1 - base):.5f} |")
    risk, best = data.at_risk, found[-1]
    curve = calibration(best.predicted[risk], data.later[risk].astype(float), bins=20)
    print(f"\n{best.name}:\n\n| predicted | came true | cells |\n|---|---|---|")
    for p, y, n in zip(curve.predicted, curve.observed, curve.count, strict=True):
        print(f"| {p:.3f} | {y:.3f} | {int(n)} |")


if __name__ == "__main__":
    main()
