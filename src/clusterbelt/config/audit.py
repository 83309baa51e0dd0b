"""Audit: a published roadmap held against the evidence and the plan."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["AuditSection"]


class AuditSection(Section):
    """When a line of the roadmap counts as supported (all four are assumptions, D)."""

    specialised_above: float = Field(default=1.0, gt=0)
    """A region is specialised in a line when its location quotient exceeds this. A line that spans
    several industries has the mean of their quotients, weighted by its shares in them."""
    supported_share: float = Field(default=0.5, gt=0, le=1)
    """A line for a reach is supported when at least this share of its regions is specialised,
    mixed when fewer are, not supported when none is."""
    testable_share: float = Field(default=0.5, gt=0, le=1)
    """A line can be tested when at least this share of it lies in industries with figures of their
    own (grade A or B in the roadmap table)."""
    in_plan_share: float = Field(default=0.5, gt=0, le=1)
    """A line is in the plan when industries with at least this share of it are core in the reach;
    below that it is partly in the plan."""
