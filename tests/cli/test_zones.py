"""Zones from the command line: filters, files, and what is wrong with a wish."""

import pandas as pd
import pytest

from clusterbelt.cli.main import main


@pytest.fixture
def run(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["zones", "toy", *map(str, arguments)])
        captured = capsys.readouterr()
        return left.value.code, captured.out, captured.err

    return call


def test_zones_of_an_industry_largest_first(run):
    code, out, _ = run("--industry", "04")
    assert code == 0
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["A1", "A2", "B1", "D1"]
    assert "4 of 4 zones" in lines[-1]


def test_names_and_places_in_chinese(run):
    code, out, _ = run("--near", "港城", "--km", "70", "--lang", "zh")
    assert code == 0
    assert "港城高新区" in out
    assert "国家级" in out
    assert "沙角工业园" in out
    assert "东湖经济开发区" not in out


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_files_hold_every_row(run, tmp_path, ending):
    path = tmp_path / f"zones.{ending}"
    code, out, _ = run("--most", "1", "--out", path)
    assert code == 0
    assert "1 of 6 zones" in out
    read = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}[ending](path)
    assert len(read) == 6
    assert set(read["zone"]) == {"A1", "A2", "B1", "B2", "C1", "D1"}


def test_correlations_are_printed(run):
    code, out, _ = run("--correlations")
    assert code == 0
    assert len(out.splitlines()) > 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--industry", "Atlantis"), "no industry"),
        (("--role", "lead"), "--run"),
        (("--near", "Atlantis"), "called Atlantis"),
        (("--run", "nowhere"), ""),
        (("--out", "zones.pdf"), ".pdf"),
        (("--correlations", "--year", "1066"), "1066"),
    ],
)
def test_a_wish_that_cannot_be_met_says_why(run, arguments, words):
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err


def test_a_run_of_another_belt_is_no_source_of_roles(run, tmp_path):
    (tmp_path / "manifest.json").write_text('{"belt": {"name": "elsewhere"}}', encoding="utf-8")
    code, _, said = run("--run", tmp_path)
    assert code == 2
    assert "elsewhere" in said
    assert "toy" in said
