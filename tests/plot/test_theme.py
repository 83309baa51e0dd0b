"""Colours: contrast of words on every ground a figure uses."""

import pytest

from clusterbelt.plot.audit import VERDICTS
from clusterbelt.plot.theme import (
    DIVERGING,
    INK,
    MUTED,
    PHASE_COLOURS,
    SEQUENTIAL,
    blend,
    contrast,
    ink_on,
    phase_colours,
    reach_colours,
)
from report.fixture import build_run


def test_contrast_of_black_and_white():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("ramp", [SEQUENTIAL, DIVERGING], ids=["sequential", "diverging"])
def test_words_can_be_read_on_every_cell(ramp):
    for step in range(101):
        ground = blend(ramp, step / 100)
        assert contrast(ink_on(ground), ground) >= 4.5


@pytest.mark.parametrize("ground", [*PHASE_COLOURS, *VERDICTS.values()])
def test_words_can_be_read_on_plain_grounds(ground):
    assert contrast(ink_on(ground), ground) >= 4.5


def test_words_can_be_read_on_paper():
    assert contrast(INK, "#ffffff") >= 7
    assert contrast(MUTED, "#ffffff") >= 4.5


def test_a_ramp_goes_through_its_colours():
    assert blend(("#000000", "#ffffff"), 0.5) == "#808080"
    assert blend(SEQUENTIAL, 0) == SEQUENTIAL[0]
    assert blend(SEQUENTIAL, 2.0) == SEQUENTIAL[-1]


def test_reaches_have_different_colours_and_many_phases_some_colour():
    colours = list(reach_colours(build_run()).values())
    assert len(set(colours)) == 3
    assert len(phase_colours(9)) == 9
