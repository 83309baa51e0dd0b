"""``clusterbelt audit`` and ``backtest``: output in both languages, faults all at once, exit codes."""

from pathlib import Path

import pandas as pd
import pytest

from clusterbelt.cli.main import main
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_roadmap import read_any_roadmap
from clusterbelt.io.read_study import read_study
from clusterbelt.io.run_folder import read_run
from clusterbelt.study.runner import run_study


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit") / "toy"
    run_study(read_study("toy"), folder, only="advantage")
    return folder


def call(*arguments):
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return left.value.code


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def labels(toy):
    run = read_run(toy)
    made = [str(code) for code in run.industries.index[run.industries["manufacturing"]]]
    return run, list(run.belt_regions), made, next(iter(run.reaches))


def test_a_roadmap_by_code_by_name_and_by_reach(toy, labels, tmp_path, capsys):
    run, regions, made, reach = labels
    path = write(
        tmp_path / "mine.csv",
        "region,reach,industry,claim\n"
        f"{regions[0]},,{made[0]},First\n"
        f"{run.region_name(regions[1], 'zh')},,{run.industry_name(made[0], 'en')},Second\n"
        f",{run.reaches[reach].en},{made[0]};{made[1]},Third\n",
    )
    assert call("audit", path, "--run", toy, "--out", tmp_path / "out", "--lang", "en") == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("First", "Second", "Third", "Verdict"))
    frame = pd.read_csv(tmp_path / "out" / "audit.csv", dtype={"region": str, "industries": str})
    assert frame["region"].fillna("").tolist() == [regions[0], regions[1], ""]
    assert frame["duplicates"].tolist() == [2, 2, 2]  # all three rest on the same industry
    assert frame["industries"].iloc[2] == f"{made[0]};{made[1]}"
    assert frame["regions"].iloc[:2].tolist() == [1, 1]
    page = (tmp_path / "out" / "audit.en.html").read_text(encoding="utf-8")
    assert "First" in page
    assert not (tmp_path / "out" / "audit.zh.html").exists()


def test_both_languages_and_the_shipped_form(toy, labels, tmp_path):
    _, _, made, reach = labels
    path = write(
        tmp_path / "shipped.csv",
        "reach,cluster,name_zh,name_en,industry,weight,grade\n"
        f"{reach},k,某产业,Some,{made[0]},0.7,A\n{reach},k,某产业,Some,{made[1]},0.3,B\n",
    )
    assert call("audit", path, "--run", toy, "--out", tmp_path) == 0
    assert "某产业" in (tmp_path / "audit.zh.html").read_text(encoding="utf-8")
    frame = pd.read_csv(tmp_path / "audit.csv")
    assert len(frame) == 1
    assert frame["grade"].tolist() == ["B"]


def test_every_fault_at_once_and_exit_code_two(toy, labels, tmp_path, capsys):
    run, regions, made, _ = labels
    outside = run.regions.index[~run.regions["in_belt"].to_numpy(bool)][0]
    path = write(
        tmp_path / "bad.csv",
        "region,industry,weight,grade\n"
        f"nowhere,{made[0]},1,A\n{outside},{made[0]},0,A\n,{made[0]},1,E\n{regions[0]},toys,1,A\n",
    )
    assert call("audit", path, "--run", toy, "--out", tmp_path / "none") == 2
    told = capsys.readouterr().err
    for word in ("nowhere", str(outside), "row 3", "row 4", "toys", "grade"):
        assert word in told
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("content", "code"),
    [("industry\n01\n", "audit_no_place"), ("region,industry\n", None), ("", "file_empty")],
)
def test_a_table_without_places_or_lines(labels, tmp_path, content, code):
    run = labels[0]
    path = write(tmp_path / "t.csv", content)
    with pytest.raises(InputError) as caught:
        read_any_roadmap(path, run.regions, run.reaches, run.industries)
    assert code is None or caught.value.issues[0].code == code


def test_a_missing_file_and_a_run_that_is_none(toy, tmp_path):
    assert call("audit", tmp_path / "no.csv", "--run", toy) == 2
    path = write(tmp_path / "t.csv", "region,industry\nx,y\n")
    assert call("audit", path, "--run", tmp_path) == 2


def test_backtest_says_when_there_are_too_few_years(tmp_path, capsys):
    assert call("backtest", "toy", "--out", tmp_path / "toy") == 0
    assert "fewer than three years" in capsys.readouterr().out
