"""The document tree: complete in both languages, graded, honest about what is missing."""

import dataclasses

import pytest

from clusterbelt.core.strings import LANGUAGES, has_text
from clusterbelt.model.result import Message
from clusterbelt.report.build import CHAPTERS, build_document
from clusterbelt.report.chapters.assumptions import assumed_fields
from clusterbelt.report.common import stage_notes
from clusterbelt.report.document import (
    Bullets,
    Callout,
    Cards,
    FigureBlock,
    Paragraph,
    TableBlock,
    blocks_of,
)
from report.fixture import build_run

RUN = build_run()
DOCUMENTS = {language: build_document(RUN, language) for language in LANGUAGES}
STAGES = tuple(RUN.results)


def _blocks(document, kind=object):
    return [
        block
        for chapter in document.chapters
        for block in blocks_of(chapter)
        if isinstance(block, kind)
    ]


def _words(document):
    for chapter in document.chapters:
        yield from (chapter.title, chapter.lead)
        yield from (section.title for section in chapter.sections)
    for block in _blocks(document):
        if isinstance(block, Paragraph):
            yield block.text
        elif isinstance(block, Bullets):
            yield from block.items
        elif isinstance(block, Callout):
            yield from (block.title, *block.lines)
        elif isinstance(block, FigureBlock):
            yield from (block.title, block.caption, block.alt)
        elif isinstance(block, TableBlock):
            yield from (block.title, block.caption, *(column.header for column in block.columns))
            yield from (cell.text for row in block.rows for cell in row.cells)
        elif isinstance(block, Cards):
            yield from (card.label for card in block.items)


