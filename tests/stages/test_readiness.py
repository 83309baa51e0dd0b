"""Readiness learnt from a past: what is seen, what is kept, and the shipped figures."""

import numpy as np
import pytest
from scipy.special import expit

from clusterbelt.config.plan import PlanSection
from clusterbelt.config.readiness import ReadinessSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.io.read_belt import read_belt
from clusterbelt.kernels.specialisation import location_quotient
from clusterbelt.model.belt import ActivityHistory
from clusterbelt.plan.readiness import readiness_draws, readiness_from_results
from clusterbelt.plan.readiness_model import FULL, Score, build_panel, choose_model
from clusterbelt.stages import readiness
from stages.past import INDUSTRIES, REGIONS, small_past

QUICK = ReadinessSection(draws=20, interval_draws=40)
SCOPE = Scope(classification="x")


@pytest.fixture(scope="module")
def result():
    return readiness.run(small_past(), {}, QUICK, SCOPE)


def test_readiness_is_the_fit_applied_to_the_base_year(result):
    frame = result.frame("readiness")
    assert len(frame) == 5 * 5  # belt regions x manufacturing
    assert frame["readiness"].between(0, 1).all()
    assert (frame["readiness_low"] <= frame["readiness"]).all()
    assert (frame["readiness"] <= frame["readiness_high"]).all()
    assert result.values["model"].value == "log_lq"
    belt = small_past()
    x = belt.activity.sel(year=2017, variable="output").to_numpy()
    log_lq = np.log(location_quotient(x))[:5, :5]
    a, b = (result.values[name].value for name in ("intercept", "slope_log_lq"))
    np.testing.assert_allclose(frame["readiness"], expit(a + b * log_lq).ravel(), rtol=1e-6)


def test_years_after_the_base_year_change_nothing():
    belt = small_past()
    early = SCOPE.model_copy(update={"base_year": 2012})
    seen = readiness.run(belt, {}, QUICK, early)
    other = belt.activity.copy(deep=True)
    other.loc[{"year": 2017}] = 1.0
    changed = readiness.run(
        small_past().__class__(**{**belt.__dict__, "activity": other}), {}, QUICK, early
    )
    for name in seen.tables:
        assert seen.frame(name).equals(changed.frame(name)), name
    assert seen.values["periods"].value == "2002-2007; 2007-2012"


def test_every_model_and_both_ways_of_leaving_out_are_scored(result):
    frame = result.frame("validation")
    pooled = frame[frame["held_out"] == "all"]
    assert len(pooled) == 2 * 4 * 3
    by_cells = pooled.groupby(["left_out", "model"])["count"].agg(list)
    assert all(entry + kept == whole for entry, kept, whole in by_cells)
    rates = pooled[(pooled["model"] == "base_rate") & pooled["auc"].notna()]
    assert (rates["auc"] == 0.5).all()
    assert set(frame["held_out"]) == {"all", "2002-2007", "2007-2012", "2012-2017"}


def test_calibration_counts_every_cell_once(result):
    counts = result.frame("calibration").groupby("model")["cells"].sum()
    assert (counts == result.values["cells"].value).all()
    frame = result.frame("calibration")
    assert (frame["observed_low"] <= frame["observed"]).all()
    assert (frame["observed"] <= frame["observed_high"]).all()


def _score(left_out, cells, low, brier):
    three = (0.0, 0.0, 0.0)
    return Score(left_out, "all", "full", cells, 9, 3, three, three, (low, low, low), (brier,) * 3)


@pytest.mark.parametrize(
    ("low", "brier", "chosen"),
    [(0.01, 0.001, "full"), (-0.001, 0.001, "log_lq"), (0.01, -0.001, "log_lq")],
)
def test_the_full_model_must_win_twice(low, brier, chosen):
    good = [_score(kind, cells, 0.02, 0.01) for kind in ("period",) for cells in ("entry", "all")]
    last = [_score("region", cells, low, brier) for cells in ("entry", "all")]
    assert choose_model([*good, *last]) == chosen
    assert choose_model(good) == "log_lq"  # one way of leaving out shows too little


