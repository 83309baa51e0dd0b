"""The pieces of WordprocessingML that python-docx has no call for.

Text runs, shaded and bordered cells, fields, captions and tables are put together as XML text:
a report has thousands of cells, and one parse per table takes a fraction of a call per cell.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from docx.oxml import parse_xml

__all__ = [
    "GRADE_COLOURS",
    "Look",
    "TableCell",
    "bookmark",
    "element",
    "field",
    "grade_runs",
    "paragraph",
    "run_text",
    "same_bytes",
    "table",
]

_NAMESPACES: Final = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
# Letter, ground and edge of every grade, as in the HTML report.
GRADE_COLOURS: Final = {
    "A": ("FFFFFF", "00664E"),
    "B": ("00553F", "D8F0E8"),
    "C": ("1B4F7D", "E3EEF8"),
    "D": ("8A3800", "FDEEE0"),
}
_HEAD: Final = "E9F0F3"
_LINE: Final = "C9D4DA"
_DATE: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Look:
    """How a run of text looks; sizes in half points, colours as six hexadecimal digits."""

    bold: bool = False
    colour: str = ""
    ground: str = ""
    size: int = 0
    mono: bool = False


PLAIN: Final = Look()


def element(xml: str) -> Any:
    """Return an element from XML whose first tag has no namespaces of its own."""
    head, _, rest = xml.partition(">")
    slash = head.endswith("/")
    head = head[:-1] if slash else head
    return parse_xml(f"{head} {_NAMESPACES}{'/' if slash else ''}>{rest}")


def _properties(look: Look) -> str:
    parts = []
    if look.mono:
        parts.append('<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>')
    if look.bold:
        parts.append("<w:b/>")
    if look.colour:
        parts.append(f'<w:color w:val="{look.colour}"/>')
    if look.size:
        parts.append(f'<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/>')
    if look.ground:
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{look.ground}"/>')
    return f"<w:rPr>{''.join(parts)}</w:rPr>" if parts else ""


def run_text(text: str, look: Look = PLAIN) -> str:
    """Return a run; line ends become line breaks."""
    lines = '</w:t><w:br/><w:t xml:space="preserve">'.join(escape(text).split("\n"))
    return f'<w:r>{_properties(look)}<w:t xml:space="preserve">{lines}</w:t></w:r>'


def grade_runs(grades: Sequence[str], size: int = 0) -> str:
    """Return the grades as small coloured letters, each after a space."""
    shown = []
    for grade in grades:
        ink, ground = GRADE_COLOURS[grade]
        # No-break spaces keep the letter at the words that it belongs to.
        shown.append(run_text("\u00a0", Look(size=size)))
        shown.append(run_text(f"\u00a0{grade}\u00a0", Look(True, ink, ground, size)))
    return "".join(shown)


def field(instruction: str, shown: str, look: Look = PLAIN, *, dirty: bool = False) -> str:
    """Return a field with the text that stands until a program works it out again."""
    mark = ' w:dirty="true"' if dirty else ""
    return (
        f'<w:r>{_properties(look)}<w:fldChar w:fldCharType="begin"{mark}/></w:r>'
        f'<w:r>{_properties(look)}<w:instrText xml:space="preserve"> {escape(instruction)} '
        f"</w:instrText></w:r>"
        f'<w:r>{_properties(look)}<w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run_text(shown, look)}"
        f'<w:r>{_properties(look)}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmark(name: str, number: int, inside: str) -> str:
    """Return runs inside a bookmark, for references to their page."""
    return (
        f'<w:bookmarkStart w:id="{number}" w:name={quoteattr(name)}/>{inside}'
        f'<w:bookmarkEnd w:id="{number}"/>'
    )


def paragraph(runs: str, style: str, *, keep_next: bool = False, right: bool = False) -> str:
    """Return a paragraph of runs in a style, named by its id."""
    keep = "<w:keepNext/>" if keep_next else ""
    side = '<w:jc w:val="right"/>' if right else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{keep}{side}</w:pPr>{runs}</w:p>'


@dataclass(frozen=True)
class TableCell:
    """A cell: its runs, one string per paragraph, and how it stands."""

    lines: tuple[str, ...]
    right: bool = False
    span: int = 1
    ground: str = ""


def _cell(cell: TableCell, style: str, width: int) -> str:
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if cell.span > 1:
        properties += f'<w:gridSpan w:val="{cell.span}"/>'
    if cell.ground:
        properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{cell.ground}"/>'
    inside = "".join(paragraph(line, style, right=cell.right) for line in cell.lines)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def _row(cells: Sequence[TableCell], style: str, widths: Sequence[int], *, head: bool) -> str:
    mark = "<w:tblHeader/>" if head else ""
    shown, place = [], 0
    for cell in cells:
        shown.append(_cell(cell, style, sum(widths[place : place + cell.span])))
        place += cell.span
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{''.join(shown)}</w:tr>"


def _borders(lines: bool) -> str:
    if not lines:
        return ""
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{_LINE}"'
    return (
        "<w:tblBorders>"
        '<w:top w:val="single" w:sz="8" w:space="0" w:color="277896"/>'
        f"<w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
    )


def table(
    head: Sequence[TableCell],
    rows: Sequence[Sequence[TableCell]],
    widths: Sequence[int],
    *,
    style: str = "TableText",
    lines: bool = True,
    title: str = "",
) -> Any:
    """Return a table: the header repeats on every page, rows do not break across pages.

    ``widths`` are the columns' widths in twentieths of a point; ``title`` is the text alternative.
    """
    total = sum(widths)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    headed = tuple(TableCell(one.lines, one.right, one.span, _HEAD) for one in head)
    shown = [_row(headed, "TableHead", widths, head=True)] if head else []
    shown += [_row(row, style, widths, head=False) for row in rows]
    caption = f"<w:tblCaption w:val={quoteattr(title)}/>" if title else ""
    return element(
        f'<w:tbl><w:tblPr><w:tblW w:w="{total}" w:type="dxa"/>{_borders(lines)}'
        '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        f"</w:tblCellMar>{caption}</w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(shown)}</w:tbl>"
    )


def same_bytes(archive: bytes) -> bytes:
    """Return a zip archive with one fixed date for every member, so that bytes repeat."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, old.read(name), compresslevel=6)
    return made.getvalue()
