"""Chapter 11: data, methods, grades, versions and fingerprints."""

from __future__ import annotations

from collections.abc import Sequence

from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.model.result import GRADES
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import join, known_word, records
from clusterbelt.report.common import absent, column, say, table_block
from clusterbelt.report.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Chapter,
    Paragraph,
    Section,
)

__all__ = ["notes_chapter"]

SHOWN_ISSUES = 60
_METHODS = ("foundation", "advantage", "clusters", "demand", "plan", "coordination", "audit")


def _grades(language: Language) -> Block:
    rows = [
        (
            Cell(grade, "grade"),
            Cell(say(f"grade.{grade}.name", language)),
            Cell(say(f"grade.{grade}.meaning", language)),
        )
        for grade in GRADES
    ]
    columns = (
        column("grade", language),
        column("grade_name", language),
        column("grade_meaning", language),
    )
    return table_block("grades", language, columns, rows, GRADES)


def _scope(run: RunView, language: Language) -> Block:
    scope = run.study.get("scope", {})
    outside = len(run.regions) - len(run.belt_regions)
    return Paragraph(
        say(
            "notes.scope", language,
            year=scope.get("base_year", ""), classification=scope.get("classification", ""),
            industries=len(run.industries), regions=len(run.regions),
            belt=len(run.belt_regions), outside=outside,
            reference=say(f"reference.{scope.get('reference', 'all')}", language),
            activity=known_word("report.activity", str(scope.get("activity", "")), language),
        )
    )  # fmt: skip


def _methods(run: RunView, language: Language) -> Block:
    items = tuple(say(f"method.{stage}", language) for stage in _METHODS if stage in run.results)
    return Bullets(items)


def _issues(run: RunView, language: Language) -> Block:
    if not run.issues:
        return Paragraph(say("notes.no_issues", language))
    rows = []
    for issue in run.issues[:SHOWN_ISSUES]:
        texts = has_text(f"issue.{issue.code}.what", language)
        rows.append(
            (
                Cell(text(f"cli.{issue.severity}", language)),
                Cell(issue.place.describe(language)),
                Cell(issue.what(language) if texts else issue.code),
                Cell(issue.remedy(language) if texts else ""),
            )
        )
    columns = (
        column("severity", language),
        column("place", language),
        column("problem", language),
        column("remedy", language),
    )
    figures = {"shown": len(rows), "count": len(run.issues)}
    collapsed = len(rows) > 8
    return table_block(
        "issues", language, columns, rows, ("A",), collapsed=collapsed, figures=figures
    )


def _bilingual(value: object, language: Language) -> str:
    """Return the half of ``Chinese / English`` in the report's language, where there are two."""
    halves = str(value).split(" / ")
    if len(halves) != 2:
        return str(value)
    return halves[0] if language == "zh" else halves[1]


def _sources(run: RunView, language: Language) -> Block:
    title = say("table.sources.title", language)
    if run.sources is None or run.sources.empty:
        return absent(title, ("sources",), language)
    names = set(run.sources.columns)
    variable = f"name_{language}" if f"name_{language}" in names else "variable"
    years = "years" if "years" in names else "year"
    shown: Sequence[tuple[str, str]] = [
        (variable, "variable"),
        ("publication", "publication"),
        ("publisher", "publisher"),
        (years, "years"),
        ("unit", "unit"),
        ("conversion", "conversion"),
    ]
    kept = [(name, header) for name, header in shown if name in names]
    rows = [
        tuple(Cell(_source_text(name, row[name], language)) for name, _ in kept)
        for row in records(run.sources)
    ]
    columns = tuple(column(header, language) for _, header in kept)
    return table_block("sources", language, columns, rows, ("A",), collapsed=True)


def _source_text(name: str, value: object, language: Language) -> str:
    if name in {"publication", "publisher"}:
        parts = [_bilingual(part, language) for part in str(value).split("; ")]
        return "; ".join(dict.fromkeys(parts))
    return _bilingual(str(value), language) if name == "conversion" else str(value)


def _indicators(run: RunView, language: Language) -> Block:
    title = say("table.indicators.title", language)
    if run.indicator_specs is None or run.indicator_specs.empty:
        return absent(title, ("indicator_specs",), language)
    rows = []
    found: set[str] = set()
    for row in records(run.indicator_specs.reset_index()):
        grade = str(row.get("grade", "")) or "A"
        found.add(grade)
        direction = "more" if float(row["direction"]) > 0 else "less"
        rows.append(
            (
                Cell(known_word("plot.dimension", str(row["dimension"]), language)),
                Cell(str(row[f"name_{language}"])),
                Cell(str(row["unit"])),
                Cell(say(f"direction.{direction}", language)),
                Cell(_source_text("publication", row["source"], language)),
                Cell(grade, "grade"),
            )
        )
    columns = (
        column("dimension", language),
        column("indicator", language),
        column("unit", language),
        column("direction", language),
        column("publication", language),
        column("grade", language),
    )
    grades = tuple(grade for grade in GRADES if grade in found)
    return table_block("indicators", language, columns, rows, grades, collapsed=True)


def _versions(run: RunView, language: Language) -> Block:
    manifest = run.manifest
    libraries = manifest.get("libraries", {})
    entries = [
        ("program", f"clusterbelt {manifest.get('clusterbelt', '')}"),
        ("python", str(manifest.get("python", ""))),
        ("libraries", join((f"{name} {number}" for name, number in libraries.items()), language)),
        ("study", str(manifest.get("study", ""))),
        ("seed", str(manifest.get("seed", ""))),
        ("code", str(manifest.get("code", ""))),
        ("data", str(manifest.get("belt", {}).get("fingerprint", ""))),
    ]
    rows = [
        (Cell(say(f"version.{name}", language)), Cell(value, "code"))
        for name, value in entries
        if value
    ]
    columns = (column("item", language), column("value", language))
    return table_block("versions", language, columns, rows, ("A",))


def notes_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on data and methods."""
    note = Callout("note", say("notes.map.title", language), (say("notes.map.text", language),))
    return Chapter(
        id="notes",
        title=say("chapter.notes.title", language),
        lead=say("chapter.notes.lead", language),
        blocks=(_grades(language),),
        sections=(
            Section(
                say("section.methods", language),
                (_scope(run, language), _methods(run, language), note),
            ),
            Section(
                say("section.data", language),
                (_issues(run, language), _sources(run, language), _indicators(run, language)),
            ),
            Section(say("section.versions", language), (_versions(run, language),)),
        ),
    )
