"""The run folder: a run that explains itself, written and read.

::

    <run>/
      manifest.json   versions, seed, fingerprints, key and file hashes of every stage
      timings.json    seconds per stage (apart, so that all other files are the same each time)
      study.yaml      the study with every default written out
      issues.json     warnings and notes about the data
      belt/           names, boundaries, specs and sources that the report needs
      stages/<stage>/ result.json and one Parquet file per table
      scratch/<stage>/<key>/  what a stage has finished while it is not done; gone afterwards
      figures/, report.zh.html, report.en.html
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.io.atomic import replace_folder, write_bytes_atomic, write_text_atomic, writing_to
from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue
from clusterbelt.model.run_view import RunView

__all__ = [
    "close_scratch",
    "open_run_folder",
    "open_scratch",
    "read_manifest",
    "read_result",
    "read_run",
    "stored_key",
    "write_belt_extract",
    "write_issues",
    "write_json",
    "write_result",
]

MANIFEST = "manifest.json"
_FORMAT = 1


def write_json(path: Path, content: object) -> None:
    """Write ``content`` as JSON: sorted keys, readable, one line end."""
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    write_text_atomic(path, text + "\n")


def open_run_folder(folder: Path) -> None:
    """Make the run folder, or accept one that an earlier run made.

    Raises
    ------
    InputError
        If it cannot be written, is a file, or holds something that is not a run.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError([Issue("run_is_a_file", Place(file=str(folder)))])
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise InputError([Issue("run_folder_not_empty", Place(file=str(folder)))])
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "stages").mkdir(exist_ok=True)
    if not (folder / MANIFEST).exists():
        write_json(folder / MANIFEST, {"format": _FORMAT, "complete": False})


