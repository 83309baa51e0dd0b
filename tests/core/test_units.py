"""Units: exact factors, nothing guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusterbelt.core.units import convert_factor, is_unit, parse_unit

UNITS = [
    "1e4 CNY",
    "1e8 CNY",
    "CNY",
    "1e6 USD",
    "t",
    "kt",
    "Mt",
    "persons",
    "1e4 persons",
    "%",
    "ha",
]


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [
        ("1e4 CNY", "1e8 CNY", 1e-4),
        ("1e8 CNY", "1e4 CNY", 1e4),
        ("Mt", "t", 1e6),
        ("1e4 persons", "persons", 1e4),
        ("%", "1", 0.01),
        ("1e4 CNY / persons", "CNY / persons", 1e4),
        ("CNY / 1e4 persons", "CNY / persons", 1e-4),
        ("km2", "ha", 100.0),
    ],
)
def test_known_factors(source, target, factor):
    assert convert_factor(source, target) == pytest.approx(factor, rel=1e-15)


@pytest.mark.parametrize(
    ("source", "target"), [("CNY", "USD"), ("t", "persons"), ("CNY / persons", "CNY"), ("%", "t")]
)
def test_different_things_do_not_convert(source, target):
    with pytest.raises(ValueError, match="cannot become"):
        convert_factor(source, target)


@pytest.mark.parametrize("word", ["", "yuan", "1e4", "万元", "cny", "1e4CNY", "CNY /"])
def test_unknown_units(word):
    assert not is_unit(word)
    with pytest.raises(ValueError, match="unknown unit"):
        parse_unit(word)


@given(st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_there_and_back(a, b):
    if parse_unit(a).dimension == parse_unit(b).dimension:
        assert convert_factor(a, b) * convert_factor(b, a) == pytest.approx(1.0)
