"""Every figure of the registry: drawn in both languages, offline, the same each time."""

import dataclasses
import json
import re
from html.parser import HTMLParser

import pytest

from clusterbelt.core.strings import LANGUAGES, has_text
from clusterbelt.model.result import Result, ResultTable
from clusterbelt.plot.demand import ceiling_use
from clusterbelt.plot.figures import (
    FIGURES,
    draw_figure,
    figure_grades,
    figure_spec,
    missing_for,
    table_grades,
)
from clusterbelt.plot.plan import PARTS
from clusterbelt.plot.render import data_of, spec_of, svg_of
from report.fixture import build_run

RUN = build_run()


def _texts(svg):
    return re.findall(r"<text[^>]*>(.*?)</text>", svg, flags=re.DOTALL)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_render_in_both_languages(name):
    seen = {}
    for language in LANGUAGES:
        spec = figure_spec(name, RUN, language)
        svg = svg_of(spec, name)
        HTMLParser().feed(svg)
        assert svg.startswith("<svg")
        assert "undefined" not in svg
        assert "NaN" not in svg
        assert not re.search(r"(?:href|src)=", svg)
        assert float(re.search(r'width="([0-9.]+)"', svg)[1]) <= 760
        seen[language] = _texts(svg)
    assert seen["zh"] != seen["en"]
    assert not any(re.search(r"[\u4e00-\u9fff]", words) for words in seen["en"])


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_the_same_each_time(name):
    once, again = (figure_spec(name, build_run(), "zh") for _ in range(2))
    assert json.dumps(once) == json.dumps(again)
    assert svg_of(once, name) == svg_of(again, name)


@pytest.mark.parametrize("name", FIGURES)
def test_charts_are_valid_specifications(name):
    draw_figure(name, RUN, "en").to_dict(validate=True)


@pytest.mark.parametrize("name", FIGURES)
def test_specifications_hold_their_data_and_no_address(name):
    text = json.dumps(figure_spec(name, RUN, "en"))
    assert "http" not in text
    assert '"url"' not in text
    assert '"values": [' in text


@pytest.mark.parametrize("name", FIGURES)
def test_figures_have_words_and_grades(name):
    for language in LANGUAGES:
        for part in ("title", "caption", "alt"):
            assert has_text(f"figure.{name}.{part}", language)
    assert set(figure_grades(name, RUN)) <= {"A", "B", "C", "D"}
    assert figure_grades(name, RUN)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_without_its_table_is_not_drawn_and_says_why(name):
    for need in FIGURES[name].needs:
        run = build_run(without=(need,))
        assert draw_figure(name, run, "en") is None
        assert missing_for(name, run) == (need,)


def test_an_empty_table_is_a_missing_table():
    table = RUN.results["coordination"].tables["matches"]
    empty = ResultTable("matches", table.frame.iloc[:0], "C")
    results = {**RUN.results, "coordination": Result("coordination", {"matches": empty})}
    assert missing_for("matches", dataclasses.replace(RUN, results=results)) == (
        "coordination.matches",
    )


def test_grades_of_rows_override_the_grade_of_a_table():
    frame = RUN.results["audit"].frame("audit").assign(grade=["C", "A", "A", "C", "A", "A"])
    assert table_grades(ResultTable("audit", frame, "B")) == ("A", "C")
    assert table_grades(ResultTable("audit", frame.drop(columns="grade"), "B")) == ("B",)


def test_identifiers_in_a_drawing_carry_its_name():
    svg = svg_of(figure_spec("plan_map", RUN, "en"), "plan_map")
    found = re.findall(r'\bid="([^"]+)"', svg)
    assert found
    assert all(name.startswith("plan_map-") for name in found)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(found)


def test_the_font_is_named_once_and_knows_chinese():
    svg = svg_of(figure_spec("phases", RUN, "zh"), "phases")
    assert svg.count("font-family") == 1
    assert "Noto Sans SC" in svg


def test_absent_values_stay_absent():
    data = data_of([{"a": float("nan"), "b": 1 / 3, "c": 0.0}]).to_dict()
    assert json.loads(data["values"]) == [{"a": None, "b": 0.333333, "c": 0.0}]


def test_a_missing_score_is_a_dash():
    spec = json.dumps(figure_spec("foundation_profile", RUN, "en"), ensure_ascii=False)
    assert '"label": "–"' in spec


def test_the_waterfall_ends_at_the_value_of_planning_alone():
    spec = figure_spec("fragmentation", RUN, "en")
    rows = RUN.results["plan"].frame("fragmentation")
    for panel, row in zip(spec["hconcat"], rows.to_dict("records"), strict=True):
        steps = [
            value
            for layer in panel["layer"]
            for value in layer.get("data", panel.get("data"))["values"]
            if value.get("kind") == "level"
        ]
        lowest = min(step["low"] for step in steps)
        assert lowest == pytest.approx(100 * row["alone_value"] / row["joint_value"], rel=1e-5)
        assert sum(row[part] for part in PARTS) == pytest.approx(row["difference"])


def test_a_part_that_is_a_gain_goes_up_and_the_next_begins_there():
    plan = RUN.results["plan"]
    frame = plan.frame("fragmentation").assign(
        allocation_share=-0.02, overcapacity_share=0.05, synergy_share=0.03
    )
    tables = {**plan.tables, "fragmentation": ResultTable("fragmentation", frame, "D")}
    run = dataclasses.replace(RUN, results={**RUN.results, "plan": Result("plan", tables)})
    panel = json.dumps(figure_spec("fragmentation", run, "en")["hconcat"][0], ensure_ascii=False)
    assert '"label": "+2.0%"' in panel
    for level in ("100.0", "102.0", "97.0", "94.0"):
        assert f'"level": {level}' in panel


def test_use_of_ceilings_is_that_of_the_last_phase():
    use = {row["industry"]: row for row in ceiling_use(RUN)}
    trajectory = RUN.results["plan"].frame("trajectory")
    far = trajectory[(trajectory["phase"] == "far") & (trajectory["industry"] == "20")]
    assert use["20"]["used"] == pytest.approx(far["added_output"].sum())
    ceilings = RUN.results["demand"].frame("ceilings").set_index(["industry", "year"])
    assert use["20"]["ceiling"] == pytest.approx(ceilings.at[("20", 2035), "ceiling"])


def test_what_the_plan_changes_is_measured_against_no_plan():
    frame = RUN.results["coordination"].frame("similarity").assign(without_plan=0.5, after=0.45)
    similarity = ResultTable("similarity", frame, "D")
    results = {**RUN.results, "coordination": Result("coordination", {"similarity": similarity})}
    chart = draw_figure("similarity", dataclasses.replace(RUN, results=results), "en")
    text = json.dumps(spec_of(chart, "en"), ensure_ascii=False)
    assert '"change": "\u22120.050"' in text
    assert '"before": "0.' in text


def test_suppliers_outside_a_cluster_stand_on_its_map():
    plan = RUN.results["plan"]
    assigned = plan.frame("assignments")
    without = assigned.assign(role=assigned["role"].replace("supplier", "partner"))
    suppliers = assigned.head(1).assign(region="530000")[["cluster", "industry", "region"]]
    tables = {
        **plan.tables,
        "assignments": ResultTable("assignments", without, "D"),
        "suppliers": ResultTable("suppliers", suppliers, "C"),
    }
    run = dataclasses.replace(RUN, results={**RUN.results, "plan": Result("plan", tables)})
    spec = json.dumps(figure_spec("plan_clusters", run, "en"))
    assert spec.count('"kind": "Supplier"') == 1
