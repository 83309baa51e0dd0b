"""What is wrong with a study: its file, and against the belt it plans."""

from pathlib import Path

import pytest
import yaml

from clusterbelt.cli.main import main
from clusterbelt.core.errors import InfeasibleError, InputError
from clusterbelt.io.belt_folder import shipped_folder
from clusterbelt.io.read_belt import read_belt
from clusterbelt.io.read_study import read_study, write_study
from clusterbelt.model.checks import check_study_against_belt
from clusterbelt.study.runner import run_study

TOY = (shipped_folder("toy") / "study.yaml").read_text(encoding="utf-8")


def _study_file(folder: Path, content: str) -> str:
    path = folder / "study.yaml"
    path.write_text(content, encoding="utf-8")
    return str(path)


def _faults(folder, content):
    with pytest.raises(InputError) as caught:
        read_study(_study_file(folder, content))
    for issue in caught.value.issues:
        assert issue.describe("zh") != issue.describe("en")
    return caught.value.issues


# What is added to the toy study, the code, the key, words of the English message.
FILE_FAULTS = {
    "unknown section": ("plans: {}\n", "plans", ("plans", "plan")),
    "unknown key": ("clusters: {area_cost: 0.1}\n", "area_cost", ("area_cost_share",)),
    "text for a number": ("coordination: {top_matches: many}\n", "top_matches", ("many",)),
    "share above one": ("clusters: {area_cost_share: 3}\n", "area_cost_share", ("3", "1")),
    "zero areas": ("clusters: {areas_per_industry: 0}\n", "areas_per_industry", ("0", "1")),
    "a word that is not offered": (
        "foundation: {weights: best}\n",
        "weights",
        ("equal", "entropy"),
    ),
    "infinite": ("audit: {specialised_above: .inf}\n", "specialised_above", ()),
    "a list for a section": ("clusters: [1, 2]\n", "clusters", ()),
    "no phase": ("  phases: []\n", "phases", ("1",)),
    "whole number expected": ("coordination: {top_matches: 2.5}\n", "top_matches", ("2.5",)),
}


@pytest.mark.parametrize("name", FILE_FAULTS)
def test_faults_of_the_file(name, tmp_path):
    added, key, words = FILE_FAULTS[name]
    issues = _faults(tmp_path, TOY + added)
    assert len(issues) == 1
    assert key in issues[0].place.label
    assert Path(issues[0].place.file).name == "study.yaml"
    assert issues[0].place.row == len(TOY.splitlines()) + 1
    for word in words:
        assert word in issues[0].describe("en")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("name: toy", "name: ../../toy", "name"),
        ("name: toy", "name: ..", "name"),
        ("classification: toy8", "seed: -3", "seed"),
    ],
)
def test_values_that_would_do_harm_later(tmp_path, old, new, key):
    issues = _faults(tmp_path, TOY.replace(old, new))
    assert [issue.place.label.split(".")[-1] for issue in issues] == [key]
    assert new.split(": ")[1] in issues[0].describe("en")


def test_all_faults_of_the_file_at_once(tmp_path):
    issues = _faults(
        tmp_path, "belt: toy\nscope: {seeed: 1}\nclusters: {area_cost_share: x}\nnonsense: 1\n"
    )
    assert {issue.place.row for issue in issues} == {2, 3, 4}


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("belt: [toy\n", "row"),
        ("scope:\n\tseed: 1\n", "row 2"),
        ("belt: toy\nbelt: yangtze\n", "belt"),
        ("just words\n", "study.yaml"),
        ("", "study.yaml"),
    ],
    ids=["broken", "tab", "key twice", "not a mapping", "empty"],
)
def test_files_that_are_not_yaml(tmp_path, content, word):
    issues = _faults(tmp_path, content)
    assert issues
    assert word in issues[0].describe("en")


