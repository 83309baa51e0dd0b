"""Backtest: which past plans are made and how often the scores are drawn anew."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["BacktestSection"]


class BacktestSection(Section):
    """Plans made in earlier years, from the data of then, and compared with what followed."""

    classification: str | None = None
    """Classification whose years are used; null means the one with the most years of activity up
    to the base year, the study's own among equals."""
    draws: int = Field(default=200, ge=20)
    """How often the belt's regions are drawn anew for the intervals."""
    random_plans: int = Field(default=200, ge=10)
    """Random plans that stand for choosing without evidence."""
