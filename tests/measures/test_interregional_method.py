"""Draws, the table again from its results, users' tables and flows, and regionalised tables."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from clusterbelt.config.interregional import InterregionalSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.errors import InputError
from clusterbelt.io.read_belt import read_belt
from clusterbelt.measures.interregional import domestic_use, identity_gaps
from clusterbelt.measures.interregional_accounts import read_accounts
from clusterbelt.measures.interregional_draws import draw_flows, interval
from clusterbelt.measures.interregional_estimate import (
    estimate_accounts,
    estimate_interregional,
    estimate_with_report,
)
from clusterbelt.measures.interregional_method import interregional_from_result
from clusterbelt.measures.interregional_regionalised import (
    national_by_industry,
    regionalise,
    regionalised_accounts,
)
from clusterbelt.model.dims import FINAL_DEMAND
from clusterbelt.stages.interregional import run

FEW = InterregionalSection(draws=6)


@cache
def yangtze():
    return read_belt("yangtze", "io42")


@cache
def result():
    return run(yangtze(), {}, FEW, Scope())


REGIONS = ["110000", "310000", "320000", "420000"]
INDUSTRIES = ["12", "18", "31"]


@cache
def own_belt():
    """Four regions and three industries with a user's whole table, and the cube it is made of."""
    rng = np.random.default_rng(6)
    n, r = len(INDUSTRIES), len(REGIONS)
    uses = [*INDUSTRIES, *FINAL_DEMAND]
    cube = rng.uniform(1.0, 9.0, (r + 1, n, r, len(uses)))  # the last seller is abroad
    cube[..., n:] *= 10.0  # final demand: inputs stay below output
    exports = rng.uniform(1.0, 50.0, (r, n))
    places = [*REGIONS, "abroad"]
    names = ["region_from", "industry_from", "region_to", "industry_to"]
    index = pd.MultiIndex.from_product([places, INDUSTRIES, REGIONS, uses], names=names)
    rows = index.to_frame(index=False).assign(value=cube.ravel())
    sold = pd.MultiIndex.from_product([REGIONS, INDUSTRIES], names=names[:2])
    sold = sold.to_frame(index=False).assign(
        region_to="abroad", industry_to="", value=exports.ravel()
    )
    rows = pd.concat([rows, sold], ignore_index=True).assign(year=2017)
    output = cube[:r].sum(axis=(2, 3)) + exports
    added = output - cube[..., :n].sum(axis=(0, 1))
    belt = yangtze()
    activity = (
        belt.activity.sel(
            year=[2017], region=REGIONS, industry=INDUSTRIES, variable=["output", "value_added"]
        )
        .transpose("year", "variable", "region", "industry")
        .copy()
    )
    activity.loc[{"variable": "output"}] = output[None]
    activity.loc[{"variable": "value_added"}] = added[None]
    made = replace(
        belt,
        regions=belt.regions.loc[REGIONS],
        industries=belt.industries.loc[INDUSTRIES],
        activity=activity,
        intermediate=None,
        interregional_flows=rows,
    )
    return made, cube, exports


def test_draws_keep_every_margin_and_hold_the_estimate():
    section = InterregionalSection(draws=20)
    found = estimate_with_report(yangtze(), 2017, section)
    drawn = draw_flows(found, section, np.random.default_rng(4)).flows
    table = found.table
    bought = drawn.sum(axis=2) + table.imports.T
    np.testing.assert_allclose(
        bought, np.broadcast_to(domestic_use(table).T, bought.shape), rtol=1e-6, atol=1e-4
    )
    assert drawn.min() >= 0
    low, high = interval(drawn)
    inside = (table.flows >= low) & (table.flows <= high)
    assert inside[table.flows > 1.0].mean() > 0.9
    again = draw_flows(found, section, np.random.default_rng(4)).flows
    np.testing.assert_array_equal(again, drawn)


def test_without_errors_every_draw_is_the_estimate():
    section = InterregionalSection(
        draws=2, decay_error=0, weight_range=0, margin_error=0, repaired_error=0
    )
    found = estimate_with_report(yangtze(), 2017, section)
    drawn = draw_flows(found, section, np.random.default_rng(4)).flows
    np.testing.assert_allclose(drawn[1], found.table.flows, rtol=1e-6, atol=1e-5)


