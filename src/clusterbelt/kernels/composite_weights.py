"""Composite indices, weights: how much every indicator counts.

v[r,j] is indicator j of unit r, shape (..., U, J). Weights that come from the data depend on the
sample: pool the years (:func:`clusterbelt.kernels.composite_normalise.pooled`) before weighing.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import (
    Array,
    Missing,
    as_array,
    ratio,
    require_non_negative,
    total,
)

__all__ = [
    "Weighting",
    "critic_weights",
    "entropy_weights",
    "known_correlations",
    "weight_critic",
    "weight_entropy",
    "weight_equal",
    "weight_pca",
    "weight_user",
]

Weighting = Literal["equal", "user", "entropy", "critic", "pca"]


def weight_equal(values: ArrayLike) -> Array:
    """Give every indicator the same weight: ``w[j] = 1 / J``.

    ``values`` has shape (..., U, J), of which only J matters here; returns shape (..., J).
    """
    v = as_array(values, 2)
    return np.full((*v.shape[:-2], v.shape[-1]), 1.0 / v.shape[-1])


def weight_entropy(values: ArrayLike, *, missing: Missing = "propagate") -> Array:
    """Entropy weights: an indicator weighs more the more unequally it is spread over the units.

    ``p[r,j] = v[r,j] / sum_r v[r,j]``; ``e[j] = -1/ln(U) sum_r p ln p`` with 0 ln 0 = 0;
    ``w[j] = (1 - e[j]) / sum_k (1 - e[k])``

    Parameters
    ----------
    values
        v, shape (..., U, J), zero or more; usually normalised. To pool years put their units one
        below the other: weights of one year alone depend strongly on the sample.
    missing
        ``propagate``: an indicator with a missing value has no weight, and then none has (NaN).
        ``skip``: its entropy is that of its known values, U being their number.

    Returns
    -------
    Array
        Shape (..., J), zero or more, adding to one. An indicator that is the same everywhere
        weighs nothing. NaN if all are the same everywhere (0/0), if there is one unit (ln 1 = 0),
        and if an indicator is zero everywhere (0/0): drop it first.

    Raises
    ------
    ValueError
        If a value is negative.

    References
    ----------
    Shannon, C. E. (1948), A Mathematical Theory of Communication, Bell System Technical Journal
    27. As a weighting of criteria: Zeleny, M. (1982), Multiple Criteria Decision Making,
    McGraw-Hill, New York.

    Examples
    --------
    >>> weight_entropy([[1.0, 1.0], [1.0, 0.0]]).tolist()
    [0.0, 1.0]
    """
    v = as_array(values, 2)
    require_non_negative(v)
    p = ratio(v, total(v, -2, missing))
    known = ~np.isnan(v) if missing == "skip" else np.ones(v.shape, dtype=bool)
    terms = np.where(known, p * np.log(np.where(p > 0.0, p, 1.0)), 0.0)
    units = np.maximum(known.sum(axis=-2), 1)
    spread = np.maximum(1.0 + ratio(terms.sum(axis=-2), np.log(units)), 0.0)
    # Equal values leave a spread of rounding only: such an indicator weighs nothing at all.
    same = np.fmax.reduce(p, axis=-2) == np.fmin.reduce(p, axis=-2)
    spread = np.where(same & ~np.isnan(spread), 0.0, spread)
    return ratio(spread, spread.sum(axis=-1, keepdims=True))


entropy_weights = weight_entropy


def _correlations(values: Array) -> tuple[Array, Array]:
    """Return correlations of the indicators (..., J, J) and lengths of the centred ones (..., J).

    A missing value, or a constant indicator, makes its row and column NaN.
    """
    centred = values - values.mean(axis=-2, keepdims=True)
    varies = values.max(axis=-2, keepdims=True) > values.min(axis=-2, keepdims=True)
    zero = values[..., :1, :] * 0.0
    length = np.where(varies, np.sqrt((centred**2).sum(axis=-2, keepdims=True)), zero)
    unit = ratio(centred, length)
    correlation = np.clip(np.swapaxes(unit, -1, -2) @ unit, -1.0, 1.0)
    return correlation, length[..., 0, :]


def _by_policy(values: Array, missing: Missing) -> tuple[Array, Array]:
    if missing == "propagate":
        return _correlations(values)
    if missing != "skip":
        raise ValueError(f"missing must be 'propagate' or 'skip', not {missing!r}")
    correlation, deviation = known_correlations(values)
    constant = np.fmax.reduce(values, axis=-2) == np.fmin.reduce(values, axis=-2)
    unknown = constant | np.isnan(deviation)
    lost = unknown[..., :, None] | unknown[..., None, :]
    return np.where(lost, np.nan, correlation), np.where(unknown, np.nan, deviation)


def known_correlations(values: ArrayLike) -> tuple[Array, Array]:
    """Return correlations (..., J, J) and deviations (..., J) over the values that are known.

    The usual ones where all are known; where some are not, products run over the pairs that are,
    around the means of all that are known. An indicator that does not vary correlates with none.
    """
    table = as_array(values, 2)
    known = ~np.isnan(table)
    held = known.astype(np.float64)
    count = held.sum(axis=-2, keepdims=True)
    filled = np.where(known, table, 0.0)
    gap = np.where(known, filled - ratio(filled.sum(axis=-2, keepdims=True), count), 0.0)
    square = gap * gap
    turned = np.swapaxes(gap, -1, -2)
    if bool(known.all()):
        length = np.sqrt(square.sum(axis=-2))
        scale = length[..., :, None] * length[..., None, :]
    else:
        cross = np.swapaxes(square, -1, -2) @ held
        scale = np.sqrt(cross * np.swapaxes(cross, -1, -2))
    deviation = np.sqrt(ratio(square.sum(axis=-2), count[..., 0, :]))
    correlation = np.clip(ratio(turned @ gap, scale), -1.0, 1.0)
    return np.where(np.isnan(correlation), 0.0, correlation), deviation


def weight_critic(values: ArrayLike, *, missing: Missing = "propagate") -> Array:
    """CRITIC weights: an indicator weighs more the more it varies and the less it repeats others.

    ``c[j] = s[j] sum_k (1 - corr[j,k])``; ``w[j] = c[j] / sum_k c[k]``

    Parameters
    ----------
    values
        v, shape (..., U, J); normalised, since the deviation s depends on the scale.
    missing
        ``propagate``: a missing value makes all weights NaN. ``skip``: deviations and correlations
        of what is known, see :func:`known_correlations`.

    Returns
    -------
    Array
        Shape (..., J), zero or more, adding to one. An indicator that is the same everywhere (its
        correlation is 0/0) makes all weights NaN: drop it first. So does a single indicator, and
        indicators that all repeat one another (0/0).

    References
    ----------
    Diakoulaki, D., Mavrotas, G. and Papayannakis, L. (1995), Determining objective weights in
    multiple criteria problems: the CRITIC method, Computers & Operations Research 22(7), 763-770.
    """
    correlation, length = _by_policy(as_array(values, 2), missing)
    conflict = (1.0 - correlation).sum(axis=-1)
    # Perfect repetition leaves rounding only.
    conflict = np.where(conflict < 1e-12, 0.0, conflict)
    content = length * conflict
    return ratio(content, content.sum(axis=-1, keepdims=True))


critic_weights = weight_critic


def weight_user(weights: ArrayLike) -> Array:
    """Scale weights given by the user to add to one over the last axis.

    ``w[j] = g[j] / sum_k g[k]``. Shape as ``weights``; NaN if all are zero (0/0) or one is NaN.

    Raises
    ------
    ValueError
        If a weight is negative.
    """
    given = as_array(weights)
    require_non_negative(given, "weights")
    return ratio(given, given.sum(axis=-1, keepdims=True))


def weight_pca(
    values: ArrayLike,
    *,
    kind: Literal["first", "kaiser"] = "first",
    missing: Missing = "propagate",
) -> Array:
    """Weights from principal components of the correlation matrix of the indicators.

    With eigenvalues l_k and unit eigenvectors a_k: ``first``: ``w[j] = a_1[j]^2``; ``kaiser``:
    ``w[j] = sum_k l_k a_k[j]^2 / sum_k l_k`` over the components with ``l_k >= 1``

    Parameters
    ----------
    values
        v, shape (..., U, J), in one direction. The scale of an indicator does not matter.
    kind
        The component with the largest eigenvalue alone, or all that explain more than one
        indicator would by itself.
    missing
        As in :func:`weight_critic`.

    Returns
    -------
    Array
        Shape (..., J), zero or more, adding to one. The sign of a loading is lost: an indicator
        that runs against the others has a positive weight too; look at the correlations. NaN if a
        value is missing or an indicator is constant (its correlation is 0/0): drop it first.

    Raises
    ------
    ValueError
        If ``kind`` is another word.

    References
    ----------
    Nicoletti, G., Scarpetta, S. and Boylaud, O. (2000), Summary indicators of product market
    regulation, OECD Economics Department Working Papers 226 (here without rotation).

    Examples
    --------
    >>> weight_pca([[1.0, 2.0], [2.0, 4.0], [4.0, 3.0]]).round(3).tolist()
    [0.5, 0.5]
    """
    if kind not in ("first", "kaiser"):
        raise ValueError(f"kind must be 'first' or 'kaiser', not {kind!r}")
    correlation, _ = _by_policy(as_array(values, 2), missing)
    usable = np.asarray(~np.isnan(correlation).any(axis=(-1, -2), keepdims=True))
    roots, vectors = np.linalg.eigh(np.where(usable, correlation, np.eye(correlation.shape[-1])))
    if kind == "first":
        found = vectors[..., -1] ** 2
    else:
        kept = np.where(roots >= 1.0 - 1e-9, roots, 0.0)[..., None, :]
        found = ratio((kept * vectors**2).sum(axis=-1), kept.sum(axis=-1))
    return np.where(usable[..., 0], found, np.nan)
