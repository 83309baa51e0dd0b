"""Clusters: connected areas of excess activity, whatever province they lie in."""

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
