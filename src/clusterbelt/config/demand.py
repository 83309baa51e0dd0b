"""Demand: what final demand requires, and how much more of it the belt can attain."""

from pydantic import Field

from clusterbelt.config.base import Section

__all__ = ["DemandSection"]


class DemandSection(Section):
    """The demand scenario. Growth rates and attainable shares are assumptions (grade D)."""

    national_table: str = "2017_42"
    """National input-output table that turns final demand into required output."""
    years: tuple[int, ...] = (2020, 2025, 2030, 2035)
    """Years of the scenario; the ends of the plan's phases must be among them."""
    growth: dict[str, tuple[float, ...]] = {
        "consumption": (0.06, 0.055, 0.05, 0.04),
        "government": (0.055, 0.05, 0.045, 0.04),
        "capital_formation": (0.05, 0.045, 0.035, 0.03),
        "exports": (0.03, 0.03, 0.025, 0.02),
    }
    """Yearly real growth of each final-demand category up to each scenario year."""
    growth_premium: dict[str, float] = {"18": 0.005, "19": 0.01, "20": 0.015, "21": 0.01}
    """Added to the yearly growth of final demand for these industries."""
    import_substitution: float = Field(default=0.15, ge=0, le=1)
    """Share of what the nation imports of an industry that the belt can attain by the last year."""
    market_gain: float = Field(default=0.02, ge=0, le=1)
    """Share of the rest of the nation's required output that the belt can attain by the last year."""
