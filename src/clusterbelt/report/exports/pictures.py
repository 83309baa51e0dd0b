"""Figures as pictures for paper: PNG of 300 dots an inch, with labels that can be drawn here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.figures import figure_spec
from clusterbelt.plot.fonts import drawable_language
from clusterbelt.plot.render import png_of_svg, svg_of

__all__ = ["Pictures", "draw_pictures"]

_PIXELS: Final = 1961  # 16.6 cm, the width of the text on an A4 page, at 300 dots an inch
_WIDTH: Final = re.compile(r'<svg[^>]*?\bwidth="([0-9.]+)"')


@dataclass(frozen=True)
class Pictures:
    """PNG files by figure, and the language of their labels."""

    files: Mapping[str, bytes]
    languages: Mapping[str, Language]


def draw_pictures(run: RunView, figures: Mapping[str, str], language: Language) -> Pictures:
    """Return SVG figures as PNG; drawn anew with English labels where Chinese has no font."""
    shown = drawable_language(language)
    files: dict[str, bytes] = {}
    for name, svg in figures.items():
        if shown != language:
            spec = figure_spec(name, run, shown)
            svg = svg if spec is None else svg_of(spec, name)
        found = _WIDTH.search(svg)
        width = float(found[1]) if found else 1.0
        files[name] = png_of_svg(svg, _PIXELS / max(width, 1.0))
    return Pictures(files, dict.fromkeys(files, shown))
