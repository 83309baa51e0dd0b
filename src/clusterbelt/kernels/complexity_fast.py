"""The complexity family in one pass, for large tables: shared products, no large copies.

Gives what :mod:`clusterbelt.kernels.complexity` gives, function by function (a test holds both to
the same figures). Letters: R regions, I industries, n the smaller of both; M (R, I) presence,
k = M 1 diversity, u = M' 1 ubiquity.

Cost: the two products over industries, ``M' M`` and ``M phi``, take R I^2 multiplications each,
that of the eigenproblem R I n; everything else grows with R I. Memory: two matrices of R I numbers
(advantage, density), two of I^2, and blocks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import eigh
from scipy.sparse.linalg import ArpackNoConvergence, LinearOperator, eigsh

from clusterbelt.kernels.arithmetic import Array, as_array, ratio, require_non_negative, total
from clusterbelt.kernels.complexity import eci_pci

__all__ = ["Complexity", "complexity_family"]

_BLOCK = 256  # rows of M that are worked on at a time as double precision
_DENSE = 200  # up to this size all eigenvectors at once are faster than iterating for one
_IN_CACHE = 2**19  # numbers, 4 MB: a matrix of this size is not read from memory each time
_NOISE = 1e-9  # below any sum of proximities, which are at least 1/R; what subtraction leaves
_FLOAT32_EXACT = 2**24  # whole numbers that single precision still counts exactly


class Complexity(NamedTuple):
    """Advantage, presence and density (R, I), ECI (R,), PCI (I,), proximity (I, I)."""

    rca: Array
    presence: NDArray[np.bool_]
    eci: Array
    pci: Array
    proximity: Array
    density: Array


def complexity_family(
    values: ArrayLike, *, threshold: float = 1.0, include_self: bool = False
) -> Complexity:
    """Revealed advantage, presence, ECI, PCI, proximity and relatedness density of (R, I) values.

    The same as :func:`~clusterbelt.kernels.complexity.rca`, then ``presence``, ``eci_pci``,
    ``proximity`` and ``relatedness_density`` of its result, with their rules at 0 and NaN. Counts
    of joint presence are products of zeros and ones in single precision, in which they are exact
    (up to 16.7 million regions); all else is in double precision.

    Raises
    ------
    ValueError
        If ``values`` is not (R, I) or a value is negative.
    """
    x = as_array(values, 2)
    if x.ndim != 2:
        raise ValueError(f"needs shape (R, I), got {x.shape}")
    advantage = _advantage(x)
    with np.errstate(invalid="ignore"):
        present = advantage >= threshold  # NaN is absent
    m: NDArray[np.floating] = present.astype(
        np.float32 if x.shape[0] < _FLOAT32_EXACT else np.float64
    )
    diversity = np.count_nonzero(present, axis=1)
    ubiquity = np.count_nonzero(present, axis=0)
    together = m.T @ m
    eci, pci = _eci_pci(m, diversity, ubiquity, together)
    phi = _phi(together, ubiquity)
    del together
    return Complexity(advantage, present, eci, pci, phi, _density(m, phi, include_self))


def _phi(together: NDArray[np.floating], ubiquity: NDArray[np.intp]) -> Array:
    most = np.maximum(ubiquity[:, None], ubiquity[None, :]).astype(np.float64)
    with np.errstate(invalid="ignore"):  # an industry that is nowhere: 0/0 is NaN
        np.divide(together, most, out=most)
    return most


def _advantage(x: Array) -> Array:
    # The location quotient of the sum of the regions, divided in place: one large array, not two.
    require_non_negative(x)
    found = ratio(x, total(x, -1))
    columns = total(x, -2)
    with np.errstate(divide="ignore", invalid="ignore"):
        found /= ratio(columns, total(columns, -1))
    return found


def _density(m: NDArray[np.floating], phi: Array, include_self: bool) -> Array:
    unknown = np.isnan(phi)
    weights = np.where(unknown, 0.0, phi) if unknown.any() else phi
    whole = weights.sum(axis=1)
    found = np.empty(m.shape)
    double = np.empty((min(_BLOCK, len(m)), m.shape[1]))
    for start in range(0, len(m), _BLOCK):
        part, out = m[start : start + _BLOCK], found[start : start + _BLOCK]
        block = double[: len(part)]
        np.copyto(block, part)
        np.matmul(block, weights, out=out)  # weights are symmetric
        if not include_self:  # an industry's proximity to itself is 1 where it is present
            out -= block
    if not include_self:
        whole -= np.diag(weights)
        found[np.abs(found) < _NOISE] = 0.0
        whole[np.abs(whole) < _NOISE] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        found /= whole
    return found


def _is_one_part(together: NDArray[np.floating]) -> bool:
    """Say whether every industry is linked to every other by a chain of shared regions."""
    reached = together[0] > 0
    frontier = np.flatnonzero(reached)
    while len(frontier) and not reached.all():
        found = (together[frontier] > 0).any(axis=0) & ~reached
        reached |= found
        frontier = np.flatnonzero(found)
    return bool(reached.all())


def _eci_pci(
    m: NDArray[np.floating],
    diversity: NDArray[np.intp],
    ubiquity: NDArray[np.intp],
    together: NDArray[np.floating],
) -> tuple[Array, Array]:
    rows, columns = diversity > 0, ubiquity > 0
    whole = bool(rows.all() and columns.all())
    core = m if whole else m[np.ix_(rows, columns)]
    linked = together if whole else together[np.ix_(columns, columns)]
    if min(core.shape) < 3 or not _is_one_part(linked):
        return eci_pci(m)  # small, or in parts: the general way
    k, u = diversity[rows].astype(np.float64), ubiquity[columns].astype(np.float64)
    by_region = core.shape[0] <= core.shape[1]
    near, far = (k, u) if by_region else (u, k)
    tall = core.T if by_region else core
    first = np.sqrt(near / near.sum())
    if len(near) > _DENSE and tall.size <= _IN_CACHE:
        value, vector = _second(_Rooted(tall, near, far), first)
    else:
        value, vector = _second(_square(tall, near, far), first)
    eci, pci = np.full(len(rows), np.nan), np.full(len(columns), np.nan)
    if value < 1e-12:  # every region has the same mix: no direction to tell them apart
        return eci, pci
    own = vector / np.sqrt(near)
    other = _averaged(core if not by_region else core.T, own, far)
    regions, industries = (own, other) if by_region else (other, own)
    sign = -1.0 if float(np.dot(regions - regions.mean(), k)) < 0 else 1.0
    eci[rows], pci[columns] = _standardised(sign * regions), _standardised(sign * industries)
    return eci, pci


def _square(tall: NDArray[np.floating], near: Array, far: Array) -> Array:
    """Return ``diag(near)^-1/2 T' diag(far)^-1 T diag(near)^-1/2`` for T (far, near), by blocks."""
    found = np.zeros((len(near), len(near)))
    root = np.sqrt(far)
    for start in range(0, len(far), _BLOCK):
        rows = slice(start, start + _BLOCK)
        block = tall[rows] / root[rows, None]
        found += block.T @ block
    half = np.sqrt(near)
    found /= half[:, None]
    found /= half[None, :]
    return found


