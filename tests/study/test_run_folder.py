"""The run folder: written whole or not at all, read back as it was."""

import errno
import json
from pathlib import Path

import pandas as pd
import pytest

from clusterbelt.core.errors import InputError
from clusterbelt.io import atomic
from clusterbelt.io.read_study import read_study
from clusterbelt.io.run_folder import (
    open_run_folder,
    read_manifest,
    read_result,
    read_run,
    stored_key,
    write_result,
)
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue
from clusterbelt.study.runner import run_study


def _result(value=1.5):
    frame = pd.DataFrame(
        {
            "region": ["110000", "05"],
            "value": [value, float("nan")],
            "count": [1, 2],
            "yes": [True, False],
        }
    )
    return Result(
        "demo",
        {"table": ResultTable("table", frame, "C", {"value": "1e8 CNY"})},
        {"total": ResultValue(value, "A", "1e8 CNY")},
        (Message("demo.note", {"n": 3}),),
    )


def test_a_result_is_read_back_as_it_was(tmp_path):
    open_run_folder(tmp_path / "run")
    write_result(tmp_path / "run", _result(), "key")
    back = read_result(tmp_path / "run", "demo")
    pd.testing.assert_frame_equal(back.frame("table"), _result().frame("table"))
    assert back.values == _result().values
    assert back.messages == _result().messages
    assert back.tables["table"].grade == "C"
    assert back.tables["table"].units == {"value": "1e8 CNY"}


def test_the_same_result_gives_the_same_bytes(tmp_path):
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        open_run_folder(folder)
        write_result(folder, _result(), "key")
    files = [
        {p.name: p.read_bytes() for p in sorted((f / "stages" / "demo").iterdir())} for f in folders
    ]
    assert files[0] == files[1]
    assert set(files[0]) == {"result.json", "table.parquet"}


def test_a_harmed_table_does_not_count_as_done(tmp_path):
    open_run_folder(tmp_path)
    write_result(tmp_path, _result(), "key")
    assert stored_key(tmp_path, "demo") == "key"
    path = tmp_path / "stages" / "demo" / "table.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert stored_key(tmp_path, "demo") is None


def test_a_missing_table_does_not_count_as_done(tmp_path):
    open_run_folder(tmp_path)
    write_result(tmp_path, _result(), "key")
    (tmp_path / "stages" / "demo" / "table.parquet").unlink()
    assert stored_key(tmp_path, "demo") is None


def _raise_full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_disk_full_keeps_what_was_written(tmp_path, monkeypatch):
    open_run_folder(tmp_path)
    write_result(tmp_path, _result(1.0), "old")
    monkeypatch.setattr(atomic.os, "fsync", _raise_full)
    with pytest.raises(InputError) as caught:
        write_result(tmp_path, _result(2.0), "new")
    issue = caught.value.issues[0]
    assert issue.code == "run_disk_full"
    assert "No space left" in issue.what("en")
    assert "--out" in issue.remedy("en")
    assert stored_key(tmp_path, "demo") == "old"
    assert read_result(tmp_path, "demo").values["total"].value == 1.0


def test_disk_full_leaves_no_half_file(tmp_path, monkeypatch):
    target = tmp_path / "file.txt"
    atomic.write_text_atomic(target, "old")
    monkeypatch.setattr(atomic.os, "fsync", _raise_full)
    with pytest.raises(InputError):
        atomic.write_text_atomic(target, "new and longer")
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]


def test_a_device_that_is_full(tmp_path):
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    with (
        pytest.raises(InputError) as caught,
        atomic.writing_to(tmp_path / "x"),
        Path("/dev/full").open("wb") as stream,
    ):
        stream.write(b"x" * 100_000)
    assert caught.value.issues[0].code == "run_disk_full"


def test_a_file_in_the_place_of_the_folder(tmp_path):
    path = tmp_path / "run"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_run_folder(path)
    assert caught.value.issues[0].code == "run_is_a_file"
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_run_folder(tmp_path)
    assert caught.value.issues[0].code == "run_folder_not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_parent_that_is_a_file(tmp_path):
    parent = tmp_path / "parent"
    parent.write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_run_folder(parent / "run")
    assert caught.value.issues[0].code == "run_not_writable"
    assert str(parent / "run") in caught.value.issues[0].place.file


def test_not_a_run(tmp_path):
    with pytest.raises(InputError) as caught:
        read_manifest(tmp_path)
    assert caught.value.issues[0].code == "run_not_a_run"


def test_a_broken_manifest(tmp_path):
    (tmp_path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_run(tmp_path)
    assert caught.value.issues[0].code == "run_not_a_run"


def test_an_unfinished_run(tmp_path):
    open_run_folder(tmp_path)
    with pytest.raises(InputError) as caught:
        read_run(tmp_path)
    assert caught.value.issues[0].code == "run_unfinished"


@pytest.mark.parametrize(
    ("name", "content"),
    [("study.yaml", "- ["), ("belt/belt.json", "{}"), ("belt/boundaries.geojson", "no json")],
)
def test_a_run_whose_files_were_harmed(tmp_path, name, content):
    run_study(read_study("toy"), tmp_path / "run", only="foundation")
    (tmp_path / "run" / name).write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_run(tmp_path / "run")
    assert caught.value.issues[0].code == "run_harmed"
    assert "--out" in caught.value.issues[0].remedy("en")


def test_a_missing_stage(tmp_path):
    open_run_folder(tmp_path)
    with pytest.raises(InputError) as caught:
        read_result(tmp_path, "plan")
    assert caught.value.issues[0].code == "run_stage_missing"
    assert "plan" in caught.value.issues[0].what("zh")


def test_json_is_readable_chinese(tmp_path):
    open_run_folder(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest == {"format": 1, "complete": False}
