"""All measures: importing this module registers every one of them."""

from clusterbelt.core.registry import Measure, registered
from clusterbelt.measures import (
    agglomeration,
    areas,
    complexity,
    composite,
    concentration,
    growth,
    linkage,
    partition,
    similarity,
    spatial,
    specialisation,
)

__all__ = ["MODULES", "all_measures"]

MODULES = (
    agglomeration,
    areas,
    complexity,
    composite,
    concentration,
    growth,
    linkage,
    partition,
    similarity,
    spatial,
    specialisation,
)


def all_measures() -> dict[str, Measure]:
    """Return every measure by name, ordered by family and name."""
    return dict(registered())
