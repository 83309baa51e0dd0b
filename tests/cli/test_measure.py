"""Measures from the command line: any table, every problem named, every format written."""

import json
from importlib.resources import files

import pandas as pd
import pytest

from clusterbelt.cli.main import main
from clusterbelt.core.registry import FAMILIES
from clusterbelt.kernels import location_quotient
from clusterbelt.measures.catalogue import all_measures
from clusterbelt.measures.index import index_text, load_measure, measure_index

ROWS = [
    ("a", "x", 30.0), ("a", "y", 10.0), ("b", "x", 20.0), ("b", "y", 40.0), ("c", "x", 10.0), ("c", "y", 10.0),
]  # fmt: skip
LONG = pd.DataFrame(ROWS, columns=["region", "industry", "value"])


@pytest.fixture
def run(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return left.value.code, captured.out, captured.err

    return call


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "long.csv"
    LONG.to_csv(path, index=False)
    return path


def test_the_index_is_that_of_the_registry():
    measures = all_measures()
    written = (files("clusterbelt") / "data" / "measures.csv").read_text(encoding="utf-8")
    assert written == index_text(measures), "run: python tools/build_measure_docs.py"
    assert {name: one.spec for name, one in measures.items()} == dict(measure_index())
    assert load_measure("hhi") is measures["hhi"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_measures_lists_every_one(run, lang):
    code, out, _ = run("measures", "--lang", lang)
    assert code == 0
    for name, spec in measure_index().items():
        assert name in out
        assert spec.line(lang) in out


def test_measures_as_json(run):
    code, out, _ = run("measures", "--family", "concentration", "--json")
    listed = {one["name"]: one for one in json.loads(out)}
    assert code == 0
    assert listed["hhi"]["needs"] == ["region", "industry"]
    code, _, err = run("measures", "--family", "concentrations")
    assert code == 2
    assert all(family in err for family in FAMILIES)


def _written(table, kind):
    path = table.with_suffix(kind)
    frame = pd.read_csv(table)
    if kind == ".xlsx":
        frame.to_excel(path, index=False)
    elif kind == ".parquet":
        frame.to_parquet(path, index=False)
    return path


@pytest.mark.parametrize("kind", [".csv", ".xlsx", ".parquet"])
def test_a_measure_of_any_kind_of_table(run, table, tmp_path, kind):
    out = tmp_path / "lq.parquet"
    code, printed, err = run("measure", "location_quotient", _written(table, kind), "--out", out)
    assert code == 0, err
    assert str(out) in printed
    found = pd.read_parquet(out)
    assert list(found.columns) == ["region", "industry", "location_quotient"]
    wanted = location_quotient(LONG["value"].to_numpy().reshape(3, 2))
    assert found["location_quotient"].to_numpy() == pytest.approx(wanted.reshape(-1))


def test_a_measure_printed(run, table):
    code, out, _ = run("measure", "location_quotient", table, "--lang", "zh")
    assert code == 0
    assert "区位商" in out
    assert "参照区域" in out
    assert "1.5" in out.splitlines()[-6]


def test_part_of_a_table_against_the_whole(run, table, tmp_path):
    out = tmp_path / "lq.csv"
    code, _, err = run(
        "measure", "location_quotient", table, "--only", "region=a,b", "--reference", "all", "--out", out
    )  # fmt: skip
    assert code == 0, err
    found = pd.read_csv(out)
    assert found["region"].tolist() == ["a", "a", "b", "b"]
    assert found["location_quotient"].iloc[0] == pytest.approx(1.5)
    nation = tmp_path / "nation.csv"
    pd.DataFrame({"industry": ["y", "x"], "value": [60, 60]}).to_csv(nation, index=False)
    same = tmp_path / "same.csv"
    code, _, err = run(
        "measure", "location_quotient", table, "--only", "region=a,b", "--reference", nation, "--out", same
    )  # fmt: skip
    assert code == 0, err
    pd.testing.assert_frame_equal(found, pd.read_csv(same))


def test_years_where_and_absent_cells(run, tmp_path):
    path = tmp_path / "panel.csv"
    frame = pd.concat([LONG.assign(time=2012, what="p"), LONG.iloc[:5].assign(time=2017, what="q")])
    frame.to_csv(path, index=False)
    code, out, err = run("measure", "hhi", path, "--year", "2017")
    assert code == 0
    assert "1 cell(s)" in err
    assert "NaN" in out
    code, out, err = run(
        "measure", "hhi", path, "--year", "2017", "--absent", "zero", "--where", "what=q"
    )
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].split() == ["c", "1"]
    code, out, _ = run("measure", "hhi", path)
    assert out.splitlines()[-1].split()[:2] == ["2017", "c"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".parquet", ".svg", ".png", ".html"])
