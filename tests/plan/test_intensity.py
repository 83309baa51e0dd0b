"""Labour and CO2 per output: by hand, in their units, and steadied only as far as they lasted."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.plan.intensity import (
    FURTHEST,
    UNKNOWN_WEIGHT,
    Use,
    learn_weight,
    read_use,
    steady_intensity,
)


def _use(use, output):
    return Use(np.array(use, float), np.array(output, float), "t", "A")


def _belt(variables, wage=50_000.0):
    cube = np.array([[[[value for value in variables.values()]]]], dtype=float)
    activity = xr.DataArray(
        cube,
        dims=("year", "region", "industry", "variable"),
        coords={"year": [2017], "region": ["1"], "industry": ["A"], "variable": [*variables]},
    )
    indicators = xr.DataArray(
        [[[wage]]],
        dims=("year", "region", "indicator"),
        coords={"year": [2017], "region": ["1"], "indicator": ["wage_average"]},
    )
    regions = pd.DataFrame({"in_belt": [True], "reach": ["lower"]}, index=["1"])
    industries = pd.DataFrame({"manufacturing": [True]}, index=["A"])
    specs = pd.DataFrame({"unit": ["CNY"]}, index=["wage_average"])
    return Belt(
        "b", Bilingual("b", "b"), "c", "1e8 CNY", regions, industries, activity,
        indicators=indicators, indicator_specs=specs,
    )  # fmt: skip


def test_workers_are_pay_over_wage_in_persons():
    found = read_use(_belt({"output": 20.0, "compensation": 2.0}), 2017, "labour", ["1"])
    assert found.use[0, 0] == 2.0e8 / 50_000.0  # 2 x 1e8 CNY at 50,000 CNY a person
    assert (found.unit, found.grade) == ("persons", "C")


def test_employment_counted_is_taken_before_pay():
    belt = _belt({"output": 20.0, "compensation": 2.0, "employment": 3000.0})
    found = read_use(belt, 2017, "labour", ["1"])
    assert found.use[0, 0] == 3000.0
    assert found.grade == "A"


def test_nothing_known_is_nothing_returned():
    belt = _belt({"output": 20.0, "compensation": 2.0}, wage=np.nan)
    assert read_use(belt, 2017, "labour", ["1"]) is None
    assert read_use(belt, 2017, "water", ["1"]) is None
    assert read_use(belt, 2012, "co2", ["1"]) is None


def test_kept_part_of_a_departure_by_hand():
    # Belt's ratio 60 / 20 = 3; own ratios 2 and 4.
    use = _use([[20.0], [40.0]], [[10.0], [10.0]])
    assert steady_intensity(use, 1.0).ravel() == pytest.approx([2.0, 4.0])
    assert steady_intensity(use, 0.0).ravel() == pytest.approx([3.0, 3.0])
    assert steady_intensity(use, 0.5).ravel() == pytest.approx([np.sqrt(6.0), np.sqrt(12.0)])


def test_weight_by_hand_is_the_slope_through_the_origin():
    # Log departures of the earlier year +-log 2 about a belt's ratio of 1; later ones half of it.
    root = np.sqrt(2.0)
    earlier = _use([[20.0], [5.0]], [[10.0], [10.0 * 1.5 - 5.0]])
    before = np.log(np.array([2.0, 0.5]) / (25.0 / 20.0))
    later = _use([[root * 10.0], [10.0 / root]], [[10.0], [10.0]])
    after = np.log(np.array([root, 1 / root]) / ((root + 1 / root) / 2))
    expected = (before * after).sum() / (before**2).sum()
    assert learn_weight(earlier, later, [0]) == pytest.approx(expected)


def test_nothing_to_learn_from_is_half():
    use = _use([[20.0], [20.0]], [[10.0], [10.0]])
    assert learn_weight(None, use, [0]) == UNKNOWN_WEIGHT
    assert learn_weight(use, use, [0]) == UNKNOWN_WEIGHT


def test_unknown_and_zero_take_the_belts_ratio_and_nobody_knows_is_nan():
    use = _use([[20.0, np.nan], [np.nan, np.nan], [0.0, np.nan]], [[10.0, 1], [10.0, 1], [0.0, 1]])
    found = steady_intensity(use, 1.0)
    assert found[:, 0] == pytest.approx([2.0, 2.0, 2.0])
    assert np.isnan(found[:, 1]).all()


@given(
    st.lists(st.floats(1e-3, 1e6), min_size=2, max_size=6),
    st.floats(0, 1),
    st.floats(1e-3, 1e3),
)
def test_bounds_and_scale(uses, weight, scale):
    use = _use([[value] for value in uses], [[7.0]] * len(uses))
    found = steady_intensity(use, weight)
    ratio = sum(uses) / (7.0 * len(uses))
    assert (found <= ratio * FURTHEST**weight * (1 + 1e-9)).all()
    assert (found >= ratio / FURTHEST**weight * (1 - 1e-9)).all()
    scaled = _use([[scale * value] for value in uses], [[7.0]] * len(uses))
    assert steady_intensity(scaled, weight) == pytest.approx(scale * found)
