"""The audit of a published roadmap: on a small belt by hand, and the paper's own on real data."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from clusterbelt.config.advantage import AdvantageSection
from clusterbelt.config.audit import AuditSection
from clusterbelt.config.scope import Scope
from clusterbelt.core.strings import LANGUAGES, has_text, text
from clusterbelt.io.read_belt import read_belt
from clusterbelt.model.belt import Belt, Bilingual
from clusterbelt.model.result import Result, ResultTable
from clusterbelt.stages import advantage, audit

REGIONS = {"A1": "low", "A2": "low", "B1": "high", "Z9": ""}
INDUSTRIES = ("01", "02", "03")
# Location quotients against all regions; against the belt they are half as large.
QUOTIENTS = pd.DataFrame(
    [[1.2, 0.9, np.nan], [0.8, 1.6, np.nan], [0.5, 0.6, np.nan], [9.0, 9.0, np.nan]],
    index=list(REGIONS),
    columns=list(INDUSTRIES),
)
ROADMAP_COLUMNS = ["reach", "cluster", "name_zh", "name_en", "industry", "weight", "grade"]


def roadmap(*rows):
    return pd.DataFrame(
        [(reach, name, name, name, industry, w, g) for reach, name, industry, w, g in rows],
        columns=ROADMAP_COLUMNS,
    )


def small_belt(table) -> Belt:
    regions = pd.DataFrame(
        {
            "name_zh": list(REGIONS),
            "name_en": list(REGIONS),
            "in_belt": [bool(reach) for reach in REGIONS.values()],
            "reach": list(REGIONS.values()),
        },
        index=pd.Index(list(REGIONS), name="region"),
    )
    industries = pd.DataFrame(index=pd.Index(INDUSTRIES, name="industry"))
    return Belt(
        name="small",
        title=Bilingual("小", "small"),
        classification="x",
        money_unit="1e8 CNY",
        regions=regions,
        industries=industries,
        activity=xr.DataArray(np.zeros((0, 0)), dims=("year", "region")),
        roadmap=table,
    )


def evidence(core=None, quotients=QUOTIENTS):
    frame = quotients.rename_axis(index="region", columns="industry").reset_index()
    frame = frame.melt(id_vars="region", value_name="all")
    frame["location_quotient_all"] = frame["all"]
    frame["location_quotient_belt"] = frame["all"] / 2.0
    results = {
        "advantage": Result("advantage", {"advantage": ResultTable("advantage", frame, "A")})
    }
    if core is not None:
        assigned = pd.DataFrame(core, columns=["reach", "industry", "role"])
        table = ResultTable("assignments", assigned, "D")
        results["plan"] = Result("plan", {"assignments": table})
    return results


def one_line(*rows, core=(), section=None, scope=None, quotients=QUOTIENTS):
    result = audit.run(
        small_belt(roadmap(*rows)),
        evidence(core, quotients),
        section or AuditSection(),
        scope or Scope(),
    )
    (row,) = result.frame("audit").to_dict("records")
    return row


def test_half_of_the_regions_specialised_supports_a_line():
    row = one_line(("low", "x", "01", 1.0, "A"))
    assert (row["verdict"], row["reason"], row["grade"]) == ("supported", "most_own", "A")
    assert (row["best_region"], row["best_location_quotient"]) == ("A1", 1.2)
    assert (row["specialised_regions"], row["regions"]) == (1, 2)


def test_fewer_than_required_is_mixed_and_none_is_not_supported():
    strict = AuditSection(supported_share=0.6)
    row = one_line(("low", "x", "01", 1.0, "B"), section=strict)
    assert (row["verdict"], row["reason"], row["grade"]) == ("mixed", "some_parent", "B")
    row = one_line(("high", "x", "02", 1.0, "A"))
    assert (row["verdict"], row["reason"]) == ("not_supported", "none_own")
    assert row["best_region"] == "B1"
    higher = AuditSection(specialised_above=1.3)
    assert one_line(("low", "x", "01", 1.0, "A"), section=higher)["verdict"] == "not_supported"


def test_a_quotient_of_exactly_the_threshold_is_not_above_it():
    exact = AuditSection(specialised_above=1.2)
    assert one_line(("low", "x", "01", 1.0, "A"), section=exact)["specialised_regions"] == 0


def test_a_line_over_several_industries_takes_their_weighted_mean():
    # A1: 0.25 x 1.2 + 0.75 x 0.9 = 0.975; A2: 0.25 x 0.8 + 0.75 x 1.6 = 1.4.
    row = one_line(("low", "x", "01", 0.25, "A"), ("low", "x", "02", 0.75, "B"))
    assert row["industries"] == "01;02"
    assert row["best_region"] == "A2"
    assert row["best_location_quotient"] == pytest.approx(1.4)
    assert row["specialised_regions"] == 1
    assert row["grade"] == "B"


def test_what_has_no_class_of_its_own_is_left_out_or_makes_the_line_untestable():
    little = one_line(("low", "x", "01", 0.8, "A"), ("low", "x", "02", 0.2, "C"))
    assert little["best_location_quotient"] == pytest.approx(1.2)  # industry 02 left out
    assert little["measured_share"] == pytest.approx(0.8)
    assert (little["verdict"], little["grade"]) == ("supported", "A")
    much = one_line(("low", "x", "01", 0.4, "A"), ("low", "x", "02", 0.6, "C"))
    assert (much["verdict"], much["reason"], much["grade"]) == ("not_testable", "no_class", "C")
    assert much["best_location_quotient"] == pytest.approx(0.4 * 0.8 + 0.6 * 1.6)


def test_an_industry_without_figures_is_not_taken_for_zero():
    none = one_line(("low", "x", "03", 1.0, "A"))
    assert (none["verdict"], none["reason"]) == ("not_testable", "no_figures")
    assert np.isnan(none["best_location_quotient"])
    assert none["best_region"] == ""
    part = one_line(("low", "x", "03", 0.3, "A"), ("low", "x", "01", 0.7, "A"))
    assert part["best_location_quotient"] == pytest.approx(1.2)
    nowhere = one_line(("moon", "x", "01", 1.0, "A"))
    assert (nowhere["verdict"], nowhere["reason"]) == ("not_testable", "no_figures")


def test_a_region_with_an_unknown_quotient_is_not_counted_as_specialised():
    quotients = QUOTIENTS.copy()
    quotients.loc["A1", "02"] = np.nan
    row = one_line(("low", "x", "01", 0.9, "A"), ("low", "x", "02", 0.1, "A"), quotients=quotients)
    assert row["specialised_regions"] == 0  # A1 unknown, A2 0.88
    assert row["best_region"] == "A2"


def test_regions_outside_reach_and_belt_do_not_count():
    row = one_line(("high", "x", "01", 1.0, "A"))
    assert (row["best_region"], row["regions"]) == ("B1", 1)


def test_the_reference_area_is_that_of_the_study():
    row = one_line(("low", "x", "01", 1.0, "A"), scope=Scope(reference="belt"))
    assert row["best_location_quotient"] == pytest.approx(0.6)
    assert row["verdict"] == "not_supported"


@pytest.mark.parametrize(
    ("core", "share", "state"),
    [
        ([], 0.0, "none"),
        ([("low", "01", "lead")], 0.3, "partly"),
        ([("low", "02", "partner")], 0.7, "yes"),
        ([("low", "01", "lead"), ("low", "02", "lead"), ("low", "02", "partner")], 1.0, "yes"),
        ([("high", "02", "lead")], 0.0, "none"),  # another reach
        ([("low", "02", "supplier")], 0.0, "none"),  # a supplier is not core
    ],
)
def test_what_of_a_line_is_in_the_plan(core, share, state):
    row = one_line(("low", "x", "01", 0.3, "A"), ("low", "x", "02", 0.7, "A"), core=core)
    assert row["plan_share"] == pytest.approx(share)
    assert row["in_plan"] == state
    assert row["verdict"] == "supported"  # the plan does not change the evidence


def test_without_a_plan_nothing_is_said_about_it():
    belt = small_belt(roadmap(("low", "x", "01", 1.0, "A")))
    result = audit.run(belt, evidence(None), AuditSection(), Scope())
    row = result.frame("audit").iloc[0]
    assert row["in_plan"] == ""
    assert np.isnan(row["plan_share"])
    assert [message.key for message in result.messages] == ["audit.message.no_plan"]


@pytest.mark.parametrize("table", [None, roadmap()])
def test_without_a_roadmap_there_is_no_table_and_a_message(table):
    result = audit.run(small_belt(table), evidence([]), AuditSection(), Scope())
    assert not result.tables
    assert [message.key for message in result.messages] == ["audit.message.no_roadmap"]


def test_lines_keep_the_order_of_the_roadmap_and_one_name_may_stand_in_two_reaches():
    belt = small_belt(
        roadmap(
            ("low", "y", "02", 1.0, "A"),
            ("high", "x", "01", 1.0, "A"),
            ("low", "x", "01", 1.0, "A"),
        )
    )
    result = audit.run(belt, evidence([]), AuditSection(), Scope())
    frame = result.frame("audit")
    assert list(zip(frame["reach"], frame["cluster"], strict=True)) == [
        ("low", "y"),
        ("high", "x"),
        ("low", "x"),
    ]
    assert sum(result.values[verdict].value for verdict in audit.VERDICTS) == 3


def test_industries_outside_the_classification_are_named():
    belt = small_belt(roadmap(("low", "x", "99", 1.0, "A"), ("low", "y", "01", 1.0, "A")))
    result = audit.run(belt, evidence([]), AuditSection(), Scope())
    assert result.frame("audit")["verdict"].tolist() == ["not_testable", "supported"]
    (message,) = result.messages
    assert message.params == {"count": 1, "industries": "99"}
    for language in LANGUAGES:
        assert "99" in text(message.key, language, **message.params)


def test_every_reason_has_its_text():
    for language in LANGUAGES:
        for reason in ("no_class", "no_figures"):
            assert has_text(f"audit.reason.{reason}", language)
        for extent in ("most", "some", "none"):
            for detail in ("own", "parent"):
                assert has_text(f"audit.reason.{extent}_{detail}", language)


@pytest.fixture(scope="module")
def yangtze_audit():
    belt = read_belt("yangtze", "io42")
    results = {"advantage": advantage.run(belt, {}, AdvantageSection(), Scope())}
    return audit.run(belt, results, AuditSection(), Scope()).frame("audit").set_index("cluster")


def test_what_must_hold_of_the_papers_roadmap(yangtze_audit):
    frame = yangtze_audit
    assert len(frame) == 14
    assert frame.groupby("reach", sort=False).size().to_dict() == {
        "lower": 5,
        "middle": 4,
        "upper": 5,
    }
    # Neither has a class of its own in the industrial classification.
    untestable = frame.index[frame["verdict"] == "not_testable"]
    assert set(untestable) == {"artificial_intelligence", "mechatronics"}
    # Electronics is an industry of the tables: the only line measured at its own detail.
    assert frame.index[frame["grade"] == "A"].tolist() == ["electronics"]
    assert frame.at["electronics", "best_region"] == "320000"
    # Everything testable that the roadmap gives the lower reach stands in the figures of 2017;
    # nothing that it gives the upper reach does.
    verdicts = frame.groupby("reach")["verdict"].agg(set)
    assert verdicts["lower"] == {"supported", "not_testable"}
    assert verdicts["upper"] == {"not_supported", "not_testable"}
    # Vehicles and rail in the middle reach are Hubei's alone.
    for line in ("rail_transit", "new_energy_vehicles"):
        assert frame.at[line, "verdict"] == "mixed"
        assert frame.at[line, "best_region"] == "420000"
