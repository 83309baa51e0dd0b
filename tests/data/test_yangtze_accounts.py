"""The committed dataset: accounts balance, totals are the published ones, codes are complete."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import clusterbelt

DATA = Path(clusterbelt.__file__).parent / "data" / "yangtze"
PARTS = ["compensation", "net_production_tax", "depreciation", "operating_surplus"]
DEMAND = [
    "rural_consumption",
    "urban_consumption",
    "government_consumption",
    "fixed_capital_formation",
    "inventory_change",
]
YEARS = {"io42": [2012, 2017], "common": [2002, 2007, 2012, 2017]}
SECTORS = {"io42": 42, "common": 37}
BELT_2017 = 37.43  # value added, 1e12 CNY
CASES = [(name, year) for name, years in YEARS.items() for year in years]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def table(request):
    name, year = request.param
    activity = pd.read_parquet(DATA / f"activity_{name}.parquet", filters=[("year", "=", year)])
    flows = pd.read_parquet(DATA / f"intermediate_{name}.parquet", filters=[("year", "=", year)])
    index = ["region", "industry"]
    wide = activity.pivot(index=index, columns="variable", values="value")
    return name, year, wide, flows


def _allowed(output):
    return np.maximum(1e-4 * output.abs(), 1e-5)


def test_rows_balance(table):
    _, _, wide, flows = table
    sold = flows.groupby(["region", "industry_from"])["value"].sum().rename_axis(wide.index.names)
    error = wide.get("statistical_error", 0.0)
    made = sold.reindex(wide.index, fill_value=0.0) + wide[DEMAND].sum(axis=1) + error
    gap = (made + wide["net_outflow"] - wide["output"]).abs()
    assert (gap <= _allowed(wide["output"])).all()


def test_columns_balance(table):
    _, _, wide, flows = table
    bought = flows.groupby(["region", "industry_to"])["value"].sum().rename_axis(wide.index.names)
    made = bought.reindex(wide.index, fill_value=0.0) + wide[PARTS].sum(axis=1)
    assert ((made - wide["output"]).abs() <= _allowed(wide["output"])).all()
    parts = wide[PARTS].sum(axis=1)
    assert ((parts - wide["value_added"]).abs() <= _allowed(wide["output"])).all()


def test_net_outflow_is_the_sum_of_its_parts_where_they_exist(table):
    _, year, wide, _ = table
    if year < 2012:
        assert not {"exports", "imports", "outflow", "inflow"} & set(wide.columns)
    else:
        net = wide["exports"] + wide["outflow"] - wide["imports"] - wide["inflow"]
        assert (net - wide["net_outflow"]).abs().max() < 1e-6


def test_every_province_has_every_industry(table):
    name, year, wide, _ = table
    regions = 30 if year < 2012 else 31
    assert len(wide) == regions * SECTORS[name]
    assert wide["output"].notna().all()
    assert (wide["output"] >= 0).all()
    assert ("540000" in wide.index.get_level_values("region")) == (year >= 2012)


def test_public_services_pay_wages_not_taxes(table):
    # The four parts of value added were in another order in some provinces of the source.
    name, _, wide, _ = table
    public = {"io42": ["39", "40", "42"], "common": ["c34", "c35", "c37"]}[name]
    total = wide[wide.index.get_level_values("industry").isin(public)].groupby("region").sum()
    assert (total["compensation"] > 0.5 * total["value_added"]).all()
    assert (total["net_production_tax"] < 0.2 * total["value_added"]).all()


def test_co2_has_thirty_provinces_and_no_repair(table):
    name, year, wide, _ = table
    if year == 2002:
        assert "co2" not in wide
        return
    by_region = wide["co2"].groupby("region").apply(lambda one: one.notna().sum())
    assert (by_region > 0).sum() == 30
    if name == "io42":
        assert wide["co2"].xs("23", level="industry").isna().all()
        assert wide["co2"].drop("540000", level="region").notna().sum() == 30 * 41


def test_both_classifications_have_the_same_totals():
    totals = {}
    for name in YEARS:
        activity = pd.read_parquet(DATA / f"activity_{name}.parquet")
        activity = activity[activity["year"].isin(YEARS["io42"])]
        totals[name] = activity.groupby(["year", "region", "variable"])["value"].sum()
    assert totals["io42"].index.equals(totals["common"].index)
    assert totals["io42"].to_numpy() == pytest.approx(totals["common"].to_numpy(), rel=1e-6, abs=1)
    flows = {
        name: pd.read_parquet(DATA / f"intermediate_{name}.parquet")
        .query("year in [2012, 2017]")
        .groupby(["year", "region"])["value"]
        .sum()
        for name in YEARS
    }
    assert flows["io42"].to_numpy() == pytest.approx(flows["common"].to_numpy(), rel=1e-8)


def test_value_added_is_the_published_one():
    activity = pd.read_parquet(DATA / "activity_io42.parquet")
    chosen = activity[(activity["year"] == 2017) & (activity["variable"] == "value_added")]
    by_region = chosen.groupby("region")["value"].sum() / 1e4
    regions = pd.read_csv(DATA / "regions.csv", dtype={"region": str})
    belt = regions.loc[regions["in_belt"] == 1, "region"]
    assert len(belt) == 11
    assert by_region[belt].sum() == pytest.approx(BELT_2017, rel=1e-3)
    assert by_region["320000"] == pytest.approx(8.587, rel=1e-3)
    assert by_region["520000"] == pytest.approx(1.354, rel=1e-3)


def test_concordance_is_complete():
    table = pd.read_csv(DATA / "concordance.csv", dtype={"code": str, "io42": str, "common": str})
    codes = [f"{number:02d}" for number in range(1, 43)]
    industries = {name: _codes(f"industries_{name}.csv") for name in YEARS}
    for year, rows in table.groupby("year"):
        assert sorted(rows["code"].unique()) == codes
        assert rows.groupby("code")["share"].sum().to_numpy() == pytest.approx(1.0)
        assert set(rows["common"]) == industries["common"]
        repeated = rows.loc[rows["code"].duplicated(), "code"].tolist()
        assert repeated == (["36"] if year == 2012 else [])
        if year in YEARS["io42"]:
            assert set(rows["io42"]) == industries["io42"]
        else:
            assert rows["io42"].isna().all()
    assert set(table.loc[table["grade"] == "C", "year"]) == {2012}


@pytest.mark.parametrize(
    ("year", "code", "io42", "common"),
    [
        (2002, "16", None, "c16"),
        (2007, "17", None, "c17"),
        (2012, "17", "17", "c16"),
        (2012, "23", "22", "c21"),
        (2012, "24", "23", "c21"),
        (2012, "25", "24", "c22"),
        (2017, "24", "24", "c22"),
        (2002, "35", None, "c32"),
        (2007, "35", None, "c33"),
        (2017, "35", "35", "c33"),
        (2007, "28", None, "c27"),
        (2007, "30", None, "c26"),
    ],
)
def test_codes_that_change_meaning(year, code, io42, common):
    table = pd.read_csv(DATA / "concordance.csv", dtype={"code": str, "io42": str, "common": str})
    row = table[(table["year"] == year) & (table["code"] == code)].iloc[0]
    assert row["common"] == common
    assert pd.isna(row["io42"]) if io42 is None else row["io42"] == io42


def _codes(name):
    return set(pd.read_csv(DATA / name, dtype={"industry": str})["industry"])


def test_national_tables_balance_and_aggregate():
    long = pd.read_parquet(DATA / "national.parquet")
    sectors = pd.read_csv(DATA / "national_sectors.csv", dtype=str)
    assert set(long["table"]) == set(sectors["table"])
    expected = {"2017_42", "2017_149", "2018_42", "2018_153", "2020_42", "2020_153"}
    assert set(long["table"]) == expected
    totals = {}
    for name, table in long.groupby("table"):
        by = {block: rows for block, rows in table.groupby("block")}
        output = by["output"].set_index("row")["value"]
        used = by["intermediate"].groupby("row")["value"].sum().reindex(output.index, fill_value=0)
        used += by["final_demand"].groupby("row")["value"].sum()
        used -= by["imports"].set_index("row")["value"]
        assert used.to_numpy() == pytest.approx(output.to_numpy(), rel=1e-6)
        made = by["intermediate"].groupby("column")["value"].sum()
        made = made.reindex(output.index, fill_value=0)
        made += by["value_added"].groupby("column")["value"].sum()
        assert made.to_numpy() == pytest.approx(output.to_numpy(), rel=1e-6)
        listed = sectors[sectors["table"] == name]
        assert listed["sector"].tolist() == output.index.tolist()
        totals[name] = output.groupby(listed.set_index("sector")["industry"]).sum()
    for fine, coarse in (("2017_149", "2017_42"), ("2018_153", "2018_42"), ("2020_153", "2020_42")):
        assert totals[fine].to_numpy() == pytest.approx(totals[coarse].to_numpy(), rel=1e-6)


def test_national_employment_adds_up():
    table = pd.read_csv(DATA / "national_employment.csv", dtype={"industry": str})
    total = table.groupby("year")["value"].sum()
    assert total[2017] == pytest.approx(776.4e6, rel=1e-3)
    assert (table.groupby("year")["industry"].nunique() == 42).all()
