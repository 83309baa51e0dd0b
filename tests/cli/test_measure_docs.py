"""The pages of the measures are what the tool writes."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_SPEC = importlib.util.spec_from_file_location("docs_tool", ROOT / "tools/build_measure_docs.py")
tool = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tool)


@pytest.mark.parametrize(
    ("path", "entry"), tool.build_all().items(), ids=lambda one: getattr(one, "name", "")
)
def test_every_page_is_up_to_date(path, entry):
    assert path.read_text(encoding="utf-8") == tool.content_of(entry), (
        "run: python tools/build_measure_docs.py"
    )


def test_docstrings_become_markdown():
    doc = "One line.\n\n``a = b``\n\nParameters\n----------\nx\n    The ``x`` of :func:`m.f`.\n"
    found = tool._markdown(doc)
    assert "**Parameters**" in found
    assert "- `x`: The `x` of `f`." in found
    assert tool._formula(doc) == ["a = b"]
