"""What is wrong with the belt as a whole: where it is, its belt.yaml, the roles of its tables."""

import shutil

import pytest
import yaml

from bad_input.workshop import (
    Case,
    both,
    check_case,
    copy_toy,
    declare,
    drop_table,
    each,
    edit,
    look_at,
    swap,
)
from clusterbelt.core.errors import InputError
from clusterbelt.io.belt_folder import shipped_folder
from clusterbelt.io.read_belt import check_belt, read_belt

Y = "belt.yaml"
LINES = (shipped_folder("toy") / Y).read_text(encoding="utf-8").splitlines()
REGIONS = "  - {role: regions, file: regions.csv}"


def _line(text: str) -> int:
    """Return the line of belt.yaml that holds ``text``."""
    return next(k for k, line in enumerate(LINES, start=1) if text in line)


def _write(content: str):
    return lambda folder: (folder / Y).write_text(content, encoding="utf-8")


def _regions(more: str):
    return swap(Y, "file: regions.csv", f"file: regions.csv, {more}")


def _append(text: str):
    def harm(folder):
        with (folder / Y).open("a", encoding="utf-8") as stream:
            stream.write(text)

    return harm


REACHES = "\n".join(LINES[_line("reaches:") - 1 : _line("upper:")]) + "\n"
END = len(LINES) + 1

CASES = [
    Case("tab", swap(Y, "  lower:", "\tlower:"), "yaml_tab", ("row 7", "tab", "spaces"), Y,
         _line("lower:")),
    Case("bracket left open", swap(Y, "en: Lower reach}", "en: Lower reach"), "yaml_broken",
         ("cannot be read", "colon, bracket"), Y, _line("middle:")),
    Case("a list", _write("- one\n- two\n"), "yaml_not_mapping", ("keys and values",), Y, 1),
    Case("empty", _write(""), "file_empty", ("is empty",), Y),
    Case("an anchor that holds itself", _append("more: &a [*a]\n"), "yaml_too_deep",
         ("anchors",), Y, END),
    Case("key twice", _append("name: again\n"), "yaml_key_twice", ("name", "twice"), Y, END,
         label="name"),
    Case("unknown key", _append("titel: x\n"), "yaml_key_unknown",
         ("titel", "Nearest: title", "money_unit"), Y, END, label="titel"),
    Case("unknown key of a table", swap(Y, "file: regions.csv", "fil: x, file: regions.csv"),
         "yaml_key_unknown", ("fil", "Nearest: file", "header_row"), Y, _line("regions.csv"),
         label="tables.0.fil"),
    Case("no name", swap(Y, "name: toy\n", ""), "yaml_key_missing", ("name", "clusterbelt new"), Y,
         label="name"),
    Case("version of another time", swap(Y, "format: 1", "format: 2"), "yaml_choice",
         ("2 is not possible", "1"), Y, _line("format"), label="format"),
    Case("unknown role", swap(Y, "role: sources", "role: source"), "yaml_choice",
         ("source", "Nearest: sources", "activity"), Y, _line("sources.csv"),
         label="tables.13.role"),
    Case("empty name", swap(Y, "name: toy", "name: ''"), "yaml_text_empty", ("Fill it in",), Y,
         _line("name: toy"), label="name"),
    Case("name that is a number", swap(Y, "name: toy", "name: 2017"), "yaml_not_text",
         ("2017", "quotation marks"), Y, _line("name: toy"), label="name"),
    Case("date for a name", swap(Y, "name: toy", "name: 2017-01-02"), "yaml_not_text",
         ("2017-01-02",), Y, _line("name: toy")),
    Case("impossible date", swap(Y, "name: toy", "name: 2017-13-01"), "yaml_broken",
         ("month",), Y),
    Case("title in one language only", swap(Y, ", en: Lower reach}", "}"), "yaml_key_missing",
         ("en", "missing"), Y, _line("lower:"), label="reaches.lower.en"),
    Case("title that is a text", swap(Y, "{zh: 下游, en: Lower reach}", "Lower reach"),
         "yaml_not_section", ("Lower reach", "indented"), Y, _line("lower:")),
    Case("number for a reach", swap(Y, "  lower:", "  1:"), "yaml_key_not_text",
         ("1", "quotation marks"), Y, _line("lower:"), label="reaches.1"),
    Case("header row of zero", _regions("header_row: 0"), "yaml_out_of_range",
         ("0", "≥ 1"), Y, _line("regions.csv"), label="tables.0.header_row"),
    Case("header row in words", _regions("header_row: first"), "yaml_not_whole",
         ("first", "whole number"), Y, _line("regions.csv")),
    Case("delimiter of two signs", _regions("delimiter: '||'"), "yaml_text_too_long",
         ("||", "One sign"), Y, _line("regions.csv")),
    Case("markers that are no list", _regions("absent_markers: NA"), "yaml_not_list",
         ("NA", "square brackets"), Y, _line("regions.csv")),
    Case("no reaches", swap(Y, REACHES, "reaches: {}\n"), "yaml_list_length", ("number needed",), Y,
         _line("reaches:"), label="reaches"),
    Case("file outside the folder", swap(Y, "file: sources.csv", "file: ../sources.csv"), "file_outside",
         ("../sources.csv", "outside", "Copy it into the folder"), Y, _line("sources.csv")),
    Case("file by its full path", swap(Y, "file: sources.csv", "file: /tmp/sources.csv"), "file_outside",
         ("/tmp/sources.csv",), Y, _line("sources.csv")),
    Case("compulsory role missing", swap(Y, REGIONS + "\n", ""), "role_missing",
         ("role regions", "regions, industries, activity"), Y, _line("tables:"), label="tables"),
    Case("role twice", swap(Y, REGIONS, f"{REGIONS}\n{REGIONS}"), "role_twice",
         ("regions", "table number 1"), Y, _line("regions.csv") + 1, label="tables.1.role"),
    Case("table of no classification", swap(Y, "{role: activity, classification: toy8", "{role: activity, classification: toy9"),
         "classification_undeclared", ("toy9", "Nearest: toy8"), Y, _line("activity.csv"),
         label="tables.2.classification"),
    Case("specifications missing", drop_table("indicator_specs"), "role_needed",
         ("indicators", "no table indicator_specs"), Y),
    Case("sectors missing", drop_table("national_sectors"), "role_needed",
         ("national", "no table national_sectors"), Y),
    Case("a reach that no region has", swap(Y, "  upper:", "  delta: {zh: 三角洲, en: Delta}\n"
         "  upper:"), "reach_without_regions", ("delta", "No region"), "regions.csv",
         column="reach", severity="warning"),
]  # fmt: skip


