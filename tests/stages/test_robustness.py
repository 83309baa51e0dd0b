"""The robustness stage on a small belt: its tables, its repeatability, and what a killed run keeps."""

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.robustness import RobustnessSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.stages import plan, robustness
from stages.test_plan import SECTION, make_belt, make_results

SCOPE = Scope(base_year=2017, earlier_year=2012)
FEW = RobustnessSection(
    draws=6,
    price_draws=2,
    chunk=2,
    regret_solves=2,
    border_solves=2,
    frontier_points=2,
    workers=1,
)
COLUMNS = {
    "selection": "region industry in_plan frequency standing usual_phase",
    "cluster_survival": "cluster industry members exact together weakest standing",
    "flips": "region industry assumption frequency_low frequency_high rank_correlation p_value "
    "significant",
    "draws": "draw uplift demand cost capital_charge capital_output synergy status gap value",
    "price_draws": "draw belief price allocation overcapacity synergy",
    "price_interval": "belief part point p05 p50 p95 draws",
    "reach_price": "belief reach joint_value alone_value difference price",
    "borders": "region_from region_to crossed closing closing_error opening opening_error",
    "regret": "region industry readiness method possible regret_least regret_most",
    "frontier": "frontier level possible value share equity gini co2 gap",
    "priority": "region industry score selection_frequency",
}


@pytest.fixture(scope="module")
def belt():
    return make_belt()


@pytest.fixture(scope="module")
def results(belt):
    found = make_results(belt)
    return {**found, "plan": plan.run(belt, found, SECTION, SCOPE)}


def _run(belt, results, section=FEW, **more):
    return robustness.run(belt, results, section, SCOPE, plan=SECTION, **more)


@pytest.fixture(scope="module")
def result(belt, results):
    return _run(belt, results)


def _same(a, b):
    assert list(a.tables) == list(b.tables)
    for name in a.tables:
        pd.testing.assert_frame_equal(a.frame(name), b.frame(name))
    assert a.values == b.values
    assert a.messages == b.messages


def test_all_tables_of_the_contract(result):
    assert set(result.tables) == set(COLUMNS)
    for name, columns in COLUMNS.items():
        frame = result.frame(name)
        assert {*columns.split(), "grade"} <= set(frame.columns), name
        assert set(frame["grade"]) <= {"D"}
    for name in ("selection", "borders", "regret", "priority", "price_interval"):
        assert len(result.frame(name)) > 0


def test_selection_speaks_of_every_pair_and_knows_the_plan(belt, results, result):
    frame = result.frame("selection")
    assert len(frame) == 5 * 3
    assert frame["frequency"].between(0, 1).all()
    chosen = results["plan"].frame("assignments")
    inside = frame[frame["in_plan"]]
    assert set(zip(inside["region"], inside["industry"], strict=True)) == set(
        zip(chosen["region"], chosen["industry"], strict=True)
    )
    clusters = result.frame("cluster_survival")
    assert list(clusters["cluster"]) == list(results["plan"].frame("clusters")["cluster"])
    assert (clusters["exact"] <= clusters["together"] + 1e-12).all()
    assert (clusters["together"] <= clusters["weakest"] + 1e-12).all()


def test_the_price_of_the_study_stands_beside_its_interval(results, result):
    frame = result.frame("price_interval").set_index(["belief", "part"])
    plain = results["plan"].frame("fragmentation").set_index("belief")
    for belief in plain.index:
        assert frame.at[(belief, "price"), "point"] == pytest.approx(plain.at[belief, "price"])
    assert (frame["p05"] <= frame["p95"]).all()
    drawn = result.frame("price_draws")
    parts = drawn[["allocation", "overcapacity", "synergy"]].sum(axis=1)
    assert np.allclose(drawn["price"], parts)
    assert set(drawn["draw"]) <= {0, 1}
    by_reach = result.frame("reach_price").groupby("belief")[["joint_value", "alone_value"]].sum()
    for belief in plain.index:
        for name in ("joint_value", "alone_value"):
            assert by_reach.at[belief, name] == pytest.approx(plain.at[belief, name])


def test_priority_has_every_region_and_manufacturing_industry(belt, result):
    frame = result.frame("priority")
    assert len(frame) == 5 * 4
    assert frame["score"].dropna().between(0, 1).all()
    assert frame["score"].max() == 1.0
    food = frame[frame["industry"] == "06"]
    assert food["selection_frequency"].isna().all()
    assert frame.loc[frame["industry"] != "06", "selection_frequency"].notna().all()


def test_uncrossed_borders_cost_nothing_and_regret_is_no_gain(result):
    borders = result.frame("borders")
    assert len(borders) == 4
    assert (borders.loc[borders["crossed"] == 0, "closing"] == 0).all()
    regret = result.frame("regret")
    solved = regret[(regret["method"] == "solved") & regret["possible"]]
    assert (solved["regret_least"] <= solved["regret_most"] + 1e-6).all()
    assert (regret["regret_least"].dropna() >= 0).all()


def test_what_is_left_out_is_said(result):
    keys = {message.key for message in result.messages}
    assert {"robustness.message.no_people", "robustness.message.no_co2"} <= keys
    for message in result.messages:
        for language in LANGUAGES:
            assert text(message.key, language, **message.params)


def test_nothing_is_drawn_when_nothing_is_asked(belt, results):
    none = FEW.model_copy(
        update={"draws": 0, "regret_solves": 0, "border_solves": 0, "frontier_points": 0}
    )
    result = _run(belt, results, none)
    assert result.frame("draws").empty
    assert result.frame("selection")["frequency"].isna().all()
    assert result.frame("selection")["standing"].isna().all()
    assert result.frame("price_interval").empty
    assert result.frame("priority")["score"].max() == 1.0


def test_the_size_of_chunks_changes_nothing(belt, results, result):
    _same(_run(belt, results, FEW.model_copy(update={"chunk": 4})), result)


def test_a_back_end_that_is_none_is_refused(belt, results):
    with pytest.raises(InputError, match="nonsense"):
        _run(belt, results, FEW.model_copy(update={"parallel_backend": "nonsense"}))


@pytest.mark.long
def test_processes_change_nothing(belt, results, result):
    for backend in ("loky", "multiprocessing"):
        many = FEW.model_copy(update={"workers": 2, "parallel_backend": backend})
        _same(_run(belt, results, many), result)


def test_a_killed_run_keeps_its_finished_draws(belt, results, result, tmp_path, monkeypatch):
    solve, solved = robustness.solve_draws, []

    def stop_in_the_second(problem, settings, seed, numbers):
        if numbers[0] == 2:
            raise KeyboardInterrupt
        return solve(problem, settings, seed, numbers)

    monkeypatch.setattr(robustness, "solve_draws", stop_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        _run(belt, results, scratch=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["draws-000000.json"]

    def count(problem, settings, seed, numbers):
        solved.extend(numbers)
        return solve(problem, settings, seed, numbers)

    monkeypatch.setattr(robustness, "solve_draws", count)
    _same(_run(belt, results, scratch=tmp_path), result)
    assert solved == [2, 3, 4, 5]


def test_a_harmed_chunk_is_solved_again(belt, results, result, tmp_path):
    (tmp_path / "draws-000000.json").write_text("[{", encoding="utf-8")
    (tmp_path / "draws-000002.json").write_text("[]", encoding="utf-8")
    _same(_run(belt, results, scratch=tmp_path), result)
