"""From an altair chart to a specification, an SVG and the script that makes it interactive.

Everything is offline and deterministic: data stand inside the specification, no address is
fetched, identifiers inside an SVG are renumbered and carry the figure's name.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import altair as alt
import vl_convert

from clusterbelt.core.strings import Language
from clusterbelt.plot.theme import configuration

__all__ = ["data_of", "pdf_of_svg", "png_of_svg", "script_bundle", "spec_of", "svg_of"]

_FAMILY = re.compile(r' font-family="[^"]*"')
_SNIPPET = "window.vegaEmbed = vegaEmbed;"
_IDENTIFIER = re.compile(r'\bid="((?:clip|gradient|pattern)[^"]*)"')


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    if isinstance(value, float):
        return None if not math.isfinite(value) else float(f"{value:.6g}")
    return value


def data_of(rows: Sequence[Mapping[str, Any]]) -> alt.Data:
    """Return rows as data inside the specification: six figures, absent as null.

    They are JSON text until :func:`spec_of` unfolds them, because altair copies lists of rows
    again and again while a chart is put together.
    """
    folded = json.dumps([_plain(row) for row in rows], ensure_ascii=False)
    return alt.Data(values=folded, format={"type": "json"})  # type: ignore[no-untyped-call]


def _unfolded(spec: Any) -> Any:
    if isinstance(spec, list):
        return [_unfolded(item) for item in spec]
    if not isinstance(spec, dict):
        return spec
    if isinstance(spec.get("values"), str):
        return {"values": json.loads(spec["values"])}
    return {key: _unfolded(value) for key, value in spec.items()}


def spec_of(chart: alt.TopLevelMixin, language: Language) -> dict[str, Any]:
    """Return the Vega-Lite specification of a chart, without any address, in the house's style."""
    spec: dict[str, Any] = _unfolded(chart.to_dict(validate=False))
    spec.pop("$schema", None)
    spec["config"] = configuration(language)
    spec["padding"] = 4
    return spec


def _font_said_once(svg: str) -> str:
    """Name the font on the root, from where all texts inherit it, and not on every text."""
    families = _FAMILY.findall(svg)
    if not families:
        return svg
    return svg.replace(families[0], "").replace("<svg ", f"<svg{families[0]} ", 1)


def _own_identifiers(svg: str, name: str) -> str:
    for place, identifier in enumerate(dict.fromkeys(_IDENTIFIER.findall(svg))):
        own = f"{name}-{place}"
        svg = svg.replace(f'id="{identifier}"', f'id="{own}"')
        svg = svg.replace(f"url(#{identifier})", f"url(#{own})")
    return svg


def svg_of(spec: Mapping[str, Any], name: str) -> str:
    """Render a specification as SVG text; ``name`` keeps its identifiers apart from others'."""
    svg: str = vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[])
    return _own_identifiers(_font_said_once(svg), name)


def png_of_svg(svg: str, scale: float = 1.0) -> bytes:
    """Return an SVG as PNG of ``scale`` pixels per unit, on white."""
    drawn: bytes = vl_convert.svg_to_png(_on_white(svg), scale=scale)
    return drawn


def pdf_of_svg(svg: str) -> bytes:
    """Return an SVG as PDF with its fonts inside."""
    drawn: bytes = vl_convert.svg_to_pdf(svg)
    return drawn


def _on_white(svg: str) -> str:
    head, _, rest = svg.partition(">")
    return f'{head}><rect width="100%" height="100%" fill="#ffffff"/>{rest}'


@cache
def script_bundle() -> str:
    """Return the JavaScript (Vega, Vega-Lite, Vega-Embed) that makes figures interactive."""
    bundle: str = vl_convert.javascript_bundle(_SNIPPET)
    return bundle.replace("</script", "<\\/script")
