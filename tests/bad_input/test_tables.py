"""Tables: columns, codes, numbers, years, units, totals, doubles, values that cannot be."""

import numpy as np
import pandas as pd
import pytest

from bad_input.workshop import (
    Case,
    add,
    both,
    check_case,
    copy_toy,
    declare,
    each,
    edit,
    put,
    swap,
)
from clusterbelt.io.read_belt import check_belt, read_belt


def _keep(name, **wanted):
    def change(frame):
        mask = pd.Series(True, index=frame.index)
        for column, test in wanted.items():
            mask &= frame[column].map(test)
        return frame[mask]

    return edit(name, change)


def _values(name, **rules):
    """Multiply values where all given columns match; ``by`` is the factor."""
    by = rules.pop("by")

    def change(frame):
        mask = pd.Series(True, index=frame.index)
        for column, value in rules.items():
            mask &= frame[column].isin(value if isinstance(value, list) else [value])
        values = frame["value"].astype(float)
        frame["value"] = values.where(~mask, values * by).astype(str)

    return edit(name, change)


A, R, I, X = "activity.csv", "regions.csv", "industries.csv", "indicators.csv"  # noqa: E741
MONEY = ["output", "value_added", "compensation", "net_production_tax", "depreciation",
         "operating_surplus"]  # fmt: skip

COLUMNS = [
    Case("missing column", swap(A, "variable,value", "variable,amount"), "column_missing",
         ("value", "is missing", "amount", "columns"), A, column="value"),
    Case("misspelled column", swap(R, "in_belt", "inbelt"), "column_missing",
         ("in_belt", "Nearest: inbelt"), R, column="in_belt"),
    Case("declared column not there", declare("activity", columns={"value": "amount"}),
         "column_missing", ("amount", "clusterbelt calls it value"), A, column="amount"),
    Case("declared for no column", declare("activity", columns={"regoin": "region"}),
         "columns_key_unknown", ("regoin", "Nearest: region"), A),
    Case("constant that is a column", declare("activity", constants={"year": 2017}),
         "constant_is_column", ("year", "Keep one"), A),
    Case("column nearly right", swap(X, "observed_year", "observed_years"), "column_unused",
         ("observed_years", "did you mean observed_year"), X, column="observed_years",
         severity="warning"),
    Case("wide without dimension", declare("activity", shape="wide"), "wide_undeclared",
         ("wide_dimension",), "belt.yaml", 27, label="tables.2.shape"),
    Case("wide but long", declare("distance", shape="wide", wide_dimension="km"),
         "wide_without_values", ("values of km",), "distance.csv"),
    Case("same sign twice", declare("activity", thousands="."), "thousands_is_decimal",
         ("Thousands sign and decimal sign",), "belt.yaml", 28, label="tables.2.thousands"),
]  # fmt: skip

CODES = [
    Case("unknown region", put(A, 2, "region", "105"), "region_unknown",
         ("row 2", "column region", "105", "Nearest: 10", "Correct the code"), A, 2, "region",
         "105"),
    Case("unknown industry", put(A, 4, "industry", "99"), "industry_unknown",
         ("row 4", "99", "industries table", "01, 02"), A, 4, "industry", "99"),
    Case("unknown variable", put(A, 3, "variable", "value_aded"), "variable_unknown",
         ("value_aded", "Nearest: value_added"), A, 3, "variable"),
    Case("name instead of code", put(A, 2, "region", "双湖"), "code_is_name",
         ("双湖", "a name", "201"), A, 2, "region", "双湖"),
    Case("leading zero lost", edit(A, lambda f: f.assign(industry=f["industry"].str.lstrip("0"))),
         "code_zeros", ("1", "leading zeros", "Write 01"), A, 2, "industry", "1"),
    Case("code with decimals", edit(A, lambda f: f.assign(region=f["region"] + ".0")),
         "code_decimal", ("101.0", "decimals", "101"), A, 2, "region"),
    Case("date instead of code", put(A, 2, "industry", "2001-01-01T00:00:00"), "code_is_date",
         ("is a date", "Format the column as text"), A, 2, "industry"),
    Case("total among regions", add(R, region="合计", name_zh="合计", name_en="Total"),
         "row_is_total", ("合计", "total", "Delete total rows"), R, 11, "region", "合计"),
    Case("total among industries", add(I, industry="99", name_zh="总计", name_en="All"),
         "row_is_total", ("99", "Delete total rows"), I, 10, "industry"),
    Case("total among values", add(A, region="Total"), "row_is_total", ("Total",), A, 2450,
         "region", "Total"),
    Case("region twice", add(R), "code_twice", ("101", "more than once"), R, 11, "region", "101"),
    Case("industry twice", add(I), "code_twice", ("01", "more than once"), I, 10, "industry", "01"),
    Case("region without code", put(R, 3, "region", ""), "region_empty",
         ("row 3", "region is empty"), R, 3, "region",
         also=("region_unknown", "boundaries_unknown_region")),
    Case("value without region", put(A, 2, "region", " "), "region_empty",
         ("row 2", "Fill in the region"), A, 2, "region"),
    Case("duplicate rows", edit(A, lambda f: pd.concat([f, f.head(3)])), "rows_double",
         ("2450, 2451, 2452", "2012 / 101 / 01 / output", "Keep one row"), A, 2450),
    Case("name missing", put(R, 3, "name_en", ""), "name_empty", ("102", "no name"), R, 3,
         "name_en", severity="warning"),
    Case("odd flag", put(R, 3, "in_belt", "maybe"), "flag_odd",
         ("maybe", "neither yes nor no", "Write 1 or 0"), R, 3, "in_belt", "maybe"),
    Case("odd flag of an industry", put(I, 5, "advanced", "2"), "flag_odd", ("2",), I, 5,
         "advanced"),
    Case("industry of national sector", put("national_sectors.csv", 2, "industry", "1"),
         "code_zeros", ("Write 01",), "national_sectors.csv", 2, "industry"),
    Case("intermediate buyer unknown", put("intermediate.csv", 9, "industry_to", "18"),
         "industry_unknown", ("18", "industries table"), "intermediate.csv", 9, "industry_to"),
]  # fmt: skip

