"""A synthetic finished run with every table of the contract; figures drawn from one seed."""

from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from clusterbelt.config.study import Study
from clusterbelt.core.errors import Issue, Place
from clusterbelt.model.belt import Bilingual
from clusterbelt.model.result import Message, Result, ResultTable, ResultValue
from clusterbelt.model.run_view import RunView
from report.fixture_advantage import more_tables
from report.fixture_demand import more_coordination, more_demand
from report.fixture_foundation import uncertainty
from report.fixture_interregional import interregional
from report.fixture_past import past_results
from report.fixture_robustness import robustness
from report.fixture_zones import zone_results

_REGIONS = """
11 北京 Beijing 116.41 39.90 -
12 天津 Tianjin 117.20 39.08 -
13 河北 Hebei 114.51 38.04 -
14 山西 Shanxi 112.55 37.87 -
15 内蒙古 Inner_Mongolia 111.75 42.5 -
21 辽宁 Liaoning 123.43 41.80 -
22 吉林 Jilin 125.32 43.82 -
23 黑龙江 Heilongjiang 126.53 46.80 -
31 上海 Shanghai 121.47 31.23 lower
32 江苏 Jiangsu 119.40 33.00 lower
33 浙江 Zhejiang 120.16 29.50 lower
34 安徽 Anhui 117.23 31.82 lower
35 福建 Fujian 118.30 26.07 -
36 江西 Jiangxi 115.86 27.68 middle
37 山东 Shandong 118.20 36.35 -
41 河南 Henan 113.63 34.25 -
42 湖北 Hubei 112.61 31.00 middle
43 湖南 Hunan 111.94 27.73 middle
44 广东 Guangdong 113.26 23.13 -
45 广西 Guangxi 108.37 23.32 -
46 海南 Hainan 110.20 19.50 -
50 重庆 Chongqing 107.55 29.87 upper
51 四川 Sichuan 103.07 30.57 upper
52 贵州 Guizhou 106.63 26.85 upper
53 云南 Yunnan 101.83 24.88 upper
54 西藏 Tibet 90.17 30.65 -
61 陕西 Shaanxi 108.94 34.84 -
62 甘肃 Gansu 103.83 36.06 -
63 青海 Qinghai 97.78 35.62 -
64 宁夏 Ningxia 106.23 38.49 -
65 新疆 Xinjiang 87.62 42.83 -
"""
_INDUSTRIES = """
01|农林牧渔产品和服务|Agriculture, forestry, livestock, fishery|000
06|食品和烟草|Food and tobacco|100
07|纺织品|Textiles|100
08|纺织服装鞋帽皮革羽绒及其制品|Clothing, footwear, leather|100
09|木材加工品和家具|Wood products and furniture|100
10|造纸印刷和文教体育用品|Paper, printing, culture and sports goods|100
11|石油、炼焦产品和核燃料加工品|Refined petroleum, coke, nuclear fuel|100
12|化学产品|Chemicals (including medicines)|111
13|非金属矿物制品|Non-metallic mineral products|101
14|金属冶炼和压延加工品|Metal smelting and rolling|101
15|金属制品|Metal products|101
16|通用设备|General equipment|110
17|专用设备|Special equipment|110
18|交通运输设备|Transport equipment|110
19|电气机械和器材|Electrical machinery|110
20|通信设备、计算机和其他电子设备|Computers, communication, electronics|110
21|仪器仪表|Instruments|110
22|其他制造产品和废品废料|Other manufacturing and waste recovery|100
31|信息传输、软件和信息技术服务|Information and software services|000
"""
PHASES = (("near", 2025), ("middle", 2030), ("far", 2035))
DIMENSIONS = (
    "resources",
    "economy",
    "education",
    "science_technology",
    "manufacturing",
    "advanced_manufacturing",
)


