"""Foundation: the index of a small belt, worked out by hand, and what is left out and said."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from clusterbelt.config.foundation import FoundationSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.measures.foundation_panel import benefit_scores
from clusterbelt.stages.foundation import run
from stages.evidence_belt import INDICATORS, REGIONS, make_belt

NAN = math.nan


def _run(belt=None, section=None, **scope):
    return run(belt or make_belt(), {}, section or FoundationSection(), Scope(**scope))


def _column(frame, column, regions=REGIONS):
    return frame.set_index("region")[column].loc[regions].tolist()


def test_equal_weights_by_hand():
    # Economy: means of 0 .25 .5 1 and .5 .75 1 0; education: 0 0 1 and unknown.
    result = _run()
    index = result.frame("index")
    assert _column(index, "index_equal") == pytest.approx([0.125, 0.25, 0.875, 0.5])
    assert _column(index, "rank_equal") == [4, 3, 1, 2]
    assert _column(index, "belt_rank_equal") == pytest.approx([3, 2, 1, NAN], nan_ok=True)
    assert _column(index, "indicators_known") == [3, 3, 3, 2]
    scores = result.frame("dimensions")
    economy = scores[scores["dimension"] == "economy"]
    assert _column(economy, "score") == pytest.approx([0.25, 0.5, 0.75, 0.5])
    assert _column(economy, "rank") == [4, 2, 1, 2]
    education = scores[scores["dimension"] == "education"]
    assert _column(education, "score") == pytest.approx([0, 0, 1, NAN], nan_ok=True)
    assert _column(education, "belt_rank") == pytest.approx([2, 2, 1, NAN], nan_ok=True)


def test_entropy_weights_by_hand():
    # Pooled GDP over both years, on 0 to 1: five zeros, .25 .5 1, so p = 1/7 2/7 4/7 of eight
    # units. Unemployment was observed once and counts once: p = .5 .75 1 0 over 2.25. Schools:
    # all in one of three.
    gdp = 1 + sum(p * math.log(p) for p in (1 / 7, 2 / 7, 4 / 7)) / math.log(8)
    unemployment = 1 + sum(p * math.log(p) for p in (2 / 9, 3 / 9, 4 / 9)) / math.log(4)
    assert (gdp, unemployment) == pytest.approx((0.540406, 0.234754), abs=1e-6)
    frame = _run().frame("indicators").drop_duplicates("indicator").set_index("indicator")
    weights = frame["weight_entropy"]
    assert weights[["gdp", "unemployment", "schools"]].tolist() == pytest.approx(
        [0.304427, 0.132244, 0.563329], abs=1e-6
    )
    assert weights.sum() == pytest.approx(1)
    assert frame["weight_equal"].to_dict() == {"gdp": 0.25, "unemployment": 0.25, "schools": 0.5}


def test_index_under_entropy_weights_by_hand():
    result = _run()
    assert _column(result.frame("index"), "index_entropy") == pytest.approx(
        [0.066122, 0.175290, 0.847787, 0.697154], abs=1e-6
    )
    headed = _run(section=FoundationSection(weights="entropy")).frame("dimensions")
    economy = headed[headed["dimension"] == "economy"]
    assert _column(economy, "score") == pytest.approx(
        [0.151423, 0.401423, 0.651423, 0.697154], abs=1e-6
    )
    assert _column(economy, "score") == _column(economy, "score_entropy")
    assert result.values["rank_correlation_equal_entropy"].value == pytest.approx(1.0)


def test_what_was_carried_over_counts_once():
    # If unemployment of 2017 were new, it would be pooled twice and weigh otherwise.
    belt = make_belt()
    years = belt.indicator_years.copy()
    years.loc[{"year": 2017}] = 2017.0
    frame = _run(replace(belt, indicator_years=years)).frame("indicators")
    twice = frame.set_index("indicator")["weight_entropy"]["unemployment"].iloc[0]
    assert twice != pytest.approx(0.132244, abs=1e-3)


def test_order_of_rows_and_columns():
    result = _run()
    assert result.frame("index")["region"].tolist() == REGIONS
    assert result.frame("dimensions")["dimension"].tolist() == ["economy"] * 4 + ["education"] * 4
    assert result.frame("indicators")["indicator"].unique().tolist() == [
        "gdp",
        "unemployment",
        "schools",
    ]
    wanted = [
        "region",
        "reach",
        "in_belt",
        "year",
        "index_equal",
        "index_entropy",
        "index_benefit",
        "rank_equal",
        "rank_entropy",
        "rank_benefit",
        "belt_rank_equal",
        "belt_rank_entropy",
        "belt_rank_benefit",
    ]
    assert result.frame("index").columns.tolist()[:13] == wanted


def test_shuffled_labels_change_nothing():
    belt = make_belt()
    shuffled = replace(
        belt,
        indicators=belt.indicators.isel(region=[2, 0, 3, 1], indicator=[3, 1, 0, 4, 2]),
        indicator_years=belt.indicator_years.isel(indicator=[4, 3, 2, 1, 0], region=[3, 2, 1, 0]),
    )
    for name, table in _run(belt).tables.items():
        pd.testing.assert_frame_equal(table.frame, _run(shuffled).frame(name))


def test_what_is_left_out_is_said_in_both_languages():
    result = _run()
    messages = {message.key: message.params for message in result.messages}
    assert messages["foundation.indicators_left_out"]["indicators"] == "flat"
    assert messages["foundation.dimensions_left_out"]["count"] == 4
    assert "science_technology" in messages["foundation.dimensions_left_out"]["dimensions"]
    assert messages["foundation.missing_skipped"] == {"count": 1, "of": 12, "indicators": "schools"}
    for message in result.messages:
        for language in LANGUAGES:
            assert text(message.key, language, **message.params)


def test_an_indicator_of_another_dimension_has_no_say():
    belt = make_belt()
    other = belt.indicators.copy()
    other.loc[{"indicator": "smoke"}] = 5.0
    pd.testing.assert_frame_equal(
        _run(replace(belt, indicators=other)).frame("index"), _run(belt).frame("index")
    )


def test_missing_may_be_refused():
    with pytest.raises(InputError) as caught:
        _run(section=FoundationSection(missing="refuse"))
    assert [issue.code for issue in caught.value.issues] == ["foundation_missing"]
    assert "schools" in str(caught.value)
    assert "52" in str(caught.value)
    full = make_belt()
    full.indicators.loc[{"year": 2017, "region": "52", "indicator": "schools"}] = 2.0
    assert _run(full, FoundationSection(missing="refuse")).frame("index")["rank_equal"].min() == 1


def test_without_indicators_there_are_no_tables():
    result = _run(make_belt(indicators=None))
    assert result.tables == {}
    assert [message.key for message in result.messages] == ["foundation.no_indicators"]


def test_a_year_without_indicators_is_said():
    result = _run(base_year=2020)
    assert result.tables == {}
    assert [message.key for message in result.messages] == ["foundation.no_year"]
    assert result.messages[0].params == {"year": "2020", "years": "2012, 2017"}


def test_dimensions_nobody_has():
    with pytest.raises(InputError, match=r"None of the dimensions health.*economy"):
        _run(section=FoundationSection(dimensions=("health",)))


def test_nothing_that_varies():
    with pytest.raises(InputError, match="unknown or the same"):
        _run(section=FoundationSection(dimensions=("science_technology",)))


def test_a_region_without_any_indicator_has_no_rank():
    belt = make_belt()
    kept = belt.indicators.sel(region=["01", "08", "52"])
    index = _run(replace(belt, indicators=kept, indicator_years=None)).frame("index")
    assert math.isnan(_column(index, "index_equal")[2])
    assert math.isnan(_column(index, "rank_entropy")[2])
    assert sorted(_column(index, "rank_equal", ["01", "08", "52"])) == [1, 2, 3]


def test_ties_share_the_best_rank():
    belt = make_belt()
    same = xr.where(belt.indicators["region"] == "08", belt.indicators.sel(region="01"), NAN)
    tied = belt.indicators.where(np.isnan(same), same).transpose(*belt.indicators.dims)
    index = _run(replace(belt, indicators=tied)).frame("index")
    ranks = dict(zip(index["region"], index["rank_equal"], strict=True))
    assert ranks["01"] == ranks["08"] == 3
    assert set(INDICATORS) == set(tied["indicator"].values)


def test_the_scale_of_an_indicator_does_not_matter():
    belt = make_belt()
    scaled = belt.indicators * xr.DataArray(
        [1e4, 1, 0.01, 1, 1], dims="indicator", coords={"indicator": list(INDICATORS)}
    )
    a = _run(replace(belt, indicators=scaled)).frame("index")["index_equal"]
    assert a.tolist() == pytest.approx(_run(belt).frame("index")["index_equal"].tolist())


def _drawn(**changes):
    return _run(section=FoundationSection(draws=40, **changes))


def test_ranks_have_intervals_and_pairs():
    result = _drawn()
    frame = result.frame("rank_intervals")
    assert frame["dimension"].unique().tolist() == ["overall", "economy", "education"]
    known = frame.dropna(subset=["low", "high"])
    assert (known["low"] <= known["median"]).all()
    assert (known["median"] <= known["high"]).all()
    outside = frame[frame["region"] == "52"]
    assert outside["belt_low"].isna().all()
    before = result.frame("dominance").set_index(["region", "other"])["before"]
    for one, two in before.index:
        assert before[one, two] + before[two, one] == pytest.approx(1)
    assert result.values["draws"].value == 40


def test_the_draws_do_not_touch_the_headline_and_repeat():
    plain = _run(section=FoundationSection(draws=0))
    assert "rank_intervals" not in plain.tables
    pd.testing.assert_frame_equal(plain.frame("index"), _drawn().frame("index"))
    pd.testing.assert_frame_equal(_drawn().frame("rank_shares"), _drawn().frame("rank_shares"))


@pytest.mark.parametrize("weights", ["critic", "pca", "user"])
def test_other_headline_weights_stand_beside_the_two(weights):
    index = _run(section=FoundationSection(weights=weights, draws=0)).frame("index")
    assert {f"index_{kind}" for kind in ("equal", "entropy", weights)} <= set(index.columns)


def test_goalposts_must_be_given():
    with pytest.raises(InputError) as caught:
        _run(section=FoundationSection(normalisation="goalpost", draws=0))
    assert {issue.code for issue in caught.value.issues} == {"foundation_goalposts"}


def test_benefit_of_the_doubt_within_bounds():
    dimension = np.array([[1.0, 0.2], [0.2, 1.0], [0.5, 0.5], [0.1, 0.1]])
    free = benefit_scores(dimension, (0.0, 1.0))
    assert free[:2].tolist() == [1.0, 1.0]
    # By hand: weights 5/6 each make both best regions 1, so the third has 5/6 and the last 1/6.
    assert free[2:] == pytest.approx([5 / 6, 1 / 6])
    held = benefit_scores(dimension, (0.5, 0.5))
    assert np.argsort(held)[0] == 3
    assert np.isnan(benefit_scores(dimension - 0.5, (0.0, 1.0))).all()
