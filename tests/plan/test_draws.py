"""Draws: the same whatever the order, within their ranges, and never a figure from nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.plan.draws import SCALARS, apply_draw, draw_assumptions
from plan.toy import make_problem

SETTINGS = RobustnessSection()
STILL = RobustnessSection(
    draw_output_error=0,
    draw_ratio_error=0,
    draw_readiness_error=0,
    draw_demand=0,
    draw_uplift=(0.2, 0.2),
    draw_cost=(1, 1),
    draw_capital_charge=(0.08, 0.08),
    draw_capital_output=(1, 1),
    draw_synergy=(0.1, 0.1),
)


def _same(a, b):
    for name in ("output", "ratio", "readiness", "demand"):
        assert np.array_equal(getattr(a, name), getattr(b, name))
    assert a.scalars == b.scalars


def test_a_draw_depends_on_its_number_and_seed_alone():
    problem = make_problem()
    forward = [draw_assumptions(problem, SETTINGS, 3, n) for n in range(4)]
    backward = [draw_assumptions(problem, SETTINGS, 3, n) for n in reversed(range(4))][::-1]
    for a, b in zip(forward, backward, strict=True):
        _same(a, b)
    other = draw_assumptions(problem, SETTINGS, 4, 0)
    assert other.scalars != forward[0].scalars
    assert forward[0].scalars != forward[1].scalars


@settings(max_examples=30)
@given(st.integers(0, 10_000))
def test_draws_stay_in_their_ranges(number):
    problem = make_problem()
    draw = draw_assumptions(problem, SETTINGS, 1, number)
    assert set(draw.scalars) == set(SCALARS)
    for name in ("uplift", "cost", "capital_charge", "capital_output", "synergy"):
        low, high = getattr(SETTINGS, f"draw_{name}")
        assert low - 1e-12 <= draw.scalars[name] <= high + 1e-12
    drawn = apply_draw(problem, draw)
    assert ((drawn.readiness > 0) & (drawn.readiness < 1)).all()
    assert (drawn.ceilings > 0).all()
    assert (drawn.output > 0).all()


def test_without_width_nothing_changes():
    problem = make_problem()
    drawn = apply_draw(problem, draw_assumptions(problem, STILL, 1, 7))
    assert np.allclose(drawn.readiness, problem.readiness)
    for name in ("output", "baseline", "ratio", "ceilings"):
        assert np.array_equal(getattr(drawn, name), getattr(problem, name))
    assert drawn.section == problem.section


def test_unknown_stays_unknown_and_zero_stays_zero():
    problem = make_problem()
    problem.readiness[0, 0] = np.nan
    problem.output[1, 1] = 0.0
    drawn = apply_draw(problem, draw_assumptions(problem, SETTINGS, 1, 0))
    assert np.isnan(drawn.readiness[0, 0])
    assert drawn.output[1, 1] == 0.0
    assert np.isfinite(drawn.readiness[1, 1])


def test_attainable_demand_moves_with_the_ceilings():
    problem = make_problem()
    problem = replace(problem, attainable=np.ones_like(problem.baseline))
    draw = draw_assumptions(problem, SETTINGS, 1, 0)
    drawn = apply_draw(problem, draw)
    assert np.allclose(drawn.attainable, draw.demand[None, :, None])
    assert np.allclose(drawn.ceilings, problem.ceilings * draw.demand[:, None])


def test_special_capital_moves_with_the_common_factor():
    problem = make_problem()
    section = problem.section.model_copy(update={"capital_output_by_industry": {"12": 3.0}})
    draw = draw_assumptions(problem, SETTINGS, 1, 0)
    drawn = apply_draw(replace(problem, section=section), draw).section
    factor = draw.scalars["capital_output"]
    assert drawn.capital_output_by_industry == {"12": pytest.approx(3.0 * factor)}
    assert drawn.capital_output == pytest.approx(section.capital_output * factor)


def test_widths_are_those_of_the_settings():
    problem = make_problem(regions=4, industries=3)
    draws = [draw_assumptions(problem, SETTINGS, 9, n) for n in range(400)]
    logs = np.log([draw.demand for draw in draws])
    assert logs.std() == pytest.approx(SETTINGS.draw_demand, rel=0.15)
    # Half of the variance is common to all industries.
    common = np.corrcoef(logs.T)[0, 1]
    assert common == pytest.approx(0.5, abs=0.15)
    readiness = np.array([draw.readiness for draw in draws])
    assert readiness.std() == pytest.approx(SETTINGS.draw_readiness_error, rel=0.1)


@pytest.mark.parametrize(
    "changes",
    [
        {"draw_uplift": (0.3, 0.1)},
        {"draw_synergy": (0.0, 1.5)},
        {"fragile_share": 0.9},
        {"draw_cost": (0.0, 2.0)},
    ],
)
def test_ranges_that_cannot_be_drawn_from_are_refused(changes):
    with pytest.raises(ValueError, match=r"draw_|fragile_share"):
        RobustnessSection(**changes)


def test_learnt_readiness_moves_all_cells_together_and_nothing_else():
    problem = make_problem(regions=3, industries=2)
    rng = np.random.default_rng(5)
    learnt = replace(problem, loadings=rng.normal(size=(3, 2, 2)))
    draws = [draw_assumptions(learnt, SETTINGS, 9, n) for n in range(600)]
    plain = draw_assumptions(problem, SETTINGS, 9, 0)
    for name in ("output", "ratio", "demand"):
        assert np.array_equal(getattr(draws[0], name), getattr(plain, name))
    found = np.cov(np.array([draw.readiness.ravel() for draw in draws]).T)
    expected = learnt.loadings.reshape(6, 2) @ learnt.loadings.reshape(6, 2).T
    assert np.linalg.matrix_rank(found, tol=1e-8) == 2
    assert np.allclose(found, expected, atol=0.15 * np.abs(expected).max())


def test_an_assumed_width_can_be_asked_for():
    problem = make_problem(regions=3, industries=2)
    learnt = replace(problem, loadings=np.ones((3, 2, 1)))
    asked = SETTINGS.model_copy(update={"draw_readiness_learnt": False})
    _same(draw_assumptions(learnt, asked, 9, 4), draw_assumptions(problem, SETTINGS, 9, 4))
