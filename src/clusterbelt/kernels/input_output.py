"""Input-output analysis: coefficients, Leontief system, multipliers, balancing.

Letters, used here only: Z intermediate flows (seller in the row, buyer in the column), x output,
A = Z diag(x)^-1 technical coefficients, y final demand, L = (I - A)^-1 the Leontief inverse.
L is never formed: the system is factorised once and solved. Matrices may be dense arrays or
scipy.sparse matrices; an unknown value (NaN) makes every result of a system unknown, so it raises.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.linalg
from numpy.typing import ArrayLike, NDArray

from clusterbelt.kernels.arithmetic import Array, as_array, require_non_negative

__all__ = [
    "competitive_import_output",
    "leontief_solve",
    "multipliers",
    "ras",
    "technical_coefficients",
]

_SHOWN = 5  # as many indices as a message names
_ROUNDING = 1e-9  # relative size below which a negative solution is rounding


def technical_coefficients(intermediate: Any, output: ArrayLike) -> Any:
    """Inputs per unit of output, column by column.

    ``A[i,j] = Z[i,j] / x[j]``; a column without inputs and without output is zero.

    Parameters
    ----------
    intermediate
        Z, shape (..., N, N), or one sparse (N, N) matrix.
    output
        x, shape (..., N), in the unit of Z.

    Returns
    -------
    Array or sparse matrix
        A, of the kind and shape of Z. NaN in Z or x stays NaN in its cells.

    Raises
    ------
    ValueError
        If shapes do not fit, or a sector without output (0) has inputs: its coefficients would
        be infinite. The sectors (0-based) are named.

    References
    ----------
    Miller, R. E. and Blair, P. D. (2009), Input-Output Analysis, 2nd ed., Cambridge, chapter 2.

    Examples
    --------
    >>> technical_coefficients([[150, 500], [200, 100]], [1000, 2000]).tolist()
    [[0.15, 0.25], [0.2, 0.05]]
    """
    x = as_array(output)
    sparse = scipy.sparse.issparse(intermediate)
    z: Any = _as_sparse(intermediate) if sparse else as_array(intermediate, 2)
    used: Array = np.asarray(abs(z).sum(axis=-2), dtype=np.float64)
    if z.shape[-2:] != (x.shape[-1], x.shape[-1]) or used.shape != x.shape:
        raise ValueError(f"shapes do not fit: flows {z.shape}, output {x.shape}")
    impossible = (x == 0) & (used > 0)
    if bool(impossible.any()):
        where = _named(np.argwhere(impossible)[:, -1])
        raise ValueError(f"sectors without output have inputs: {where}")
    # A zero column over one is a zero column; any other number would do.
    per_unit = 1.0 / np.where(x == 0, 1.0, x)
    if sparse:
        return z @ scipy.sparse.diags_array(per_unit)
    return z * per_unit[..., None, :]


def leontief_solve(coefficients: Any, final_demand: ArrayLike) -> Array:
    """Output that a final demand requires, directly and through all suppliers.

    ``x = (I - A)^-1 y``, by solving ``(I - A) x = y``: dense by LU, sparse by sparse LU.

    Parameters
    ----------
    coefficients
        A, shape (N, N), dense or sparse.
    final_demand
        y, shape (N,) or (N, K) for K demands with one factorisation.

    Returns
    -------
    Array
        x, in the shape and unit of y.

    Raises
    ------
    ValueError
        If shapes do not fit, a value is not finite, I - A is singular, or A >= 0 and y >= 0
        give a negative output (the economy uses more than it makes: Hawkins-Simon fails).

    Examples
    --------
    >>> leontief_solve([[0.15, 0.25], [0.2, 0.05]], [350.0, 1700.0]).round(6).tolist()
    [1000.0, 2000.0]
    """
    return _solve(coefficients, as_array(final_demand), transposed=False)


def multipliers(coefficients: Any, per_output: ArrayLike | None = None) -> Array:
    """Total effect of one unit of final demand for each sector's product (backward).

    ``m' = v' (I - A)^-1``, by solving ``(I - A)' m = v``. With v = 1 these are the output
    multipliers, each 1 or more where A >= 0; with v = value added per unit of output the
    value-added multipliers; with jobs or CO2 per unit of output those of jobs or CO2.

    Parameters
    ----------
    coefficients
        A, shape (N, N), dense or sparse; domestic coefficients for effects at home.
    per_output
        v, shape (N,) or (N, K): effect per unit of each sector's output. None means ones.

    Returns
    -------
    Array
        m, in the shape of v.

    Raises
    ------
    ValueError
        As :func:`leontief_solve`.

    References
    ----------
    Miller, R. E. and Blair, P. D. (2009), Input-Output Analysis, 2nd ed., Cambridge, chapter 6.

    Examples
    --------
    >>> multipliers([[0.15, 0.25], [0.2, 0.05]]).round(4).tolist()
    [1.5182, 1.4521]
    """
    v = np.ones(_size(coefficients)) if per_output is None else as_array(per_output)
    return _solve(coefficients, v, transposed=True)


def competitive_import_output(
    coefficients: Any, import_share: ArrayLike, domestic_demand: ArrayLike, exports: ArrayLike
) -> Array:
    """Domestic output when imports meet a fixed share of every domestic use of a product.

    ``x = (I - (I - M) A)^-1 ((I - M) f + e)``, M = diag(m). All uses of product i inside the
    country (intermediate and final) are imported in the share m[i]; exports are not.

    Parameters
    ----------
    coefficients
        A of total (domestic and imported) inputs, shape (N, N), dense or sparse.
    import_share
        m, shape (N,): imports over intermediate use plus domestic final demand.
    domestic_demand, exports
        f and e, shape (N,) or (N, K).

    Returns
    -------
    Array
        x, in the shape of f.

    Raises
    ------
    ValueError
        As :func:`leontief_solve`; also if a share is above 1 (imports beyond domestic use).

    Examples
    --------
    >>> competitive_import_output([[0.5]], [0.2], [10.0], [4.0]).round(6).tolist()
    [20.0]
    """
    m = as_array(import_share)
    if bool(np.any(m > 1)):
        raise ValueError(f"import shares above 1: sectors {_named(np.flatnonzero(m > 1))}")
    f, e = as_array(domestic_demand), as_array(exports)
    at_home = 1.0 - m
    if scipy.sparse.issparse(coefficients):
        domestic: Any = scipy.sparse.diags_array(at_home) @ _as_sparse(coefficients)
    else:
        domestic = at_home[:, None] * as_array(coefficients, 2)
    scaled = at_home[:, None] * f if f.ndim == 2 else at_home * f
    return _solve(domestic, scaled + e, transposed=False)


def ras(
    prior: ArrayLike,
    row_totals: ArrayLike,
    column_totals: ArrayLike,
    tolerance: float = 1e-10,
    max_iterations: int = 10_000,
) -> Array:
    """Balance a matrix to given row and column totals by biproportional scaling (RAS).

    ``X = diag(r) X0 diag(s)`` with r and s such that both totals hold: rows and columns are
    scaled in turn. X is the matrix nearest to X0 in relative entropy; zeros stay zero.

    Parameters
    ----------
    prior
        X0, shape (N, M), zero or more. Its scale does not matter.
    row_totals, column_totals
        Shapes (N,) and (M,), zero or more, with equal sums.
    tolerance
        Largest accepted gap between a sum and its total, relative to the largest total.
    max_iterations
        Most rounds (one row and one column scaling each).

    Returns
    -------
    Array
        X, shape (N, M).

    Raises
    ------
    ValueError
        If shapes do not fit, a value is negative or not finite, the sums of the totals differ,
        or a row or column without entries has a positive total (named, 0-based).
    ArithmeticError
        If the totals are not met in ``max_iterations``; the message states the gap left. Zeros
        of the prior can make the totals unreachable.

    References
    ----------
    Bacharach, M. (1970), Biproportional Matrices and Input-Output Change, Cambridge.

    Examples
    --------
    >>> ras([[1.0, 1.0], [1.0, 1.0]], [3.0, 1.0], [2.0, 2.0]).round(6).tolist()
    [[1.5, 1.5], [0.5, 0.5]]
    """
    x0, rows, columns = as_array(prior, 2), as_array(row_totals), as_array(column_totals)
    _check_ras(x0, rows, columns, tolerance)
    scale = max(float(rows.max(initial=0.0)), float(columns.max(initial=0.0)))
    if scale == 0.0:
        return np.zeros_like(x0)
    # The largest entry is brought to one, so that factors stay in range whatever the units.
    x: Array = x0 / x0.max()
    gap = np.inf
    for _ in range(max_iterations):
        x *= _factor(rows, x.sum(axis=1))[:, None]
        x *= _factor(columns, x.sum(axis=0))
        gap = float(np.abs(x.sum(axis=1) - rows).max()) / scale
        if gap <= tolerance:
            return x
    raise ArithmeticError(
        f"RAS did not reach the totals in {max_iterations} rounds: "
        f"the largest gap is {gap:.3g} of the largest total (tolerance {tolerance:.3g})"
    )


def _factor(wanted: Array, found: Array) -> Array:
    # A row that is empty has a total of zero (checked before): any factor will do.
    return np.asarray(wanted / np.where(found > 0, found, 1.0))


def _check_ras(x0: Array, rows: Array, columns: Array, tolerance: float) -> None:
    if x0.ndim != 2 or rows.shape != x0.shape[:1] or columns.shape != x0.shape[1:]:
        raise ValueError(f"shapes do not fit: {x0.shape}, {rows.shape}, {columns.shape}")
    named = (("prior", x0), ("row totals", rows), ("column totals", columns))
    for what, values in named:
        _require_finite(values, what)
        require_non_negative(values, what)
    gap = abs(float(rows.sum()) - float(columns.sum()))
    if gap > max(tolerance, 1e-12) * max(float(rows.sum()), float(columns.sum())):
        raise ValueError(
            f"row totals add to {rows.sum():.12g}, column totals to {columns.sum():.12g}"
        )
    for what, totals, axis in (("rows", rows, 1), ("columns", columns, 0)):
        empty = np.flatnonzero((x0.sum(axis=axis) == 0) & (totals > 0))
        if empty.size:
            raise ValueError(f"{what} without entries have positive totals: {_named(empty)}")


def _solve(coefficients: Any, right: Array, transposed: bool) -> Array:
    """Solve (I - A) x = b, or its transpose, and refuse an answer that cannot be."""
    size = _size(coefficients)
    if right.shape[:1] != (size,) or right.ndim > 2:
        raise ValueError(f"shapes do not fit: coefficients ({size}, {size}), {right.shape}")
    _require_finite(right, "right-hand side")
    a: Any
    if scipy.sparse.issparse(coefficients):
        a = _as_sparse(coefficients)
        solution = _solve_sparse(a.T if transposed else a, right)
        non_negative = bool(np.all(a.data >= 0))
    else:
        a = as_array(coefficients, 2)
        solution = _solve_dense(a.T if transposed else a, right)
        non_negative = bool(np.all(a >= 0))
    if non_negative and bool(np.all(right >= 0)):
        size_of_answer = float(np.abs(solution).max(initial=0.0))
        wrong = np.argwhere(solution < -_ROUNDING * size_of_answer)
        if wrong.size:
            raise ValueError(
                "the system uses more than it makes (Hawkins-Simon): negative answer for "
                f"sectors {_named(np.unique(wrong[:, 0]))}"
            )
    return solution


def _solve_dense(a: Array, right: Array) -> Array:
    _require_finite(a, "coefficients")
    system = np.eye(a.shape[0]) - a
    with warnings.catch_warnings():
        # scipy says that a factor is exactly singular by a warning; here it is an error.
        warnings.simplefilter("error", scipy.linalg.LinAlgWarning)
        try:
            factors = scipy.linalg.lu_factor(system, overwrite_a=True, check_finite=False)
        except (scipy.linalg.LinAlgWarning, scipy.linalg.LinAlgError) as error:
            raise ValueError("I - A is singular: a sector uses all it makes") from error
    return np.asarray(scipy.linalg.lu_solve(factors, right, check_finite=False), dtype=np.float64)


def _solve_sparse(a: Any, right: Array) -> Array:
    _require_finite(a.data, "coefficients")
    system: Any = scipy.sparse.csc_array(scipy.sparse.eye_array(a.shape[0]) - a)
    try:
        factors = scipy.sparse.linalg.splu(system)
    except RuntimeError as error:
        raise ValueError("I - A is singular: a sector uses all it makes") from error
    return np.asarray(factors.solve(right), dtype=np.float64)


def _as_sparse(matrix: Any) -> Any:
    return scipy.sparse.csc_array(matrix, dtype=np.float64)


def _size(coefficients: Any) -> int:
    shape = coefficients.shape if hasattr(coefficients, "shape") else np.shape(coefficients)
    if len(shape) != 2 or shape[0] != shape[1]:
        raise ValueError(f"coefficients must be square, got shape {shape}")
    return int(shape[0])


def _require_finite(values: Array, what: str) -> None:
    bad = np.argwhere(~np.isfinite(values))
    if bad.size:
        raise ValueError(f"{what}: values that are not finite in rows {_named(bad[:, 0])}")


def _named(indices: NDArray[np.intp]) -> str:
    """Join the first indices; say how many more there are."""
    shown = ", ".join(str(int(one)) for one in indices[:_SHOWN])
    more = len(indices) - _SHOWN
    return shown if more <= 0 else f"{shown} (+{more})"
