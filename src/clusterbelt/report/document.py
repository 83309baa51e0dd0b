"""The document tree: what a report says, before anybody decides how it looks.

Chapters build it from a run; renderers (HTML now) turn it into a file. All texts in it are
finished: in one language, with their figures put in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from clusterbelt.core.strings import Language
from clusterbelt.model.result import Grade

__all__ = [
    "Block",
    "Bullets",
    "Callout",
    "Card",
    "Cards",
    "Cell",
    "Chapter",
    "Column",
    "Document",
    "FigureBlock",
    "Paragraph",
    "Part",
    "Row",
    "Section",
    "TableBlock",
    "blocks_of",
]

Grades = tuple[Grade, ...]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, with the grades of the figures in it."""

    text: str
    grades: Grades = ()


@dataclass(frozen=True)
class Bullets:
    """A list of short statements."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Callout:
    """A remark apart from the text: a note of a stage, something left out, an assumption."""

    kind: Literal["note", "absent", "assumption", "warning"]
    title: str
    lines: tuple[str, ...]
    collapsed: bool = False


@dataclass(frozen=True)
class Part:
    """One part of a whole, for a bar: its share of the whole (may be negative)."""

    label: str
    share: float
    shown: str
    tone: str


@dataclass(frozen=True)
class Card:
    """One headline figure."""

    label: str
    value: str
    detail: str
    grades: Grades
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Cards:
    """Headline figures side by side."""

    items: tuple[Card, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a table. ``tone`` colours reaches, phases, verdicts; ``share`` draws a bar.

    A cell of kind ``lines`` holds one statement per line of its text.
    """

    text: str
    kind: Literal["text", "number", "grade", "reach", "phase", "verdict", "code", "lines"] = "text"
    tone: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Column:
    """A column of a table: header, unit, whether it holds numbers."""

    header: str
    unit: str = ""
    numeric: bool = False


@dataclass(frozen=True)
class Row:
    """A row; a heading or a remark spans the table with its single cell."""

    cells: tuple[Cell, ...]
    heading: bool = False
    remark: bool = False


@dataclass(frozen=True)
class TableBlock:
    """A table with title, caption, units and grades."""

    key: str
    title: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    grades: Grades
    collapsed: bool = False
    number: str = ""


@dataclass(frozen=True)
class FigureBlock:
    """A figure: its specification, what it shows in words, its grades."""

    name: str
    title: str
    caption: str
    alt: str
    grades: Grades
    spec: Mapping[str, Any]
    number: str = ""


Block = Paragraph | Bullets | Callout | Cards | TableBlock | FigureBlock


@dataclass(frozen=True)
class Section:
    """A part of a chapter under its own heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter: an id for links, a title, an opening sentence, blocks, sections."""

    id: str
    title: str
    lead: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    number: str = ""


@dataclass(frozen=True)
class Document:
    """A report in one language."""

    language: Language
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    reach_colours: tuple[str, ...] = field(default_factory=tuple)


def blocks_of(chapter: Chapter) -> Iterator[Block]:
    """Yield every block of a chapter, those of its sections included, in reading order."""
    yield from chapter.blocks
    for section in chapter.sections:
        yield from section.blocks