def _averaged(tall: NDArray[np.floating], scores: Array, count: Array) -> Array:
    found = np.empty(len(count))
    for start in range(0, len(count), _BLOCK):
        rows = slice(start, start + _BLOCK)
        found[rows] = tall[rows].astype(np.float64) @ scores
    return found / count


class _Rooted:
    """What :func:`_square` gives, as the product ``B B'`` that is never formed.

    ``B = diag(near)^-1/2 T' diag(far)^-1/2``. An iteration takes 4 R I multiplications, forming
    the square R I n: with some forty iterations the product is the cheaper as long as B stays in
    the processor's cache, and the square where B would be read from memory each time.
    """

    def __init__(self, tall: NDArray[np.floating], near: Array, far: Array) -> None:
        self.root = tall / np.sqrt(near)
        self.root /= np.sqrt(far)[:, None]

    def __len__(self) -> int:
        return int(self.root.shape[1])

    def __matmul__(self, vector: Array) -> Array:
        return np.asarray((self.root @ vector) @ self.root)

    def formed(self) -> Array:
        """Return the square itself."""
        return np.asarray(self.root.T @ self.root)


def _second(square: Array | _Rooted, first: Array) -> tuple[float, Array]:
    """Return the second largest eigenvalue of ``square`` and its vector; ``first`` is known.

    The vector to the largest eigenvalue, which is 1, is the root of the shares of diversity or
    ubiquity. It is taken out, and the largest of what remains found by Lanczos iteration to
    machine precision from a fixed start.
    """
    n = len(square)
    if n > _DENSE:

        def without_first(vector: Array) -> Array:
            return np.asarray(square @ vector - first * (first @ vector))

        start = without_first(np.cos(np.arange(n, dtype=np.float64)))
        operator = LinearOperator((n, n), matvec=without_first, dtype=np.float64)
        try:
            values, vectors = eigsh(operator, k=1, which="LA", v0=start, tol=0, ncv=24)
            return float(values[0]), np.asarray(vectors[:, 0])
        except ArpackNoConvergence:
            pass  # nearly equal eigenvalues: the dense way does not mind
    formed = square.formed() if isinstance(square, _Rooted) else square
    values, vectors = eigh(formed, subset_by_index=[n - 2, n - 2])
    return float(values[0]), np.asarray(vectors[:, 0])


def _standardised(values: Array) -> Array:
    deviation = values.std()
    if not deviation > 1e-12 * max(1.0, float(np.abs(values).max(initial=0.0))):
        return np.full_like(values, np.nan)
    return np.asarray((values - values.mean()) / deviation)
