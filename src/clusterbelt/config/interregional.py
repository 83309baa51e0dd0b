"""Inter-regional flows: how the regions' tables become one table, and how far it can be trusted."""

from typing import Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["InterregionalSection"]


class InterregionalSection(Section):
    """The inter-regional table. Decay, weights and errors are assumptions (grade D)."""

    method: Literal["provincial_tables", "user_table", "regionalised", "none"] = "provincial_tables"
    """Where the table comes from: estimated from the regions' own tables; the belt's table
    interregional_flows as it stands; a national table regionalised by location quotients; or no
    table, for a belt whose data do not admit one."""
    net_transit: bool = True
    """Take goods out of trade that only pass through a region: what comes in and cannot be used
    there. False stops where there are such goods."""
    transit_share: float = Field(default=0.75, ge=0, le=1)
    """Where goods pass through, how much of its trade a region buys and sells at once is not
    known; it is held to this quantile of the regions without such goods; 1 is their largest (D)."""
    restore_cross_hauling: bool = True
    """Where a table shows net trade only (no outflow or no inflow), add the same amount to both:
    what regions of the industry usually buy and sell at once. (D)"""
    typical_share: float = Field(default=0.5, ge=0, le=1)
    """The quantile of the regions that show both, used as what is usual (0.5 is the median). (D)"""
    outflow_weight: float = Field(default=0.5, ge=0.05, le=0.95)
    """How reliable outflow is against inflow when both are made to agree over the nation: near 1
    inflow changes almost alone, near 0 the reverse. (D)"""
    repaired_freedom: float = Field(default=4.0, ge=1)
    """How many times more freely a margin that was repaired may change than a published one. (D)"""
    decay: float = Field(default=0.9, ge=0)
    """Exponent of distance in the prior of flows: 0.9 is the mean of 1,467 published estimates
    for trade (Disdier and Head 2008). (D)"""
    decay_materials: float = Field(default=1.2, ge=0)
    """The same for industries marked as materials, which are heavy for their price. (D)"""
    decay_by_industry: dict[str, float] = Field(default={})
    """Exponent of single industries, by code, in place of the two above. (D)"""
    tolerance: float = Field(default=1e-8, gt=0, lt=1e-2)
    """Largest gap left by balancing, relative to the largest total of the product."""
    max_iterations: int = Field(default=5000, ge=1)
    """Most rounds of balancing."""
    draws: int = Field(default=50, ge=0)
    """How many times the table is estimated again with other decay, weights and margins; 0 gives
    no intervals."""
    decay_error: float = Field(default=0.39, ge=0)
    """Standard deviation of the exponent of distance: nine in ten published estimates lie between
    0.28 and 1.55 (Disdier and Head 2008). (D)"""
    weight_range: float = Field(default=0.3, ge=0, le=0.5)
    """By how much outflow_weight is drawn up and down, and the two quantiles with it. (D)"""
    margin_error: float = Field(default=0.1, ge=0)
    """Standard deviation of the error of a published margin, as a share of it. (D)"""
    repaired_error: float = Field(default=0.3, ge=0)
    """The same for a margin that was repaired. (D)"""
    national_table: str = "2017_42"
    """National table to regionalise; only for method regionalised."""
    quotient: Literal["slq", "cilq", "flq", "aflq"] = "flq"
    """Location quotient; only for method regionalised."""
    delta: float | None = Field(default=None, ge=0, lt=1)
    """Exponent of flq and aflq; must be stated, as published studies differ (0.1 to 0.4). (D)"""
