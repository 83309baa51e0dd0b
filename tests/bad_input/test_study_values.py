"""Each fault of a study file by its code, key and line; what a study and its belt cannot agree on."""

from pathlib import Path

import pytest

from bad_input.workshop import Case, both, check_text, copy_toy, drop_table, each, edit
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_belt import read_belt
from clusterbelt.io.read_study import read_study
from clusterbelt.io.templates import write_new
from clusterbelt.model.checks import check_study_against_belt

S = "study.yaml"


def _study(text: str):
    return lambda folder: (folder / S).write_text(text, encoding="utf-8")


FILE = [
    Case("code without quotation marks", _study("plan:\n  required: [[101, 05]]\n"),
         "yaml_not_text", ("row 2", "plan.required.0.0", "101", "quotation marks"), S, 2,
         label="plan.required.0.0"),
    Case("national table without quotation marks", _study("demand: {national_table: 2017_42}\n"),
         "yaml_not_text", ("2017_42", '"2017_42"'), S, 1, label="demand.national_table"),
    Case("premium for a number", _study("demand:\n  growth_premium: {18: 0.01}\n"),
         "yaml_key_not_text", ("18", "quotation marks"), S, 2, label="demand.growth_premium.18"),
    Case("unknown key", _study("plan:\n  uplft: 0.1\n"), "yaml_key_unknown",
         ("row 2", "uplft", "Nearest: uplift", "minimum_core"), S, 2, label="plan.uplft"),
    Case("unknown key of a phase", _study("plan:\n  phases:\n  - {name: a, endyear: 2025,"
         " end_year: 2025}\n"), "yaml_key_unknown", ("endyear", "Nearest: end_year"), S, 3,
         label="plan.phases.0.endyear"),
    Case("phase without end", _study("plan:\n  phases:\n  - {name: near}\n"), "yaml_key_missing",
         ("end_year", "missing"), S, 3, label="plan.phases.0.end_year"),
    Case("pair of one", _study('plan:\n  required: [["101"]]\n'), "yaml_list_length",
         ("1 value(s)", "not the number needed"), S, 2, label="plan.required.0"),
    Case("pair of three", _study('plan:\n  required: [["101", "05", "06"]]\n'),
         "yaml_list_length", ("3 value(s)",), S, 2, label="plan.required.0"),
    Case("not a list", _study("demand: {years: 2025}\n"), "yaml_not_list",
         ("2025", "square brackets"), S, 1, label="demand.years"),
    Case("decimal comma", _study("plan: {uplift: 0,15}\n"), "yaml_key_unknown",
         ("no setting 15",), S, 1, label="plan.15", also=("yaml_out_of_range",)),
    Case("words for a number", _study("plan: {uplift: a lot}\n"), "yaml_not_number",
         ("a lot", "plain number"), S, 1, label="plan.uplift"),
    Case("part of a year", _study("scope: {base_year: 2017.5}\n"), "yaml_not_whole",
         ("2017.5", "whole number"), S, 1, label="scope.base_year"),
    Case("share in per cent", _study("plan: {uplift: 15}\n"), "yaml_out_of_range",
         ("15", "≤ 1", "between 0 and 1"), S, 1, label="plan.uplift"),
    Case("not a number at all", _study("plan: {uplift: .nan}\n"), "yaml_not_finite",
         (".nan", "finite"), S, 1, label="plan.uplift"),
    Case("a choice misspelled", _study("plan: {headline_belief: own share}\n"), "yaml_choice",
         ("own share", "Nearest: own_share", "own_share, whole_market"), S, 1,
         label="plan.headline_belief"),
    Case("a factor misspelled", _study("advantage: {abundance: {labor: {wage_average: 1}}}\n"),
         "yaml_choice", ("labor", "Nearest: labour"), S, 1, label="advantage.abundance.labor"),
    Case("a section as a number", _study("plan: 3\n"), "yaml_not_section", ("3", "indented"), S, 1,
         label="plan"),
    Case("tab", _study("plan:\n\tuplift: 0.1\n"), "yaml_tab", ("row 2", "spaces"), S, 2),
    Case("colon missing", _study("plan:\n  uplift 0.1\n  gap: 1\n"), "yaml_broken",
         ("cannot be read",), S, 3),
    Case("a list at the top", _study("- plan\n"), "yaml_not_mapping", ("keys and values",), S, 1),
    Case("key twice", _study("name: a\nname: b\n"), "yaml_key_twice", ("row 2", "name"), S, 2),
    Case("broken text", lambda folder: (folder / S).write_bytes(b"name: \xe6\xb1\x9f\nx: \xff\n"),
         "encoding_broken", ("row 2", "0xFF"), S, 2),
    Case("empty", _study("\n"), "file_empty", ("is empty",), S),
]  # fmt: skip


@each(FILE)
def test_what_is_said_about_the_file(case, tmp_path):
    case.harm(tmp_path)
    with pytest.raises(InputError) as caught:
        read_study(str(tmp_path / S))
    issue = next(one for one in caught.value.issues if one.code == case.code)
    assert {one.code for one in caught.value.issues} == {case.code, *case.also}
    assert Path(issue.place.file) == tmp_path / S
    assert issue.place.row == case.row
    assert case.label == "" or issue.place.label == case.label
    check_text(issue, case)


def test_a_study_in_gbk_is_read(tmp_path):
    (tmp_path / S).write_bytes("name: 长江研究\nbelt: toy\n".encode("gbk"))
    assert read_study(str(tmp_path / S)).name == "长江研究"


def test_a_folder_stands_for_its_study(tmp_path):
    _study("name: here\nbelt: toy\n")(tmp_path)
    assert read_study(str(tmp_path)).name == "here"


