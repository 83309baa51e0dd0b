"""Files: missing, empty, of the wrong kind, in another encoding, damaged; workbooks."""

import os
import shutil
import sys

import openpyxl
import pandas as pd
import pytest

from bad_input.workshop import Case, both, check_case, copy_toy, declare, each, edit, look_at, swap
from clusterbelt.io.read_belt import check_belt, read_belt


def _write(name, data):
    def harm(folder):
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())

    return harm


def _recode(name, encoding, cut=None):
    def harm(folder):
        text = (folder / name).read_text(encoding="utf-8")
        data = text.encode(encoding)
        (folder / name).write_bytes(data if cut is None else cut(data))

    return harm


def _break_byte(data):
    # Damage one Chinese character half-way down, as a bad copy would.
    at = data.index("稻原".encode())
    return data[:at] + b"\xff" + data[at + 1 :]


def _folder_instead(folder):
    (folder / "distance.csv").unlink()
    (folder / "distance.csv").mkdir()


def _workbook(change=None, *, header_at=1, sheet="regions", more=()):
    """Turn regions.csv into regions.xlsx."""

    def harm(folder):
        frame = pd.read_csv(folder / "regions.csv", dtype=str, keep_default_na=False)
        book = openpyxl.Workbook()
        page = book.active
        page.title = sheet
        for _ in range(header_at - 1):
            page.append(["A title above the table"])
        page.append(list(frame.columns))
        for row in frame.itertuples(index=False):
            page.append([int(row[0]), *row[1:3], int(row[3]), row[4], float(row[5]), float(row[6])])
        for name in more:
            book.create_sheet(name)
        if change is not None:
            change(page)
        book.save(folder / "regions.xlsx")

    return both(harm, declare("regions", file="regions.xlsx"))


def _semicolons(folder):
    path = folder / "distance.csv"
    path.write_text(path.read_text().replace(",", ";"))


def _merge(cells):
    return lambda page: page.merge_cells(cells)


def _cell(name, value):
    def change(page):
        page[name] = value

    return change


