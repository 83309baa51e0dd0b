"""What the clusters stage says of its areas: chance, area cost, space, linkages, groups."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.clusters import ClustersSection
from clusterbelt.config.scope import Scope
from clusterbelt.io.read_belt import read_belt
from clusterbelt.kernels.graph import is_connected
from clusterbelt.stages import clusters

EVIDENCE = (
    "significance", "area_cost_sensitivity", "nested_areas", "wider_areas", "spatial_statistics",
    "local_statistics", "power", "linkages", "groups", "group_scores", "roadmap_groups",
    "group_areas",
)  # fmt: skip


@pytest.fixture(scope="module")
def yangtze():
    belt = read_belt("yangtze", "io42")
    return belt, clusters.run(belt, {}, ClustersSection(), Scope())


def test_every_table_of_evidence_is_there_and_has_rows(yangtze):
    _, result = yangtze
    for name in EVIDENCE:
        frame = result.frame(name)
        assert len(frame), name
        assert set(frame["grade"]) <= {"A", "B", "C", "D"}


def test_significance_is_of_the_areas_and_adjusted(yangtze):
    _, result = yangtze
    chance = result.frame("significance")
    assert chance["area"].tolist() == result.frame("areas")["area"].tolist()
    for null in ("dispersed", "arrangement"):
        p, q = chance[f"p_{null}"], chance[f"q_{null}"]
        assert p.between(1 / 1000, 1.0).all()
        assert (q >= p).all()
    assert result.values["significant_areas"].value == int((chance["q_dispersed"] <= 0.05).sum())


def test_nested_areas_are_nested_and_connected(yangtze):
    belt, result = yangtze
    codes = belt.belt_regions
    adjacency = belt.neighbours.loc[codes, codes].to_numpy(bool)
    for _, own in result.frame("nested_areas").groupby("industry"):
        assert own["level"].tolist() == list(range(len(own)))
        sets = [set(members.split(";")) for members in own["members"]]
        assert all(later < earlier for earlier, later in pairwise(sets))
        for members in sets:
            assert is_connected(np.isin(codes, list(members)), adjacency)


def test_sensitivity_holds_the_areas_at_the_usual_cost(yangtze):
    _, result = yangtze
    first = result.frame("areas").query("rank == 1").set_index("industry")
    grid = result.frame("area_cost_sensitivity")
    usual = grid[grid["area_cost_share"] == 0.01].set_index("industry")
    assert usual.loc[first.index, "members"].tolist() == first["members"].tolist()
    assert (usual.loc[first.index, "overlap"] == 1.0).all()
    heavy = grid.sort_values("area_cost_share").groupby("industry")["weight_share"]
    assert all((own.diff().dropna() <= 1e-12).all() for _, own in heavy)


def test_groups_hold_every_manufacturing_industry_once(yangtze):
    belt, result = yangtze
    groups = result.frame("groups")
    own = groups[groups["level"] == "industry"]
    assert own["code"].is_unique
    assert set(own["code"]) <= set(belt.industries.index[belt.industries["manufacturing"]])
    scores = result.frame("group_scores")
    chosen = scores[scores["chosen"] & (scores["level"] == "industry")]
    assert chosen["groups"].unique().tolist() == [own["group"].nunique()]
    placed = result.frame("roadmap_groups")
    shares = placed.groupby(["level", "reach", "cluster"])["share"].sum()
    assert (shares <= 1.0 + 1e-9).all()
    assert placed["cluster"].nunique() == belt.roadmap["cluster"].nunique()


def test_the_wider_area_weighs_no_less_than_the_belts(yangtze):
    _, result = yangtze
    wide = result.frame("wider_areas").set_index("industry")["weight_share"]
    chance = result.frame("significance").groupby("industry")["weight_share"].max()
    assert (wide.loc[chance.index] >= chance - 1e-12).all()


def test_the_same_seed_gives_the_same_evidence(yangtze):
    belt, result = yangtze
    again = clusters.run(belt, {}, ClustersSection(), Scope())
    for name in EVIDENCE:
        pd.testing.assert_frame_equal(result.frame(name), again.frame(name))


def test_a_given_number_of_groups_is_taken():
    belt = read_belt("yangtze", "io42")
    section = ClustersSection(groups=3, permutations=99, group_draws=0)
    groups = clusters.run(belt, {}, section, Scope()).frame("groups")
    assert groups.loc[groups["level"] == "industry", "group"].nunique() == 3
