"""Foundation: indicators become dimensions, dimensions become one index, regions are ranked.

The compared set is all regions of the tables, so that the belt's regions are seen within the
nation. Each indicator of the base year is put on 0 to 1 over the regions (1 is best, whatever its
direction). Two sets of weights:

- *equal*: every dimension weighs the same, and inside a dimension every indicator;
- *entropy*: one set of entropy weights over all indicators of the index. They depend on the
  sample, so the years there are are pooled (a value carried over from one year to another
  counts once). A dimension weighs what its indicators weigh together; inside it they are scaled to
  add to one.

Both are always computed; ``section.weights`` says which one heads the table of dimensions. A
missing indicator is left out of the mean of its dimension (``skip``), never put at zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.foundation import FoundationSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import Missing
from clusterbelt.kernels.composite import (
    aggregate_arithmetic,
    competition_rank,
    entropy_weights,
    normalise_minmax,
    standardise,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDICATOR, REGION, YEAR
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class _Panel:
    """The indicators of the index: values (year, region, indicator) and what is known of them."""

    years: list[int]
    base: int  # position of the base year
    indicators: list[str]
    dimensions: list[str]  # one per indicator
    direction: Array
    grade: list[str]
    values: Array
    observed: Array  # year each value was observed in; NaN where not stated

    def only(self, kept: NDArray[np.bool_]) -> _Panel:
        """Return the panel with the indicators marked."""
        where = np.flatnonzero(kept)
        return _Panel(
            years=self.years,
            base=self.base,
            indicators=[self.indicators[j] for j in where],
            dimensions=[self.dimensions[j] for j in where],
            direction=self.direction[where],
            grade=[self.grade[j] for j in where],
            values=self.values[..., where],
            observed=self.observed[..., where],
        )


@dataclass(frozen=True)
class _Scores:
    """Index and dimension scores under one set of weights."""

    weights: Array  # per indicator, adding to one
    dimension: Array  # (region, dimension)
    index: Array  # (region,)


def run(
    belt: Belt, results: Mapping[str, Result], section: FoundationSection, scope: Scope
) -> Result:
    """Measure the foundation of every region in the base year.

    Tables ``index``, ``dimensions`` and ``indicators``; without indicators of the base year none,
    and a message.

    Raises
    ------
    InputError
        If no dimension of the section has an indicator, none of them varies, or a value is missing
        and the section refuses that.
    """
    if belt.indicators is None or belt.indicator_specs is None:
        return Result("foundation", messages=(Message("foundation.no_indicators"),))
    years = [int(year) for year in belt.indicators[YEAR].values]
    if scope.base_year not in years:
        params = {"year": str(scope.base_year), "years": first_labels(years)}
        return Result("foundation", messages=(Message("foundation.no_year", params),))
    panel = _read(belt, section, scope)
    normal = normalise_minmax(panel.values[panel.base], panel.direction)
    usable = np.atleast_1d(~np.isnan(normal).all(axis=0))
    messages = _left_out(panel, usable, section)
    panel, normal = panel.only(usable), normal[:, usable]
    regions = [str(code) for code in belt.regions.index]
    messages += _missing(panel, regions, section)
    present = [name for name in section.dimensions if name in panel.dimensions]
    policy: Missing = "skip" if section.missing == "skip" else "propagate"
    scores = {
        "equal": _score(normal, panel, present, _equal(panel, present), policy),
        "entropy": _score(normal, panel, present, _entropy(panel), policy),
    }
    tables = (
        _index_table(belt, scores, normal, scope.base_year),
        _dimension_table(belt, scores, present, section.weights, scope.base_year),
        _indicator_table(regions, panel, normal, scores, scope.base_year),
    )
    return Result(
        stage="foundation",
        tables={table.name: table for table in tables},
        values=_values(panel, present, scores, section),
        messages=tuple(messages),
    )


def _read(belt: Belt, section: FoundationSection, scope: Scope) -> _Panel:
    """Take the indicators of the section's dimensions, in the order of dimensions and specs."""
    assert belt.indicators is not None
    assert belt.indicator_specs is not None
    specs = belt.indicator_specs
    years = [int(year) for year in belt.indicators[YEAR].values]
    there = {str(name) for name in belt.indicators[INDICATOR].values}
    chosen = [
        (str(name), dimension)
        for dimension in section.dimensions
        for name in specs.index[specs["dimension"] == dimension]
        if str(name) in there
    ]
    if not chosen:
        params = {
            "dimensions": first_labels(section.dimensions, 10),
            "there": first_labels(specs["dimension"].unique(), 10),
        }
        place = Place(label="foundation.dimensions")
        raise InputError([Issue("foundation_no_dimension", place, params)])
    names = [name for name, _ in chosen]
    # A region without indicators is absent, that is NaN; codes nobody knows are refused on reading.
    wanted = {REGION: belt.regions.index.to_numpy(), INDICATOR: names}
    values = belt.indicators.reindex(wanted).transpose(YEAR, REGION, INDICATOR)
    observed = np.full(values.shape, np.nan)
    if belt.indicator_years is not None:
        stated = belt.indicator_years.reindex({**wanted, YEAR: years})
        observed = stated.transpose(YEAR, REGION, INDICATOR).to_numpy().astype(np.float64)
    return _Panel(
        years=years,
        base=years.index(scope.base_year),
        indicators=names,
        dimensions=[dimension for _, dimension in chosen],
        direction=specs.loc[names, "direction"].to_numpy(dtype=np.float64),
        grade=[str(grade) for grade in specs.loc[names, "grade"]],
        values=values.to_numpy().astype(np.float64),
        observed=observed,
    )


