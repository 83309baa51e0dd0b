"""The joint programme against enumeration, by two roads, and under changes that must not matter."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterbelt.plan.evaluate import evaluate_plan
from clusterbelt.plan.solve import (
    read_added,
    read_clusters,
    solve_programme,
    solve_shadow_prices,
)
from plan.brute_force import best_value
from plan.toy import LINE, make_problem, make_programme, make_section, permuted


def _solve(problem, **options):
    programme = make_programme(problem, **options)
    return programme, solve_programme(programme)


@pytest.mark.parametrize(
    ("seed", "changes"),
    [
        (1, {}),
        (2, {"clusters_per_industry": 2}),
        (3, {"minimum_core": 0, "maximum_new_per_phase": (1, 0)}),
        (4, {"synergy": 0.4, "coordination_cost": 2.0}),
    ],
)
def test_optimum_equals_enumeration(seed, changes):
    problem = make_problem(seed, section=make_section(**changes))
    _, solution = _solve(problem)
    assert solution.status == "optimal"
    assert solution.objective == pytest.approx(best_value(problem), rel=1e-6)


def test_optimum_equals_enumeration_on_four_regions_in_a_ring():
    section = make_section(clusters_per_industry=1, maximum_regions=4, maximum_core=1)
    problem = make_problem(5, regions=4, edges=LINE | {(0, 3)}, section=section)
    _, solution = _solve(problem)
    assert solution.objective == pytest.approx(best_value(problem), rel=1e-6)


def test_without_rules_equals_enumeration_with_loose_rules():
    problem = make_problem(6, section=make_section(maximum_core=1))
    _, solution = _solve(problem, no_duplication=False)
    loose = make_section(maximum_core=1, clusters_per_industry=3, clusters_per_industry_reach=3)
    assert solution.objective == pytest.approx(
        best_value(replace(problem, section=loose)), rel=1e-6
    )


@settings(max_examples=15)
@given(st.integers(0, 10_000))
def test_evaluator_reaches_the_objective_by_another_road(seed):
    problem = make_problem(seed, regions=4)
    programme, solution = _solve(problem)
    plan = evaluate_plan(
        problem,
        read_added(programme.columns, solution.values),
        read_clusters(programme.columns, solution.values),
    )
    assert plan.value == pytest.approx(solution.objective, rel=1e-7, abs=1e-6)
    assert sum(plan.cluster_values) == pytest.approx(plan.value, rel=1e-9, abs=1e-9)
    assert np.array_equal(plan.built, plan.absorbed)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.permutations(range(4)))
def test_order_of_regions_does_not_matter(seed, order):
    problem = make_problem(seed, regions=4)
    first = _solve(problem)[1].objective
    second = _solve(permuted(problem, order))[1].objective
    assert second == pytest.approx(first, rel=1e-7)


@pytest.mark.parametrize(
    "looser",
    [
        {"clusters_per_industry": 2},
        {"clusters_per_industry_reach": 2},
        {"maximum_new_per_phase": (2,)},
        {"maximum_core": 3},
        {"minimum_core": 0},
        {"maximum_regions": 4},
    ],
)
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_looser_limits_never_cost(seed, looser):
    tight = make_problem(seed, regions=4, industries=3)
    loose = replace(tight, section=make_section(**looser))
    assert _solve(loose)[1].objective >= _solve(tight)[1].objective - 1e-6


@pytest.mark.parametrize("seed", [21, 22])
def test_more_demand_and_more_investment_never_cost(seed):
    tight = make_problem(seed, regions=4)
    base = _solve(tight)[1].objective
    more_demand = _solve(replace(tight, ceilings=1.5 * tight.ceilings))[1].objective
    more_money = _solve(replace(tight, investment=1.5 * tight.investment))[1].objective
    no_cap = _solve(replace(tight, investment=np.full_like(tight.investment, np.inf)))[1]
    assert more_demand >= base - 1e-6
    assert no_cap.objective >= more_money - 1e-6
    assert more_money >= base - 1e-6
    assert no_cap.objective > base  # the caps did bind


def _counts(problem, clusters):
    return [sum(r in c.members for c in clusters) for r in range(len(problem.regions))]


def _check_clusters(problem, clusters):
    section = problem.section
    for count in _counts(problem, clusters):
        assert section.minimum_core <= count <= section.maximum_core
    for i in range(len(problem.industries)):
        own = [c for c in clusters if c.industry == i]
        regions = [r for c in own for r in c.members]
        assert len(own) <= section.clusters_per_industry
        assert len(regions) == len(set(regions))
        for reach in set(problem.reaches):
            touching = [c for c in own if reach in {problem.reaches[r] for r in c.members}]
            assert len(touching) <= section.clusters_per_industry_reach
    for r in range(len(problem.regions)):
        starts = [c.start for c in clusters if r in c.members]
        for phase in set(starts):
            limits = section.maximum_new_per_phase
            assert starts.count(phase) <= limits[min(phase, len(limits) - 1)]


def _check_outputs(problem, added, clusters):
    section = problem.section
    ramp = section.ramp
    allowed = np.zeros(added.shape)
    for cluster in clusters:
        for r in cluster.members:
            for p in range(cluster.start, len(problem.phases)):
                share = ramp[min(p - cluster.start, len(ramp) - 1)]
                top = share * section.uplift * problem.readiness[r, cluster.industry]
                allowed[r, cluster.industry, p] += top * problem.baseline[r, cluster.industry, p]
    assert (added >= 0).all()
    assert (added <= allowed + 1e-6).all()
    assert (added.sum(axis=0) <= problem.ceilings + 1e-6).all()
    steps = np.diff(added, axis=2, prepend=0)
    assert (steps >= -1e-6).all()
    spent = section.capital_output * steps.sum(axis=1)
    assert (spent <= problem.investment + 1e-6).all()


@pytest.mark.parametrize("seed", range(31, 37))
def test_the_plan_keeps_every_limit(seed):
    section = make_section(clusters_per_industry=2, maximum_new_per_phase=(1, 2))
    problem = make_problem(seed, regions=4, industries=3, section=section)
    programme, solution = _solve(problem)
    added = read_added(programme.columns, solution.values)
    clusters = read_clusters(programme.columns, solution.values)
    assert clusters
    _check_clusters(problem, clusters)
    _check_outputs(problem, added, clusters)


def test_required_and_forbidden_pairs_hold():
    free = make_problem(41, regions=4, industries=3)
    programme, solution = _solve(free)
    chosen = {
        (r, c.industry)
        for c in read_clusters(programme.columns, solution.values)
        for r in c.members
    }
    cells = [(r, i) for r in range(4) for i in range(3)]
    absent = next(cell for cell in cells if cell not in chosen)
    present = next(cell for cell in cells if cell in chosen)
    code = lambda cell: (free.regions[cell[0]], free.industries[cell[1]])  # noqa: E731
    section = make_section(required=(code(absent),), forbidden=(code(present),))
    programme, bound = _solve(replace(free, section=section))
    now = {
        (r, c.industry) for c in read_clusters(programme.columns, bound.values) for r in c.members
    }
    assert absent in now
    assert present not in now
    assert bound.objective <= solution.objective + 1e-6


def test_no_core_industry_that_adds_nothing_beyond_the_minimum():
    problem = make_problem(42, regions=4, industries=3)
    nothing = replace(problem, ceilings=np.zeros_like(problem.ceilings))
    programme, solution = _solve(nothing)
    clusters = read_clusters(programme.columns, solution.values)
    assert _counts(problem, clusters) == [1, 1, 1, 1]
    assert solution.objective < 0  # what the least number of core industries costs


def test_shadow_price_is_the_gain_of_one_more_unit():
    problem = make_problem(43, regions=4)
    programme, solution = _solve(problem)
    shadow = solve_shadow_prices(programme, solution)
    used = programme.matrix @ solution.values
    row = next(
        row
        for row, group in enumerate(programme.groups)
        if group == "investment" and shadow[row] > 1e-6
    )
    assert used[row] == pytest.approx(programme.row_upper[row])
    upper = programme.row_upper.copy()
    upper[row] += 1e-3
    better = replace(programme, row_upper=upper)
    starts = programme.integral
    lower, top = programme.lower.copy(), programme.upper.copy()
    lower[starts] = top[starts] = solution.values[starts]
    gain = solve_programme(replace(better, lower=lower, upper=top)).objective - solution.objective
    assert gain / 1e-3 == pytest.approx(shadow[row], rel=1e-3)


def test_the_same_programme_gives_the_same_values():
    problem = make_problem(44, regions=4, industries=3)
    first, second = (_solve(problem)[1] for _ in range(2))
    assert first.values.tobytes() == second.values.tobytes()


def test_no_time_no_plan():
    problem = make_problem(45, regions=4, industries=3)
    solution = solve_programme(make_programme(problem), time_limit=0.0)
    assert solution.status in {"time_limit", "no_plan_in_time"}
    assert solution.has_plan == (solution.status == "time_limit")
    if solution.has_plan:
        assert solution.gap >= 0


def test_rising_synergy_makes_clusters_wider():
    sizes = []
    for synergy in (0.0, 0.5, 1.0):
        section = make_section(synergy=synergy, coordination_cost=0.0, programme_cost=0.0)
        problem = make_problem(46, regions=4, section=section)
        programme, solution = _solve(problem)
        values = evaluate_plan(
            problem,
            read_added(programme.columns, solution.values),
            read_clusters(programme.columns, solution.values),
        )
        sizes.append(values.synergy)
    assert all(later >= earlier for earlier, later in pairwise(sizes))
    assert sizes[0] == 0.0
    assert sizes[-1] > 0.0
