"""What a user starts from: a commented study beside a belt's tables, and the study's schema."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from clusterbelt.config.study import Study
from clusterbelt.core.errors import InputError, Place
from clusterbelt.io.atomic import write_bytes_atomic, writing_to
from clusterbelt.io.belt_folder import shipped_belts, shipped_folder
from clusterbelt.io.belt_template import Template, template_files, template_study
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.read_study import STUDY_FILE, read_study, write_study

__all__ = ["study_schema", "write_new", "write_template"]

_BELT = "belt"


def study_schema() -> dict[str, Any]:
    """Return the JSON schema of the study file."""
    return Study.model_json_schema()


def write_new(folder: Path, belt: str) -> None:
    """Write ``study.yaml`` (commented, every default) and ``belt/`` with the tables of ``belt``.

    Raises
    ------
    InputError
        If no belt of that name ships, something of that name is already there (nothing is ever
        overwritten), or the folder cannot be written.
    """
    findings = Findings()
    shipped = shipped_belts()
    if belt not in shipped:
        close = nearest(belt, shipped) or "-"
        findings.add(
            "belt_not_shipped", Place(label=belt), name=belt, nearest=close,
            shipped=", ".join(shipped),
        )  # fmt: skip
    _check_free(folder, findings)
    if findings.errors:
        raise InputError(findings.errors)
    source, target = shipped_folder(belt), folder / _BELT
    with writing_to(folder):
        target.mkdir(parents=True)
        for path in sorted(source.iterdir()):
            if path.is_file() and path.name != STUDY_FILE:
                shutil.copyfile(path, target / path.name)
    name = folder.resolve().name or belt
    study = read_study(belt).model_copy(update={"belt": f"./{_BELT}", "name": name})
    write_study(study, folder / STUDY_FILE)


def _check_free(folder: Path, findings: Findings) -> None:
    if folder.exists() and not folder.is_dir():
        findings.add("new_not_folder", Place(file=str(folder)))
    for name in (STUDY_FILE, _BELT):
        if folder.is_dir() and (folder / name).exists():
            findings.add("new_exists", Place(file=str(folder / name)), name=name)


def write_template(folder: Path, kind: Template) -> None:
    """Write ``study.yaml`` and ``belt/`` with the annotated templates of a minimal belt.

    Raises
    ------
    InputError
        If something of that name is already there (nothing is ever overwritten), or the folder
        cannot be written.
    """
    findings = Findings()
    _check_free(folder, findings)
    if findings.errors:
        raise InputError(findings.errors)
    with writing_to(folder):
        (folder / _BELT).mkdir(parents=True)
    for name, data in template_files(kind).items():
        write_bytes_atomic(folder / _BELT / name, data)
    write_study(template_study(folder.resolve().name or "mybelt"), folder / STUDY_FILE)
