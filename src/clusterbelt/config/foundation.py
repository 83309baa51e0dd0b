"""Foundation: the composite index of the six dimensions."""

from typing import Literal

from clusterbelt.config.base import Section

__all__ = ["FoundationSection"]


class FoundationSection(Section):
    """How indicators become an index."""

    normalisation: Literal["minmax"] = "minmax"
    """How indicators are made comparable: (x - min) / (max - min) over the compared regions."""
    weights: Literal["equal", "entropy"] = "equal"
    """Weights of the headline index; the other kind is always reported beside it."""
    aggregation: Literal["arithmetic"] = "arithmetic"
    """How normalised indicators are combined within and across dimensions."""
    dimensions: tuple[str, ...] = (
        "resources",
        "economy",
        "education",
        "science_technology",
        "manufacturing",
        "advanced_manufacturing",
    )
    """Dimensions of the index, in the order of the report."""
    missing: Literal["skip", "refuse"] = "skip"
    """A missing indicator of a region: average over the indicators it has, or refuse to go on."""