def test_a_study_that_is_not_there(tmp_path):
    (tmp_path / "study.yaml").write_text(TOY, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_study(str(tmp_path / "stud1.yaml"))
    assert "study.yaml" in caught.value.issues[0].describe("en")


def test_what_is_written_is_what_was_meant(tmp_path):
    study = read_study("toy")
    write_study(study, tmp_path / "study.yaml")
    again = yaml.safe_load((tmp_path / "study.yaml").read_text(encoding="utf-8"))
    assert again == study.model_dump(mode="json")


@pytest.fixture(scope="module")
def belt():
    return read_belt("toy", "toy8")


def _changed(**sections):
    study = read_study("toy")
    for name, keys in sections.items():
        section = type(getattr(study, name)).model_validate(
            {**getattr(study, name).model_dump(), **keys}
        )
        study = study.model_copy(update={name: section})
    return study


PHASES = [{"name": "a", "end_year": 2025}, {"name": "b", "end_year": 2030}]
# What is changed, the code, the key, words of the English message.
AGAINST_THE_BELT = {
    "year missing": ({"scope": {"base_year": 2018}}, "study_year_missing", "scope.base_year",
                     ("2018", "2012, 2017")),
    "earlier year later": ({"scope": {"base_year": 2012, "earlier_year": 2017}},
                           "study_years_order", "scope.earlier_year", ("2017", "2012")),
    "activity unknown": ({"scope": {"activity": "turnover"}}, "study_activity", "scope.activity",
                         ("turnover",)),
    "other classification": ({"scope": {"classification": "io42"}}, "study_classification",
                             "scope.classification", ("io42", "toy8")),
    "dimension unknown": ({"foundation": {"dimensions": ["econmy"]}}, "study_dimension",
                          "foundation.dimensions", ("econmy", "economy")),
    "national table unknown": ({"demand": {"national_table": "2017_42"}}, "study_national_table",
                               "demand.national_table", ("2017_42", "2017_toy")),
    "industry unknown": ({"plan": {"industries": ["99"]}}, "study_industry", "plan.industries",
                         ("99",)),
    "no industry": ({"clusters": {"industries": []}}, "study_industries_empty",
                    "clusters.industries", ()),
    "premium for nobody": ({"demand": {"growth_premium": {"77": 0.1}}}, "study_industry",
                           "demand.growth_premium", ("77",)),
    "years backwards": ({"demand": {"years": [2030, 2025, 2020, 2035]}}, "study_demand_years",
                        "demand.years", ("2030",)),
    "phases backwards": ({"plan": {"phases": PHASES[::-1]}}, "study_phases_order", "plan.phases",
                         ("b 2030",)),
    "phases of one name": ({"plan": {"phases": [PHASES[0], {**PHASES[1], "name": "a"}]}},
                           "study_phases_names", "plan.phases", ("a",)),
    "phase outside": ({"plan": {"phases": [{"name": "a", "end_year": 2027}]}},
                      "study_phase_outside", "plan.phases", ("2027", "2025")),
    "minimum above maximum": ({"plan": {"minimum_core": 5, "maximum_core": 2}},
                              "study_core_limits", "plan.minimum_core", ("5", "2")),
    "region unknown": ({"plan": {"required": [["999", "04"]]}}, "study_region", "plan.required",
                       ("999",)),
    "pair industry unknown": ({"plan": {"forbidden": [["101", "99"]]}}, "study_industry",
                              "plan.forbidden", ("99",)),
    "required and forbidden": ({"plan": {"required": [["101", "04"]], "forbidden": [["101", "04"]]}},
                               "study_required_forbidden", "plan.required", ("101 / 04",)),
    "required but not offered": ({"plan": {"required": [["101", "01"]]}},
                                 "study_required_not_core", "plan.required", ("101 / 01",)),
}  # fmt: skip


@pytest.mark.parametrize("name", AGAINST_THE_BELT)
def test_study_against_belt(name, belt):
    sections, code, key, words = AGAINST_THE_BELT[name]
    issues = check_study_against_belt(_changed(**sections), belt)
    found = [issue for issue in issues if issue.code == code and issue.place.label == key]
    assert found, [(issue.code, issue.place.label) for issue in issues]
    assert found[0].severity == "error"
    for word in words:
        assert word in found[0].describe("en")
    assert found[0].describe("zh") != found[0].describe("en")


def test_the_shipped_studies_fit_their_belts(belt):
    assert check_study_against_belt(read_study("toy"), belt) == []
    yangtze = read_belt("yangtze", "io42")
    assert check_study_against_belt(read_study("yangtze"), yangtze) == []


def test_a_region_outside_the_belt_is_not_planned(belt):
    outside = next(code for code in belt.regions.index if code not in belt.belt_regions)
    issues = check_study_against_belt(_changed(plan={"required": [[outside, "04"]]}), belt)
    assert [issue.code for issue in issues] == ["study_region_outside"]


def test_too_much_forbidden(belt):
    region = belt.belt_regions[0]
    pairs = [[region, str(code)] for code in belt.industries.index]
    issues = check_study_against_belt(_changed(plan={"forbidden": pairs}), belt)
    assert "study_forbidden_too_many" in {issue.code for issue in issues}


def test_required_pairs_that_cannot_all_be_met(belt, tmp_path):
    # Three regions apart from each other must have one industry, and one cluster is allowed.
    marked = belt.industries["advanced"] | belt.industries["materials"]
    industry = str(belt.industries.index[marked.to_numpy(bool)][0])
    required = [[code, industry] for code in belt.belt_regions]
    study = _changed(plan={"required": required, "clusters_per_industry": 1, "maximum_regions": 1})
    with pytest.raises(InfeasibleError) as caught:
        run_study(study, tmp_path / "run")
    assert any(industry in issue.describe("en") for issue in caught.value.issues)
    assert all(issue.describe("zh") for issue in caught.value.issues)


def test_the_command_says_all_and_leaves_with_two(tmp_path, capsys):
    path = _study_file(tmp_path, TOY + "clusters: {area_cost: 1}\nplans: 2\n")
    with pytest.raises(SystemExit) as left:
        main(["run", path, "--out", str(tmp_path / "run")])
    assert left.value.code == 2
    printed = capsys.readouterr().err
    assert "area_cost" in printed
    assert "plans" in printed
    assert "Traceback" not in printed
    assert not (tmp_path / "run").exists()