def test_a_region_without_data_is_left_out_of_that_year():
    belt = small_past()
    x = {y: belt.activity.sel(year=y, variable="output").to_numpy().copy() for y in (2002, 2007)}
    made = INDUSTRIES["manufacturing"].to_numpy(bool)
    whole = build_panel(x, made, None)
    assert whole.features.shape == (10 * 5, len(FULL))
    x[2002][3] = np.nan
    less = build_panel(x, made, None)
    assert set(range(10)) - set(less.region.astype(int)) == {3}
    with pytest.raises(ValueError, match="two years"):
        build_panel({2002: x[2002]}, made, None)


def test_one_year_gives_no_table_and_a_message():
    found = readiness.run(small_past((2017,)), {}, QUICK, SCOPE)
    assert not found.tables
    assert [message.key for message in found.messages] == ["readiness.message.one_year"]


def test_one_transition_rests_on_the_quotient_alone():
    found = readiness.run(small_past((2012, 2017)), {}, QUICK, SCOPE)
    assert found.values["model"].value == "log_lq"
    (message,) = found.messages
    for language in LANGUAGES:
        assert text(message.key, language, **message.params)


def test_the_longest_history_is_learnt_from_and_a_wrong_one_is_named():
    long, short = small_past(), small_past((2012, 2017))
    other = ActivityHistory("long", INDUSTRIES, long.activity)
    belt = short.__class__(**{**short.__dict__, "histories": {"long": other}})
    assert readiness.run(belt, {}, QUICK, SCOPE).values["classification"].value == "long"
    own = QUICK.model_copy(update={"classification": "x"})
    assert readiness.run(belt, {}, own, SCOPE).values["classification"].value == "x"
    wrong = QUICK.model_copy(update={"classification": "y"})
    with pytest.raises(InputError) as caught:
        readiness.run(belt, {}, wrong, SCOPE)
    assert caught.value.issues[0].params == {"classification": "y", "known": "x, long"}


def test_the_plan_takes_it_and_draws_from_it(result):
    regions, industries = list(REGIONS.index[:5]), ["03", "01"]
    found = readiness_from_results({"readiness": result}, regions, industries)
    wide = result.frame("readiness").pivot(index="region", columns="industry", values="readiness")
    np.testing.assert_array_equal(found.phi, wide.loc[regions, industries])
    drawn = readiness_draws(found, 400, np.random.default_rng(0))
    assert drawn.shape == (400, 5, 2)
    assert ((drawn > 0) & (drawn < 1)).all()
    np.testing.assert_allclose(np.median(drawn, axis=0), found.phi, atol=0.05)
    assert readiness_from_results({}, regions, industries) is None
    assert readiness_from_results({"readiness": result}, regions, ["06"]) is None
    with pytest.raises(ValueError, match="no error"):
        readiness_draws(found.__class__(found.phi, "D", None), 1, np.random.default_rng(0))
    assert PlanSection().minimum_readiness < 1


def test_the_shipped_figures():
    belt = read_belt("yangtze", "io42")
    found = readiness.run(belt, {}, QUICK, Scope())
    assert found.values["classification"].value == "common"
    assert found.values["periods"].value == "2002-2007; 2007-2012; 2012-2017"
    frame = found.frame("validation")
    entry = frame[
        (frame["cells"] == "entry") & (frame["model"] == "log_lq") & (frame["held_out"] != "all")
    ].set_index("held_out")
    assert entry["auc"].between(0.75, 0.9).all()
    assert entry["successes"].to_dict() == {"2002-2007": 26, "2007-2012": 32, "2012-2017": 25}
    assert found.values["model"].value == "log_lq"


def test_loadings_give_the_interval(result):
    moved = result.frame("loadings")
    told = result.frame("readiness")
    assert moved[["region", "industry"]].equals(told[["region", "industry"]])
    deviation = np.sqrt((moved.filter(like="loading_").to_numpy() ** 2).sum(axis=1))
    odds = [np.log(told[name] / (1 - told[name])) for name in ("readiness_low", "readiness_high")]
    width = (odds[1] - odds[0]) / (2 * 1.6449)
    np.testing.assert_allclose(deviation, width, rtol=0.3)
    assert deviation.max() > 0