NUMBERS = [
    Case("text in numbers", put(A, 2, "value", "about 80"), "number_text",
         ("row 2", "column value", "about 80", "plain number"), A, 2, "value", "about 80"),
    Case("thousands signs", put(A, 2, "value", "1,234.5"), "number_thousands",
         ("1,234.5", 'thousands: ","', "belt.yaml"), A, 2, "value"),
    Case("spaces between thousands", put(A, 2, "value", "1 234"), "number_thousands", ("1 234",),
         A, 2, "value"),
    Case("thousands signs in odd places", both(put(A, 2, "value", "12,34"),
         declare("activity", thousands=",")), "number_decimal_comma", ("12,34",), A, 2, "value"),
    Case("decimal comma", put(A, 2, "value", "80,5"), "number_decimal_comma",
         ("80,5", 'decimal: ","'), A, 2, "value"),
    Case("full-width digits", put(A, 2, "value", "１２３"), "number_full_width",
         ("１２３", "full-width", "half-width"), A, 2, "value"),
    Case("ten thousand in the cell", put(A, 2, "value", "3.5万"), "number_with_unit",
         ("3.5万", "unit", "1e4 CNY"), A, 2, "value"),
    Case("hundred million in the cell", put(A, 2, "value", "3.5亿元"), "number_with_unit",
         ("3.5亿元",), A, 2, "value"),
    Case("percent in the cell", put(X, 2, "value", "12%"), "number_with_unit", ("12%",), X, 2,
         "value"),
    Case("brackets for minus", put(A, 2, "value", "(80)"), "number_brackets",
         ("brackets", "minus sign"), A, 2, "value"),
    Case("error of a spreadsheet", put(A, 2, "value", "#DIV/0!"), "number_cell_error",
         ("#DIV/0!", "Mend the formula"), A, 2, "value"),
    Case("NaN", put(A, 2, "value", "NaN"), "number_absent_word",
         ("NaN", "Leave the cell empty", "absent_markers"), A, 2, "value"),
    Case("dash", put(A, 2, "value", "—"), "number_absent_word", ("—", "empty"), A, 2, "value"),
    Case("infinite", put(A, 2, "value", "-inf"), "number_infinite",
         ("infinite", "division by zero"), A, 2, "value"),
    Case("date among numbers", put(A, 2, "value", "2017-03-01"), "number_date",
         ("2017-03-01", "is a date"), A, 2, "value"),
    Case("year in words", put(A, 2, "year", "2012年"), "year_text",
         ("2012年", "four digits"), A, 2, "year", "2012年"),
    Case("fraction of a year", put(A, 2, "year", "2012.5"), "year_fraction",
         ("2012.5", "whole years"), A, 2, "year"),
    Case("two digits of a year", put(A, 2, "year", "12"), "year_odd", ("12", "1900"), A, 2, "year"),
    Case("year missing in a row", put(A, 2, "year", ""), "year_text", ("four digits",), A, 2,
         "year"),
]  # fmt: skip

