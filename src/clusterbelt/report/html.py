"""The document tree as one self-contained HTML file: nothing is fetched, by rule and by policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.render import script_bundle, svg_of
from clusterbelt.report.build import build_document
from clusterbelt.report.common import say
from clusterbelt.report.document import Document, FigureBlock, blocks_of

__all__ = ["render_document", "render_figures", "render_report"]


def _script_json(value: object) -> Markup:
    """Return JSON that may stand inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return Markup(text.replace("<", "\\u003c"))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("clusterbelt.report", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters["script_json"] = _script_json
    environment.filters["kind"] = lambda block: type(block).__name__
    return environment


def _source(name: str) -> Markup:
    environment = _environment()
    loader = environment.loader
    if loader is None:
        raise LookupError(name)
    return Markup(loader.get_source(environment, name)[0])


def render_figures(document: Document) -> dict[str, str]:
    """Return every figure of the document as SVG text, by name."""
    return {
        block.name: svg_of(block.spec, block.name)
        for chapter in document.chapters
        for block in blocks_of(chapter)
        if isinstance(block, FigureBlock)
    }


def _inline(svg: str) -> Markup:
    """Return an SVG to stand inside HTML: scaled by the page, silent for screen readers."""
    return Markup(svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1))


def render_document(
    document: Document, figures: Mapping[str, str], others: Sequence[Language] = ()
) -> str:
    """Render the document tree with its figures; ``others`` are the languages written beside it."""
    language = document.language

    def words(key: str, **values: Any) -> str:
        return say(f"html.{key}", language, **values)

    template = _environment().get_template("report.html.jinja")
    return template.render(
        document=document,
        figures={name: _inline(svg) for name, svg in figures.items()},
        others=[other for other in others if other != language],
        words=words,
        grade_name=lambda grade: say(f"grade.{grade}.name", language),
        style=_source("report.css"),
        script=_source("report.js"),
        bundle=Markup(script_bundle()),
    )


def render_report(run: RunView, language: Language) -> str:
    """Return the whole report of a run in one language as self-contained HTML."""
    document = build_document(run, language)
    return render_document(document, render_figures(document))