def _regions():
    rows = [line.split() for line in _REGIONS.strip().splitlines()]
    return pd.DataFrame(
        {
            "name_zh": [row[1] for row in rows],
            "name_en": [row[2].replace("_", " ") for row in rows],
            "in_belt": [row[5] != "-" for row in rows],
            "reach": [row[5].replace("-", "") for row in rows],
            "lon": [float(row[3]) for row in rows],
            "lat": [float(row[4]) for row in rows],
        },
        index=pd.Index([row[0] + "0000" for row in rows], name="region"),
    )


def _industries():
    rows = [line.split("|") for line in _INDUSTRIES.strip().splitlines()]
    flags = {
        name: [row[3][place] == "1" for row in rows]
        for place, name in enumerate(("manufacturing", "advanced", "materials"))
    }
    return pd.DataFrame(
        {
            "name_zh": [row[1] for row in rows],
            "name_en": [row[2] for row in rows],
            **flags,
            "reason_zh": "示例",
            "reason_en": "example",
        },
        index=pd.Index([row[0] for row in rows], name="industry"),
    )


def _boundaries(regions):
    """Voronoi cells of the capitals: a gapless map without anybody's geometry."""
    points = shapely.multipoints(regions[["lon", "lat"]].to_numpy())
    frame = shapely.box(80, 18, 130, 50)
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    found = {}
    for region, lon, lat in zip(regions.index, regions["lon"], regions["lat"], strict=True):
        cell = next(c for c in cells if shapely.covers(c, shapely.Point(lon, lat)))
        oriented = shapely.orient_polygons(shapely.intersection(cell, frame))  # RFC 7946
        found[region] = shapely.geometry.mapping(oriented)
    return found


def _rank(values):
    return (-values).argsort().argsort() + 1


def _foundation(regions, rng):
    codes, belt = list(regions.index), regions["in_belt"].to_numpy()
    head_start = 0.25 * (regions["reach"] == "lower").to_numpy()
    scores = np.clip(rng.beta(2, 3, (len(codes), 6)) + head_start[:, None], 0, 1)
    equal = scores.mean(axis=1)
    entropy = np.clip(equal + rng.normal(0, 0.04, len(codes)), 0, 1)
    index = pd.DataFrame(
        {
            "region": codes,
            "reach": regions["reach"].to_numpy(),
            "in_belt": belt,
            "year": 2017,
            "index_equal": equal,
            "index_entropy": entropy,
            "rank_equal": _rank(equal),
            "rank_entropy": _rank(entropy),
            "index_benefit": np.clip(equal + 0.2, 0, 1),
        }
    )
    for kind in ("equal", "entropy", "benefit"):
        index[f"belt_rank_{kind}"] = index.loc[belt, f"index_{kind}"].rank(ascending=False)
    parts = []
    for place, dimension in enumerate(DIMENSIONS):
        column = pd.Series(scores[:, place])
        parts.append(
            pd.DataFrame(
                {
                    "region": codes,
                    "year": 2017,
                    "dimension": dimension,
                    "score": column,
                    "rank": column.rank(ascending=False),
                    "belt_rank": column[belt].rank(ascending=False),
                }
            )
        )
    dimensions = pd.concat(parts, ignore_index=True)
    dimensions.loc[(dimensions["region"] == "530000") & (dimensions.index < 31), "score"] = np.nan
    indicators = pd.DataFrame(
        {
            "region": codes,
            "year": 2017,
            "indicator": "gdp_per_head",
            "dimension": "economy",
            "raw": equal * 1e5,
            "normalised": equal,
            "weight_equal": 0.25,
            "weight_entropy": 0.31,
            "observed_year": 2017,
            "grade": "A",
        }
    )
    values = {"rank_correlation_equal_entropy": ResultValue(0.93, "C")}
    return Result(
        "foundation",
        {
            "index": ResultTable("index", index, "C"),
            "dimensions": ResultTable("dimensions", dimensions, "C"),
            "indicators": ResultTable("indicators", indicators, "A"),
            **uncertainty(index, dimensions, np.random.default_rng(3)),
        },
        values=values | {"draws": ResultValue(1000, "D")},
        messages=(Message("report.grade.A.name"),),
    )


