"""Composite indices over a hierarchy: any tree of indicators, dimensions and index.

Nodes 0 to J-1 are the indicators, the others aggregates; ``parent[i]`` is the node that node i
belongs to, -1 for the top. The tree may be of any depth and need not be even: an aggregate may
hold indicators and aggregates. The *level* of an aggregate is 1 if it holds indicators only, else
one more than the highest level among its children.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array, Missing, as_array, require_non_negative
from clusterbelt.kernels.composite_aggregate import Aggregation, aggregate, positive_scale
from clusterbelt.kernels.composite_normalise import normalise_minmax, pooled
from clusterbelt.kernels.composite_weights import (
    Weighting,
    weight_critic,
    weight_entropy,
    weight_equal,
    weight_pca,
    weight_user,
)

__all__ = ["Hierarchy", "aggregate_hierarchy", "effective_shares", "levels_of"]

Integers = NDArray[np.int64]
Word = TypeVar("Word", bound=str)


class Hierarchy(NamedTuple):
    """What :func:`aggregate_hierarchy` returns.

    ``scores``: aggregates in the order of their nodes, shape (..., U, A). ``weights``: weight of
    every node within its parent, shape (N,), NaN at the top. ``shares``: weight of every indicator
    in the top node, shape (J,).
    """

    scores: Array
    weights: Array
    shares: Array


def levels_of(parent: ArrayLike, count: int) -> Integers:
    """Return the level of every node, 0 for the ``count`` indicators.

    Raises
    ------
    ValueError
        If the nodes do not make one tree: no top or several, a loop, an indicator as a parent, an
        aggregate without children.
    """
    up = np.asarray(parent, dtype=np.int64)
    nodes = len(up)
    if up.ndim != 1 or nodes <= count or bool(np.any(up >= nodes)):
        raise ValueError("parent must name a node of the tree for every node, -1 for the top")
    if np.count_nonzero(up < 0) != 1 or bool(np.any(up[:count] < 0)):
        raise ValueError("a tree has exactly one top, and that is an aggregate")
    if bool(np.any((up >= 0) & (up < count))):
        raise ValueError("an indicator cannot be a parent")
    if set(range(count, nodes)) - set(up.tolist()):
        raise ValueError("every aggregate needs a child")
    level = np.zeros(nodes, dtype=np.int64)
    below = up >= 0
    for _ in range(nodes):
        raised = level.copy()
        np.maximum.at(raised, up[below], level[below] + 1)
        if bool(np.all(raised == level)):
            return level
        level = raised
    raise ValueError("the parents run in a loop")


def aggregate_hierarchy(
    values: ArrayLike,
    parent: ArrayLike,
    *,
    weights: Weighting | Sequence[Weighting] = "equal",
    user: ArrayLike | None = None,
    aggregation: Aggregation | Sequence[Aggregation] = "arithmetic",
    missing: Missing = "propagate",
    least_known: float = 0.0,
    floor: float = 0.01,
) -> Hierarchy:
    """Aggregate normalised indicators up a tree, each level with its own weights and its own mean.

    Parameters
    ----------
    values
        Normalised indicators, shape (..., U, J), more is better.
    parent
        Parent of each node, shape (N,); the first J nodes are the indicators.
    weights
        One word for all levels, or one per level from the lowest. ``equal`` within each parent;
        ``user``: those given; ``entropy``, ``critic``, ``pca``: from the scores of the children
        of each parent, pooled over the leading axes (years), put on 0-1 first.
    user
        Weights of the user, shape (N,), zero or more; they count within each parent.
    aggregation
        One word for all levels, or one per level. Where a geometric or harmonic mean meets values
        of zero or less, :func:`positive_scale` is applied to the children of all parents of that
        level together.
    missing, least_known
        Policy at every level, see ``composite_aggregate``.
    floor
        The least value of the positive scale.

    Returns
    -------
    Hierarchy
        (scores, weights, shares).

    Raises
    ------
    ValueError
        If the nodes make no tree, a word is unknown, or there are too few words for the levels.
    """
    v = as_array(values, 2)
    count = v.shape[-1]
    up = np.asarray(parent, dtype=np.int64)
    level = levels_of(up, count)
    weighing = _per_level(weights, int(level.max()))
    joining = _per_level(aggregation, int(level.max()))
    held = np.full((*v.shape[:-1], len(up)), np.nan)
    held[..., :count] = v
    within = np.full(len(up), np.nan)
    for step in range(1, int(level.max()) + 1):
        parents = np.flatnonzero(level == step)
        children = np.flatnonzero(np.isin(up, parents))
        table = _made_positive(held[..., children], joining[step - 1], floor)
        for node in parents:
            own = up[children] == node
            one = table[..., own]
            within[children[own]] = _weigh(one, children[own], weighing[step - 1], user, missing)
            held[..., node] = aggregate(
                one, within[children[own]], joining[step - 1],
                missing=missing, least_known=least_known,
            )  # fmt: skip
    shares = effective_shares(within, up, count)
    return Hierarchy(held[..., count:], within, shares)


def effective_shares(weights: ArrayLike, parent: ArrayLike, count: int) -> Array:
    """Return the weight of each of the ``count`` indicators in the top: the product on its way up.

    ``s[j] = w[j] w[parent(j)] ...``; they add to one when the weights within each parent do.
    """
    w, up = as_array(weights), np.asarray(parent, dtype=np.int64)
    shares = np.ones(count)
    node = np.arange(count)
    while bool(np.any(up[node] >= 0)):
        on_the_way = up[node] >= 0
        shares = np.where(on_the_way, shares * np.where(on_the_way, w[node], 1.0), shares)
        node = np.where(on_the_way, up[node], node)
    return shares


def _per_level(words: Word | Sequence[Word], levels: int) -> list[Word]:
    found: list[Word] = [words] * levels if isinstance(words, str) else list(words)
    if len(found) != levels:
        raise ValueError(f"{len(found)} words for {levels} levels: {', '.join(found)}")
    return found


def _made_positive(table: Array, kind: str, floor: float) -> Array:
    if kind in ("geometric", "harmonic") and bool(np.any(table <= 0.0)):
        return positive_scale(table, floor)
    return table


def _weigh(
    table: Array, nodes: Integers, kind: str, user: ArrayLike | None, missing: Missing
) -> Array:
    """Return weights of the children of one parent, adding to one."""
    if kind == "user":
        if user is None:
            raise ValueError("weights 'user' need the user's weights")
        given = as_array(user)
        require_non_negative(given, "weights")
        return weight_user(given[nodes])
    together = pooled(table)
    if kind == "equal" or len(nodes) == 1:
        return weight_equal(together)
    scaled = normalise_minmax(together)
    if kind == "entropy":
        return weight_entropy(scaled, missing=missing)
    if kind == "critic":
        return weight_critic(scaled, missing=missing)
    if kind == "pca":
        return weight_pca(scaled, missing=missing)
    raise ValueError(f"no weights {kind!r}")
