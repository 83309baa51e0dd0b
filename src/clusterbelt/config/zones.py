"""Zones: what development zones show below the province."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["ZonesSection"]


class ZonesSection(Section):
    """How clusters of zones, their concentration and modelled output of cities are found."""

    area_unit: str = "ha"
    """Unit of the zones' area, as it is shown."""
    industries: tuple[str, ...] | None = None
    """Industries to look at; null means every industry marked advanced or materials."""
    area_cost: float = Field(default=1.0, ge=0)
    """What each place of an area costs, in mean oriented areas of a place that has any (D). The
    larger it is, the fewer places join an area."""
    areas_per_industry: int = Field(default=3, ge=1, le=20)
    """How many disjoint areas of places are sought per industry, the heaviest first."""
    group_radius_km: float = Field(default=40.0, gt=0)
    """Zones this near belong to one density-based group (DBSCAN's eps), in km (D)."""
    group_share: float = Field(default=0.02, gt=0, le=1)
    """Oriented area within that radius that makes a dense spot, as a share of the belt's (D)."""
    concentration_km: float = Field(default=400.0, gt=0)
    """Largest distance at which concentration is measured, in km."""
    simulations: int = Field(default=99, ge=19, le=9999)
    """Random labellings of the actual sites behind every envelope."""
    level: float = Field(default=0.05, gt=0, lt=1)
    """Level of the global envelopes."""
    placing_draws: int = Field(default=100, ge=0, le=9999)
    """Readings of ambiguous terms behind the intervals of modelled output; 0 leaves them out."""
