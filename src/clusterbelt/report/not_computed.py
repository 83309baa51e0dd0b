"""Chapters of stages that could not be computed: one sentence says what is lacking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from clusterbelt.core.strings import Language, has_text, text
from clusterbelt.model.result import Message
from clusterbelt.model.run_view import RunView
from clusterbelt.plot.labels import join
from clusterbelt.report.common import say
from clusterbelt.report.document import Callout, Chapter

__all__ = ["CHAPTER_STAGES", "not_computed_lines", "or_not_computed"]

_PREFIX: Final = "not_computed."
# The stage whose tables a chapter is drawn from, where the two do not bear the same name.
CHAPTER_STAGES: Final[Mapping[str, str]] = {"fragmentation": "plan"}
_FRAME: Final = {"summary", "assumptions", "notes", "glossary"}


def _names(codes: str, prefix: str, language: Language) -> str:
    words = (code.strip() for code in codes.split(","))
    shown = (
        text(f"{prefix}.{word}", language) if has_text(f"{prefix}.{word}", language) else word
        for word in words
    )
    return join(shown, language)


def _line(message: Message, language: Language) -> str:
    params = {"stage": _names(str(message.params["stage"]), "cli.stage", language)}
    if "needs" in message.params:
        params["needs"] = _names(str(message.params["needs"]), "data_need", language)
    if "stages" in message.params:
        params["stages"] = _names(str(message.params["stages"]), "cli.stage", language)
    return text(message.key, language, **params)


def not_computed_lines(run: RunView, stage: str, language: Language) -> tuple[str, ...]:
    """Return the sentences that say why a stage was not computed; none when it was."""
    result = run.results.get(stage)
    if result is None or result.tables:
        return ()
    return tuple(
        _line(message, language) for message in result.messages if message.key.startswith(_PREFIX)
    )


def or_not_computed(chapter: Chapter, run: RunView, language: Language) -> Chapter:
    """Return the chapter, or, where its stage was not computed, one remark in place of it."""
    if chapter.id in _FRAME:
        return chapter
    lines = not_computed_lines(run, CHAPTER_STAGES.get(chapter.id, chapter.id), language)
    if not lines:
        return chapter
    remark = Callout("absent", say("absent.title", language), lines)
    return replace(chapter, blocks=(remark,), sections=())
