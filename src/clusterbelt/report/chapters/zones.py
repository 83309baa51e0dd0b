"""Below the province: clusters of zones across borders, their concentration, modelled cities."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import codes, finite, join, money_scale, number, records, region_names
from clusterbelt.report.chapters.carriers import area_unit, zone_name
from clusterbelt.report.common import (
    column,
    figure_block,
    grade_cell,
    industry_cell,
    merge_grades,
    number_cell,
    percent,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Cell, Chapter, Column, Paragraph, Row, Section

__all__ = ["zones_chapter"]

_BEST: Final = 5
_CITIES: Final = 4
_NAMED: Final = 3  # zones named per region of a cluster


def _title(run: RunView, row: Any, language: Language) -> str:
    code = str(row["code"])
    if row["kind"] == "industry":
        return run.industry_name(code, language)
    if run.roadmap is not None:
        found = run.roadmap.loc[run.roadmap["cluster"] == code, f"name_{language}"]
        if len(found):
            return str(found.iloc[0])
    return code


def _crossing(run: RunView) -> pd.DataFrame | None:
    """Return the areas that cross a border, the best clusters first; None where there is none."""
    table = table_of(run, "zones.areas")
    if table is None:
        return None
    frame = table.frame[table.frame["cross_border"].astype(bool)]
    return frame.sort_values(["score", "area"], ascending=[False, True])


def _best(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the five best areas on which both methods agree."""
    return frame[frame["score"] > 0.0].head(_BEST)


def _reading(run: RunView, language: Language) -> tuple[Block, ...]:
    table, frame = table_of(run, "zones.areas"), _crossing(run)
    if table is None or frame is None:
        return ()
    sentence = say(
        "zones.reading", language, areas=len(table.frame), crossing=len(frame),
        agreed=int((frame["score"] > 0.0).sum()),
        missed=percent(frame["missed_share"].median()) if len(frame) else number(None),
    )  # fmt: skip
    return (Paragraph(sentence, merge_grades(table)),)


def _areas(run: RunView, language: Language) -> tuple[Block, ...]:
    table, frame = table_of(run, "zones.areas"), _crossing(run)
    if table is None or frame is None or frame.empty:
        return ()
    rows = [
        (
            Cell(_title(run, row, language)),
            Cell(region_names(run, row["regions"], language)),
            number_cell(row["places"]),
            Cell(
                say("carriers.count", language, all=number(int(row["zones"])),
                    first=number(int(row["first_level_zones"]))), "number",
            ),
            number_cell(row["gateway_zones"]),
            Cell(percent(row["belt_share"]), "number", share=finite(row["belt_share"])),
            Cell(percent(row["outside_share"]), "number", share=finite(row["outside_share"])),
            Cell(percent(row["missed_share"]), "number", share=finite(row["missed_share"])),
            Cell(percent(row["agreed_share"]), "number", share=finite(row["agreed_share"])),
            grade_cell(row, table),
        )
        for row in records(frame)
    ]  # fmt: skip
    columns = (
        column("industry", language),
        column("members", language),
        column("places", language, numeric=True),
        column("zones_first", language, numeric=True),
        column("border_zones", language, numeric=True),
        column("oriented_share", language, numeric=True),
        column("zone_outside", language, numeric=True),
        column("zone_missed", language, numeric=True),
        column("agreed_share", language, numeric=True),
        column("grade", language),
    )
    return (table_block("zone_areas", language, columns, rows, merge_grades(table)),)