def _advantage(regions, industries, rng):
    codes = list(regions.index)
    output = np.exp(rng.normal(5.5, 1.0, (len(codes), len(industries))))
    output[0, 3] = 0.0
    shares = output / output.sum(axis=1, keepdims=True)
    reference = output.sum(axis=0) / output.sum()
    quotient = shares / reference
    belt = regions["in_belt"].to_numpy()
    grid = pd.MultiIndex.from_product(
        [codes, industries.index], names=["region", "industry"]
    ).to_frame(index=False)
    table = pd.DataFrame(
        {
            "region": grid["region"],
            "reach": regions["reach"].reindex(grid["region"]).to_numpy(),
            "in_belt": regions["in_belt"].reindex(grid["region"]).to_numpy(),
            "industry": grid["industry"],
            "activity": output.ravel(),
            "value_added": output.ravel() * 0.25,
            "share_region": shares.ravel(),
            "share_reference": (output / output.sum(axis=0)).ravel(),
            "location_quotient_all": quotient.ravel(),
            "location_quotient_belt": np.where(belt[:, None], quotient * 1.05, np.nan).ravel(),
            "excess_value_added": ((quotient - 1) * 40).ravel(),
            "fit": rng.normal(0, 1, output.size),
            "grade": "A",
        }
    )
    making = industries.index[industries["manufacturing"]]
    intensity = pd.DataFrame(rng.normal(0, 1, (len(making), 3)), columns=["a", "b", "c"])
    factors = ("labour", "capital", "technology")
    factor_intensity = pd.DataFrame({"industry": making})
    for place, factor in enumerate(factors):
        factor_intensity[factor] = np.abs(intensity.iloc[:, place]) / 4
        factor_intensity[f"{factor}_z"] = intensity.iloc[:, place]
    strongest = intensity.to_numpy().argmax(axis=1)
    factor_intensity["strongest"] = [factors[place] for place in strongest]
    factor_intensity["grade"] = "B"
    reach_factor = pd.DataFrame(
        [
            (reach, factor, value, 0.05, value - 0.05, claim, verdict, "C")
            for reach, factor, value, claim, verdict in (
                ("lower", "labour", -0.10, 0, "no_claim"),
                ("lower", "capital", 0.21, 1, "supported"),
                ("lower", "technology", 0.32, 1, "supported"),
                ("middle", "labour", 0.03, 0, "no_claim"),
                ("middle", "capital", -0.08, 0, "no_claim"),
                ("middle", "technology", 0.02, 0, "no_claim"),
                ("upper", "labour", 0.01, 1, "not_supported"),
                ("upper", "capital", 0.11, 0, "no_claim"),
                ("upper", "technology", -0.21, 0, "no_claim"),
            )
        ],
        columns=[
            "reach",
            "factor",
            "intensity",
            "national",
            "difference",
            "claim",
            "verdict",
            "grade",
        ],
    )
    return Result(
        "advantage",
        {
            "advantage": ResultTable("advantage", table, "A", {"activity": "1e8 CNY"}),
            "factor_intensity": ResultTable("factor_intensity", factor_intensity, "B"),
            "reach_factor": ResultTable("reach_factor", reach_factor, "C"),
            **more_tables(regions, industries),
        },
    )


# industry -> clusters as (members with the lead first, start phase)
_PLAN = {
    "12": [(["320000", "310000", "330000"], 0), (["420000", "430000"], 1)],
    "13": [(["340000", "360000"], 1)],
    "14": [(["360000", "430000"], 0), (["530000", "520000"], 1)],
    "16": [(["330000", "310000"], 1)],
    "17": [(["430000"], 0), (["320000"], 2)],
    "18": [(["420000", "500000"], 0), (["310000", "340000"], 2)],
    "19": [(["330000", "340000", "360000"], 0)],
    "20": [(["320000", "310000"], 0), (["500000", "510000", "520000"], 0)],
    "21": [(["320000"], 1)],
}


