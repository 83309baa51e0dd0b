"""Colours, fonts and the one altair configuration that every figure shares.

Reaches take the colours of Okabe and Ito, which stay apart for colour-blind readers; heat maps
run from light to dark, or blue to orange around a neutral middle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView

__all__ = [
    "DIVERGING",
    "FONTS",
    "INK",
    "LIGHT",
    "MUTED",
    "PHASE_COLOURS",
    "PLOT_WIDTH",
    "SEQUENTIAL",
    "blend",
    "configuration",
    "contrast",
    "ink_on",
    "phase_colours",
    "reach_colours",
]

PLOT_WIDTH: Final = 720
INK: Final = "#1d2b36"
MUTED: Final = "#52616b"
LIGHT: Final = "#e7ebee"

_LATIN = '"Segoe UI", "Helvetica Neue", Arial, "Noto Sans", "Liberation Sans"'
_CHINESE = (
    '"Noto Sans SC", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Source Han Sans SC"'
)
FONTS: Final[Mapping[Language, str]] = {
    "zh": f"{_CHINESE}, sans-serif",
    "en": f"{_LATIN}, {_CHINESE}, sans-serif",
}

SEQUENTIAL: Final = ("#f4f8fa", "#d3e6ee", "#9cc8d8", "#5ba2bb", "#277896", "#0d4f6b", "#06324a")
DIVERGING: Final = ("#1b5e9e", "#6fa6d3", "#c6ddee", "#f6f4f1", "#f9d3a8", "#e9963f", "#a8500c")
_REACHES = ("#0072b2", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#e69f00", "#7f7f7f")
PHASE_COLOURS: Final = ("#0d4f6b", "#3f8fab", "#8fc0d0", "#c3dfe8", "#dfeef3")


def reach_colours(run: RunView) -> dict[str, str]:
    """Return the colour of every reach, in the order of the belt's table."""
    return {reach: _REACHES[place % len(_REACHES)] for place, reach in enumerate(run.reaches)}


def phase_colours(count: int) -> list[str]:
    """Return one colour per phase: the earlier, the darker."""
    last = len(PHASE_COLOURS) - 1
    return [PHASE_COLOURS[min(place, last)] for place in range(count)]


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2: relative luminances plus 0.05)."""
    first, second = sorted((_luminance(one) + 0.05, _luminance(other) + 0.05))
    return second / first


def ink_on(colour: str) -> str:
    """Return white or black, whichever has the higher contrast on ``colour`` (``#rrggbb``).

    The better of the two never falls below 4.5 to 1: the product of both contrasts is 21.
    """
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))


def blend(colours: Sequence[str], share: float) -> str:
    """Return the colour at ``share`` (0-1) of a ramp, by straight lines between its colours."""
    share = min(max(share, 0.0), 1.0) * (len(colours) - 1)
    low = min(int(share), len(colours) - 2)
    weight = share - low
    pairs = [
        (int(colours[low][p : p + 2], 16), int(colours[low + 1][p : p + 2], 16)) for p in (1, 3, 5)
    ]
    return "#" + "".join(f"{round(a + (b - a) * weight):02x}" for a, b in pairs)


def configuration(language: Language) -> dict[str, Any]:
    """Return the altair (Vega-Lite) configuration of all figures."""
    label = {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "font": FONTS[language],
        "background": None,
        "aria": False,  # the figure element carries the text alternative
        "view": {"stroke": None},
        "axis": {
            **label,
            "labelLimit": 0,
            "titleLimit": 0,
            "titleFontWeight": "normal",
            "domain": False,
            "ticks": False,
            "grid": False,
            "gridColor": LIGHT,
            "labelPadding": 6,
            "titlePadding": 8,
        },
        "header": {
            **label,
            "labelFontSize": 12,
            "labelFontWeight": "bold",
            "labelLimit": 0,
            "title": None,
        },
        "legend": {
            **label,
            "orient": "top",
            "titleFontWeight": "normal",
            "titleLimit": 0,
            "labelLimit": 0,
            "titleAnchor": "start",
            "gradientLength": 220,
            "gradientThickness": 10,
            "symbolStrokeWidth": 0,
        },
        "text": {"color": INK, "fontSize": 11},
        "title": {"color": INK, "fontSize": 12, "anchor": "start", "fontWeight": "bold"},
    }
