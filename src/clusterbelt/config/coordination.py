"""Coordination: who duplicates whom, and who could supply whom."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["CoordinationSection"]


class CoordinationSection(Section):
    """How duplication and matches are measured."""

    top_matches: int = Field(default=40, ge=1)
    """How many supply-demand matches are listed."""
    specialised_above: float = Field(default=1.0, gt=0)
    """A region can supply an industry when its location quotient (against scope.reference)
    exceeds this."""
    least_sales: float = Field(default=0.05, ge=0, lt=1)
    """A specialised region that reports selling less than this share of an industry's output to
    other regions is named in a remark: its trade is probably not recorded."""
    technology_decay: float = Field(default=0.5, ge=0)
    """Exponent of distance in the potential of technology contracts between regions; the interval
    spans none to twice of it. An assumption: no contract is published by pair of regions."""
