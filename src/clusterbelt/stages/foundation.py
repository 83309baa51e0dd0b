"""Foundation: indicators become dimensions, dimensions become one index, regions are ranked.

The compared set is all regions of the tables, so that the belt's regions are seen within the
nation. Each indicator of the base year is put on one scale over the regions (1 is best, whatever
its direction). Weights:

- *equal*: every dimension weighs the same, and inside a dimension every indicator;
- *entropy*: one set of entropy weights over all indicators of the index. They depend on the
  sample, so the years there are are pooled (a value carried over from one year to another
  counts once). A dimension weighs what its indicators weigh together; inside it they are scaled to
  add to one;
- CRITIC, component and user weights in the same way, if ``section.weights`` asks for them.

Beside them stands benefit of the doubt: every region with the weights of dimensions that suit it
best, within bounds. Equal and entropy are always computed; ``section.weights`` says which one heads
the table of dimensions. A missing indicator is left out of the mean of its dimension (``skip``),
never put at zero.

How sure a rank is: the index is built again ``section.draws`` times under other treatments,
normalisations, weights and aggregations, with noise on weights and data and one indicator left
out; see :mod:`clusterbelt.kernels.composite_uncertainty`. The index itself is audited:
correlations, Cronbach's alpha, what every part really counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from clusterbelt.config.foundation import FoundationSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError, Issue, Place, first_labels
from clusterbelt.kernels.arithmetic import Missing
from clusterbelt.kernels.composite import competition_rank, normalise, standardise
from clusterbelt.kernels.composite_uncertainty import Assumptions
from clusterbelt.measures.foundation_audit import audit_tables
from clusterbelt.measures.foundation_panel import (
    Panel,
    Scores,
    benefit_scores,
    score_panel,
    treat_panel,
    weigh_panel,
)
from clusterbelt.measures.foundation_uncertainty import OVERALL, draw_ranks, uncertainty_tables
from clusterbelt.model.belt import Belt
from clusterbelt.model.dims import INDICATOR, REGION, YEAR
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue

__all__ = ["run"]

Array = NDArray[np.float64]


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
    normal = _normalised(panel, section)
    usable = np.atleast_1d(~np.isnan(normal).all(axis=0))
    messages = _left_out(panel, usable, section)
    panel, normal = panel.only(usable), normal[:, usable]
    regions = [str(code) for code in belt.regions.index]
    messages += _missing(panel, regions, section)
    present = [name for name in section.dimensions if name in panel.dimensions]
    scores: dict[str, Scores] = {
        kind: _score(normal, panel, present, kind, section)
        for kind in dict.fromkeys(["equal", "entropy", str(section.weights)])
    }
    tables = [
        _index_table(belt, scores, normal, section, scope.base_year),
        _dimension_table(belt, scores, present, section.weights, scope.base_year),
        _indicator_table(regions, panel, normal, scores, scope.base_year),
        *audit_tables(panel, normal, scores[section.weights], present, scope.base_year),
    ]
    messages += _silent(tables[3])
    values = _values(panel, present, scores, section)
    if section.draws:
        more, remarks, counted = _uncertain(belt, panel, present, scores, section, scope)
        tables, messages, values = tables + more, messages + remarks, values | counted
    return Result(
        stage="foundation",
        tables={table.name: table for table in tables},
        values=values,
        messages=tuple(messages),
    )


def _normalised(panel: Panel, section: FoundationSection) -> Array:
    """Treat and normalise the base year, or say what the normalisation cannot take."""
    treated, _ = treat_panel(panel, section.treatment, section.most_points)
    kinds = {section.normalisation, *(section.draw_normalisation if section.draws else ())}
    problems = []
    if "distance_to_best" in kinds:
        with_negative = np.atleast_1d((treated < 0.0).any(axis=0))
        problems += [
            Issue("foundation_negative", Place(label=name))
            for name, below in zip(panel.indicators, with_negative, strict=True)
            if below
        ]
    posts = [section.goalposts.get(name) for name in panel.indicators]
    if section.normalisation == "goalpost":
        problems += [
            Issue("foundation_goalposts", Place(label=f"foundation.goalposts.{name}"))
            for name, post in zip(panel.indicators, posts, strict=True)
            if post is None or not post[0] < post[1]
        ]
    if problems:
        raise InputError(problems)
    low, high = (np.array([post[k] if post else k for post in posts], float) for k in (0, 1))
    return normalise(treated, section.normalisation, panel.direction, low=low, high=high)


def _score(
    normal: Array, panel: Panel, present: list[str], kind: str, section: FoundationSection
) -> Scores:
    """Return index and dimensions under one kind of weights."""
    policy: Missing = "skip" if section.missing == "skip" else "propagate"
    weights = weigh_panel(panel, present, kind, dict(section.user_weights))
    return score_panel(
        normal, panel, present, weights, policy,
        within=section.aggregation_within, across=section.aggregation,
    )  # fmt: skip


def _silent(audit: ResultTable) -> list[Message]:
    """Say which indicators never move a rank when they are left out."""
    frame = audit.frame
    never = frame.loc[frame["most_rank_change"] == 0, "indicator"].tolist()
    if not never:
        return []
    params: dict[str, str | int] = {"count": len(never), "indicators": first_labels(never, 10)}
    return [Message("foundation.never_matter", params)]


def _uncertain(
    belt: Belt,
    panel: Panel,
    present: list[str],
    scores: Mapping[str, Scores],
    section: FoundationSection,
    scope: Scope,
) -> tuple[list[ResultTable], list[Message], dict[str, ResultValue]]:
    """Draw the ranks anew under other assumptions: tables, what cannot be told apart, counts."""
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    drawn = draw_ranks(
        panel,
        present,
        in_belt,
        assumptions=Assumptions(
            section.draw_normalisation, section.draw_weights, section.draw_aggregation,
            section.weight_noise, leave_out=section.leave_out,
        ),
        treatments=section.draw_treatment,
        most_points=section.most_points,
        data_error={str(grade): share for grade, share in section.data_error.items()},
        draws=section.draws,
        seed=scope.seed,
    )  # fmt: skip
    head = scores[section.weights]
    ranks = {OVERALL: _ranks(head.index, in_belt)}
    for place, name in enumerate(present):
        ranks[name] = _ranks(head.dimension[:, place], in_belt)
    regions = [str(code) for code in belt.regions.index]
    tables = uncertainty_tables(drawn, regions, present, ranks, section.top, scope.base_year)
    close = drawn.undecided()
    pairs = max(int((~np.isnan(ranks[OVERALL][1])).sum()) - 1, 0)
    params: dict[str, str | int] = {"count": len(close), "of": pairs, "draws": section.draws}
    messages = [Message("foundation.undecided", params)] if close else []
    values = {
        "draws": ResultValue(section.draws, "D"),
        "undecided_neighbours": ResultValue(len(close), "C"),
        "neighbours": ResultValue(pairs, "A"),
    }
    return tables, messages, values


def _read(belt: Belt, section: FoundationSection, scope: Scope) -> Panel:
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
    return Panel(
        years=years,
        base=years.index(scope.base_year),
        indicators=names,
        dimensions=[dimension for _, dimension in chosen],
        direction=specs.loc[names, "direction"].to_numpy(dtype=np.float64),
        grade=[str(grade) for grade in specs.loc[names, "grade"]],
        values=values.to_numpy().astype(np.float64),
        observed=observed,
    )


def _left_out(panel: Panel, usable: NDArray[np.bool_], section: FoundationSection) -> list[Message]:
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


def _missing(panel: Panel, regions: list[str], section: FoundationSection) -> list[Message]:
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


def _ranks(scores: Array, in_belt: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Rank among all and among the belt, down the first axis."""
    inside = np.where(in_belt.reshape(-1, *[1] * (scores.ndim - 1)), scores, np.nan)
    return competition_rank(scores.T).T, competition_rank(inside.T).T


