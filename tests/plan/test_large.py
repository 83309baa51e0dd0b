"""The road for large belts: lifted rows, bounds that hold, nested areas, and the same optimum."""

from dataclasses import replace

import numpy as np
import pytest

from clusterbelt.plan import solve
from clusterbelt.plan.candidates import build_candidates, build_eligibility
from clusterbelt.plan.constraints import define_all
from clusterbelt.plan.lift import lift_programme
from clusterbelt.plan.programme import assemble_programme, build_columns
from clusterbelt.plan.solve import solve_programme
from plan.toy import LINE, make_cap, make_problem, make_programme, make_section, make_supply

RING = LINE | {(0, 3), (3, 4), (1, 4)}


def _problem(seed, **changes):
    problem = make_problem(
        seed, regions=5, industries=3, edges=RING, section=make_section(**changes)
    )
    cap = make_cap(problem, "co2", "belt", "belt", [40.0, 60.0])
    return replace(problem, caps=(cap,), supply=make_supply(problem, ("06", "12"), 2.0))


@pytest.mark.parametrize("seed", [61, 62, 63])
def test_lifted_programme_has_the_same_optimum(seed):
    programme = make_programme(_problem(seed))
    expected = solve_programme(programme).objective
    assert solve_programme(lift_programme(programme)).objective == pytest.approx(expected, rel=1e-6)


def test_a_plan_of_the_one_is_a_plan_of_the_other():
    programme = make_programme(_problem(64))
    lifted = lift_programme(programme)
    values = solve_programme(lifted).values[: programme.matrix.shape[1]]
    used = programme.matrix @ values
    assert (used <= programme.row_upper + 1e-6).all()
    assert (used >= programme.row_lower - 1e-6).all()
    assert set(programme.row_names) < set(lifted.row_names)


@pytest.mark.parametrize("seed", [65, 66, 67])
def test_road_for_large_belts_finds_the_optimum(monkeypatch, seed):
    programme = make_programme(_problem(seed, clusters_per_industry=2))
    expected = solve_programme(programme).objective
    monkeypatch.setattr(solve, "LARGE", 10)
    found = solve_programme(programme, gap=1e-6)
    assert found.objective == pytest.approx(expected, rel=1e-5)
    assert found.bound >= expected - 1e-6
    rough = solve_programme(programme, gap=0.05)
    assert rough.objective >= expected * 0.9
    assert rough.bound >= expected - 1e-6


def test_road_for_large_belts_says_infeasible(monkeypatch):
    section = make_section(core_limits={"10": (2, 2)}, forbidden=(("10", "12"), ("10", "13")))
    programme = make_programme(make_problem(68, section=section))
    monkeypatch.setattr(solve, "LARGE", 10)
    assert solve_programme(programme).status == "infeasible"


@pytest.mark.parametrize("seed", range(71, 75))
def test_bound_holds_for_any_prices(seed):
    lifted = lift_programme(make_programme(_problem(seed)))
    optimum = solve_programme(lifted).objective
    random = np.random.default_rng(seed)
    prices = random.normal(size=lifted.matrix.shape[0])
    assert solve._dual_bound(lifted, prices) >= optimum


def test_nested_areas_are_connected_and_start_at_every_eligible_region():
    problem = _problem(76, enumerate_regions=2)
    eligible = build_eligibility(problem).eligible
    found = build_candidates(problem, eligible)
    every = build_candidates(replace(problem, section=make_section()), eligible)
    listed = set(zip(found.industry.tolist(), found.members, strict=True))
    assert len(listed) == len(found)
    assert listed < set(zip(every.industry.tolist(), every.members, strict=True))
    alone = {(i, r) for i, r in listed if len(r) == 1}
    assert len(alone) == eligible.sum()


def test_plans_of_nested_areas_never_beat_all_sets():
    problem = _problem(77)
    eligible = build_eligibility(problem).eligible
    nested = replace(problem, section=make_section(enumerate_regions=2))
    values = []
    for each in (problem, nested):
        columns = build_columns(each, build_candidates(each, eligible))
        values.append(solve_programme(assemble_programme(columns, define_all(columns))).objective)
    assert 0.0 < values[1] <= values[0] + 1e-6
