"""How alike the industrial structures of regions are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, require_non_negative

__all__ = ["similarity"]


def similarity(activity: ArrayLike) -> Array:
    """Similarity of industrial structures (cosine), the coefficient used by UNIDO.

    ``S[r,q] = sum_i x[r,i] x[q,i] / sqrt(sum_i x[r,i]^2  sum_i x[q,i]^2)``

    Parameters
    ----------
    activity
        x, shape (..., R, I), zero or more. Only structure counts: a region's scale does not.

    Returns
    -------
    Array
        Shape (..., R, R), symmetric, 0 (no industry in common) to 1 (same structure). NaN in row
        and column of a region without activity (0/0) or with an unknown value. With one industry
        every pair is 1. Never compare across class levels: coarser classes give higher values.

    Raises
    ------
    ValueError
        If a value is negative.

    References
    ----------
    UNIDO (1979), World Industry since 1960: Progress and Prospects, United Nations, New York.

    Examples
    --------
    >>> similarity([[3.0, 4.0], [4.0, 3.0]]).round(2).tolist()
    [[1.0, 0.96], [0.96, 1.0]]
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    # Dividing by the largest first keeps the squares of very large or small figures in range.
    scaled = ratio(x, x.max(axis=-1, keepdims=True))
    unit = ratio(scaled, np.sqrt((scaled * scaled).sum(axis=-1, keepdims=True)))
    cosine = unit @ np.swapaxes(unit, -1, -2)
    # Rounding may give 1 + 1e-16; symmetric to the last digit whatever the matrix product does.
    return np.clip((cosine + np.swapaxes(cosine, -1, -2)) / 2, 0.0, 1.0)
