"""Readiness, eligibility, candidates, roles."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterbelt.plan.candidates import build_candidates, build_eligibility, usable_cells
from clusterbelt.plan.problem import PlannedCluster, capital_output, discount_weights, ramp_table
from clusterbelt.plan.readiness import (
    LOG_FLOOR,
    fit_logistic,
    readiness_from_history,
    readiness_without_history,
)
from clusterbelt.plan.roles import find_lead, find_suppliers
from plan.toy import make_problem, make_section


def _history(size=4000, intercept=-0.4, slope=2.0):
    random = np.random.default_rng(7)
    earlier = np.exp(random.normal(0, 0.8, size))
    chance = 1 / (1 + np.exp(-(intercept + slope * np.log(earlier))))
    later = np.where(random.uniform(size=size) < chance, 1.5, 0.5)
    return earlier, later


def test_logistic_finds_the_relation_it_was_made_with():
    fit = fit_logistic(*_history(), ridge=0.0)
    assert fit.intercept == pytest.approx(-0.4, abs=0.12)
    assert fit.slope == pytest.approx(2.0, abs=0.15)
    assert fit.cells == 4000


def test_logistic_is_where_the_gradient_vanishes():
    earlier, later = _history(300)
    fit = fit_logistic(earlier, later, ridge=0.0)
    logs = np.log(earlier)
    error = 1 / (1 + np.exp(-(fit.intercept + fit.slope * logs))) - (later > 1)
    assert error.sum() == pytest.approx(0, abs=1e-5)
    assert error @ logs == pytest.approx(0, abs=1e-5)


def test_ridge_holds_a_perfect_split_finite():
    earlier, later = np.array([0.2, 0.5, 2.0, 3.0]), np.array([0.5, 0.5, 2.0, 2.0])
    slopes = [fit_logistic(earlier, later, ridge).slope for ridge in (0.1, 1.0, 10.0)]
    assert slopes[0] > slopes[1] > slopes[2] > 0
    assert fit_logistic(earlier, later, 1.0).auc == 1.0


def test_area_under_curve_by_hand():
    # Successes 2 and 1, failures 1 and 0.5: three pairs won, one tied.
    fit = fit_logistic(np.array([2.0, 1.0, 1.0, 0.5]), np.array([2.0, 2.0, 0.5, 0.5]), 1.0)
    assert fit.auc == 3.5 / 4


@pytest.mark.parametrize(
    ("earlier", "later"),
    [([], []), ([1.0, 2.0], [2.0, 3.0]), ([1.0, 1.0], [0.5, 2.0]), ([np.nan, 1.0], [1.0, np.nan])],
)
def test_nothing_to_learn_from(earlier, later):
    with pytest.raises(ValueError, match="no cells"):
        fit_logistic(np.array(earlier), np.array(later), 1.0)


@given(st.lists(st.floats(0, 50), min_size=1, max_size=6))
def test_readiness_is_a_rising_chance(quotients):
    target = np.sort(np.array(quotients))
    for readiness in (
        readiness_from_history(*_history(200), target, 1.0),
        readiness_without_history(target),
    ):
        assert ((readiness.phi > 0) & (readiness.phi < 1)).all()
        assert (np.diff(readiness.phi) >= 0).all()


def test_zero_counts_as_the_floor_and_unknown_stays_unknown():
    earlier, later = _history(200)
    phi = readiness_from_history(earlier, later, np.array([0.0, LOG_FLOOR, np.nan]), 1.0).phi
    assert phi[0] == phi[1] > 0
    assert np.isnan(phi[2])
    assert readiness_without_history(np.array([1.0])).phi[0] == 0.5


def test_discount_weights_by_hand():
    weights = discount_weights(2020, (2021, 2023), 0.25)
    assert weights.tolist() == pytest.approx([0.8, 0.64 + 0.512])


def test_ramp_holds_its_last_value():
    problem = make_problem(section=make_section(ramp=(0.4,)))
    assert ramp_table(problem).tolist() == [[0.4, 0.4], [0.0, 0.4]]


def test_capital_of_single_industries():
    section = make_section(capital_output=1.5, capital_output_by_industry={"13": 2.0})
    assert capital_output(make_problem(section=section)).tolist() == [1.5, 2.0]


def _thresholds(**settings):
    section = make_section(minimum_readiness=0.5, minimum_belt_share=0.1, **settings)
    return make_problem(
        section=section,
        output=np.array([[100.0, 100.0], [5.0, 100.0], [60.0, 0.0]]),
        readiness=np.array([[0.9, 0.4], [0.8, np.nan], [0.45, 0.9]]),
    )


def test_thresholds_by_hand():
    found = build_eligibility(_thresholds(minimum_core=0))
    # Region 2 has too little of the first industry and is unknown in the second; region 3 is not
    # ready in the first and has none of the second.
    assert found.eligible.tolist() == [[True, False], [False, False], [False, False]]
    assert not found.waived.any()


def test_least_number_of_core_industries_lets_the_readiest_in():
    found = build_eligibility(_thresholds(minimum_core=1))
    assert found.eligible.tolist() == [[True, False], [True, False], [True, False]]
    assert found.waived.tolist() == [[False, False], [True, False], [True, False]]


def test_forbidden_pairs_do_not_count_towards_the_least_number():
    found = build_eligibility(_thresholds(minimum_core=1, forbidden=(("10", "12"),)))
    assert found.eligible[0].tolist() == [True, True]
    assert found.waived[0].tolist() == [False, True]


def test_required_pair_is_let_in_but_never_without_output():
    pairs = (("30", "12"), ("30", "13"))
    found = build_eligibility(_thresholds(minimum_core=0, required=pairs))
    assert found.eligible[2].tolist() == [True, False]
    assert found.waived[2].tolist() == [True, False]


def test_unknown_figures_make_a_cell_unusable():
    problem = make_problem()
    ratio = problem.ratio.copy()
    ratio[0, 0] = np.nan
    baseline = problem.baseline.copy()
    baseline[1, 1, 1] = np.nan
    usable = usable_cells(replace(problem, ratio=ratio, baseline=baseline))
    assert not usable[0, 0]
    assert not usable[1, 1]
    assert usable.sum() == usable.size - 2


def test_candidates_are_connected_sets_of_eligible_regions():
    problem = make_problem()
    eligible = np.array([[True, True], [True, False], [True, True]])
    candidates = build_candidates(problem, eligible)
    found = list(zip(candidates.industry.tolist(), candidates.members, strict=True))
    assert found == [
        *((0, members) for members in [(0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)]),
        *((1, members) for members in [(0,), (2,)]),  # 0 and 2 meet only through 1
    ]
    assert candidates.sizes.tolist() == [1, 1, 1, 2, 2, 3, 1, 1]
    assert len(build_candidates(problem, eligible, maximum_regions=1)) == 5


def test_lead_has_the_largest_ready_baseline():
    problem = make_problem()
    weight = problem.readiness[:, 0] * problem.baseline[:, 0, -1]
    assert find_lead(problem, PlannedCluster(0, (0, 1, 2), 0)) == int(np.argmax(weight))
    even = replace(problem, readiness=np.ones((3, 2)), baseline=np.ones((3, 2, 2)))
    assert find_lead(even, PlannedCluster(0, (1, 2), 0)) == 1


def test_suppliers_by_hand():
    # Cluster: region 0, industry 0. It buys 30 of industry 1 and 10 of 2 (not tradable).
    intermediate = np.zeros((4, 3, 3))
    intermediate[0, 1, 0], intermediate[0, 2, 0], intermediate[0, 0, 0] = 30.0, 10.0, 99.0
    output = np.array([[50.0, 50, 0], [0, 10, 0], [0, 30, 0], [0, 60, 0]])
    neighbours = np.zeros((4, 4), dtype=bool)
    neighbours[0, [1, 2]] = neighbours[[1, 2], 0] = True
    tradable = np.array([True, True, False])
    found = find_suppliers((0,), 0, intermediate, output, tradable, neighbours)
    # Region 3 makes most but does not touch the cluster.
    assert [(item.region, item.input_share) for item in found] == [(2, 0.3), (1, 0.1)]
    assert find_suppliers((1,), 0, intermediate, output, tradable, neighbours) == []