def _named(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return the best clusters across borders with their zones by region."""
    frame, table = _crossing(run), table_of(run, "zones.area_zones")
    if frame is None or table is None or _best(frame).empty:
        return ()
    rows: list[Row] = []
    for area in records(_best(frame)):
        own = table.frame[(table.frame["area"] == area["area"]) & table.frame["agreed"]]
        rows.append(
            Row((Cell(say("zones.cluster", language, name=_title(run, area, language),
                          share=percent(area["belt_share"]))),), heading=True)
        )  # fmt: skip
        for region in codes(area["regions"]):
            here = own[own["region"] == region]
            if here.empty:
                continue
            names = [zone_name(row, language) for row in records(here.head(_NAMED))]
            gates = here[here["gateway_to"] != ""].head(_NAMED)
            rows.append(
                Row(
                    (
                        region_cell(run, region, language),
                        Cell("\n".join(names), "lines"),
                        Cell(
                            "\n".join(str(row[f"name_{language}"]) for row in records(gates))
                            or number(None),
                            "lines",
                        ),
                        number_cell(len(here)),
                        number_cell(float(here["oriented_area"].sum())),
                    )
                )
            )
    columns = (
        column("region", language),
        column("largest_zones", language),
        column("gateway_zones", language),
        column("zones", language, numeric=True),
        column("oriented_area", language, area_unit(run), numeric=True),
    )
    figures = {"shown": len(_best(frame))}
    grades = merge_grades(table)
    return (table_block("zone_clusters", language, columns, rows, grades, figures=figures),)


def _range(row: Any, language: Language) -> str:
    if finite(row["from_km"]) is None:
        return number(None)
    return say(
        "zones.range", language, first=number(float(row["from_km"])),
        last=number(float(row["to_km"])),
    )  # fmt: skip


def _concentration(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "zones.concentration")
    if table is None:
        return ()
    radii = [name for name in table.frame.columns if str(name).startswith("m_")]
    rows: list[Row] = []
    for scope, own in table.frame.groupby("scope", sort=False):
        sites = number(int(own["sites"].iloc[0]))
        head = say(f"zones.scope_{scope}", language, sites=sites)
        rows.append(Row((Cell(head),), heading=True))
        for row in records(own):
            rows.append(
                Row(
                    (
                        industry_cell(run, row["industry"], language),
                        number_cell(row["zones"]),
                        Cell(_range(row, language)),
                        number_cell(row["peak_km"]),
                        number_cell(row["p_value"], 3),
                        *(number_cell(row[name], 2) for name in radii),
                    )
                )
            )
    columns = (
        column("industry", language),
        column("zones", language, numeric=True),
        column("above_chance", language, "km"),
        column("zone_peak", language, "km", numeric=True),
        column("zone_p", language, numeric=True),
        *(
            _with_unit(column("m_within", language, numeric=True), f"{str(name)[2:]} km")
            for name in radii
        ),
    )
    first = table.frame[table.frame["scope"] == "belt"]
    sentence = say(
        "zones.concentrated", language, industries=len(first),
        found=int(first["concentrated"].astype(bool).sum()),
        names=join(
            [
                run.industry_name(str(code), language)
                for code in first.loc[first["concentrated"].astype(bool), "industry"]
            ]
            or [number(None)],
            language,
        ),
    )  # fmt: skip
    return (
        Paragraph(sentence, merge_grades(table)),
        figure_block(run, "zone_concentration", language),
        table_block("zone_concentration", language, columns, rows, merge_grades(table)),
    )


def _with_unit(made: Column, unit: str) -> Column:
    """Return a column with another unit."""
    return Column(made.header, unit, made.numeric)


def _correlations(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "zones.correlations")
    if table is None:
        return ()
    rows = [
        (
            industry_cell(run, row["industry"], language),
            number_cell(row["regions"]),
            number_cell(row["area_activity"], 2),
            number_cell(row["share_share"], 2),
            grade_cell(row, table),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("industry", language),
        column("zone_regions", language, numeric=True),
        column("area_activity", language, numeric=True),
        column("share_share", language, numeric=True),
        column("grade", language),
    )
    return (table_block("zone_correlations", language, columns, rows, merge_grades(table)),)


def _cities(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return, per industry, the cities that zones point to, with their intervals."""
    table, errors = table_of(run, "zones.cities"), table_of(run, "zones.placing_errors")
    if table is None or errors is None:
        return ()
    money = money_scale(run, language)
    error = {str(row["industry"]): row for row in records(errors.frame)}
    chosen = run.industries["advanced"] | run.industries["materials"]
    rows = []
    for industry, own in table.frame.groupby("industry", sort=True):
        if not bool(chosen.get(str(industry), False)):
            continue
        # A city that is a whole region is measured already, and shares nothing out.
        several = own[own.groupby("region")["city"].transform("size") > 1]
        largest = several.sort_values(["output", "city"], ascending=[False, True]).head(_CITIES)
        shown = [
            say(
                "zones.city", language, city=row[f"name_{language}"],
                output=money.show(finite(row["output"])), low=money.show(finite(row["low"])),
                high=money.show(finite(row["high"])), share=percent(row["region_share"]),
            )
            for row in records(largest)
        ]  # fmt: skip
        rows.append(
            (
                industry_cell(run, industry, language),
                Cell("\n".join(shown), "lines") if shown else Cell(number(None)),
                number_cell(error[str(industry)]["log_error"], 2),
                Cell(percent(error[str(industry)]["unplaced_share"], 1), "number"),
            )
        )
    columns = (
        column("industry", language),
        column("modelled_cities", language, money.unit),
        column("placing_error", language, numeric=True),
        column("unplaced_share", language, numeric=True),
    )
    sentence = say("zones.downscaling", language, cities=table.frame["city"].nunique())
    return (
        Paragraph(sentence, merge_grades(table)),
        table_block("zone_cities", language, columns, rows, merge_grades(table)),
    )


def zones_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on what zones show below the province."""
    notes = stage_notes(run, "zones", language)
    result = run.results.get("zones")
    blocks: tuple[Block, ...] = notes
    sections: tuple[Section, ...] = ()
    if result is None or result.tables:
        blocks = (
            *_reading(run, language),
            figure_block(run, "zone_areas", language),
            *_areas(run, language),
            *_named(run, language),
            *notes,
        )
        parts = (
            ("zone_concentration", _concentration(run, language)),
            ("zone_words", _correlations(run, language)),
            ("zone_cities", _cities(run, language)),
        )
        sections = tuple(
            Section(say(f"section.{name}", language), found) for name, found in parts if found
        )
    return Chapter(
        id="zones",
        title=say("chapter.zones.title", language),
        lead=say("chapter.zones.lead", language),
        blocks=blocks,
        sections=sections,
    )
