"""The rules of the house that no linter knows."""

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

from clusterbelt.core.strings import LANGUAGES, all_keys, text

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "clusterbelt"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def _name(path):
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _public_definitions(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_all_is_true(path):
    public = _public_definitions(path)
    module = importlib.import_module(_name(path))
    declared = getattr(module, "__all__", [])
    assert public <= set(declared), f"public but not in __all__: {public - set(declared)}"
    assert len(declared) == len(set(declared))
    for name in declared:
        assert hasattr(module, name), f"{name} is in __all__ and does not exist"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_files_and_functions_are_short(path):
    content = path.read_text(encoding="utf-8")
    assert len(content.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0]
            documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
            begins = node.body[1].lineno if documented and len(node.body) > 1 else first.lineno
            length = (node.end_lineno or begins) - begins + 1
            assert length <= LONGEST_FUNCTION, f"{node.name} has {length} lines"


def test_both_languages_have_the_same_texts():
    chinese, english = (all_keys(language) for language in LANGUAGES)
    assert chinese == english


def _placeholders(template):
    return set(re.findall(r"\{(\w+)", template))


def test_both_languages_take_the_same_figures():
    different = [
        key
        for key in sorted(all_keys("en"))
        if _placeholders(text(key, "en")) != _placeholders(text(key, "zh"))
    ]
    assert different == []


def test_chinese_texts_are_chinese():
    # A text that has words in English must have Chinese characters in Chinese.
    pattern = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
    missing = [
        key
        for key in sorted(all_keys("zh"))
        if re.search(r"[A-Za-z]{4,}\s+[A-Za-z]{2,}", re.sub(r"\{[^}]*\}", "", text(key, "en")))
        and not pattern.search(text(key, "zh"))
    ]
    assert missing == []


def _issue_codes_used():
    codes = {}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Issue":
                arguments = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]
                for argument in arguments:
                    if isinstance(argument, ast.Constant):
                        codes[argument.value] = path.name
    return codes


def test_every_issue_has_its_texts():
    keys = all_keys("en")
    missing = {
        code: where
        for code, where in _issue_codes_used().items()
        if not {f"issue.{code}.what", f"issue.{code}.remedy"} <= keys
    }
    assert missing == {}


def test_no_index_address_and_no_path_of_a_machine_is_tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    # An index is given by an option with an address, or by the address of its simple interface.
    machine = "|".join(re.escape(f"{path}/") for path in (ROOT, Path.home()))
    address = "[a-z]+:" + "//"  # in two parts, or this file would find itself
    forbidden = re.compile(rf"(index-url|find-links)[ =]+{address}|{address}\S+/simple\b|{machine}")
    found = []
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if not path.is_file() or path.suffix in {".parquet", ".png"}:
            continue
        if forbidden.search(path.read_text(encoding="utf-8", errors="replace")):
            found.append(name)
    assert found == []