CASES = [
    Case(
        "missing file", lambda folder: (folder / "distance.csv").unlink(), "file_missing",
        ("belt.yaml", "distance.csv", "does not exist", "Correct the name"), "belt.yaml", 22,
        label="tables.9.file",
    ),
    Case(
        "misspelled file", swap("belt.yaml", "file: regions.csv", "file: region.csv"),
        "file_missing", ("region.csv", "Nearest: regions.csv"), "belt.yaml", 13,
    ),
    Case(
        "empty file", _write("neighbours.csv", ""), "file_empty",
        ("neighbours.csv", "is empty", "Export it again"), "neighbours.csv",
    ),
    Case(
        "only blank lines", _write("neighbours.csv", "\n\n \n"), "file_empty", ("is empty",),
        "neighbours.csv",
    ),
    Case(
        "header only", _write("distance.csv", "region_from,region_to,km\n"), "table_without_rows",
        ("no rows", "Fill it"), "distance.csv",
    ),
    Case(
        "header row empty", both(swap("distance.csv", "region_from", "\nregion_from")),
        "header_missing", ("Row 1", "header_row"), "distance.csv", 1,
    ),
    Case(
        "a folder instead of a file", _folder_instead, "file_is_folder",
        ("distance.csv", "folder", "Name the file"), "distance.csv",
    ),
    Case(
        "unknown kind of file", both(_write("d.pdf", "%PDF"), declare("distance", file="d.pdf")),
        "file_kind", (".pdf", ".csv, .xlsx or .parquet"), "d.pdf",
    ),
    Case(
        "old workbook", both(_write("d.xls", "x"), declare("distance", file="d.xls")),
        "excel_old_format", (".xls", "Save the file as .xlsx"), "d.xls",
    ),
    Case(
        "locked workbook",
        both(
            _write("d.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 encrypted"),
            declare("distance", file="d.xlsx"),
        ),
        "excel_locked", ("password", "save it as .xlsx"), "d.xlsx",
    ),
    Case(
        "damaged workbook", both(_write("d.xlsx", b"PK\x03\x04rubbish"),
        declare("distance", file="d.xlsx")), "file_corrupt", ("Excel", "export it again"), "d.xlsx",
    ),
    Case(
        "damaged parquet", both(_write("d.parquet", b"PAR1 rubbish PAR1"),
        declare("distance", file="d.parquet")), "file_corrupt", ("Parquet", "export it again"),
        "d.parquet",
    ),
    Case(
        "workbook named csv", _write("distance.csv", b"PK\x03\x04\x00\x00\x00rubbish"),
        "file_not_text", ("not text", "Save it as CSV"), "distance.csv",
    ),
    Case(
        "GBK", _recode("regions.csv", "gbk"), "encoding_found", ("GBK/GB18030", "not UTF-8"),
        "regions.csv", severity="note",
    ),
    Case(
        "UTF-16", _recode("regions.csv", "utf-16"), "encoding_found", ("UTF-16",), "regions.csv",
        severity="note",
    ),
    Case(
        "byte-order mark", _recode("regions.csv", "utf-8-sig"), "encoding_mark",
        ("byte-order mark", "Nothing to do"), "regions.csv", severity="note",
    ),
    Case(
        "broken in the middle", _recode("regions.csv", "utf-8", _break_byte), "encoding_broken",
        ("regions.csv", "row 5", "0xFF", "utf-8", "Save the file again"), "regions.csv", 5,
    ),
    Case(
        "wrong encoding declared",
        both(_recode("regions.csv", "gbk"), declare("regions", encoding="utf-8")),
        "encoding_broken", ("row 2", "utf-8"), "regions.csv", 2,
    ),
    Case(
        "no such encoding", declare("regions", encoding="utf-9"), "encoding_unknown",
        ("utf-9", "gb18030"), "belt.yaml", 19, label="tables.0.encoding",
    ),
    Case(
        "semicolons", _semicolons,
        "csv_delimiter", ("sign ;", 'delimiter: ";"'), "distance.csv", 1,
    ),
    Case(
        "too many cells in a row", swap("distance.csv", "101,101,0.0", "101,101,0.0,7"),
        "csv_ragged", ("row 2", "4 cells", "header has 3"), "distance.csv", 2,
    ),
    Case(
        "open quotation mark", swap("regions.csv", "双湖", '"双湖'), "csv_quote",
        ("quotation mark", "never closed"), "regions.csv", 4,
    ),
    Case(
        "same column name twice", swap("regions.csv", "name_en", "name_zh"), "column_duplicate",
        ("name_zh", "twice", "name of its own"), "regions.csv", 1,
    ),
    Case(
        "column without a name", both(
            edit("distance.csv", lambda frame: frame.assign(extra="x")),
            swap("distance.csv", "km,extra", "km,"),
        ), "column_nameless", ("D", "no name", "left out"), "distance.csv", 1, severity="warning",
    ),
    Case(
        "merged header", _workbook(_merge("B1:C1")), "excel_merged_header",
        ("B1:C1", "row 1", "Unmerge"), "regions.xlsx", 1,
    ),
    Case(
        "merged data cells", _workbook(_merge("E2:E3")), "excel_merged_cells",
        ("E2:E3", "merged", "repeat the value"), "regions.xlsx", 2,
    ),
    Case(
        "wrong sheet", both(_workbook(), declare("regions", sheet="region")), "sheet_missing",
        ("sheet region", "Nearest: regions"), "regions.xlsx",
    ),
    Case(
        "several sheets, none declared", _workbook(more=("notes",)), "sheet_first_taken",
        ("first was read", "notes"), "regions.xlsx", severity="note",
    ),
    Case(
        "wrong header row", _workbook(header_at=3), "columns_all_missing",
        ("region, name_zh", "row 1", "A title above", "Correct header_row"), "regions.xlsx",
    ),
    Case(
        "formula never calculated", _workbook(_cell("F3", "=1+1")), "excel_formula",
        ("F3", "never calculated", "save it"), "regions.xlsx", 3,
    ),
    Case(
        "error cell", _workbook(_cell("F3", "#REF!")), "number_cell_error",
        ("sheet regions", "row 3", "column lon", "#REF!", "Mend the formula"), "regions.xlsx", 3,
        "lon",
    ),
]  # fmt: skip


