"""All measures: importing this module registers every one of them."""

from clusterbelt.core.registry import Measure, registered
from clusterbelt.measures import (
    agglomeration,
    complexity,
    composite,
    concentration,
    growth,
    linkage,
    similarity,
    spatial,
    specialisation,
)

__all__ = ["MODULES", "all_measures"]

MODULES = (
    agglomeration,
    complexity,
    composite,
    concentration,
    growth,
    linkage,
    similarity,
    spatial,
    specialisation,
)


def all_measures() -> dict[str, Measure]:
    """Return every measure by name, ordered by family and name."""
    return dict(registered())