def _cluster_evidence(areas):
    codes = list(_PLAN)
    significance = pd.DataFrame(
        {
            "area": [row["area"] for row in areas],
            "industry": [row["industry"] for row in areas],
            "q_dispersed": np.linspace(0.001, 0.9, len(areas)),
            "q_arrangement": np.linspace(0.2, 1.0, len(areas)),
            "significant": [place < 2 for place in range(len(areas))],
            "permutations": 999,
        }
    )
    pairs = [(a, b) for place, a in enumerate(codes) for b in codes[place + 1 :]]
    linkages = pd.DataFrame(pairs, columns=["code_from", "code_to"]).assign(
        level="industry",
        trade=np.linspace(0.01, 0.4, len(pairs)),
        colocation=np.linspace(-0.3, 0.8, len(pairs)),
        combined=np.linspace(-1.0, 2.0, len(pairs)),
    )
    groups = pd.DataFrame(
        {"level": "industry", "group": ["G1"] * 4 + ["G2"] * (len(codes) - 4), "code": codes}
    )
    local = pd.DataFrame(
        [
            ("belt", industry, region, kind, p, min(1.0, 3 * p))
            for industry in codes
            for region, kind, p in (
                ("310000", "high_high", 0.01),
                ("500000", "low_low", 0.04),
                ("360000", "high_low", 0.3),
            )
        ],
        columns=["scope", "industry", "region", "kind", "p_moran", "q_moran"],
    )
    scores = pd.DataFrame(
        {
            "level": "industry",
            "groups": [2, 2],
            "evidence": ["trade", "combined"],
            "best_placed": [0.5, 0.75],
            "overall": [0.5, 0.7],
            "stability": [np.nan, 0.4],
            "chosen": [False, True],
        }
    )
    named = pd.DataFrame(
        {
            "level": "industry",
            "group": ["G1", "G2"],
            "name_zh": ["电子", "新材料"],
            "name_en": ["Electronics", "New materials"],
            "share": [1.0, 0.6],
        }
    )
    frames = {
        "significance": significance,
        "group_scores": scores,
        "roadmap_groups": named,
        "linkages": linkages,
        "groups": groups,
        "local_statistics": local,
    }
    return {name: ResultTable(name, frame, "C") for name, frame in frames.items()}


def _clusters(rng):
    areas, members = [], []
    for industry, clusters in _PLAN.items():
        for place, (regions, _) in enumerate(clusters):
            activity = np.sort(rng.uniform(500, 9000, len(regions)))[::-1]
            cross = len(regions) > 1
            areas.append(
                {
                    "area": f"{industry}-{place + 1}",
                    "industry": industry,
                    "rank": place + 1,
                    "weight": activity.sum() * 0.3,
                    "regions": len(regions),
                    "members": ";".join(regions),
                    "core_region": regions[0],
                    "activity": activity.sum(),
                    "belt_share": rng.uniform(0.2, 0.6),
                    "cross_border": cross,
                    "cross_border_share": 1 - activity[0] / activity.sum(),
                    "border_cost_share": 1 - 1 / len(regions),
                    "objective_bound": activity.sum() * 0.3,
                    "proven_optimal": True,
                    "grade": "C",
                }
            )
            members += [
                {
                    "area": f"{industry}-{place + 1}",
                    "industry": industry,
                    "region": region,
                    "reach": "lower",
                    "activity": value,
                    "excess": value * 0.2,
                    "role": "member" if number else "core",
                }
                for number, (region, value) in enumerate(zip(regions, activity, strict=True))
            ]
    tables = {
        "areas": ResultTable("areas", pd.DataFrame(areas), "C"),
        "members": ResultTable("members", pd.DataFrame(members), "C"),
        **_cluster_evidence(areas),
    }
    return Result("clusters", tables, {"border_cost_share": ResultValue(0.37, "C")})


