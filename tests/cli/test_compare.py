"""``clusterbelt compare``: both languages, the file, and folders that are none."""

import pandas as pd
import pytest

from clusterbelt.cli.main import main
from clusterbelt.io.read_study import read_study
from clusterbelt.study.runner import run_study


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs of the toy study that differ in one assumption."""
    folder = tmp_path_factory.mktemp("compare")
    study = read_study("toy")
    section = study.plan.model_copy(update={"uplift": 2.0 * study.plan.uplift})
    run_study(study, folder / "a", only="plan")
    run_study(study.model_copy(update={"plan": section}), folder / "b", only="plan")
    return folder / "a", folder / "b"


def call(*arguments):
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return left.value.code


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_differs_is_shown_and_written(runs, language, tmp_path, capsys):
    out = tmp_path / "differences.csv"
    assert call("compare", *runs, "--out", out, "--lang", language) == 0
    shown = capsys.readouterr()
    assert "uplift" in shown.out
    table = pd.read_csv(out, encoding="utf-8-sig")
    assert len(table) > 0


def test_a_run_is_like_itself(runs, capsys):
    assert call("compare", runs[0], runs[0]) == 0
    assert "uplift" not in capsys.readouterr().out


def test_a_folder_that_is_no_run(runs, tmp_path, capsys):
    assert call("compare", runs[0], tmp_path / "nowhere") != 0
    assert capsys.readouterr().err
