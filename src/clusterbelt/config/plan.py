"""The plan: what may be chosen, what it costs, what limits it."""

from typing import Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["PhaseSpec", "PlanSection"]


class PhaseSpec(Section):
    """One phase of the plan."""

    name: str
    """Short name of the phase."""
    end_year: int
    """Last year of the phase; a year of the demand scenario."""


class PlanSection(Section):
    """The joint programme. Uplift, synergy and costs are assumptions (grade D)."""

    industries: tuple[str, ...] | None = None
    """Industries that may become core; null means every industry marked advanced or materials."""
    phases: tuple[PhaseSpec, ...] = (
        PhaseSpec(name="near", end_year=2025),
        PhaseSpec(name="middle", end_year=2030),
        PhaseSpec(name="far", end_year=2035),
    )
    """Phases, in order."""
    maximum_regions: int = Field(default=4, ge=1, le=8)
    """Largest number of regions in one cluster."""
    minimum_core: int = Field(default=1, ge=0)
    """Least number of core industries per region."""
    maximum_core: int = Field(default=4, ge=1)
    """Largest number of core industries per region."""
    maximum_new_per_phase: int = Field(default=2, ge=1)
    """Largest number of core industries that a region starts in one phase."""
    clusters_per_industry: int = Field(default=2, ge=1)
    """No duplication: most clusters of one industry in the belt."""
    clusters_per_industry_reach: int = Field(default=1, ge=1)
    """No duplication: most clusters of one industry that touch one reach."""
    uplift: float = Field(default=0.10, gt=0, le=1)
    """Output that a full designation adds to the baseline at maturity, as a share (D)."""
    ramp: tuple[float, ...] = (0.4, 0.8, 1.0)
    """Share of the uplift reached in the first, second, third phase after the start."""
    synergy: float = Field(default=0.05, ge=0, le=1)
    """Extra value of a linked pair inside a cluster, as a share of the smaller partner's gain (D)."""
    coordination_cost: float = Field(default=0.5, ge=0)
    """Cost of each further region in a cluster and phase, 1e8 of the currency a year (D)."""
    capital_charge: float = Field(default=0.08, ge=0, le=1)
    """Yearly cost of capital per unit of capital stock built (D)."""
    capital_output: float = Field(default=1.2, gt=0)
    """Capital stock needed per unit of added output (D)."""
    investment_share: float = Field(default=0.02, gt=0, le=1)
    """Most of a region's gross fixed capital formation that the plan may use, as a share (D)."""
    discount_rate: float = Field(default=0.05, ge=0, le=1)
    """Yearly discount rate."""
    required: tuple[tuple[str, str], ...] = ()
    """Pairs [region, industry] that must be core."""
    forbidden: tuple[tuple[str, str], ...] = ()
    """Pairs [region, industry] that must not be core."""
    headline_belief: Literal["own_share", "whole_market"] = "own_share"
    """What a region planning alone believes of demand: its own share, or all of it for itself."""
    time_limit: float = Field(default=60.0, gt=0)
    """Seconds the solver may take for one programme."""
    gap: float = Field(default=1e-6, ge=0, lt=1)
    """Relative gap at which the solver may stop."""
