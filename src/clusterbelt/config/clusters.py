"""Clusters: connected areas of excess activity, whatever province they lie in."""

from typing import Annotated, Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["ClustersSection"]


class ClustersSection(Section):
    """How cluster areas are delineated."""

    areas_per_industry: int = Field(default=2, ge=1, le=10)
    """How many disjoint areas are sought per industry, one after the other, the heaviest first."""
    area_cost_share: float = Field(default=0.01, ge=0, le=1)
    """What each region of an area costs, as a share of the belt's activity in the industry (D). A
    region belongs to an area when its excess over what the reference area's structure would give
    it exceeds this, or when it joins regions that do at less than they bring. The larger it is,
    the fewer and smaller the areas; at 0 any excess is enough for a region that touches an area."""
    minimum_regions: int = Field(default=1, ge=1)
    """Areas with fewer regions are dropped; no others are sought in their place."""
    industries: tuple[str, ...] | None = None
    """Industries to delineate; null means every industry marked advanced or materials."""
    permutations: int = Field(default=999, ge=99, le=99999)
    """Draws of every Monte-Carlo test; the smallest p-value is 1 / (permutations + 1)."""
    false_discovery: float = Field(default=0.05, gt=0, lt=1)
    """An area is called significant, and power is stated, at this level; for areas it is the
    false-discovery rate over all areas."""
    weights: Literal["contiguity", "distance", "travel_time"] = "contiguity"
    """Who counts as near whom in the spatial statistics: regions that touch, or all regions by the
    inverse of distance or of travel time (table of role travel_time). Areas stay connected by
    common borders."""
    weights_threshold: float | None = Field(default=None, gt=0)
    """Largest distance (km) or travel time (minutes) that counts as near; null means no limit."""
    weights_power: float = Field(default=1.0, gt=0, le=5)
    """Exponent of distance or travel time in the weights (D)."""
    area_cost_grid: tuple[Annotated[float, Field(ge=0, le=1)], ...] = (
        0.0, 0.005, 0.01, 0.02, 0.05, 0.1,
    )  # fmt: skip
    """Area costs at which areas are sought again: shows where results rest on the area cost, and
    gives the nested areas."""
    groups: int | None = Field(default=None, ge=2)
    """Number of groups of linked industries; null means the number with the best validation
    scores."""
    most_groups: int = Field(default=8, ge=2, le=50)
    """Largest number of groups tried when the number is chosen by scores."""
    group_method: Literal["hierarchical", "spectral", "kmeans"] = "hierarchical"
    """How industries are grouped by their linkages."""
    group_draws: int = Field(default=99, ge=0, le=9999)
    """Resamples of regions for the stability of the groups; 0 leaves it out."""
