"""A study without a plan is explained, before the solve and after it."""

from dataclasses import replace

import numpy as np
import pytest

from clusterbelt.core.strings import LANGUAGES
from clusterbelt.plan.candidates import build_eligibility
from clusterbelt.plan.feasibility import RELAXABLE, check_before_solve, explain_infeasible
from clusterbelt.plan.solve import solve_programme
from plan.toy import make_problem, make_programme, make_section


def _before(problem):
    return {issue.code: issue for issue in check_before_solve(problem, build_eligibility(problem))}


def _three(**settings):
    return make_problem(1, regions=3, industries=3, section=make_section(**settings))


def test_a_sound_study_has_no_conflicts():
    assert _before(_three()) == {}


@pytest.mark.parametrize(
    ("code", "figures", "settings"),
    [
        ("plan_core_limits", {"minimum": "3", "maximum": "2"}, {"minimum_core": 3}),
        (
            "plan_too_few_industries",
            {"region": "10", "available": "1", "minimum": "2"},
            {"minimum_core": 2, "forbidden": (("10", "12"), ("10", "13"))},
        ),
        (
            "plan_required_over_maximum",
            {"region": "10", "required": "2", "maximum": "1"},
            {"maximum_core": 1, "required": (("10", "12"), ("10", "13"))},
        ),
        (
            "plan_starts_short",
            {"wanted": "2", "starts": "1"},
            {"minimum_core": 2, "maximum_new_per_phase": (1, 0)},
        ),
        (
            "plan_places_short",
            {"wanted": "6", "places": "3"},
            {"minimum_core": 2, "maximum_regions": 1},
        ),
        (
            "plan_required_clusters",
            {"industry": "12", "required": "3", "needed": "2", "limit": "1"},
            {"maximum_regions": 2, "required": (("10", "12"), ("20", "12"), ("30", "12"))},
        ),
        ("plan_pair_unknown", {"region": "99"}, {"required": (("99", "12"),)}),
        ("plan_pair_unknown", {"industry": "77"}, {"forbidden": (("10", "77"),)}),
        (
            "plan_required_and_forbidden",
            {"region": "10", "industry": "12"},
            {"required": (("10", "12"),), "forbidden": (("10", "12"),)},
        ),
    ],
)
def test_conflicts_are_named_before_the_solve(code, figures, settings):
    found = _before(_three(**settings))
    assert code in found
    assert figures.items() <= dict(found[code].params).items()
    for language in LANGUAGES:
        words = found[code].describe(language)
        assert all(figure in words for figure in figures.values())


def test_required_pair_without_output():
    problem = _three(required=(("10", "12"),))
    output = problem.output.copy()
    output[0, 0] = 0.0
    assert "plan_required_no_base" in _before(replace(problem, output=output))


def test_required_regions_apart_need_a_cluster_each():
    problem = _three(required=(("10", "12"), ("30", "12")))
    apart = replace(problem, neighbours=np.zeros((3, 3), dtype=bool))
    assert "plan_required_clusters" not in _before(problem)
    assert _before(apart)["plan_required_clusters"].params["needed"] == "2"


def _after(problem):
    programme = make_programme(problem)
    assert solve_programme(programme).status == "infeasible"
    conflict, *relaxed = explain_infeasible(programme)
    assert conflict.code == "plan_conflict"
    return relaxed


def test_a_conflict_that_only_the_solver_sees_is_named_with_its_size():
    # Regions 10 and 20 lie in one reach and do not touch: two clusters there, one is allowed.
    section = make_section(required=(("10", "12"), ("20", "12")), clusters_per_industry=2)
    problem = make_problem(1, regions=3, industries=2, edges={(0, 2)}, section=section)
    assert _before(problem) == {}
    issues = _after(problem)
    assert len(issues) == 1
    assert issues[0].code in {"plan_infeasible_clusters_reach", "plan_infeasible_required"}
    assert issues[0].params["amount"] == "1"


def test_the_named_relaxation_is_enough():
    section = make_section(minimum_core=2, clusters_per_industry=1)
    problem = make_problem(1, regions=4, industries=2, edges=set(), section=section)
    problem = replace(problem, reaches=("a", "b", "c", "d"))
    # Nobody touches anybody: eight places are wanted, two clusters of one region are allowed.
    issues = _after(problem)
    total = sum(int(issue.params["amount"]) for issue in issues)
    assert total == 6
    amounts = {}
    for issue in issues:
        amounts.setdefault(issue.code, []).append(int(issue.params["amount"]))
    loose = make_section(
        minimum_core=2 - max(amounts.get("plan_infeasible_core_minimum", [0])),
        clusters_per_industry=1 + max(amounts.get("plan_infeasible_clusters_industry", [0])),
        clusters_per_industry_reach=1 + max(amounts.get("plan_infeasible_clusters_reach", [0])),
    )
    assert solve_programme(make_programme(replace(problem, section=loose))).status == "optimal"


@pytest.mark.parametrize("group", RELAXABLE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_that_may_have_to_give_has_its_words(group, language):
    from clusterbelt.core.errors import Issue

    params = {"subject": "S", "limit": "L", "amount": "A"}
    issue = Issue(f"plan_infeasible_{group}", params=params)
    assert "S" in issue.what(language)
    assert issue.remedy(language)


def test_forbidding_what_is_needed():
    section = make_section(
        minimum_core=1, maximum_core=1, required=(("10", "12"),), maximum_new_per_phase=(0,)
    )
    problem = make_problem(1, regions=2, section=section)
    issues = _after(problem)
    assert {issue.code for issue in issues} <= {
        "plan_infeasible_new_per_phase",
        "plan_infeasible_core_minimum",
        "plan_infeasible_required",
    }
    assert issues
