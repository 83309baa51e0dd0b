"""Registry of measures: what there is, what it needs, where its texts stand.

A measure is a labelled function plus a :class:`MeasureSpec`. Command line, documentation and
report read the registry; none of them names a measure. Modules register on import; importing
``clusterbelt.measures.catalogue`` brings in all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from clusterbelt.core.strings import Language, text

__all__ = ["FAMILIES", "Measure", "MeasureSpec", "register", "registered"]

FAMILIES = (
    "agglomeration",
    "complexity",
    "composite",
    "concentration",
    "growth",
    "input_output",
    "linkage",
    "similarity",
    "spatial",
    "specialisation",
)

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class MeasureSpec:
    """What is declared about a measure. Its texts stand at ``measure.<name>.title`` and ``.line``.

    ``unit`` is that of the result; "" means the unit of the input.
    """

    name: str
    family: str
    needs: tuple[str, ...]  # dimensions the input must have, the ones it works on
    gives: tuple[str, ...]  # dimensions of the result that take their place
    unit: str
    source: str

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"a measure's name must be a word, not {self.name!r}")
        if self.family not in FAMILIES:
            raise ValueError(f"family {self.family!r} is none of {', '.join(FAMILIES)}")
        if not self.needs or not self.source:
            raise ValueError(f"measure {self.name} must say what it needs and its source")

    @property
    def title_key(self) -> str:
        """Key of its name."""
        return f"measure.{self.name}.title"

    @property
    def line_key(self) -> str:
        """Key of the one line that says what it tells."""
        return f"measure.{self.name}.line"

    def title(self, language: Language) -> str:
        """Return its name."""
        return text(self.title_key, language)

    def line(self, language: Language) -> str:
        """Return the one line that says what it tells."""
        return text(self.line_key, language)


@dataclass(frozen=True)
class Measure:
    """A declared function."""

    spec: MeasureSpec
    function: Callable[..., Any]


_REGISTRY: dict[str, Measure] = {}


def register(spec: MeasureSpec) -> Callable[[Function], Function]:
    """Return a decorator that enters a function under ``spec`` and leaves it as it is.

    Raises
    ------
    ValueError
        If the name is taken, or is not that of the function.
    """

    def enter(function: Function) -> Function:
        if function.__name__ != spec.name:
            raise ValueError(f"{function.__name__} is declared as {spec.name}")
        if spec.name in _REGISTRY:
            raise ValueError(f"measure {spec.name} is already registered")
        _REGISTRY[spec.name] = Measure(spec, function)
        return function

    return enter


def registered() -> Mapping[str, Measure]:
    """Return the measures registered so far, by family and name."""
    ordered = sorted(_REGISTRY.values(), key=lambda item: (item.spec.family, item.spec.name))
    return MappingProxyType({item.spec.name: item for item in ordered})