def _demand(regions, industries, rng):
    making = list(industries.index[industries["manufacturing"]])
    years = (2017, 2020, 2025, 2030, 2035)
    growth = dict(zip(making, rng.uniform(0.025, 0.06, len(making)), strict=True))
    required = pd.DataFrame(
        [
            (year, industry, 1e5 * (1 + growth[industry]) ** (year - 2017), 0.0)
            for year in years
            for industry in making
        ],
        columns=["year", "industry", "output", "index"],
    )
    required["index"] = required["output"] / 1e5
    ceilings = pd.DataFrame(
        [
            (
                industry,
                year,
                2e5,
                0.45,
                9e4,
                9e4 + ceiling * (year - 2017) / 18,
                ceiling * (year - 2017) / 18,
            )
            for industry, ceiling in zip(making, rng.uniform(2500, 12000, len(making)), strict=True)
            for year in years[1:]
        ],
        columns=[
            "industry",
            "year",
            "national_output",
            "belt_share",
            "baseline_output",
            "attainable_output",
            "ceiling",
        ],
    ).assign(grade="D")
    ceilings["from_imports"] = 0.3 * ceilings["ceiling"]
    ceilings["from_market"] = 0.7 * ceilings["ceiling"]
    return Result(
        "demand",
        {
            "required_output": ResultTable("required_output", required, "C"),
            "ceilings": ResultTable("ceilings", ceilings, "D"),
            **more_demand(regions, industries, np.random.default_rng(21)),
        },
    )


def _plan_tables(regions, rng):
    clusters, assignments, trajectory, core = [], [], [], []
    for industry, entries in _PLAN.items():
        for letter, (members, start) in zip("ab", entries, strict=False):
            name = f"{industry}{letter}"
            reaches = list(dict.fromkeys(regions.at[region, "reach"] for region in members))
            added = rng.uniform(150, 1500, len(members))
            head = {"cluster": name, "industry": industry, "phase": PHASES[start][0]}
            clusters.append(
                head
                | {
                    "start_phase": start,
                    "reaches": ";".join(reaches),
                    "members": ";".join(members),
                    "lead": members[0],
                    "regions": len(members),
                    "cross_border": len(members) > 1,
                    "cross_reach": len(reaches) > 1,
                    "value": added.sum() * 2.2,
                    "added_output": added.sum(),
                    "added_value_added": added.sum() * 0.24,
                    "grade": "D",
                }
            )
            core += [
                {
                    "reach": reach,
                    "industry": industry,
                    "cluster": name,
                    "phase": PHASES[start][0],
                    "lead": members[0],
                    "partners": ";".join(members[1:]),
                    "grade": "D",
                }
                for reach in reaches
            ]
            for number, (region, value) in enumerate(zip(members, added, strict=True)):
                assignments.append(
                    head
                    | {
                        "region": region,
                        "reach": regions.at[region, "reach"],
                        "role": ("lead", "partner", "supplier")[min(number, 2)],
                        "start_phase": start,
                        "readiness": rng.uniform(0.4, 0.99),
                        "location_quotient": rng.uniform(0.7, 2.6),
                        "baseline_output": value * 10,
                        "added_output": value,
                        "grade": "D",
                    }
                )
                for place, (phase, year) in enumerate(PHASES):
                    ramp = (0.4, 0.8, 1.0)[place - start] if place >= start else 0.0
                    trajectory.append(
                        {
                            "cluster": name,
                            "region": region,
                            "industry": industry,
                            "phase": phase,
                            "end_year": year,
                            "added_output": value * ramp,
                            "added_value_added": value * ramp * 0.24,
                            "investment": value * ramp * 1.2,
                            "grade": "D",
                        }
                    )
    return {
        "clusters": pd.DataFrame(clusters),
        "assignments": pd.DataFrame(assignments),
        "trajectory": pd.DataFrame(trajectory),
        "reach_core": pd.DataFrame(core),
    }


