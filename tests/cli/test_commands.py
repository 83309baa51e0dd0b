"""The command line as a user meets it: output, exit codes, no traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clusterbelt.cli import layers
from clusterbelt.cli.main import main


def _run(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return left.value.code, captured.out, captured.err


def test_version(capsys):
    code, out, _ = _run(capsys, "--version")
    assert code == 0
    assert out.startswith("clusterbelt 0.")


def test_no_command_shows_help(capsys):
    code, out, err = _run(capsys)
    assert code == 2
    assert "Usage: clusterbelt" in out + err


def test_an_unknown_option(capsys):
    code, _, err = _run(capsys, "run", "toy", "--langue", "zh")
    assert code == 2
    assert "--langue" in err


def test_schema_is_json(capsys):
    code, out, _ = _run(capsys, "schema")
    assert code == 0
    schema = json.loads(out)
    assert schema["additionalProperties"] is False
    assert {"belt", "scope", "plan", "demand"} <= set(schema["properties"])


def test_check_toy(capsys):
    code, out, _ = _run(capsys, "check", "toy")
    assert code == 0
    assert "no errors" in out


def test_check_an_absent_belt(capsys):
    code, _, err = _run(capsys, "check", "yangtse")
    assert code == 2
    assert "yangtse" in err
    assert "Traceback" not in err


def test_an_unknown_stage_names_the_stages(capsys, tmp_path):
    code, _, err = _run(capsys, "run", "toy", "--only", "plann", "--out", tmp_path / "run")
    assert code == 2
    assert "plann" in err
    assert "coordination" in err
    assert not (tmp_path / "run").exists()


def test_new_then_check_then_run(capsys, tmp_path):
    folder = tmp_path / "mine"
    code, out, _ = _run(capsys, "new", folder)
    assert code == 0
    assert str(folder / "study.yaml") in out
    assert _run(capsys, "check", folder / "belt")[0] == 0
    code, out, err = _run(
        capsys, "run", folder / "study.yaml", "--out", tmp_path / "run", "--lang", "en"
    )
    assert code == 0, err
    assert "core industries per reach" in out
    assert "Price of fragmentation" in out
    assert (tmp_path / "run" / "report.en.html").exists()
    assert not (tmp_path / "run" / "report.zh.html").exists()
    assert str(tmp_path / "run" / "report.en.html") in out.replace("\n", "")
    code, out, _ = _run(capsys, "report", tmp_path / "run", "--lang", "zh")
    assert code == 0
    assert (tmp_path / "run" / "report.zh.html").exists()


def test_new_never_overwrites(capsys, tmp_path):
    (tmp_path / "study.yaml").write_text("mine", encoding="utf-8")
    code, _, _err = _run(capsys, "new", tmp_path)
    assert code == 2
    assert (tmp_path / "study.yaml").read_text(encoding="utf-8") == "mine"


def test_report_of_something_else(capsys, tmp_path):
    code, _, err = _run(capsys, "report", tmp_path)
    assert code == 2
    assert "no run" in err


def test_only_prints_where(capsys, tmp_path):
    code, out, _ = _run(capsys, "run", "toy", "--only", "foundation", "--out", tmp_path / "run")
    assert code == 0
    assert "foundation" in out
    assert not list((tmp_path / "run").glob("report*"))


def test_seed_stands_in_the_manifest(capsys, tmp_path):
    folder = tmp_path / "run"
    _run(capsys, "run", "toy", "--only", "foundation", "--out", folder, "--seed", "7")
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["seed"] == 7


def test_an_internal_fault_has_no_traceback(capsys, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("inner")

    monkeypatch.delenv("CLUSTERBELT_DEBUG", raising=False)
    monkeypatch.setattr(layers, "check_belt", fail)
    code, _, err = _run(capsys, "check", "toy")
    assert code == 1
    assert "ZeroDivisionError" in err
    assert "Traceback" not in err


def test_the_installed_command_is_plain_without_a_terminal(tmp_path):
    command = Path(sys.executable).with_name("clusterbelt")
    environment = {**os.environ, "CLUSTERBELT_DEBUG": ""}
    done = subprocess.run(
        [command, "run", "toy", "--out", tmp_path / "run", "--lang", "zh"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b[" not in done.stdout + done.stderr
    assert "核心产业" in done.stdout
    assert "分割的代价" in done.stdout


def test_a_terminal_without_chinese_loses_characters_and_no_more(tmp_path):
    command = Path(sys.executable).with_name("clusterbelt")
    done = subprocess.run(
        [command, "check", "toy", "--lang", "zh"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"2012, 2017" in done.stdout
    assert b"?" in done.stdout


def test_an_output_folder_that_cannot_be_written(capsys, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    code, _, err = _run(capsys, "run", "toy", "--out", tmp_path / "file" / "run")
    assert code == 2
    assert "Cannot be written" in err
    assert "--out" in err