def _index_table(
    belt: Belt,
    scores: Mapping[str, Scores],
    normal: Array,
    section: FoundationSection,
    year: int,
) -> ResultTable:
    """One row per region, in table order."""
    in_belt = belt.regions["in_belt"].to_numpy(bool)
    columns: dict[str, object] = {
        "region": [str(code) for code in belt.regions.index],
        "reach": [str(reach) for reach in belt.regions["reach"]],
        "in_belt": in_belt,
        "year": year,
    }
    found = {kind: score.index for kind, score in scores.items()}
    found["benefit"] = benefit_scores(scores[section.weights].dimension, section.benefit_shares)
    ranks = {kind: _ranks(score, in_belt) for kind, score in found.items()}
    columns |= {f"index_{kind}": score for kind, score in found.items()}
    columns |= {f"rank_{kind}": among_all for kind, (among_all, _) in ranks.items()}
    columns |= {f"belt_rank_{kind}": among_belt for kind, (_, among_belt) in ranks.items()}
    columns["indicators_known"] = (~np.isnan(normal)).sum(axis=1)
    columns["indicators"] = normal.shape[1]
    units = {f"index_{kind}": "index" for kind in found}
    units |= {f"{kind}rank_{name}": "rank" for kind in ("", "belt_") for name in found}
    return ResultTable("index", pd.DataFrame(columns), grade="C", units=units)


def _dimension_table(
    belt: Belt, scores: Mapping[str, Scores], present: list[str], headline: str, year: int
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
    panel: Panel,
    normal: Array,
    scores: Mapping[str, Scores],
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
    panel: Panel, present: list[str], scores: Mapping[str, Scores], section: FoundationSection
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
