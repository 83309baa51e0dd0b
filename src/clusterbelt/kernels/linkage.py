"""Linkages of industries: by trade, by shared location, and both together.

Every linkage is a symmetric matrix (I, I), larger for closer industries, with NaN on the diagonal:
an industry is not linked to itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, share
from clusterbelt.kernels.specialisation import location_quotient

__all__ = ["colocation", "combined_linkage", "io_linkage", "trade_shares"]

Kind = Literal["activity", "share", "lq"]
Scale = Literal["zscore", "rank", "minmax"]


def trade_shares(
    intermediate: ArrayLike, bought: ArrayLike | None = None, sold: ArrayLike | None = None
) -> tuple[Array, Array]:
    """Shares of trade between industries, seen by the buyer and by the seller.

    ``buying[i,j] = Z[i,j] / bought[j]``, ``selling[i,j] = Z[i,j] / sold[i]``

    Parameters
    ----------
    intermediate
        Z, shape (..., I, I): rows sell, columns buy. Zero or more.
    bought, sold
        Totals, shape (..., I). Default: the sums of Z over sellers and over buyers, trade with
        itself included, so that shares over all industries add to one.

    Returns
    -------
    tuple
        Two arrays of Z's shape. An industry that buys (sells) nothing has NaN shares (0/0).

    Raises
    ------
    ValueError
        If Z is not square, a value is negative, or the totals have another length.
    """
    flows = as_array(intermediate, 2)
    if flows.shape[-1] != flows.shape[-2]:
        raise ValueError(f"intermediate must be square, got {flows.shape}")
    columns = flows.sum(axis=-2) if bought is None else as_array(bought)
    rows = flows.sum(axis=-1) if sold is None else as_array(sold)
    for given in (columns, rows):
        if given.shape[-1] != flows.shape[-1]:
            raise ValueError(f"totals have {given.shape[-1]} industries, Z {flows.shape[-1]}")
        if bool(np.any(given < 0.0)):
            raise ValueError("totals must not be negative")
    if bool(np.any(flows < 0.0)):
        raise ValueError("intermediate use must not be negative")
    return ratio(flows, columns[..., None, :]), ratio(flows, rows[..., :, None])


def io_linkage(
    intermediate: ArrayLike, bought: ArrayLike | None = None, sold: ArrayLike | None = None
) -> Array:
    """Input-output linkage: the larger of the four shares two industries have in each other.

    ``L[i,j] = max(buying[i,j], buying[j,i], selling[i,j], selling[j,i])``, shares as in
    :func:`trade_shares`; shape (..., I, I), symmetric, between 0 and 1 with the default totals,
    NaN on the diagonal. Shares that are 0/0 are left out of the maximum; NaN where all four are.

    References
    ----------
    Ellison, G., Glaeser, E. L. and Kerr, W. R. (2010), What causes industry agglomeration?
    Evidence from coagglomeration patterns, American Economic Review 100(3), 1195-1213. Delgado,
    M., Porter, M. E. and Stern, S. (2016), Defining clusters of related industries, Journal of
    Economic Geography 16(1), 1-38.

    Examples
    --------
    >>> io_linkage([[0.0, 10.0], [5.0, 15.0]]).round(3).tolist()
    [[nan, 1.0], [1.0, nan]]
    """
    buying, selling = trade_shares(intermediate, bought, sold)
    linkage = np.fmax(
        np.fmax(buying, np.swapaxes(buying, -1, -2)), np.fmax(selling, np.swapaxes(selling, -1, -2))
    )
    return _without_diagonal(linkage)


def _without_diagonal(matrix: Array) -> Array:
    found = matrix.copy()
    place = np.arange(matrix.shape[-1])
    found[..., place, place] = np.nan
    return found


def colocation(activity: ArrayLike, *, kind: Kind = "lq") -> Array:
    """Locational correlation: Pearson correlation of two industries over the regions.

    ``L[i,j] = corr over r of (y[r,i], y[r,j])``

    Parameters
    ----------
    activity
        x, shape (..., R, I), zero or more.
    kind
        What y is: ``activity`` x itself (the locational correlation of Delgado, Porter and Stern,
        which large regions dominate), ``share`` the industry's share of its region, ``lq`` the
        location quotient (which differs from ``share`` by a factor per industry only, so that
        both correlate alike; kept for its name).

    Returns
    -------
    Array
        Shape (..., I, I), between -1 and 1, NaN on the diagonal. NaN for an industry with an
        unknown value, or the same value everywhere (0/0); with one region NaN throughout.

    Raises
    ------
    ValueError
        If ``kind`` is another word; a value is negative (``share`` and ``lq``).
    """
    x = as_array(activity, 2)
    if kind == "activity":
        values = x
    elif kind == "share":
        values = share(x, axis=-1)
    elif kind == "lq":
        values = location_quotient(x)
    else:
        raise ValueError(f"kind must be activity, share or lq, not {kind!r}")
    centred = values - values.mean(axis=-2, keepdims=True)
    scale = np.sqrt((centred**2).sum(axis=-2))
    size = np.abs(values).max(axis=-2, initial=0.0)
    scale = np.where(scale <= 1e-12 * size * values.shape[-2], 0.0, scale)
    unit = ratio(centred, scale[..., None, :])
    unit = np.where(np.isfinite(unit), unit, np.nan)
    return _without_diagonal(np.clip(np.swapaxes(unit, -1, -2) @ unit, -1.0, 1.0))


def _scaled(linkage: Array, scale: Scale) -> Array:
    """Put the pairs of a linkage on a common scale; the diagonal stays NaN."""
    upper = np.triu_indices(linkage.shape[0], k=1)
    values = linkage[upper]
    known = np.isfinite(values)
    given = values[known]
    if scale == "zscore":
        spread = given.std() if given.size else 0.0
        values[known] = ratio(given - given.mean(), spread) if given.size else given
    elif scale == "minmax":
        values[known] = ratio(given - given.min(), np.ptp(given)) if given.size else given
    elif scale == "rank":
        order = np.searchsorted(np.sort(given), given, side="left") + np.searchsorted(
            np.sort(given), given, side="right"
        )
        values[known] = ratio(order, 2.0 * given.size)  # ties share their mean rank
    else:
        raise ValueError(f"scale must be zscore, rank or minmax, not {scale!r}")
    found = np.full(linkage.shape, np.nan)
    found[upper] = values
    found.T[upper] = values
    return found


def combined_linkage(
    layers: Sequence[ArrayLike], weights: Sequence[float] | None = None, *, scale: Scale = "zscore"
) -> Array:
    """Combine linkages: each is put on one scale over its pairs, then their weighted mean.

    ``zscore``: mean 0, standard deviation 1 (population) over the pairs i < j. ``minmax``: 0 to 1.
    ``rank``: mean rank over the number of pairs. Shape (I, I). A pair unknown in one layer is
    unknown in the result. A layer whose pairs are all alike has no scale (0/0): NaN throughout
    with ``zscore`` and ``minmax``.

    Raises
    ------
    ValueError
        If there is no layer, shapes differ, a layer is not symmetric, or weights are negative,
        add to zero or have another length.
    """
    if not layers:
        raise ValueError("needs at least one linkage")
    arrays = [as_array(layer, 2) for layer in layers]
    shape = arrays[0].shape
    for array in arrays:
        if array.shape != shape or array.ndim != 2 or shape[0] != shape[1]:
            raise ValueError(f"linkages must be square and alike, got {array.shape} and {shape}")
        if not np.allclose(array, array.T, equal_nan=True):
            raise ValueError("a linkage must be symmetric")
    factors = np.ones(len(arrays)) if weights is None else np.asarray(weights, dtype=np.float64)
    if factors.shape != (len(arrays),) or bool(np.any(factors < 0.0)) or factors.sum() <= 0.0:
        raise ValueError("weights: one per linkage, zero or more, not all zero")
    total = np.zeros(shape)
    for factor, array in zip(factors / factors.sum(), arrays, strict=True):
        if factor > 0.0:
            total = total + factor * _scaled(array, scale)
    return total
