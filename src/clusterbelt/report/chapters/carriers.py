"""The zones that carry each planned cluster, over the borders inside it, and those left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import codes, finite, join, known_word, number, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    frame_of,
    grade_cell,
    merge_grades,
    number_cell,
    percent,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import (
    Block,
    Callout,
    Cell,
    Chapter,
    Paragraph,
    Row,
    Section,
    TableBlock,
)

__all__ = ["area_unit", "carriers_chapter", "zone_name"]

_SHOWN: Final = 30
_STATUS: Final = ("carrier", "reserve", "unsupported", "no_industry")


def area_unit(run: RunView) -> str:
    """Return the unit of the zones' area, as the study states it."""
    return str(run.study.get("zones", {}).get("area_unit", ""))


def zone_name(row: Any, language: Language, ends: str = "") -> str:
    """Return a zone's name with the name of its place, where the row has one."""
    place = str(row.get(f"place_{language}{ends}") or "")
    name = str(row[f"name_{language}{ends}"])
    return text("plot.carrier.named", language, name=name, place=place) if place else name


def _reading(run: RunView, language: Language) -> tuple[Block, ...]:
    roles, carriers = table_of(run, "carriers.roles"), table_of(run, "carriers.carriers")
    if roles is None or carriers is None:
        return ()
    level = str(run.study.get("carriers", {}).get("first_level", ""))
    frame = roles.frame
    first = frame[frame["level"] == level]
    pairs = frame_of(run, "carriers.pairs")
    sentence = say(
        "carriers.reading", language,
        zones=number(len(frame)), first=number(len(first)),
        carriers=number(int((frame["status"] == "carrier").sum())),
        clusters=carriers.frame["cluster"].nunique(),
        idle=number(int((first["status"] != "carrier").sum())),
        unsupported=number(int((frame["status"] == "unsupported").sum())),
        pairs=0 if pairs is None else int(pairs["within"].astype(bool).sum()),
        level=known_word("plot.zone_level", level, language),
    )  # fmt: skip
    settings = run.study.get("carriers", {})
    rule = say(
        "carriers.rule", language, level=known_word("plot.zone_level", level, language),
        share=percent(settings.get("first_level_share")),
        partners=settings.get("partner_zones", ""),
        km=number(finite(settings.get("pair_distance_km"))),
    )  # fmt: skip
    return (
        Paragraph(sentence, merge_grades(roles)),
        Callout("assumption", say("carriers.rule_title", language), (rule,)),
    )


def _names(own: pd.DataFrame, role: str, language: Language) -> Cell:
    rows = records(own[own["role"] == role])
    if not rows:
        return Cell(number(None))
    if role == "gateway":  # many, and the map shows where they are
        return Cell("\n".join(str(row[f"name_{language}"]) for row in rows), "lines")
    return Cell("\n".join(zone_name(row, language) for row in rows), "lines")


def _carriers(run: RunView, language: Language) -> TableBlock | Callout:
    table, coverage = table_of(run, "carriers.carriers"), frame_of(run, "carriers.coverage")
    if table is None or coverage is None:
        needs = ("carriers.carriers", "carriers.coverage")
        return absent(say("table.carriers.title", language), needs, language)
    rows: list[Row] = []
    for cluster, regions in coverage.groupby("cluster", sort=False):
        industry = run.industry_name(str(regions["industry"].iloc[0]), language)
        head = say("carriers.cluster", language, cluster=cluster, industry=industry)
        rows.append(Row((Cell(head),), heading=True))
        for row in records(regions):
            own = table.frame[
                (table.frame["cluster"] == cluster) & (table.frame["region"] == row["region"])
            ]
            rows.append(
                Row(
                    (
                        region_cell(run, row["region"], language),
                        _names(own, "lead", language),
                        _names(own, "partner", language),
                        _names(own, "gateway", language),
                        number_cell(row["zones"]),
                        number_cell(row["oriented_area"]),
                        Cell(percent(row["carriers_share"]), "number"),
                    )
                )
            )
    columns = (
        column("region", language),
        column("lead_zone", language),
        column("partner_zones", language),
        column("gateway_zones", language),
        column("oriented_zones", language, numeric=True),
        column("oriented_area", language, area_unit(run), numeric=True),
        column("carried_share", language, numeric=True),
    )
    return table_block("carriers", language, columns, rows, merge_grades(table))