def test_a_belt_beside_the_study_is_found(tmp_path, monkeypatch):
    copy_toy(tmp_path)
    _study("belt: ./belt\nscope: {classification: toy8}\n")(tmp_path)
    monkeypatch.chdir("/")
    assert read_belt(read_study(str(tmp_path / S)).belt, "toy8").name == "toy"


def test_no_such_study(tmp_path):
    _study("name: here\n")(tmp_path)
    with pytest.raises(InputError) as caught:
        read_study(str(tmp_path / "stuyd.yaml"))
    (issue,) = caught.value.issues
    words = ("no such study file", "Nearest: study.yaml", "toy, yangtze")
    check_text(issue, Case("", None, "study_missing", words))


def _with(**sections):
    study = read_study("toy")
    changed = {}
    for name, keys in sections.items():
        section = getattr(study, name)
        changed[name] = type(section).model_validate({**section.model_dump(), **keys})
    return study.model_copy(update=changed)


TOO_MANY = [["101", code] for code in ("03", "04", "05", "06")]
AGAINST = {
    "rates for fewer years": (
        {"demand": {"growth": {"exports": (0.01,)}}}, "study_growth_length",
        "demand.growth.exports", ("exports has 1 growth rate(s)", "4 scenario year(s)"), "error",
    ),
    "ramp that falls": (
        {"plan": {"ramp": (0.9, 0.4)}}, "study_ramp", "plan.ramp", ("0.9, 0.4", "must rise"),
        "error",
    ),
    "ramp too short": (
        {"plan": {"ramp": (1.0,)}}, "study_ramp_short", "plan.ramp",
        ("1 step(s) for 3 phases", "last value 1"), "note",
    ),
    "more required than allowed": (
        {"plan": {"required": TOO_MANY, "maximum_core": 2}}, "study_required_too_many",
        "plan.required", ("101", "4 core industries", "2 at most"), "error",
    ),
    "pair twice": (
        {"plan": {"forbidden": [["101", "05"], ["101", "05"]]}}, "study_pair_twice",
        "plan.forbidden", ("101 / 05", "more than once"), "warning",
    ),
    "everything forbidden": (
        {"plan": {"forbidden": TOO_MANY}}, "study_forbidden_too_many", "plan.forbidden",
        ("101", "1 core industries (of 4)", "Forbid fewer"), "error",
    ),
    "technology nobody sells": (
        {"advantage": {"technology_sectors": ("36",)}}, "study_industry",
        "advantage.technology_sectors", ("36", "07"), "error",
    ),
    "no earlier year is fine but a wrong one is not": (
        {"scope": {"earlier_year": 2007}}, "study_year_missing", "scope.earlier_year",
        ("2007", "2012, 2017", "may be null"), "error",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AGAINST)
def test_study_against_belt(name):
    sections, code, key, words, severity = AGAINST[name]
    issues = check_study_against_belt(_with(**sections), read_belt("toy", "toy8"))
    assert [(one.code, one.place.label, one.severity) for one in issues] == [(code, key, severity)]
    check_text(issues[0], Case(name, None, code, words))


def _against(harm, tmp_path):
    belt = copy_toy(tmp_path)
    harm(belt)
    found = read_belt(str(belt), "toy8")
    return {issue.code: issue for issue in check_study_against_belt(read_study("toy"), found)}


def test_nothing_marked_and_nothing_listed(tmp_path):
    harm = edit("industries.csv", lambda f: f.assign(advanced="0", materials="0"))
    issues = _against(harm, tmp_path)
    check_text(
        issues["study_no_industries"],
        Case("", None, "study_no_industries", ("No industry is marked", "List industries here")),
    )


def test_a_variable_without_values_in_the_base_year(tmp_path):
    def harm(folder):
        def change(frame):
            base = (frame["year"] == "2017") & (frame["variable"] == "output")
            return frame.assign(value=frame["value"].mask(base, ""))

        edit("activity.csv", change)(folder)

    issue = _against(harm, tmp_path)["study_activity_empty"]
    words = ("output is zero or missing everywhere in 2017", "another variable")
    check_text(issue, Case("", None, "study_activity_empty", words))


def test_a_belt_without_indicators(tmp_path):
    harm = both(drop_table("indicators"), drop_table("indicator_specs"))
    issue = _against(harm, tmp_path)["study_no_indicators"]
    words = ("no indicators", "indicators and indicator_specs")
    check_text(issue, Case("", None, "study_no_indicators", words))


def test_new_overwrites_nothing(tmp_path):
    _study("name: mine\n")(tmp_path)
    (tmp_path / "belt").mkdir()
    with pytest.raises(InputError) as caught:
        write_new(tmp_path, "toy")
    assert [issue.code for issue in caught.value.issues] == ["new_exists", "new_exists"]
    check_text(caught.value.issues[0], Case("", None, "new_exists", ("not overwritten",)))
    assert (tmp_path / S).read_text() == "name: mine\n"
    assert list((tmp_path / "belt").iterdir()) == []


def test_new_in_a_file(tmp_path):
    (tmp_path / "here").write_text("x")
    with pytest.raises(InputError) as caught:
        write_new(tmp_path / "here", "toy")
    check_text(caught.value.issues[0], Case("", None, "new_not_folder", ("folder is needed",)))


def test_new_from_a_belt_that_does_not_ship(tmp_path):
    with pytest.raises(InputError) as caught:
        write_new(tmp_path / "here", "yangzte")
    words = ("yangzte", "Nearest: yangtze", "toy, yangtze")
    check_text(caught.value.issues[0], Case("", None, "belt_not_shipped", words))
    assert not (tmp_path / "here").exists()
