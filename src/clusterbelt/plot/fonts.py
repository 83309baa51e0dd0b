"""Whether Chinese can be drawn on this machine, and the font package that brings it."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import vl_convert

from clusterbelt.core.strings import Language

__all__ = ["FONT_PACKAGE", "chinese_drawable", "drawable_language"]

FONT_PACKAGE: Final = "pylopdf_fonts_zh_cn"  # Noto Sans SC, SIL Open Font License; extra "fonts"
_SIGNS: Final = ("经", "带", "江")


def _draw(sign: str) -> bytes:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">'
        f'<text x="4" y="30" font-size="24" font-family="Noto Sans SC, sans-serif">{sign}</text>'
        "</svg>"
    )
    drawn: bytes = vl_convert.svg_to_png(svg)
    return drawn


def _different() -> bool:
    # Without a font every character is the same blank, or the same empty box.
    return len({_draw(sign) for sign in _SIGNS}) == len(_SIGNS)


@cache
def chinese_drawable() -> bool:
    """Say whether figures can carry Chinese; the font package, if there, is put to use first."""
    found = find_spec(FONT_PACKAGE)
    if found is not None and found.origin is not None:
        vl_convert.register_font_directory(str(Path(found.origin).parent))
    return _different()


def drawable_language(language: Language) -> Language:
    """Return the language in which figures can be labelled here: English without a Chinese font."""
    return "zh" if language == "zh" and chinese_drawable() else "en"
