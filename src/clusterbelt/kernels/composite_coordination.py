"""Coupling and coordination of subsystems: two forms in use, named apart.

U[i] is the development of subsystem i between 0 and 1, shape (..., n).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio
from clusterbelt.kernels.composite_aggregate import aggregate_arithmetic

__all__ = ["Coordination", "coupling_coordination"]


class Coordination(NamedTuple):
    """What :func:`coupling_coordination` returns; each of shape (...)."""

    coupling: Array
    development: Array
    coordination: Array


def coupling_coordination(
    subsystems: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    kind: Literal["classic", "modified"] = "classic",
) -> Coordination:
    """Coupling degree C, development T and coordination degree D of n subsystems.

    ``T = sum_i w[i] U[i]``, ``D = sqrt(C T)`` and

    - classic: ``C = n (prod_i U[i])^(1/n) / sum_i U[i]``
    - modified: ``C = sqrt((1 - m) (prod_i U[i] / max U)^(1/(n-1)))`` with m the mean of
      ``|U[i] - U[k]|`` over pairs, as the form of Wang et al. (2021) is usually quoted; not
      checked against the paper's text.

    Parameters
    ----------
    subsystems
        U, shape (..., n), each between 0 and 1.
    weights
        w, shape (n,), zero or more, scaled to add to one. Default: equal.
    kind
        Which coupling degree.

    Returns
    -------
    Coordination
        (coupling, development, coordination), each of shape (...) and between 0 and 1. C is 0 when
        one subsystem is 0 and NaN when all are (0/0), when one is unknown, or when n = 1 in the
        modified form. In the classic form equal subsystems give 1 however low they are.

    Raises
    ------
    ValueError
        If a value lies outside 0 to 1, a weight is negative or ``kind`` is another word.

    References
    ----------
    Wang, S., Kong, W., Ren, L., Zhi, D. and Dai, B. (2021), on the misuses of the coupling
    coordination degree model in China and its modification (in Chinese), Journal of Natural
    Resources 36(3), 793-810.

    Examples
    --------
    >>> [round(part.item(), 4) for part in coupling_coordination([0.9, 0.4])]
    [0.9231, 0.65, 0.7746]
    """
    u = as_array(subsystems)
    if bool(np.any((u < 0) | (u > 1))):
        raise ValueError("subsystems must lie between 0 and 1")
    n = u.shape[-1]
    w = np.ones(n) if weights is None else as_array(weights)
    development = aggregate_arithmetic(u[..., None, :], w)[..., 0]
    if kind == "classic":
        coupling = ratio(n * u.prod(axis=-1) ** (1.0 / n), u.sum(axis=-1))
    elif kind == "modified":
        ascending = np.sort(u, axis=-1)
        factors = 2.0 * np.arange(n) - (n - 1)  # sum over pairs of |difference|, sorted
        apart = ratio((ascending * factors).sum(axis=-1), n * (n - 1) / 2)
        relative = ratio(u, u.max(axis=-1, keepdims=True)).prod(axis=-1)
        coupling = np.sqrt((1.0 - apart) * relative ** ratio(1.0, float(n - 1)))
    else:
        raise ValueError(f"kind must be 'classic' or 'modified', not {kind!r}")
    coupling = np.clip(coupling, 0.0, 1.0)
    return Coordination(coupling, development, np.sqrt(coupling * development))