def _fragmentation():
    joint, rows = 21450.0, []
    for belief, parts in (
        ("own_share", (820.0, 95.0, 310.0)),
        ("whole_market", (510.0, 2300.0, 310.0)),
    ):
        lost = sum(parts)
        rows.append(
            {
                "belief": belief,
                "joint_value": joint,
                "alone_value": joint - lost,
                "difference": lost,
                "price": lost / joint,
                "price_without_rules": lost / joint + 0.01,
                **dict(zip(("allocation", "overcapacity", "synergy"), parts, strict=True)),
                **{
                    f"{name}_share": part / joint
                    for name, part in zip(
                        ("allocation", "overcapacity", "synergy"), parts, strict=True
                    )
                },
                "grade": "D",
            }
        )
    return pd.DataFrame(rows)


def _plan(regions, rng):
    frames = _plan_tables(regions, rng)
    assigned = frames["assignments"]
    frames["readiness"] = assigned[
        ["region", "industry", "readiness", "location_quotient", "grade"]
    ].copy()
    frames["alone"] = assigned.assign(belief="own_share", end_year=2035)[
        ["belief", "region", "industry", "phase", "end_year", "added_output", "grade"]
    ]
    frames["fragmentation"] = _fragmentation()
    frames["fragmentation_reach"] = _fragmentation().assign(price=0.05)
    frames["binding"] = pd.DataFrame(
        {
            "constraint": ["demand_ceiling", "maximum_core"],
            "subject": ["20", "320000"],
            "limit": [4000.0, 4.0],
            "used": [4000.0, 4.0],
        }
    )
    grades = {"readiness": "C"}
    tables = {
        name: ResultTable(name, frame, grades.get(name, "D")) for name, frame in frames.items()
    }
    values = {
        "joint_value": ResultValue(21450.0, "D", "1e8 CNY"),
        "candidates": ResultValue(912, "C"),
        "gap": ResultValue(0.0, "C"),
        "cost_of_rules": ResultValue(530.0, "D", "1e8 CNY"),
        "joint_value_unrestricted": ResultValue(21980.0, "D", "1e8 CNY"),
        "readiness_cells": ResultValue(527, "C"),
        "readiness_auc_in_sample": ResultValue(0.957, "C"),
    }
    return Result("plan", tables, values)


def _coordination(regions, rng):
    belt = [str(code) for code in regions.index[regions["in_belt"]]]
    pairs = [(a, b) for place, a in enumerate(belt) for b in belt[place + 1 :]]
    before = rng.uniform(0.45, 0.97, len(pairs))
    similarity = pd.DataFrame(pairs, columns=["region_a", "region_b"])
    similarity["before"] = before
    similarity["without_plan"] = np.clip(before + 0.004, 0, 1)
    similarity["after"] = np.clip(before + rng.normal(-0.01, 0.02, len(pairs)), 0, 1)
    duplication = pd.DataFrame(
        {
            "industry": list(_PLAN),
            "specialised_regions_before": rng.integers(1, 8, len(_PLAN)),
            "core_regions_after": [sum(len(c[0]) for c in entry) for entry in _PLAN.values()],
            "clusters_after": [len(entry) for entry in _PLAN.values()],
        }
    )
    chosen = rng.choice(len(pairs), 24, replace=False)
    matches = pd.DataFrame(
        [
            {
                "region_from": pairs[place][0],
                "region_to": pairs[place][1],
                "industry": list(_PLAN)[place % len(_PLAN)],
                "bought_outside": 900.0 - 20 * number,
                "supplier_location_quotient": 1.1 + 0.05 * number,
                "supplier_room": 700.0,
                "value": 640.0 - 18 * number,
                "distance_km": 300.0 + 40 * number,
                "grade": "C",
            }
            for number, place in enumerate(chosen)
        ]
    )
    return Result(
        "coordination",
        {
            "similarity": ResultTable("similarity", similarity, "C"),
            "duplication": ResultTable("duplication", duplication, "C"),
            "matches": ResultTable("matches", matches, "C"),
            **more_coordination(regions, list(_PLAN), np.random.default_rng(22)),
        },
    )


