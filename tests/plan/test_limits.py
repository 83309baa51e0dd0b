"""Resources, supply, attainable demand and order: against enumeration, and one at a time."""

from dataclasses import replace

import numpy as np
import pytest

from clusterbelt.plan.alone import BELIEFS, solve_alone
from clusterbelt.plan.candidates import build_eligibility
from clusterbelt.plan.problem import capacity
from clusterbelt.plan.solve import read_clusters, solve_programme
from plan.brute_force import best_value
from plan.toy import make_cap, make_problem, make_programme, make_section, make_supply

REGIONS = 3


def _optimum(problem):
    solution = solve_programme(make_programme(problem))
    assert solution.status == "optimal"
    return solution.objective


def _with(problem, name):
    """The toy with one more limit that binds."""
    section = problem.section
    return {
        "investment_cap": lambda: replace(
            problem, caps=(make_cap(problem, "investment", "reach", "lower", [12.0, 9.0]),)
        ),
        "labour": lambda: replace(
            problem, caps=(make_cap(problem, "labour", "region", "20", [15.0, 20.0]),)
        ),
        "water": lambda: replace(
            problem, caps=(make_cap(problem, "water", "reach", "upper", [5.0, 8.0]),)
        ),
        "co2": lambda: replace(
            problem, caps=(make_cap(problem, "co2", "belt", "belt", [20.0, 30.0]),)
        ),
        "attainable": lambda: replace(problem, attainable=0.4 * capacity(problem)),
        "supply": lambda: replace(problem, supply=make_supply(problem, ("06", "12"), 1.0)),
        "precedence": lambda: replace(
            problem,
            section=section.model_copy(update={"precedence": (("13", "12"),), "minimum_core": 0}),
        ),
        "core_limits": lambda: replace(
            problem, section=section.model_copy(update={"core_limits": {"20": (0, 0)}})
        ),
    }[name]()


ALL = (
    "investment_cap",
    "labour",
    "water",
    "co2",
    "attainable",
    "supply",
    "precedence",
    "core_limits",
)


@pytest.mark.parametrize("name", ALL)
def test_optimum_with_each_limit_equals_enumeration(name):
    problem = _with(make_problem(51, regions=REGIONS), name)
    assert _optimum(problem) == pytest.approx(best_value(problem), rel=1e-6)


def test_optimum_with_all_resources_equals_enumeration():
    problem = make_problem(52, regions=REGIONS)
    caps = tuple(
        make_cap(problem, resource, level, place, [14.0, 25.0], seed)
        for seed, (resource, level, place) in enumerate(
            [
                ("investment", "belt", "belt"),
                ("labour", "region", "10"),
                ("water", "reach", "lower"),
                ("co2", "belt", "belt"),
            ]
        )
    )
    full = replace(
        problem,
        caps=caps,
        attainable=0.7 * capacity(problem),
        supply=make_supply(problem, ("06", "13"), 2.0),
    )
    assert _optimum(full) == pytest.approx(best_value(full), rel=1e-6)


@pytest.mark.parametrize("name", [name for name in ALL if name != "precedence"])
def test_a_limit_costs_and_loosened_enough_costs_nothing(name):
    free = make_problem(53, regions=REGIONS, section=make_section(minimum_core=0))
    bound = _with(free, name)
    base = _optimum(free)
    assert _optimum(bound) < base - 1e-6
    loose = replace(
        bound,
        caps=tuple(replace(cap, amount=np.full(2, 1e6)) for cap in bound.caps),
        attainable=None if bound.attainable is None else 100.0 * bound.attainable,
        supply=None
        if bound.supply is None
        else replace(bound.supply, amount=1e6 * bound.supply.amount),
        section=bound.section.model_copy(update={"core_limits": {}}),
    )
    assert _optimum(loose) == pytest.approx(base, rel=1e-7)


def test_no_region_starts_the_later_industry_first():
    section = make_section(precedence=(("12", "13"),), minimum_core=0, maximum_new_per_phase=(1, 1))
    problem = make_problem(54, regions=4, section=section)
    programme = make_programme(problem)
    start = {
        (region, cluster.industry): cluster.start
        for cluster in read_clusters(programme.columns, solve_programme(programme).values)
        for region in cluster.members
    }
    later = [region for region, industry in start if industry == 1]
    assert later
    for region in later:
        assert start[region, 0] <= start[region, 1]


def test_a_cap_of_nothing_leaves_only_what_needs_nothing():
    problem = make_problem(55, regions=REGIONS, section=make_section(minimum_core=0))
    cap = make_cap(problem, "co2", "belt", "belt", [0.0, 0.0])
    assert _optimum(replace(problem, caps=(cap,))) == pytest.approx(0.0, abs=1e-6)
    clean = replace(cap, intensity=np.where(np.arange(2)[None, :, None] == 0, 0.0, cap.intensity))
    assert _optimum(replace(problem, caps=(clean,))) > 1.0


def test_unknown_intensity_leaves_the_cell_out_of_the_row():
    problem = make_problem(56, regions=REGIONS)
    cap = make_cap(problem, "labour", "belt", "belt", [10.0, 10.0])
    unknown = replace(cap, intensity=np.full_like(cap.intensity, np.nan))
    assert _optimum(replace(problem, caps=(unknown,))) == pytest.approx(_optimum(problem))


@pytest.mark.parametrize("belief", BELIEFS)
def test_regions_alone_share_a_cap_of_the_belt(belief):
    problem = make_problem(57, regions=4, section=make_section(minimum_core=0))
    cap = make_cap(problem, "co2", "belt", "belt", [20.0, 30.0])
    shared = replace(cap, shares=np.array([0.4, 0.3, 0.2, 0.1]))
    capped = replace(problem, caps=(shared,))
    plans = solve_alone(capped, build_eligibility(capped).eligible, belief, seed=0)
    used = (np.nan_to_num(shared.intensity) * plans.added).sum(axis=1)
    assert (used <= np.outer(shared.shares, shared.amount) + 1e-6).all()
    assert used.sum() > 0
