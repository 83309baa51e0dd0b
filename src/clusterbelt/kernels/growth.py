"""Shift-share analysis: growth split into nation, industry mix and region, adding up exactly."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = ["ShiftShare", "shift_share"]


class ShiftShare(NamedTuple):
    """Components of growth, each (..., R, I); their sum is ``change``, the growth itself."""

    national: Array
    mix: Array
    regional: Array
    allocation: Array  # zero in the classic form
    change: Array


def _classic(x0: Array, x1: Array, n0: Array, n1: Array) -> ShiftShare:
    overall = ratio(n1.sum(axis=-1, keepdims=True), n0.sum(axis=-1, keepdims=True)) - 1.0
    industry = ratio(n1, np.where(n0 == 0, np.nan, n0)) - 1.0
    defined = np.where(np.isnan(industry), np.nan, 1.0)[..., None, :]
    national = x0 * overall[..., None, :] * defined
    mix = x0 * (industry - overall)[..., None, :]
    # Not x0 * (g_ri - g_i): an industry new to the region would be 0 * infinity there.
    regional = x1 - x0 * (1.0 + industry)[..., None, :]
    return ShiftShare(national, mix, regional, np.zeros_like(x0) * defined, x1 - x0)


def _esteban_marquillas(x0: Array, x1: Array, n0: Array, n1: Array) -> ShiftShare:
    base = _classic(x0, x1, n0, n1)
    # Homothetic: what the region would have of the industry with the nation's structure.
    structure = ratio(n0, n0.sum(axis=-1, keepdims=True))[..., None, :]
    homothetic = x0.sum(axis=-1, keepdims=True) * structure
    advantage = ratio(base.regional, x0)
    regional = homothetic * advantage
    return base._replace(regional=regional, allocation=base.regional - regional)


def shift_share(
    start: ArrayLike,
    end: ArrayLike,
    *,
    method: Literal["classic", "esteban_marquillas", "dynamic"] = "classic",
    nation_start: ArrayLike | None = None,
    nation_end: ArrayLike | None = None,
) -> ShiftShare:
    """Split the growth of every region and industry.

    With x region by industry, n the nation by industry, 0 the start and 1 the end, g = n1./n0. - 1
    and g[i] = n1[i]/n0[i] - 1::

        national = x0 g
        mix      = x0 (g[i] - g)
        regional = x1 - x0 (1 + g[i])              classic
        regional = e0 (regional / x0), allocation = rest     esteban_marquillas,
                   e0 = x0[r,.] n0[i] / n0[.]

    ``dynamic`` applies the classic form to each step of a series and adds the steps up, so that
    the weights move with the structure.

    Parameters
    ----------
    start, end
        (..., R, I). For ``dynamic``, ``start`` is the whole series (..., T, R, I) without its last
        year and ``end`` without its first.
    nation_start, nation_end
        (..., I); the sums over regions where not given. Give them for a belt inside a nation.

    Returns
    -------
    :class:`ShiftShare`. National + mix + regional + allocation = change exactly. Where the nation
    had none of an industry at the start, its growth is not defined and the parts are NaN. The
    Esteban-Marquillas split is NaN where the region had none.

    Sources: Dunn (1960), Papers of the Regional Science Association 6, 97-112; Esteban-Marquillas
    (1972), Regional and Urban Economics 2, 249-255; Barff and Knight (1988), Growth and Change
    19(2), 1-10, for the dynamic form.
    """
    x0, x1 = as_array(start, 2), as_array(end, 2)
    if x0.shape != x1.shape:
        raise ValueError(f"start and end differ in shape: {x0.shape}, {x1.shape}")
    n0 = x0.sum(axis=-2) if nation_start is None else as_array(nation_start)
    n1 = x1.sum(axis=-2) if nation_end is None else as_array(nation_end)
    if method == "classic":
        return _classic(x0, x1, n0, n1)
    if method == "esteban_marquillas":
        return _esteban_marquillas(x0, x1, n0, n1)
    if method != "dynamic":
        raise ValueError(f"method must be classic, esteban_marquillas or dynamic, not {method!r}")
    if x0.ndim < 3:
        raise ValueError("dynamic needs a series: shape (..., T, R, I)")
    steps = _classic(x0, x1, n0, n1)
    return ShiftShare(
        steps.national.sum(axis=-3),
        steps.mix.sum(axis=-3),
        steps.regional.sum(axis=-3),
        steps.allocation.sum(axis=-3),
        steps.change.sum(axis=-3),
    )
