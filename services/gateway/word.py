"""Word documents as offices write them: A4, the margins and fonts of official papers (GB/T 9704)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import flask
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE, HEADING, BODY, CELL = ("宋体", 22), ("黑体", 16), ("仿宋", 16), ("宋体", 11)
CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT


@dataclass(frozen=True)
class Table:
    """A table with its heading row. All cells are text."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass
class Section:
    """A heading with what stands below it: paragraphs and tables, in order."""

    heading: str
    blocks: list[str | Table] = field(default_factory=list)


@dataclass
class Paper:
    """A whole document: what stands above the title and below it, the sections, and who signs it when."""

    title: str
    sections: list[Section]
    corner: str = ""  # on the upper right of the first page
    above: str = ""
    below: str = ""
    by_hand: str = ""  # the line on which somebody signs
    signed: str = ""
    dated: str = ""
    closing: str = ""  # the last line, as for who gets it


def write(paper: Paper) -> bytes:
    """The document as a file."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    document.core_properties.title, document.core_properties.author = paper.title, paper.signed
    if paper.corner:
        _line(document, paper.corner, HEADING, RIGHT)
    if paper.above:
        _line(document, paper.above, CELL, CENTRE)
    _line(document, paper.title, TITLE, CENTRE, bold=True)
    if paper.below:
        _line(document, paper.below, CELL, CENTRE)
    for section in paper.sections:
        if section.heading:
            _line(document, section.heading, HEADING, indent=True)
        for block in section.blocks:
            if isinstance(block, Table):
                _table(document, block)
                continue
            for text in filter(None, block.split("\n")):
                _line(document, text, BODY, indent=True)
    for text in filter(None, (paper.by_hand, paper.signed, paper.dated)):
        _line(document, text, BODY, RIGHT)
    if paper.closing:
        _line(document, paper.closing, CELL)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def as_download(file: bytes, name: str) -> flask.Response:
    """What a browser saves under the name."""
    disposition = f"attachment; filename=document.docx; filename*=UTF-8''{quote(name)}"
    return flask.Response(file, mimetype=DOCX, headers={"Content-Disposition": disposition})


def _line(
    document: Any,
    text: str,
    font: tuple[str, int],
    align: Any = None,
    *,
    bold: bool = False,
    indent: bool = False,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.line_spacing = Pt(28)
    paragraph.paragraph_format.space_after = Pt(0)
    if indent:
        paragraph.paragraph_format.first_line_indent = Pt(2 * font[1])
    _run(paragraph, text, font, bold)


def _run(paragraph: Any, text: str, font: tuple[str, int], bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.name, run.font.size, run.font.bold = "Times New Roman", Pt(font[1]), bold
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font[0])


def _table(document: Any, table: Table) -> None:
    made = document.add_table(rows=0, cols=len(table.columns))
    made.style = "Table Grid"
    for number, cells in enumerate((table.columns, *table.rows)):
        row = made.add_row()
        for cell, text in zip(row.cells, cells, strict=True):
            _run(cell.paragraphs[0], text, CELL, bold=number == 0)
