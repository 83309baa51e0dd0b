"""Figures of the plan: phases of every cluster, and the price of fragmentation."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import ink_colour, reach_dots, split_lines
from clusterbelt.plot.labels import (
    MoneyScale,
    codes,
    finite,
    money_scale,
    number,
    phase_label,
    phases,
    records,
    shortened,
    wrapped,
)
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import INK, MUTED, ink_on, phase_colours, reach_colours

__all__ = ["draw_fragmentation", "draw_phases"]

PARTS = ("allocation", "overcapacity", "synergy")


def _row_label(run: RunView, row: dict[str, Any], language: Language) -> str:
    industry = run.industry_name(str(row["industry"]), language)
    lead = run.region_name(str(row["lead"]), language)
    others = len(codes(row["members"])) - 1
    key = "plot.lead_alone" if others == 0 else "plot.lead_and_others"
    second = text(key, language, lead=lead, others=others)
    return f"{row['cluster']}  {shortened(industry, language, 44)}\n{second}"


def _phase_cells(
    run: RunView, trajectory: pd.DataFrame, row: dict[str, Any], label: str, language: Language
) -> list[dict[str, Any]]:
    money = money_scale(run, language)
    mine = trajectory[trajectory["cluster"] == row["cluster"]]
    added = mine.groupby("phase")[["added_output", "investment"]].sum()
    colours = phase_colours(len(phases(run)))
    cells = []
    for phase in phases(run):
        if phase.place < int(row["start_phase"]) or phase.name not in added.index:
            continue
        colour = colours[int(row["start_phase"])]
        cells.append(
            {
                "row": label,
                "phase": phase_label(run, phase.name, language),
                "start": phase_label(run, str(row["phase"]), language),
                "label": "+" + money.show(float(added.at[phase.name, "added_output"])),
                "investment": money.show(float(added.at[phase.name, "investment"])),
                "colour": colour,
                "ink": ink_on(colour),
            }
        )
    return cells


def draw_phases(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw when every cluster starts and what it adds in each phase."""
    clusters = run.results["plan"].frame("clusters").sort_values(["start_phase", "cluster"])
    trajectory = run.results["plan"].frame("trajectory")
    colours = {
        run.reaches[reach].get(language): colour for reach, colour in reach_colours(run).items()
    }
    cells, dots, order = [], [], []
    for row in records(clusters):
        label = _row_label(run, row, language)
        order.append(label)
        cells += _phase_cells(run, trajectory, row, label, language)
        reaches = [reach for reach in run.reaches if reach in codes(row["reaches"])]
        dots += [
            {"row": label, "reach": run.reaches[reach].get(language), "place": place}
            for place, reach in enumerate(reversed(reaches))
        ]
    names = [phase_label(run, phase.name, language) for phase in phases(run)]
    unit = money_scale(run, language).unit
    base = alt.Chart(data_of(cells)).encode(
        x=alt.X(
            "phase:N",
            sort=names,
            scale=alt.Scale(domain=names, padding=0),
            axis=alt.Axis(orient="top", labelAngle=0, labelAlign="center", title=None, grid=False),
        ),
        y=alt.Y(
            "row:N",
            sort=order,
            scale=alt.Scale(paddingInner=0.22, paddingOuter=0.1),
            axis=alt.Axis(
                title=None, labelExpr=split_lines, labelPadding=42, labelFontSize=11, labelOffset=-7
            ),
        ),
        tooltip=[
            alt.Tooltip("row:N", title=text("plot.cluster", language)),
            alt.Tooltip("phase:N", title=text("plot.phase_word", language)),
            alt.Tooltip("label:N", title=text("plot.added_output", language, unit=unit)),
            alt.Tooltip("investment:N", title=text("plot.investment", language, unit=unit)),
        ],
    )
    bars = base.mark_rect().encode(
        color=alt.Color(
            "start:N",
            scale=alt.Scale(domain=names, range=phase_colours(len(names))),
            legend=None,  # the column in which a bar begins says it
        )
    )
    words = base.mark_text(fontSize=11).encode(text=alt.Text("label:N"), color=ink_colour())
    points = reach_dots(dots, colours, order, text("plot.reach", language))
    chart: alt.TopLevelMixin = (
        alt.layer(bars, words, *points)
        .resolve_scale(color="independent")
        .properties(width=396, height=alt.Step(38))
    )
    return chart