def _parquet_bytes(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


def write_result(folder: Path, result: Result, key: str) -> None:
    """Write a stage's result under its key; the stage counts as done only when all is there."""
    target = folder / "stages" / result.stage
    new = target.with_name(f".{result.stage}.new")
    with writing_to(new):
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
    tables: dict[str, Any] = {}
    for name, table in result.tables.items():
        data = _parquet_bytes(table.frame)
        write_bytes_atomic(new / f"{name}.parquet", data)
        tables[name] = {
            "file": f"{name}.parquet",
            "sha256": hashlib.sha256(data).hexdigest(),
            "grade": table.grade,
            "units": dict(table.units),
            "columns": [str(column) for column in table.frame.columns],
            "rows": len(table.frame),
        }
    meta = {
        "stage": result.stage,
        "key": key,
        "order": list(result.tables),
        "tables": tables,
        "values": {
            name: {"value": value.value, "grade": value.grade, "unit": value.unit}
            for name, value in result.values.items()
        },
        "messages": [{"key": item.key, "params": dict(item.params)} for item in result.messages],
    }
    write_json(new / "result.json", meta)
    replace_folder(new, target)


def open_scratch(folder: Path, stage: str, key: str) -> Path:
    """Return the stage's scratch folder under its key; what other keys left is thrown away."""
    target = folder / "scratch" / stage / key[:32]
    with writing_to(target):
        if target.parent.is_dir():
            for other in target.parent.iterdir():
                if other != target:
                    shutil.rmtree(other, ignore_errors=True)
        target.mkdir(parents=True, exist_ok=True)
    return target


def close_scratch(folder: Path, stage: str) -> None:
    """Throw the stage's scratch folder away, now that its result is written."""
    shutil.rmtree(folder / "scratch" / stage, ignore_errors=True)
    rest = folder / "scratch"
    if rest.is_dir() and not any(rest.iterdir()):
        rest.rmdir()


_META: Final = frozenset(("key", "tables", "order", "values", "messages"))


def _read_meta(folder: Path, stage: str) -> dict[str, Any] | None:
    path = folder / "stages" / stage / "result.json"
    try:
        meta = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    # What somebody else wrote there is no result: the stage counts as absent and runs again.
    return meta if isinstance(meta, dict) and meta.keys() >= _META else None


def stored_key(folder: Path, stage: str) -> str | None:
    """Return the key of a stage whose files are all there and unharmed, else ``None``."""
    meta = _read_meta(folder, stage)
    if meta is None:
        return None
    for table in meta["tables"].values():
        path = folder / "stages" / stage / table["file"]
        try:
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            return None
        if found != table["sha256"]:
            return None
    return str(meta["key"])


def read_result(folder: Path, stage: str) -> Result:
    """Read a stage's result.

    Raises
    ------
    InputError
        If the stage is not in the folder or cannot be read.
    """
    meta = _read_meta(folder, stage)
    place = Place(file=str(folder / "stages" / stage))
    if meta is None:
        raise InputError([Issue("run_stage_missing", place, {"stage": stage})])
    tables: dict[str, ResultTable] = {}
    for name in meta["order"]:
        spec = meta["tables"][name]
        try:
            frame = pd.read_parquet(folder / "stages" / stage / spec["file"])
        except (OSError, ValueError) as error:
            raise InputError(
                [Issue("run_table_unreadable", Place(file=str(folder / "stages" / stage / name)))]
            ) from error
        tables[name] = ResultTable(name, frame, spec["grade"], spec["units"])
    values = {name: ResultValue(**value) for name, value in meta["values"].items()}
    messages = tuple(Message(item["key"], item["params"]) for item in meta["messages"])
    return Result(stage, tables, values, messages)


def write_issues(folder: Path, issues: Sequence[Issue]) -> None:
    """Write the warnings and notes about the data."""
    rows = [
        {
            "code": issue.code,
            "severity": issue.severity,
            "params": dict(issue.params),
            "place": {
                "file": issue.place.file,
                "sheet": issue.place.sheet,
                "row": issue.place.row,
                "column": issue.place.column,
                "label": issue.place.label,
            },
        }
        for issue in issues
    ]
    write_json(folder / "issues.json", rows)


def _write_frame(path: Path, frame: pd.DataFrame | None, index: bool) -> None:
    if frame is None:
        path.unlink(missing_ok=True)
    else:
        write_text_atomic(path, frame.to_csv(index=index, lineterminator="\n"))


def write_belt_extract(folder: Path, belt: Belt) -> None:
    """Write what the report needs of the belt beside the results."""
    target = folder / "belt"
    with writing_to(target):
        target.mkdir(parents=True, exist_ok=True)
    _write_frame(target / "regions.csv", belt.regions, index=True)
    _write_frame(target / "industries.csv", belt.industries, index=True)
    _write_frame(target / "variables.csv", belt.indicator_specs, index=True)
    _write_frame(target / "roadmap.csv", belt.roadmap, index=False)
    _write_frame(target / "sources.csv", belt.sources, index=False)
    if belt.boundaries is not None:
        features = [
            {"type": "Feature", "properties": {"region": region}, "geometry": geometry}
            for region, geometry in belt.boundaries.items()
        ]
        collection = {"type": "FeatureCollection", "features": features}
        write_text_atomic(target / "boundaries.geojson", json.dumps(collection) + "\n")
    about = {
        "name": belt.name,
        "title": {"zh": belt.title.zh, "en": belt.title.en},
        "money_unit": belt.money_unit,
        "classification": belt.classification,
        "reaches": [[key, name.zh, name.en] for key, name in belt.reaches.items()],
    }
    write_json(target / "belt.json", about)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run folder.

    Raises
    ------
    InputError
        If the folder holds no run.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError([Issue("run_not_a_run", Place(file=str(folder)))]) from error
    if not isinstance(manifest, dict):
        raise InputError([Issue("run_not_a_run", Place(file=str(folder)))])
    return manifest


def _read_frame(path: Path, index: str | None, codes: Sequence[str]) -> pd.DataFrame | None:
    if not path.exists():
        return None
    dtype = dict.fromkeys(codes, "str")
    frame = pd.read_csv(path, dtype=dtype, keep_default_na=False, na_values=[])  # names stay text
    for column in ("lon", "lat", "weight", "direction"):
        if column in frame:
            frame[column] = pd.to_numeric(frame[column], errors="coerce")
    return frame if index is None else frame.set_index(index)


def _read_issues(folder: Path) -> tuple[Issue, ...]:
    path = folder / "issues.json"
    if not path.exists():
        return ()
    return tuple(
        Issue(row["code"], Place(**row["place"]), row["params"], row["severity"])
        for row in json.loads(path.read_text(encoding="utf-8"))
    )


def _read_boundaries(path: Path) -> Mapping[str, Mapping[str, Any]] | None:
    if not path.exists():
        return None
    collection = json.loads(path.read_text(encoding="utf-8"))
    return {item["properties"]["region"]: item["geometry"] for item in collection["features"]}


def read_run(folder: Path) -> RunView:
    """Read a run folder back.

    Raises
    ------
    InputError
        If the folder holds no run, or one that was not finished.
    """
    manifest = read_manifest(folder)
    about_path = folder / "belt" / "belt.json"
    if not manifest.get("finished") or not about_path.exists():
        raise InputError([Issue("run_unfinished", Place(file=str(folder)))])
    try:
        return _read_run(folder, manifest, about_path)
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        # Files that the program wrote itself and that were changed or harmed since.
        place, reason = Place(file=str(folder)), str(error).splitlines()[0]
        raise InputError([Issue("run_harmed", place, {"reason": reason})]) from error


def _read_results(folder: Path, stages: Sequence[str]) -> dict[str, Result]:
    """Read the results of all stages, or name every one that is lacking or harmed."""
    results: dict[str, Result] = {}
    issues: list[Issue] = []
    for stage in stages:
        try:
            results[stage] = read_result(folder, stage)
        except InputError as error:
            issues += error.issues
    if issues:
        raise InputError(issues)
    return results


def _read_run(folder: Path, manifest: Mapping[str, Any], about_path: Path) -> RunView:
    about = json.loads(about_path.read_text(encoding="utf-8"))
    regions = _read_frame(folder / "belt" / "regions.csv", "region", ["region", "reach"])
    industries = _read_frame(folder / "belt" / "industries.csv", "industry", ["industry"])
    if regions is None or industries is None:
        raise InputError([Issue("run_unfinished", Place(file=str(folder)))])
    return RunView(
        folder=folder,
        manifest=manifest,
        study=yaml.safe_load((folder / "study.yaml").read_text(encoding="utf-8")),
        title=Bilingual(**about["title"]),
        money_unit=about["money_unit"],
        reaches={key: Bilingual(zh, en) for key, zh, en in about["reaches"]},
        regions=regions,
        industries=industries,
        results=_read_results(folder, manifest["stages"]),
        indicator_specs=_read_frame(folder / "belt" / "variables.csv", "indicator", ["indicator"]),
        boundaries=_read_boundaries(folder / "belt" / "boundaries.geojson"),
        roadmap=_read_frame(folder / "belt" / "roadmap.csv", None, ["industry", "sectors"]),
        sources=_read_frame(folder / "belt" / "sources.csv", None, []),
        issues=_read_issues(folder),
    )
