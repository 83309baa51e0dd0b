"""Numbers and words of figures."""

import dataclasses

import pytest

from clusterbelt.plot.labels import (
    codes,
    manufacturing,
    money_scale,
    number,
    percent_text,
    phase_label,
    reach_order,
    region_names,
    shortened,
    unique_names,
    wrapped,
)
from report.fixture import build_run

RUN = build_run()


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (1234.5, 0, "1,234"),
        (-0.25, 2, "\u22120.25"),
        (-0.0001, 2, "0.00"),
        (float("nan"), 1, "–"),
        (None, 0, "–"),
        (0.0, 0, "0"),
    ],
)
def test_numbers(value, digits, shown):
    assert number(value, digits) == shown


def test_a_share_shows_no_more_digits_than_it_has():
    assert percent_text(0.05) == "5%"
    assert percent_text(0.0225) == "2.25%"


def test_money_is_hundred_millions_in_chinese_and_billions_in_english():
    assert money_scale(RUN, "zh").say(23322.0) == "23,322亿元"
    assert money_scale(RUN, "en").say(23322.0) == "CNY 2,332 bn"
    assert money_scale(RUN, "en").show(float("nan")) == "–"


def test_any_currency_and_scale():
    run = dataclasses.replace(RUN, money_unit="1e6 EUR")
    assert money_scale(run, "en").say(5000.0) == "EUR 5.00 bn"
    assert money_scale(run, "zh").say(5000.0) == "50.0亿EUR"


def test_lists_of_codes():
    assert codes("310000;320000") == ["310000", "320000"]
    assert codes("") == []
    assert region_names(RUN, "310000;320000", "zh") == "上海、江苏"
    assert region_names(RUN, "310000;320000", "en") == "Shanghai, Jiangsu"


def test_regions_stand_by_reach_then_in_table_order():
    order = reach_order(RUN)
    reaches = [RUN.regions.at[code, "reach"] for code in order]
    assert reaches == ["lower"] * 4 + ["middle"] * 3 + ["upper"] * 4
    assert order[:2] == ["310000", "320000"]
    assert reach_order(RUN, ["500000", "310000"]) == ["310000", "500000"]


def test_phases_bear_their_last_year_and_own_words_stay():
    assert phase_label(RUN, "near", "en") == "Near term (to 2025)"
    assert phase_label(RUN, "pilot", "zh") == "pilot"


def test_long_names_are_cut_or_broken_and_equal_names_told_apart():
    assert shortened("Computers, communication, electronics", "en", 20) == "Computers, communic…"
    assert wrapped("Advanced manufacturing", "en", 12) == "Advanced\nmanufacturing"
    assert wrapped("先进制造业集群规划", "zh", 10) == "先进制造业\n集群规划"
    assert unique_names({"a": "X", "b": "X", "c": "Y"}) == {"a": "X (a)", "b": "X (b)", "c": "Y"}


def test_manufacturing_is_what_the_table_marks():
    assert "20" in manufacturing(RUN)
    assert "01" not in manufacturing(RUN)
