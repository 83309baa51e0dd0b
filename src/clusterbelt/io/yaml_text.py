"""YAML that a person wrote: data, the line of every key, and errors that name the line."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from clusterbelt.core.errors import Place
from clusterbelt.io.encoding import decode, read_bytes
from clusterbelt.io.findings import Findings

__all__ = ["Document", "Mark", "parse_yaml", "read_yaml"]

Key = tuple[Hashable, ...]
_DEEPEST = 40


@dataclass(frozen=True)
class Mark:
    """Where a value stands and how it is written there."""

    line: int
    written: str = ""


@dataclass(frozen=True)
class Document:
    """A YAML file: its data and the marks of its keys, by path (``("plan", "phases", 0)``)."""

    file: str
    data: dict[str, Any]
    marks: Mapping[Key, Mark]
    content: bytes = b""

    def mark(self, path: Key) -> Mark | None:
        """Return the mark of ``path``, or of the nearest part above it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.marks:
                return self.marks[path[:end]]
        return None


def read_yaml(path: Path, shown: str, findings: Findings) -> Document | None:
    """Read a YAML file, or return None after saying what is wrong with it."""
    data = read_bytes(path, shown, findings)
    if data is None:
        return None
    text = decode(data, None, shown, findings)
    return None if text is None else parse_yaml(text, shown, findings, data)


def parse_yaml(text: str, shown: str, findings: Findings, content: bytes = b"") -> Document | None:
    """Parse YAML whose top is a mapping, or return None after saying what is wrong with it."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        if node is None:
            findings.add("file_empty", Place(file=shown))
            return None
        marks: dict[Key, Mark] = {}
        if not _walk(node, (), marks, shown, findings):
            return None
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        _say_what_breaks(error, text, shown, findings)
        return None
    except (ValueError, RecursionError, TypeError) as error:  # such as the date 2017-13-01
        findings.add("yaml_broken", Place(file=shown), reason=str(error))
        return None
    if not isinstance(data, dict):
        findings.add("yaml_not_mapping", Place(file=shown, row=1))
        return None
    return Document(shown, data, marks, content)


def _say_what_breaks(error: yaml.YAMLError, text: str, shown: str, findings: Findings) -> None:
    mark = getattr(error, "problem_mark", None)
    line = mark.line + 1 if mark is not None else None
    lines = text.splitlines()
    broken = lines[line - 1] if line is not None and line <= len(lines) else ""
    place = Place(file=shown, row=line)
    if broken[: len(broken) - len(broken.lstrip())].count("\t"):
        findings.add("yaml_tab", place)
        return
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    findings.add("yaml_broken", place, reason=reason)


def _children(node: yaml.Node) -> Iterator[tuple[Hashable, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield _key(key), key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield number, value.start_mark.line + 1, value


def _key(node: yaml.ScalarNode) -> Hashable:
    key: Hashable = yaml.SafeLoader("").construct_object(node)
    return key


def _walk(
    node: yaml.Node, path: Key, marks: dict[Key, Mark], shown: str, findings: Findings
) -> bool:
    if len(path) > _DEEPEST:  # an anchor that holds itself
        findings.add("yaml_too_deep", Place(file=shown, row=node.start_mark.line + 1))
        return False
    sound = True
    seen: set[Hashable] = set()
    for key, line, value in _children(node):
        here = (*path, key)
        if key in seen:
            label = ".".join(str(part) for part in here)
            findings.add("yaml_key_twice", Place(file=shown, row=line, label=label), key=key)
        seen.add(key)
        written = str(value.value) if isinstance(value, yaml.ScalarNode) else ""
        marks[here] = Mark(line, written)
        sound = _walk(value, here, marks, shown, findings) and sound
    return sound