def _left_out(
    panel: _Panel, usable: NDArray[np.bool_], section: FoundationSection
) -> list[Message]:
    """Say which indicators tell nothing in the base year and which dimensions have none left."""
    messages = []
    useless = [name for name, kept in zip(panel.indicators, usable, strict=True) if not kept]
    if useless:
        params: dict[str, str | int] = {
            "count": len(useless),
            "indicators": first_labels(useless, 10),
        }
        messages.append(Message("foundation.indicators_left_out", params))
    left = {name for name, kept in zip(panel.dimensions, usable, strict=True) if kept}
    if not left:
        place = Place(label="foundation.dimensions")
        raise InputError([Issue("foundation_nothing_varies", place)])
    empty = [name for name in section.dimensions if name not in left]
    if empty:
        params = {"count": len(empty), "dimensions": first_labels(empty, 10)}
        messages.append(Message("foundation.dimensions_left_out", params))
    return messages


def _missing(panel: _Panel, regions: list[str], section: FoundationSection) -> list[Message]:
    """Refuse missing values or say how many there are."""
    missing = np.isnan(panel.values[panel.base])
    if not missing.any():
        return []
    if section.missing == "refuse":
        raise InputError(
            Issue(
                "foundation_missing",
                Place(label=name),
                {"regions": first_labels(np.array(regions)[missing[:, j]])},
            )
            for j, name in enumerate(panel.indicators)
            if missing[:, j].any()
        )
    holed = [name for name, hole in zip(panel.indicators, missing.any(axis=0), strict=True) if hole]
    params: dict[str, str | int] = {
        "count": int(missing.sum()),
        "of": int(missing.size),
        "indicators": first_labels(holed, 10),
    }
    return [Message("foundation.missing_skipped", params)]


def _equal(panel: _Panel, present: list[str]) -> Array:
    sizes = {name: panel.dimensions.count(name) for name in present}
    return np.array([1.0 / (len(present) * sizes[name]) for name in panel.dimensions])


def _entropy(panel: _Panel) -> Array:
    """Entropy weights over the pooled years."""
    pooled = panel.values.copy()
    for later in range(1, len(panel.years)):
        repeated = (panel.observed[later] == panel.observed[:later]).any(axis=0)
        pooled[later][repeated] = np.nan
    stacked = pooled.reshape(-1, len(panel.indicators))
    return entropy_weights(normalise_minmax(stacked, panel.direction), missing="skip")


def _score(
    normal: Array, panel: _Panel, present: list[str], weights: Array, policy: Missing
) -> _Scores:
    """Aggregate indicators to dimensions and dimensions to the index."""
    of = np.array(panel.dimensions)
    parts = [
        aggregate_arithmetic(normal[:, of == name], weights[of == name], missing=policy)
        for name in present
    ]
    dimension = np.stack(parts, axis=1)
    total = np.array([weights[of == name].sum() for name in present])
    return _Scores(weights, dimension, aggregate_arithmetic(dimension, total, missing=policy))