@each(CASES)
def test_what_is_said(case, tmp_path):
    check_case(case, tmp_path)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user"
)
def test_no_permission(tmp_path):
    belt = copy_toy(tmp_path)
    (belt / "distance.csv").chmod(0)
    issues, _ = check_belt(str(belt), "toy8")
    case = Case("", lambda _: None, "file_no_permission", ("no permission",), "distance.csv")
    look_at(issues, case)


@pytest.mark.parametrize(("raised", "code"), [(PermissionError, "file_no_permission"),
                                              (OSError, "file_unreadable")])  # fmt: skip
def test_the_system_refuses(tmp_path, monkeypatch, raised, code):
    belt = copy_toy(tmp_path)
    original = type(belt).read_bytes

    def refuse(path):
        if path.name == "distance.csv":
            raise raised(5, "Input/output error")
        return original(path)

    monkeypatch.setattr(type(belt), "read_bytes", refuse)
    issues, _ = check_belt(str(belt), "toy8")
    look_at(issues, Case("", lambda _: None, code, ("read",), "distance.csv"))


def _same(left, right):
    pd.testing.assert_frame_equal(left.regions, right.regions)
    assert left.activity.identical(right.activity)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read_right(tmp_path, encoding):
    belt = copy_toy(tmp_path)
    _recode("regions.csv", encoding)(belt)
    _recode("industries.csv", encoding)(belt)
    _same(read_belt(str(belt), "toy8"), read_belt("toy", "toy8"))


def test_a_workbook_gives_the_same_belt(tmp_path):
    belt = copy_toy(tmp_path)
    _workbook(header_at=2)(belt)
    declare("regions", header_row=2)(belt)
    _same(read_belt(str(belt), "toy8"), read_belt("toy", "toy8"))


def test_a_parquet_file_gives_the_same_belt(tmp_path):
    belt = copy_toy(tmp_path)
    frame = pd.read_csv(belt / "activity.csv", dtype={"region": int, "industry": str})
    frame.to_parquet(belt / "activity.parquet")
    declare("activity", file="activity.parquet")(belt)
    _same(read_belt(str(belt), "toy8"), read_belt("toy", "toy8"))


def test_declared_signs_are_read(tmp_path):
    belt = copy_toy(tmp_path)

    def german(frame):
        value = frame["value"].astype(float)
        frame["value"] = [f"{one:,.2f}".translate(str.maketrans(",.", ".,")) for one in value]

    edit("activity.csv", german)(belt)
    declare("activity", thousands=".", decimal=",")(belt)
    _same(read_belt(str(belt), "toy8"), read_belt("toy", "toy8"))


def test_tabs_and_semicolons_when_declared(tmp_path):
    belt = copy_toy(tmp_path)
    _semicolons(belt)
    declare("distance", delimiter=";")(belt)
    neighbours = (belt / "neighbours.csv").read_text().replace(",", "\t")
    (belt / "neighbours.tsv").write_text(neighbours)
    declare("neighbours", file="neighbours.tsv")(belt)
    mine, toy = read_belt(str(belt), "toy8"), read_belt("toy", "toy8")
    pd.testing.assert_frame_equal(mine.distance_km, toy.distance_km)
    pd.testing.assert_frame_equal(mine.neighbours, toy.neighbours)


def test_a_belt_can_be_moved(tmp_path):
    belt = copy_toy(tmp_path)
    shutil.move(belt, tmp_path / "elsewhere")
    moved = read_belt(str(tmp_path / "elsewhere"), "toy8")
    assert moved.fingerprint == read_belt("toy", "toy8").fingerprint