def _steps(row: dict[str, Any], money: MoneyScale, language: Language) -> list[dict[str, Any]]:
    """Return the steps from the joint plan down to every region alone, in % of the joint value."""
    level = 100.0
    steps = [_end("joint", level, money.show(finite(row["joint_value"])), language)]
    for part in PARTS:
        share = 100.0 * (finite(row[f"{part}_share"]) or 0.0)
        low, high = min(level, level - share), max(level, level - share)
        level -= share
        sign = "+" if share < 0 else ""  # a part may be a gain
        steps.append(
            {
                "step": text(f"plot.fragmentation.{part}", language),
                "low": low,
                "high": high,
                "after": level,
                "kind": part,
                "label": f"{sign}{number(-share, 1)}%",
            }
        )
    return [*steps, _end("alone", level, money.show(finite(row["alone_value"])), language)]


def _end(name: str, level: float, label: str, language: Language) -> dict[str, Any]:
    words = text(f"plot.fragmentation.{name}", language)
    return {
        "step": words, "low": level, "high": level, "after": level, "kind": "level", "label": label
    }  # fmt: skip


def _step_axis(order: Sequence[str]) -> alt.X:
    return alt.X(
        "step:N",
        sort=list(order),
        scale=alt.Scale(paddingInner=0.25, paddingOuter=0.1),
        axis=alt.Axis(
            labelAngle=0,
            labelAlign="center",
            title=None,
            labelExpr=split_lines,
            labelFontSize=11,
            labelPadding=10,
        ),
    )


def _links(steps: Sequence[dict[str, Any]]) -> alt.Chart:
    """Return the dashed lines that carry the level reached over to the next step."""
    links = [
        {"step": one["step"], "next": other["step"], "level": one["after"]}
        for one, other in itertools.pairwise(steps)
    ]
    chart: alt.Chart = (
        alt.Chart(data_of(links))
        .mark_rule(stroke=MUTED, strokeDash=[2, 2], strokeWidth=1)
        .encode(
            x=alt.X("step:N", sort=[step["step"] for step in steps]),
            x2=alt.X2("next:N"),
            y=alt.Y("level:Q"),
        )
    )
    return chart


def _bars_and_levels(base: alt.Chart, y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    # The two ends are levels, not sums: a tick says where they stand, a bar would start nowhere.
    bars = (
        base.transform_filter("datum.kind !== 'level'")
        .mark_bar()
        .encode(
            y=y,
            y2=alt.Y2("high:Q"),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=list(PARTS), range=["#0072b2", "#d55e00", "#cc79a7"]),
                legend=None,
            ),
        )
    )
    levels = (
        base.transform_filter("datum.kind === 'level'")
        .mark_tick(orient="horizontal", thickness=5, color=INK, size=40)
        .encode(y=y)
    )
    return bars, levels


def _waterfall(
    row: dict[str, Any], domain: tuple[float, float], first: bool, run: RunView, language: Language
) -> alt.TopLevelMixin:
    money = money_scale(run, language)
    steps = _steps(row, money, language)
    steps = [step | {"step": wrapped(step["step"], language, 9)} for step in steps]
    order = [step["step"] for step in steps]
    x = _step_axis(order)
    title = text("plot.fragmentation.axis", language) if first else None
    y = alt.Y(
        "low:Q",
        scale=alt.Scale(domain=list(domain), nice=False, zero=False),
        axis=alt.Axis(title=title, grid=True, format="~f", tickCount=6),
    )
    base = alt.Chart(data_of(steps)).encode(
        x=x,
        tooltip=[
            alt.Tooltip("step:N", title=text("plot.fragmentation.part", language)),
            alt.Tooltip("label:N", title=text("plot.fragmentation.size", language)),
        ],
    )
    bars, levels = _bars_and_levels(base, y)
    words = base.mark_text(dy=-10, fontSize=11, fontWeight="bold", color=INK).encode(
        y=alt.Y("high:Q", scale=alt.Scale(domain=list(domain), nice=False, zero=False)),
        text=alt.Text("label:N"),
    )
    lines = _links(steps)
    head = text(
        "plot.fragmentation.title",
        language,
        belief=text(f"plot.belief.{row['belief']}", language),
        price=number(100.0 * float(row["price"]), 1),
    )
    chart: alt.TopLevelMixin = alt.layer(lines, bars, levels, words).properties(
        width=300, height=250, title=head
    )
    return chart


def draw_fragmentation(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw the way from the joint plan's value down to that of every region planning alone."""
    rows = records(run.results["plan"].frame("fragmentation"))
    money = money_scale(run, language)
    lows = [step["low"] for row in rows for step in _steps(row, money, language)]
    tops = [step["high"] for row in rows for step in _steps(row, money, language)]
    span = max(max(tops) - min(lows), 1.0)
    domain = (min(lows) - 0.12 * span, max(tops) + 0.14 * span)
    panels: list[Any] = [
        _waterfall(row, domain, place == 0, run, language) for place, row in enumerate(rows)
    ]
    chart: alt.TopLevelMixin = alt.hconcat(*panels, spacing=18)
    return chart
