"""The report as files of other programs, read back with programs that know nothing of ours."""

import io
import zipfile

import docx
import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
from docx.oxml.ns import qn

from clusterbelt.core.errors import InputError
from clusterbelt.plot import fonts
from clusterbelt.plot.figures import FIGURES, missing_for
from clusterbelt.report.build import build_document
from clusterbelt.report.document import Cell, Column, Row, TableBlock, blocks_of
from clusterbelt.report.exports.csv_tables import write_csv_folder
from clusterbelt.report.exports.geopackage import write_run_geopackage
from clusterbelt.report.exports.run_tables import all_tables
from clusterbelt.report.exports.word import column_widths, render_word
from clusterbelt.report.exports.word_styles import TEXT_WIDTH
from clusterbelt.report.exports.workbook import HEADER_ROWS, render_workbook, sheet_names
from clusterbelt.report.exports.write import write_formats
from clusterbelt.report.figure_file import list_figures, render_figure
from report.fixture import build_run

# The smallest PNG there is: one grey pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080000000 03a7e9b55".replace(" ", "")
    + "0000000a49444154789c63680000008200814dc7e7e30000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return build_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module", params=["zh"])
def word(request, run):
    document = build_document(run, request.param)
    names = [b.name for c in document.chapters for b in blocks_of(c) if hasattr(b, "spec")]
    pictures = dict.fromkeys(names, PIXEL)
    made = render_word(document, pictures, dict.fromkeys(names, request.param))
    again = render_word(document, pictures, dict.fromkeys(names, request.param))
    assert made == again
    return document, docx.Document(io.BytesIO(made))


def test_word_has_every_chapter_and_section(word):
    document, made = word
    headings = [p.text for p in made.paragraphs if p.style.name.startswith("Heading")]
    wanted = []
    for chapter in document.chapters:
        wanted += [chapter.title, *(section.title for section in chapter.sections)]
    assert headings == wanted


def test_word_tables_repeat_their_header_and_lose_no_row(word):
    document, made = word
    blocks = [b for c in document.chapters for b in blocks_of(c) if isinstance(b, TableBlock)]
    tables = [t for t in made.tables if t._tbl.find(".//" + qn("w:tblHeader")) is not None]
    assert len(tables) == len(blocks)
    for table, block in zip(tables, blocks, strict=True):
        assert len(table._tbl.tr_lst) == 1 + min(len(block.rows), 150)


def test_word_pictures_have_text_alternatives(word):
    document, made = word
    figures = {b.name: b for c in document.chapters for b in blocks_of(c) if hasattr(b, "spec")}
    found = {p.get("name"): p.get("descr") for p in made.element.body.iter(qn("wp:docPr"))}
    assert set(found) == set(figures)
    assert all(figures[name].alt in text for name, text in found.items())


def test_word_names_a_font_for_chinese_and_fields_for_contents_and_captions(word):
    _, made = word
    font = made.styles["Normal"].element.rPr.find(qn("w:rFonts"))
    assert font.get(qn("w:eastAsia")) == "Microsoft YaHei"
    fields = [e.text.strip() for e in made.element.body.iter(qn("w:instrText"))]
    assert sum(field.startswith("TOC") for field in fields) == 1
    assert any(field.startswith("SEQ Figure") for field in fields)
    footer = made.sections[0].footer._element
    assert [e.text.strip() for e in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]


def test_column_widths_fill_the_page_and_are_positive():
    row = Row((Cell("a very long text " * 20), Cell("1", "number"), Cell("A", "grade")))
    columns = (Column("What"), Column("Figure", "1e8 CNY", True), Column("Grade"))
    for rows in ((row,), ()):
        widths = column_widths(TableBlock("x", "x", "", columns, rows, ("A",)))
        assert sum(widths) == TEXT_WIDTH
        assert min(widths) > 0


def test_workbook_holds_every_table_value_for_value(run):
    data = render_workbook(run)
    assert data == render_workbook(run)
    book = openpyxl.load_workbook(io.BytesIO(data))
    tables = list(all_tables(run))
    names = sheet_names(tables)
    assert {"contents", "grades", "assumptions"} <= set(book.sheetnames)
    assert set(names.values()) <= set(book.sheetnames)
    table = next(t for t in tables if t.key == "plan.clusters")
    sheet = book[names[table.key]]
    assert sheet.freeze_panes == f"B{HEADER_ROWS + 1}"
    header = [cell.value for cell in sheet[HEADER_ROWS]]
    place = header.index("value")
    shown = [row[place].value for row in sheet.iter_rows(min_row=HEADER_ROWS + 1)]
    assert shown == pytest.approx(list(table.frame["value"]))
    units = [cell.value for cell in sheet[HEADER_ROWS - 1]]
    assert units[place] == table.frame.attrs.get("unit", units[place])