def test_the_table_comes_back_from_the_stage_s_tables():
    for year, earlier in ((2017, False), (2012, True)):
        wanted = estimate_interregional(yangtze(), year, FEW)
        found = interregional_from_result(yangtze(), result(), earlier=earlier)
        assert found.year == year
        for name in ("flows", "imports", "exports", "discrepancy", "value_added", "output"):
            np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))
        assert max(identity_gaps(found).values()) < 1e-12


def test_shares_of_sources_make_one_and_lie_in_their_intervals():
    frame = result().frame("sourcing")
    total = frame[["own", "belt", "nation", "abroad"]].sum(axis=1)
    np.testing.assert_allclose(total[frame["use"] > 0], 1.0, atol=1e-9)
    assert set(frame["region"]) == {*yangtze().belt_regions, "belt"}
    assert (frame["own_low"] <= frame["own_high"] + 1e-12).all()
    flows = result().frame("reach_flows")
    industries = set(yangtze().industries.index)
    parts = flows[flows["industry"].isin(industries)]["value"].sum()
    assert flows[flows["industry"] == "all"]["value"].sum() == pytest.approx(parts)


def test_same_seed_same_bytes_and_a_belt_without_tables_is_told():
    again = run(yangtze(), {}, FEW, Scope())
    for name, table in result().tables.items():
        pd.testing.assert_frame_equal(table.frame, again.frame(name), check_exact=True)
    without = run(replace(yangtze(), intermediate=None), {}, FEW, Scope())
    assert without.messages[0].key == "interregional.lacking"
    assert interregional_from_result(yangtze(), without) is None
    none = run(yangtze(), {}, InterregionalSection(method="none"), Scope())
    assert not none.tables


def test_a_user_s_own_table_is_taken_as_it_stands():
    belt, cube, exports = own_belt()
    section = InterregionalSection(method="user_table")
    made = run(belt, {}, section, Scope())
    found = interregional_from_result(belt, made, section)
    n, r = len(INDUSTRIES), len(REGIONS)
    np.testing.assert_allclose(found.flows, cube[:r].sum(axis=3).transpose(1, 0, 2))
    np.testing.assert_allclose(found.imports, cube[r].sum(axis=2).T)
    np.testing.assert_allclose(found.exports, exports)
    np.testing.assert_allclose(
        found.use_intermediate, cube.sum(axis=0).transpose(1, 0, 2)[:, :, :n]
    )
    assert np.abs(found.discrepancy).max() < 1e-9
    assert max(identity_gaps(found).values()) < 1e-12
    assert made.frame("flows")["low"].isna().all()  # nothing was assumed, nothing drawn


def test_a_user_s_table_with_faults_is_told_all_of_them():
    belt, _, _ = own_belt()
    rows = belt.interregional_flows
    at = (rows["region_from"] == "310000") & (rows["region_to"] == "320000")
    bad = rows.assign(industry_to=rows["industry_to"].where(~at, ""))
    bad = bad[(bad["region_from"] != "110000") & (bad["region_to"] != "110000")]
    section = InterregionalSection(method="user_table")
    with pytest.raises(InputError) as caught:
        run(replace(belt, interregional_flows=bad), {}, section, Scope())
    codes = {issue.code for issue in caught.value.issues}
    assert codes == {"interregional_no_buyers", "interregional_region_missing"}
    bought = rows["region_to"] == "320000"
    huge = rows.assign(value=rows["value"].where(~bought, 1e4 * rows["value"]))
    with pytest.raises(InputError, match="In 320000 the columns"):
        run(replace(belt, interregional_flows=huge), {}, section, Scope())
    negative = rows.assign(value=rows["value"].where(~at, -rows["value"]))
    with pytest.raises(InputError, match="Intermediate use or trade is negative"):
        run(replace(belt, interregional_flows=negative), {}, section, Scope())
    with pytest.raises(InputError, match="interregional_flows of 2012"):
        run(belt, {}, section, Scope(base_year=2012))