def _audit():
    lines = """
    lower|ic|集成电路|Integrated circuits|20|320000|2.2|3|yes|supported
    lower|bio|生物医药|Biomedicine|12|320000|1.3|2|partly|mixed
    middle|rail|轨道交通|Rail equipment|18|420000|1.9|2|yes|supported
    middle|mat|新材料|New materials|12;13;14|360000|1.6|2|partly|mixed
    upper|ai|人工智能|Artificial intelligence|||nan|0|none|not_testable
    upper|auto|汽车|Vehicles|18|500000|0.8|0|none|not_supported
    """
    rows = [line.strip().split("|") for line in lines.strip().splitlines()]
    columns = ["reach", "cluster", "name_zh", "name_en", "industries", "best_region"]
    columns += ["best_location_quotient", "specialised_regions", "in_plan", "verdict"]
    frame = pd.DataFrame(rows, columns=columns).assign(reason="most_own", regions=4, grade="B")
    frame["best_location_quotient"] = frame["best_location_quotient"].astype(float)
    frame["specialised_regions"] = frame["specialised_regions"].astype(int)
    return Result("audit", {"audit": ResultTable("audit", frame, "B")})


def _manifest(results):
    return {
        "format": 1,
        "complete": True,
        "clusterbelt": "0.1.0",
        "python": "3.12.0",
        "libraries": {"numpy": "2.3.0", "pandas": "3.0.0"},
        "code": "0123456789abcdef" * 4,
        "belt": {"name": "yangtze", "fingerprint": "fedcba9876543210" * 4},
        "study": "yangtze",
        "seed": 20200,
        "stages": list(results),
        "keys": dict.fromkeys(results, "00ff" * 16),
    }


def build_run(folder=Path("run"), without=()):
    """Return a finished run; ``without`` names stages (or "stage.table") that it lacks."""
    rng = np.random.default_rng(7)
    regions, industries = _regions(), _industries()
    every = (
        _foundation(regions, rng),
        _advantage(regions, industries, rng),
        _clusters(rng),
        _demand(regions, industries, rng),
        plan := _plan(regions, rng),
        robustness(regions, industries, plan),
        _coordination(regions, rng),
        *past_results(regions, industries),
        _audit(),
        *zone_results(regions, industries, plan),
        interregional(regions, industries, np.random.default_rng(11)),
    )
    results = {}
    for result in every:
        tables = {
            name: table
            for name, table in result.tables.items()
            if f"{result.stage}.{name}" not in without
        }
        if result.stage not in without:
            results[result.stage] = Result(result.stage, tables, result.values, result.messages)
    specs = pd.DataFrame(
        {
            "name_zh": ["人均地区生产总值"],
            "name_en": ["GDP per head"],
            "dimension": ["economy"],
            "unit": ["CNY / persons"],
            "direction": [1],
            "denominator": ["population"],
            "grade": ["A"],
            "source": ["yearbook"],
        },
        index=pd.Index(["gdp_per_head"], name="indicator"),
    )
    return RunView(
        folder=folder,
        manifest=_manifest(results),
        study=Study().model_dump(mode="json"),
        title=Bilingual("长江经济带", "Yangtze River Economic Belt"),
        money_unit="1e8 CNY",
        reaches={
            "lower": Bilingual("下游", "Lower reach"),
            "middle": Bilingual("中游", "Middle reach"),
            "upper": Bilingual("上游", "Upper reach"),
        },
        regions=regions,
        industries=industries,
        results=results,
        indicator_specs=specs,
        boundaries=None if "boundaries" in without else _boundaries(regions),
        sources=pd.DataFrame(
            {
                "variable": ["output"],
                "publication": ["Regional input-output tables"],
                "year": ["2017"],
                "unit": ["1e4 CNY"],
                "conversion": ["0.0001"],
            }
        ),
        issues=(
            Issue(
                "run_table_unreadable",
                Place(file="indicators.csv", row=12, column="value"),
                severity="warning",
            ),
        ),
    )
