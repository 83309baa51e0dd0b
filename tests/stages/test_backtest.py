"""The backtest: only the past is seen, scores by hand, and the shipped figures."""

from dataclasses import replace

import numpy as np
import pytest

from clusterbelt.config.backtest import BacktestSection
from clusterbelt.config.demand import DemandSection
from clusterbelt.config.plan import PlanSection
from clusterbelt.config.readiness import ReadinessSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.plan.backtest import PastPlan, random_plans
from clusterbelt.plan.backtest_scores import Outcome, excess_share, score_plan, top_pairs
from clusterbelt.stages import backtest
from stages.past import small_past

SECTIONS = {"plan": PlanSection(), "demand": DemandSection(), "readiness": ReadinessSection()}
QUICK = BacktestSection(draws=30, random_plans=20)
SCOPE = Scope(classification="x")


def run(belt=None, section=QUICK):
    return backtest.run(belt or small_past(), {}, section, SCOPE, **SECTIONS)


@pytest.fixture(scope="module")
def result():
    return run()


def test_plans_are_made_in_every_year_with_one_before_and_one_after(result):
    frame = result.frame("pairs")
    assert sorted(set(zip(frame["year"], frame["until"], strict=True))) == [
        (2007, 2012),
        (2012, 2017),
    ]
    assert len(frame) == 2 * 5 * 5
    assert not frame[frame["planned"] & ~frame["open"]].size
    assert set(frame.loc[frame["planned"], "industry"]) <= {"01", "02", "03"}  # the advanced ones


def test_later_data_change_no_plan(result):
    belt = small_past()
    later = belt.activity.copy(deep=True)
    rng = np.random.default_rng(9)
    later.loc[{"year": 2017}] = rng.uniform(1, 100, later.sel(year=2017).shape)
    known = ["year", "region", "industry", "planned", "open", "score", "readiness", "output"]
    other = run(replace(belt, activity=later)).frame("pairs")
    assert result.frame("pairs")[known].equals(other[known])
    # What followed is another matter.
    changed = other["location_quotient_later"] != result.frame("pairs")["location_quotient_later"]
    assert changed[other["until"] == 2017].all()
    assert not changed[other["until"] == 2012].any()


def test_data_of_the_year_after_the_next_change_nothing_of_the_first_plan(result):
    belt = small_past()
    cut = belt.activity.sel(year=[2002, 2007, 2012])
    other = run(replace(belt, activity=cut))
    first = result.frame("scores").query("year == 2007").reset_index(drop=True)
    assert first.equals(other.frame("scores"))


def test_the_counts_of_the_verdict_add_up(result):
    values = {name: result.values[name].value for name in
              ("comparisons", "plan_ahead", "plan_behind", "undecided")}  # fmt: skip
    assert values["comparisons"] == 2 * (2 * 2 + 3 * 3)
    assert sum(values.values()) == 2 * values["comparisons"]
    scores = result.frame("scores")
    own = scores[scores["method"] == "plan"]
    assert (own[["ahead", "ahead_low", "ahead_high"]] == 0).all(axis=None)


def test_too_few_years_and_a_wrong_classification():
    found = run(small_past((2012, 2017)))
    assert not found.tables
    assert [message.key for message in found.messages] == ["backtest.message.too_few_years"]
    with pytest.raises(InputError):
        run(section=QUICK.model_copy(update={"classification": "y"}))


def made_plan(**changes):
    planned = np.array([[True, False], [True, True], [False, False]])
    given = {
        "year": 1, "horizon": 2, "regions": ("a", "b", "c"), "industries": ("x", "y"),
        "planned": planned, "open": planned | True,
        "score": np.array([[0.9, 0.1], [0.8, 0.7], [0.2, 0.3]]),
        "readiness": np.full((3, 2), 0.5),
        "output": np.array([[1.0, 9.0], [8.0, 2.0], [7.0, 3.0]]),
        "quotient": np.array([[2.0, 0.5], [1.5, 0.9], [0.8, 1.1]]),
        "maximum_core": np.full(3, 2.0),
    }  # fmt: skip
    return PastPlan(**(given | changes))


def test_scores_by_hand():
    outcome = Outcome(
        change=np.array([[0.01, -0.01], [0.02, -0.02], [-0.03, 0.03]]),
        later=np.array([[1.2, 0.4], [0.9, 1.3], [0.7, 1.5]]),
    )
    scored = score_plan(made_plan(), outcome, 50, 50, np.random.default_rng(0))
    found = {(one.method, one.against): one for one in scored if one.kind == "precision"}
    assert found["plan", "specialised"].value == pytest.approx(2 / 3)
    assert found["plan", "entered"].value == pytest.approx(1 / 3)
    assert found["plan", "gained"].value == pytest.approx(2 / 3)
    # Largest outputs are a-y, b-x, c-x; highest quotients a-x, b-x, c-y.
    assert found["largest_output", "specialised"].value == 0.0
    assert found["highest_lq", "specialised"].value == pytest.approx(2 / 3)
    assert found["highest_lq", "entered"].value == 0.0
    assert found["largest_output", "specialised"].ahead == pytest.approx(2 / 3)
    assert 0.3 < found["random", "specialised"].value < 0.7
    for one in scored:
        assert one.low <= one.high


def test_random_plans_keep_to_the_rules():
    plan = made_plan(
        open=np.array([[True, True], [True, False], [True, True]]),
        maximum_core=np.array([1.0, 2.0, 1.0]),
    )
    for drawn in random_plans(plan, 30, np.random.default_rng(1)):
        assert not (drawn & ~plan.open).any()
        assert (drawn.sum(axis=1) <= plan.maximum_core).all()
        assert drawn.sum() == plan.planned.sum()


def test_top_pairs_never_names_the_unknown():
    score = np.array([[np.nan, 3.0], [2.0, 1.0]])
    allowed = np.array([[True, True], [False, True]])
    assert top_pairs(score, allowed, 3).tolist() == [[False, True], [False, True]]


def test_excess_share_adds_to_nothing_and_leaves_out_the_unknown():
    rng = np.random.default_rng(2)
    v = rng.uniform(1, 9, (4, 3))
    share = excess_share(v)
    np.testing.assert_allclose(share.sum(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(share.sum(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(excess_share(10 * v), share)
    v[1, 2] = np.nan
    part = excess_share(v)
    assert np.isnan(part[1]).all()
    np.testing.assert_allclose(part[[0, 2, 3]], excess_share(v[[0, 2, 3]]))
