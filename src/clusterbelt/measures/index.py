"""Which measures there are and which module holds each, without importing any of them.

``data/measures.csv`` is written from the registry by ``tools/build_measure_docs.py`` (a test holds
it to the registry), because importing every measure means importing every statistics library.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import MappingProxyType

from clusterbelt.core.registry import Measure, MeasureSpec, registered

__all__ = ["index_text", "load_measure", "measure_index"]

_FIELDS = ("name", "module", "family", "needs", "gives", "unit", "source")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    file = files("clusterbelt") / "data" / "measures.csv"
    return tuple(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


def _dimensions(cell: str) -> tuple[str, ...]:
    return tuple(word for word in cell.split(" ") if word)


@cache
def measure_index() -> Mapping[str, MeasureSpec]:
    """Return what is declared about every measure, by family and name."""
    return MappingProxyType(
        {
            row["name"]: MeasureSpec(
                name=row["name"],
                family=row["family"],
                needs=_dimensions(row["needs"]),
                gives=_dimensions(row["gives"]),
                unit=row["unit"],
                source=row["source"],
            )
            for row in _rows()
        }
    )


def load_measure(name: str) -> Measure:
    """Import the module that holds a measure, and return the measure.

    Raises
    ------
    KeyError
        If there is no such measure.
    """
    homes = {row["name"]: row["module"] for row in _rows()}
    import_module(homes[name])
    return registered()[name]


def index_text(measures: Mapping[str, Measure]) -> str:
    """Return the content of ``data/measures.csv`` for these measures."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(_FIELDS)
    for measure in measures.values():
        spec = measure.spec
        writer.writerow(
            [
                spec.name,
                measure.function.__module__,
                spec.family,
                " ".join(spec.needs),
                " ".join(spec.gives),
                spec.unit,
                spec.source,
            ]
        )
    return stream.getvalue()
