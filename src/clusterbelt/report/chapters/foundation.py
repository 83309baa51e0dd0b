"""Chapter 2: the foundation, on six dimensions, with its ranks' intervals and its audit."""

from __future__ import annotations

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, number, records
from clusterbelt.report.chapters.foundation_sure import audit_section, sure_section
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    frame_of,
    merge_grades,
    number_cell,
    reach_cell,
    region_cell,
    say,
    stage_notes,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Callout, Chapter, Paragraph, Section, TableBlock

__all__ = ["foundation_chapter"]


def _reading(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "foundation.index")
    if table is None:
        return ()
    index = table.frame
    belt = index[index["region"].isin(run.belt_regions)].dropna(subset=["rank_equal"])
    if len(belt) < 2:
        return ()
    ordered = records(belt.sort_values(["rank_equal", "region"]))
    first, last = ordered[0], ordered[-1]
    moved = max(ordered, key=lambda row: abs(row["rank_equal"] - row["rank_entropy"]))
    sentence = say(
        "foundation.reading", language,
        first=run.region_name(str(first["region"]), language),
        first_rank=number(first["rank_equal"]),
        last=run.region_name(str(last["region"]), language),
        last_rank=number(last["rank_equal"]),
        compared=len(index), moved=run.region_name(str(moved["region"]), language),
        equal=number(finite(moved["rank_equal"])), entropy=number(finite(moved["rank_entropy"])),
    )  # fmt: skip
    value = run.results["foundation"].values.get("rank_correlation_equal_entropy")
    correlation = None if value is None else finite(value.value)
    if correlation is not None:
        shown = say("foundation.correlation", language, correlation=number(correlation, 2))
        sentence = f"{sentence} {shown}" if language == "en" else f"{sentence}{shown}"
    return (Paragraph(sentence, merge_grades(table)),)


def _index_table(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "foundation.index")
    if table is None:
        title = say("table.foundation_index.title", language)
        return absent(title, ("foundation.index",), language)
    belt = table.frame[table.frame["region"].isin(run.belt_regions)]
    benefit = bool(belt["index_benefit"].notna().any())
    rows = [
        (
            region_cell(run, row["region"], language),
            reach_cell(run, row["reach"], language),
            number_cell(row["index_equal"], 3),
            number_cell(row["rank_equal"]),
            number_cell(row["belt_rank_equal"]),
            number_cell(row["index_entropy"], 3),
            number_cell(row["rank_entropy"]),
            number_cell(row["belt_rank_entropy"]),
            *(
                (number_cell(row["index_benefit"], 3), number_cell(row["belt_rank_benefit"]))
                if benefit
                else ()
            ),
        )
        for row in records(belt.sort_values(["belt_rank_equal", "region"]))
    ]
    columns = (
        column("region", language),
        column("reach", language),
        column("index_equal", language, "0–1", numeric=True),
        column("rank_equal", language, numeric=True),
        column("belt_rank", language, numeric=True),
        column("index_entropy", language, "0–1", numeric=True),
        column("rank_entropy", language, numeric=True),
        column("belt_rank", language, numeric=True),
        *(
            (
                column("index_benefit", language, "0–1", numeric=True),
                column("belt_rank", language, numeric=True),
            )
            if benefit
            else ()
        ),
    )
    figures = {"compared": len(table.frame), "belt": len(belt)}
    return table_block(
        "foundation_index", language, columns, rows, merge_grades(table), figures=figures
    )


def foundation_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on the foundation."""
    blocks: list[Block] = [
        *_reading(run, language),
        figure_block(run, "foundation_profile", language),
        figure_block(run, "foundation_ranks", language),
        _index_table(run, language),
    ]
    sections = [
        section
        for section in (sure_section(run, language), audit_section(run, language))
        if section is not None
    ]
    notes = stage_notes(run, "foundation", language)
    if not sections:
        blocks += notes
    elif notes:
        sections.append(Section(say("section.notes", language), notes))
    index = frame_of(run, "foundation.index")
    year = "" if index is None else str(int(index["year"].iloc[0]))
    key = "chapter.foundation.lead" if year else "chapter.foundation.lead_absent"
    return Chapter(
        id="foundation",
        title=say("chapter.foundation.title", language),
        lead=say(key, language, year=year),
        blocks=tuple(blocks),
        sections=tuple(sections),
    )
