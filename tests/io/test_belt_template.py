"""The templates: whole at once, harmed understandably."""

import io

import openpyxl
import pytest

from clusterbelt.core.errors import InputError
from clusterbelt.io.belt_template import TABLES, TEMPLATES, template_files
from clusterbelt.io.read_belt import check_belt, read_belt
from clusterbelt.io.read_study import read_study
from clusterbelt.io.templates import write_template


@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_template_is_a_belt_without_errors(kind, tmp_path):
    write_template(tmp_path / "mine", kind)
    issues, belt = check_belt(str(tmp_path / "mine" / "belt"), None)
    assert [issue for issue in issues if issue.severity != "note"] == []
    assert belt is not None
    assert len(belt.belt_regions) == 6
    study = read_study(str(tmp_path / "mine" / "study.yaml"))
    assert study.scope.classification == belt.classification
    assert study.name == "mine"


def test_both_kinds_are_the_same_belt(tmp_path):
    belts = []
    for kind in TEMPLATES:
        write_template(tmp_path / kind, kind)
        belts.append(read_belt(str(tmp_path / kind / "belt"), "mine"))
    assert belts[0].regions.equals(belts[1].regions)
    assert belts[0].industries.equals(belts[1].industries)
    assert belts[0].activity.equals(belts[1].activity)
    assert belts[0].neighbours.equals(belts[1].neighbours)


def test_the_workbook_helps_to_fill_it_in():
    files = template_files("excel")
    assert files == template_files("excel")
    book = openpyxl.load_workbook(io.BytesIO(files["tables.xlsx"]))
    assert book.sheetnames == ["start", *TABLES, "checks"]
    activity = book["activity"]
    rules = activity.data_validations.dataValidation
    assert {rule.type for rule in rules} == {"list", "decimal"}
    checks = [book["checks"].cell(row, 2).value for row in range(3, 11)]
    assert all(str(check).startswith("=") for check in checks)


def test_nothing_is_overwritten(tmp_path):
    write_template(tmp_path, "csv")
    with pytest.raises(InputError):
        write_template(tmp_path, "excel")


def test_a_slip_is_named_with_place_and_remedy(tmp_path):
    write_template(tmp_path, "csv")
    path = tmp_path / "belt" / "activity.csv"
    path.write_text(path.read_text("utf-8").replace("R3,M3,350", "R9,M3,many"), encoding="utf-8")
    issues, _ = check_belt(str(tmp_path / "belt"), None)
    said = [issue.describe("en") for issue in issues if issue.severity == "error"]
    assert any("R9" in line and "activity.csv" in line for line in said)
    assert any("many" in line for line in said)
