"""A belt of two regions and a third outside, small enough to compute by hand.

Industries: 10 advanced, 20 materials, 30 services. The national table has four sectors, 001 and
002 of industry 10; without ``flows`` nobody buys inputs, so output is final demand less imports.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from clusterbelt.model.belt import Belt, Bilingual, NationalTable

REGIONS = ["01", "02", "03"]
INDUSTRIES = ["10", "20", "30"]
SECTORS = ["001", "002", "003", "004"]
CATEGORIES = [
    "rural_consumption",
    "urban_consumption",
    "government_consumption",
    "fixed_capital_formation",
    "inventory_change",
    "exports",
]
DEMAND = np.array(
    [
        [60.0, 20.0, 0.0, 10.0, 10.0, 20.0],
        [0.0, 40.0, 0.0, 0.0, 0.0, 10.0],
        [0.0, 0.0, 0.0, 50.0, 0.0, 0.0],
        [0.0, 0.0, 100.0, 0.0, 0.0, 0.0],
    ]
)
IMPORTS = np.array([10.0, 20.0, 0.0, 5.0])  # output: 110, 30, 50, 95
FLOWS = np.array(
    [
        [5.0, 2.0, 10.0, 4.0],
        [1.0, 3.0, 2.0, 0.0],
        [20.0, 1.0, 5.0, 3.0],
        [6.0, 2.0, 4.0, 9.0],
    ]
)
OUTPUT = [[30.0, 0.0, 10.0], [20.0, 10.0, 10.0], [50.0, 40.0, 80.0]]
TRADE = {
    "exports": [[2.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
    "imports": [[1.0, 0.0, 0.0], [2.0, 5.0, 0.0], [0.0, 0.0, 0.0]],
    "outflow": [[8.0, 0.0, 0.0], [1.0, 20.0, 0.0], [4.0, 25.0, 0.0]],
    "inflow": [[1.0, 0.0, 0.0], [9.0, 25.0, 0.0], [6.0, 20.0, 0.0]],
}


def national_table(year=2017, flows=False, scale=1.0):
    """The national table; it balances whatever the flows."""
    z = FLOWS if flows else np.zeros_like(FLOWS)
    output = z.sum(axis=1) + DEMAND.sum(axis=1) - IMPORTS
    sectors = pd.DataFrame(
        {"name_zh": SECTORS, "name_en": SECTORS, "industry": ["10", "10", "20", "30"]},
        index=pd.Index(SECTORS, name="sector"),
    )
    across = {"sector_from": SECTORS, "sector_to": SECTORS}
    one = {"sector": SECTORS}
    return NationalTable(
        year=year,
        classification="4",
        sectors=sectors,
        intermediate=xr.DataArray(scale * z, coords=across, dims=list(across)),
        final_demand=xr.DataArray(
            scale * DEMAND, coords={**one, "category": CATEGORIES}, dims=["sector", "category"]
        ),
        imports=xr.DataArray(scale * IMPORTS, coords=one, dims=["sector"]),
        output=xr.DataArray(scale * output, coords=one, dims=["sector"]),
        value_added=xr.DataArray(
            scale * (output - z.sum(axis=0))[None],
            coords={"variable": ["compensation"], **one},
            dims=["variable", "sector"],
        ),
    )


def make_belt(national=None, trade=True, **changes):
    """The belt; ``changes`` replace its fields."""
    layers = {"output": OUTPUT, "value_added": (np.array(OUTPUT) / 2).tolist()}
    if trade:
        layers |= TRADE
    activity = xr.DataArray(
        np.array([list(layers.values())]),
        coords={
            "year": [2017],
            "variable": list(layers),
            "region": REGIONS,
            "industry": INDUSTRIES,
        },
        dims=["year", "variable", "region", "industry"],
    ).transpose("year", "region", "industry", "variable")
    regions = pd.DataFrame(
        {
            "name_zh": REGIONS,
            "name_en": REGIONS,
            "in_belt": [True, True, False],
            "reach": ["east", "west", ""],
        },
        index=pd.Index(REGIONS, name="region"),
    )
    industries = pd.DataFrame(
        {
            "name_zh": INDUSTRIES,
            "name_en": INDUSTRIES,
            "manufacturing": [True, True, False],
            "advanced": [True, False, False],
            "materials": [False, True, False],
        },
        index=pd.Index(INDUSTRIES, name="industry"),
    )
    km = pd.DataFrame(100.0 * (1 - np.eye(3)), index=REGIONS, columns=REGIONS)
    belt = Belt(
        name="hand",
        title=Bilingual("手算", "by hand"),
        classification="3",
        money_unit="1e8 CNY",
        regions=regions,
        industries=industries,
        activity=activity,
        national=national or {"2017_4": national_table()},
        distance_km=km,
    )
    return replace(belt, **changes)