def test_every_format_is_written(run, table, tmp_path, suffix):
    out = tmp_path / f"result{suffix}"
    code, _, err = run("measure", "hhi", table, "--out", out)
    assert code == 0, err
    assert out.stat().st_size > 20
    if suffix == ".html":
        assert "http" not in out.read_text(encoding="utf-8").split("<script")[0]
    else:
        code, _, err = run("measure", "similarity", table, "--out", out)
        assert code == 0, err


def test_options_have_the_type_of_the_parameter(run, table):
    code, _, _ = run("measure", "hhi", table, "--option", "normalised=yes")
    assert code == 0
    code, _, err = run(
        "measure", "krugman", table, "--option", "against=others", "--option", "normalised=yes"
    )
    assert code == 2
    assert "against=pairs|mean_of_others|total" in err
    assert "no option normalised" in err


BAD = pd.DataFrame(
    [("a", "x", "1,5"), ("a", "", "2"), ("b", "x", "3"), ("b", "x", "4"), ("Total", "x", "5"), ("c", "x", "n/a")],
    columns=["region", "industry", "value"],
)  # fmt: skip


def test_every_problem_of_a_table_at_once(run, tmp_path):
    path = tmp_path / "bad.csv"
    BAD.to_csv(path, index=False)
    code, out, err = run("measure", "hhi", path)
    assert (code, out) == (2, "")
    lines = [line for line in err.splitlines() if line.startswith("error")]
    assert len(lines) == 5
    for row, column in ((2, "value"), (7, "value"), (3, "industry"), (6, "region"), (5, "")):
        assert any(f"bad.csv, row {row}" in line and column in line for line in lines), row


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("region,industry,value\n", "row"),
        ("place,industry,value\na,x,1\n", "recognised as the region"),
        ("region,province,industry,value\na,a,x,1\n", ""),
        ("province,city,industry,value\na,a,x,1\n", "province, city"),
        ("region,industry,value\na,x,-1\nb,x,2\n", "row 2"),
    ],
)
def test_tables_that_cannot_be_used(run, tmp_path, content, message):
    path = tmp_path / "table.csv"
    path.write_text(content, encoding="utf-8")
    code, _, err = run("measure", "location_quotient", path)
    assert code == (2 if message else 0)
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["hhi", "absent.csv"], "no such file"),
        (["hhii", "{table}"], "Nearest: hhi"),
        (["hhi", "{table}", "--region", "regoin"], "Nearest: region"),
        (["hhi", "{table}", "--where", "region"], "name=value"),
        (["hhi", "{table}", "--where", "region=d"], "no label d"),
        (["hhi", "{table}", "--absent", "none"], "--absent zero"),
        (["hhi", "{table}", "--reference", "all"], "no reference area"),
        (["locational_gini", "{table}", "--reference", "all"], "--reference FILE"),
        (["hhi", "{table}", "--with", "weights={table}"], "no input called weights"),
        (["hhi", "{table}", "--out", "x.docx"], ".xlsx"),
        (["gini", "{table}", "--where", "industry=x", "--out", "x.svg"], "no chart"),
    ],
)
def test_commands_that_cannot_be_done(run, table, arguments, message):
    code, _, err = run("measure", *(word.format(table=table) for word in arguments))
    assert code == 2
    assert message in err
    assert "Traceback" not in err


def test_further_inputs_are_matched_by_label(run, table, tmp_path):
    sizes = tmp_path / "sizes.csv"
    sizes.write_text("region,value\nc,1\na,2\nd,3\n", encoding="utf-8")
    code, _, err = run("measure", "hoover", table, "--reference", sizes)
    assert code == 2
    assert "sizes.csv, row 4" in err
    assert "1 label(s) of the region: b" in err
