"""Rest of chapter 4: members, borders, what lies beyond the belt, nested areas, statistics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from clusterbelt.core.strings import Language, has_text
from clusterbelt.model.result import ResultTable
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, money_scale, number, records, region_names
from clusterbelt.report.common import (
    column,
    grade_cell,
    industry_cell,
    merge_grades,
    number_cell,
    percent,
    reach_cell,
    region_cell,
    say,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Cell, Column, Paragraph, Row

__all__ = [
    "border_blocks",
    "group_area_blocks",
    "member_blocks",
    "nested_blocks",
    "statistics_blocks",
    "wider_blocks",
]

_TESTS = ("moran", "getis_ord_g")


def _share_cell(value: object, digits: int = 0) -> Cell:
    return Cell(percent(value, digits), "number", share=finite(value))


def _headers(
    language: Language, words: Iterable[str], numbers: Iterable[str]
) -> tuple[Column, ...]:
    return (
        *(column(name, language) for name in words),
        *(column(name, language, numeric=True) for name in numbers),
    )


def border_blocks(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return, by industry, what its areas weigh and what they would if none crossed a border."""
    table = table_of(run, "clusters.borders")
    if table is None:
        return ()
    money = money_scale(run, language)
    rows = [
        (
            industry_cell(run, row["industry"], language),
            number_cell(row["areas"]),
            Cell(money.show(finite(row["weight"])), "number"),
            Cell(money.show(finite(row["weight_within_borders"])), "number"),
            _share_cell(row["border_cost_share"]),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("industry", language),
        column("cluster_areas_count", language, numeric=True),
        column("cluster_area_weight", language, money.unit, numeric=True),
        column("cluster_weight_within", language, money.unit, numeric=True),
        column("border_cost_share", language, numeric=True),
    )
    return (table_block("cluster_borders", language, columns, rows, merge_grades(table)),)


def member_blocks(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return the members of every area: reach, role, activity, share of the area, excess."""
    table, areas = table_of(run, "clusters.members"), table_of(run, "clusters.areas")
    if table is None or areas is None:
        return ()
    money = money_scale(run, language)
    rows: list[Row] = []
    for area in records(areas.frame):
        own = records(table.frame[table.frame["area"] == area["area"]])
        name = run.industry_name(str(area["industry"]), language)
        rows.append(Row((Cell(f"{area['area']} {name}"),), heading=True))
        own.sort(key=lambda row: -float(row["activity"]))
        rows.extend(
            Row(
                (
                    region_cell(run, row["region"], language),
                    reach_cell(run, row["reach"], language),
                    Cell(say(f"clusters.role.{row['role']}", language)),
                    Cell(money.show(finite(row["activity"])), "number"),
                    _share_cell(float(row["activity"]) / float(area["activity"])),
                    Cell(money.show(finite(row["excess"])), "number"),
                )
            )
            for row in own
        )
    columns = (
        *_headers(language, ("region", "reach", "role"), ()),
        column("activity", language, money.unit, numeric=True),
        column("cluster_share_of_area", language, numeric=True),
        column("cluster_excess_activity", language, money.unit, numeric=True),
    )
    grades = merge_grades(table)
    return (table_block("cluster_area_members", language, columns, rows, grades, collapsed=True),)


def wider_blocks(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return the heaviest area of each industry where the belt's own border does not count."""
    table = table_of(run, "clusters.wider_areas")
    if table is None:
        return ()
    belt = set(run.belt_regions)
    rows = []
    beyond = 0
    for row in records(table.frame):
        members = [code for code in str(row["members"]).split(";") if code in belt]
        outside = str(row["members_outside"] or "")
        beyond += bool(members) and bool(outside)
        rows.append(
            (
                industry_cell(run, row["industry"], language),
                Cell(region_names(run, ";".join(members), language) or number(None)),
                Cell(region_names(run, outside, language) or number(None)),
                _share_cell(row["outside_share"]),
                grade_cell(row, table),
            )
        )
    columns = (
        *_headers(
            language,
            ("industry", "cluster_members_in_belt", "cluster_members_outside"),
            ("cluster_outside_share",),
        ),
        column("grade", language),
    )
    sentence = say("clusters.wider", language, industries=len(rows), beyond=beyond)
    return (
        Paragraph(sentence, merge_grades(table)),
        table_block("cluster_wider_areas", language, columns, rows, merge_grades(table)),
    )


def nested_blocks(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return the areas inside one another: what is left as the cost of a region rises."""
    table = table_of(run, "clusters.nested_areas")
    if table is None:
        return ()
    rows: list[Row] = []
    for industry, own in table.frame.groupby("industry", sort=False):
        name = run.industry_name(str(industry), language)
        rows.append(Row((Cell(f"{industry} {name}"),), heading=True))
        rows.extend(
            Row(
                (
                    Cell(percent(row["area_cost_share"], 1), "number"),
                    Cell(region_names(run, row["members"], language)),
                    number_cell(row["regions"]),
                    Cell(percent(row["weight_share"], 1), "number"),
                )
            )
            for row in records(own)
        )
    columns = (
        column("cluster_area_cost", language, numeric=True),
        column("members", language),
        *_headers(language, (), ("cluster_regions_count", "cluster_weight_share")),
    )
    return (
        table_block(
            "cluster_nested_areas", language, columns, rows, merge_grades(table), collapsed=True
        ),
    )


def statistics_blocks(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return Moran's I and general G of every industry, with the power of Moran's test."""
    table = table_of(run, "clusters.spatial_statistics")
    if table is None:
        return ()
    frame = table.frame
    scopes = list(dict.fromkeys(str(scope) for scope in frame["scope"]))
    found = {
        (str(row["industry"]), str(row["scope"]), str(row["statistic"])): row
        for row in records(frame)
    }
    rows = [
        [
            industry_cell(run, industry, language),
            *(
                cell
                for scope in scopes
                for test in _TESTS
                for cell in _test_cells(found.get((str(industry), scope, test)))
            ),
        ]
        for industry in dict.fromkeys(frame["industry"])
    ]
    columns = [column("industry", language)]
    for scope in scopes:
        regions = int(frame.loc[frame["scope"] == scope, "regions"].max())
        for test in _TESTS:
            head = say(f"clusters.test.{test}", language, regions=regions)
            columns += [Column(head, "", True), Column("q", "", True)]
    grades = merge_grades(table)
    return (
        *_power_lines(run, language),
        table_block("cluster_spatial_statistics", language, columns, rows, grades, collapsed=True),
    )


def _test_cells(row: Mapping[str, Any] | None) -> list[Cell]:
    if row is None:
        return [Cell(number(None), "number")] * 2
    return [number_cell(row["value"], 3), number_cell(row["q_value"], 3)]


def _power_lines(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return one table of power: how often the tests find a planted group of regions."""
    table = table_of(run, "clusters.power")
    if table is None:
        return ()
    rows = [
        (
            Cell(_known(f"clusters.power_test.{row['test']}", language)),
            number_cell(row["regions"]),
            Cell(say(f"clusters.contrast.{row['test']}", language,
                     contrast=number(finite(row["contrast"]), 1))),
            _share_cell(row["power"]),
        )
        for row in records(table.frame)
    ]  # fmt: skip
    planted = int(table.frame["planted"].max())
    level = percent(table.frame["level"].iloc[0])
    columns = (
        column("cluster_test", language),
        column("cluster_regions_count", language, numeric=True),
        column("cluster_contrast", language),
        column("cluster_power", language, numeric=True),
    )
    figures = {"planted": planted, "level": level}
    return (
        table_block("cluster_power", language, columns, rows, merge_grades(table), figures=figures),
    )


def _known(key: str, language: Language) -> str:
    return say(key, language) if has_text(f"report.{key}", language) else key


def group_area_blocks(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return the heaviest area of every group of linked industries with its named industries."""
    table = table_of(run, "clusters.group_areas")
    if table is None:
        return ()
    placed = table_of(run, "clusters.roadmap_groups")
    rows = [
        (
            Cell(say("clusters.group_name", language, number=str(row["group"])[1:])),
            region_cell(run, row["core_region"], language),
            Cell(region_names(run, row["members"], language)),
            _share_cell(row["belt_share"]),
            _share_cell(row["cross_border_share"]),
            number_cell(row["q_dispersed"], 3),
            number_cell(row["q_arrangement"], 3),
            Cell(_named(placed, str(row["group"]), language)),
        )
        for row in records(table.frame)
    ]
    numbers = ("belt_share", "cross_border_share", "q_dispersed", "q_arrangement")
    columns = (
        *_headers(language, ("group", "core_region", "members"), numbers),
        column("named_industries", language),
    )
    return (table_block("cluster_group_areas", language, columns, rows, merge_grades(table)),)


def _named(table: ResultTable | None, group: str, language: Language) -> str:
    """Return the named industries of the published roadmap whose largest part is in the group."""
    if table is None:
        return number(None)
    own = table.frame[table.frame["level"] == "industry"]
    best = own.sort_values("share", ascending=False, kind="stable").drop_duplicates(
        [name for name in ("reach", "cluster", f"name_{language}") if name in own.columns]
    )
    names = best.loc[best["group"] == group, f"name_{language}"]
    return join(list(dict.fromkeys(map(str, names))), language) or number(None)
