"""Factors that a plan needs: by hand from its output, absent where nothing is known."""

from dataclasses import replace

import numpy as np
import pytest

from clusterbelt.plan.evaluate import evaluate_plan
from clusterbelt.plan.needs import needs_table
from clusterbelt.plan.solve import read_added, read_clusters, solve_programme
from clusterbelt.plan.tables import name_clusters
from plan.toy import make_problem, make_programme


def _needs(problem):
    programme = make_programme(problem)
    solution = solve_programme(programme)
    clusters = read_clusters(programme.columns, solution.values)
    plan = evaluate_plan(problem, read_added(programme.columns, solution.values), clusters)
    named = name_clusters(problem, clusters, ["lower", "upper"])
    return needs_table(problem, named, plan, "1e8 CNY"), plan


def test_needs_are_intensity_times_output_and_capital_is_what_is_built():
    problem = make_problem(81, regions=4, industries=3)
    co2 = np.random.default_rng(1).uniform(1, 5, problem.baseline.shape)
    table, plan = _needs(replace(problem, intensities={"co2": co2}))
    frame = table.frame
    assert frame["co2"].sum() == pytest.approx((co2 * plan.built).sum())
    # Capital over all phases is the stock behind the capacity of the last one.
    stock = problem.section.capital_output * plan.built[:, :, -1].sum()
    assert frame["capital"].sum() == pytest.approx(stock)
    assert frame["added_output"].sum() == pytest.approx(plan.absorbed.sum())
    assert set(frame["grade"]) == {"D"}
    assert table.units["co2"] == "t / year"


def test_what_nobody_knows_is_absent_and_not_zero():
    frame = _needs(make_problem(82, regions=3))[0].frame
    for name in ("labour", "water", "co2"):
        assert frame[name].isna().all()
    assert frame["capital"].notna().all()
