"""Advantage: specialisation, factor intensity, factor abundance and their fit."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["AdvantageSection"]


class AdvantageSection(Section):
    """How advantages are measured."""

    national_table: str = "2017_42"
    """National input-output table from which factor intensities are taken."""
    technology_sectors: tuple[str, ...] = ("31", "35", "36")
    """Sectors of that table whose purchases count as technology (information, R&D, technical)."""
    specialised_above: float = Field(default=1.0, gt=0)
    """A region is called specialised in an industry when its location quotient exceeds this."""
