"""The document tree as a Word file: styles, captions, contents, pictures, repeated headers."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from clusterbelt.core.strings import Language
from clusterbelt.report.common import say
from clusterbelt.report.document import (
    Block,
    Bullets,
    Callout,
    Cards,
    Cell,
    Chapter,
    Document,
    FigureBlock,
    Paragraph,
    Row,
    TableBlock,
)
from clusterbelt.report.exports.word_styles import TEXT_WIDTH, blank_document
from clusterbelt.report.exports.word_xml import (
    Look,
    TableCell,
    bookmark,
    element,
    field,
    grade_runs,
    paragraph,
    run_text,
    same_bytes,
    table,
)

__all__ = ["column_widths", "render_word"]

MOST_ROWS: Final = 150  # longer tables are cut in Word and stand whole in the workbook
_EMU_PER_TWENTIETH: Final = 635
_TALLEST: Final = 12200  # height of a picture at most: 21.5 cm
_MANY_COLUMNS: Final = 7
_PHASES: Final = (
    ("FFFFFF", "0D4F6B"),
    ("000000", "3F8FAB"),
    ("000000", "8FC0D0"),
    ("000000", "C3DFE8"),
    ("000000", "DFEEF3"),
)
_VERDICTS: Final = {
    "supported": ("✓", "00664E"),
    "mixed": ("≈", "7A5A00"),
    "not_supported": ("✕", "A03D00"),
}
_WHOLE: Final = {"grade", "phase", "reach", "verdict"}  # cells that stay on one line
_PARTS: Final = {"allocation": "0072B2", "overcapacity": "D55E00", "synergy": "CC79A7"}


def _wide(text: str) -> int:
    """Return how wide a text is in Latin letters: Chinese characters count two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _longest_word(text: str) -> int:
    words = re.split(r"[\s\u2e80-\u9fff\uff00-\uffef/–-]+", text)
    return max([2, *(_wide(word) for word in words)])


