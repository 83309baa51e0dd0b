"""The estimated inter-regional table: every identity on the shipped tables, and small cases."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_belt import read_belt
from clusterbelt.measures.interregional import domestic_use, identity_gaps, intermediate_flows
from clusterbelt.measures.interregional_accounts import read_accounts
from clusterbelt.measures.interregional_estimate import (
    estimate_accounts,
    estimate_interregional,
    estimate_with_report,
)


@cache
def yangtze(classification="io42"):
    return read_belt("yangtze", classification)


@cache
def estimate(year):
    return estimate_with_report(yangtze(), year, InterregionalSection())


@pytest.mark.parametrize("year", [2012, 2017])
def test_every_identity_holds_on_the_shipped_tables(year):
    table = estimate(year).table
    assert max(identity_gaps(table).values()) < 1e-12
    # Cell by cell, relative to what the cell makes and uses.
    own = np.einsum("irr->ri", table.flows)
    outflow = table.flows.sum(axis=2).T - own
    sales = own + outflow + table.exports + table.discrepancy
    np.testing.assert_allclose(sales, table.output, rtol=1e-8, atol=1e-8)
    bought = table.flows.sum(axis=1).T + table.imports
    np.testing.assert_allclose(bought, domestic_use(table), rtol=1e-8, atol=1e-8)
    columns = table.use_intermediate.sum(axis=1) + table.value_added.sum(axis=1)
    np.testing.assert_allclose(columns, table.output, rtol=1e-8, atol=1e-8)


@pytest.mark.parametrize("year", [2012, 2017])
def test_nothing_but_trade_is_changed_and_no_flow_is_negative(year):
    found = estimate(year)
    table, accounts = found.table, found.accounts
    assert table.flows.min() >= 0
    assert table.imports.min() >= 0
    assert table.exports.min() >= 0
    np.testing.assert_array_equal(table.output, accounts.output.T)
    np.testing.assert_array_equal(table.use_intermediate, accounts.intermediate)
    np.testing.assert_array_equal(table.use_final, accounts.final)
    assert np.abs(table.value_added - accounts.value_added).max() < 1e-3  # 1e8 yuan: rounding


@pytest.mark.parametrize("year", [2012, 2017])
def test_the_discrepancy_is_the_nation_s_and_no_larger(year):
    found = estimate(year)
    accounts, table = found.accounts, found.table
    nation = (accounts.output - accounts.use - accounts.exports + accounts.imports).sum(axis=1)
    np.testing.assert_allclose(table.discrepancy.sum(axis=0), nation, rtol=1e-8, atol=1e-4)


@pytest.mark.parametrize("year", [2012, 2017])
def test_trade_abroad_of_the_nation_changes_only_by_what_leaves_it_again(year):
    found = estimate(year)
    again = found.cleaned.through.entrepot.sum()
    imports = found.accounts.imports.sum() - found.table.imports.sum()
    assert imports == pytest.approx(again, abs=1e-6 * found.accounts.imports.sum())
    assert found.accounts.exports.sum() - found.table.exports.sum() == pytest.approx(again)


def test_repairs_lead_from_the_published_figure_to_the_one_used():
    found = estimate(2017)
    repairs = found.repairs
    accounts = found.accounts
    at = (repairs["region"] == "420000") & (repairs["industry"] == "20")
    mine = repairs[at & (repairs["variable"] == "outflow")]
    region, industry = accounts.regions.index("420000"), accounts.industries.index("20")
    assert accounts.outflow[industry, region] == 0.0  # Hubei sold no electronics, it says
    assert mine["rule"].tolist()[:2] == ["cross_hauling_restored", "reconciled"]
    assert mine["before"].iloc[0] == 0.0
    assert mine["after"].iloc[-1] == pytest.approx(found.margins.outflow[industry, region])
    for before, after in zip(mine["after"], mine["before"].iloc[1:], strict=False):
        assert before == pytest.approx(after)


def test_the_number_of_cells_with_transit_is_that_of_the_data_report():
    assert int(estimate(2017).cleaned.passing.sum()) == 134


def test_intermediate_flows_and_imports_make_up_all_inputs():
    table = estimate(2017).table
    bought = intermediate_flows(table).sum(axis=0).transpose(1, 0, 2)
    use = domestic_use(table)
    abroad = np.divide(table.imports, use, out=np.zeros_like(use), where=use > 0)
    inputs = bought + abroad[:, :, None] * table.use_intermediate
    np.testing.assert_allclose(inputs, table.use_intermediate, rtol=1e-8, atol=1e-8)


def test_the_order_of_regions_does_not_matter():
    accounts = read_accounts(yangtze(), 2017)
    order = np.random.default_rng(5).permutation(len(accounts.regions))
    moved = replace(
        accounts,
        regions=tuple(accounts.regions[at] for at in order),
        intermediate=accounts.intermediate[order],
        final=accounts.final[order],
        value_added=accounts.value_added[order],
        distance=accounts.distance[np.ix_(order, order)],
        **{
            name: getattr(accounts, name)[:, order]
            for name in ("output", "exports", "imports", "outflow", "inflow")
        },
    )
    found = estimate_accounts(moved, InterregionalSection()).table
    wanted = estimate(2017).table.flows[:, order][:, :, order]
    np.testing.assert_allclose(found.flows, wanted, rtol=1e-6, atol=1e-5)


def test_2007_has_no_trade_abroad_by_province_and_says_so():
    with pytest.raises(InputError) as caught:
        estimate_interregional(yangtze("common"), 2007, InterregionalSection())
    codes = {issue.code for issue in caught.value.issues}
    assert codes == {"interregional_variable_absent", "interregional_region_missing"}
    assert "exports" in str(caught.value)
