"""From a run to the document tree: all chapters, in order, with figures and tables numbered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from clusterbelt.core.strings import Language
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import phases
from clusterbelt.plot.theme import reach_colours
from clusterbelt.report.chapters.advantage import advantage_chapter
from clusterbelt.report.chapters.assumptions import assumptions_chapter
from clusterbelt.report.chapters.audit import audit_chapter
from clusterbelt.report.chapters.backtest import backtest_chapter
from clusterbelt.report.chapters.carriers import carriers_chapter
from clusterbelt.report.chapters.clusters import clusters_chapter
from clusterbelt.report.chapters.coordination import coordination_chapter
from clusterbelt.report.chapters.demand import demand_chapter
from clusterbelt.report.chapters.foundation import foundation_chapter
from clusterbelt.report.chapters.fragmentation import fragmentation_chapter
from clusterbelt.report.chapters.glossary import glossary_chapter
from clusterbelt.report.chapters.interregional import interregional_chapter
from clusterbelt.report.chapters.notes import notes_chapter
from clusterbelt.report.chapters.plan import plan_chapter
from clusterbelt.report.chapters.readiness import readiness_chapter
from clusterbelt.report.chapters.robustness import robustness_chapter
from clusterbelt.report.chapters.summary import summary_chapter
from clusterbelt.report.chapters.zones import zones_chapter
from clusterbelt.report.common import say
from clusterbelt.report.document import (
    Block,
    Chapter,
    Document,
    FigureBlock,
    Section,
    TableBlock,
)
from clusterbelt.report.not_computed import or_not_computed

__all__ = ["CHAPTERS", "build_document"]

CHAPTERS: tuple[Callable[[RunView, Language], Chapter], ...] = (
    summary_chapter,
    foundation_chapter,
    advantage_chapter,
    clusters_chapter,
    zones_chapter,
    interregional_chapter,
    demand_chapter,
    readiness_chapter,
    plan_chapter,
    carriers_chapter,
    fragmentation_chapter,
    robustness_chapter,
    backtest_chapter,
    coordination_chapter,
    audit_chapter,
    assumptions_chapter,
    notes_chapter,
    glossary_chapter,
)


class _Counter:
    """Numbers the figures and the tables of one chapter."""

    def __init__(self, chapter: int) -> None:
        self.chapter = chapter
        self.figures = 0
        self.tables = 0

    def number(self, block: Block) -> Block:
        """Return the block with its number, if it bears one."""
        if isinstance(block, FigureBlock):
            self.figures += 1
            return replace(block, number=f"{self.chapter}-{self.figures}")
        if isinstance(block, TableBlock):
            self.tables += 1
            return replace(block, number=f"{self.chapter}-{self.tables}")
        return block


def _numbered(chapter: Chapter, place: int) -> Chapter:
    counter = _Counter(place)
    blocks = tuple(counter.number(block) for block in chapter.blocks)
    sections = tuple(
        Section(section.title, tuple(counter.number(block) for block in section.blocks))
        for section in chapter.sections
    )
    return replace(chapter, number=str(place), blocks=blocks, sections=sections)


def _title(run: RunView, language: Language) -> str:
    given = str(run.study.get("report", {}).get(f"title_{language}", ""))
    return given or say("title", language, belt=run.title.get(language))


def _facts(run: RunView, language: Language) -> tuple[tuple[str, str], ...]:
    scope = run.study.get("scope", {})
    years = [phase.end_year for phase in phases(run)]
    horizon = str(years[-1]) if years else ""
    return tuple(
        (say(f"fact.{name}", language), value)
        for name, value in (
            ("base_year", str(scope.get("base_year", ""))),
            ("horizon", horizon),
            ("regions", say("fact.regions_value", language, belt=len(run.belt_regions),
                            all=len(run.regions))),
            ("reference", say(f"reference.{scope.get('reference', 'all')}", language)),
        )
        if value
    )  # fmt: skip


def build_document(
    run: RunView,
    language: Language,
    wanted: tuple[Callable[[RunView, Language], Chapter], ...] | None = None,
) -> Document:
    """Build the report's document tree in one language; of some chapters only, where given."""
    chapters = tuple(
        _numbered(or_not_computed(make(run, language), run, language), place)
        for place, make in enumerate(wanted or CHAPTERS, start=1)
    )
    return Document(
        language=language,
        title=_title(run, language),
        subtitle=say("subtitle", language),
        facts=_facts(run, language),
        chapters=chapters,
        reach_colours=tuple(reach_colours(run).values()),
    )
