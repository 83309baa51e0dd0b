"""Figure of the audit: how the lines of a published roadmap fare, by reach."""

from __future__ import annotations

from typing import Any

import altair as alt

from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.heat import ink_colour
from clusterbelt.plot.labels import records, wrapped
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import ink_on

__all__ = ["VERDICTS", "draw_audit"]

VERDICTS = {
    "supported": "#00755a",
    "mixed": "#d9a21b",
    "not_supported": "#b04a00",
    "not_testable": "#7b8790",
}

_MOST_LINES = 3


def draw_audit(run: RunView, language: Language) -> alt.TopLevelMixin:
    """Draw every line of the roadmap as a block with its verdict, in rows by reach."""
    frame = run.results["audit"].frame("audit")
    rank = {verdict: place for place, verdict in enumerate(VERDICTS)}
    rows: list[dict[str, Any]] = []
    for reach, name in run.reaches.items():
        mine = frame[frame["reach"] == reach]
        ordered = sorted(
            records(mine), key=lambda row: (rank.get(row["verdict"], 9), row["cluster"])
        )
        for place, row in enumerate(ordered):
            label = str(row[f"name_{language}"])
            rows.append(
                {
                    "reach": name.get(language),
                    "place": place,
                    "label": _in_block(label, language),
                    "claim": label,
                    "verdict": text(f"plot.verdict.{row['verdict']}", language),
                    "ink": ink_on(VERDICTS.get(str(row["verdict"]), "#7b8790")),
                }
            )
    reaches = [name.get(language) for name in run.reaches.values()]
    words = {text(f"plot.verdict.{verdict}", language): VERDICTS[verdict] for verdict in VERDICTS}
    most = max((int(row["place"]) for row in rows), default=0) + 1
    base = alt.Chart(data_of(rows)).encode(
        x=alt.X("place:O", axis=None, scale=alt.Scale(paddingInner=0.04)),
        y=alt.Y("reach:N", sort=reaches, axis=alt.Axis(title=None)),
        tooltip=[
            alt.Tooltip("reach:N", title=text("plot.reach", language)),
            alt.Tooltip("claim:N", title=text("plot.audit.claim", language)),
            alt.Tooltip("verdict:N", title=text("plot.verdict.title", language)),
        ],
    )
    blocks = base.mark_rect(stroke="#ffffff", strokeWidth=2, cornerRadius=3).encode(
        color=alt.Color(
            "verdict:N",
            scale=alt.Scale(domain=list(words), range=list(words.values())),
            legend=alt.Legend(title=text("plot.verdict.title", language), symbolType="square"),
        )
    )
    labels = [
        base.transform_filter(f"length(split(datum.label, '\\n')) === {lines}")
        # Lines run downwards from the first, so the first stands higher the more there are.
        .mark_text(fontSize=11, lineBreak="\n", baseline="middle", dy=-6.5 * (lines - 1))
        .encode(text=alt.Text("label:N"), color=ink_colour())
        for lines in range(1, _MOST_LINES + 1)
    ]
    chart: alt.TopLevelMixin = alt.layer(blocks, *labels).properties(
        width=alt.Step(min(118, 620 // most)), height=alt.Step(56)
    )
    return chart


def _in_block(label: str, language: Language) -> str:
    """Break a label into at most three lines; what does not fit is cut."""
    lines = wrapped(label, language, 16).split("\n")
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + "…"]
    return "\n".join(lines)
