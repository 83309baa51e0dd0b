"""Demand: what final demand requires, and how much more of it the belt can attain."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["DemandAdjustment", "DemandSection"]


class DemandAdjustment(Section):
    """Growth of final demand that differs from that of its category."""

    region: str | None = None
    """Region whose demand it is (for exports: the exporting region); null: all."""
    industry: str | None = None
    """Industry whose product is bought; null: all."""
    category: str | None = None
    """Category of final demand, as in growth; null: all but the change of inventories."""
    rate: float = Field(gt=-1, lt=1)
    """Added to the yearly growth."""


class DemandSection(Section):
    """The demand scenario. Growth rates and attainable shares are assumptions (grade D)."""

    national_table: str = "2017_42"
    """National input-output table of the base year; it turns final demand into required output."""
    measured_tables: tuple[str, ...] | None = None
    """Later national tables of scenario years, taken as measured; the scenario starts from the
    last of them. null: every one the belt has in the classification of national_table; []: none."""
    price_change: float = Field(default=0.022, gt=-1, lt=1)
    """Yearly change of prices between the base year and the measured tables, one figure for all
    products. 0.022 brings value added of the national tables 2017-2020 (7.3 % a year in current
    prices, with the census revision of 2018) to 5.0 %, about the official real growth."""
    years: tuple[int, ...] = (2020, 2025, 2030, 2035)
    """Years of the scenario; the ends of the plan's phases must be among them."""
    growth: dict[str, tuple[float, ...]] = Field(
        default={
            "rural_consumption": (0.058, 0.060, 0.054, 0.048),
            "urban_consumption": (0.035, 0.060, 0.054, 0.048),
            "government_consumption": (0.095, 0.055, 0.050, 0.045),
            "fixed_capital_formation": (0.034, 0.050, 0.043, 0.037),
            "exports": (0.024, 0.040, 0.030, 0.030),
        }
    )
    """Yearly real growth of each final-demand category up to each scenario year. The first is
    what the national tables of 2017 and 2020 show, less price_change (not used where 2020 is
    measured); the others are chosen so that national value added about doubles from 2020 to 2035,
    the stated national aim, led by consumption. Change of inventories is held constant."""
    growth_premium: dict[str, float] = Field(default={})
    """Added to the yearly growth of final demand for a sector of the national table or an
    industry. None by default: in the tables of 2017-2020 final demand for transport equipment,
    electrical, electronic and measuring equipment (18-21) grew more slowly than the average."""
    adjustments: tuple[DemandAdjustment, ...] = ()
    """Further growth of final demand by region, industry and category, one line each; lines that
    meet in a cell add up. Needs the inter-regional model."""
    technology_change: dict[str, float] = Field(default={})
    """Yearly change of what every industry uses of a product per unit of its output, by industry
    of the product, e.g. -0.02 for coal. Needs the inter-regional model."""
    import_substitution: float = Field(default=0.10, ge=0, le=1)
    """Share of what the nation imports of a manufacturing industry that home supply can replace by
    the last year; the belt gets its share of it. An aim, not a trend: from 2017 to 2020 imports
    rose from 10.0 to 10.3 % of domestic use of manufactures (falling in transport equipment and
    metals, rising in electronics and special equipment)."""
    market_gain: float = Field(default=0.05, ge=0, le=1)
    """Share of the output of the rest of the nation that the belt can win by the last year. From
    2012 to 2017 the belt won 1.6 % of manufacturing output from the rest; that pace over 18 years
    makes 0.057."""
    concentration: float = Field(default=3.0, ge=1)
    """How many times its present part of the belt's sales a region can reach in a market where the
    belt gains, if the gain is led its way; never more than all the belt gains there. 1 gives every
    region its present part."""
    draws: int = Field(default=200, ge=0)
    """How often rates, shares and concentration are drawn for the intervals of attainable demand;
    0 gives none."""
    growth_error: float = Field(default=0.01, ge=0, lt=0.2)
    """Standard deviation of the yearly growth of a category, drawn once for all years after the
    last measured one."""
    spread: float = Field(default=0.5, ge=0, lt=1)
    """Import substitution, market gain and concentration beyond 1 are drawn evenly between 1 -
    spread and 1 + spread times their value."""
