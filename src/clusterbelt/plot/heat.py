"""The heat map that several figures share: coloured cells with their number written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import blend, ink_on

__all__ = [
    "HeatStyle",
    "cell",
    "colour_when",
    "heat_layers",
    "heat_map",
    "ink_colour",
    "reach_dots",
    "split_lines",
    "x_pixel",
]

_ABSENT = "#f1f3f5"
split_lines = "split(datum.label, '\\n')"


@dataclass(frozen=True)
class HeatStyle:
    """Colours, the values at the two ends of the ramp, and the words of the legend."""

    colours: Sequence[str]
    low: float
    high: float
    legend: str
    scale: Callable[[float], float] = float  # from the value to where it stands on the ramp
    legend_format: str = "~f"
    legend_expr: str | None = None
    legend_values: Sequence[float] | None = None


def cell(
    style: HeatStyle, column: str, row: str, value: float | None, label: str, **more: object
) -> dict[str, Any]:
    """Return one cell: where it stands, its colour value, the ink that can be read on it."""
    position = None if value is None else style.scale(value)
    if position is None:
        ink = "#000000"
    else:
        position = min(max(position, style.low), style.high)
        share = (position - style.low) / (style.high - style.low)
        ink = ink_on(blend(style.colours, share))
    return {"column": column, "row": row, "position": position, "label": label, "ink": ink, **more}


def ink_colour() -> Any:
    """Return the colour of words on a coloured ground: field ``ink``, white or black."""
    return _otherwise("datum.ink === '#ffffff'", {"value": "#ffffff"}, "#000000")


def colour_when(test: str, channel: alt.Color, otherwise: str) -> Any:
    """Return a colour by its scale where ``test`` holds, else the plain colour ``otherwise``."""
    then: Any = channel.to_dict(validate=False)
    return _otherwise(test, then, otherwise)


def _otherwise(test: str, then: Mapping[str, Any], otherwise: str) -> Any:
    # Built as a channel at once: altair takes 14 ms to make one of a plain dictionary.
    return alt.ColorValue(otherwise, condition={"test": test, **then})


def x_pixel(x: float) -> Any:
    """Return a place across the figure in pixels."""
    return alt.XValue(x)  # type: ignore[no-untyped-call]


def _columns_axis(angle: int, lines: int) -> alt.Axis:
    if angle:
        return alt.Axis(orient="top", labelAngle=angle, labelAlign="left", title=None)
    padding = 6 + 14 * (lines - 1)  # lines run downwards from where the first one stands
    return alt.Axis(
        orient="top",
        labelAngle=0,
        labelAlign="center",
        labelExpr=split_lines,
        title=None,
        labelPadding=padding,
    )


def heat_layers(
    cells: Sequence[Mapping[str, Any]],
    style: HeatStyle,
    columns: Sequence[str],
    rows: Sequence[str],
    tooltips: Sequence[tuple[str, str]],
    *,
    angle: int = 0,
    label_padding: int = 6,
    header_lines: int = 1,
) -> list[alt.Chart]:
    """Return the two layers of a heat map: coloured cells, and the words written in them."""
    shown = [alt.Tooltip(f"{field}:N", title=title) for field, title in tooltips]
    y_axis = alt.Axis(title=None, labelPadding=label_padding, labelFontSize=11)
    base = alt.Chart(data_of(cells)).encode(
        x=alt.X("column:N", sort=list(columns), axis=_columns_axis(angle, header_lines)),
        y=alt.Y("row:N", sort=list(rows), axis=y_axis),
        tooltip=shown,
    )
    legend = alt.Legend(title=style.legend, format=style.legend_format)
    if style.legend_expr:
        legend.labelExpr = style.legend_expr
    if style.legend_values is not None:
        legend.values = list(style.legend_values)
    scale = alt.Scale(
        domain=[style.low, style.high], range=list(style.colours), interpolate="rgb", clamp=True
    )
    rectangles = base.mark_rect(stroke="white", strokeWidth=1.5, invalid=None).encode(
        color=colour_when(
            "isValid(datum.position)",
            alt.Color("position:Q", scale=scale, legend=legend),
            _ABSENT,
        )
    )
    words = base.mark_text(fontSize=11, lineBreak="\n").encode(
        text=alt.Text("label:N"), color=ink_colour()
    )
    return [rectangles, words]


def heat_map(layers: Sequence[alt.Chart], step: tuple[int, int]) -> alt.TopLevelMixin:
    """Lay layers over each other; ``step`` is the width and height of a cell in pixels."""
    chart: alt.TopLevelMixin = (
        alt.layer(*layers)
        .resolve_scale(color="independent")
        .properties(width=alt.Step(step[0]), height=alt.Step(step[1]))
    )
    return chart


def reach_dots(
    rows: Sequence[Mapping[str, Any]],
    colours: Mapping[str, str],
    order: Sequence[str],
    title: str,
) -> list[alt.Chart]:
    """Return dots in the colours of the reaches left of every row.

    ``rows`` have ``row``, ``reach`` and ``place``: 0 next to the cells, 1 further left and so on.
    """
    layers = []
    for place in sorted({int(row["place"]) for row in rows}):
        mine = [row for row in rows if row["place"] == place]
        colour = alt.Color(
            "reach:N",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(title=title) if place == 0 else None,
        )
        layers.append(
            alt.Chart(data_of(mine))
            .mark_point(filled=True, size=60, opacity=1, shape="circle")
            .encode(x=x_pixel(-9 - 11 * place), y=alt.Y("row:N", sort=list(order)), color=colour)
        )
    return layers
