"""One figure of a run as a file of its own: PNG, SVG, PDF or a page that works offline."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from typing import Final

from clusterbelt.core.errors import InputError, Issue
from clusterbelt.core.strings import Language, text
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.figures import FIGURES, figure_spec, missing_for
from clusterbelt.plot.render import pdf_of_svg, png_of_svg, script_bundle, svg_of

__all__ = ["list_figures", "render_figure"]

_SCALE: Final = 300 / 96  # 300 dots an inch where a unit of SVG is 1/96 inch


def list_figures(language: Language) -> list[str]:
    """Return one line per figure: its name and what it shows."""
    width = max(map(len, FIGURES))
    return [f"{name:<{width}}  {text(f'figure.{name}.title', language)}" for name in FIGURES]


def _page(svg: str, name: str, spec: Mapping[str, object], language: Language) -> bytes:
    title = html.escape(text(f"figure.{name}.title", language))
    note = html.escape(text(f"figure.{name}.caption", language))
    alt = html.escape(text(f"figure.{name}.alt", language), quote=True)
    data = json.dumps(spec, ensure_ascii=False, sort_keys=True).replace("<", "\\u003c")
    tongue = "zh-Hans" if language == "zh" else "en"
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' "
    page = (
        f'<!DOCTYPE html>\n<html lang="{tongue}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}\'unsafe-eval\'; '
        f'img-src data: blob:"><title>{title}</title><style>'
        "body{font:16px/1.6 sans-serif;color:#1d2b36;max-width:860px;margin:32px auto;"
        "padding:0 16px}h1{font-size:20px}p{color:#52616b;font-size:14px}</style></head>"
        f'<body><h1>{title}</h1><div id="chart" role="img" aria-label="{alt}">{svg}</div>'
        f"<p>{note}</p><script>{script_bundle()}</script><script>"
        f"vegaEmbed('#chart', {data}, {{actions: false, renderer: 'svg'}});</script>"
        "</body></html>\n"
    )
    return page.encode("utf-8")


def render_figure(run: RunView, name: str, kind: str, language: Language) -> bytes:
    """Return the figure ``name`` as ``png`` (300 dots an inch), ``svg``, ``pdf`` or ``html``.

    Raises
    ------
    InputError
        If there is no such figure, or the run lacks what it is drawn from.
    """
    if name not in FIGURES:
        params = {"name": name, "known": ", ".join(FIGURES)}
        raise InputError([Issue("figure_unknown", params=params)])
    spec = figure_spec(name, run, language)
    if spec is None:
        params = {"name": name, "tables": ", ".join(missing_for(name, run))}
        raise InputError([Issue("figure_left_out", params=params)])
    svg = svg_of(spec, name)
    make: Mapping[str, Callable[[], bytes]] = {
        "png": lambda: png_of_svg(svg, _SCALE),
        "svg": lambda: (svg + "\n").encode("utf-8"),
        "pdf": lambda: pdf_of_svg(svg),
        "html": lambda: _page(svg, name, spec, language),
    }
    return make[kind]()
