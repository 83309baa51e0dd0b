"""Two runs side by side."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from clusterbelt.core.errors import InputError
from clusterbelt.model.result import Result, ResultTable, ResultValue
from clusterbelt.study.compare import compare_runs, comparison_rows
from report.fixture import build_run

RUN = build_run()


def _with_plan(run, change, values=None):
    """Return the run with its assignments changed."""
    plan = run.results["plan"]
    frame = change(plan.frame("assignments").copy())
    tables = {**plan.tables, "assignments": ResultTable("assignments", frame, "D")}
    changed = Result("plan", tables, {**plan.values, **(values or {})}, plan.messages)
    return replace(run, results={**run.results, "plan": changed})


def test_a_run_does_not_differ_from_itself():
    found = compare_runs(RUN, RUN)
    assert found.plans.empty
    assert found.values.empty
    assert found.assumptions.empty
    assert found.same_choices == len(RUN.results["plan"].frame("assignments"))
    assert comparison_rows(found).empty


def test_what_changes_is_named():
    first = RUN.results["plan"].frame("assignments").iloc[0]

    def change(frame):
        frame = frame.iloc[1:].reset_index(drop=True)
        frame.loc[0, "start_phase"] = 2
        frame.loc[0, "phase"] = "far"
        frame.loc[1, "added_output"] *= 2
        return frame

    values = {"joint_value": ResultValue(1.0, "D", "1e8 CNY")}
    other = _with_plan(RUN, change, values)
    base = _with_plan(RUN, lambda frame: frame, {"joint_value": ResultValue(3.0, "D", "1e8 CNY")})
    found = compare_runs(base, other)
    changes = found.plans.set_index(["region", "industry"])["change"]
    assert changes[(first["region"], first["industry"])] == "gone"
    assert {"later", "more"} <= set(changes)
    value = found.values.set_index("value").loc["joint_value"]
    assert value["difference"] == -2.0
    back = compare_runs(other, base)
    assert back.plans.set_index(["region", "industry"])["change"][
        (first["region"], first["industry"])
    ] == "new"  # fmt: skip
    assert {"earlier", "less"} <= set(back.plans["change"])


def test_absent_is_not_zero():
    other = _with_plan(RUN, lambda frame: frame.iloc[1:])
    row = compare_runs(RUN, other).plans.iloc[0]
    assert np.isnan(row["added_b"])
    assert pd.isna(row["phase_b"])


def test_settings_are_compared_field_by_field():
    study = {**RUN.study, "plan": {**RUN.study["plan"], "uplift": 0.3}, "name": "other"}
    found = compare_runs(RUN, replace(RUN, study=study))
    assert list(found.assumptions["field"]) == ["plan.uplift"]
    assert found.assumptions["b"].tolist() == ["0.3"]
    rows = comparison_rows(found)
    assert rows["kind"].tolist() == ["assumption"]


def test_runs_that_cannot_be_compared_are_refused():
    without = replace(RUN, results={k: v for k, v in RUN.results.items() if k != "plan"})
    with pytest.raises(InputError) as caught:
        compare_runs(RUN, without)
    assert [issue.code for issue in caught.value.issues] == ["compare_no_plan"]
    smaller = replace(RUN, regions=RUN.regions.iloc[:-1])
    with pytest.raises(InputError) as caught:
        compare_runs(RUN, smaller)
    assert [issue.code for issue in caught.value.issues] == ["compare_other_belt"]
    for issue in caught.value.issues:
        assert issue.describe("zh")
