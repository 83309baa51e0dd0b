"""Breaking one thing in a copy of the toy belt, and looking at what is said about it."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import yaml

from clusterbelt.core.errors import InputError
from clusterbelt.io.belt_folder import shipped_folder
from clusterbelt.io.read_belt import check_belt, read_belt

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Case:
    """One thing broken, and what must be said: code, place and words of the message."""

    name: str
    harm: Callable[[Path], object]
    code: str
    words: tuple[str, ...]
    file: str = ""
    row: int | None = None
    column: str = ""
    label: str = ""
    severity: str = "error"
    also: tuple[str, ...] = ()  # other errors that the same harm must bring


def each(cases):
    names = [case.name for case in cases]
    assert len(set(names)) == len(names)
    return pytest.mark.parametrize("case", cases, ids=names)


def copy_toy(folder: Path) -> Path:
    target = folder / "belt"
    target.mkdir()
    for path in shipped_folder("toy").iterdir():
        if path.name != "study.yaml":
            shutil.copyfile(path, target / path.name)
    return target


def edit(name: str, change: Callable[[pd.DataFrame], pd.DataFrame | None]):
    """Change a table as text; ``change`` works in place or returns another frame."""

    def harm(folder):
        frame = pd.read_csv(folder / name, dtype=str, keep_default_na=False)
        changed = change(frame)
        (frame if changed is None else changed).to_csv(folder / name, index=False)

    return harm


def put(name: str, row: int, column: str, value: str):
    """Write one cell; ``row`` is the row that a spreadsheet shows."""

    def change(frame):
        frame.loc[row - 2, column] = value

    return edit(name, change)


def add(name: str, **values: str):
    """Add a row like the first one, with other values."""
    return edit(name, lambda frame: pd.concat([frame, frame.iloc[:1].assign(**values)]))


def swap(name: str, old: str, new: str):
    """Replace text in a file, which must hold it."""

    def harm(folder):
        path = folder / name
        content = path.read_text(encoding="utf-8")
        assert old in content
        path.write_text(content.replace(old, new, 1), encoding="utf-8")

    return harm


def declare(role: str, /, **keys: object):
    """Change the declaration of one table; a value of None takes the key out."""

    def harm(folder):
        path = folder / "belt.yaml"
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        table = next(one for one in content["tables"] if one["role"] == role)
        table.update({key: value for key, value in keys.items() if value is not None})
        for key, value in keys.items():
            if value is None:
                table.pop(key, None)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    return harm


def drop_table(role: str):
    def harm(folder):
        path = folder / "belt.yaml"
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        content["tables"] = [one for one in content["tables"] if one["role"] != role]
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    return harm


def both(*harms):
    def harm(folder):
        for one in harms:
            one(folder)

    return harm


def look_at(issues, case: Case):
    """Hold the issues against the case: code, place, words in English, and Chinese that renders."""
    found = [issue for issue in issues if issue.code == case.code]
    assert found, f"{case.code} not among {[issue.code for issue in issues]}"
    errors = {issue.code for issue in issues if issue.severity == "error"}
    expected = {case.code, *case.also} if case.severity == "error" else set(case.also)
    assert errors == expected
    issue = found[0]
    assert issue.severity == case.severity
    assert Path(issue.place.file).name == case.file
    assert issue.place.row == case.row, issue.place
    if case.column:
        assert issue.place.column == case.column
    assert case.label in issue.place.label
    assert case.file in issue.describe("zh")
    check_text(issue, case)


def check_text(issue, case: Case):
    """Hold the English words against the case, and see that both languages render in full."""
    english, chinese = issue.describe("en"), issue.describe("zh")
    for word in case.words:
        assert word in english, english
    for text in (english, chinese):
        assert not re.search(r"\{\w*\}", text), text
    assert CHINESE.search(issue.what("zh"))
    assert CHINESE.search(issue.remedy("zh"))
    assert len(issue.remedy("en")) > 5


def check_case(case: Case, folder: Path):
    """Break a copy of the toy belt and hold what is said against the case."""
    belt = copy_toy(folder)
    case.harm(belt)
    issues, found = check_belt(str(belt), "toy8")
    look_at(issues, case)
    if case.severity == "error":
        with pytest.raises(InputError) as caught:
            read_belt(str(belt), "toy8")
        assert case.code in {issue.code for issue in caught.value.issues}
    else:
        assert found is not None
        assert read_belt(str(belt), "toy8").fingerprint == found.fingerprint
