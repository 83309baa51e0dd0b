"""Readiness: how it is learnt from the belt's own past, and how it is checked."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["ReadinessSection"]


class ReadinessSection(Section):
    """Which past is learnt from, and how surely."""

    classification: str | None = None
    """Classification whose years are learnt from; null means the one with the most years of
    activity up to the base year, the study's own among equals. What was learnt there is applied to
    the study's own classification."""
    ridge: float = Field(default=1.0, ge=0)
    """Penalty on the squared coefficients of the standardised features (D)."""
    draws: int = Field(default=200, ge=20)
    """How often regions are drawn anew for the intervals of the validation."""
    interval_draws: int = Field(default=500, ge=20)
    """Draws of the coefficients for the interval of each readiness."""
