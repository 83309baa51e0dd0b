"""Groups of linked industries: clustering, how well they hold together, how stable they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.cluster import AgglomerativeClustering, KMeans, SpectralClustering
from sklearn.metrics import adjusted_rand_score

from clusterbelt.kernels.arithmetic import Array, as_array
from clusterbelt.kernels.linkage import colocation, combined_linkage

__all__ = [
    "GroupScores",
    "Method",
    "adjusted_rand",
    "bootstrap_stability",
    "group_industries",
    "group_relatedness",
    "validation_scores",
]

Labels = NDArray[np.int64]
Method = Literal["hierarchical", "spectral", "kmeans"]


@dataclass(frozen=True)
class GroupScores:
    """Validation scores of one grouping on one linkage, shares 0-1.

    ``groups_mean`` (``groups_strict``): share of groups whose mean linkage within is above the
    mean (above the given percentile) of their linkages with the other groups. ``industries_mean``
    (``industries_strict``): the same for industries and their own group. ``best_placed``: share
    of industries whose linkage with their own group is above that with every other group.
    ``overall``: mean of the first four.
    """

    groups_mean: float
    groups_strict: float
    industries_mean: float
    industries_strict: float
    best_placed: float
    overall: float


def _square(linkage: ArrayLike) -> Array:
    matrix = as_array(linkage, 2).copy()
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"a linkage is square, got {matrix.shape}")
    np.fill_diagonal(matrix, np.nan)
    off = ~np.eye(matrix.shape[0], dtype=bool)
    if not bool(np.isfinite(matrix[off]).all()):
        raise ValueError("a linkage holds NaN; leave out the industries without linkages first")
    if not np.allclose(matrix[off], matrix.T[off]):
        raise ValueError("a linkage must be symmetric")
    return matrix


def _in_order(labels: NDArray[np.int64]) -> Labels:
    """Number groups from 0 by their first industry."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    order = np.empty(first.size, dtype=np.int64)
    order[np.argsort(first)] = np.arange(first.size)
    return np.asarray(order[inverse], dtype=np.int64)


def group_industries(
    linkage: ArrayLike, count: int, *, method: Method = "hierarchical", seed: int = 0
) -> Labels:
    """Group industries by their linkages.

    ``hierarchical``: agglomerative, average linkage, on the distance ``max L - L[i,j]``.
    ``spectral``: normalised cuts of the affinity ``(L - min L) / (max L - min L)``.
    ``kmeans``: k-means of the rows of L, the diagonal set to ``max L``.

    Parameters
    ----------
    linkage
        L, shape (I, I), symmetric, known off the diagonal, which is ignored.
    count
        Number of groups, 1 to I.
    method, seed
        The seed matters to ``spectral`` and ``kmeans`` only.

    Returns
    -------
    Labels
        Shape (I,), groups numbered from 0 by their first industry.

    Raises
    ------
    ValueError
        If L is not as said, or ``count`` or ``method`` is out of range.
    """
    matrix = _square(linkage)
    size = matrix.shape[0]
    if not 1 <= count <= size:
        raise ValueError(f"count must be 1 to {size}, not {count}")
    if method not in ("hierarchical", "spectral", "kmeans"):
        raise ValueError(f"method must be hierarchical, spectral or kmeans, not {method!r}")
    if count in (1, size):
        return np.zeros(size, dtype=np.int64) if count == 1 else np.arange(size)
    top, low = float(np.nanmax(matrix)), float(np.nanmin(matrix))
    np.fill_diagonal(matrix, top)
    if method == "hierarchical":
        model = AgglomerativeClustering(count, metric="precomputed", linkage="average")
        return _in_order(model.fit_predict(top - matrix))
    if method == "spectral":
        affinity = np.ones_like(matrix) if top == low else (matrix - low) / (top - low)
        model = SpectralClustering(
            count, affinity="precomputed", random_state=seed, assign_labels="cluster_qr"
        )
        return _in_order(model.fit_predict(np.maximum(affinity, 1e-9)))
    return _in_order(KMeans(count, n_init=20, random_state=seed).fit_predict(matrix))


