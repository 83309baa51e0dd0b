"""Two sections of the foundation chapter: how sure the ranks are, and the index under audit."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import finite, join, known_word, number, records
from clusterbelt.report.common import (
    column,
    figure_block,
    merge_grades,
    number_cell,
    percent,
    region_cell,
    say,
    table_block,
    table_of,
)
from clusterbelt.report.document import Block, Cell, Column, Paragraph, Section, TableBlock

__all__ = ["audit_section", "sure_section"]

_CERTAIN = 0.9
_ALPHA = 0.7
_FEW = 6  # names spelled out in a sentence


def _share(run: RunView, name: str) -> str:
    return percent(run.study.get("foundation", {}).get(name))


def _text(sentences: list[str], language: Language) -> str:
    return (" " if language == "en" else "").join(sentences)


def sure_section(run: RunView, language: Language) -> Section | None:
    """Return how far the ranks depend on choices; ``None`` when nothing was drawn."""
    table = table_of(run, "foundation.rank_intervals")
    if table is None:
        return None
    value = run.results["foundation"].values.get("draws")
    draws = "–" if value is None else number(finite(value.value))
    lead = say("foundation_uncertainty.lead", language, draws=draws,
               noise=_share(run, "weight_noise"))  # fmt: skip
    overall = table.frame[table.frame["dimension"] == "overall"]
    belt = overall[overall["region"].isin(run.belt_regions)].dropna(subset=["belt_rank"])
    sentences = [*_first(run, language), *_neighbours(run, belt, language)]
    if len(belt):
        rows = records(belt)
        widest = max(rows, key=lambda row: row["belt_high"] - row["belt_low"])
        sentences.append(
            say("foundation_uncertainty.widest", language,
                region=run.region_name(str(widest["region"]), language),
                low=number(widest["belt_low"]), high=number(widest["belt_high"]))
        )  # fmt: skip
    blocks: list[Block] = [
        Paragraph(lead, merge_grades(table)),
        Paragraph(_text(sentences, language), merge_grades(table)),
        _rank_table(run, belt, draws, language),
        figure_block(run, "rank_shares", language),
        *_what_decides(run, language),
    ]
    top = _top_table(run, belt, draws, language)
    return Section(
        say("section.foundation_sure", language), tuple([*blocks, *([top] if top else [])])
    )


def _first(run: RunView, language: Language) -> list[str]:
    table = table_of(run, "foundation.top_places")
    if table is None:
        return []
    first = table.frame[(table.frame["k"] == 1) & table.frame["region"].isin(run.belt_regions)]
    ordered = records(
        first.dropna(subset=["belt_share"]).sort_values(
            ["belt_share", "region"], ascending=[False, True]
        )
    )
    if len(ordered) < 2:
        return []
    one, two = ordered[:2]
    sure = float(one["belt_share"]) >= _CERTAIN
    name = run.region_name(str(one["region"]), language)
    share = percent(one["belt_share"])
    if sure:
        return [say("foundation_uncertainty.first_sure", language, first=name, share=share)]
    return [
        say("foundation_uncertainty.first_open", language, first=name, share=share,
            second=run.region_name(str(two["region"]), language),
            second_share=percent(two["belt_share"]))
    ]  # fmt: skip


def _neighbours(run: RunView, belt: pd.DataFrame, language: Language) -> list[str]:
    """Name the neighbours in the mean ranking whose order is open."""
    table = table_of(run, "foundation.dominance")
    if table is None or len(belt) < 2:
        return []
    before = table.frame.set_index(["region", "other"])["before"]
    order = [str(code) for code in belt.sort_values(["belt_mean", "region"])["region"]]
    pairs = list(pairwise(order))
    level = [(pair, float(before[pair])) for pair in pairs if before[pair] < _CERTAIN]
    if not level:
        return [say("foundation_uncertainty.decided", language, of=len(pairs))]
    shown = [
        say("foundation_uncertainty.pair", language, one=run.region_name(one, language),
            two=run.region_name(two, language), share=percent(share))
        for (one, two), share in level
    ]  # fmt: skip
    return [
        say("foundation_uncertainty.undecided", language, count=len(level), of=len(pairs),
            pairs=join(shown, language))
    ]  # fmt: skip


def _what_decides(run: RunView, language: Language) -> list[Block]:
    table = table_of(run, "foundation.rank_shares")
    if table is None:
        return []
    rows = {str(row["factor"]): row for row in records(table.frame)}
    most = max(rows, key=lambda name: finite(rows[name]["total"]) or 0.0)
    sentence = say(
        "foundation_uncertainty.shares", language,
        factor=text(f"plot.factor_drawn.{most}", language),
        first=percent(rows[most]["first"]), total=percent(rows[most]["total"]),
        data=percent(rows["data_noise"]["total"]),
    )  # fmt: skip
    return [Paragraph(sentence, merge_grades(table))]


def _rank_table(run: RunView, belt: pd.DataFrame, draws: str, language: Language) -> TableBlock:
    """One row per region of the belt: headline rank and interval, overall and by dimension."""
    table = table_of(run, "foundation.rank_intervals")
    assert table is not None
    parts = list(dict.fromkeys(str(name) for name in table.frame["dimension"]))
    cells = {(str(row["dimension"]), str(row["region"])): row for row in records(table.frame)}

    def shown(part: str, region: str) -> Cell:
        row = cells[part, region]
        rank = finite(row["belt_rank"])
        if rank is None:
            return Cell(number(None), "number")
        between = f"{number(finite(row['belt_low']))}–{number(finite(row['belt_high']))}"
        return Cell(f"{number(rank)} ({between})", "number")

    order = [str(code) for code in belt.sort_values(["belt_rank", "region"])["region"]]
    rows = [
        (region_cell(run, region, language), *(shown(part, region) for part in parts))
        for region in order
    ]
    heads = [
        text("plot.foundation.index", language)
        if part == "overall"
        else known_word("plot.dimension", part, language)
        for part in parts
    ]
    columns = (column("region", language), *(Column(head, "", True) for head in heads))
    figures = {"belt": len(order), "draws": draws}
    return table_block(
        "rank_intervals", language, columns, rows, merge_grades(table), figures=figures
    )


def _top_table(
    run: RunView, belt: pd.DataFrame, draws: str, language: Language
) -> TableBlock | None:
    table = table_of(run, "foundation.top_places")
    if table is None:
        return None
    shares = table.frame.set_index(["k", "region"])["belt_share"]
    places = list(dict.fromkeys(int(k) for k in table.frame["k"]))
    ordered = records(belt.sort_values(["belt_mean", "region"]))
    rows = [
        (
            region_cell(run, row["region"], language),
            number_cell(row["belt_median"]),
            *(
                Cell(percent(shares[k, row["region"]]), "number",
                     share=finite(shares[k, row["region"]]))
                for k in places
            ),
        )
        for row in ordered
    ]  # fmt: skip
    columns = (
        column("region", language),
        column("median_rank", language, numeric=True),
        *(Column(say("column.first_k", language, k=k), "", True) for k in places),
    )
    return table_block(
        "top_places", language, columns, rows, merge_grades(table), collapsed=True,
        figures={"draws": draws},
    )  # fmt: skip


def audit_section(run: RunView, language: Language) -> Section | None:
    """Return what the parts of the index really count; ``None`` without the tables."""
    dimensions = table_of(run, "foundation.dimension_audit")
    indicators = table_of(run, "foundation.index_audit")
    if dimensions is None or indicators is None:
        return None
    rows = records(dimensions.frame)
    known = [row for row in rows if finite(row["effective_weight"]) is not None]
    sentences = []
    if known:
        gap = [row["effective_weight"] - row["weight"] for row in known]
        most, least = known[gap.index(max(gap))], known[gap.index(min(gap))]
        sentences.append(
            say(
                "foundation_uncertainty.audit",
                language,
                strongest=_dimension(most, language),
                weakest=_dimension(least, language),
                strongest_share=percent(most["effective_weight"], 1),
                strongest_weight=percent(most["weight"], 1),
                weakest_share=percent(least["effective_weight"], 1),
                weakest_weight=percent(least["weight"], 1),
            )
        )
    sentences += [_alphas(rows, language), _never(run, indicators.frame, language)]
    columns = (
        column("dimension", language),
        column("indicator_count", language, numeric=True),
        column("alpha", language, numeric=True),
        column("least_correlation", language, numeric=True),
        column("corr_index", language, numeric=True),
        column("nominal_weight", language, numeric=True),
        column("effective_weight", language, numeric=True),
    )
    cells = [
        (
            Cell(_dimension(row, language)),
            number_cell(row["indicators"]),
            number_cell(row["alpha"], 2),
            number_cell(row["least_correlation"], 2),
            number_cell(row["corr_index"], 2),
            Cell(percent(row["weight"], 1), "number"),
            Cell(percent(row["effective_weight"], 1), "number"),
        )
        for row in rows
    ]
    grades = merge_grades(dimensions)
    table = table_block("dimension_audit", language, columns, cells, grades)
    paragraph = Paragraph(_text(sentences, language), grades)
    return Section(say("section.foundation_audit", language), (paragraph, table))


def _dimension(row: dict[str, object], language: Language) -> str:
    return known_word("plot.dimension", str(row["dimension"]), language)


def _alphas(rows: list[dict[str, object]], language: Language) -> str:
    alphas = [(row, finite(row["alpha"])) for row in rows]
    low = [row for row, alpha in alphas if alpha is not None and alpha < _ALPHA]
    if not low:
        return say("foundation_uncertainty.alpha_fine", language)
    return say(
        "foundation_uncertainty.alpha_low", language, count=len(low), of=len(rows),
        dimensions=join((_dimension(row, language) for row in low), language),
    )  # fmt: skip


def _never(run: RunView, frame: pd.DataFrame, language: Language) -> str:
    never = [str(name) for name in frame.loc[frame["most_rank_change"] == 0, "indicator"]]
    if not never:
        return say("foundation_uncertainty.each_matters", language, of=len(frame))
    specs = run.indicator_specs
    names = [
        str(specs.at[name, f"name_{language}"])
        if specs is not None and name in specs.index
        else name
        for name in never
    ]
    return say(
        "foundation_uncertainty.never", language, count=len(never), of=len(frame),
        indicators=join([*names[:_FEW], *(["…"] if len(names) > _FEW else [])], language),
    )  # fmt: skip
