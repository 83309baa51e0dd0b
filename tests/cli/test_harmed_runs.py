"""Folders that hold no run, or one that somebody wrote into: exit code 2, in the language asked."""

import pytest

from clusterbelt.cli.main import main
from clusterbelt.core.errors import InputError
from clusterbelt.io.run_folder import _read_results, stored_key


def _leave(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return left.value.code, capsys.readouterr().err


@pytest.mark.parametrize("command", [["report"], ["figure", "plan_map"], ["zones", "--run"]])
@pytest.mark.parametrize("manifest", ["[1, 2]", "3", "not json", None])
def test_a_manifest_that_is_none(tmp_path, capsys, command, manifest):
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    code, said = _leave([*command, str(tmp_path)], capsys)
    assert code == 2
    assert str(tmp_path) in said
    assert "The folder holds no run" in said


def test_problems_are_told_in_the_language_asked_for(tmp_path, capsys):
    code, said = _leave(["report", str(tmp_path), "--lang", "zh"], capsys)
    assert code == 2
    assert "错误" in said
    assert "problem(s)" not in said


def test_every_stage_that_is_lacking_is_named(tmp_path):
    with pytest.raises(InputError) as raised:
        _read_results(tmp_path, ["zones", "plan"])
    assert [issue.params["stage"] for issue in raised.value.issues] == ["zones", "plan"]


@pytest.mark.parametrize("content", ["[]", "{}", '{"key": "x"}', "7"])
def test_a_harmed_result_counts_as_absent(tmp_path, content):
    stage = tmp_path / "stages" / "plan"
    stage.mkdir(parents=True)
    (stage / "result.json").write_text(content, encoding="utf-8")
    assert stored_key(tmp_path, "plan") is None