def test_workbook_leaves_absent_values_empty(run):
    table = next(t for t in all_tables(run) if t.frame.isna().any().any())
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(run)))
    sheet = book[sheet_names(list(all_tables(run)))[table.key]]
    column = next(c for c in table.frame.columns if table.frame[c].isna().any())
    place = [cell.value for cell in sheet[HEADER_ROWS]].index(column)
    first = int(table.frame[column].isna().to_numpy().argmax())
    assert sheet.cell(HEADER_ROWS + 1 + first, place + 1).value is None


def test_sheet_names_are_short_and_apart(run):
    tables = list(all_tables(run))
    names = list(sheet_names(tables).values())
    assert len({name.lower() for name in names}) == len(tables)
    assert max(map(len, names)) <= 31


def test_geopackage_layers_are_read_back(run, tmp_path):
    path = tmp_path / "belt.gpkg"
    layers = write_run_geopackage(run, path)
    first = path.read_bytes()
    assert {name for name, _ in pyogrio.list_layers(path)} == set(layers)
    assert {"plan", "areas", "regions"} <= set(layers)
    plan = gpd.read_file(path, layer="plan")
    clusters = run.results["plan"].frame("clusters")
    assert list(plan["cluster"]) == list(clusters["cluster"])
    assert plan.geometry.notna().all()
    assert plan.geometry.is_valid.all()
    assert not plan.geometry.is_empty.any()
    assert plan["value"].tolist() == pytest.approx(clusters["value"].tolist())
    write_run_geopackage(run, path)
    assert path.read_bytes() == first


def test_geopackage_is_left_out_without_boundaries(tmp_path):
    run = build_run(tmp_path, without=("boundaries",))
    assert write_run_geopackage(run, tmp_path / "belt.gpkg") == ()
    assert not (tmp_path / "belt.gpkg").exists()


def test_csv_folder_is_whole_and_replaced_whole(run, tmp_path):
    folder = tmp_path / "tables"
    folder.mkdir()
    (folder / "old.csv").write_text("x", encoding="utf-8")
    count = write_csv_folder(run, folder)
    assert not (folder / "old.csv").exists()
    assert len(list(folder.glob("*.csv"))) == count + 1
    about = pd.read_csv(folder / "columns.csv", encoding="utf-8-sig", keep_default_na=False)
    assert set(about["file"]) == {f"{t.key}.csv" for t in all_tables(run)}
    read = pd.read_csv(folder / "plan.clusters.csv", encoding="utf-8-sig")
    assert list(read["cluster"]) == list(run.results["plan"].frame("clusters")["cluster"])


def test_formats_are_written_beside_the_report_and_only_those_asked_for(tmp_path):
    run = build_run(tmp_path)
    paths = write_formats(run, ("en",), ("gpkg", "csv"))
    assert [path.name for path in paths] == ["belt.gpkg", "tables"]
    assert not (tmp_path / "report.en.html").exists()


def test_figure_files(run):
    name = next(name for name in FIGURES if not missing_for(name, run))
    assert render_figure(run, name, "png", "en").startswith(b"\x89PNG")
    assert render_figure(run, name, "pdf", "en").startswith(b"%PDF")
    assert render_figure(run, name, "svg", "zh").startswith(b"<svg")
    page = render_figure(run, name, "html", "zh").decode()
    assert "default-src 'none'" in page
    assert "src=" not in page.split("<script>")[0]
    assert len(list_figures("en")) == len(FIGURES)


def test_a_figure_that_is_not_there_is_said(run, tmp_path):
    with pytest.raises(InputError):
        render_figure(run, "nothing", "png", "en")
    bare = build_run(tmp_path, without=("plan",))
    with pytest.raises(InputError):
        render_figure(bare, "phases", "png", "en")


def test_without_a_chinese_font_labels_are_english(monkeypatch):
    monkeypatch.setattr(fonts, "_draw", lambda sign: b"the same empty box")
    fonts.chinese_drawable.cache_clear()
    assert fonts.drawable_language("zh") == "en"
    assert fonts.drawable_language("en") == "en"
    fonts.chinese_drawable.cache_clear()


def test_with_a_font_every_character_looks_different(monkeypatch):
    monkeypatch.setattr(fonts, "_draw", lambda sign: sign.encode())
    fonts.chinese_drawable.cache_clear()
    assert fonts.drawable_language("zh") == "zh"
    fonts.chinese_drawable.cache_clear()


def test_archives_bear_no_time(run):
    data = render_workbook(run)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
