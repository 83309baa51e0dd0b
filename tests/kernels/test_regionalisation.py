"""Location-quotient regionalisation against sums done by hand (a worked case of our own)."""

import numpy as np
import pytest

from clusterbelt.kernels.regionalisation import (
    cross_industry_quotient,
    regional_coefficients,
    regionalisation_quotient,
)

# x / X = 0.2, 0.1, 0.05; the region is 35 of 350 = 0.1, so SLQ = 2, 1, 0.5.
REGION, NATION = [20.0, 10.0, 5.0], [100.0, 100.0, 100.0]
NATION_2 = [100.0, 100.0, 150.0]


def test_slq_and_cilq_by_hand():
    slq = regionalisation_quotient([20.0, 10.0, 5.0], NATION_2, "slq")
    np.testing.assert_allclose(slq[:, 0], [2.0, 1.0, 1.0 / 3.0])
    cilq = cross_industry_quotient([20.0, 10.0, 5.0], NATION_2)
    np.testing.assert_allclose(cilq, [[2, 2, 6], [0.5, 1, 3], [1 / 6, 1 / 3, 1 / 3]])


def test_flq_and_aflq_by_hand():
    scale = np.log2(1.1) ** 0.3
    flq = regionalisation_quotient([20.0, 10.0, 5.0], NATION_2, "flq", 0.3)
    cilq = cross_industry_quotient([20.0, 10.0, 5.0], NATION_2)
    np.testing.assert_allclose(flq, cilq * scale)
    aflq = regionalisation_quotient([20.0, 10.0, 5.0], NATION_2, "aflq", 0.3)
    np.testing.assert_allclose(aflq[:, 0], flq[:, 0] * np.log2(3.0))
    np.testing.assert_allclose(aflq[:, 1:], flq[:, 1:])


def test_delta_zero_is_cilq_and_nation_is_itself():
    np.testing.assert_allclose(
        regionalisation_quotient(REGION, NATION, "flq", 0.0),
        cross_industry_quotient(REGION, NATION),
    )
    a = np.full((3, 3), 0.1)
    for method, delta in (("slq", None), ("cilq", None), ("flq", 0.3), ("aflq", 0.3)):
        q = regionalisation_quotient(NATION, NATION, method, delta)
        np.testing.assert_allclose(regional_coefficients(a, q), a)


def test_absent_industry_never_becomes_a_number():
    q = regionalisation_quotient([0.0, 1.0], [0.0, 2.0], "cilq")
    assert np.isnan(q[0]).all()


@pytest.mark.parametrize(
    ("method", "delta"), [("flq", None), ("flq", 1.0), ("slq", 0.3), ("x", None)]
)
def test_bad_choices_raise(method, delta):
    with pytest.raises(ValueError):
        regionalisation_quotient(REGION, NATION, method, delta)
