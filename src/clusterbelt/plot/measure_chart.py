"""A chart of any measure: bars for one dimension, a heat map for two."""

from __future__ import annotations

import altair as alt
import numpy as np
import xarray as xr
from numpy.typing import NDArray

from clusterbelt.plot.heat import HeatStyle, cell, heat_layers, heat_map
from clusterbelt.plot.labels import number
from clusterbelt.plot.render import data_of
from clusterbelt.plot.theme import DIVERGING, INK, PLOT_WIDTH, SEQUENTIAL

__all__ = ["MOST_CELLS", "can_draw", "draw_measure"]

MOST_CELLS = 3000  # more cannot be told apart
_WIDE = 26  # columns that still leave room for a number in every cell


def _significant(value: float) -> str:
    if not np.isfinite(value):
        return number(None)
    size = abs(value)
    return number(value, 0 if size >= 100 else 1 if size >= 10 else 2)


def can_draw(values: xr.DataArray) -> bool:
    """Say whether there is a chart for values of this shape."""
    return values.ndim in (1, 2) and 0 < values.size <= MOST_CELLS


def draw_measure(values: xr.DataArray, title: str, unit: str) -> alt.TopLevelMixin:
    """Draw ``values`` of one or two dimensions.

    Raises
    ------
    ValueError
        If they have another number of dimensions, or too many cells (see :func:`can_draw`).
    """
    if not can_draw(values):
        raise ValueError(f"no chart for {values.ndim} dimensions and {values.size} values")
    legend = title if unit in {"", "1"} else f"{title} ({unit})"
    return _bars(values, legend) if values.ndim == 1 else _cells(values, legend)


def _bars(values: xr.DataArray, legend: str) -> alt.TopLevelMixin:
    labels = [str(label) for label in values.get_index(values.dims[0])]
    numbers = [float(value) for value in values.to_numpy()]
    rows = [
        {"row": label, "value": value if np.isfinite(value) else None, "label": _significant(value)}
        for label, value in zip(labels, numbers, strict=True)
    ]
    order = sorted(
        labels, key=lambda label: -np.nan_to_num(numbers[labels.index(label)], nan=-np.inf)
    )
    base = alt.Chart(data_of(rows)).encode(
        y=alt.Y("row:N", sort=order, axis=alt.Axis(title=None)),
        x=alt.X("value:Q", axis=alt.Axis(title=legend, grid=True)),
        tooltip=[alt.Tooltip("row:N", title=" "), alt.Tooltip("label:N", title=legend)],
    )
    bars = base.mark_bar(color=SEQUENTIAL[4], height={"band": 0.7})
    words = base.mark_text(align="left", dx=4, color=INK, fontSize=11).encode(text="label:N")
    chart: alt.TopLevelMixin = alt.layer(bars, words).properties(
        width=PLOT_WIDTH - 160, height=alt.Step(20)
    )
    return chart


def _style(numbers: NDArray[np.float64], legend: str) -> HeatStyle:
    known = numbers[np.isfinite(numbers)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if low < 0 < high:
        end = max(-low, high)
        return HeatStyle(DIVERGING, -end, end, legend)
    low = min(low, 0.0)
    return HeatStyle(SEQUENTIAL, low, high if high > low else low + 1.0, legend)


def _cells(values: xr.DataArray, legend: str) -> alt.TopLevelMixin:
    across, down = (1, 0) if values.shape[1] <= values.shape[0] else (0, 1)
    columns = [str(label) for label in values.get_index(values.dims[across])]
    rows = [str(label) for label in values.get_index(values.dims[down])]
    numbers = values.to_numpy() if (across, down) == (1, 0) else values.to_numpy().T
    style = _style(numbers, legend)
    written = len(columns) <= _WIDE
    cells = []
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            value = float(numbers[i, j])
            shown = _significant(value)
            known = value if np.isfinite(value) else None
            cells.append(cell(style, column, row, known, shown if written else "", shown=shown))
    tooltips = [
        ("row", str(values.dims[down])),
        ("column", str(values.dims[across])),
        ("shown", legend),
    ]
    angle = -60 if max(map(len, columns)) > 4 else 0
    layers = heat_layers(cells, style, columns, rows, tooltips, angle=angle)
    return heat_map(layers, (36, 22) if written else (16, 18))
