"""Robustness: what is drawn, how often, and what else is asked of the programme."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from clusterbelt.config.base import Section

__all__ = ["RobustnessSection"]

Share = Annotated[float, Field(ge=0, le=1)]
Range = tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(ge=0)]]
Factor = tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]]


class RobustnessSection(Section):
    """The draws. Their widths are assumptions (grade D)."""

    draws: int = Field(default=200, ge=0, le=100_000)
    """Number of times the plan is solved again with everything uncertain drawn anew; 0: none."""
    price_draws: int = Field(default=40, ge=0, le=100_000)
    """In so many of the draws, the first ones, every region's own plans are solved too, which gives
    the interval of the price of fragmentation."""
    chunk: int = Field(default=10, ge=1)
    """Draws that are solved and kept together; a run that was killed loses at most the chunks under
    way."""
    draw_output_error: float = Field(default=0.05, ge=0, le=1)
    """Standard deviation of the logarithm of each region's output in each industry: the error of
    the statistics. Provincial and national accounts of one industry differ by about this much
    (D)."""
    draw_ratio_error: float = Field(default=0.05, ge=0, le=1)
    """The same for value added per output (D)."""
    draw_readiness_error: float = Field(default=0.5, ge=0)
    """Standard deviation of the log odds of each readiness, each on its own (D); used where the
    readiness stage knows no error of what it learnt, or `draw_readiness_learnt` is false."""
    draw_readiness_learnt: bool = True
    """Draw readiness from the error of the coefficients that the readiness stage learnt (C): all
    regions and industries move together. False: from the assumed width."""
    draw_uplift: Factor = (0.05, 0.25)
    """Range from which the uplift is drawn, evenly (D)."""
    draw_demand: float = Field(default=0.25, ge=0, le=2)
    """Standard deviation of the logarithm of the demand ceilings: half of the variance common to
    all industries, half each industry's own (D)."""
    draw_cost: Factor = (0.5, 2.0)
    """Range of the factor on the costs of coordination and of programmes, even in its logarithm
    (D)."""
    draw_capital_charge: Range = (0.06, 0.10)
    """Range of the yearly cost of capital, evenly (D)."""
    draw_capital_output: Factor = (0.8, 1.25)
    """Range of the factor on capital per output, even in its logarithm (D)."""
    draw_synergy: Range = (0.0, 0.1)
    """Range from which the synergy is drawn, evenly (D)."""
    gap: float = Field(default=1e-2, ge=0, lt=1)
    """Relative gap at which the solver may stop in a draw."""
    nodes: int = Field(default=30, ge=1)
    """Nodes after which the search of a draw stops with the best plan it has; a limit in nodes
    gives the same plans on every machine, one in seconds would not."""
    question_gap: float = Field(default=2e-3, ge=0, lt=1)
    """Relative gap of the programmes solved for borders, frontiers and regret."""
    question_nodes: int = Field(default=100, ge=1)
    """Nodes after which their search stops; what it leaves open is shown with every figure."""
    no_regret_share: Share = 0.8
    """A choice that survives at least this share of the draws is called no-regret."""
    fragile_share: Share = 0.4
    """A choice that survives less than this share of the draws is called fragile (D)."""
    false_discovery: Share = 0.05
    """Share of false findings tolerated among the assumptions said to flip a choice."""
    regret_solves: int = Field(default=8, ge=0)
    """Rejected pairs for which the cost of forcing them in is solved for, the readiest first; for
    the others a lower bound from the linear programme is given."""
    border_solves: int = Field(default=12, ge=0)
    """Most borders for which the plan is solved again with that border closed, the most used
    first."""
    frontier_points: int = Field(default=4, ge=0, le=50)
    """Points of each frontier: value against territorial equity, value against CO2; 0: none."""
    workers: int | None = Field(default=None, ge=1)
    """Processes that solve at the same time; null: one per core. Results do not depend on it."""
    parallel_backend: str = Field(default="loky", min_length=1)
    """Back end of joblib: `loky`, `multiprocessing`, `sequential`, or one that the caller has
    registered, such as `dask`. Results do not depend on it."""

    @model_validator(mode="after")
    def _ranges_rise(self) -> Self:
        ranges = ("uplift", "cost", "capital_charge", "capital_output", "synergy")
        for name in ranges:
            low, high = getattr(self, f"draw_{name}")
            if low > high:
                raise ValueError(f"draw_{name}: {low:g} > {high:g}")
        if self.draw_uplift[1] > 1 or self.draw_capital_charge[1] > 1 or self.draw_synergy[1] > 1:
            raise ValueError("draw_uplift, draw_capital_charge, draw_synergy: at most 1")
        if self.fragile_share > self.no_regret_share:
            raise ValueError("fragile_share > no_regret_share")
        return self
