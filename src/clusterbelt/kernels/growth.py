"""Shift-share analysis: growth split into nation, industry mix and region, adding up exactly."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import Array, as_array, ratio

__all__ = ["ArcelusShiftShare", "ShiftShare", "shift_share", "shift_share_arcelus"]


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
    advantage = ratio(base.regional, np.where(x0 == 0, np.nan, x0))
    regional = _homothetic(x0, n0) * advantage
    return base._replace(regional=regional, allocation=base.regional - regional)


class ArcelusShiftShare(NamedTuple):
    """Components of growth by Arcelus, each (..., R, I); the first eight add up to ``change``."""

    national_homothetic: Array
    national_specialised: Array
    mix_homothetic: Array
    mix_specialised: Array
    region_homothetic: Array
    region_specialised: Array
    interaction_homothetic: Array
    interaction_specialised: Array
    change: Array


def _nation(given: ArrayLike | None, regions: Array, what: str) -> Array:
    if given is None:
        return np.asarray(regions.sum(axis=-2))
    nation = as_array(given)
    if nation.shape[-1] != regions.shape[-1]:
        raise ValueError(f"{what} has {nation.shape[-1]} industries, not {regions.shape[-1]}")
    return nation


def _homothetic(x0: Array, n0: Array) -> Array:
    structure = ratio(n0, n0.sum(axis=-1, keepdims=True))[..., None, :]
    return np.asarray(x0.sum(axis=-1, keepdims=True) * structure, dtype=np.float64)


def _pair(start: ArrayLike, end: ArrayLike) -> tuple[Array, Array]:
    x0, x1 = as_array(start, 2), as_array(end, 2)
    if x0.shape != x1.shape:
        raise ValueError(f"start and end differ in shape: {x0.shape}, {x1.shape}")
    return x0, x1


def shift_share_arcelus(
    start: ArrayLike,
    end: ArrayLike,
    nation_start: ArrayLike | None = None,
    nation_end: ArrayLike | None = None,
) -> ArcelusShiftShare:
    """Split growth as Arcelus does: every effect once at the nation's structure, once beyond it.

    With e0 = x0[r,.] n0[i]/n0[.] what the region would have with the nation's structure, d = x0 -
    e0, and growth rates g (nation), g[i] (nation's industry), g[r] (region), g[r,i]::

        national     (e0, d) times g
        mix          (e0, d) times (g[i] - g)
        region       (e0, d) times (g[r] - g)
        interaction  (e0, d) times ((g[r,i] - g[r]) - (g[i] - g))

    The first two as in the classic form; region and interaction add to its regional component,
    which tells apart a region that grows as a whole from an industry that does well in it.

    Parameters, errors and NaN as in :func:`shift_share`. NaN too where the region had none of the
    industry at the start: it has no growth rate there.

    Source: Arcelus (1984), Growth and Change 15(1), 3-8.
    """
    x0, x1 = _pair(start, end)
    n0 = _nation(nation_start, x0, "nation_start")
    n1 = _nation(nation_end, x1, "nation_end")
    nation = (ratio(n1.sum(axis=-1), n0.sum(axis=-1)) - 1.0)[..., None, None]
    industry = (ratio(n1, np.where(n0 == 0, np.nan, n0)) - 1.0)[..., None, :]
    region = ratio(x1.sum(axis=-1, keepdims=True), x0.sum(axis=-1, keepdims=True)) - 1.0
    own = ratio(x1, np.where(x0 == 0, np.nan, x0)) - 1.0
    e0 = _homothetic(x0, n0)
    # One cell without a rate has no split at all: all its parts are NaN, not some of them.
    known = np.where(np.isnan(own + industry), np.nan, 1.0)
    rates = (nation, industry - nation, region - nation, (own - region) - (industry - nation))
    parts = [base * rate * known for rate in rates for base in (e0, x0 - e0)]
    return ArcelusShiftShare._make([*parts, x1 - x0])


def shift_share(
    start: ArrayLike,
    end: ArrayLike | None = None,
    nation_start: ArrayLike | None = None,
    nation_end: ArrayLike | None = None,
    *,
    method: Literal["classic", "esteban_marquillas", "dynamic"] = "classic",
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
    the weights move with the structure. See also :func:`shift_share_arcelus`.

    Parameters
    ----------
    start, end
        (..., R, I). For ``dynamic``, ``start`` alone may be the whole series (..., T+1, R, I), and
        ``nation_start`` alone its nation (..., T+1, I); or ``start`` is the series without its last
        year and ``end`` without its first.
    nation_start, nation_end
        (..., I); the sums over regions where not given. Give them for a belt inside a nation.

    Returns
    -------
    :class:`ShiftShare`. National + mix + regional + allocation = change exactly. Where the nation
    had none of an industry at the start, its growth is not defined and the parts are NaN. The
    Esteban-Marquillas split is NaN where the region had none.

    Raises
    ------
    ValueError
        If shapes do not fit, ``end`` is absent from a form that needs it, or ``method`` is another
        word.

    Sources: Dunn (1960), Papers of the Regional Science Association 6, 97-112; Esteban-Marquillas
    (1972), Regional and Urban Economics 2, 249-255; Barff and Knight (1988), Growth and Change
    19(2), 1-10, for the dynamic form.
    """
    if method not in ("classic", "esteban_marquillas", "dynamic"):
        raise ValueError(f"method must be classic, esteban_marquillas or dynamic, not {method!r}")
    if end is None:
        start, end, nation_start, nation_end = _steps(start, nation_start, nation_end, method)
    x0, x1 = _pair(start, end)
    n0 = _nation(nation_start, x0, "nation_start")
    n1 = _nation(nation_end, x1, "nation_end")
    if method == "classic":
        return _classic(x0, x1, n0, n1)
    if method == "esteban_marquillas":
        return _esteban_marquillas(x0, x1, n0, n1)
    if x0.ndim < 3:
        raise ValueError("dynamic needs a series: shape (..., T, R, I)")
    return ShiftShare(*(part.sum(axis=-3) for part in _classic(x0, x1, n0, n1)))


def _steps(
    series: ArrayLike, nation: ArrayLike | None, nation_end: ArrayLike | None, method: str
) -> tuple[Array, Array, Array | None, Array | None]:
    """Cut a series into the starts and ends of its steps."""
    if method != "dynamic":
        raise ValueError(f"{method} needs the end")
    if nation_end is not None:
        raise ValueError("a whole series takes one series of the nation, as nation_start")
    x = as_array(series, 3)
    if x.shape[-3] < 2:
        raise ValueError("a series needs two years at least")
    if nation is None:
        return x[..., :-1, :, :], x[..., 1:, :, :], None, None
    n = as_array(nation, 2)
    return x[..., :-1, :, :], x[..., 1:, :, :], n[..., :-1, :], n[..., 1:, :]
