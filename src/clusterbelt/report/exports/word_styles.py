"""An empty Word document in the house's style: fonts of both scripts, headings, page, header."""

from __future__ import annotations

import datetime
from typing import Any, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from clusterbelt.core.strings import Language
from clusterbelt.report.common import say
from clusterbelt.report.document import Document
from clusterbelt.report.exports.word_xml import Look, element, field, paragraph, run_text

__all__ = ["TEXT_WIDTH", "blank_document"]

TEXT_WIDTH: Final = 9412  # twentieths of a point between the margins: 16.6 cm
_LATIN: Final = "Calibri"
_CHINESE: Final = "Microsoft YaHei"
_ACCENT: Final = "0D4F6B"
_MUTED: Final = "52616B"
_LANGUAGES: Final = {"zh": "zh-CN", "en": "en-GB"}
# Every file bears the same date: the report says in its last chapter what it was made from.
_MADE: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
# name, based on, size, bold, colour, space before, space after
_PARAGRAPHS: Final = (
    ("Lead", "Normal", 11.5, False, _MUTED, 0, 10),
    ("CoverTitle", "Normal", 28, True, _ACCENT, 130, 8),
    ("CoverSubtitle", "Normal", 14, False, _MUTED, 0, 30),
    ("ContentsTitle", "Normal", 18, True, _ACCENT, 0, 10),
    ("TableText", "Normal", 8, False, "", 1, 1),
    ("TableSmall", "TableText", 7, False, "", 1, 1),
    ("TableHead", "TableText", 8, True, "", 2, 2),
    ("Note", "Normal", 8.5, False, _MUTED, 3, 12),
    ("CardValue", "Normal", 20, True, _ACCENT, 2, 2),
    ("CardText", "Normal", 8.5, False, "", 2, 2),
    ("Picture", "Normal", 10, False, "", 2, 2),
    ("Legend", "Normal", 7.5, False, _MUTED, 0, 0),
)
_CALLOUTS: Final = {
    "note": ("F3F7F9", "7D9FB0"),
    "absent": ("F6F4F1", "8A8378"),
    "assumption": ("FDF5EC", "C86A1E"),
    "warning": ("FDF0EE", "B3402A"),
}


def _fonts(style: Any, language: Language) -> None:
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    if fonts is not None:
        properties.remove(fonts)
    properties.insert(
        0,
        element(
            f'<w:rFonts w:ascii="{_LATIN}" w:hAnsi="{_LATIN}" w:cs="{_LATIN}" '
            f'w:eastAsia="{_CHINESE}"/>'
        ),
    )
    tongue = properties.find(qn("w:lang"))
    if tongue is not None:
        properties.remove(tongue)
    properties.append(element(f'<w:lang w:val="{_LANGUAGES[language]}" w:eastAsia="zh-CN"/>'))


def _dress(style: Any, size: float, bold: bool, colour: str, before: float, after: float) -> None:
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    if colour:
        style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)


def _styles(made: Any, language: Language) -> None:
    styles = made.styles
    defaults = styles.element.find(qn("w:docDefaults"))
    if defaults is not None:  # theme fonts there would win over the fonts of the styles
        for theme in defaults.iter(qn("w:rFonts")):
            for name in list(theme.attrib):
                if name.endswith("Theme"):
                    del theme.attrib[name]
    _fonts(styles["Normal"], language)
    _dress(styles["Normal"], 10, False, "1D2B36", 0, 6)
    styles["Normal"].paragraph_format.line_spacing = 1.25 if language == "zh" else 1.15
    for heading, points, above in (("Heading 1", 20, 0), ("Heading 2", 14, 18)):
        _fonts(styles[heading], language)
        _dress(styles[heading], points, True, _ACCENT, above, 6)
    styles["Heading 1"].paragraph_format.page_break_before = True
    _fonts(styles["Caption"], language)
    _dress(styles["Caption"], 10, True, "1D2B36", 12, 4)
    styles["Caption"].paragraph_format.keep_with_next = True
    for name, base, size, bold, colour, before, after in _PARAGRAPHS:
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles[base]
        _dress(style, size, bold, colour, before, after)
        if name.startswith(("Table", "Card", "Legend")):
            style.paragraph_format.line_spacing = 1.05
    for kind, (ground, edge) in _CALLOUTS.items():
        style = styles.add_style(f"Callout{kind.title()}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _dress(style, 9, False, "", 2, 4)
        style.paragraph_format.left_indent = Cm(0.3)
        style.paragraph_format.right_indent = Cm(0.3)
        properties = style.element.get_or_add_pPr()
        spacing = properties.find(qn("w:spacing"))
        border = element(
            f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="6" w:color="{edge}"/></w:pBdr>'
        )
        shade = element(f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>')
        spacing.addprevious(border)
        spacing.addprevious(shade)
    for level in (1, 2):
        style = styles.add_style(f"TOC {level}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _dress(style, 11 if level == 1 else 9.5, level == 1, "", 5 if level == 1 else 0, 1)
        style.paragraph_format.left_indent = Cm(0.0 if level == 1 else 0.9)
        tabs = element(
            '<w:tabs><w:tab w:val="left" w:pos="510"/>'
            f'<w:tab w:val="right" w:leader="dot" w:pos="{TEXT_WIDTH}"/></w:tabs>'
        )
        style.element.get_or_add_pPr().insert(0, tabs)


def _numbered_headings(made: Any) -> None:
    """Let headings of chapters count themselves, so that a chapter put in renumbers the rest."""
    numbering = made.part.numbering_part.element
    abstract = element(
        '<w:abstractNum w:abstractNumId="90"><w:multiLevelType w:val="multilevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:pStyle w:val="Heading1"/><w:suff w:val="space"/><w:lvlText w:val="%1"/>'
        '<w:lvlJc w:val="left"/></w:lvl></w:abstractNum>'
    )
    first = numbering.find(qn("w:num"))
    if first is None:
        numbering.append(abstract)
    else:
        first.addprevious(abstract)
    numbering.append(element('<w:num w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    properties = made.styles["Heading 1"].element.get_or_add_pPr()
    use = element('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>')
    anchor = properties.find(qn("w:pageBreakBefore"))
    anchor.addnext(use)


def _page(made: Any, document: Document) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.4), Cm(2.2)
    section.header_distance = section.footer_distance = Cm(1.1)
    section.different_first_page_header_footer = True
    look = Look(colour=_MUTED, size=15)
    head = section.header.paragraphs[0]
    head._p.getparent().replace(
        head._p, element(paragraph(run_text(document.title, look), "Legend", right=True))
    )
    legend = say("exports.legend", document.language)
    foot = section.footer.paragraphs[0]
    page = field("PAGE", "1", look)
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{TEXT_WIDTH}"/></w:tabs>'
    shown = (
        f'<w:p><w:pPr><w:pStyle w:val="Legend"/>{tab}</w:pPr>{run_text(legend, look)}'
        f"<w:r><w:tab/></w:r>{page}{run_text(' / ', look)}{field('NUMPAGES', '1', look)}</w:p>"
    )
    foot._p.getparent().replace(foot._p, element(shown))


def blank_document(document: Document) -> Any:
    """Return an empty Word document with the styles, page, header and footer of the report."""
    made = docx.Document()
    _styles(made, document.language)
    _numbered_headings(made)
    _page(made, document)
    core = made.core_properties
    core.title, core.subject = document.title, document.subtitle
    core.author = core.last_modified_by = "clusterbelt"
    core.comments, core.keywords = "", ""
    core.language = _LANGUAGES[document.language]
    core.created = core.modified = _MADE.replace(tzinfo=None)
    core.revision = 1
    return made
