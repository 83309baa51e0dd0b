"""The reference pages are what the schema and the commands' help say."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("ref", ROOT / "tools/build_reference_docs.py")
tool = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tool)


@pytest.mark.parametrize(
    ("path", "content"), tool.build_all().items(), ids=lambda one: getattr(one, "name", "")
)
def test_every_page_is_up_to_date(path, content):
    assert path.read_text(encoding="utf-8") == content, "run: python tools/build_reference_docs.py"