def column_widths(block: TableBlock, total: int = TEXT_WIDTH) -> list[int]:
    """Share ``total`` among the columns: room for the longest word, the rest by what they hold."""
    least, wanted = [], []
    for place, column in enumerate(block.columns):
        cells = [
            line
            for row in block.rows
            if not (row.heading or row.remark)
            for line in row.cells[place].text.split("\n")
        ]
        kind = _kind(block, place)
        fixed = column.numeric or kind in _WHOLE
        words = [_longest_word(text) for text in cells] or [2]
        whole = [_wide(text) for text in cells] or [2]
        header = max(_longest_word(column.header), _longest_word(column.unit)) + 1
        whole = [width + 3 for width in whole] if kind in {"reach", "verdict"} else whole
        narrow = max(max(whole) if fixed else min(max(words), 16), min(header, 16))
        least.append(max(narrow, 3) + 2)
        named = min(_wide(column.header) + 1, 18)
        wanted.append(max(least[-1], named, min(max(whole) + 1, 60)))
    unit = total / max(sum(least), min(sum(wanted), total // 85))
    room = total - unit * sum(least)
    grow = [want - small for small, want in zip(least, wanted, strict=True)]
    shares = grow if any(grow) else least
    widths = [
        int(unit * small + room * share / sum(shares))
        for small, share in zip(least, shares, strict=True)
    ]
    widths[-1] += total - sum(widths)
    return widths


def _kind(block: TableBlock, place: int) -> str:
    kinds = {row.cells[place].kind for row in block.rows if not (row.heading or row.remark)}
    return kinds.pop() if len(kinds) == 1 else ""


def _cell_lines(cell: Cell, colours: Sequence[str]) -> tuple[str, ...]:
    if cell.kind == "grade" and cell.text in {"A", "B", "C", "D"}:
        return (grade_runs((cell.text,)),)
    if cell.kind == "lines":
        return tuple(run_text(f"▪ {line}") for line in cell.text.split("\n"))
    if cell.kind == "code":
        return (run_text(cell.text, Look(mono=True)),)
    if cell.kind == "reach" and cell.tone:
        colour = colours[int(cell.tone) % len(colours)].lstrip("#")
        return (run_text("● ", Look(colour=colour)) + run_text(cell.text),)
    if cell.kind == "phase" and cell.tone:
        ink, ground = _PHASES[min(int(cell.tone), len(_PHASES) - 1)]
        return (run_text(f"\u00a0{cell.text}\u00a0", Look(colour=ink, ground=ground)),)
    if cell.kind == "verdict":
        sign, colour = _VERDICTS.get(cell.tone, ("–", "52616B"))
        return (run_text(f"{sign} {cell.text}", Look(bold=sign != "–", colour=colour)),)
    return (run_text(cell.text),)


class _Writer:
    """Puts the blocks of one document into one Word file."""

    def __init__(
        self, document: Document, pictures: Mapping[str, bytes], languages: Mapping[str, Language]
    ) -> None:
        self.document = document
        self.language = document.language
        self.pictures = pictures
        self.picture_languages = languages
        self.made = blank_document(document)
        self.body = self.made.element.body
        self.end = self.body.sectPr
        self.marks = 0
        self.colours = document.reach_colours or ("#7f7f7f",)

    def put(self, made: Any) -> None:
        """Put an element before the end of the document."""
        self.end.addprevious(made)

    def line(self, runs: str, style: str, *, keep_next: bool = False) -> None:
        """Put a paragraph."""
        self.put(element(paragraph(runs, style, keep_next=keep_next)))

    def words(self, key: str, **figures: object) -> str:
        """Return a text of the exports."""
        return say(f"exports.{key}", self.language, **figures)

    def cover(self) -> None:
        """Put title, subtitle and facts on a page of their own."""
        document = self.document
        self.line(run_text(document.title), "CoverTitle")
        self.line(run_text(document.subtitle), "CoverSubtitle")
        rows = [
            (TableCell((run_text(name, Look(colour="52616B")),)),
             TableCell((run_text(value, Look(bold=True)),)))
            for name, value in document.facts
        ]  # fmt: skip
        if rows:
            self.put(table((), rows, (2600, TEXT_WIDTH - 2600), style="CardText", lines=False))
        self.put(element('<w:p><w:r><w:br w:type="page"/></w:r></w:p>'))

    def contents(self) -> None:
        """Put a table of contents: a field that Word works out again, filled in already."""
        self.line(run_text(say("html.contents", self.language)), "ContentsTitle")
        entries: list[tuple[int, str, str]] = []
        for chapter in self.document.chapters:
            mark = f"_Toc{900000 + len(entries)}"
            entries.append((1, f"{chapter.number}\t{chapter.title}", mark))
            for section in chapter.sections:
                mark = f"_Toc{900000 + len(entries)}"
                entries.append((2, section.title, mark))
        last = len(entries) - 1
        for place, (level, shown, mark) in enumerate(entries):
            first, _, rest = shown.partition("\t")
            runs = run_text(first)
            if rest:
                runs += "<w:r><w:tab/></w:r>" + run_text(rest)
            runs += "<w:r><w:tab/></w:r>" + field(f"PAGEREF {mark} \\h", "–")
            runs = f'<w:hyperlink w:anchor="{mark}" w:history="1">{runs}</w:hyperlink>'
            if place == 0:
                runs = _field_begin('TOC \\o "1-2" \\h \\z \\u') + runs
            if place == last:
                runs += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            self.line(runs, f"TOC{level}")

    def heading(self, text: str, level: int) -> None:
        """Put a heading with the bookmark that the contents refer to."""
        mark = f"_Toc{900000 + self.marks}"
        self.line(bookmark(mark, self.marks, run_text(text)), f"Heading{level}")
        self.marks += 1

    def caption(self, kind: str, block: TableBlock | FigureBlock) -> None:
        """Put a numbered caption with the grades."""
        chapter, _, place = block.number.partition("-")
        before, after = self.words(f"caption_{kind}", number="\0").split("\0")
        accent = Look(colour="277896", bold=True)
        again = " \\r 1" if place == "1" else ""  # every chapter counts anew
        sequence = field(f"SEQ {kind.title()} \\* ARABIC{again}", place, accent)
        runs = run_text(f"{before}{chapter}-", accent) + sequence + run_text(f"{after}  ", accent)
        self.line(
            runs + run_text(block.title) + grade_runs(block.grades, 15), "Caption", keep_next=True
        )

    def figure(self, block: FigureBlock) -> None:
        """Put caption, picture with its text alternative, and note."""
        self.caption("figure", block)
        data = self.pictures[block.name]
        drawn = self.made.add_picture(io.BytesIO(data))
        widest = TEXT_WIDTH * _EMU_PER_TWENTIETH
        drawn.width, drawn.height = widest, int(drawn.height * widest / drawn.width)
        tallest = _TALLEST * _EMU_PER_TWENTIETH
        if drawn.height > tallest:
            drawn.width, drawn.height = int(drawn.width * tallest / drawn.height), tallest
        properties = drawn._inline.docPr
        properties.set("descr", f"{block.title}. {block.alt}")
        properties.set("name", block.name)
        properties.set("title", block.title)
        holder = self.made.paragraphs[-1]
        holder.style = "Picture"
        holder.paragraph_format.keep_with_next = True
        note = block.caption
        if self.picture_languages[block.name] != self.language:
            note = f"{note} {self.words('no_font')}"
        self.line(run_text(note), "Note")

    def row(self, row: Row, block: TableBlock) -> tuple[TableCell, ...]:
        """Return the cells of a row."""
        if row.heading:
            look = Look(bold=True, colour="0D4F6B")
            return (TableCell((run_text(row.cells[0].text, look),), span=len(block.columns)),)
        if row.remark:
            look = Look(colour="52616B")
            return (TableCell((run_text(row.cells[0].text, look),), span=len(block.columns)),)
        return tuple(
            TableCell(_cell_lines(cell, self.colours), right=column.numeric)
            for cell, column in zip(row.cells, block.columns, strict=True)
        )

    def table(self, block: TableBlock) -> None:
        """Put caption, table and note."""
        self.caption("table", block)
        muted = Look(colour="52616B")
        head = [
            TableCell(
                (
                    run_text(column.header)
                    + (run_text(f"\n{column.unit}", muted) if column.unit else ""),
                ),
                right=column.numeric,
            )
            for column in block.columns
        ]
        rows = [self.row(row, block) for row in block.rows[:MOST_ROWS]]
        style = "TableSmall" if len(block.columns) > _MANY_COLUMNS else "TableText"
        self.put(table(head, rows, column_widths(block), style=style, title=block.title))
        note = block.caption
        if len(block.rows) > MOST_ROWS:
            cut = self.words("cut", shown=MOST_ROWS, rows=len(block.rows))
            note = f"{note} {cut}"
        self.line(run_text(note), "Note")

    def cards(self, block: Cards) -> None:
        """Put headline figures side by side."""
        cells = []
        for card in block.items:
            lines = [
                run_text(card.label, Look(bold=True)) + grade_runs(card.grades, 14),
                run_text(card.value, Look(bold=True, colour="0D4F6B", size=40)),
            ]
            for part in card.parts:
                colour = _PARTS.get(part.tone, "7F7F7F")
                lines.append(
                    run_text("■ ", Look(colour=colour)) + run_text(f"{part.label}  {part.shown}")
                )
            lines.append(run_text(card.detail, Look(colour="52616B")))
            cells.append(TableCell(tuple(lines), ground="F7FAFB"))
        width = TEXT_WIDTH // max(len(cells), 1)
        self.put(table((), [cells], [width] * len(cells), style="CardText"))
        self.line("", "Note")

    def block(self, block: Block) -> None:
        """Put any block."""
        if isinstance(block, Paragraph):
            self.line(run_text(block.text) + grade_runs(block.grades, 15), "Normal")
        elif isinstance(block, Bullets):
            for item in block.items:
                self.line(run_text(item), "ListBullet")
        elif isinstance(block, Callout):
            style = f"Callout{block.kind.title()}"
            self.line(run_text(block.title, Look(bold=True)), style, keep_next=True)
            for text in block.lines:
                self.line(run_text(text), style)
        elif isinstance(block, Cards):
            self.cards(block)
        elif isinstance(block, TableBlock):
            self.table(block)
        else:
            self.figure(block)

    def chapter(self, chapter: Chapter) -> None:
        """Put a chapter."""
        self.heading(chapter.title, 1)
        self.line(run_text(chapter.lead), "Lead")
        for block in chapter.blocks:
            self.block(block)
        for section in chapter.sections:
            self.heading(section.title, 2)
            for block in section.blocks:
                self.block(block)


def _field_begin(instruction: str) -> str:
    inside = quoteattr(instruction)[1:-1].replace("&quot;", '"')
    return (
        '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {inside} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


def render_word(
    document: Document, pictures: Mapping[str, bytes], languages: Mapping[str, Language]
) -> bytes:
    """Return the document as a ``.docx`` file.

    Parameters
    ----------
    document
        The tree.
    pictures
        Every figure of the tree as PNG, by name.
    languages
        The language of the labels in every picture: English where no Chinese font was found.

    Returns
    -------
    The bytes of the file, the same for the same document and pictures.
    """
    writer = _Writer(document, pictures, languages)
    writer.cover()
    writer.contents()
    for chapter in document.chapters:
        writer.chapter(chapter)
    buffer = io.BytesIO()
    writer.made.save(buffer)
    return same_bytes(buffer.getvalue())
