"""Audit: a published roadmap held against the evidence and the plan."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["AuditSection"]


class AuditSection(Section):
    """When a claim counts as supported."""

    specialised_above: float = Field(default=1.0, gt=0)
    """A region is specialised in an industry when its location quotient exceeds this."""
    supported_share: float = Field(default=0.5, gt=0, le=1)
    """A claim for a reach is supported when at least this share of its regions is specialised."""
