"""Commands load what they need and no more."""

import subprocess
import sys
from importlib import import_module

import pytest

from clusterbelt.cli import layers
from clusterbelt.study.graph import STAGES

HEAVY = ("altair", "esda", "geopandas", "numba", "pandas", "scipy", "sklearn", "xarray")


def _loaded(*arguments):
    code = (
        "import sys, contextlib, io\n"
        "from clusterbelt.cli.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()):\n"
        "    try:\n"
        f"        main({list(arguments)!r})\n"
        "    except SystemExit as left:\n"
        "        assert not left.code, left.code\n"
        "print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("measures",)], ids=" ".join)
def test_asking_what_there_is_loads_no_heavy_library(arguments):
    assert not _loaded(*arguments).intersection(HEAVY)


@pytest.mark.parametrize("name", sorted(layers.HOMES))
def test_every_entry_of_the_table_is_there(name):
    assert getattr(layers, name) is getattr(import_module(layers.HOMES[name]), name)


def test_an_unknown_entry():
    with pytest.raises(AttributeError, match="nothing_such"):
        _ = layers.nothing_such


@pytest.mark.parametrize("stage", STAGES.values(), ids=lambda stage: stage.name)
def test_every_stage_has_its_module(stage):
    assert callable(import_module(stage.module).run)
