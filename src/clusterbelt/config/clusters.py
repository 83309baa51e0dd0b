"""Clusters: connected areas of excess activity, whatever province they lie in."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["ClustersSection"]


class ClustersSection(Section):
    """How cluster areas are delineated."""

    areas_per_industry: int = Field(default=2, ge=1, le=10)
    """How many disjoint areas are sought per industry."""
    area_cost_share: float = Field(default=0.01, ge=0, le=1)
    """Cost of each further region in an area, as a share of the belt's activity in the industry."""
    minimum_regions: int = Field(default=1, ge=1)
    """Areas with fewer regions are dropped."""
    industries: tuple[str, ...] | None = None
    """Industries to delineate; null means every industry marked advanced or materials."""
