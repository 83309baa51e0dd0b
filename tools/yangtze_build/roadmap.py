"""The published roadmap that ships as the first case: 14 named industries and their parents."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from yangtze_build.common import Log, read_table
from yangtze_build.national import parents

# Divisions of GB/T 4754-2017 and the industry of io42 they belong to.
_DIVISIONS = {
    "06": (13, 14, 15, 16),
    "07": (17,),
    "08": (18, 19),
    "09": (20, 21),
    "10": (22, 23, 24),
    "11": (25,),
    "12": (26, 27, 28, 29),
    "13": (30,),
    "14": (31, 32),
    "15": (33,),
    "16": (34,),
    "17": (35,),
    "18": (36, 37),
    "19": (38,),
    "20": (39,),
    "21": (40,),
    "22": (41, 42),
    "23": (43,),
}
_REACHES = {"downstream": "lower", "midstream": "middle", "upstream": "upper"}
_NAMES = {  # name in the source -> cluster
    "computers and electronic equipment": "electronics",
    "artificial intelligence": "artificial_intelligence",
    "biomedicine": "biomedicine",
    "integrated circuits": "integrated_circuits",
    "high-end equipment": "high_end_equipment",
    "new materials": "new_materials",
    "advanced rail transit equipment": "rail_transit",
    "new energy vehicles": "new_energy_vehicles",
    "CNC electromechanical equipment": "cnc_equipment",
    "energy conservation": "energy_conservation",
    "environmental protection": "environmental_protection",
    "chemical industry with clean energy": "clean_chemicals",
    "mechatronics": "mechatronics",
    "clean energy equipment": "clean_energy_equipment",
}


def build_roadmap(source: Path, log: Log) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the roadmap and its claims, checked against the mapping to GB/T classes."""
    roadmap = read_table("roadmap.csv")
    listed = pd.read_csv(source / "classification" / "roadmap_li2020_to_gbt4754.csv", dtype=str)
    parent = {str(code): key for key, codes in _DIVISIONS.items() for code in codes}
    listed["industry"] = listed["gbt_code"].str[:2].map(parent)
    listed["reach"] = listed["reach"].map(_REACHES)
    listed["cluster"] = listed["cluster"].map(_NAMES)
    expected = listed.groupby("cluster")["industry"].agg(lambda codes: set(codes))
    found = roadmap.groupby("cluster")["industry"].agg(lambda codes: set(codes))
    for name in sorted(set(expected.index) | set(found.index)):
        log.require(
            expected.get(name) == found.get(name),
            f"roadmap {name}: parents {found.get(name)}, classes say {expected.get(name)}",
        )
    reaches = dict(zip(listed["cluster"], listed["reach"], strict=True))
    log.require(len(reaches) == 14, f"roadmap: {len(reaches)} named industries, not 14")
    log.require(
        bool((roadmap["cluster"].map(reaches) == roadmap["reach"]).all()), "roadmap: reaches differ"
    )
    weight = roadmap["weight"].astype(float).groupby(roadmap["cluster"]).sum()
    log.require(bool(((weight - 1).abs() < 1e-9).all()), "roadmap: weights do not sum to 1")
    for column, classes in (("sectors", "149"), ("sectors_153", "153")):
        of = parents(classes)
        for row in roadmap.to_dict("records"):
            wrong = [code for code in row[column].split(";") if of.get(code) != row["industry"]]
            log.require(not wrong, f"roadmap {row['cluster']}: {wrong} not in {row['industry']}")
    return roadmap, read_table("roadmap_claims.csv")
