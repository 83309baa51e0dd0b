"""The programme as text: one golden per constraint, and a whole programme another reader solves.

``UPDATE_GOLDEN=1 pytest tests/plan/test_lp.py`` writes the goldens anew; read the difference.
"""

import os
from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np
import pytest

from clusterbelt.plan.solve import solve_programme
from clusterbelt.plan.write_lp import write_lp
from plan.toy import make_cap, make_problem, make_programme, make_section, make_supply

GOLDEN = Path(__file__).parents[1] / "golden" / "plan"
GROUPS = (
    "one_cluster",
    "core_minimum",
    "core_maximum",
    "new_per_phase",
    "clusters_industry",
    "clusters_reach",
    "required",
    "forbidden",
    "capacity",
    "keep",
    "demand",
    "investment",
    "attainable",
    "investment_cap",
    "labour",
    "water",
    "co2",
    "supply",
    "precedence",
    "pair_from",
    "pair_to",
    "pair_together",
)


def _programme():
    section = make_section(
        required=(("10", "12"),),
        forbidden=(("30", "13"),),
        clusters_per_industry=2,
        precedence=(("12", "13"),),
        core_limits={"20": (0, 1)},
    )
    problem = make_problem(
        section=section,
        output=np.array([[100.0, 200.0], [300.0, 100.0], [200.0, 100.0]]),
        readiness=np.array([[0.5, 0.8], [0.9, 0.5], [0.6, 0.7]]),
        ratio=np.array([[0.2, 0.3], [0.25, 0.2], [0.3, 0.25]]),
        ceilings=np.array([[40.0, 60.0], [20.0, 30.0]]),
        investment=np.array([[30.0, 30.0], [np.inf, np.inf], [50.0, 50.0]]),
    )
    problem = replace(problem, baseline=problem.output[:, :, None] * np.array([1.2, 1.5]))
    attainable = np.full(problem.baseline.shape, np.inf)
    attainable[0, 1] = [15.0, 25.0]
    return make_programme(
        replace(
            problem,
            attainable=attainable,
            supply=make_supply(problem, ("06", "12"), 4.0),
            caps=(
                make_cap(problem, "investment", "reach", "lower", [40.0, 50.0]),
                make_cap(problem, "labour", "region", "20", [60.0, 80.0]),
                make_cap(problem, "water", "reach", "upper", [30.0, np.inf]),
                make_cap(problem, "co2", "belt", "belt", [90.0, 120.0]),
            ),
        )
    )


def _compare(name, content):
    path = GOLDEN / f"{name}.lp"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    assert content == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("group", GROUPS)
def test_constraint_is_as_in_its_golden(group):
    _compare(group, write_lp(_programme(), groups=[group], objective=False))


def test_objective_is_as_in_its_golden():
    _compare("objective", write_lp(_programme(), groups=[]))


def test_every_group_has_a_golden():
    assert set(_programme().groups) == set(GROUPS)


def test_another_reader_finds_the_same_optimum(tmp_path):
    programme = _programme()
    path = tmp_path / "plan.lp"
    path.write_text(write_lp(programme), encoding="utf-8")
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.run()
    expected = solve_programme(programme).objective
    assert solver.getInfo().objective_function_value == pytest.approx(expected, rel=1e-6)