def test_both_languages_have_the_same_shape():
    shapes = [
        [
            (chapter.id, [type(block).__name__ for block in blocks_of(chapter)])
            for chapter in DOCUMENTS[language].chapters
        ]
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) == len(CHAPTERS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_complete_run_leaves_nothing_out(language):
    assert [
        block for block in _blocks(DOCUMENTS[language], Callout) if block.kind == "absent"
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_figure_is_missing_from_a_text(language):
    for words in _words(DOCUMENTS[language]):
        assert "{" not in words
        assert "nan" not in words.split()
        assert words == words.strip()


def test_english_has_no_chinese():
    chinese = [
        words
        for words in _words(DOCUMENTS["en"])
        if any("\u4e00" <= character <= "\u9fff" for character in words)
    ]
    assert chinese == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_and_table_has_a_number_a_caption_and_a_grade(language):
    numbered = _blocks(DOCUMENTS[language], FigureBlock | TableBlock)
    assert len(numbered) > 25
    for block in numbered:
        assert block.grades
        assert block.title
        assert block.caption
        assert block.number
    for kind in (FigureBlock, TableBlock):
        numbers = [block.number for block in _blocks(DOCUMENTS[language], kind)]
        assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_fit_their_columns(language):
    for table in _blocks(DOCUMENTS[language], TableBlock):
        for row in table.rows:
            assert len(row.cells) == (1 if row.heading or row.remark else len(table.columns))


def test_the_summary_answers_the_question():
    summary = DOCUMENTS["en"].chapters[0]
    words = " ".join(block.text for block in blocks_of(summary) if isinstance(block, Paragraph))
    clusters = RUN.results["plan"].frame("clusters")
    assert f"{len(clusters)} clusters" in words
    cards = next(block for block in blocks_of(summary) if isinstance(block, Cards))
    assert [card.value for card in cards.items] == ["5.7%", "14.5%"]
    assert [part.shown for part in cards.items[0].parts] == ["3.8%", "0.4%", "1.4%"]
    assert all(card.grades == ("D",) for card in cards.items)


def test_the_summary_table_holds_every_core_industry_once_per_reach():
    table = next(b for b in _blocks(DOCUMENTS["en"], TableBlock) if b.key == "summary")
    lines = [
        line
        for row in table.rows
        for cell in row.cells
        if cell.kind == "lines"
        for line in cell.text.split("\n")
    ]
    assert len(lines) == len(RUN.results["plan"].frame("reach_core"))
    item = "Electrical machinery: Zhejiang, with Anhui, Jiangxi ("  # how often it survives follows
    assert any(line.startswith(item) and line.endswith("%)") for line in lines)


def test_a_column_of_equal_grades_is_said_once_in_the_title():
    tables = {block.key: block for block in _blocks(DOCUMENTS["en"], TableBlock)}
    assert [column.header for column in tables["areas"].columns][-1] != "Grade"
    mixed = RUN.results["clusters"].tables["areas"]
    frame = mixed.frame.assign(grade=["B"] + ["C"] * (len(mixed.frame) - 1))
    clusters = dataclasses.replace(
        RUN.results["clusters"],
        tables={**RUN.results["clusters"].tables, "areas": dataclasses.replace(mixed, frame=frame)},
    )
    run = dataclasses.replace(RUN, results={**RUN.results, "clusters": clusters})
    areas = next(b for b in _blocks(build_document(run, "en"), TableBlock) if b.key == "areas")
    assert areas.grades == ("B", "C")
    assert areas.rows[0].cells[-1].text == "B"


def test_remarks_of_a_stage_stand_in_its_chapter():
    foundation = next(c for c in DOCUMENTS["zh"].chapters if c.id == "foundation")
    notes = [b for b in blocks_of(foundation) if isinstance(b, Callout) and b.kind == "note"]
    assert notes[0].lines == ("实测",)


def test_many_remarks_are_folded():
    stage = dataclasses.replace(
        RUN.results["demand"], messages=(Message("report.grade.A.name"),) * 4
    )
    run = dataclasses.replace(RUN, results={**RUN.results, "demand": stage})
    chapter = next(c for c in build_document(run, "en").chapters if c.id == "demand")
    note = next(b for b in blocks_of(chapter) if isinstance(b, Callout))
    assert note.collapsed
    assert len(note.lines) == 4


@pytest.mark.parametrize("stage", STAGES)
def test_a_missing_stage_is_named_not_faked(stage):
    document = build_document(build_run(without=(stage,)), "en")
    lines = [
        line
        for block in _blocks(document, Callout)
        if block.kind == "absent"
        for line in block.lines
    ]
    assert any(f"{stage}." in line for line in lines)


def test_a_run_with_nothing_still_gives_a_report():
    document = build_document(build_run(without=(*STAGES, "boundaries")), "zh")
    assert len(document.chapters) == len(CHAPTERS)
    assert _blocks(document, FigureBlock) == []


def test_every_assumption_stands_in_the_table_with_its_value():
    tables = {block.key: block for block in _blocks(DOCUMENTS["en"], TableBlock)}
    table = tables["assumptions"]
    named = {cell.text for row in table.rows for cell in row.cells if cell.kind == "code"}
    assert named == set(assumed_fields())
    uplift = next(row for row in table.rows if row.cells[-1].text == "plan.uplift")
    assert uplift.cells[1].text == f"{100 * RUN.study['plan']['uplift']:g}%"
    shown = {
        cell.text
        for block in (table, tables["choices"])
        for row in block.rows
        for cell in row.cells
        if cell.kind == "code"
    }
    sections = [
        (section, field)
        for section, fields in RUN.study.items()
        if isinstance(fields, dict) and section != "report"
        for field in fields
    ]
    assert shown == {f"{section}.{field}" for section, field in sections}
    unnamed = [pair for pair in sections if not has_text(f"report.assumption.{'.'.join(pair)}")]
    assert unnamed == []


def test_a_title_of_the_study_wins():
    study = {**RUN.study, "report": {"title_zh": "沿江规划", "title_en": ""}}
    run = dataclasses.replace(RUN, study=study)
    assert build_document(run, "zh").title == "沿江规划"
    assert build_document(run, "en").title.startswith("Yangtze River Economic Belt")


def test_issues_of_the_data_are_listed_with_their_remedy():
    table = next(b for b in _blocks(DOCUMENTS["en"], TableBlock) if b.key == "issues")
    assert [cell.text for cell in table.rows[0].cells][:2] == [
        "warning",
        "indicators.csv, row 12, column value",
    ]


OPTIONAL = {
    "without_plan",
    "price_without_rules",
    "border_cost_share",
    "from_imports",
    "from_market",
}


def test_figures_beyond_the_least_a_stage_must_give_are_shown():
    words = " ".join(_words(DOCUMENTS["en"]))
    for shown in (
        "Price without the rules",
        "Lost if cut at borders",
        "From imports",
        "3 / 4",
        "AUC of 0.96",
        "cost CNY 53.0 bn",
        "would lose 37%",
        "rank correlation of 0.93",
    ):
        assert shown in words, shown


def test_the_least_a_stage_must_give_is_enough():
    results = {
        stage: dataclasses.replace(
            result,
            values={},
            tables={
                name: dataclasses.replace(
                    table,
                    frame=table.frame.drop(columns=list(OPTIONAL & set(table.frame.columns))),
                )
                for name, table in result.tables.items()
            },
        )
        for stage, result in RUN.results.items()
    }
    document = build_document(dataclasses.replace(RUN, results=results), "en")
    words = " ".join(_words(document))
    assert "Price without the rules" not in words
    assert len(_blocks(document, FigureBlock)) == len(_blocks(DOCUMENTS["en"], FigureBlock))


def test_remarks_name_what_stages_know_by_code(tmp_path):
    run = build_run(tmp_path)
    region, industry = run.belt_regions[0], str(run.industries.index[0])
    message = Message(
        "coordination.no_sales",
        {"count": 2, "pairs": f"{region}-{industry}, 999999-{industry} … (+1)", "share": "5%"},
    )
    result = dataclasses.replace(run.results["coordination"], messages=(message,))
    changed = dataclasses.replace(run, results={**run.results, "coordination": result})
    for language in ("zh", "en"):
        (note,) = stage_notes(changed, "coordination", language)
        named = f"{run.region_name(region, language)} × {run.industry_name(industry, language)}"
        assert named in note.lines[0]
        assert f"{region}-" not in note.lines[0]
        assert f"999999-{industry}" in note.lines[0]
