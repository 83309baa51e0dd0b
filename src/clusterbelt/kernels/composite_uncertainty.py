"""Uncertainty of a composite index: the same index under many sets of assumptions.

A replicate draws every assumption anew: how indicators are treated and normalised, how they are
weighed, how groups are aggregated, noise on the weights, one indicator left out (or none), noise
on the data. What is computed again in each replicate: the noisy table, its normalisation (minima,
maxima, means, ranks), weights that come from the data (entropy, CRITIC, principal component), the
scores and the ranks. What is not: treatment and imputation (the tables given are taken as they
are) and the nominal weights.

Values are processed in blocks of replicates, so that memory does not grow with their number but
for the ranks themselves; replicates that share a noisy table share its normalisation, and scores
of one kind are one matrix product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array, as_array, ratio
from clusterbelt.kernels.composite_aggregate import Aggregation, competition_rank
from clusterbelt.kernels.composite_normalise import Normalisation, directions
from clusterbelt.kernels.composite_replicates import Block, Problem, Rows, score_block
from clusterbelt.kernels.composite_sobol import (
    SobolInterval,
    SobolShares,
    sobol_interval,
    sobol_shares,
)
from clusterbelt.kernels.composite_weights import Weighting

__all__ = [
    "FACTORS",
    "Assumptions",
    "RankSummary",
    "Uncertainty",
    "rank_dominance",
    "rank_summary",
    "rank_uncertainty",
]

Factor = Literal[
    "treatment", "normalisation", "weighting", "aggregation", "weight_noise", "left_out",
    "data_noise",
]  # fmt: skip
FACTORS: Final[tuple[Factor, ...]] = (
    "treatment", "normalisation", "weighting", "aggregation", "weight_noise", "left_out",
    "data_noise",
)  # fmt: skip
_BLOCK_VALUES: Final = 1_500_000  # values of noisy tables held at a time


@dataclass(frozen=True)
class Assumptions:
    """What is drawn; each alternative is as likely as any other.

    ``aggregations`` join the groups; within a group indicators are averaged arithmetically.
    ``weight_noise`` a: every weight, of indicator and of group, is multiplied by 1 + a u with u
    uniform on -1 to 1. ``leave_out``: no indicator or any one of them is left out.
    """

    normalisations: tuple[Normalisation, ...] = ("minmax", "zscore", "rank")
    weightings: tuple[Weighting, ...] = ("equal", "entropy", "critic")
    aggregations: tuple[Aggregation, ...] = ("arithmetic", "geometric", "copeland")
    weight_noise: float = 0.25
    leave_out: bool = True
    floor: float = 0.01


@dataclass(frozen=True)
class Uncertainty:
    """What :func:`rank_uncertainty` returns.

    ``ranks``: (draws, U), 1 the best, NaN without a score. ``group_ranks``: (draws, U, G) or None.
    ``choices``: drawn alternative of each factor by name, (draws,); for ``left_out`` J means none.
    ``sobol``: shares of each unit's rank variance, (7, U), in the order of FACTORS; ``pooled``:
    those of the variance of all ranks together. None without.
    """

    ranks: Array
    group_ranks: Array | None
    choices: dict[str, NDArray[np.int64]]
    sobol: SobolShares | None = None
    pooled: SobolInterval | None = None
    active: tuple[bool, ...] = ()  # which factors vary at all


class RankSummary(NamedTuple):
    """What :func:`rank_summary` returns, each (U,); ``top`` is (len(top), U)."""

    mean: Array
    median: Array
    low: Array
    high: Array
    top: Array


def rank_uncertainty(
    values: ArrayLike,
    rng: Generator,
    direction: ArrayLike | None = None,
    *,
    groups: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    error: ArrayLike | None = None,
    pool: ArrayLike | None = None,
    assumptions: Assumptions | None = None,
    draws: int = 1000,
    sobol: bool = True,
    group_ranks: bool = False,
) -> Uncertainty:
    """Rank the units under ``draws`` sets of assumptions, and say which assumption matters.

    Parameters
    ----------
    values
        Indicators, shape (U, J), or (T, U, J) for T alternatives of treatment, each as likely.
        A missing value is left out of the mean of its group, and a group without any out of the
        index, with the weights of the others scaled up.
    rng
        Source of randomness; the same state gives the same bytes.
    direction
        1 or -1 per indicator, shape (J,). Default: all 1.
    groups
        Group of each indicator, integers 0 to G-1, shape (J,). Default: every indicator by itself.
    weights
        Nominal weights over all indicators, shape (J,), for the weighting ``user``. ``equal``
        weighs every group the same and within it every indicator.
    error
        Standard deviation of the error of every value, shape of ``values`` (or one that broadcasts
        to it), zero or more; normal and independent. Default: no error.
    pool
        Rows of other years, shape (P, J), that count in weights from data. They have no noise.
    assumptions
        What is drawn; default :class:`Assumptions`.
    draws
        Number of replicates the ranks are reported of, even. For ``sobol`` their halves are the
        samples A and B, and half as many again are computed for each factor that varies.
    sobol
        Whether to compute Sobol shares.
    group_ranks
        Whether to keep the ranks within each group too.

    Returns
    -------
    Uncertainty
        Ranks, choices and shares. A unit without a score in a replicate has NaN there and NaN
        shares. Scores that agree to 12 digits are ties.

    Raises
    ------
    ValueError
        If shapes do not fit, draws are odd or fewer than 2, or an alternative refuses the values.

    References
    ----------
    Saisana, M., Saltelli, A. and Tarantola, S. (2005), Uncertainty and sensitivity analysis
    techniques as tools for the quality assessment of composite indicators, Journal of the Royal
    Statistical Society A 168(2), 307-323.
    """
    if draws < 2 or draws % 2:
        raise ValueError(f"draws must be an even number of at least 2, not {draws}")
    given = assumptions or Assumptions()
    problem = _problem(values, direction, groups, weights, error, pool, given)
    streams = rng.spawn(4)
    design = _design(problem, given, draws, streams[0])
    active = tuple(bool(np.any(column != column[0])) for column in design.T)
    rows, count = _rows(design, active, sobol), len(design)
    noise = 1.0 + given.weight_noise * (
        2.0 * streams[1].random((draws, problem.indicators + problem.groups)) - 1.0
    )
    ranks = np.empty((len(rows), problem.units), dtype=np.float32)
    inner = np.empty((count, problem.units, problem.groups), np.float32) if group_ranks else None
    for block in _blocks(problem, rows, streams[2]):
        choice = rows[block.rows]
        alternative = Rows(choice[:, 0], choice[:, 1], choice[:, 2], choice[:, 3], choice[:, 5])
        score, parts = score_block(problem, given, block, alternative, noise[choice[:, 4]])
        ranks[block.rows] = competition_rank(np.round(score, 12))
        if inner is not None:
            kept = block.rows < count
            inner[block.rows[kept]] = np.swapaxes(
                competition_rank(np.round(np.swapaxes(parts[kept], -1, -2), 12)), -1, -2
            )
    by_unit, pooled = _shares(ranks, active, draws, streams[3]) if sobol else (None, None)
    return Uncertainty(
        ranks[:count].astype(np.float64),
        None if inner is None else inner.astype(np.float64),
        {name: design[:, place] for place, name in enumerate(FACTORS)},
        by_unit,
        pooled,
        active,
    )


def _problem(
    values: ArrayLike,
    direction: ArrayLike | None,
    groups: ArrayLike | None,
    weights: ArrayLike | None,
    error: ArrayLike | None,
    pool: ArrayLike | None,
    given: Assumptions,
) -> Problem:
    v = as_array(values, 2)
    tables = v[None] if v.ndim == 2 else v
    if tables.ndim != 3:
        raise ValueError(f"values must be (U, J) or (T, U, J), not {v.shape}")
    count = tables.shape[-1]
    signs = directions(direction, count)
    of = np.arange(count) if groups is None else np.asarray(groups, dtype=np.int64)
    if of.shape != (count,) or set(of.tolist()) != set(range(int(of.max()) + 1)):
        raise ValueError("groups must give every indicator one of the groups 0 to G-1")
    spread = None if error is None else np.broadcast_to(np.asarray(error, float), v.shape)
    if spread is not None and bool(np.any(spread < 0.0)):
        raise ValueError("errors must not be negative")
    user = None if weights is None else as_array(weights)
    if "user" in given.weightings and (user is None or user.shape != (count,)):
        raise ValueError("weighting 'user' needs one weight per indicator")
    known = ~np.isnan(tables)
    if bool(np.any(known != known[0])):
        raise ValueError("alternatives of treatment must know the same values")
    return Problem(
        tables=tables,
        error=None if spread is None or not spread.any() else spread.reshape(tables.shape),
        signs=signs,
        of=of,
        user=user,
        pool=None if pool is None else as_array(pool, 2),
        known=known[0],
    )


def _design(problem: Problem, given: Assumptions, draws: int, rng: Generator) -> NDArray[np.int64]:
    """Draw the alternatives of all factors; noise is drawn by number of its realisation."""
    alternatives = (
        len(problem.tables), len(given.normalisations), len(given.weightings),
        len(given.aggregations), 0 if given.weight_noise > 0.0 else 1,
        problem.indicators + 1 if given.leave_out else 1, 0 if problem.error is not None else 1,
    )  # fmt: skip
    design = np.empty((draws, len(FACTORS)), dtype=np.int64)
    for place, many in enumerate(alternatives):
        design[:, place] = np.arange(draws) if many == 0 else rng.integers(many, size=draws)
    if not given.leave_out:
        design[:, FACTORS.index("left_out")] = problem.indicators
    return design


def _rows(design: NDArray[np.int64], active: tuple[bool, ...], sobol: bool) -> NDArray[np.int64]:
    """Return the design, and below it, for each active factor, A with that column from B."""
    half = len(design) // 2
    parts = [design]
    for place in np.flatnonzero(active) if sobol else ():
        mixed = design[:half].copy()
        mixed[:, place] = design[half:, place]
        parts.append(mixed)
    return np.concatenate(parts)


def _blocks(problem: Problem, rows: NDArray[np.int64], rng: Generator) -> Iterator[Block]:
    """Yield blocks of rows that share noisy tables, with these; noise is drawn in fixed order."""
    order = np.argsort(rows[:, -1], kind="stable")
    kind = rows[order, -1]
    size = problem.units * problem.indicators
    most = max(_BLOCK_VALUES // size, 1)
    start = 0
    while start < len(order):
        stop = min(start + most, len(order))
        if problem.error is not None and stop < len(order):
            # A noisy table serves all its rows at once.
            stop = int(np.searchsorted(kind, kind[stop - 1], side="right"))
        chosen = order[start:stop]
        keys = rows[chosen][:, [-1, 0]]
        unique, table_of = np.unique(keys, axis=0, return_inverse=True)
        yield Block(chosen, _noisy(problem, unique, rng), table_of.ravel())
        start = stop


def _noisy(problem: Problem, keys: NDArray[np.int64], rng: Generator) -> Array:
    """Return the tables of the keys (noise, treatment), signed so that more is better."""
    tables = problem.tables[keys[:, 1]]
    if problem.error is not None:
        which, place = np.unique(keys[:, 0], return_inverse=True)
        drawn = rng.standard_normal((len(which), *tables.shape[1:]))
        tables = tables + problem.error[keys[:, 1]] * drawn[place.ravel()]
    return np.asarray(tables)


def _shares(
    ranks: NDArray[np.float32], active: tuple[bool, ...], draws: int, rng: Generator
) -> tuple[SobolShares, SobolInterval]:
    """Estimate the shares of the active factors; those of the others are zero."""
    half, where = draws // 2, np.flatnonzero(active)
    a, b = ranks[:half].astype(float), ranks[half:draws].astype(float)
    mixed = ranks[draws:].reshape(len(where), half, ranks.shape[1]).astype(float)
    found = sobol_shares(a, b, mixed)
    ranked = ~np.isnan(found.variance)
    full = [np.zeros((len(active), ranks.shape[1])) for _ in range(2)]
    for target, part in zip(full, found[:2], strict=True):
        target[where] = part
        target[:, ~ranked | (found.variance == 0.0)] = np.nan
    if len(where) == 0:
        return SobolShares(full[0], full[1], found.variance), SobolInterval(
            *(np.full(len(active), np.nan) for _ in SobolInterval._fields)
        )
    pooled = sobol_interval(a[:, ranked], b[:, ranked], mixed[..., ranked], rng)
    widened = []
    for part in pooled:
        row = np.zeros(len(active))
        row[where] = part
        widened.append(row)
    return SobolShares(full[0], full[1], found.variance), SobolInterval(*widened)


def rank_summary(
    ranks: ArrayLike, top: tuple[int, ...] = (1, 3, 5), *, level: float = 0.9
) -> RankSummary:
    """Return mean, median and interval of ranks over replicates, and how often a unit is on top.

    Parameters
    ----------
    ranks
        Shape (draws, U), 1 the best; NaN without a rank.
    top
        Values k: the share of replicates in which the rank is at most k.
    level
        The interval holds the middle ``level`` of the replicates; its bounds are ranks that occur.

    Returns
    -------
    RankSummary
        (mean, median, low, high, top). Over the replicates in which the unit has a rank; NaN for
        a unit that never has one.

    Examples
    --------
    >>> rank_summary([[1.0, 2.0], [1.0, 2.0], [2.0, 1.0]]).top[0].round(2).tolist()
    [0.67, 0.33]
    """
    r = as_array(ranks, 2)
    known = ~np.isnan(r)
    count = known.sum(axis=0)
    ordered = np.sort(r, axis=0)

    def at(share: float) -> Array:
        place = np.clip(np.ceil(share * count - 1e-9).astype(int) - 1, 0, len(r) - 1)
        return np.asarray(np.take_along_axis(ordered, place[None], axis=0)[0])

    middle = (at(0.5) + np.take_along_axis(
        ordered, np.minimum(count // 2, len(r) - 1)[None], axis=0)[0]) / 2.0  # fmt: skip
    some = np.where(count > 0, count, np.nan)
    mean = np.where(known, r, 0.0).sum(axis=0) / some
    often = [np.where(known, r <= most, False).sum(axis=0) / some for most in top]
    low, high = at((1.0 - level) / 2.0), at((1.0 + level) / 2.0)
    return RankSummary(mean, middle, low, high, np.array(often).reshape(len(top), -1))


def rank_dominance(ranks: ArrayLike) -> Array:
    """Return how often each unit ranks before each other: ``P[r,s] = share of rank[r] < rank[s]``.

    Shape (U, U) from ranks of shape (draws, U), over the replicates in which both have a rank; a
    tie is half. The diagonal is NaN, and so is a pair that never meets. ``P[r,s] + P[s,r] = 1``.
    """
    r = as_array(ranks, 2)
    units = r.shape[1]
    columns = np.ascontiguousarray(r.T.astype(np.float32))
    holes = bool(np.isnan(columns).any())
    if not holes:
        columns = columns.astype(np.int16 if units <= np.iinfo(np.int16).max else np.int32)
    result = np.full((units, units), np.nan)
    for one in range(units - 1):
        mine, other = columns[one], columns[one + 1 :]
        before, after = _count(mine < other), _count(mine > other)
        met = np.full(len(other), len(r), dtype=np.float64)
        if holes:
            met = _count(~np.isnan(mine) & ~np.isnan(other))
        share = ratio(before + 0.5 * (met - before - after), met)
        result[one, one + 1 :], result[one + 1 :, one] = share, 1.0 - share
    return result


def _count(marks: NDArray[np.bool_]) -> Array:
    """Count the marks of each row; in bits, which is several times faster than a sum."""
    found = np.bitwise_count(np.packbits(marks, axis=1)).sum(axis=1, dtype=np.int64)
    return np.asarray(found, dtype=np.float64)
