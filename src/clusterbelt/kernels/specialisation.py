"""Specialisation of regions in industries, relative to an explicit reference area.

x[r,i] is the activity of industry i in region r; a dot is a sum. The reference area is the sum of
the regions given, unless ``reference`` names another one (the nation around a belt).
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from clusterbelt.kernels.arithmetic import (
    Array,
    Missing,
    as_array,
    ratio,
    require_non_negative,
    total,
)

__all__ = ["excess", "location_quotient", "symmetric_lq"]


def _reference_structure(activity: Array, reference: ArrayLike | None, missing: Missing) -> Array:
    """Return the reference area's share of each industry, shape (..., 1, I)."""
    if reference is None:
        totals = total(activity, -2, missing)
    else:
        given = as_array(reference)
        if given.shape[-1] != activity.shape[-1]:
            raise ValueError(
                f"reference has {given.shape[-1]} industries, activity {activity.shape[-1]}"
            )
        require_non_negative(given, "reference")
        totals = given[..., None, :]
    return ratio(totals, total(totals, -1, missing))


def location_quotient(
    activity: ArrayLike, reference: ArrayLike | None = None, *, missing: Missing = "propagate"
) -> Array:
    """Location quotient.

    ``LQ[r,i] = (x[r,i] / x[r,.]) / (x[.,i] / x[.,.])``

    Parameters
    ----------
    activity
        x, shape (..., R, I), zero or more.
    reference
        Activity of the reference area, shape (..., I). Default: the sum over the R regions.
    missing
        ``propagate``: a total with an unknown part is unknown. ``skip``: totals of what is known.
        In both cases an unknown cell has an unknown quotient.

    Returns
    -------
    Array
        Shape (..., R, I), zero or more. 1 means the reference area's share. NaN for a region
        without any activity and for an industry that the reference area does not have (0/0);
        infinite if a region has an industry that an explicit reference lacks. With one region
        and no explicit reference it is 1 wherever there is activity.

    Raises
    ------
    ValueError
        If a value is negative or the shapes do not fit.

    Notes
    -----
    Its activity-weighted mean over regions, ``sum_r (x[r,.]/x[.,.]) LQ[r,i]``, is 1.

    References
    ----------
    Florence, P. S. (1939), Report on the Location of Industry, Political and Economic Planning,
    London. Worked example: Farhauer, O. and Kröll, A. (2013), Standorttheorien.

    Examples
    --------
    >>> location_quotient([[30.0, 10.0], [20.0, 40.0]]).round(4).tolist()
    [[1.5, 0.5], [0.6667, 1.3333]]
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    own = ratio(x, total(x, -1, missing))
    return ratio(own, _reference_structure(x, reference, missing))


def symmetric_lq(
    activity: ArrayLike, reference: ArrayLike | None = None, *, missing: Missing = "propagate"
) -> Array:
    """Symmetric location quotient, between -1 and 1.

    ``S[r,i] = (LQ[r,i] - 1) / (LQ[r,i] + 1)``

    Takes activity, not quotients; parameters, NaN and errors as in :func:`location_quotient`.
    -1: the region has nothing of the industry. 0: the reference area's share. 1: only the region
    has it (an explicit reference lacks it).

    References
    ----------
    Laursen, K. (2015), Revealed comparative advantage and the alternatives as measures of
    international specialization, Eurasian Business Review 5, 99-115.

    Examples
    --------
    >>> symmetric_lq([[30.0, 10.0], [10.0, 30.0]]).round(4).tolist()
    [[0.2, -0.3333], [-0.3333, 0.2]]
    """
    x = as_array(activity, 2)
    require_non_negative(x, "activity")
    own = ratio(x, total(x, -1, missing))
    theirs = _reference_structure(x, reference, missing)
    # The same as (LQ - 1) / (LQ + 1), and finite where LQ is not.
    return ratio(own - theirs, own + theirs)


def excess(
    activity: ArrayLike, reference: ArrayLike | None = None, *, missing: Missing = "propagate"
) -> Array:
    """Activity above what the region would have with the reference area's structure.

    ``E[r,i] = x[r,i] - x[r,.] x[.,i] / x[.,.]``

    Shapes and ``missing`` as in :func:`location_quotient`; unit of the activity. Adds to zero over
    industries, and over regions too when the reference is their sum. Negative activity (value
    added of a subsidised industry) is allowed. NaN where the reference area has no activity
    at all; a region without activity has an excess of zero, not NaN: it has what it should have.

    Raises
    ------
    ValueError
        If the shapes do not fit or an explicit reference is negative.

    Examples
    --------
    >>> excess([[30.0, 10.0], [20.0, 40.0]]).tolist()
    [[10.0, -10.0], [-10.0, 10.0]]
    """
    x = as_array(activity, 2)
    expected = total(x, -1, missing) * _reference_structure(x, reference, missing)
    return x - expected
