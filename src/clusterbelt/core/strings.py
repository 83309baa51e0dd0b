"""Every text a user reads, in Chinese and English, from ``data/strings/<area>.<language>.toml``.

Keys are dotted (``issue.missing_file.what``); the first table of a file need not equal its area.
A text is a ``str.format`` template; the caller passes the figures.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

__all__ = ["LANGUAGES", "Language", "all_keys", "has_text", "text"]

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def _flatten(tree: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{dotted}.")
        else:
            yield dotted, str(value)


@cache
def _table(language: Language) -> Mapping[str, str]:
    table: dict[str, str] = {}
    folder = files("clusterbelt") / "data" / "strings"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if not entry.name.endswith(f".{language}.toml"):
            continue
        for key, value in _flatten(tomllib.loads(entry.read_text(encoding="utf-8"))):
            if key in table:
                raise KeyError(f"text {key!r} stands twice; the second time in {entry.name}")
            table[key] = value
    return table


def text(key: str, language: Language = "en", /, **figures: object) -> str:
    """Return the text of ``key`` with ``figures`` put in.

    Raises
    ------
    KeyError
        If the key has no text in that language (a test holds both languages to the same keys).
    """
    template = _table(language)[key]
    return template.format(**figures) if figures else template


def has_text(key: str, language: Language = "en") -> bool:
    """Say whether ``key`` has a text."""
    return key in _table(language)


def all_keys(language: Language) -> frozenset[str]:
    """Return every key that has a text in ``language``."""
    return frozenset(_table(language))
