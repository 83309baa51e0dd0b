"""The commands on measures: which there are, and any of them from a long table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from clusterbelt.cli import layers
from clusterbelt.cli.commands import Languages
from clusterbelt.cli.messages import print_issues
from clusterbelt.cli.printing import print_table
from clusterbelt.core.errors import InputError, Issue, Place
from clusterbelt.core.registry import FAMILIES
from clusterbelt.core.strings import Language, text
from clusterbelt.measures.index import measure_index

__all__ = ["measure", "measures"]


def _language(choice: Languages) -> Language:
    return "zh" if choice is Languages.zh else "en"


def measures(
    family: str | None = typer.Option(None, "--family", help="Only this family."),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the texts."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON instead of a table."),
) -> None:
    """List the measures: name, what it needs, unit, source, and what it tells."""
    language = _language(lang)
    if family is not None and family not in FAMILIES:
        params = {"family": family, "known": ", ".join(FAMILIES)}
        raise InputError([Issue("measure_family", params=params)])
    specs = [one for one in measure_index().values() if family in (None, one.family)]
    if as_json:
        listed = [
            {
                "name": spec.name,
                "family": spec.family,
                "needs": spec.needs,
                "gives": spec.gives,
                "unit": spec.unit,
                "source": spec.source,
                "title": spec.title(language),
                "line": spec.line(language),
            }
            for spec in specs
        ]
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for name in dict.fromkeys(spec.family for spec in specs):
        typer.echo(f"\n{text(f'measure_family.{name}', language)} ({name})")
        rows = [
            (
                f"  {spec.name}",
                " x ".join(spec.needs),
                spec.unit or text("measure_cli.unit_of_input", language),
                spec.source,
                f"{spec.title(language)}. {spec.line(language)}"
                if language == "en"
                else f"{spec.title(language)}：{spec.line(language)}",
            )
            for spec in specs
            if spec.family == name
        ]
        columns = ("name", "needs", "unit", "source", "line")
        head = [text(f"measure_cli.column.{column}", language) for column in columns]
        print_table([f"  {head[0]}", *head[1:]], rows, [False] * 5)


def _pairs(words: Sequence[str], option: str) -> dict[str, str]:
    issues = [
        Issue("measure_pair", Place(label=f"{option} {word}"), {"option": option})
        for word in words
        if "=" not in word
    ]
    if issues:
        raise InputError(issues)
    return {name.strip(): value.strip() for name, value in (word.split("=", 1) for word in words)}


def _many(words: Sequence[str], option: str) -> dict[str, list[str]]:
    pairs = _pairs(words, option)
    return {name: [one.strip() for one in value.split(",")] for name, value in pairs.items()}


def _print_result(frame: Any, value_columns: Sequence[str]) -> None:
    numeric = [str(name) in value_columns for name in frame.columns]
    rows = [
        [
            ("NaN" if cell != cell else f"{cell:.6g}") if is_value else str(cell)
            for cell, is_value in zip(row, numeric, strict=True)
        ]
        for row in frame.itertuples(index=False)
    ]
    print_table([str(name) for name in frame.columns], rows, numeric)


def measure(
    name: str = typer.Argument(help="Name of the measure; see: clusterbelt measures."),
    table: Path = typer.Argument(help="Long table: .csv, .tsv, .xlsx or .parquet."),
    region: str | None = typer.Option(None, help="Column of regions."),
    industry: str | None = typer.Option(None, help="Column of industries."),
    indicator: str | None = typer.Option(None, help="Column of indicators."),
    value: str | None = typer.Option(None, help="Column of values."),
    year_column: str | None = typer.Option(None, help="Column of years."),
    column: list[str] = typer.Option([], "--column", help="dimension=column, for any other."),
    year: list[int] = typer.Option([], "--year", help="Take this year; may be repeated."),
    where: list[str] = typer.Option([], "--where", help="Take rows: column=label[,label...]."),
    only: list[str] = typer.Option(
        [], "--only", help="Measure only these rows: column=label[,...]."
    ),
    reference: str | None = typer.Option(
        None, help="Reference area: a table, or 'all': all rows taken, also those outside --only."
    ),
    inputs: list[str] = typer.Option([], "--with", help="Further input: name=table."),
    option: list[str] = typer.Option([], "--option", help="Option of the measure: name=value."),
    absent: str = typer.Option("missing", help="What a cell without a row is: missing or zero."),
    sheet: str | None = typer.Option(None, help="Sheet of an Excel file; default the first."),
    unit: str = typer.Option("", help="Unit of the values."),
    out: Path | None = typer.Option(
        None, help="Write .csv, .parquet, .xlsx, .svg, .png or .html instead of printing."
    ),
    lang: Languages = typer.Option(Languages.en, "--lang", help="Language of the texts."),
) -> None:
    """Compute a measure from a long table."""
    language = _language(lang)
    columns = _pairs(column, "--column") | {
        dim: given
        for dim, given in (
            ("region", region),
            ("industry", industry),
            ("indicator", indicator),
            ("value", value),
            ("year", year_column),
        )
        if given is not None
    }
    job = layers.MeasureJob(
        name=name,
        table=table,
        columns=columns,
        years=tuple(year),
        where=_many(where, "--where"),
        only=_many(only, "--only"),
        reference=reference,
        inputs={key: Path(path) for key, path in _pairs(inputs, "--with").items()},
        options=_pairs(option, "--option"),
        absent=absent,
        sheet=sheet,
        unit=unit,
    )
    done = layers.run_measure(job)
    print_issues(done.issues, language)
    if out is not None:
        layers.write_measure(done, out, language)
        typer.echo(text("measure_cli.written", language, path=out))
        return
    spec = done.measure.spec
    typer.echo(f"{spec.title(language)} ({spec.name}; {spec.source})")
    typer.echo(
        text("measure_cli.unit", language, unit=done.unit or text("measure_cli.unknown", language))
    )
    if done.reference:
        typer.echo(text(f"measure_cli.reference.{done.reference}", language, **done.figures))
    typer.echo()
    _print_result(done.frame, done.value_columns)
