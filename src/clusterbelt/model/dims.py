"""Dimension names, variable names and units: the one place where they are spelled.

The two ends of a flow are ``<dimension>_from`` and ``<dimension>_to``.
"""

from typing import Final

__all__ = [
    "ACTIVITY_VARIABLES",
    "FINAL_DEMAND",
    "INDICATOR",
    "INDUSTRY",
    "INDUSTRY_FROM",
    "INDUSTRY_TO",
    "PHASE",
    "REACH",
    "REGION",
    "REGION_FROM",
    "REGION_TO",
    "SECTOR",
    "VALUE",
    "VALUE_ADDED_PARTS",
    "VARIABLE",
    "YEAR",
]

YEAR: Final = "year"
REGION: Final = "region"
REGION_FROM: Final = "region_from"
REGION_TO: Final = "region_to"
REACH: Final = "reach"
INDUSTRY: Final = "industry"
INDUSTRY_FROM: Final = "industry_from"
INDUSTRY_TO: Final = "industry_to"
SECTOR: Final = "sector"
INDICATOR: Final = "indicator"
VARIABLE: Final = "variable"
PHASE: Final = "phase"
VALUE: Final = "value"

FINAL_DEMAND: Final = (
    "rural_consumption",
    "urban_consumption",
    "government_consumption",
    "fixed_capital_formation",
    "inventory_change",
)
VALUE_ADDED_PARTS: Final = (
    "compensation",
    "net_production_tax",
    "depreciation",
    "operating_surplus",
)
# Everything the activity cube may hold, all in the belt's money unit except people and mass.
ACTIVITY_VARIABLES: Final = (
    "output",
    "value_added",
    *VALUE_ADDED_PARTS,
    *FINAL_DEMAND,
    "exports",
    "imports",
    "outflow",
    "inflow",
    "net_outflow",
    "statistical_error",
    "employment",
    "co2",
)
