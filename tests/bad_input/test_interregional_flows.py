"""A belt's own table of flows between regions: read exactly, and every fault told at once."""

from functools import cache

import pandas as pd

from bad_input.workshop import copy_toy
from clusterbelt.io.read_belt import check_belt, read_belt

HEAD = ["year", "region_from", "industry_from", "region_to", "industry_to", "value"]


def belt_with(folder, rows, columns=HEAD, more=""):
    """The toy belt with a table of flows."""
    target = copy_toy(folder)
    belt = toy()
    regions, industries = list(belt.regions.index), list(belt.industries.index)
    filled = [
        [regions[c] if k in (1, 3) and isinstance(c, int) else
         industries[c] if k in (2, 4) and isinstance(c, int) else c
         for k, c in enumerate(row)]
        for row in rows
    ]  # fmt: skip
    pd.DataFrame(filled, columns=columns).to_csv(target / "flows.csv", index=False)
    text = (target / "belt.yaml").read_text(encoding="utf-8")
    name = classification()
    line = f"  - {{role: interregional_flows, classification: {name}, file: flows.csv{more}}}\n"
    (target / "belt.yaml").write_text(text.rstrip("\n") + "\n" + line, encoding="utf-8")
    return target


def classification():
    return toy().classification


@cache
def toy():
    return check_belt("toy", None)[1]


def errors(folder):
    issues, _ = check_belt(str(folder), classification())
    found = [issue for issue in issues if issue.severity == "error"]
    for issue in found:
        assert issue.what("zh")
        assert issue.remedy("en")
    return {issue.code: issue for issue in found}


def test_flows_are_read_with_their_buyers_and_in_the_belt_s_unit(tmp_path):
    rows = [
        [2017, 0, 1, 1, 0, 5.0],
        [2017, 0, 1, "abroad", "", 7.0],
        [2017, 1, 0, 0, "government_consumption", 2.0],
    ]
    folder = belt_with(tmp_path, rows, more=", unit: 1e4 CNY")
    flows = read_belt(str(folder), classification()).interregional_flows
    belt = toy()
    assert flows["industry_to"].tolist() == [belt.industries.index[0], "", "government_consumption"]
    assert flows["region_to"].tolist()[1] == "abroad"
    factor = 1.0 if belt.money_unit == "1e4 CNY" else 1e-4
    assert flows["value"].tolist() == [factor * one for one in (5.0, 7.0, 2.0)]


def test_a_table_without_buyers_is_flows_of_products(tmp_path):
    head = [name for name in HEAD if name != "industry_to"]
    folder = belt_with(tmp_path, [[2017, 0, 1, 1, 5.0]], head)
    flows = read_belt(str(folder), classification()).interregional_flows
    assert flows["industry_to"].tolist() == [""]


def test_all_faults_are_told_at_once(tmp_path):
    rows = [
        [2017, 0, 1, 1, 0, 5.0],
        [2017, 0, 1, 1, 0, 6.0],  # twice
        [2017, "nowhere", 1, 1, 0, 6.0],
        [2017, 0, "zz", 1, 0, 6.0],
        [2017, 0, 1, 1, "household", 6.0],
        [2017, 0, 1, 1, 1, ""],
        [2017, "abroad", 1, "abroad", "", 6.0],
    ]
    found = errors(belt_with(tmp_path, rows))
    assert {
        "rows_double",
        "region_unknown",
        "industry_unknown",
        "flow_value_missing",
        "flow_abroad_twice",
    } <= set(found)
    assert found["rows_double"].place.row == 3
    assert found["region_unknown"].place.row == 4
    assert found["flow_value_missing"].place.row == 7