def _pairs(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "carriers.pairs")
    if table is None:
        return ()
    rows = [
        (
            Cell(str(row["cluster"]), "code"),
            region_cell(run, row["region_from"], language),
            Cell(str(row[f"name_{language}_from"])),
            region_cell(run, row["region_to"], language),
            Cell(str(row[f"name_{language}_to"])),
            number_cell(row["distance_km"]),
            Cell(_industries(run, row["shared_industries"], language)),
            grade_cell(row, table),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("cluster", language),
        column("region", language),
        column("zone", language),
        column("other_region", language),
        column("other_zone", language),
        column("distance", language, "km", numeric=True),
        column("shared_industries", language),
        column("grade", language),
    )
    return (table_block("zone_pairs", language, columns, rows, merge_grades(table)),)


def _industries(run: RunView, joined: object, language: Language, most: int = 4) -> str:
    names = [run.industry_name(code, language) for code in codes(joined)]
    shown = join(names[:most], language) if names else number(None)
    more = len(names) - most
    return say("carriers.and_more", language, shown=shown, more=more) if more > 0 else shown


def _status(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return how many zones of each region have a role, wait, or declare what nobody plans."""
    table = table_of(run, "carriers.roles")
    if table is None:
        return ()
    level = str(run.study.get("carriers", {}).get("first_level", ""))
    rows = []
    for region, own in table.frame.groupby("region", sort=False):
        first = own[own["level"] == level]
        cells = [
            Cell(
                say("carriers.count", language, all=number(int((own["status"] == state).sum())),
                    first=number(int((first["status"] == state).sum()))), "number",
            )
            for state in _STATUS
        ]  # fmt: skip
        rows.append([region_cell(run, region, language), number_cell(len(own)), *cells])
    columns = (
        column("region", language),
        column("zones", language, numeric=True),
        *(column(f"zone_{state}", language, numeric=True) for state in _STATUS),
    )
    return (table_block("zone_status", language, columns, rows, merge_grades(table)),)


def _left_out(run: RunView, language: Language, status: Sequence[str], key: str) -> Block | None:
    table = table_of(run, "carriers.roles")
    if table is None:
        return None
    level = str(run.study.get("carriers", {}).get("first_level", ""))
    frame = table.frame
    own = frame[(frame["level"] == level) & frame["status"].isin(status)]
    if own.empty:
        return None
    ordered = own.sort_values(["area", "zone"], ascending=[False, True])
    rows = [
        (
            Cell(str(row["zone"]), "code"),
            Cell(zone_name(row, language)),
            region_cell(run, row["region"], language),
            number_cell(row["area"]),
            Cell(_industries(run, row["declared"], language)),
        )
        for row in records(ordered.head(_SHOWN))
    ]
    columns = (
        column("zone_code", language),
        column("zone", language),
        column("region", language),
        column("zone_area", language, area_unit(run), numeric=True),
        column("declared_industries", language),
    )
    figures = {"shown": len(rows), "listed": len(own)}
    return table_block(
        key, language, columns, rows, merge_grades(table), collapsed=True, figures=figures
    )


def carriers_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on the zones that carry the planned clusters."""
    left = [
        block
        for block in (
            _left_out(run, language, ("unsupported",), "zones_unsupported"),
            _left_out(run, language, ("reserve", "no_industry"), "zones_without_role"),
        )
        if block is not None
    ]
    notes = stage_notes(run, "carriers", language)
    without = run.results.get("carriers")
    if without is not None and not without.tables:  # the belt has no zones, and the note says so
        blocks: tuple[Block, ...] = notes
        sections: tuple[Section, ...] = ()
    else:
        blocks = (
            *_reading(run, language),
            figure_block(run, "carriers", language),
            _carriers(run, language),
            *_pairs(run, language),
        )
        sections = (
            Section(say("section.left_out", language), (*_status(run, language), *left, *notes)),
        )
    return Chapter(
        id="carriers",
        title=say("chapter.carriers.title", language),
        lead=say("chapter.carriers.lead", language),
        blocks=blocks,
        sections=sections,
    )
