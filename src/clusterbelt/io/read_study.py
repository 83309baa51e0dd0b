"""The study file: read with every fault at once, written with every default and its comment."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from clusterbelt.config.study import Study
from clusterbelt.core.errors import InputError, Place
from clusterbelt.core.strings import LANGUAGES, text
from clusterbelt.io.atomic import write_text_atomic
from clusterbelt.io.belt_folder import shipped_belts, shipped_folder
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.validation import validate
from clusterbelt.io.yaml_text import read_yaml

__all__ = ["STUDY_FILE", "read_study", "study_text", "write_study"]

STUDY_FILE = "study.yaml"
_WIDTH = 96


def read_study(path_or_name: str) -> Study:
    """Read a study that ships (yangtze, toy), a study file, or the ``study.yaml`` of a folder.

    A relative ``belt`` counts from the study file's folder, unless it is the name of a belt that
    ships; write ``./toy`` for a folder of one's own called toy.

    Raises
    ------
    InputError
        With every fault of the file: the key, its line, and the nearest key that exists.
    """
    findings = Findings()
    if path_or_name in shipped_belts():
        path = shipped_folder(path_or_name) / STUDY_FILE
        if not path.exists():  # all defaults
            return Study(belt=path_or_name, name=path_or_name)
    else:
        path = _locate(path_or_name, findings)
    document = read_yaml(path, str(path), findings) if not findings.errors else None
    study = validate(Study, document, findings) if document is not None else None
    if findings.errors or study is None:
        raise InputError(findings.errors)
    if study.belt in shipped_belts() or Path(study.belt).is_absolute():
        return study
    return study.model_copy(update={"belt": str((path.parent / study.belt).resolve())})


def _locate(name: str, findings: Findings) -> Path:
    path = Path(name)
    if path.is_dir():
        path = path / STUDY_FILE
    if not path.exists():
        beside = sorted(one.name for one in path.parent.iterdir()) if path.parent.is_dir() else []
        findings.add(
            "study_missing", Place(file=str(path)), shipped=", ".join(shipped_belts()),
            nearest=nearest(path.name, [*shipped_belts(), *beside]) or "-",
        )  # fmt: skip
    return path


def write_study(study: Study, path: Path) -> None:
    """Write the study with every default, each key under the comment that explains it.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    write_text_atomic(path, study_text(study))


def study_text(study: Study) -> str:
    """Return the study as commented YAML."""
    head = [f"# {text('template.head', language)}" for language in reversed(LANGUAGES)]
    return "\n".join([*head, *_section(study, "")]) + "\n"


def _section(section: BaseModel, indent: str) -> Iterator[str]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        nested = isinstance(value, BaseModel)
        if nested and not indent:
            yield ""
        description = " ".join((field.description or "").split())
        for line in textwrap.wrap(description, _WIDTH - len(indent)):
            yield f"{indent}# {line}"
        if nested:
            yield f"{indent}{name}:"
            yield from _section(value, f"{indent}  ")
        else:
            yield from _value(name, _plain(value), indent)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _value(name: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        yield f"{indent}{name}:"
        for key, item in value.items():
            yield f"{indent}  {_flow(key)}: {_flow(item)}"
    elif isinstance(value, list) and value and isinstance(value[0], dict | list):
        yield f"{indent}{name}:"
        for item in value:
            yield f"{indent}  - {_flow(item)}"
    else:
        yield f"{indent}{name}: {_flow(value)}"


def _flow(value: Any) -> str:
    """Return one line of YAML; codes that look like numbers come out in quotes."""
    dumped = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False
    )
    return dumped.removesuffix("...\n").strip()
