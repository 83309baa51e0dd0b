"""Every reach planning alone: clusters of its own, and its own part of what is shared."""

from dataclasses import replace

import numpy as np
import pytest

from clusterbelt.plan.alone import BELIEFS, solve_alone, solve_reaches
from clusterbelt.plan.candidates import build_eligibility
from clusterbelt.plan.evaluate import evaluate_plan
from clusterbelt.plan.solve import read_added, read_clusters, solve_programme
from plan.toy import make_problem, make_programme


@pytest.mark.parametrize("belief", BELIEFS)
@pytest.mark.parametrize("seed", [8, 9])
def test_clusters_stay_within_their_reach(belief, seed):
    problem = make_problem(seed, regions=4, industries=3)
    plan = solve_reaches(problem, build_eligibility(problem).eligible, belief, seed=0)
    assert sorted(plan.solutions) == sorted(set(problem.reaches))
    outside = plan.added.copy()
    for cluster in plan.clusters:
        assert len({problem.reaches[r] for r in cluster.members}) == 1
        outside[list(cluster.members), cluster.industry] = 0
    assert not outside.any()
    value = evaluate_plan(problem, plan.added, plan.clusters)
    if belief == "own_share":
        # The parts of the ceiling add up to the ceiling: nothing is idle.
        np.testing.assert_allclose(value.built, value.absorbed)


@pytest.mark.parametrize("belief", BELIEFS)
def test_one_reach_for_all_is_the_joint_plan(belief):
    problem = make_problem(8, regions=4, industries=3)
    problem = replace(problem, reaches=("one",) * 4)
    programme = make_programme(problem)
    values = solve_programme(programme).values
    joint = evaluate_plan(
        problem, read_added(programme.columns, values), read_clusters(programme.columns, values)
    )
    plan = solve_reaches(problem, build_eligibility(problem).eligible, belief, seed=0)
    found = evaluate_plan(problem, plan.added, plan.clusters)
    assert found.value == pytest.approx(joint.value, rel=1e-5)


@pytest.mark.parametrize("belief", BELIEFS)
def test_regions_of_no_reach_plan_by_themselves(belief):
    problem = replace(make_problem(8, regions=4, industries=3), reaches=("",) * 4)
    eligible = build_eligibility(problem).eligible
    reaches = solve_reaches(problem, eligible, belief, seed=0)
    alone = solve_alone(problem, eligible, belief, seed=0)
    assert list(reaches.solutions) == list(alone.solutions)
    assert reaches.clusters == alone.clusters
    np.testing.assert_allclose(reaches.added, alone.added)
