"""Advantage: specialisation, factor intensity, factor abundance and their fit."""

from typing import Literal

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["AdvantageSection", "Factor"]

Factor = Literal["labour", "capital", "technology"]


class AdvantageSection(Section):
    """How advantages are measured."""

    national_table: str = "2017_42"
    """National input-output table from which factor intensities are taken."""
    technology_sectors: tuple[str, ...] = ("31", "35", "36")
    """Sectors whose purchases count as technology (information, R&D, technical services): codes of
    that table, or, when it is finer than the belt's classes, of the classes they belong to."""
    abundance: dict[Factor, dict[str, Literal[-1, 1]]] = Field(
        default={
            "labour": {"wage_average": -1, "low_education_share": 1},
            "capital": {"capital_formation_per_head": 1, "labour_productivity": 1},
            "technology": {
                "rd_intensity": 1,
                "rd_staff_per_employed": 1,
                "patents_valid_per_head": 1,
                "tertiary_share": 1,
            },
        }
    )
    """Indicators that show how abundant a factor is in a region, with their sign. Labour is
    abundant where it is cheap and little schooled, not where there are many people. Output per
    worker stands in for capital per worker. Each counts the same; one that the belt's indicators
    lack is left out and named."""
    claim_tolerance: float = Field(default=0.05, ge=0)
    """A reach's manufacturing counts as more (less) intensive in a factor than the nation's when
    it differs by more than this, in standard deviations between manufacturing industries (D)."""
    specialised_above: float = Field(default=1.0, gt=0)
    """A region is called specialised in an industry when its location quotient exceeds this."""