@each(CASES)
def test_what_is_said(case, tmp_path):
    check_case(case, tmp_path)


def _said(belt, case, classification="toy8"):
    issues, found = check_belt(str(belt), classification)
    assert found is None
    look_at(issues, case)
    with pytest.raises(InputError):
        read_belt(str(belt), classification)


def test_no_such_belt(tmp_path):
    copy_toy(tmp_path)
    case = Case("", None, "belt_missing", ("blet", "Nearest: belt", "toy, yangtze"), "blet")
    _said(tmp_path / "blet", case)


def test_a_shipped_name_misspelled():
    case = Case("", None, "belt_missing", ("yangzte", "Nearest: yangtze"), "yangzte")
    _said("yangzte", case, "io42")


def test_a_table_instead_of_a_belt(tmp_path):
    belt = copy_toy(tmp_path)
    case = Case("", None, "belt_is_file", ("a belt is a folder",), "regions.csv")
    _said(belt / "regions.csv", case)


def test_the_description_itself_may_be_named(tmp_path):
    belt = copy_toy(tmp_path)
    assert read_belt(str(belt / Y), "toy8").name == "toy"


def test_no_description(tmp_path):
    belt = copy_toy(tmp_path)
    (belt / Y).rename(belt / "belt.yml")
    _said(belt, Case("", None, "belt_file_missing", ("Nearest file name: belt.yml",), "belt"))


def test_no_such_classification(tmp_path):
    belt = copy_toy(tmp_path)
    case = Case(
        "", None, "classification_unknown", ("toy7", "Nearest: toy8", "Choose one of"), Y,
        label="classifications",
    )  # fmt: skip
    _said(belt, case, "toy7")


def test_a_classification_without_tables(tmp_path):
    belt = copy_toy(tmp_path)
    swap(Y, "classifications:\n", "classifications:\n  fine: {zh: 细分, en: Fine}\n")(belt)
    for role in ("industries", "activity"):
        declare(role, classification="toy8")(belt)
    issues, found = check_belt(str(belt), None)
    assert found is None
    errors = [issue for issue in issues if issue.severity == "error"]
    assert {issue.code for issue in errors} == {"role_missing_for_classification"}
    said = " ".join(issue.describe("en") for issue in errors)
    assert "role industries in classification fine" in said
    assert "role activity in classification fine" in said


def test_all_faults_of_the_description_at_once(tmp_path):
    belt = copy_toy(tmp_path)
    both(
        swap(Y, "format: 1", "format: 3"),
        swap(Y, "role: sources", "role: source"),
        swap(Y, "shape: long", "shape: tall"),
        _append("more: 1\n"),
    )(belt)
    issues, _ = check_belt(str(belt), "toy8")
    labels = {issue.place.label for issue in issues}
    assert labels == {"format", "tables.13.role", "tables.2.shape", "more"}


def test_only_the_compulsory_tables(tmp_path):
    belt = copy_toy(tmp_path)
    content = yaml.safe_load((belt / Y).read_text(encoding="utf-8"))
    content["tables"] = content["tables"][:3]
    (belt / Y).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    edit("activity.csv", lambda f: f[(f["year"] == "2017") & (f["variable"] == "employment")])(belt)
    for path in belt.iterdir():
        if path.name not in {Y, "regions.csv", "industries.csv", "activity.csv"}:
            path.unlink()
    found = read_belt(str(belt), "toy8")
    assert dict(found.activity.sizes) == {"year": 1, "region": 9, "industry": 8, "variable": 1}
    assert found.indicators is None
    assert found.national == {}
    assert found.neighbours is None
    assert found.distance_km is not None  # from the coordinates of the regions


def test_a_belt_of_links_inside_its_folder(tmp_path):
    belt = copy_toy(tmp_path)
    shutil.move(belt / "sources.csv", belt / "here.csv")
    (belt / "sources.csv").symlink_to(belt / "here.csv")
    assert read_belt(str(belt), "toy8").sources is not None
