"""A user's table of travel times: read in either direction, and what can be wrong with it."""

import numpy as np
import pytest

from bad_input.workshop import copy_toy
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_belt import read_belt

SPEC = "  - {role: travel_time, file: travel.csv}\n"


@pytest.fixture
def folder(tmp_path):
    target = copy_toy(tmp_path)
    path = target / "belt.yaml"
    path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n" + SPEC, encoding="utf-8")
    return target


def _read(folder, rows):
    (folder / "travel.csv").write_text("region_from,region_to,minutes\n" + rows, encoding="utf-8")
    return read_belt(str(folder), "toy8")


def test_one_way_holds_for_both_and_two_ways_may_differ(folder):
    minutes = _read(folder, "101,102,90\n102,201,60\n201,102,80\n").travel_minutes
    assert minutes.loc["102", "101"] == 90.0
    assert (minutes.loc["102", "201"], minutes.loc["201", "102"]) == (60.0, 80.0)
    assert minutes.loc["101", "101"] == 0.0
    assert np.isnan(minutes.loc["101", "201"])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("101,102,-5\n", "travel_time_wrong"),
        ("101,102,0\n", "travel_time_wrong"),
        ("101,102,5\n101,102,6\n", "rows_double"),
        ("101,999,5\n", "region_unknown"),
    ],
)
def test_what_is_wrong_is_named(folder, rows, code):
    with pytest.raises(InputError) as error:
        _read(folder, rows)
    assert code in {issue.code for issue in error.value.issues}
    assert all(issue.place.file == "travel.csv" for issue in error.value.issues)
