"""What every stage needs to know: which years, which classification, which reference area."""

from typing import Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["Scope"]


class Scope(Section):
    """Years, classification, reference area, seed."""

    classification: str = "io42"
    """Industry classification to plan in; one that the belt's data declare."""
    base_year: int = 2017
    """The year whose statistics the plan starts from."""
    earlier_year: int | None = 2012
    """An earlier year, used to learn how specialisation moves; null where there is none."""
    activity: str = "output"
    """Variable of the activity cube that measures how much of an industry a region has."""
    reference: Literal["all", "belt"] = "all"
    """Reference area of relative measures: all regions of the tables (the nation) or the belt."""
    seed: int = Field(default=20200, ge=0)
    """Seed of everything random."""
