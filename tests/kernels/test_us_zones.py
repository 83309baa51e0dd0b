"""The readiness model where the detail is: entry on US zones, honest folds, at least 0.80."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT.parent / "shared" / "data" / "us_zones"
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not FOLDER.exists(), reason="the US zones are not on this machine"),
]


@pytest.fixture(scope="module")
def tool():
    path = ROOT / "tools" / "validate_readiness.py"
    spec = importlib.util.spec_from_file_location("validate_readiness", path)
    module = importlib.util.module_from_spec(spec)
    # Data classes look their module up by name.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def data(tool):
    return tool.read_zones(FOLDER)


def test_entry_reaches_what_the_page_says(tool, data):
    assert int(data.at_risk.sum()) == 252032
    found = {one.name: one for one in tool.validate(data, draws=20)}
    assert found["log LQ"].auc == pytest.approx(0.678, abs=0.005)
    best = found["and outcomes in other zones"]
    assert best.auc >= 0.80
    assert best.brier < min(one.brier for one in found.values() if one is not best)


def test_the_end_of_held_out_zones_is_never_seen(tool, data):
    fold = np.arange(len(data.zones)) % 5
    features = tool.start_features(data)
    names = ("log_lq", "size", *tool.FROM_OUTCOMES)
    seen = tool.predict_held_out(data, features, names, fold)
    later, end = data.later.copy(), data.end.copy()
    later[fold == 0], end[fold == 0] = ~later[fold == 0], 1.0
    hidden = tool.Zones(data.zones, data.industries, data.start, end, data.at_risk, later)
    other = tool.predict_held_out(hidden, features, names, fold)
    np.testing.assert_array_equal(seen[fold == 0], other[fold == 0])
