"""A belt small enough to work out by hand: four regions, three of them in the belt."""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from clusterbelt.model.belt import Belt, Bilingual, NationalTable

REGIONS = ["01", "08", "31", "52"]  # A and B below, C above, D outside
INDUSTRIES = ["01", "06", "13", "20", "31"]  # farming, food, minerals, electronics, information
NAN = np.nan
OUTPUT = [
    [10.0, 10, 0, 60, 20],
    [20.0, 50, 10, 10, 10],
    [30.0, 20, 20, 0, 30],
    [40.0, 10, 20, 30, 0],
]
VALUE_ADDED = [
    [8.0, 3, 0, 15, 14],
    [16.0, 15, 3, 3, 7],
    [24.0, 6, 6, 0, 21],
    [32.0, 3, 6, 9, 0],
]
INDICATORS = {  # by region, 2017
    "gdp": [10.0, 20, 30, 50],
    "unemployment": [4.0, 3, 2, 6],
    "schools": [1.0, 1, 3, NAN],
    "flat": [7.0, 7, 7, 7],
    "smoke": [1.0, 2, 3, 4],
}
EARLIER = {  # 2012
    "gdp": [10.0, 10, 10, 10],
    "unemployment": [4.0, 3, 2, 6],
    "schools": [NAN] * 4,
    "flat": [7.0] * 4,
    "smoke": [1.0] * 4,
}
OBSERVED = {  # year each value of 2017 was observed in
    "gdp": 2017.0,
    "unemployment": 2012.0,
    "schools": 2017.0,
    "flat": 2017.0,
    "smoke": 2017.0,
}
SECTORS = ["a", "f", "m", "e1", "e2", "s"]
FLOWS = {  # seller, buyer
    ("s", "f"): 10.0,
    ("f", "e1"): 10,
    ("s", "e1"): 20,
    ("s", "e2"): 20,
    ("e1", "e2"): 50,
    ("e2", "m"): 30,
}
SECTOR_OUTPUT = [100.0, 100, 100, 100, 200, 60]
PARTS = {
    "compensation": [60.0, 60, 20, 30, 40, 30],
    "net_production_tax": [0.0, 10, 10, 5, 10, 10],
    "depreciation": [20.0, 5, 30, 15, 50, 10],
    "operating_surplus": [20.0, 15, 10, 20, 30, 10],
}


def _regions():
    return pd.DataFrame(
        {
            "name_zh": ["甲", "乙", "丙", "丁"],
            "name_en": ["A", "B", "C", "D"],
            "in_belt": [True, True, True, False],
            "reach": ["lower", "lower", "upper", ""],
        },
        index=pd.Index(REGIONS, name="region"),
    )


def _industries():
    return pd.DataFrame(
        {
            "name_zh": ["农业", "食品", "矿物制品", "电子", "信息"],
            "name_en": ["Farming", "Food", "Minerals", "Electronics", "Information"],
            "manufacturing": [False, True, True, True, False],
            "advanced": [False, False, False, True, False],
            "materials": [False, False, True, False, False],
        },
        index=pd.Index(INDUSTRIES, name="industry"),
    )


def _cube(years):
    layers = [xr.DataArray(table, dims=("region", "industry")) for table in (OUTPUT, VALUE_ADDED)]
    table = xr.concat(layers, dim="variable").assign_coords(
        region=REGIONS, industry=INDUSTRIES, variable=["output", "value_added"]
    )
    cube = xr.concat([table for _ in years], dim="year").assign_coords(year=years)
    return cube.transpose("year", "region", "industry", "variable")


def _indicators(tables):
    values = np.array([list(table.values()) for table in tables]).transpose(0, 2, 1)
    return xr.DataArray(
        values,
        dims=("year", "region", "indicator"),
        coords={"year": [2012, 2017], "region": REGIONS, "indicator": list(INDICATORS)},
    )


def _observed():
    later = {name: [year] * 4 for name, year in OBSERVED.items()}
    return _indicators([{name: [2012.0] * 4 for name in INDICATORS}, later])


def _specs():
    return pd.DataFrame(
        {
            "name_zh": ["生产总值", "失业率", "学校", "常数", "烟尘"],
            "name_en": ["GDP", "Unemployment", "Schools", "Flat", "Smoke"],
            "dimension": [
                "economy",
                "economy",
                "education",
                "science_technology",
                "environment",
            ],
            "unit": ["1e8 CNY", "1", "pieces", "1", "t"],
            "direction": [1, -1, 1, 1, -1],
            "denominator": "",
            "grade": ["A", "A", "B", "A", "A"],
            "source": "made up",
        },
        index=pd.Index(list(INDICATORS), name="indicator"),
    )


def national_table():
    """Return the national table: triangular, so that its chains can be followed by hand."""
    flows = pd.DataFrame(0.0, index=SECTORS, columns=SECTORS)
    for (seller, buyer), value in FLOWS.items():
        flows.at[seller, buyer] = value
    labels = {"sector": SECTORS}
    return NationalTable(
        year=2017,
        classification="six",
        sectors=pd.DataFrame(
            {
                "name_zh": ["农", "食", "矿", "电一", "电二", "信"],
                "name_en": SECTORS,
                "industry": ["01", "06", "13", "20", "20", "31"],
            },
            index=pd.Index(SECTORS, name="sector"),
        ),
        intermediate=xr.DataArray(
            flows.to_numpy(),
            dims=("sector_from", "sector_to"),
            coords={"sector_from": SECTORS, "sector_to": SECTORS},
        ),
        final_demand=xr.DataArray(
            np.zeros((6, 1)),
            dims=("sector", "category"),
            coords=labels | {"category": ["consumption"]},
        ),
        imports=xr.DataArray(np.zeros(6), dims="sector", coords=labels),
        output=xr.DataArray(SECTOR_OUTPUT, dims="sector", coords=labels),
        value_added=xr.DataArray(
            list(PARTS.values()),
            dims=("variable", "sector"),
            coords=labels | {"variable": list(PARTS)},
        ),
    )


def make_belt(**changes):
    """Return the belt, with some of its fields changed."""
    claims = pd.DataFrame(
        {
            "reach": ["lower", "upper", "upper", "lower"],
            "factor": ["technology", "labour", "capital", "labour"],
            "direction": [1, 1, 1, -1],
            "text_zh": "论断",
            "text_en": "claim",
        }
    )
    belt = Belt(
        name="small",
        title=Bilingual("小带", "Small belt"),
        classification="five",
        money_unit="1e8 CNY",
        regions=_regions(),
        industries=_industries(),
        activity=_cube([2012, 2017]),
        indicators=_indicators([EARLIER, INDICATORS]),
        indicator_specs=_specs(),
        indicator_years=_observed(),
        national={"2017_six": national_table()},
        roadmap_claims=claims,
        reaches={"lower": Bilingual("下游", "Lower"), "upper": Bilingual("上游", "Upper")},
    )
    return replace(belt, **changes)