def test_known_flows_of_a_product_are_the_prior_and_teach_the_decay():
    table = estimate_interregional(yangtze(), 2017, InterregionalSection(decay=1.7))
    code = table.industries.index("20")
    regions = np.array(table.regions)
    seller, buyer = np.nonzero(table.flows[code])
    rows = pd.DataFrame(
        {
            "year": 2017,
            "region_from": regions[seller],
            "industry_from": "20",
            "region_to": regions[buyer],
            "industry_to": "",
            "value": table.flows[code][seller, buyer],
        }
    )
    belt = replace(yangtze(), interregional_flows=rows)
    found = interregional_from_result(belt, run(belt, {}, FEW, Scope()))
    np.testing.assert_allclose(found.flows[code], table.flows[code], rtol=1e-5, atol=1e-4)


def test_a_national_table_is_regionalised_with_delta_stated():
    section = InterregionalSection(method="regionalised", draws=2)
    with pytest.raises(InputError, match="delta"):
        run(yangtze(), {}, section, Scope())
    section = InterregionalSection(method="regionalised", delta=0.25, draws=2)
    found = interregional_from_result(yangtze(), run(yangtze(), {}, section, Scope()), section)
    assert max(identity_gaps(found).values()) < 1e-9
    assert found.flows.min() >= 0
    flatter = regionalised_accounts(
        yangtze(), 2017, InterregionalSection(method="regionalised", delta=0.1)
    )
    steeper = regionalised_accounts(yangtze(), 2017, section)
    assert flatter.inflow.sum() < steeper.inflow.sum()  # the larger delta, the less own supply
    bad = InterregionalSection(method="regionalised", delta=0.2, national_table="1999_9")
    with pytest.raises(InputError, match="1999_9"):
        regionalised_accounts(yangtze(), 2017, bad)


def test_known_flows_with_negative_entries_are_balanced_by_gras():
    table = estimate_interregional(yangtze(), 2017, FEW)
    code = table.industries.index("18")
    prior = np.full((len(table.industries), 31, 31), np.nan)
    prior[code] = table.flows[code]
    prior[code][~np.eye(31, dtype=bool)] += 1e-3
    prior[code, 3, 5] = -4.0  # goods that went back
    found = estimate_accounts(read_accounts(yangtze(), 2017), FEW, prior)
    assert found.table.flows[code, 3, 5] < 0.0
    own = np.einsum("rr->r", found.table.flows[code])
    sold = found.table.flows[code].sum(axis=1) - own
    np.testing.assert_allclose(sold, found.margins.outflow[code], rtol=1e-6, atol=1e-4)
    assert max(identity_gaps(found.table).values()) < 1e-9


@pytest.mark.parametrize(("quotient", "delta"), [("slq", None), ("cilq", None), ("aflq", 0.2)])
def test_every_quotient_keeps_the_accounts_of_each_region(quotient, delta):
    section = InterregionalSection(method="regionalised", quotient=quotient, delta=delta)
    accounts = regionalised_accounts(yangtze(), 2017, section)
    assert np.abs(accounts.residual).max() < 1e-9 * accounts.output.max()
    made = accounts.intermediate.sum(axis=1) + accounts.value_added.sum(axis=1)
    np.testing.assert_allclose(made, accounts.output.T, rtol=1e-6, atol=1e-6)
    own = accounts.use - accounts.imports - accounts.inflow
    assert own.min() > -1e-9 * accounts.output.max()
    assert accounts.outflow.min() > -1e-9 * accounts.output.max()


def test_one_region_alone_is_the_nation():
    table = yangtze().national["2017_42"]
    national = national_by_industry(table, list(yangtze().industries.index))
    made = regionalise(national, national.output[:, None], "flq", 0.3)
    np.testing.assert_allclose(made.intermediate[0], national.intermediate)
    np.testing.assert_allclose(made.imports[:, 0], national.imports)
    np.testing.assert_allclose(made.inflow, 0.0, atol=1e-6 * national.output.max())