UNITS = [
    Case("unknown unit", declare("activity", unit="1e4 yuan"), "unit_unknown",
         ("1e4 yuan", "Nearest: 1e4 CNY"), A, column="unit"),
    Case("other currency", declare("activity", unit="1e4 USD"), "unit_currency",
         ("1e4 USD", "1e8 CNY", "another currency"), A, column="unit"),
    Case("unit of another thing", declare("activity", units={"co2": "persons"}), "unit_wrong_kind",
         ("persons", "does not measure co2", "in t"), A, column="unit", label="co2"),
    Case("unit for nothing", declare("activity", units={"water": "m3", "co2": "t"}), "units_unused",
         ("water", "does not have"), A, label="water", severity="warning"),
    Case("mixed units in a column", edit(A, lambda f: f.assign(
         unit=np.where(f["variable"] == "co2", "t", np.where(f["variable"] == "employment",
         "persons", np.where(f.index < 17, "1e4 CNY", "1e8 CNY"))))), "units_mixed",
         ("output", "1e4 CNY, 1e8 CNY", "one unit"), A, 2, "unit"),
    Case("money that is none", swap("belt.yaml", "money_unit: 1e8 CNY", "money_unit: t"),
         "money_unit", ("t", "1e8 CNY"), "belt.yaml", 5, label="money_unit"),
    Case("one year in other units", _values(A, year="2012", variable=MONEY, by=10000),
         "activity_jump", ("fifty-fold", "2017 / 101", "Check the unit"), A, column="value",
         severity="warning"),
    Case("one region in other units", _values(A, region="302", variable=MONEY, by=10000),
         "activity_out_of_line", ("500 times", "2012 / 302"), A, column="value",
         severity="warning"),
    Case("all in other units", _values(A, variable=MONEY, by=10000), "national_scale",
         ("1e+04 times", "2017_toy", "units of both"), "national.csv", label="2017_toy",
         severity="warning"),
]  # fmt: skip

VALUES = [
    Case("negative output", put(A, 2, "value", "-5"), "value_negative",
         ("output is negative", "-5", "cannot be below zero"), A, 2, "value", "-5"),
    Case("negative exports", _values(A, variable="exports", region="101", industry="01", by=-1),
         "value_negative_odd", ("exports is negative", "rare"), A, 13, "value",
         severity="warning"),
    Case("negative intermediate use", put("intermediate.csv", 2, "value", "-1"),
         "intermediate_negative", ("Intermediate use is negative",), "intermediate.csv", 2,
         "value", severity="warning"),
    Case("all zero", _values(A, by=0), "activity_all_zero",
         ("output is zero or missing everywhere",), A, column="output"),
    Case("a year of zeros", _values(A, year="2012", by=0), "activity_year_empty",
         ("2012", "whole year"), A, column="value", severity="warning"),
    Case("a region of zeros", _values(A, region="302", by=0), "activity_region_empty",
         ("2012 / 302, 2017 / 302", "whole region"), A, column="value", severity="warning"),
    Case("a region not in the table", _keep(A, region=lambda code: code != "302"),
         "activity_region_empty", ("302",), A, column="value", severity="warning"),
    Case("industry nobody has", add(I, industry="09", name_zh="航天", name_en="Space"),
         "industry_nobody", ("No region has anything", "09"), A, column="value",
         severity="warning"),
    Case("gaps", put(A, 2, "value", ""), "activity_gaps", ("1 cell(s)", "2012 / 101 / 01"), A,
         column="value", severity="note"),
    Case("value added above output", _values(A, variable="value_added", industry="05", by=9),
         "value_added_above_output", ("exceeds output", "2012 / 101 / 05", "different units"), A,
         label="2012 / 101 / 05"),
    Case("parts of value added", _values(A, variable="compensation", by=1.3), "value_added_parts",
         ("do not add up", "worst"), A, severity="warning"),
    Case("accounts: columns", _values("intermediate.csv", by=1.2), "account_column",
         ("do not make up output", "worst"), "intermediate.csv", severity="warning"),
    Case("accounts: rows", _values(A, variable="urban_consumption", by=1.5), "account_row",
         ("Uses less imports", "statistical_error"), "intermediate.csv", severity="warning"),
    Case("national table unbalanced", put("national.csv", 2, "value", "99999"), "national_row",
         ("2017_toy", "do not make up output", "01"), "national.csv", label="01",
         also=("national_column",)),
    Case("national table without year", edit("national.csv", lambda f: f.assign(table="toy")),
         "national_name", ("must begin with its year", "2017_42"), "national.csv", 2, "table"),
    Case("national table without sectors", edit("national.csv", lambda f: f.assign(
         table="2018_toy")), "national_without_sectors",
         ("2018_toy", "Nearest: 2017_toy"), "national.csv", 2, "table"),
    Case("national block missing", _keep("national.csv", block=lambda b: b != "imports"),
         "national_block_missing", ("imports", "final_demand"), "national.csv", column="block"),
    Case("national block unknown", put("national.csv", 2, "block", "intermediates"),
         "block_unknown", ("intermediates", "Nearest: intermediate"), "national.csv", 2, "block"),
    Case("national label unknown", put("national.csv", 2, "column", "77"),
         "national_label_unknown", ("77", "01, 02"), "national.csv", 2, "column"),
    Case("national cell twice", edit("national.csv", lambda f: pd.concat([f, f.head(1)])),
         "rows_double", ("more than once", "01 / 01"), "national.csv", 162),
    Case("only one industry", _keep(I, industry=lambda code: code == "01"), "single_industry",
         ("only one industry, 01", "Add the other industries"), I, column="industry",
         also=("industry_unknown",)),
    Case("nothing to plan", edit(I, lambda f: f.assign(advanced="0", materials="0")),
         "no_advanced_industry", ("nothing to plan",), I, column="advanced", severity="warning"),
    Case("advanced but not manufacturing", put(I, 5, "manufacturing", "0"),
         "advanced_not_manufacturing", ("04", "not manufacturing"), I, 5, "advanced",
         severity="warning"),
]  # fmt: skip

