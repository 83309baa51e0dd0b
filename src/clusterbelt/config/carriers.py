"""Carriers: the development zones that each planned cluster is built on."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["CarriersSection"]


class CarriersSection(Section):
    """How lead, partner and gateway zones are named."""

    first_level: str = "national"
    """Level of zones that come first: the word in the column level of the zones' table."""
    first_level_share: float = Field(default=0.25, ge=0, le=1)
    """A zone of the first level comes before others only if its area oriented to the industry is
    at least this share of the largest in its region; 0 puts them first always (D)."""
    minimum_oriented_area: float = Field(default=10.0, ge=0)
    """Least area oriented to a cluster's industry, in the zones' unit of area, to carry it (D)."""
    partner_zones: int = Field(default=3, ge=1, le=20)
    """Partner zones named in each region of a cluster (D)."""
    gateway_zones: int = Field(default=2, ge=0, le=20)
    """Further zones named on each side of a border inside a cluster, in places touching it (D)."""
    pair_distance_km: float = Field(default=100.0, gt=0)
    """Zones on two sides of a border count as a pair up to this distance (D)."""
    pairs_per_border: int = Field(default=3, ge=1, le=20)
    """Most pairs named at each border inside a cluster."""
