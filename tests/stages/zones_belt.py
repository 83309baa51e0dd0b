"""Three regions in a row with two counties each, and zones whose roles can be said by hand."""

import numpy as np
import pandas as pd
import xarray as xr

from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.model.result import Result, ResultTable

REGIONS = ["A", "B", "C"]
INDUSTRIES = ["16", "20", "31"]


def _zones():
    rows = [
        # zone, region, place, level, industries, area, lon
        ("a1", "A", "A1", "provincial", "电子", 100.0, 110.0),
        ("a2", "A", "A2", "national", "电子;机械", 60.0, 110.9),
        ("a3", "A", "A2", "national", "电子", 8.0, 110.95),
        ("b1", "B", "B1", "provincial", "电子", 50.0, 111.1),
        ("b2", "B", "B2", "national", "软件", 500.0, 111.9),
        ("b3", "B", "", "provincial", "机械;怪词", 40.0, np.nan),
        ("c1", "C", "C1", "provincial", "机械", 70.0, 112.1),
    ]
    columns = ["zone", "region", "place", "level", "industries", "area", "lon"]
    frame = pd.DataFrame(rows, columns=columns).assign(lat=30.0, group="", type="", approved="")
    frame["name_zh"] = "区" + frame["zone"]
    frame["name_en"] = "Zone " + frame["zone"]
    return frame.assign(location="", location_grade="A").set_index("zone")


def zones_belt(**changes):
    """Return the belt; ``changes`` replace its parts."""
    places = pd.DataFrame(
        {
            "place": ["A1", "A2", "B1", "B2", "C1", "C2"],
            "region": ["A", "A", "B", "B", "C", "C"],
            "group": ["GA", "GA", "GB1", "GB2", "GC", "GC"],
            "lon": [110.0, 110.9, 111.1, 111.9, 112.1, 113.0],
            "lat": 30.0,
            "area_km2": 900.0,
        }
    )
    places["name_zh"] = "县" + places["place"]
    places["name_en"] = "County " + places["place"]
    regions = pd.DataFrame(
        {"name_zh": ["甲", "乙", "丙"], "name_en": REGIONS, "in_belt": True, "reach": "lower"},
        index=pd.Index(REGIONS, name="region"),
    )
    industries = pd.DataFrame(
        {
            "name_zh": ["机械", "电子", "软件"],
            "name_en": ["Machines", "Electronics", "Software"],
            "manufacturing": [True, True, False],
            "advanced": [True, True, False],
            "materials": False,
        },
        index=pd.Index(INDUSTRIES, name="industry"),
    )
    touch = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=bool)
    activity = xr.DataArray(
        np.array([[[[10.0], [20.0], [5.0]], [[30.0], [40.0], [5.0]], [[50.0], [0.0], [5.0]]]]),
        coords={
            "year": [2017], "region": REGIONS, "industry": INDUSTRIES, "variable": ["output"]
        },
        dims=("year", "region", "industry", "variable"),
    )  # fmt: skip
    parts = {
        "name": "row",
        "title": Bilingual("一行", "Row"),
        "classification": "io42",
        "money_unit": "1e8 CNY",
        "regions": regions,
        "industries": industries,
        "activity": activity,
        "neighbours": pd.DataFrame(touch, index=REGIONS, columns=REGIONS),
        "places": places.set_index("place"),
        "place_neighbours": pd.DataFrame(
            {"place_from": ["A1", "A2", "B1", "B2", "C1"],
             "place_to": ["A2", "B1", "B2", "C1", "C2"]}
        ),
        "zones": _zones(),
        "zone_terms": pd.DataFrame(
            {"term": ["电子", "机械", "软件"], "industry": ["20", "16", "31"], "weight": 1.0}
        ),
    }  # fmt: skip
    return Belt(**{**parts, **changes})


def planned():
    """Return a plan: electronics in A and B led by A, machines in C alone."""
    clusters = pd.DataFrame(
        {"cluster": ["20a", "16a"], "industry": ["20", "16"], "lead": ["A", "C"]}
    )
    assignments = pd.DataFrame(
        {
            "cluster": ["20a", "20a", "16a"],
            "region": ["B", "A", "C"],
            "industry": ["20", "20", "16"],
            "role": ["partner", "lead", "lead"],
        }
    )
    return Result(
        "plan",
        {
            "clusters": ResultTable("clusters", clusters, "D"),
            "assignments": ResultTable("assignments", assignments, "D"),
        },
    )
