"""Conflicting settings: the rows named conflict, and no longer do when any of them goes."""

from dataclasses import replace

import numpy as np
import pytest

from clusterbelt.core.errors import Issue
from clusterbelt.plan.conflict import SETTINGS, find_conflict, name_codes, say_rows
from clusterbelt.plan.solve import solve_programme
from plan.toy import make_problem, make_programme, make_section


def _without(programme, dropped):
    kept = np.array([row not in dropped for row in range(len(programme.groups))])
    return replace(
        programme,
        groups=tuple(np.array(programme.groups)[kept]),
        row_names=tuple(np.array(programme.row_names)[kept]),
        matrix=programme.matrix[np.nonzero(kept)[0]],
        row_lower=programme.row_lower[kept],
        row_upper=programme.row_upper[kept],
    )


def _apart(**changes):
    section = make_section(
        required=(("10", "12"), ("20", "12")), clusters_per_industry=2, **changes
    )
    return make_programme(make_problem(1, regions=3, edges={(0, 2)}, section=section))


def _crowded():
    section = make_section(minimum_core=2, maximum_core=2, clusters_per_industry=1)
    problem = make_problem(1, regions=4, edges=set(), section=section)
    return make_programme(replace(problem, reaches=("a", "b", "c", "d")))


@pytest.mark.parametrize("make", [_apart, _crowded])
def test_conflict_is_one_and_cannot_lose_a_row(make):
    programme = make()
    rows = find_conflict(programme)
    assert rows
    others = {
        row for row, group in enumerate(programme.groups) if group in SETTINGS and row not in rows
    }
    assert solve_programme(_without(programme, others)).status == "infeasible"
    for row in rows:
        assert solve_programme(_without(programme, others | {row})).has_plan


def test_conflict_by_hand_in_the_words_of_the_study():
    # Regions 10 and 20 lie in one reach and do not touch: both cannot be core through one cluster.
    programme = _apart()
    assert say_rows(programme, find_conflict(programme)) == (
        "clusters_per_industry_reach (12, lower) <= 1; required (10, 12); required (20, 12)"
    )


def test_no_conflict_no_rows():
    assert find_conflict(make_programme(make_problem(1))) == []


def test_names_stand_beside_codes_and_nowhere_else():
    issue = Issue(
        "x", params={"subject": "10, 120", "rows": "required (10, 12) >= 1", "limit": "10"}
    )
    found = name_codes([issue], {"10": "(A)", "12": "(B)"})[0]
    assert found.params["subject"] == "10 (A), 120"
    assert found.params["rows"] == "required (10 (A), 12 (B)) >= 1"
    assert found.params["limit"] == "10"
    assert name_codes([issue], {})[0] == issue
