"""Chapter 1: what to build, where, with whom, when, and what planning apart would cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import (
    codes,
    finite,
    join,
    money_scale,
    phase_label,
    phases,
    records,
    region_names,
)
from clusterbelt.report.chapters.summary_data import without_plan
from clusterbelt.report.chapters.summary_sure import price_interval, sure_callout, survival
from clusterbelt.report.common import (
    absent,
    column,
    frame_of,
    merge_grades,
    percent,
    reach_cell,
    say,
    table_block,
    table_of,
)
from clusterbelt.report.document import (
    Block,
    Bullets,
    Callout,
    Card,
    Cards,
    Cell,
    Chapter,
    Column,
    Paragraph,
    Part,
    TableBlock,
)

__all__ = ["PARTS", "summary_chapter"]

PARTS = ("allocation", "overcapacity", "synergy")


def _headline(run: RunView, language: Language) -> tuple[Block, ...]:
    table = table_of(run, "plan.clusters")
    if table is None:
        return (absent(say("part.plan", language), ("plan.clusters",), language),)
    clusters = table.frame
    money = money_scale(run, language)
    added = float(clusters["added_output"].sum())
    last = phases(run)[-1]
    sentence = say(
        "summary.headline", language,
        belt=run.title.get(language), clusters=len(clusters),
        industries=clusters["industry"].nunique(),
        cross_border=int(clusters["cross_border"].sum()),
        cross_reach=int(clusters["cross_reach"].sum()),
        added=money.say(added), year=last.end_year,
    )  # fmt: skip
    by_phase = clusters.groupby("start_phase").size()
    schedule = [
        say("summary.starts", language, phase=phase_label(run, phase.name, language),
            count=int(by_phase.get(phase.place, 0)))
        for phase in phases(run)
    ]  # fmt: skip
    grades = merge_grades(table)
    text_grades = Paragraph(sentence, grades)
    when = say("summary.when", language, schedule=join(schedule, language))
    return (text_grades, Paragraph(when, grades))


def _price_cards(run: RunView, language: Language) -> Block:
    table = table_of(run, "plan.fragmentation")
    if table is None:
        return absent(say("part.fragmentation", language), ("plan.fragmentation",), language)
    money = money_scale(run, language)
    cards = []
    for row in records(table.frame):
        parts = tuple(
            Part(
                text(f"plot.fragmentation.{part}", language).replace("-", ""),
                finite(row[f"{part}_share"]) or 0.0,
                percent(row[f"{part}_share"], 1),
                part,
            )
            for part in PARTS
        )
        detail = say(
            "summary.price_detail", language,
            joint=money.say(float(row["joint_value"])),
            alone=money.say(float(row["alone_value"])),
        )  # fmt: skip
        interval = price_interval(run, str(row["belief"]), language)
        detail = detail if interval is None else f"{interval} {detail}".strip()
        cards.append(
            Card(
                say(
                    "summary.price", language, belief=text(f"plot.belief.{row['belief']}", language)
                ),
                percent(row["price"], 1),
                detail,
                (str(row.get("grade", table.grade)),),  # type: ignore[arg-type]
                parts,
            )
        )
    return Cards(tuple(cards))


def _starts(run: RunView, language: Language) -> TableBlock | Callout:
    """Return the plan at a glance: reaches by phases, in each cell what starts and with whom."""
    table = table_of(run, "plan.reach_core")
    if table is None:
        return absent(say("table.summary.title", language), ("plan.reach_core",), language)
    sure = survival(run)
    rows = []
    for reach in run.reaches:
        cells = [reach_cell(run, reach, language)]
        for phase in phases(run):
            mine = table.frame[
                (table.frame["reach"] == reach) & (table.frame["phase"] == phase.name)
            ]
            lines = [_item(run, row, language, sure) for row in records(mine)]
            shown = "\n".join(lines) or say("summary.nothing", language)
            cells.append(Cell(shown, "lines" if lines else "text"))
        rows.append(cells)
    columns = (
        column("reach", language),
        *(Column(phase_label(run, phase.name, language)) for phase in phases(run)),
    )
    return table_block("summary", language, columns, rows, merge_grades(table))


def _item(run: RunView, row: dict[str, Any], language: Language, sure: Mapping[str, float]) -> str:
    names = {
        "industry": run.industry_name(str(row["industry"]), language),
        "lead": run.region_name(str(row["lead"]), language),
    }
    partners = region_names(run, row["partners"], language)
    shown = (
        say("summary.item_with", language, **names, partners=partners)
        if partners
        else say("summary.item", language, **names)
    )
    share = sure.get(str(row["cluster"]))
    if share is None:
        return shown
    return say("summary.item_sure", language, item=shown, share=percent(share))


def _leads(run: RunView, language: Language) -> str | None:
    clusters = frame_of(run, "plan.clusters")
    if clusters is None:
        return None
    counted = clusters["lead"].value_counts()
    order = sorted(counted.index, key=lambda region: (-int(counted[region]), str(region)))
    listed = [
        say("summary.lead_item", language, region=run.region_name(str(region), language),
            count=int(counted[region]))
        for region in order
    ]  # fmt: skip
    return say("summary.leads", language, regions=join(listed, language))


def _widest(run: RunView, language: Language) -> str | None:
    clusters = frame_of(run, "plan.clusters")
    if clusters is None or not bool(clusters["cross_border"].any()):
        return None
    ordered = clusters.sort_values(["regions", "added_output"], ascending=False)
    row: dict[str, Any] = records(ordered)[0]
    return say(
        "summary.widest", language,
        industry=run.industry_name(str(row["industry"]), language),
        regions=region_names(run, row["members"], language), count=len(codes(row["members"])),
    )  # fmt: skip


def _audit(run: RunView, language: Language) -> str | None:
    audit = frame_of(run, "audit.audit")
    if audit is None:
        return None
    counted = audit["verdict"].value_counts()
    return say(
        "summary.audit", language,
        lines=len(audit),
        **{
            verdict: int(counted.get(verdict, 0))
            for verdict in ("supported", "mixed", "not_supported", "not_testable")
        },
    )  # fmt: skip


def _demand(run: RunView, language: Language) -> str | None:
    clusters, ceilings = frame_of(run, "plan.clusters"), frame_of(run, "demand.ceilings")
    if clusters is None or ceilings is None:
        return None
    last = phases(run)[-1]
    at_end = ceilings[ceilings["year"] == last.end_year].set_index("industry")["ceiling"]
    used = clusters.groupby("industry")["added_output"].sum()
    shares = (used / at_end.reindex(used.index)).dropna()
    if shares.empty:
        return None
    industry = str(shares.sort_index().idxmax())
    return say(
        "summary.demand", language,
        full=int((shares > 0.995).sum()), industries=len(shares),
        industry=run.industry_name(industry, language), share=percent(shares.max()),
    )  # fmt: skip


def summary_chapter(run: RunView, language: Language) -> Chapter:
    """Return the summary: one page that already answers the planner's question."""
    points = [
        point
        for point in (
            _leads(run, language),
            _widest(run, language),
            _demand(run, language),
            _audit(run, language),
        )
        if point is not None
    ]
    if table_of(run, "plan.clusters") is None:
        blocks: list[Block] = list(without_plan(run, language))
    else:
        blocks = [*_headline(run, language), _price_cards(run, language)]
        if points:
            blocks.append(Bullets(tuple(points)))
        blocks += [_starts(run, language), sure_callout(run, language)]
    return Chapter(
        id="summary",
        title=say("chapter.summary.title", language),
        lead=say("chapter.summary.lead", language),
        blocks=tuple(blocks),
    )
