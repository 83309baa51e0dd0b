"""Chapter on inter-regional flows: where the belt buys, how sure that is, what was repaired."""

from __future__ import annotations

from typing import Any

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.interregional import group_name, sourcing_rows
from clusterbelt.plot.labels import finite, money_scale, number, records
from clusterbelt.report.common import (
    absent,
    column,
    figure_block,
    industry_cell,
    merge_grades,
    number_cell,
    percent,
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

__all__ = ["interregional_chapter"]

_SOURCES = ("own", "belt", "nation", "abroad")


def _share_cell(row: dict[str, Any], source: str) -> Cell:
    low, high = finite(row[f"{source}_low"]), finite(row[f"{source}_high"])
    shown = percent(row[source], 1)
    if low is not None and high is not None and high - low > 5e-4:
        shown += f" ({number(100 * low, 0)}–{number(100 * high, 0)})"
    return Cell(shown, "number", share=finite(row[source]))


def _sourcing(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "interregional.sourcing")
    if table is None:
        title = say("table.sourcing.title", language)
        return absent(title, ("interregional.sourcing",), language)
    money = money_scale(run, language)
    rows: list[Row] = []
    heading: bool | None = None
    for row in sourcing_rows(run):
        if row["advanced"] != heading:
            heading = bool(row["advanced"])
            key = "advanced" if heading else "other"
            words = say(f"interregional.{key}_industries", language)
            rows.append(Row((Cell(words),), heading=True))
        cells = (
            industry_cell(run, row["industry"], language),
            Cell(money.show(finite(row["use"])), "number"),
            *(_share_cell(row, source) for source in _SOURCES),
        )
        rows.append(Row(cells))
    columns = (
        column("industry", language),
        column("belt_demand", language, money.unit, numeric=True),
        *(column(f"source_{source}", language, numeric=True) for source in _SOURCES),
    )
    figures = {"draws": _value(run, "draws")}
    return table_block("sourcing", language, columns, rows, merge_grades(table), figures=figures)


def _value(run: RunView, name: str) -> Any:
    found = run.results["interregional"].values.get(name)
    return None if found is None else found.value


def _reading(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "interregional.sourcing")
    if table is None:
        return ()
    rows = [row for row in sourcing_rows(run) if row["advanced"]]
    if not rows:
        return ()
    use = sum(float(row["use"]) for row in rows)
    shares = {name: sum(float(r[name]) * float(r["use"]) for r in rows) / use for name in _SOURCES}
    least = rows[0]
    sentence = say(
        "interregional.reading", language,
        **{name: percent(share) for name, share in shares.items()},
        industry=run.industry_name(str(least["industry"]), language),
        least=percent(least["own"]), least_abroad=percent(least["abroad"]),
    )  # fmt: skip
    return (Paragraph(sentence, merge_grades(table)),)


def _discrepancy(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "interregional.discrepancy")
    if table is None:
        title = say("table.discrepancy.title", language)
        return absent(title, ("interregional.discrepancy",), language)
    money = money_scale(run, language)
    rows = [
        (
            industry_cell(run, row["industry"], language),
            Cell(money.show(finite(row["outflow"])), "number"),
            Cell(money.show(finite(row["inflow"])), "number"),
            number_cell(row["outflow_to_inflow"], 2),
            Cell(money.show(finite(row["transit"])), "number"),
            number_cell(row["restored_cells"]),
            Cell(money.show(finite(row["traded"])), "number"),
            Cell(percent(row["discrepancy_share"], 1), "number"),
        )
        for row in records(table.frame)
    ]
    columns = (
        column("industry", language),
        column("published_outflow", language, money.unit, numeric=True),
        column("published_inflow", language, money.unit, numeric=True),
        column("outflow_to_inflow", language, numeric=True),
        column("transit_out", language, money.unit, numeric=True),
        column("restored_cells", language, numeric=True),
        column("traded", language, money.unit, numeric=True),
        column("discrepancy_share", language, numeric=True),
    )
    return table_block("discrepancy", language, columns, rows, merge_grades(table), collapsed=True)


def _repairs(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "interregional.repairs")
    if table is None:
        title = say("table.repairs.title", language)
        return absent(title, ("interregional.repairs",), language)
    money = money_scale(run, language)
    frame = table.frame.assign(size=table.frame["change"].abs())
    grouped = frame.groupby(["rule", "variable"], sort=False)
    rows = []
    for (rule, variable), part in grouped:
        largest = records(part.nlargest(1, "size", keep="first"))[0]
        region, industry = str(largest["region"]), str(largest["industry"])
        where = f"{run.region_name(region, language)} · {run.industry_name(industry, language)}"
        rows.append(
            (
                Cell(text(f"interregional.rule.{rule}", language)),
                Cell(text(f"interregional.variable.{variable}", language)),
                number_cell(len(part)),
                Cell(money.show(float(part["size"].sum())), "number"),
                Cell(where),
                Cell(money.show(finite(largest["before"])), "number"),
                Cell(money.show(finite(largest["after"])), "number"),
            )
        )
    columns = (
        column("rule", language),
        column("variable", language),
        column("cells", language, numeric=True),
        column("changed_in_all", language, money.unit, numeric=True),
        column("largest_change", language),
        column("before", language, money.unit, numeric=True),
        column("after", language, money.unit, numeric=True),
    )
    return table_block("repairs", language, columns, rows, merge_grades(table))


def _conclusions(run: RunView, language: Language) -> TableBlock | Callout:
    table = table_of(run, "interregional.conclusions")
    if table is None:
        title = say("table.conclusions.title", language)
        return absent(title, ("interregional.conclusions",), language)
    frame = table.frame.sort_values(["survives"], kind="stable")
    rows = [
        (Cell(_conclusion(run, row, language)), Cell(percent(row["survives"]), "number"))
        for row in records(frame)
    ]
    columns = (column("conclusion", language), column("survives", language, numeric=True))
    return table_block("conclusions", language, columns, rows, merge_grades(table), collapsed=True)


def _conclusion(run: RunView, row: dict[str, Any], language: Language) -> str:
    kind, finding = str(row["conclusion"]), str(row["finding"])
    if kind == "net_sender":
        pair = str(row["reaches"]).split(";")
        other = pair[1] if pair[0] == finding else pair[0]
        sender, buyer = group_name(run, finding, language), group_name(run, other, language)
        return say("interregional.net_sender", language, sender=sender, buyer=buyer)
    industry = run.industry_name(str(row["industry"]), language)
    if kind == "net_seller":
        return say(f"interregional.net_seller_{finding}", language, industry=industry)
    source = text(f"plot.interregional.source.{finding}", language)
    return say("interregional.largest_source", language, industry=industry, source=source)


def interregional_chapter(run: RunView, language: Language) -> Chapter:
    """Return the chapter on inter-regional flows."""
    return Chapter(
        id="interregional",
        title=say("chapter.interregional.title", language),
        lead=say("chapter.interregional.lead", language),
        blocks=(
            *_reading(run, language),
            figure_block(run, "sourcing", language),
            _sourcing(run, language),
            figure_block(run, "reach_flows", language),
        ),
        sections=(
            Section(
                say("section.interregional_trust", language),
                (
                    Paragraph(say("interregional.trust", language)),
                    _conclusions(run, language),
                    _repairs(run, language),
                    _discrepancy(run, language),
                    *stage_notes(run, "interregional", language),
                ),
            ),
        ),
    )
