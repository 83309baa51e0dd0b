"""Belts that are not the Yangtze: one by changing columns, one from a single table of values."""

import shutil

import pandas as pd
import pytest
import yaml

from clusterbelt.config.scope import Scope
from clusterbelt.config.study import Study
from clusterbelt.io.belt_folder import shipped_folder
from clusterbelt.io.read_belt import check_belt
from clusterbelt.io.run_folder import read_run
from clusterbelt.io.templates import write_template
from clusterbelt.report.build import build_document
from clusterbelt.report.document import Callout, blocks_of
from clusterbelt.report.not_computed import not_computed_lines
from clusterbelt.study.data_needs import is_absent
from clusterbelt.study.graph import STAGES
from clusterbelt.study.runner import run_study

REACHES = {
    "110000": "capital", "120000": "capital", "130000": "capital",
    "210000": "north", "370000": "south",
}  # fmt: skip


def _bohai(folder):
    """The Bohai rim from the shipped provinces: the columns in_belt and reach, and their names."""
    shutil.copytree(shipped_folder("yangtze"), folder)
    path = folder / "regions.csv"
    regions = pd.read_csv(path, dtype=str, keep_default_na=False)
    regions["reach"] = regions["region"].map(REACHES).fillna("")
    regions["in_belt"] = (regions["reach"] != "").astype(int)
    regions.to_csv(path, index=False)
    path = folder / "belt.yaml"
    about = yaml.safe_load(path.read_text("utf-8"))
    about |= {
        "name": "bohai",
        "title": {"zh": "环渤海经济带", "en": "Bohai Rim Economic Belt"},
        "reaches": {
            "capital": {"zh": "京津冀", "en": "Capital region"},
            "north": {"zh": "辽东", "en": "Liaodong"},
            "south": {"zh": "山东", "en": "Shandong"},
        },
    }
    # The roadmap that ships is the Yangtze's own.
    about["tables"] = [t for t in about["tables"] if not t["role"].startswith("roadmap")]
    path.write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    return folder


def test_the_bohai_rim_is_found_without_errors(tmp_path):
    issues, belt = check_belt(str(_bohai(tmp_path / "belt")), "io42")
    assert [issue for issue in issues if issue.severity == "error"] == []
    assert set(belt.belt_regions) == set(REACHES)


@pytest.mark.long
def test_the_bohai_rim_is_planned(tmp_path):
    study = Study(belt=str(_bohai(tmp_path / "belt")), name="bohai")
    run_study(study, tmp_path / "run", only="coordination")
    run = read_run(tmp_path / "run")
    clusters = run.results["plan"].frame("clusters")
    planned = {code for cell in clusters["members"] for code in cell.split(";")}
    assert planned <= set(REACHES)
    assert len(clusters) > 0


@pytest.fixture(scope="module")
def minimal(tmp_path_factory):
    """A fictional belt in another currency, from one table of values and a list of neighbours."""
    folder = tmp_path_factory.mktemp("minimal")
    write_template(folder, "csv")
    path = folder / "belt" / "belt.yaml"
    path.write_text(path.read_text("utf-8").replace("1e8 CNY", "1e6 EUR"), encoding="utf-8")
    scope = Scope(classification="mine", base_year=2022, earlier_year=None)
    study = Study(belt=str(folder / "belt"), name="minimal", scope=scope)
    run_study(study, folder / "run")
    return read_run(folder / "run")


def test_what_the_data_allow_is_computed(minimal):
    done = {name for name, result in minimal.results.items() if not is_absent(result)}
    assert {"advantage", "clusters"} <= done
    assert len(minimal.results["advantage"].frame("advantage")) == 7 * 6
    assert minimal.money_unit == "1e6 EUR"


def test_what_they_do_not_allow_has_no_table_and_a_reason(minimal):
    for stage in ("foundation", "demand", "plan", "coordination", "audit"):
        assert minimal.results[stage].tables == {}
        for language in ("zh", "en"):
            assert not_computed_lines(minimal, stage, language)
    (line,) = not_computed_lines(minimal, "plan", "en")
    assert "demand" in line


def test_every_stage_that_rests_on_an_absent_one_is_absent(minimal):
    for stage in STAGES.values():
        if any(is_absent(minimal.results[need]) for need in stage.needs):
            assert is_absent(minimal.results[stage.name])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_says_so_and_shows_nothing_else_there(minimal, language):
    document = build_document(minimal, language)
    chapters = {chapter.id: chapter for chapter in document.chapters}
    for name in ("foundation", "demand", "plan", "fragmentation", "coordination", "audit"):
        blocks = list(blocks_of(chapters[name]))
        assert all(isinstance(b, Callout) and b.kind == "absent" for b in blocks)
    assert len(list(blocks_of(chapters["advantage"]))) > 3
    assert any(isinstance(b, Callout) and b.kind == "absent" for b in chapters["summary"].blocks)
