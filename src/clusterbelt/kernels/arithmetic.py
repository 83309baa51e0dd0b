"""Sums and ratios that keep the house rule: absent is NaN, zero is zero, 0/0 is NaN."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Array", "Missing", "as_array", "ratio", "require_non_negative", "share", "total"]

Array = NDArray[np.float64]
Missing = Literal["propagate", "skip"]


def as_array(values: ArrayLike, dimensions: int = 1) -> Array:
    """Return ``values`` as float64, with at least ``dimensions`` axes.

    Raises
    ------
    ValueError
        If there are fewer axes.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim < dimensions:
        raise ValueError(f"needs at least {dimensions} axes, got shape {array.shape}")
    return array


def require_non_negative(values: Array, what: str = "values") -> None:
    """Raise unless every known value is zero or more.

    Raises
    ------
    ValueError
        If a value is below zero: shares of it would mean nothing.
    """
    if bool(np.any(values < 0)):
        raise ValueError(f"{what} must not be negative; the least is {np.nanmin(values)}")


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> Array:
    """Return numerator / denominator; 0/0 is NaN, x/0 is infinite, NaN stays NaN. No warning."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.true_divide(numerator, denominator), dtype=np.float64)


def total(values: Array, axis: int | tuple[int, ...], missing: Missing = "propagate") -> Array:
    """Sum over ``axis``, which is kept with length one.

    ``propagate``: a sum with an unknown part is unknown (NaN). ``skip``: the sum of the known
    parts, NaN where no part is known.

    Raises
    ------
    ValueError
        If ``missing`` is another word.
    """
    if missing == "propagate":
        return np.asarray(values.sum(axis=axis, keepdims=True))
    if missing != "skip":
        raise ValueError(f"missing must be 'propagate' or 'skip', not {missing!r}")
    known = ~np.isnan(values)
    summed = np.where(known, values, 0.0).sum(axis=axis, keepdims=True)
    return np.where(known.any(axis=axis, keepdims=True), summed, np.nan)


def share(values: ArrayLike, axis: int = -1, missing: Missing = "propagate") -> Array:
    """Return values divided by their sum over ``axis``; the shares over ``axis`` add to one.

    A sum of zero gives NaN shares (0/0). Shape as ``values``.

    Examples
    --------
    >>> share([1.0, 3.0]).tolist()
    [0.25, 0.75]
    """
    array = as_array(values)
    return ratio(array, total(array, axis, missing))
