"""The chapter on areas says of every table what it holds, and nothing where there is none."""

import dataclasses

import pandas as pd
import pytest

from clusterbelt.core.strings import LANGUAGES
from clusterbelt.model.result import ResultTable
from clusterbelt.report.chapters import clusters_more as more
from clusterbelt.report.document import Paragraph, TableBlock
from report.fixture import build_run

FRAMES = {
    "borders": pd.DataFrame(
        {"industry": ["19"], "areas": [1], "weight": [1470.0], "weight_within_borders": [877.0],
         "border_cost_share": [0.4]}
    ),
    "members": pd.DataFrame(
        {"area": ["x"] * 2, "industry": ["19"] * 2, "region": ["320000", "340000"],
         "reach": ["lower"] * 2, "activity": [75.0, 25.0], "excess": [10.0, -4.0],
         "weight": [9.0, -5.0], "role": ["core", "member"]}
    ),
    "areas": pd.DataFrame({"area": ["x"], "industry": ["19"], "activity": [100.0]}),
    "wider_areas": pd.DataFrame(
        {"industry": ["19", "20"], "members": ["320000;440000", "320000"],
         "members_outside": ["440000", ""], "outside_share": [0.28, 0.0], "grade": ["C", "C"]}
    ),
    "nested_areas": pd.DataFrame(
        {"industry": ["19", "19"], "area_cost_share": [0.0, 0.05],
         "members": ["320000;340000", "320000"], "regions": [2, 1], "weight_share": [0.2, 0.1]}
    ),
    "spatial_statistics": pd.DataFrame(
        {"scope": ["belt", "belt", "all", "all"], "industry": ["19"] * 4,
         "statistic": ["moran", "getis_ord_g"] * 2, "regions": [11, 11, 31, 31],
         "value": [0.55, 0.49, 0.54, 0.24], "q_value": [0.08, 0.08, 0.007, float("nan")]}
    ),
    "power": pd.DataFrame(
        {"test": ["moran", "areas"], "regions": [11, 11], "planted": [3, 3],
         "contrast": [2.0, 1.5], "power": [0.47, 0.23], "level": [0.05, 0.05]}
    ),
    "group_areas": pd.DataFrame(
        {"group": ["G1"], "core_region": ["320000"], "members": ["320000;330000"],
         "belt_share": [0.6], "cross_border_share": [0.4], "q_dispersed": [0.03],
         "q_arrangement": [1.0]}
    ),
}  # fmt: skip


@pytest.fixture
def run():
    plain = build_run()
    tables = {name: ResultTable(name, frame, "C") for name, frame in FRAMES.items()}
    kept = {"roadmap_groups": plain.results["clusters"].tables["roadmap_groups"]}
    made = dataclasses.replace(plain.results["clusters"], tables=tables | kept)
    return dataclasses.replace(plain, results={**plain.results, "clusters": made})


def _table(blocks):
    return next(block for block in blocks if isinstance(block, TableBlock))


def _cells(block):
    return [[cell.text for cell in row.cells] for row in block.rows]


def test_members_stand_by_area_with_their_shares(run):
    cells = _cells(_table(more.member_blocks(run, "en")))
    assert cells[0][0].startswith("x ")
    assert cells[1][0] == "Jiangsu"
    assert (cells[1][2], cells[1][4]) == ("core", "75%")
    assert cells[2][2] == "member"


def test_what_lies_beyond_the_belt_is_told_apart(run):
    paragraph, block = more.wider_blocks(run, "en")
    assert isinstance(paragraph, Paragraph)
    assert "2 industries" in paragraph.text
    assert "1 of these" in paragraph.text
    first, second = _cells(block)
    assert first[1:4] == ["Jiangsu", "Guangdong", "28%"]
    assert second[2] == "–"


def test_unknown_statistics_are_a_dash_and_sizes_stand_in_the_header(run):
    power, block = more.statistics_blocks(run, "en")
    assert [column.header for column in block.columns][1::2] == [
        "Moran's I, 11 regions", "General G, 11 regions",
        "Moran's I, 31 regions", "General G, 31 regions",
    ]  # fmt: skip
    assert _cells(block)[0][-1] == "–"
    assert [row[2] for row in _cells(power)] == [
        "raised by 2.0 standard deviations", "location quotients times 1.5"
    ]  # fmt: skip


def test_named_industries_stand_at_the_group_with_their_largest_part(run):
    (block,) = more.group_area_blocks(run, "zh")
    assert _cells(block)[0][0] == "第\u00a01\u00a0组"
    assert _cells(block)[0][-1] == "电子"


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_in_both_languages_and_nothing_without_tables(run, language):
    functions = (
        more.border_blocks, more.group_area_blocks, more.member_blocks, more.nested_blocks,
        more.statistics_blocks, more.wider_blocks,
    )  # fmt: skip
    bare = dataclasses.replace(run.results["clusters"], tables={})
    without = dataclasses.replace(run, results={**run.results, "clusters": bare})
    for function in functions:
        assert function(run, language)
        assert function(without, language) == ()
