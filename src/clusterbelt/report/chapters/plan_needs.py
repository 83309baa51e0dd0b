"""What the plan needs, per reach and per cluster, and the limits that hold it back."""

from __future__ import annotations

from typing import Any

import pandas as pd

from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.core.units import parse_unit
from clusterbelt.model.result import ResultTable
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, money_scale, number, phase_label, phases, records
from clusterbelt.report.common import (
    column,
    frame_of,
    merge_grades,
    number_cell,
    percent,
    reach_cell,
    say,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Cell, Paragraph, Row

__all__ = ["binding_blocks", "cluster_remarks", "reach_needs"]

_FACTORS = ("labour", "water", "co2")


def _scaled(name: str, value: float | None, language: Language) -> str:
    """Return an amount of labour (persons), water (m3) or CO2 (t) in the reader's unit."""
    size = {"labour": {"en": 1e3, "zh": 1e4}, "water": {"en": 1e6, "zh": 1e8},
            "co2": {"en": 1e6, "zh": 1e4}}[name][language]  # fmt: skip
    if value is None:
        return number(None)
    amount = value / size
    return number(amount, 0 if abs(amount) >= 100 else 1 if abs(amount) >= 10 else 2)


def _known(frame: pd.DataFrame, name: str) -> bool:
    return name in frame.columns and bool(frame[name].notna().any())


def reach_needs(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return added output of each reach in the last phase and what it takes."""
    table = table_of(run, "plan.needs")
    if table is None:
        return ()
    frame, money = table.frame, money_scale(run, language)
    last = phases(run)[-1]
    factors = [name for name in _FACTORS if _known(frame, name)]
    rows = []
    # An empty reach: the whole belt, in the last row.
    for reach in [*run.reaches, ""]:
        mine = frame[frame["reach"] == reach] if reach else frame
        if mine.empty:
            continue
        end = mine[mine["phase"] == last.name]
        rows.append(
            (
                reach_cell(run, reach, language) if reach else Cell(say("plan.whole", language)),
                number_cell(mine["cluster"].nunique()),
                Cell(money.show(float(end["added_output"].sum())), "number"),
                Cell(money.show(float(mine["capital"].sum())), "number"),
                *(
                    Cell(_scaled(name, float(end[name].sum(skipna=False)), language), "number")
                    for name in factors
                ),
            )
        )
    columns = (
        column("reach", language),
        column("plan_clusters", language, numeric=True),
        column("added_output", language, money.unit, numeric=True),
        column("plan_capital", language, money.unit, numeric=True),
        *(
            column(f"plan_{name}", language, say(f"plan.unit.{name}", language), numeric=True)
            for name in factors
        ),
    )
    figures = {"year": last.end_year}
    return (
        table_block("reach_needs", language, columns, rows, merge_grades(table), figures=figures),
    )


def _remark(words: str) -> Row:
    return Row((Cell(words),), remark=True)


def _needs_line(run: RunView, needs: pd.DataFrame, language: Language) -> list[Row]:
    last = phases(run)[-1]
    end = needs[needs["phase"] == last.name]
    money = money_scale(run, language)
    parts = [say("plan.need.capital", language, amount=money.say(float(needs["capital"].sum())))]
    parts += [
        say(
            f"plan.need.{name}", language,
            amount=_scaled(name, float(end[name].sum(skipna=False)), language),
        )
        for name in _FACTORS
        if _known(end, name)
    ]  # fmt: skip
    words = say("plan.needs", language, year=last.end_year, needs=join(parts, language))
    return [_remark(words)]


def _chain_lines(run: RunView, cluster: str, language: Language) -> list[Row]:
    frame = frame_of(run, "plan.chains")
    if frame is None:
        return []
    lines = []
    for kind in ("input", "customer"):
        mine = frame[(frame["cluster"] == cluster) & (frame["kind"] == kind)]
        if mine.empty:
            continue
        names = [
            say(
                "plan.chain_core" if row["in_plan"] else "plan.chain_other", language,
                industry=run.industry_name(str(row["partner"]), language),
                share=percent(row["share"]),
            )
            for row in records(mine)
        ]  # fmt: skip
        lines.append(_remark(say(f"plan.chain_{kind}", language, industries=join(names, language))))
    return lines


def _limit_name(name: str, language: Language) -> str:
    key = f"plan.constraint.{name}"
    return text(key, language) if has_text(key, language) else name


def _word(run: RunView, word: str, language: Language) -> str:
    """Return the name of a code of a region, an industry or a reach; other words stay."""
    if word in run.regions.index:
        return run.region_name(word, language)
    if word in run.industries.index:
        return run.industry_name(word, language)
    if word in run.reaches:
        return run.reaches[word].get(language)
    return say("plan.whole", language) if word == "belt" else word


def _split(run: RunView, subject: str) -> tuple[list[str], str]:
    """Return the codes of a limit's subject and its phase, which stands last; "" without one.

    A reach and a phase may bear the same word, so the place decides.
    """
    words = subject.split(";")
    named = {phase.name for phase in phases(run)}
    if len(words) > 1 and words[-1] in named:
        return words[:-1], words[-1]
    return words, ""


def _subject(run: RunView, subject: str, language: Language) -> str:
    """Return the names of the codes in a limit's subject, and its phase."""
    codes, phase = _split(run, subject)
    words = [_word(run, code, language) for code in codes]
    return " · ".join([*words, phase_label(run, phase, language)] if phase else words)


def _touches(run: RunView, row: dict[str, Any], industry: str, members: list[str]) -> bool:
    """Say whether a limit concerns a cluster: each code in its subject is one of the cluster's."""
    if row["constraint"] in ("core_minimum", "core_maximum", "new_per_phase"):
        return False  # on how many industries a region takes up, not on this one
    reaches = {str(run.regions.at[code, "reach"]) for code in members}
    for word in _split(run, str(row["subject"]))[0]:
        if word in run.regions.index and word not in members:
            return False
        if row["constraint"] != "supply" and word in run.industries.index and word != industry:
            return False
        if word in run.reaches and word not in reaches:
            return False
    return True


def _limit_line(run: RunView, industry: str, members: list[str], language: Language) -> list[Row]:
    frame = frame_of(run, "plan.binding")
    if frame is None:
        return []
    ends = {phase.name: str(phase.end_year) for phase in phases(run)}
    years: dict[tuple[str, str], list[str]] = {}
    for row in records(frame):
        if row.get("unit", "1") == "1" or not _touches(run, row, industry, members):
            continue
        codes, phase = _split(run, str(row["subject"]))
        where = " · ".join(_word(run, code, language) for code in codes if code != industry)
        held = years.setdefault((str(row["constraint"]), where), [])
        held += [ends[phase]] if phase else []
    found = [
        say(
            "plan.limit_held", language, limit=_limit_name(name, language),
            where=join([word for word in (where, *held) if word], language),
        )
        for (name, where), held in years.items()
    ]  # fmt: skip
    key = "plan.limits_bind" if found else "plan.limits_none"
    return [_remark(say(key, language, limits=say("plan.limit_separator", language).join(found)))]


def cluster_remarks(
    run: RunView, cluster: str, industry: str, members: list[str], language: Language
) -> list[Row]:
    """Return what a cluster needs, buys and sells, and the limits that hold it back."""
    needs = frame_of(run, "plan.needs")
    rows = []
    if needs is not None:
        rows += _needs_line(run, needs[needs["cluster"] == cluster], language)
    return [
        *rows,
        *_chain_lines(run, cluster, language),
        *_limit_line(run, industry, members, language),
    ]


def _amount(run: RunView, row: dict[str, Any], name: str, language: Language) -> Cell:
    unit, value = row.get("unit"), finite(row[name])
    if unit == run.money_unit:
        return Cell(money_scale(run, language).say(value), "number")
    resource = {"persons": "labour", "m3": "water", "t": "co2"}.get(str(unit))
    if resource is None:
        return number_cell(row[name], 0)
    return Cell(f"{_scaled(resource, value, language)} {say(f'plan.unit.{resource}', language)}",
                "number")  # fmt: skip


def _price(run: RunView, row: dict[str, Any], language: Language) -> Cell:
    """Return the price of a limit: money per money as it is, money per person or t in currency."""
    value = finite(row["shadow"])
    if row.get("unit") == run.money_unit or value is None:
        return number_cell(value, 2)
    money = parse_unit(run.money_unit)
    words = say("plan.price", language, amount=number(value * money.factor),
                currency=money_scale(run, language).currency)  # fmt: skip
    return Cell(words, "number")


def _counted(run: RunView, table: ResultTable, language: Language) -> tuple[Block, ...]:
    """Return one sentence on limits on numbers, which have no price."""
    plain = table.frame[table.frame["unit"] == "1"]
    counts = plain.groupby("constraint", sort=False).size()
    words = [
        say("plan.limit_count", language, limit=_limit_name(str(name), language), count=count)
        for name, count in counts.items()
    ]
    if not words:
        return ()
    sentence = say("plan.limits_counted", language, limits=join(words, language))
    return (Paragraph(sentence, ("D",)),)


def binding_blocks(run: RunView, language: Language) -> tuple[Block, ...]:
    """Return the limits that bind: those with a price as a table, the others counted."""
    table = table_of(run, "plan.binding")
    if table is None:
        return ()
    frame = table.frame
    priced = frame[frame["unit"] != "1"] if {"unit", "shadow"} <= set(frame.columns) else frame
    rows = [
        (
            Cell(_limit_name(str(row["constraint"]), language)),
            Cell(_subject(run, str(row["subject"]), language)),
            _amount(run, row, "limit", language),
            *((_price(run, row, language),) if "shadow" in row else ()),
        )
        for row in records(priced)
    ]
    columns = (
        column("constraint", language),
        column("subject", language),
        column("limit", language, numeric=True),
        *((column("shadow", language, numeric=True),) if "shadow" in frame.columns else ()),
    )
    collapsed = len(rows) > 24
    made = table_block("binding", language, columns, rows, merge_grades(table), collapsed=collapsed)
    counted = _counted(run, table, language) if "unit" in frame.columns else ()
    return (made, *counted)
