"""Chapter 3: advantages of every region, factor intensity, and the roadmap's claim about it."""

from __future__ import annotations

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, manufacturing, number, reach_order, records
from clusterbelt.report.chapters.advantage_more import claims_by_table_block, more_sections
from clusterbelt.report.chapters.advantage_several import fine_block, several_section
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    frame_of,
    grade_cell,
    merge_grades,
    number_cell,
    percent,
    reach_cell,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
    verdict_cell,
)
from clusterbelt.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Chapter,
    Paragraph,
    Section,
    TableBlock,
)

__all__ = ["advantage_chapter"]

STRONGEST = 3
_ACCOUNTS = ("own_share", "own_share_national")


def _strengths(run: RunView, language: Language) -> TableBlock | Callout:
    title = say("table.strengths.title", language)
    table = table_of(run, "advantage.advantage")
    if table is None:
        return absent(title, ("advantage.advantage",), language)
    frame = table.frame[table.frame["industry"].isin(manufacturing(run))]
    limit = float(run.study.get("advantage", {}).get("specialised_above", 1.0))
    rows = []
    for region in reach_order(run):
        mine = frame[(frame["region"] == region) & frame["location_quotient_all"].notna()]
        best = mine.sort_values(
            ["location_quotient_all", "industry"], ascending=[False, True]
        ).head(STRONGEST)
        listed = [
            say(
                "advantage.strength", language,
                industry=run.industry_name(str(row["industry"]), language),
                quotient=number(finite(row["location_quotient_all"]), 2),
            )
            for row in records(best)
        ]  # fmt: skip
        special = int((mine["location_quotient_all"] > limit).sum())
        rows.append(
            (
                region_cell(run, region, language),
                number_cell(special),
                Cell(join(listed, language)),
            )
        )
    columns = (
        column("region", language),
        column("specialised", language, numeric=True),
        column("strengths", language),
    )
    figures = {"limit": number(limit, 2), "count": STRONGEST, "industries": len(manufacturing(run))}
    return table_block("strengths", language, columns, rows, merge_grades(table), figures=figures)


def _claims(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "advantage.reach_factor")
    if table is None:
        title = say("table.reach_factor.title", language)
        return (absent(title, ("advantage.reach_factor",), language),)
    answers = []
    for row in records(table.frame):
        if int(row["claim"]) == 0 or str(row["reach"]) not in run.reaches:
            continue
        difference = finite(row["difference"])
        if difference is None:
            continue
        answers.append(
            say(
                "advantage.above" if difference >= 0 else "advantage.below", language,
                reach=run.reaches[str(row["reach"])].get(language),
                factor=text(f"plot.factor.{row['factor']}", language),
                claim=text(f"plot.claim.{int(row['claim'])}", language),
                difference=number(abs(difference), 2),
                verdict=text(f"plot.verdict.{row['verdict']}", language),
            )
        )  # fmt: skip
    if answers:
        sentence = say("advantage.claims", language, count=len(answers))
    else:
        sentence = say("advantage.no_claims", language)
    accounts = [name for name in _ACCOUNTS if name in table.frame.columns]
    rows = [
        (
            reach_cell(run, row["reach"], language),
            Cell(text(f"plot.factor.{row['factor']}", language)),
            number_cell(row["intensity"], 2),
            number_cell(row["national"], 2),
            number_cell(row["difference"], 2),
            Cell(text(f"plot.claim.{int(row['claim'])}", language)),
            verdict_cell(row["verdict"], language),
            *(Cell(percent(row[name], 1), "number") for name in accounts),
            grade_cell(row, table),
        )
        for row in records(table.frame)
    ]
    unit = say("unit.deviations", language)
    columns = (
        column("reach", language),
        column("factor", language),
        column("intensity", language, unit, numeric=True),
        column("national", language, unit, numeric=True),
        column("difference", language, unit, numeric=True),
        column("claim", language),
        column("verdict", language),
        *(column(name, language, numeric=True) for name in accounts),
        column("grade", language),
    )
    return (
        Paragraph(sentence, merge_grades(table)),
        *((Bullets(tuple(answers)),) if answers else ()),
        figure_block(run, "reach_factor", language),
        table_block("reach_factor", language, columns, rows, merge_grades(table)),
        claims_by_table_block(run, language),
    )


def advantage_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on advantages and factor intensity."""
    scope = run.study.get("scope", {})
    reference = say(f"reference.{scope.get('reference', 'all')}", language)
    has = frame_of(run, "advantage.advantage") is not None
    lead = "chapter.advantage.lead" if has else "chapter.advantage.lead_absent"
    return Chapter(
        id="advantage",
        title=say("chapter.advantage.title", language),
        lead=say(lead, language, reference=reference, year=scope.get("base_year", "")),
        blocks=(figure_block(run, "advantage_heat", language), _strengths(run, language)),
        sections=(
            Section(
                say("section.factors", language),
                (
                    figure_block(run, "factor_intensity", language),
                    *_claims(run, language),
                    *fine_block(run, language),
                ),
            ),
            several_section(run, language),
            *more_sections(run, language),
            *(
                Section(say("section.notes", language), notes)
                for notes in (stage_notes(run, "advantage", language),)
                if notes
            ),
        ),
    )
