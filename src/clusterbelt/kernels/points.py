"""Distance-based concentration of points: Duranton-Overman, Marcon-Puech, Ripley-Besag.

Points are (N, 2): planar coordinates (``metric="euclidean"``) or longitude and latitude in degrees
(``metric="great_circle"``, distances in km on a sphere of radius 6371.0088 km). Radii are in the
unit of the distances. Pairs are never kept: one pass over them fills what is asked for, so memory
grows with the points and the radii, not with the pairs.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Literal

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import fftconvolve

from clusterbelt.kernels.arithmetic import Array

__all__ = [
    "EARTH_RADIUS_KM",
    "Metric",
    "besag_l",
    "k_density",
    "k_density_bandwidth",
    "marcon_puech_m",
    "marcon_puech_m_density",
    "pair_histogram",
    "ripley_k",
    "spread",
]

Metric = Literal["euclidean", "great_circle"]
Edge = Literal["none", "translation", "isotropic"]

EARTH_RADIUS_KM: Final = 6371.0088  # mean radius of the WGS-84 ellipsoid
_FINE: Final = 1 << 15  # bins of the histogram that a bandwidth is drawn from
_PER_BANDWIDTH: Final = 128  # bins of the histogram that a density is drawn from, per bandwidth
_STRIPES: Final = 8
_SMALL: Final = 2000  # points below which threads would cost more than they save


def spread(points: ArrayLike, metric: Metric = "euclidean") -> Array:
    """Return points in a space where straight lines order pairs as their distances do, (N, 3).

    Planar points get a third coordinate of zero; places on the sphere become points on a ball of
    the earth's radius, whose chord c belongs to the great-circle distance ``2 R asin(c / 2 R)``.

    Raises
    ------
    ValueError
        If ``points`` is not (N, 2), holds a value that is not finite, or a latitude beyond 90.
    """
    given = np.asarray(points, dtype=np.float64)
    if given.ndim != 2 or given.shape[1] != 2:
        raise ValueError(f"points must be shaped (N, 2), not {given.shape}")
    if not np.isfinite(given).all():
        raise ValueError("points must be finite; leave out those whose place is not known")
    if metric == "euclidean":
        return np.column_stack([given, np.zeros(len(given))])
    if np.abs(given[:, 1]).max(initial=0.0) > 90.0:
        raise ValueError("a latitude is beyond 90 degrees; are longitude and latitude swapped?")
    lon, lat = np.radians(given[:, 0]), np.radians(given[:, 1])
    ball = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    return np.asarray(EARTH_RADIUS_KM * ball, dtype=np.float64)


def _to_chord(distance: Array, metric: Metric) -> Array:
    if metric == "euclidean":
        return distance
    half = np.minimum(distance / (2.0 * EARTH_RADIUS_KM), math.pi / 2.0)
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.sin(half), dtype=np.float64)


def _to_distance(chord: Array, metric: Metric) -> Array:
    if metric == "euclidean":
        return chord
    sine = np.clip(chord / (2.0 * EARTH_RADIUS_KM), 0.0, 1.0)
    return np.asarray(2.0 * EARTH_RADIUS_KM * np.arcsin(sine), dtype=np.float64)


def _weights(weights: ArrayLike | None, count: int) -> Array:
    if weights is None:
        return np.ones(count)
    given = np.asarray(weights, dtype=np.float64)
    if given.shape != (count,):
        raise ValueError(f"weights must be shaped ({count},), not {given.shape}")
    if not np.isfinite(given).all() or (given < 0.0).any():
        raise ValueError("weights must be finite and not negative")
    return given


@numba.njit(cache=True, nogil=True, fastmath=True)
def _fill(
    space: Array, weight: Array, largest: float, bins: int, first: int, step: int
) -> Array:  # pragma: no cover
    """Weight of pairs i < j by chord for every ``step``-th i; the last bin is what lies beyond."""
    found = np.zeros(bins + 1)
    count = len(space)
    scale = np.float32(bins / largest)
    place = np.empty(count, dtype=np.int32)
    for i in range(first, count, step):
        x, y, z, own = space[i, 0], space[i, 1], space[i, 2], weight[i]
        for j in range(i + 1, count):  # this loop has no store that depends on data: it vectorises
            dx, dy, dz = space[j, 0] - x, space[j, 1] - y, space[j, 2] - z
            apart = np.float32(math.sqrt(dx * dx + dy * dy + dz * dz)) * scale
            place[j] = min(np.int32(apart), np.int32(bins))
        for j in range(i + 1, count):
            found[place[j]] += own * weight[j]
    return found


def _fill_in_stripes(space: Array, weight: Array, largest: float, bins: int) -> Array:
    """Fill the histogram on all cores; the stripes are fixed, so the sum is always the same."""
    jobs = ((space, weight, largest, bins, stripe, _STRIPES) for stripe in range(_STRIPES))
    if len(space) < _SMALL:
        parts = [_fill(*job) for job in jobs]
    else:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(lambda job: _fill(*job), jobs))
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def pair_histogram(
    points: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    largest: float,
    bins: int = _FINE,
    metric: Metric = "euclidean",
) -> tuple[Array, Array]:
    """Weight of all pairs by distance: ``sum over i < j of w_i w_j`` in each bin.

    Returns the distances of the bins' middles (bins,) and the weights (bins + 1,), the last one
    holding the pairs farther apart than ``largest``. One pass, N^2 / 2 steps, memory ``bins``.
    """
    space = spread(points, metric)
    if not largest > 0.0:
        raise ValueError(f"largest must be above zero, not {largest}")
    chord = float(_to_chord(np.array([largest]), metric)[0])
    found = _fill_in_stripes(space, _weights(weights, len(space)), chord, bins)
    middles = np.asarray((np.arange(bins) + 0.5) * (chord / bins), dtype=np.float64)
    return _to_distance(middles, metric), found


def k_density_bandwidth(points: ArrayLike, *, metric: Metric = "euclidean") -> float:
    """Silverman's rule for the distances of all pairs.

    ``0.9 min(s, IQR / 1.34) n^(-1/5)`` over the n = N (N - 1) / 2 distances (Silverman 1986,
    p. 48), read from a fine histogram: right to about a bin, 1 / 32,768 of the largest distance.
    """
    space = spread(points, metric)
    if len(space) < 3:
        raise ValueError("a bandwidth needs at least three points")
    reach = float(np.linalg.norm(space.max(axis=0) - space.min(axis=0)))
    top = float(_to_distance(np.array([reach * (1.0 + 1e-9)]), metric)[0])
    middles, found = pair_histogram(points, largest=max(top, 1e-12), metric=metric)
    counts = found[:-1]
    total = float(counts.sum())
    mean = float(counts @ middles) / total
    deviation = math.sqrt(float(counts @ (middles - mean) ** 2) / max(total - 1.0, 1.0))
    running = np.cumsum(counts) / total
    lower, upper = (float(middles[np.searchsorted(running, q)]) for q in (0.25, 0.75))
    width = min(deviation, (upper - lower) / 1.34) or deviation
    return float(0.9 * width * total**-0.2)


def k_density(
    points: ArrayLike,
    radii: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    bandwidth: float | None = None,
    metric: Metric = "euclidean",
) -> Array:
    """Duranton-Overman density of the distances between pairs, at ``radii`` (D,).

    ``K(d) = sum over i < j of w_i w_j f((d - d_ij) / h) / (h sum over i < j of w_i w_j)`` with a
    Gaussian f, reflected at zero (what would lie below zero is added above it), so that it
    integrates to 1. Without ``bandwidth`` h is Silverman's. Pairs are binned first, 128 bins a
    bandwidth, each bin shared out between the two grid points next to it. Fewer than two points
    give NaN. Duranton and Overman (2005), Review of Economic Studies 72(4), p. 1083.
    """
    at = np.asarray(radii, dtype=np.float64)
    space = spread(points, metric)
    weight = _weights(weights, len(space))
    if len(space) < 2 or np.count_nonzero(weight) < 2:
        return np.full(at.shape, np.nan)
    h = k_density_bandwidth(points, metric=metric) if bandwidth is None else bandwidth
    if not h > 0.0:
        raise ValueError(f"the bandwidth must be above zero, not {h}")
    step = h / _PER_BANDWIDTH
    top = float(at.max(initial=0.0)) + 6.0 * h
    bins = math.ceil(top / step)
    middles, found = pair_histogram(points, weight, largest=bins * step, bins=bins, metric=metric)
    counts = found[:-1]
    grid = _share_out(middles / step, counts, bins)
    reach = np.arange(-6 * _PER_BANDWIDTH, 6 * _PER_BANDWIDTH + 1) / _PER_BANDWIDTH
    kernel = np.exp(-0.5 * reach**2) / (h * math.sqrt(2.0 * math.pi))
    mirrored = np.concatenate([grid[:0:-1], [2.0 * grid[0]], grid[1:]])
    smooth = fftconvolve(mirrored, kernel, mode="same")[bins:]
    dense = np.interp(at, np.arange(bins + 1) * step, smooth) / float(found.sum())
    return np.asarray(dense, dtype=np.float64)


def _share_out(places: Array, mass: Array, bins: int) -> Array:
    """Share each mass out between the two grid points next to its place, (bins + 1,)."""
    below = np.minimum(places.astype(np.int64), bins - 1)
    part = places - below
    low = np.bincount(below, mass * (1.0 - part), minlength=bins + 1)
    high = np.bincount(below + 1, mass * part, minlength=bins + 1)
    return np.asarray(low + high, dtype=np.float64)


@numba.njit(cache=True, nogil=True)
def _neighbour_ratios(
    space: Array,
    weight: Array,
    rows: NDArray[np.int64],
    neighbour: NDArray[np.bool_],
    edges: Array,
    table: NDArray[np.int64],
) -> Array:  # pragma: no cover
    """Ratio of neighbours of the one kind to all neighbours, by reference point and radius."""
    count, cells = len(edges), len(table) - 1
    scale = cells / edges[-1] if edges[-1] > 0.0 else 0.0
    found = np.full((len(rows), count), np.nan)
    apart = np.empty(len(space))
    for k in range(len(rows)):
        i = rows[k]
        x, y, z = space[i, 0], space[i, 1], space[i, 2]
        for j in range(len(space)):
            dx, dy, dz = space[j, 0] - x, space[j, 1] - y, space[j, 2] - z
            apart[j] = math.sqrt(dx * dx + dy * dy + dz * dz)
        own, every = np.zeros(count + 1), np.zeros(count + 1)
        for j in range(len(space)):
            chord = apart[j]
            if chord > edges[-1] or j == i:
                continue
            place = table[max(min(int(chord * scale), cells) - 1, 0)]  # at or before the edge
            while edges[place] < chord:
                place += 1
            every[place] += weight[j]
            if neighbour[j]:
                own[place] += weight[j]
        near, all_near = 0.0, 0.0
        for d in range(count):
            near += own[d]
            all_near += every[d]
            if all_near > 0.0:
                found[k, d] = near / all_near
    return found


def _ratios(
    space: Array,
    weight: Array,
    reference: NDArray[np.bool_],
    neighbour: NDArray[np.bool_],
    edges: Array,
) -> Array:
    rows = np.flatnonzero(reference)
    cells = 4096
    starts = np.arange(cells + 1) * (edges[-1] / cells)
    table = np.minimum(np.searchsorted(edges, starts), len(edges) - 1)
    blocks = np.array_split(rows, _STRIPES)
    jobs = [(space, weight, block, neighbour, edges, table) for block in blocks]
    if len(rows) * len(space) < _SMALL**2:
        return np.concatenate([_neighbour_ratios(*job) for job in jobs])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(lambda job: _neighbour_ratios(*job), jobs)))


def _kinds(kind: ArrayLike, count: int, name: str) -> NDArray[np.bool_]:
    given = np.asarray(kind)
    if given.shape != (count,) or given.dtype != np.bool_:
        raise ValueError(f"{name} must be {count} true or false values")
    return given


def _marked(
    points: ArrayLike,
    reference: ArrayLike,
    weights: ArrayLike | None,
    neighbour: ArrayLike | None,
    metric: Metric,
) -> tuple[Array, Array, NDArray[np.bool_], NDArray[np.bool_]]:
    """Return points in space, their weights, which are referred to and which count as near."""
    space = spread(points, metric)
    referred = _kinds(reference, len(space), "reference")
    near = referred if neighbour is None else _kinds(neighbour, len(space), "neighbour")
    return space, _weights(weights, len(space)), referred, near


def _expected(weight: Array, reference: NDArray[np.bool_], neighbour: NDArray[np.bool_]) -> Array:
    own = float(weight[neighbour].sum()) - np.where(neighbour, weight, 0.0)
    rest = float(weight.sum()) - weight
    return np.asarray((own / rest)[reference], dtype=np.float64)


def marcon_puech_m(
    points: ArrayLike,
    reference: ArrayLike,
    radii: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    neighbour: ArrayLike | None = None,
    metric: Metric = "euclidean",
) -> Array:
    """Marcon-Puech M: neighbours of the industry within each radius, relative to all, (D,).

    ``M(r) = sum_i (S_i(r) / A_i(r)) / sum_i ((W_S - w_i) / (W - w_i))`` over the reference points
    i, with S_i and A_i the weight of the points j != i within r (r included) that are of the kind
    ``neighbour`` (the reference kind itself where it is not given) and of all kinds, and w_i taken
    off W_S only where i is of that kind. 1: as everything; above: concentrated. A reference point
    with no neighbour at all within r counts in neither sum. NaN where none has one.
    Marcon and Puech (2010), Journal of Economic Geography 10(5), p. 747.
    """
    space, weight, referred, near = _marked(points, reference, weights, neighbour, metric)
    at = np.asarray(radii, dtype=np.float64)
    if at.ndim != 1 or not at.size or (np.diff(at) <= 0.0).any() or at[0] < 0.0:
        raise ValueError("radii must be a list of numbers that rise, none below zero")
    if not referred.any() or len(space) < 2:
        return np.full(at.shape, np.nan)
    ratios = _ratios(space, weight, referred, near, _to_chord(at, metric))
    return _mean_ratio(ratios, _expected(weight, referred, near))


def _mean_ratio(ratios: Array, expected: Array) -> Array:
    there = np.isfinite(ratios)
    total = np.where(there, ratios, 0.0).sum(axis=0)
    against = np.where(there, expected[:, None], 0.0).sum(axis=0)
    empty = np.full(total.shape, np.nan)
    return np.asarray(np.divide(total, against, out=empty, where=against > 0.0), dtype=np.float64)


def marcon_puech_m_density(
    points: ArrayLike,
    reference: ArrayLike,
    radii: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    neighbour: ArrayLike | None = None,
    bandwidth: float,
    metric: Metric = "euclidean",
) -> Array:
    """Lang-Marcon-Puech m: as M, with the neighbours *at* a distance instead of within it, (D,).

    S_i and A_i are sums of ``w_j f((r - d_ij) / h)`` with a Gaussian f. Exact: every pair of a
    reference point and any point is weighed at every radius, in blocks.
    Lang, Marcon and Puech (2020), Papers in Regional Science 99(5), p. 1271.
    """
    space, weight, referred, near = _marked(points, reference, weights, neighbour, metric)
    at = np.asarray(radii, dtype=np.float64)
    if not bandwidth > 0.0:
        raise ValueError(f"the bandwidth must be above zero, not {bandwidth}")
    if not referred.any() or len(space) < 2:
        return np.full(at.shape, np.nan)
    ratios = np.full((int(referred.sum()), at.size), np.nan)
    for row, i in enumerate(np.flatnonzero(referred)):
        chord = np.linalg.norm(space - space[i], axis=1)
        away = (at[:, None] - _to_distance(chord, metric)[None, :]) / bandwidth
        mass = np.exp(-0.5 * away**2) * weight
        mass[:, i] = 0.0
        every, own = mass.sum(axis=1), mass[:, near].sum(axis=1)
        np.divide(own, every, out=ratios[row], where=every > 0.0)
    return _mean_ratio(ratios, _expected(weight, referred, near))


def _inside_share(points: Array, distance: Array, window: tuple[float, ...]) -> Array:
    """Share of each circle (around point i, radius d_ij) inside the window, shape (N, N)."""
    left, right, bottom, top = window
    gaps = np.stack(
        [points[:, 0] - left, points[:, 1] - bottom, right - points[:, 0], top - points[:, 1]]
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.arccos(np.minimum(gaps[:, :, None] / distance[None], 1.0))
    angle = np.nan_to_num(angle)
    outside = 2.0 * angle.sum(axis=0)
    for side in range(4):  # where a circle holds a corner, the two arcs beyond it overlap
        both = angle[side] + angle[(side + 1) % 4] - math.pi / 2.0
        outside -= np.maximum(both, 0.0)
    return np.asarray(1.0 - outside / (2.0 * math.pi), dtype=np.float64)


def ripley_k(
    points: ArrayLike,
    radii: ArrayLike,
    window: tuple[float, float, float, float],
    *,
    edge: Edge = "isotropic",
) -> Array:
    """Ripley's K in a rectangular window (left, right, bottom, top), at ``radii`` (D,).

    ``K(r) = A / (N (N - 1)) sum over i != j of c_ij 1(d_ij <= r)``, planar. The edge correction
    c_ij is 1 (``none``), the inverse share of the circle around i through j that lies inside the
    window (``isotropic``, Ripley 1976), or ``A / ((W - |dx|) (H - |dy|))`` (``translation``).
    Fewer than two points give NaN. Under complete randomness K(r) is about pi r^2.

    Raises
    ------
    ValueError
        If a point lies outside the window or the window has no area.
    """
    given = spread(points)[:, :2]
    at = np.asarray(radii, dtype=np.float64)
    left, right, bottom, top = window
    if right <= left or top <= bottom:
        raise ValueError("the window has no area: give left, right, bottom, top")
    x, y = given[:, 0], given[:, 1]
    if ((x < left) | (x > right) | (y < bottom) | (y > top)).any():
        raise ValueError("points lie outside the window")
    count = len(given)
    if count < 2:
        return np.full(at.shape, np.nan)
    dx, dy = np.abs(x[:, None] - x), np.abs(y[:, None] - y)
    distance = np.hypot(dx, dy)
    factor = np.ones_like(distance)
    if edge == "translation":
        factor = (right - left) * (top - bottom) / ((right - left - dx) * (top - bottom - dy))
    elif edge == "isotropic":
        factor = 1.0 / _inside_share(given, distance, window)
    apart = ~np.eye(count, dtype=np.bool_)
    order = np.argsort(distance[apart], kind="stable")
    running = np.concatenate([[0.0], np.cumsum(factor[apart][order])])
    within = np.searchsorted(distance[apart][order], at, side="right")
    area = (right - left) * (top - bottom)
    return np.asarray(area * running[within] / (count * (count - 1)), dtype=np.float64)


def besag_l(
    points: ArrayLike,
    radii: ArrayLike,
    window: tuple[float, float, float, float],
    *,
    edge: Edge = "isotropic",
) -> Array:
    """Besag's L, centred: ``L(r) = sqrt(K(r) / pi) - r``; 0 under complete randomness.

    Besag (1977), Journal of the Royal Statistical Society B 39, p. 193 (his L is not centred).
    """
    at = np.asarray(radii, dtype=np.float64)
    return np.asarray(np.sqrt(ripley_k(points, at, window, edge=edge) / math.pi) - at)
