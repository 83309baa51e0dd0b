"""A table of two regions and one product, small enough to check by hand."""

import dataclasses

import numpy as np
import pytest

from clusterbelt.measures.interregional import identity_gaps, intermediate_flows, sourcing_shares
from clusterbelt.model.interregional import InterregionalTable


@pytest.fixture
def table():
    return InterregionalTable(
        year=2017,
        classification="one",
        money_unit="CNY",
        regions=("a", "b"),
        industries=("i",),
        categories=("c",),
        value_added_parts=("v",),
        flows=np.array([[[6.0, 2.0], [1.0, 3.0]]]),
        use_intermediate=np.array([[[4.0]], [[2.0]]]),
        use_final=np.array([[[4.0]], [[3.0]]]),
        imports=np.array([[1.0], [0.0]]),
        exports=np.array([[2.0], [1.0]]),
        value_added=np.array([[[6.0]], [[3.0]]]),
        output=np.array([[10.0], [5.0]]),
        discrepancy=np.zeros((2, 1)),
    )


def test_identities_hold_and_a_gap_shows(table):
    assert identity_gaps(table) == {"sales": 0.0, "purchases": 0.0, "columns": 0.0}
    wrong = dataclasses.replace(table, exports=np.array([[3.0], [1.0]]))
    assert identity_gaps(wrong)["sales"] == pytest.approx(0.1)


def test_sources(table):
    np.testing.assert_allclose(sourcing_shares(table)[0], [[0.75, 0.4], [0.125, 0.6]])
    np.testing.assert_allclose(intermediate_flows(table)[:, 0, :, 0], [[3.0, 0.8], [0.5, 1.2]])
