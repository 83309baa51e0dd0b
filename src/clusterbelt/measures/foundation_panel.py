"""The foundation's indicators as arrays, and its index: what the stage and its audit share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import Array, Missing
from clusterbelt.kernels.composite import (
    aggregate,
    entropy_weights,
    normalise_minmax,
    positive_scale,
    skewness,
    treat_outliers,
    weight_critic,
    weight_pca,
)
from clusterbelt.kernels.composite_aggregate import Aggregation
from clusterbelt.kernels.composite_bod import benefit_of_the_doubt

__all__ = ["Panel", "Scores", "benefit_scores", "score_panel", "treat_panel", "weigh_panel"]


@dataclass(frozen=True)
class Panel:
    """The indicators of the index: values (year, region, indicator) and what is known of them."""

    years: list[int]
    base: int  # position of the base year
    indicators: list[str]
    dimensions: list[str]  # one per indicator
    direction: Array
    grade: list[str]
    values: Array
    observed: Array  # year each value was observed in; NaN where not stated

    def only(self, kept: NDArray[np.bool_]) -> Panel:
        """Return the panel with the indicators marked."""
        where = np.flatnonzero(kept)
        return Panel(
            years=self.years,
            base=self.base,
            indicators=[self.indicators[j] for j in where],
            dimensions=[self.dimensions[j] for j in where],
            direction=self.direction[where],
            grade=[self.grade[j] for j in where],
            values=self.values[..., where],
            observed=self.observed[..., where],
        )

    def other_years(self) -> Array:
        """Return the values of the other years, one below the other.

        A value carried over from one year to another counts once, in the base year if it is there.
        """
        held: list[int] = [self.base]
        rows = []
        for year in range(len(self.years)):
            if year == self.base:
                continue
            repeated = (self.observed[year] == self.observed[held]).any(axis=0)
            rows.append(np.where(repeated, np.nan, self.values[year]))
            held.append(year)
        return np.concatenate(rows) if rows else np.empty((0, len(self.indicators)))

    def pooled(self) -> Array:
        """Return the base year and below it the other years, on 0-1 over all of them."""
        return normalise_minmax(
            np.concatenate([self.values[self.base], self.other_years()]), self.direction
        )


@dataclass(frozen=True)
class Scores:
    """Index and dimension scores under one set of weights."""

    weights: Array  # per indicator, adding to one
    dimension: Array  # (region, dimension)
    index: Array  # (region,)


def treat_panel(panel: Panel, treatment: str, most_points: int) -> tuple[Array, Array]:
    """Return the values of the base year, treated for outliers, and the scale of their error.

    An error of a share of the value is that share of the treated value; through a logarithm it is
    that share of the value times the slope of the logarithm there.
    """
    values = panel.values[panel.base]
    if treatment == "none":
        return values, np.abs(values)
    found = treat_outliers(values, most_points=most_points, log=treatment == "winsorise_log")
    left = skewness(values) < 0.0
    slope = np.exp(np.where(found.logged, np.where(left, found.values, -found.values), 0.0))
    return found.values, np.where(found.logged, np.abs(values) * slope, np.abs(found.values))


def weigh_panel(panel: Panel, present: Sequence[str], kind: str, user: dict[str, float]) -> Array:
    """Return the weights of all indicators, adding to one; those from data over pooled years."""
    if kind in ("equal", "user"):
        of = np.array(panel.dimensions)
        given = user if kind == "user" else {}
        found = np.array([given.get(name, 1.0) for name in panel.indicators])
        for name in present:
            found[of == name] *= given.get(name, 1.0) / found[of == name].sum()
        return np.asarray(found / found.sum())
    pooled = panel.pooled()
    if kind == "entropy":
        return entropy_weights(pooled, missing="skip")
    if kind == "critic":
        return weight_critic(pooled, missing="skip")
    return weight_pca(pooled, missing="skip")


def score_panel(
    normal: Array,
    panel: Panel,
    present: Sequence[str],
    weights: Array,
    policy: Missing,
    *,
    within: Aggregation = "arithmetic",
    across: Aggregation = "arithmetic",
) -> Scores:
    """Aggregate indicators to dimensions and dimensions to the index."""
    of = np.array(panel.dimensions)
    table = positive_scale(normal) if within in ("geometric", "harmonic") else normal
    parts = [
        aggregate(table[:, of == name], weights[of == name], within, missing=policy)
        for name in present
    ]
    dimension = np.stack(parts, axis=1)
    total = np.array([weights[of == name].sum() for name in present])
    joined = dimension
    if across in ("geometric", "harmonic") and within == "arithmetic":
        low, high = float(np.nanmin(table)), float(np.nanmax(table))
        joined = 0.01 + 0.99 * (dimension - low) / (high - low)
    return Scores(weights, dimension, aggregate(joined, total, across, missing=policy))


def benefit_scores(dimension: Array, shares: tuple[float, float]) -> Array:
    """Score every region with the weights of dimensions most favourable to it.

    ``dimension`` (region, dimension), more is better; ``shares`` are the least and the largest
    share that a dimension may have in a region's own score; an even share is always allowed, so
    that few dimensions can add to one. Scores are 0-1, shape (region,). NaN
    for all where a score is negative (standard scores): benefit of the doubt needs a true zero.
    """
    if bool((dimension < 0.0).any()) or dimension.shape[1] < 2:
        return np.full(len(dimension), np.nan)
    even = 1.0 / dimension.shape[1]
    return benefit_of_the_doubt(dimension, min(shares[0], even), max(shares[1], even)).score