INDICATORS = [
    Case("indicator without specification", put(X, 2, "indicator", "water_per_aera"), "indicator_unknown",
         ("water_per_aera", "no specification", "Nearest: water_per_area"), X, 2, "indicator"),
    Case("specification without values", _keep(X, indicator=lambda i: i != "rd_intensity"),
         "indicator_without_values", ("rd_intensity", "no values"), "variables.csv",
         severity="warning"),
    Case("direction of two", put("variables.csv", 3, "direction", "2"), "direction_odd",
         ("2", "1, -1"), "variables.csv", 3, "direction"),
    Case("grade of E", put("variables.csv", 3, "grade", "E"), "grade_odd", ("E", "measured"),
         "variables.csv", 3, "grade"),
    Case("no dimension", put("variables.csv", 3, "dimension", ""), "dimension_empty",
         ("forest_land_share", "no dimension"), "variables.csv", 3, "dimension"),
    Case("unit of an indicator", put("variables.csv", 2, "unit", "10000 m3"),
         "indicator_unit_unknown", ("10000 m3", "water_per_area"), "variables.csv", 2, "unit"),
    Case("indicator specified twice", edit("variables.csv", lambda f: pd.concat([f, f.head(1)])),
         "code_twice", ("water_per_area",), "variables.csv", 25, "indicator"),
    Case("share above one", _values(X, indicator="urban_share", by=100), "share_outside",
         ("outside 0 to 1", "2012 / 101 / urban_share", "Divide percentages"), X,
         severity="warning"),
    Case("indicator the same everywhere", edit(X, lambda f: f.assign(value=f["value"].mask(
         f["indicator"] == "wage_average", "1000"))), "indicator_constant",
         ("same in all regions", "2012 / wage_average"), X, severity="warning"),
    Case("indicator missing somewhere", put(X, 2, "value", ""), "indicator_gaps",
         ("1 value(s) are missing", "2012 / 101 / water_per_area"), X, severity="note"),
    Case("old observation", put(X, 2, "observed_year", "1999"), "indicator_old",
         ("more than 5 years", "2012 / 101"), X, column="observed_year", severity="warning"),
]  # fmt: skip

ROADMAP = [
    Case("weights of a claim", put("roadmap.csv", 2, "weight", "0.5"), "roadmap_weights",
         ("electronics (0.5)", "do not add up to 1"), "roadmap.csv", 2, "weight"),
    Case("reach of a claim", put("roadmap.csv", 2, "reach", "lowest"), "reach_unknown",
         ("lowest", "lower, middle, upper"), "roadmap.csv", 2, "reach"),
    Case("industry of a claim", put("roadmap.csv", 2, "industry", "20"), "industry_unknown",
         ("20",), "roadmap.csv", 2, "industry"),
    Case("sector of a claim", put("roadmap.csv", 2, "sectors", "05;088"), "roadmap_sector_unknown",
         ("088", "Nearest: 08", "semicolons"), "roadmap.csv", 2, "sectors"),
    Case("factor of a claim", put("roadmap_claims.csv", 2, "factor", "land"), "factor_unknown",
         ("land", "labour, capital, technology"), "roadmap_claims.csv", 2, "factor"),
]  # fmt: skip


