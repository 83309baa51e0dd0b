"""One block of replicates of a composite index: noisy tables to scores, by matrix products."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from clusterbelt.kernels.arithmetic import Array, ratio
from clusterbelt.kernels.composite_aggregate import aggregate, topsis
from clusterbelt.kernels.composite_normalise import normalise, normalise_minmax
from clusterbelt.kernels.composite_weights import known_correlations, weight_entropy

if TYPE_CHECKING:
    from clusterbelt.kernels.composite_uncertainty import Assumptions

__all__ = ["Block", "Problem", "Rows", "score_block"]

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Problem:
    """The index that is replicated; see :func:`composite_uncertainty.rank_uncertainty`."""

    tables: Array  # (T, U, J)
    error: Array | None  # (T, U, J)
    signs: Array  # (J,)
    of: Integers  # (J,) group of each indicator
    user: Array | None  # (J,)
    pool: Array | None  # (P, J)
    known: NDArray[np.bool_]  # (U, J)

    @property
    def units(self) -> int:
        """Number of units."""
        return int(self.tables.shape[1])

    @property
    def indicators(self) -> int:
        """Number of indicators."""
        return int(self.tables.shape[2])

    @property
    def groups(self) -> int:
        """Number of groups."""
        return int(self.of.max()) + 1

    @property
    def member(self) -> Array:
        """Indicator by group, 1 where it belongs to it, (J, G)."""
        return np.equal(self.of[:, None], np.arange(self.groups)).astype(np.float64)


@dataclass(frozen=True)
class Block:
    """Rows of the design and the noisy tables (B, U, J) they use; ``table_of`` one per row."""

    rows: Integers
    tables: Array
    table_of: Integers


class Rows(NamedTuple):
    """Alternative of each row, (R,)."""

    treatment: Integers
    normalisation: Integers
    weighting: Integers
    aggregation: Integers
    left_out: Integers


def score_block(
    problem: Problem, given: Assumptions, block: Block, rows: Rows, noise: Array
) -> tuple[Array, Array]:
    """Return the scores (R, U) and the scores of the groups (R, U, G) of every row.

    ``noise`` holds a factor for the weight of every indicator and then of every group, (R, J + G).
    """
    inner, outer = _weights(problem, given, block, rows)
    inner = inner * noise[:, : problem.indicators]
    outer = outer * noise[:, problem.indicators :]
    parts = np.empty((len(block.rows), problem.units, problem.groups))
    bounds = np.empty((len(block.rows), 2))
    for kind, where in _each(rows.normalisation):
        used, place = np.unique(block.table_of[where], return_inverse=True)
        scaled = normalise(block.tables[used], given.normalisations[kind], problem.signs)
        for some in _slices(where, scaled[0].size):
            table = scaled[place.ravel()[some]] if len(used) > 1 else scaled
            parts[where[some]] = _group_scores(problem, table, inner[where[some]])
        bounds[where] = np.stack(
            [np.nanmin(scaled, axis=(1, 2)), np.nanmax(scaled, axis=(1, 2))], axis=1
        )[place.ravel()]
    score = np.empty(parts.shape[:2])
    for kind, where in _each(rows.aggregation):
        for some in _slices(where, problem.units * max(problem.groups, 1)):
            chosen = where[some]
            score[chosen] = _top(
                parts[chosen], outer[chosen], bounds[chosen], given.aggregations[kind], given.floor
            )
    return score, parts


def _each(column: Integers) -> Iterator[tuple[int, Integers]]:
    for kind in np.unique(column):
        yield int(kind), np.flatnonzero(column == kind)


def _slices(where: Integers, size: int, most: int = 2_000_000) -> Iterator[slice]:
    step = max(most // max(size, 1), 1)
    for start in range(0, len(where), step):
        yield slice(start, start + step)


def _group_scores(problem: Problem, table: Array, weights: Array) -> Array:
    """Return weighted means of each group, (R, U, G), over the indicators that a unit has."""
    spread = weights[:, :, None] * problem.member
    known = ~np.isnan(table)
    if bool(known.all()):
        return ratio(table @ spread, spread.sum(axis=1)[:, None, :])
    return ratio(np.where(known, table, 0.0) @ spread, known.astype(np.float64) @ spread)


def _top(parts: Array, weights: Array, bounds: Array, kind: str, floor: float) -> Array:
    """Join the groups into one score, (R, U)."""
    if kind in ("geometric", "harmonic", "topsis"):
        low, high = bounds[:, :1, None], bounds[:, 1:, None]
        parts = floor + (1.0 - floor) * (parts - low) / (high - low)
    if kind == "topsis":
        gone = np.asarray(np.isnan(parts).all(axis=1))
        parts = np.where(gone[:, None, :], 1.0, parts)
        return topsis(parts, np.where(gone, 0.0, weights))
    return aggregate(parts, weights, kind, missing="skip")  # type: ignore[arg-type]


def _weights(problem: Problem, given: Assumptions, block: Block, rows: Rows) -> tuple[Array, Array]:
    """Return the weights of indicators (R, J) and of groups (R, G), without noise."""
    count, member = problem.indicators, problem.member
    stays = np.arange(count) != rows.left_out[:, None]
    found = np.empty((len(block.rows), count))
    joint = np.empty((len(block.rows), problem.groups))
    for kind, where in _each(rows.weighting):
        word = given.weightings[kind]
        if word in ("equal", "user"):
            plain = 1.0 / member.sum(axis=0)[problem.of] if word == "equal" else problem.user
            assert plain is not None
            found[where] = plain
            joint[where] = plain @ member
            continue
        used, place = np.unique(block.table_of[where], return_inverse=True)
        table = _pooled(problem, block.tables[used])
        own = _from_data(word, table, place.ravel(), stays[where])
        found[where], joint[where] = own, (own * stays[where]) @ member
    return found * stays, joint


def _pooled(problem: Problem, tables: Array) -> Array:
    """Put the rows of other years below each table and bring all on 0-1."""
    if problem.pool is not None:
        more = np.broadcast_to(problem.pool, (len(tables), *problem.pool.shape))
        tables = np.concatenate([tables, more], axis=1)
    return normalise_minmax(tables, problem.signs)


def _from_data(word: str, table: Array, place: Integers, stays: NDArray[np.bool_]) -> Array:
    """Return weights from the data for every row, with one indicator left out, (R, J)."""
    if word == "entropy":
        # The entropy of an indicator does not depend on the others: only the scale changes.
        return weight_entropy(table, missing="skip")[place] * stays
    correlation, length = known_correlations(table)
    both = stays[:, :, None] & stays[:, None, :]
    if word == "critic":
        conflict = np.where(both, 1.0 - correlation[place], 0.0).sum(axis=-1)
        return np.where(stays, length[place] * conflict, 0.0)
    if word == "pca":
        _, vectors = np.linalg.eigh(np.where(both, correlation[place], 0.0))
        return np.where(stays, vectors[..., -1] ** 2, 0.0)
    raise ValueError(f"no weights {word!r}")
