"""The plan: what may be chosen, what it costs, what limits it."""

from typing import Annotated, Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["PhaseSpec", "PlanSection"]

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(ge=0)]
Pair = tuple[str, str]
Caps = dict[str, Annotated[tuple[Annotated[float, Field(ge=0)], ...], Field(min_length=1)]]


class PhaseSpec(Section):
    """One phase of the plan."""

    name: str = Field(min_length=1)
    """Short name of the phase."""
    end_year: int
    """Last year of the phase; a year of the demand scenario."""


class PlanSection(Section):
    """The joint programme. Uplift, synergy, costs and caps are assumptions (grade D)."""

    industries: tuple[str, ...] | None = None
    """Industries that may become core; null means every industry marked advanced or materials."""
    start_year: int = 2020
    """Year before the first phase; values are discounted to it, investment counts after it."""
    phases: tuple[PhaseSpec, ...] = Field(
        default=(
            PhaseSpec(name="near", end_year=2025),
            PhaseSpec(name="middle", end_year=2030),
            PhaseSpec(name="far", end_year=2035),
        ),
        min_length=1,
    )
    """Phases, in order. Five years each, as the five-year plans run."""
    maximum_regions: int = Field(default=4, ge=1, le=8)
    """Largest number of regions in one cluster; the largest reach of the Yangtze belt has four."""
    enumerate_regions: int = Field(default=40, ge=1)
    """Up to this number of regions every connected set is a candidate; a larger belt takes the
    nested areas that grow from every region by its best neighbour."""
    minimum_readiness: Share = 0.3
    """A region may join a cluster of an industry only from this readiness on, so that clusters are
    not padded with regions that have no base. A pair in `required` is let in all the same."""
    minimum_belt_share: Share = 0.02
    """A region may join a cluster of an industry only if it has at least this share of the belt's
    output of it; an even share among eleven regions would be 0.09."""
    minimum_core: int = Field(default=1, ge=0)
    """Least number of core industries per region. A region with fewer industries above the two
    thresholds enters with its readiest ones below them, and the report says so."""
    maximum_core: int = Field(default=4, ge=1)
    """Largest number of core industries per region."""
    core_limits: dict[str, tuple[Count, Count]] = Field(default_factory=dict)
    """Least and largest number of core industries of single regions, instead of the two above."""
    maximum_new_per_phase: tuple[Count, ...] = Field(default=(2, 1, 1), min_length=1)
    """Largest number of core industries that a region starts in the first, second, third phase;
    the last value holds on. With one number for all phases nothing would be left for the last
    one, since an early start always earns longer; a region begins with two and adds one at a time
    (D)."""
    clusters_per_industry: int = Field(default=2, ge=1)
    """No duplication: most clusters of one industry in the belt."""
    clusters_per_industry_reach: int = Field(default=1, ge=1)
    """No duplication: most clusters of one industry that touch one reach. A cluster across a border
    of reaches counts once in each reach it touches."""
    uplift: float = Field(default=0.15, gt=0, le=1)
    """Output that a full designation adds to the baseline at maturity, as a share of it (D). From
    2012 to 2017 the upper quarter of the belt's specialised region-industries (41 with LQ > 1 in
    2012) outgrew their industry by 17 % or more and the middle one by nothing, so 0.15 is what a
    designation that works would have to bring about. The price of fragmentation rises steeply with
    it, because more of it meets the demand ceilings."""
    ramp: tuple[Share, ...] = Field(default=(0.4, 0.8, 1.0), min_length=1)
    """Share of the uplift reached in the first, second, third phase after the start (D); the last
    value holds on."""
    synergy: float = Field(default=0.05, ge=0, le=1)
    """Extra value of two neighbouring regions in one cluster, as a share of the smaller one's added
    value added (D)."""
    coordination_cost: float = Field(default=1.0, ge=0)
    """Cost of each region after the first in a cluster, money a year (D)."""
    programme_cost: float = Field(default=1.0, ge=0)
    """Cost of running one core industry in one region, money a year (D). It keeps the plan from
    naming core industries that add nothing."""
    own_ratio_weight: Share = 0.5
    """Value added per unit of output: weight of the region's own ratio, the rest on the belt's
    ratio of the industry. Own ratios differ with real product mix, but also with how each
    provincial table was made; at 1 the plan would take the second for the first."""
    capital_charge: Share = 0.08
    """Yearly cost of capital per unit of capital stock built (D)."""
    capital_output: float = Field(default=1.2, gt=0)
    """Capital stock needed per unit of added output (D)."""
    capital_output_by_industry: dict[str, Positive] = Field(default_factory=dict)
    """The same for single industries, where known better."""
    investment_share: float = Field(default=0.03, gt=0, le=1)
    """Most of a region's gross fixed capital formation of the base year that the plan may use, as a
    share, year by year (D: chosen, not taken from a table). The base year's sum is held
    constant."""
    discount_rate: Share = 0.05
    """Yearly discount rate."""
    investment_caps: Caps = Field(default_factory=dict)
    """Further investment caps: `region`, `reach`, `belt` (each of these places by itself) or the
    code of one region or reach, with the share of its capital formation of the base year, year by
    year, for the first, second, third phase; the last share holds on. They stand beside
    investment_share."""
    labour_caps: Caps = Field(default={"region": (0.02,)})
    """Most labour that the added output may employ, as a share of the labour of the base year in
    the same place (keys as in investment_caps). 0.02 in each region: the belt's employment grew by
    2.1 % from 2012 to 2017, so the plan may take what five such years bring (D). Labour is the
    variable `employment` of the activity table or, without it, compensation over the region's
    average wage (C)."""
    water_caps: Caps = Field(default_factory=dict)
    """The same for water, from the variable `water_use` of the activity table. None by default: no
    source at hand has water by industry."""
    co2_caps: Caps = Field(default={"belt": (0.005, 0.01, 0.01)})
    """The same for CO2, from the variable `co2` of the activity table: what the added output emits
    by itself, not what it buys. Half of a year's growth of the belt's emissions in the first phase,
    a year's growth after it: they grew by 1.1 % a year from 2012 to 2017 (D)."""
    labour_productivity_growth: float = Field(default=0.05, gt=-1, lt=1)
    """Yearly growth of output per worker from the base year on (D)."""
    water_decline: Share = 0.035
    """Yearly decline of water per output: 16 % in five years, the national aim for 2021-2025
    (D)."""
    co2_decline: Share = 0.039
    """Yearly decline of CO2 per output: 18 % in five years, the national aim for 2021-2025 (D)."""
    supply_share: float | None = Field(default=0.03, ge=0)
    """Supply of inputs: what the added output buys of each manufactured product, beyond what the
    plan itself adds of it, may be at most this share of the belt's baseline output of that product,
    as can be had from spare capacity and from outside; null: no such limit (D)."""
    required: tuple[Pair, ...] = ()
    """Pairs [region, industry] that must be core."""
    forbidden: tuple[Pair, ...] = ()
    """Pairs [region, industry] that must not be core."""
    precedence: tuple[Pair, ...] = ()
    """Pairs [industry, later industry]: a region may start the second only in a phase in which it
    has started the first, or after it."""
    headline_belief: Literal["own_share", "whole_market"] = "own_share"
    """What a region planning alone believes of demand: its own share, or all of it for itself."""
    ridge: float = Field(default=1.0, ge=0)
    """Penalty on the slope of the readiness model (standardised log location quotient)."""
    time_limit: float = Field(default=60.0, gt=0)
    """Seconds the solver may take for one programme; then the best plan so far with its gap."""
    gap: float = Field(default=1e-6, ge=0, lt=1)
    """Relative gap at which the solver may stop."""