@each([*COLUMNS, *CODES, *NUMBERS, *UNITS, *VALUES, *INDICATORS, *ROADMAP])
def test_what_is_said(case, tmp_path):
    check_case(case, tmp_path)


CASES = [*COLUMNS, *CODES, *NUMBERS, *UNITS, *VALUES, *INDICATORS, *ROADMAP]


def test_everything_is_reported_at_once(tmp_path):
    belt = copy_toy(tmp_path)
    for harm in (
        put(A, 2, "value", "twelve"), put(A, 9, "region", "999"), put(R, 3, "in_belt", "?"),
        put("distance.csv", 4, "km", "-1"), put("variables.csv", 3, "direction", "0"),
    ):  # fmt: skip
        harm(belt)
    issues, found = check_belt(str(belt), None)
    assert found is None
    codes = {issue.code for issue in issues if issue.severity == "error"}
    assert codes == {
        "number_text", "region_unknown", "flag_odd", "distance_negative", "direction_odd",
    }  # fmt: skip


def test_a_hundred_faults_of_one_kind_are_one_issue(tmp_path):
    belt = copy_toy(tmp_path)
    edit(A, lambda f: f.assign(value=f["value"].mask(f["year"] == "2012", "n.a.")))(belt)
    issues, _ = check_belt(str(belt), "toy8")
    errors = [issue for issue in issues if issue.severity == "error"]
    assert [issue.code for issue in errors] == ["number_text"]
    assert "1224 row(s): 2, 3, 4, 5, 6 … (+1219)" in errors[0].what("en")


@pytest.mark.parametrize("marker", ["NaN", "-", "暂无"])
def test_declared_markers_are_absent(tmp_path, marker):
    belt = copy_toy(tmp_path)
    put(A, 2, "value", marker)(belt)
    declare("activity", absent_markers=[marker])(belt)
    cube = read_belt(str(belt), "toy8").activity
    assert np.isnan(cube.sel(year=2012, region="101", industry="01", variable="output"))


@pytest.mark.parametrize(("absent_is", "expected"), [("zero", 0.0), (None, np.nan)])
def test_what_is_not_there_is_what_was_declared(tmp_path, absent_is, expected):
    belt = copy_toy(tmp_path)
    edit(A, lambda frame: frame.drop(index=[1]))(belt)
    declare("activity", absent_is=absent_is)(belt)
    cube = read_belt(str(belt), "toy8").activity
    value = float(cube.sel(year=2012, region="101", industry="01", variable="value_added"))
    np.testing.assert_equal(value, expected)


def test_units_are_converted(tmp_path):
    belt = copy_toy(tmp_path)
    _values(A, variable="co2", by=1e-3)(belt)
    declare("activity", units={"co2": "kt"})(belt)
    mine, toy = read_belt(str(belt), "toy8").activity, read_belt("toy", "toy8").activity
    np.testing.assert_allclose(mine, toy, rtol=1e-12)


def test_a_wide_table_gives_the_same_belt(tmp_path):
    belt = copy_toy(tmp_path)

    def widen(frame):
        index = ["region", "industry", "variable"]
        wide = frame.pivot(index=index, columns="year", values="value").reset_index()
        return wide.rename(columns={"region": "地区"}).rename_axis(columns=None)

    edit(A, widen)(belt)
    declare("activity", shape="wide", wide_dimension="year", columns={"region": "地区"})(belt)
    assert read_belt(str(belt), "toy8").activity.identical(read_belt("toy", "toy8").activity)


def test_a_fault_in_a_wide_table_names_row_and_column(tmp_path):
    belt = copy_toy(tmp_path)

    def widen(frame):
        index = ["region", "industry", "variable"]
        wide = frame.pivot(index=index, columns="year", values="value").reset_index()
        wide.loc[5, "2017"] = "many"
        return wide

    edit(A, widen)(belt)
    declare("activity", shape="wide", wide_dimension="year")(belt)
    issues, _ = check_belt(str(belt), "toy8")
    assert [(i.code, i.place.row, i.place.column) for i in issues] == [("number_text", 7, "2017")]


def test_constants_stand_for_columns(tmp_path):
    belt = copy_toy(tmp_path)
    edit(A, lambda f: f[f["year"] == "2017"].drop(columns="year"))(belt)
    declare("activity", constants={"year": 2017})(belt)
    mine = read_belt(str(belt), "toy8").activity
    assert mine.identical(read_belt("toy", "toy8").activity.sel(year=[2017]))