def _ranks(scores: Array, in_belt: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Rank among all and among the belt, down the first axis."""
    inside = np.where(in_belt.reshape(-1, *[1] * (scores.ndim - 1)), scores, np.nan)
    return competition_rank(scores.T).T, competition_rank(inside.T).T


def _index_table(
    belt: Belt, scores: Mapping[str, _Scores], normal: Array, year: int
) -> ResultTable:
    """One row per region, in table order."""
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    columns: dict[str, object] = {
        "region": [str(code) for code in belt.regions.index],
        "reach": [str(reach) for reach in belt.regions["reach"]],
        "in_belt": in_belt,
        "year": year,
    }
    ranks = {kind: _ranks(score.index, in_belt) for kind, score in scores.items()}
    columns |= {f"index_{kind}": score.index for kind, score in scores.items()}
    columns |= {f"rank_{kind}": among_all for kind, (among_all, _) in ranks.items()}
    columns |= {f"belt_rank_{kind}": among_belt for kind, (_, among_belt) in ranks.items()}
    columns["indicators_known"] = (~np.isnan(normal)).sum(axis=1)
    columns["indicators"] = normal.shape[1]
    units = {f"index_{kind}": "index" for kind in scores}
    units |= {f"{kind}rank_{name}": "rank" for kind in ("", "belt_") for name in scores}
    return ResultTable("index", pd.DataFrame(columns), grade="C", units=units)


def _dimension_table(
    belt: Belt, scores: Mapping[str, _Scores], present: list[str], headline: str, year: int
) -> ResultTable:
    """One row per dimension and region: dimensions in the section's order, regions in table's."""
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    score = scores[headline].dimension
    rank, belt_rank = _ranks(score, in_belt)
    regions = [str(code) for code in belt.regions.index]
    frame = pd.DataFrame(
        {
            "region": regions * len(present),
            "year": year,
            "dimension": np.repeat(present, len(regions)),
            "score": score.T.ravel(),
            "rank": rank.T.ravel(),
            "belt_rank": belt_rank.T.ravel(),
            "score_equal": scores["equal"].dimension.T.ravel(),
            "score_entropy": scores["entropy"].dimension.T.ravel(),
        }
    )
    frame["dimension"] = frame["dimension"].astype("str")
    units = {"score": "index", "score_equal": "index", "score_entropy": "index"}
    return ResultTable(
        "dimensions", frame, grade="C", units=units | {"rank": "rank", "belt_rank": "rank"}
    )


def _indicator_table(
    regions: list[str],
    panel: _Panel,
    normal: Array,
    scores: Mapping[str, _Scores],
    year: int,
) -> ResultTable:
    """One row per indicator and region: indicators by dimension, regions in table order."""
    count = len(regions)

    def each(values: object) -> NDArray[np.generic]:
        return np.repeat(np.asarray(values), count)

    frame = pd.DataFrame(
        {
            "region": regions * len(panel.indicators),
            "year": year,
            "indicator": each(panel.indicators),
            "dimension": each(panel.dimensions),
            "raw": panel.values[panel.base].T.ravel(),
            "normalised": normal.T.ravel(),
            "weight_equal": each(scores["equal"].weights),
            "weight_entropy": each(scores["entropy"].weights),
            "observed_year": panel.observed[panel.base].T.ravel(),
            "grade": each(panel.grade),
        }
    )
    texts = ["indicator", "dimension", "grade"]
    frame[texts] = frame[texts].astype("str")
    units = {"normalised": "index", "weight_equal": "1", "weight_entropy": "1"}
    return ResultTable("indicators", frame, grade="A", units=units | {"observed_year": "year"})


def _values(
    panel: _Panel, present: list[str], scores: Mapping[str, _Scores], section: FoundationSection
) -> dict[str, ResultValue]:
    """Counts, the headline weighting, and how far the two weightings agree on the order."""
    both = np.stack([competition_rank(score.index) for score in scores.values()])
    scaled = standardise(both, axis=-1)
    known = ~np.isnan(scaled).any(axis=0)
    agreement = float(scaled[:, known].prod(axis=0).mean()) if known.any() else None
    return {
        "headline_weights": ResultValue(section.weights, "D"),
        "indicators": ResultValue(len(panel.indicators), "A"),
        "dimensions": ResultValue(len(present), "A"),
        "rank_correlation_equal_entropy": ResultValue(agreement, "C"),
    }
