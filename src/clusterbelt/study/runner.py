"""Runs a study into a run folder: reuses what is unchanged, keeps what is done."""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from clusterbelt.config.study import Study
from clusterbelt.core.errors import InputError, Issue
from clusterbelt.io.read_belt import check_belt
from clusterbelt.io.read_study import write_study
from clusterbelt.io.run_folder import (
    close_scratch,
    open_run_folder,
    open_scratch,
    read_result,
    stored_key,
    write_belt_extract,
    write_issues,
    write_json,
    write_result,
)
from clusterbelt.model.belt import Belt
from clusterbelt.model.checks import check_study_against_belt
from clusterbelt.model.result import Result
from clusterbelt.study.data_needs import absent_result
from clusterbelt.study.graph import STAGES, Stage, stages_needed_for

__all__ = ["Progress", "RunOutcome", "code_version", "run_study"]

Progress = Callable[[str, int, int], None]  # stage, number done, number in all
_LIBRARIES = ("numpy", "scipy", "pandas", "xarray", "pyarrow", "highspy", "shapely")
# Results cannot depend on these parts, so editing them does not make stages run again.
_NOT_RESULTS = {"cli", "report", "plot"}


@dataclass(frozen=True)
class RunOutcome:
    """Where the run is, which stages were computed and which were found unchanged."""

    folder: Path
    computed: tuple[str, ...]
    reused: tuple[str, ...]
    issues: tuple[Issue, ...]
    seconds: Mapping[str, float]


@cache
def code_version() -> str:
    """Return a hash over every source file that results can depend on."""
    digest = hashlib.sha256()
    root = Path(str(files("clusterbelt")))
    for path in sorted(root.rglob("*.py")):
        relative = path.relative_to(root)
        if relative.parts[0] not in _NOT_RESULTS:
            digest.update(relative.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _stage_key(stage: Stage, belt: Belt, study: Study, keys: Mapping[str, str]) -> str:
    content = {
        "code": code_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "belt": belt.fingerprint,
        "scope": study.scope.model_dump(mode="json"),
        "section": getattr(study, stage.name).model_dump(mode="json"),
        "sections": {name: getattr(study, name).model_dump(mode="json") for name in stage.sections},
        "needs": {name: keys[name] for name in (*stage.needs, *stage.reads)},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _load(study: Study) -> tuple[Belt, tuple[Issue, ...]]:
    issues, belt = check_belt(study.belt, study.scope.classification)
    if belt is not None and not any(issue.severity == "error" for issue in issues):
        issues = [*issues, *check_study_against_belt(study, belt)]
    errors = [issue for issue in issues if issue.severity == "error"]
    if errors or belt is None:
        raise InputError(errors or issues)
    return belt, tuple(issues)


def _manifest(
    study: Study, belt: Belt, keys: Mapping[str, str], *, complete: bool, finished: bool
) -> dict[str, Any]:
    return {
        "format": 1,
        "complete": complete,
        "finished": finished,  # false while a run is under way: what a killed run leaves
        "clusterbelt": version("clusterbelt"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES},
        "code": code_version(),
        "belt": {"name": belt.name, "fingerprint": belt.fingerprint},
        "study": study.name,
        "seed": study.scope.seed,
        "stages": list(keys),
        "keys": dict(keys),
    }


def _all_keys(study: Study, belt: Belt) -> dict[str, str]:
    # A key rests on inputs, settings and code alone, so all are known before anything runs.
    keys: dict[str, str] = {}
    for stage in STAGES.values():
        keys[stage.name] = _stage_key(stage, belt, study, keys)
    return keys


def _finished(folder: Path, keys: Mapping[str, str]) -> dict[str, str]:
    return {name: key for name, key in keys.items() if stored_key(folder, name) == key}


def _run_stage(
    stage: Stage, belt: Belt, results: Mapping[str, Result], study: Study, folder: Path, key: str
) -> Result:
    absent = absent_result(stage.name, stage.needs, belt, results)
    if absent is not None:
        return absent
    more: dict[str, Any] = {name: getattr(study, name) for name in stage.sections}
    if stage.scratch:
        more["scratch"] = open_scratch(folder, stage.name, key)
    return stage.run(belt, results, getattr(study, stage.name), study.scope, **more)


def run_study(
    study: Study, folder: Path, *, only: str | None = None, progress: Progress | None = None
) -> RunOutcome:
    """Run ``study`` into ``folder``; with ``only``, that stage and the stages it rests on.

    A stage whose code, data, settings and inputs are unchanged is read from the folder instead of
    computed. A run that was killed goes on after its last finished stage.

    Raises
    ------
    InputError
        With every problem of the data, the study and the folder.
    """
    started = time.perf_counter()
    stages = stages_needed_for(only)
    belt, issues = _load(study)
    open_run_folder(folder)
    seconds = {"read": time.perf_counter() - started}
    keys = _all_keys(study, belt)
    found = _finished(folder, keys)
    write_json(
        folder / "manifest.json", _manifest(study, belt, found, complete=False, finished=False)
    )
    write_study(study, folder / "study.yaml")
    write_issues(folder, issues)
    write_belt_extract(folder, belt)
    results: dict[str, Result] = {}
    for number, stage in enumerate(stages):
        if progress:
            progress(stage.name, number, len(stages))
        if stage.name not in found:
            begun = time.perf_counter()
            result = _run_stage(stage, belt, results, study, folder, keys[stage.name])
            write_result(folder, result, keys[stage.name])
            close_scratch(folder, stage.name)
            seconds[stage.name] = time.perf_counter() - begun
        # Read back even what was just computed, so that both ways hand on the very same tables.
        results[stage.name] = read_result(folder, stage.name)
    finished = _finished(folder, keys)
    complete = len(finished) == len(STAGES)
    write_json(
        folder / "manifest.json", _manifest(study, belt, finished, complete=complete, finished=True)
    )
    write_json(folder / "timings.json", {key: round(value, 3) for key, value in seconds.items()})
    if progress:
        progress("", len(stages), len(stages))
    names = [stage.name for stage in stages]
    return RunOutcome(
        folder,
        computed=tuple(name for name in names if name not in found),
        reused=tuple(name for name in names if name in found),
        issues=issues,
        seconds=seconds,
    )
