"""The evaluator and the price of fragmentation, worked out by hand and as identities."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterbelt.plan.alone import BELIEFS, believed_ceilings, solve_alone
from clusterbelt.plan.candidates import build_eligibility
from clusterbelt.plan.evaluate import evaluate_plan
from clusterbelt.plan.fragmentation import measure_fragmentation, regional_values
from clusterbelt.plan.problem import PlannedCluster
from clusterbelt.plan.solve import read_added, read_clusters, solve_programme
from plan.toy import make_problem, make_programme, make_section


def _hand():
    section = make_section(
        synergy=0.1,
        coordination_cost=0.5,
        programme_cost=0.25,
        capital_charge=0.1,
        capital_output=1.0,
    )
    return make_problem(
        regions=2,
        industries=1,
        section=section,
        weights=np.array([4.0, 3.0]),
        ratio=np.array([[0.3], [0.2]]),
        ceilings=np.array([[100.0, 100.0]]),
    )


def test_value_by_hand():
    added = np.array([[[20.0, 40.0]], [[10.0, 30.0]]])
    plan = evaluate_plan(_hand(), added, [PlannedCluster(0, (0, 1), 0)])
    assert plan.value_added == pytest.approx(4 * (6 + 2) + 3 * (12 + 6))
    assert plan.capital == pytest.approx(4 * 3 + 3 * 7)
    # The smaller partner adds value added of 2, then 6.
    assert plan.synergy == pytest.approx(0.1 * (4 * 2 + 3 * 6))
    assert plan.coordination == pytest.approx(0.5 * 7)
    assert plan.programme == pytest.approx(0.25 * 2 * 7)
    assert plan.value == pytest.approx(86 - 33 + 2.6 - 3.5 - 3.5)
    assert plan.cluster_values == pytest.approx((plan.value,))


def test_what_demand_does_not_absorb_earns_nothing_but_costs_its_capital():
    problem = _hand()
    added = np.array([[[150.0, 150.0]], [[50.0, 50.0]]])
    apart = [PlannedCluster(0, (0,), 0), PlannedCluster(0, (1,), 0)]
    plan = evaluate_plan(problem, added, apart)
    assert plan.absorbed[:, 0, 0].tolist() == [75.0, 25.0]
    assert plan.value_added == pytest.approx(7 * (75 * 0.3 + 25 * 0.2))
    assert plan.capital == pytest.approx(7 * 0.1 * 200)
    assert plan.synergy == 0.0


def test_capacity_once_built_is_paid_for():
    added = np.array([[[40.0, 10.0]], [[0.0, 0.0]]])
    plan = evaluate_plan(_hand(), added, [PlannedCluster(0, (0,), 0)])
    assert plan.built[0, 0].tolist() == [40.0, 40.0]
    assert plan.capital == pytest.approx(7 * 4.0)


def test_unused_unknown_ratio_does_no_harm_and_a_used_one_is_not_guessed():
    problem = replace(_hand(), ratio=np.array([[0.3], [np.nan]]))
    only_first = np.array([[[20.0, 20.0]], [[0.0, 0.0]]])
    both = np.array([[[20.0, 20.0]], [[5.0, 5.0]]])
    apart = [PlannedCluster(0, (0,), 0), PlannedCluster(0, (1,), 0)]
    assert np.isfinite(evaluate_plan(problem, only_first, apart[:1]).value)
    assert np.isnan(evaluate_plan(problem, both, apart).value)


def test_price_by_hand():
    problem = _hand()
    joint = evaluate_plan(
        problem, np.array([[[50.0, 50.0]], [[50.0, 50.0]]]), [PlannedCluster(0, (0, 1), 0)]
    )
    alone = evaluate_plan(
        problem,
        np.array([[[100.0, 100.0]], [[100.0, 100.0]]]),
        [PlannedCluster(0, (0,), 0), PlannedCluster(0, (1,), 0)],
    )
    price = measure_fragmentation(problem, joint, alone, joint)
    # Both sell 50 and 50: nothing is gained by allocation, half of the capacity alone is idle.
    assert price.allocation == pytest.approx(0.0)
    assert price.overcapacity == pytest.approx(7 * 0.1 * 100)
    assert price.synergy == pytest.approx(0.1 * 7 * 10 - 0.5 * 7)
    assert price.difference == pytest.approx(70 + 3.5)
    assert price.price == pytest.approx(73.5 / joint.value)
    assert price.price_without_rules == price.price


def test_price_of_a_worthless_plan_is_unknown():
    problem = _hand()
    nothing = evaluate_plan(problem, np.zeros((2, 1, 2)), [PlannedCluster(0, (0,), 0)])
    assert np.isnan(measure_fragmentation(problem, nothing, nothing, nothing).price)


def test_beliefs():
    problem = make_problem(3)
    own = believed_ceilings(problem, "own_share")
    assert np.allclose(own.sum(axis=0), problem.ceilings)
    share = problem.baseline / problem.baseline.sum(axis=0)
    assert np.allclose(own, share * problem.ceilings)
    whole = believed_ceilings(problem, "whole_market")
    assert (whole == problem.ceilings[None]).all()
    absent = replace(problem, baseline=np.zeros_like(problem.baseline))
    assert (believed_ceilings(absent, "own_share") == 0).all()


def _prices(problem):
    eligible = build_eligibility(problem).eligible
    joints = []
    for no_duplication in (True, False):
        programme = make_programme(problem, no_duplication=no_duplication)
        values = solve_programme(programme).values
        columns = programme.columns
        joints.append(
            evaluate_plan(problem, read_added(columns, values), read_clusters(columns, values))
        )
    found = {}
    for belief in BELIEFS:
        plan = solve_alone(problem, eligible, belief, seed=0)
        alone = evaluate_plan(problem, plan.added, plan.clusters)
        found[belief] = (measure_fragmentation(problem, joints[0], alone, joints[1]), alone, plan)
    return joints, found


@settings(max_examples=12)
@given(st.integers(0, 10_000))
def test_parts_add_up_and_nobody_beats_the_unrestricted_joint_plan(seed):
    problem = make_problem(seed, regions=4, industries=3)
    (joint, free), found = _prices(problem)
    assert free.value >= joint.value - 1e-6
    for belief, (price, alone, _) in found.items():
        parts = price.allocation + price.overcapacity + price.synergy
        assert parts == pytest.approx(price.difference, rel=1e-9, abs=1e-7)
        assert price.overcapacity >= 0
        if belief == "own_share":
            # Shares of the ceiling add up to the ceiling: the joint plan could do the same.
            assert free.value >= alone.value - 1e-6
            assert np.array_equal(alone.built, alone.absorbed)


def test_rules_against_duplication_can_make_the_joint_plan_worse_than_alone():
    section = make_section(synergy=0.0, maximum_regions=1, maximum_core=1)
    problem = make_problem(5, regions=4, industries=4, section=section)
    problem = replace(problem, ceilings=10 * problem.ceilings)
    (joint, free), found = _prices(problem)
    price = found["whole_market"][0]
    assert joint.value < free.value
    assert price.price < 0 <= price.price_without_rules + 1e-9


def test_the_whole_market_tempts_everyone_into_overcapacity():
    problem = make_problem(
        6, regions=4, industries=1, section=make_section(uplift=1.0, minimum_core=0)
    )
    unlimited = np.full_like(problem.investment, np.inf)
    _, found = _prices(replace(problem, investment=unlimited))
    assert found["whole_market"][0].overcapacity > 0
    assert found["own_share"][0].overcapacity == 0


def test_alone_there_are_only_single_regions_of_ones_own():
    problem = make_problem(8, regions=4, industries=3)
    _, found = _prices(problem)
    for _, _, plan in found.values():
        assert all(len(cluster.members) == 1 for cluster in plan.clusters)
        counts = [sum(c.members == (r,) for c in plan.clusters) for r in range(4)]
        assert all(1 <= count <= 2 for count in counts)
        outside = plan.added.copy()
        for cluster in plan.clusters:
            outside[cluster.members[0], cluster.industry] = 0
        assert not outside.any()


def test_values_of_regions_add_up_to_the_plans():
    problem = make_problem(8, regions=4, industries=3)
    programme = make_programme(problem)
    values = solve_programme(programme).values
    clusters = read_clusters(programme.columns, values)
    plan = evaluate_plan(problem, read_added(programme.columns, values), clusters)
    assert any(len(cluster.members) > 1 for cluster in clusters)
    assert regional_values(problem, plan, clusters).sum() == pytest.approx(plan.value)
