"""The complexity family: revealed advantage, complexity indices, fitness, proximity, density.

Letters: R regions, I industries; M (R, I) presence, 1 where a region is specialised.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import eigh
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from clusterbelt.kernels.arithmetic import Array, as_array, ratio
from clusterbelt.kernels.specialisation import location_quotient

__all__ = [
    "complexity_outlook",
    "eci_pci",
    "fitness",
    "presence",
    "proximity",
    "rca",
    "relatedness_density",
]


def rca(values: ArrayLike, reference: ArrayLike | None = None) -> Array:
    """Revealed comparative advantage (Balassa): the location quotient of trade.

    ``rca[r,i] = (x[r,i] / x[r,.]) / (x[.,i] / x[.,.])``: the industry's share of the region over
    its share of the whole.
    ``values`` is (..., R, I); ``reference`` (..., I), where given, stands for the column sums.
    0/0 is NaN.

    Source: Balassa (1965), The Manchester School 33, 99-123.
    """
    return location_quotient(values, reference)


def presence(advantage: ArrayLike, threshold: float = 1.0) -> Array:
    """Return M: 1 where ``advantage >= threshold``, else 0; NaN counts as absent.

    A matrix of zeros and ones stays as it is.
    """
    array = as_array(advantage, 2)
    return (np.where(np.isnan(array), -np.inf, array) >= threshold).astype(np.float64)


def _trimmed(m: Array, least_diversity: int, least_ubiquity: int) -> tuple[Array, Array]:
    """Drop tiny regions and industries until none is left, then all but the largest part.

    Returns masks of the regions and industries kept. Units that no chain of shared industries
    links to the rest cannot be compared with it: the eigenvector would only tell the parts apart.
    """
    rows, columns = np.ones(m.shape[0], bool), np.ones(m.shape[1], bool)
    while True:
        core = m * columns
        new_rows = rows & (core.sum(axis=1) >= least_diversity)
        new_columns = columns & ((m * new_rows[:, None]).sum(axis=0) >= least_ubiquity)
        if bool((new_rows == rows).all() and (new_columns == columns).all()):
            break
        rows, columns = new_rows, new_columns
    kept_rows, kept_columns = np.flatnonzero(rows), np.flatnonzero(columns)
    block = m[np.ix_(kept_rows, kept_columns)]
    i, j = np.nonzero(block)
    size = len(kept_rows) + len(kept_columns)
    graph = coo_array((np.ones(len(i)), (i, j + len(kept_rows))), shape=(size, size))
    _, part = connected_components(graph, directed=False)
    if size:
        largest = int(np.argmax(np.bincount(part)))
        rows[kept_rows] = part[: len(kept_rows)] == largest
        columns[kept_columns] = part[len(kept_rows) :] == largest
    return rows, columns


def _standardised(values: Array) -> Array:
    deviation = values.std()
    # One unit, or all alike: nothing to compare.
    if not deviation > 1e-12 * max(1.0, float(np.abs(values).max(initial=0.0))):
        return np.full_like(values, np.nan)
    return np.asarray((values - values.mean()) / deviation)


def eci_pci(
    advantage: ArrayLike,
    *,
    threshold: float = 1.0,
    least_diversity: int = 1,
    least_ubiquity: int = 1,
) -> tuple[Array, Array]:
    """Economic complexity of regions (ECI) and complexity of industries (PCI).

    With diversity k = M 1 and ubiquity u = M' 1, ECI is the eigenvector to the second largest
    eigenvalue of ``diag(1/k) M diag(1/u) M'``; PCI the like for industries. Computed from the
    symmetric form on the smaller side, the other side follows by averaging: no complex numbers,
    no large matrix. Both are standardised (mean 0, population deviation 1), the sign chosen so
    that ECI correlates positively with diversity.

    Parameters
    ----------
    advantage
        (R, I): presence, or revealed advantage, which becomes presence at ``threshold``.
    threshold
        Least revealed advantage that counts as presence.
    least_diversity, least_ubiquity
        Regions with fewer industries and industries in fewer regions are trimmed, again and again
        until none is left; a region with one product can otherwise lead the ranking.

    Returns
    -------
    ECI (R,) and PCI (I,); NaN for what was trimmed or is linked to the rest by no shared industry.

    Source: Hidalgo and Hausmann (2009), PNAS 106, 10570-10575; symmetric form as in Mealy, Farmer
    and Teytelboym (2019), Science Advances 5.
    """
    m = presence(advantage, threshold)
    if m.ndim != 2:
        raise ValueError(f"needs shape (R, I), got {m.shape}")
    eci, pci = np.full(m.shape[0], np.nan), np.full(m.shape[1], np.nan)
    rows, columns = _trimmed(m, max(least_diversity, 1), max(least_ubiquity, 1))
    core = m[np.ix_(rows, columns)]
    if min(core.shape) < 2:
        return eci, pci
    diversity, ubiquity = core.sum(axis=1), core.sum(axis=0)
    # Half-scaled on both sides, so that scaled @ scaled.T and scaled.T @ scaled are symmetric.
    scaled = core / np.sqrt(diversity)[:, None] / np.sqrt(ubiquity)[None, :]
    by_region = core.shape[0] <= core.shape[1]
    square = scaled @ scaled.T if by_region else scaled.T @ scaled
    n = square.shape[0]
    values, vectors = eigh(square, subset_by_index=[n - 2, n - 2])
    if float(values[0]) < 1e-12:  # every region has the same mix: no direction to tell them apart
        return eci, pci
    if by_region:
        regions = vectors[:, 0] / np.sqrt(diversity)
        industries = (core.T @ regions) / ubiquity
    else:
        industries = vectors[:, 0] / np.sqrt(ubiquity)
        regions = (core @ industries) / diversity
    sign = -1.0 if float(np.dot(regions - regions.mean(), diversity)) < 0 else 1.0
    eci[rows], pci[columns] = _standardised(sign * regions), _standardised(sign * industries)
    return eci, pci


def fitness(
    advantage: ArrayLike, *, iterations: int = 20, threshold: float = 1.0
) -> tuple[Array, Array]:
    """Fitness of regions F and complexity of industries Q by the nonlinear map.

    Starting from ones, each round ``F = M Q`` and ``Q = 1 / (M' (1/F))``, both divided by their
    mean. The map may drive values to zero; results depend on the number of iterations, which is
    therefore to be stated. ``iterations`` counts the ones at the start as the first, as the
    established R package does (20 means 19 updates). Regions without presence get F = 0,
    industries without get NaN.

    Returns F (R,), Q (I,).

    Source: Tacchella et al. (2012), Scientific Reports 2, 723.
    """
    if iterations < 1:
        raise ValueError(f"iterations must be at least 1, not {iterations}")
    m = presence(advantage, threshold)
    seen_r, seen_i = m.sum(axis=1) > 0, m.sum(axis=0) > 0
    core = m[np.ix_(seen_r, seen_i)]
    f, q = np.ones(core.shape[0]), np.ones(core.shape[1])
    for _ in range(iterations - 1):
        new_f = core @ q
        new_q = 1.0 / (core.T @ (1.0 / f))
        f, q = new_f / new_f.mean(), new_q / new_q.mean()
    region, industry = np.zeros(m.shape[0]), np.full(m.shape[1], np.nan)
    region[seen_r], industry[seen_i] = f, q
    return region, industry


def proximity(
    advantage: ArrayLike,
    *,
    of: Literal["industries", "regions"] = "industries",
    threshold: float = 1.0,
) -> Array:
    """Proximity: the smaller of the two conditional probabilities of being present together.

    ``phi[i,j] = sum_r M[r,i] M[r,j] / max(u[i], u[j])`` with ubiquity u; over regions the like
    with M transposed. Symmetric, diagonal 1; NaN where neither is present anywhere.

    Returns (I, I), or (R, R) for ``of="regions"``.

    Source: Hidalgo, Klinger, Barabási and Hausmann (2007), Science 317, 482-487.
    """
    m = presence(advantage, threshold)
    if of == "regions":
        m = m.T
    elif of != "industries":
        raise ValueError(f"of must be 'industries' or 'regions', not {of!r}")
    count = m.sum(axis=0)
    # Counts below 2^24 are exact in single precision, which halves the time of the product.
    small = m.astype(np.float32) if m.shape[0] < 2**24 else m
    together = (small.T @ small).astype(np.float64)
    return ratio(together, np.maximum(count[:, None], count[None, :]))


def relatedness_density(
    advantage: ArrayLike,
    relatedness: ArrayLike | None = None,
    *,
    include_self: bool = False,
    nearest: int | None = None,
    threshold: float = 1.0,
) -> Array:
    """How much of what is related to an industry a region already has, between 0 and 1.

    ``d[r,i] = sum_j M[r,j] phi[i,j] / sum_j phi[i,j]``. By default j runs over the *other*
    industries: with j = i the presence to be explained would stand on both sides.

    Parameters
    ----------
    advantage
        (R, I) presence or revealed advantage.
    relatedness
        (I, I) weights, used as given; the proximity of ``advantage`` where there are none.
    include_self
        Whether the industry itself counts among its related ones.
    nearest
        Only the so many most related industries of every industry count, each with its weight;
        of equals at the margin, the ones that stand first. All where not given.

    Returns (R, I); NaN where an industry is related to nothing.

    Raises
    ------
    ValueError
        If the relatedness has another shape or ``nearest`` is below one.

    Source: Hidalgo et al. (2007), as above.
    """
    m = presence(advantage, threshold)
    phi = np.nan_to_num(proximity(m)) if relatedness is None else as_array(relatedness, 2).copy()
    if phi.shape != (m.shape[1], m.shape[1]):
        raise ValueError(f"relatedness must be {(m.shape[1],) * 2}, got {phi.shape}")
    if not include_self:
        np.fill_diagonal(phi, 0.0)
    if nearest is not None:
        phi = _nearest(phi, nearest)
    return ratio(m @ phi.T, phi.sum(axis=1)[None, :])


def _nearest(phi: Array, count: int) -> Array:
    """Keep the ``count`` largest weights of every row, zero for the others."""
    if count < 1:
        raise ValueError(f"nearest must be at least 1, not {count}")
    order = np.argsort(-phi, axis=1, kind="stable")[:, :count]
    kept = np.zeros_like(phi)
    np.put_along_axis(kept, order, np.take_along_axis(phi, order, axis=1), axis=1)
    return kept


def complexity_outlook(
    advantage: ArrayLike, density: ArrayLike, pci: ArrayLike, *, threshold: float = 1.0
) -> Array:
    """Complexity outlook: how near a region is to complex industries it does not have yet.

    ``coi[r] = sum_i d[r,i] (1 - M[r,i]) PCI[i]``; industries without PCI or density are left out.
    Shapes (R, I), (R, I), (I,) -> (R,).

    Source: Hausmann et al. (2014), The Atlas of Economic Complexity.
    """
    m = presence(advantage, threshold)
    gain = as_array(density, 2) * (1.0 - m) * as_array(pci)[None, :]
    known = ~np.isnan(gain)
    return np.where(known.any(axis=1), np.where(known, gain, 0.0).sum(axis=1), np.nan)