def group_relatedness(linkage: ArrayLike, groups: ArrayLike) -> tuple[Array, Array]:
    """Mean linkage of industries, and of groups, with each group.

    Returns ``industry[i,g] = mean over j in g, j != i of L[i,j]`` (I, G) and ``group[g,h]``, the
    mean over pairs i in g, j in h, i != j (G, G). NaN for an industry alone in its group, with
    that group. Groups are numbered 0..G-1.

    Raises
    ------
    ValueError
        As :func:`group_industries`, or if ``groups`` has another length or leaves out a number.
    """
    matrix = _square(linkage)
    labels = np.asarray(groups, dtype=np.int64)
    if labels.shape != (matrix.shape[0],):
        raise ValueError(f"groups has shape {labels.shape}, the linkage {matrix.shape}")
    count = int(labels.max()) + 1
    if not np.array_equal(np.unique(labels), np.arange(count)):
        raise ValueError("groups must be numbered 0, 1, 2 ... without a gap")
    member = (labels[:, None] == np.arange(count)).astype(np.float64)
    np.fill_diagonal(matrix, 0.0)
    sums = matrix @ member
    partners = member.sum(axis=0) - member
    with np.errstate(invalid="ignore", divide="ignore"):
        industry = sums / partners
        pairs = member.T @ partners
        group = (member.T @ sums) / pairs
    return industry, group


def _above(own: Array, others: list[Array], percentile: float) -> tuple[float, float]:
    """Return the shares that lie above the mean, and the percentile, of the others."""
    mean = [bool(value > other.mean()) for value, other in zip(own, others, strict=True)]
    strict = [
        bool(value > np.percentile(other, percentile))
        for value, other in zip(own, others, strict=True)
    ]
    return float(np.mean(mean)), float(np.mean(strict))


def validation_scores(
    linkage: ArrayLike, groups: ArrayLike, *, percentile: float = 95.0
) -> GroupScores:
    """Validation scores of a grouping: linkage within groups against between groups.

    In the manner of Delgado, Porter and Stern (2016, section 3.3): within-cluster relatedness of
    a group (an industry) is compared with the mean and with a high percentile of its relatedness
    to the other groups; a score is the share of groups (industries) that pass. An industry alone
    in its group has no linkage within and does not pass, so that many groups of one do not score.
    With a single group there is nothing to compare: every score is NaN.

    Raises
    ------
    ValueError
        As :func:`group_relatedness`.

    Examples
    --------
    >>> pairs = np.kron(np.eye(2), np.ones((2, 2)))
    >>> validation_scores(pairs, [0, 0, 1, 1]).overall
    1.0
    >>> validation_scores(pairs, [0, 1, 0, 1]).overall
    0.0
    """
    industry, group = group_relatedness(linkage, groups)
    labels = np.asarray(groups, dtype=np.int64)
    count = group.shape[0]
    if count == 1:
        return GroupScores(*([float("nan")] * 6))
    own_industry = industry[np.arange(labels.size), labels]
    others_industry = [np.delete(industry[i], labels[i]) for i in range(labels.size)]
    others_group = [np.delete(group[g], g) for g in range(count)]
    groups_mean, groups_strict = _above(np.diagonal(group), others_group, percentile)
    mean, strict = _above(own_industry, others_industry, percentile)
    best = float(
        np.mean([own > rest.max() for own, rest in zip(own_industry, others_industry, strict=True)])
    )
    overall = (groups_mean + groups_strict + mean + strict) / 4.0
    return GroupScores(groups_mean, groups_strict, mean, strict, best, overall)


def adjusted_rand(one: ArrayLike, other: ArrayLike) -> float:
    """Adjusted Rand index of two groupings: 1 the same, 0 as expected by chance (Hubert 1985)."""
    return float(adjusted_rand_score(np.asarray(one), np.asarray(other)))


def bootstrap_stability(
    activity: ArrayLike,
    others: Sequence[ArrayLike],
    groups: ArrayLike,
    *,
    draws: int,
    seed: int,
    method: Method = "hierarchical",
    kind: Literal["activity", "share", "lq"] = "lq",
) -> Array:
    """Adjusted Rand index between ``groups`` and the groups of resampled regions.

    Each draw takes R regions with replacement, computes co-location anew, combines it with the
    ``others`` (linkages that do not depend on regions) as :func:`combined_linkage` does, and
    groups into as many groups. Shape (draws,). NaN for a draw in which an industry has the same
    value in every region drawn: its linkage is unknown.

    Parameters
    ----------
    activity
        x, shape (R, I): all industries that make up the regions' sizes, or those grouped.
    groups
        Shape (I,), as :func:`group_industries` numbers them.
    """
    x = as_array(activity, 2)
    labels = np.asarray(groups, dtype=np.int64)
    count = int(labels.max()) + 1
    generator = np.random.default_rng(seed)
    off = ~np.eye(labels.size, dtype=bool)
    found = np.full(draws, np.nan)
    for draw in range(draws):
        rows = generator.integers(0, x.shape[0], x.shape[0])
        linkage = combined_linkage([*others, colocation(x[rows], kind=kind)])
        if bool(np.isfinite(linkage[off]).all()):
            again = group_industries(linkage, count, method=method, seed=seed)
            found[draw] = adjusted_rand(labels, again)
    return found
