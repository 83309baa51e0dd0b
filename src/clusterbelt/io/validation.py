"""Faults that pydantic finds in a file, as issues with line, key and the nearest right word."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from clusterbelt.config.base import Section
from clusterbelt.core.errors import Place, first_labels
from clusterbelt.io.findings import Findings, nearest
from clusterbelt.io.yaml_text import Document

__all__ = ["known_keys", "validate"]

Loc = tuple[str | int, ...]
Model = TypeVar("Model", bound=Section)
_LIMITS = {
    "greater_than": ("gt", ">"),
    "greater_than_equal": ("ge", "≥"),
    "less_than": ("lt", "<"),
    "less_than_equal": ("le", "≤"),
}
_CODES = {
    "missing": "yaml_key_missing",
    "extra_forbidden": "yaml_key_unknown",
    "invalid_key": "yaml_key_unknown",
    "string_type": "yaml_not_text",
    "string_pattern_mismatch": "yaml_name",
    "string_too_short": "yaml_text_empty",
    "string_too_long": "yaml_text_too_long",
    "literal_error": "yaml_choice",
    "tuple_type": "yaml_not_list",
    "list_type": "yaml_not_list",
    "dict_type": "yaml_not_section",
    "model_type": "yaml_not_section",
    "model_attributes_type": "yaml_not_section",
    "finite_number": "yaml_not_finite",
    "too_long": "yaml_list_length",
    "too_short": "yaml_list_length",
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "yaml_not_whole"),
    **dict.fromkeys(("float_type", "float_parsing"), "yaml_not_number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "yaml_not_flag"),
    **dict.fromkeys(_LIMITS, "yaml_out_of_range"),
}


def validate(model: type[Model], document: Document, findings: Findings) -> Model | None:
    """Return the validated content, or None after reporting every fault at once."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        seen: set[tuple[Loc, str]] = set()
        faults = error.errors(include_url=False)
        for fault in faults:
            if fault["type"] == "too_short" and _has_faulty_items(fault["loc"], faults):
                continue
            loc = _shorten(fault["loc"], document.data)
            code = _CODES.get(fault["type"], "yaml_value")
            if fault["loc"][-1:] == ("[key]",) and code == "yaml_not_text":
                code = "yaml_key_not_text"
            if code == "yaml_key_missing" and loc and isinstance(loc[-1], int):
                code, loc = "yaml_list_length", loc[:-1]
            if (loc, code) in seen:
                continue
            seen.add((loc, code))
            _report(model, document, code, loc, fault, findings)
    return None


def _has_faulty_items(loc: Loc, faults: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether a list is called too short only because its faulty items were not counted."""
    return any(len(one["loc"]) > len(loc) and one["loc"][: len(loc)] == loc for one in faults)


def _shorten(loc: Loc, data: Any) -> Loc:
    """Leave off what pydantic adds behind the key: names of union members and ``[key]``."""
    kept: list[str | int] = []
    here = data
    for part in loc:
        if isinstance(here, Mapping):
            here = here.get(part)
        elif isinstance(here, list) and isinstance(part, int):
            here = here[part] if part < len(here) else None
        else:
            break
        kept.append(part)
    if kept[-1:] == ["[key]"]:
        kept.pop()
    return tuple(kept)


def _report(
    model: type[Section],
    document: Document,
    code: str,
    loc: Loc,
    fault: Mapping[str, Any],
    findings: Findings,
) -> None:
    mark = document.mark(loc)
    label = ".".join(str(part) for part in loc)
    place = Place(file=document.file, row=mark.line if mark else None, label=label)
    given = fault.get("input")
    of_key = fault["loc"][-1:] == ("[key]",)
    written = mark.written if mark and mark.written and not of_key else _short(given)
    params: dict[str, Any] = {"key": str(loc[-1]) if loc else "", "given": written}
    params.update(_extra(model, code, loc, fault))
    findings.add(code, place, **params)


def _extra(
    model: type[Section], code: str, loc: Loc, fault: Mapping[str, Any]
) -> dict[str, object]:
    context = fault.get("ctx") or {}
    if code == "yaml_key_unknown":
        keys = known_keys(model, loc[:-1])
        close = nearest(str(loc[-1]), keys) or "-"
        return {"nearest": close, "known": first_labels(keys, 20)}
    if code == "yaml_choice":
        allowed = re.findall(r"'([^']*)'|(-?\d+)", str(context.get("expected", "")))
        words = [one or other for one, other in allowed]
        return {
            "known": first_labels(words, 20),
            "nearest": nearest(str(fault.get("input")), words) or "-",
        }
    if code == "yaml_out_of_range":
        name, sign = _LIMITS[str(fault["type"])]
        return {"limit": f"{sign} {context.get(name)}"}
    if code == "yaml_list_length":
        return {"found": len(given) if isinstance(given := fault.get("input"), list) else 0}
    return {"reason": fault.get("msg", "")} if code == "yaml_value" else {}


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def known_keys(model: type[Section], loc: Loc) -> list[str]:
    """Return the keys that the section at ``loc`` may have."""
    here: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        sections = _sections(here)
        field = next((one.model_fields[part] for one in sections if part in one.model_fields), None)
        if field is None:
            return []
        here = field.annotation
    return [key for section in _sections(here) for key in section.model_fields]


def _sections(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    walk: Callable[[Any], list[type[BaseModel]]] = _sections
    return [found for inner in typing.get_args(annotation) for found in walk(inner)]
