"""Made-up zones of the synthetic run, and the stages that read them, run on it."""

import numpy as np
import pandas as pd
import xarray as xr

from clusterbelt.config.carriers import CarriersSection
from clusterbelt.config.scope import Scope
from clusterbelt.config.zones import ZonesSection
from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.stages.carriers import run as run_carriers
from clusterbelt.stages.zones import run as run_zones

TERMS = {"材料": "13", "装备": "16", "汽车": "18", "电子": "20", "化工": "12", "电气": "19"}


def zones_belt(regions, industries):
    """Return a belt with four zones in two counties of every region in it, on a ring of pairs."""
    rng = np.random.default_rng(11)
    belt = [str(code) for code in regions.index[regions["in_belt"]]]
    places = pd.DataFrame(
        [
            (f"{code[:2]}{k}", f"县{code[:2]}{k}", f"County {code[:2]}{k}", code, code,
             regions.at[code, "lon"] + 0.4 * k, regions.at[code, "lat"], 900.0)
            for code in belt
            for k in (1, 2)
        ],
        columns=["place", "name_zh", "name_en", "region", "group", "lon", "lat", "area_km2"],
    ).set_index("place")  # fmt: skip
    names = list(places.index)
    words = list(TERMS)
    zones = pd.DataFrame(
        [
            {
                "zone": f"Z{number:03d}",
                "name_zh": f"开发区{number}",
                "name_en": f"Zone {number}",
                "region": places.at[place, "region"],
                "industries": "、".join(rng.choice(words, 2, replace=False)),
                "level": "national" if number % 3 == 0 else "provincial",
                "type": "",
                "approved": "",
                "place": place,
                "group": "",
                "location": "",
                "location_grade": "A",
                "lon": places.at[place, "lon"] + rng.normal(0, 0.1),
                "lat": places.at[place, "lat"] + rng.normal(0, 0.1),
                "area": float(rng.integers(50, 2000)),
            }
            for number, place in enumerate(np.repeat(names, 2))
        ]
    ).set_index("zone")
    return Belt(
        name="made-up",
        title=Bilingual("示例", "Example"),
        classification="io42",
        money_unit="1e8 CNY",
        regions=regions,
        industries=industries,
        activity=xr.DataArray(
            rng.uniform(1, 9, (1, len(regions), len(industries), 1)),
            coords={
                "year": [2017],
                "region": list(regions.index),
                "industry": list(industries.index),
                "variable": ["output"],
            },
            dims=("year", "region", "industry", "variable"),
        ),
        places=places,
        place_neighbours=pd.DataFrame({"place_from": names, "place_to": names[1:] + names[:1]}),
        zones=zones,
        zone_terms=pd.DataFrame({"term": words, "industry": list(TERMS.values()), "weight": 1.0}),
    )


def zone_results(regions, industries, plan):
    """Return the results of the stages on zones for a plan."""
    belt = zones_belt(regions, industries)
    few = ZonesSection(simulations=19, industries=("18", "20"), area_cost=0.2)
    return (
        run_zones(belt, {}, few, Scope()),
        run_carriers(belt, {"plan": plan}, CarriersSection(), Scope()),
    )
