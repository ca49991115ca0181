"""A report as a Word document: tables that can be edited, in the style of journals."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Cm

from analytics.tables.layout import Note, caption, notes
from analytics.tables.sheet import A4, MARGIN_CM, sheet_for
from analytics.tables.table import Picture, Report
from analytics.tables.text import paragraphs, printable
from analytics.tables.word_styles import CAPTION, LANGUAGE, NOTE, set_styles
from analytics.tables.word_table import table_element

_EPOCH = (1980, 1, 1, 0, 0, 0)
_EXTRAS = ("thumbnail", "extended-properties", "stylesWithEffects", "customXml", "numbering")
_WORD_2013 = "15"


def report_docx(report: Report) -> bytes:
    """The report as a .docx file; the same report gives the same bytes."""
    document = Document()
    _drop_extras(document)
    set_styles(document)
    _describe(document, report)
    sheets = [sheet_for(table) for table in report.tables]
    papers = [(sheet.width_cm, sheet.height_cm) for sheet in sheets]
    _set_paper(document.sections[0], papers[0] if papers and not report.paragraphs else A4)
    document.add_heading(printable(report.title), 1)
    for heading, text in report.paragraphs:
        document.add_heading(printable(heading), 2)
        for line in paragraphs(text):
            document.add_paragraph(line)
    for number, (table, sheet) in enumerate(zip(report.tables, sheets, strict=True), 1):
        _turn_to(document, papers[number - 1])
        _add_caption(document, *caption(number, table))
        document.element.body[-1].addprevious(table_element(table, sheet))
        _add_notes(document, notes(table, report))
    if not report.tables:
        _add_notes(document, notes(None, report))
    if report.pictures:
        _turn_to(document, A4)
    for number, picture in enumerate(report.pictures, 1):
        _add_picture(document, number, picture)
    return _as_bytes(document)


def _drop_extras(document: Any) -> None:
    """Leave out what the template brings along: a thumbnail, its own styles, its program."""
    for holder in (document.part, document.part.package):
        for key, relation in list(holder.rels.items()):
            if relation.reltype.rpartition("/")[2] in _EXTRAS:
                del holder.rels[key]
    settings = document.settings.element
    for setting in settings.xpath('.//w:compatSetting[@w:name="compatibilityMode"]'):
        setting.set(qn("w:val"), _WORD_2013)


def _describe(document: Any, report: Report) -> None:
    made_on = datetime.combine(report.provenance.made_on, time())
    properties = document.core_properties
    properties.title, properties.language = printable(report.title)[:255], LANGUAGE
    properties.author, properties.comments = "Insula", ""
    properties.created = properties.modified = made_on


def _set_paper(section: Any, paper: tuple[float, float]) -> None:
    width, height = paper
    section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(width), Cm(height)
    for side in ("left", "right", "top", "bottom"):
        setattr(section, f"{side}_margin", Cm(MARGIN_CM))


def _turn_to(document: Any, paper: tuple[float, float]) -> None:
    """Go on on paper of this width and height."""
    section = document.sections[-1]
    if (section.page_width, section.page_height) != (Cm(paper[0]), Cm(paper[1])):
        _set_paper(document.add_section(WD_SECTION.NEW_PAGE), paper)


def _add_caption(document: Any, label: str, title: str) -> Any:
    paragraph = document.add_paragraph(style=CAPTION)
    paragraph.add_run(f"{label} ").bold = True
    paragraph.add_run(printable(title))
    return paragraph


def _add_notes(document: Any, lines: Sequence[Note]) -> None:
    """Marked notes run on in one paragraph, as journals set them; others stand alone."""
    paragraph = None
    for note in lines:
        if not note.mark or paragraph is None:
            paragraph = document.add_paragraph(style=NOTE)
        if note.mark:
            paragraph.add_run(printable(note.mark)).font.superscript = True
            paragraph.add_run("\u00a0")
        end = " " if note.mark else ""
        paragraph.add_run(f"{printable(note.text)}{end}").bold = note.is_warning or None
        paragraph = paragraph if note.mark else None


def _add_picture(document: Any, number: int, picture: Picture) -> None:
    section = document.sections[-1]
    room = section.page_width - section.left_margin - section.right_margin
    shape = document.add_picture(io.BytesIO(picture.png))
    if shape.width > room:
        shape.width, shape.height = room, round(shape.height * room / shape.width)
    shape._inline.docPr.set("descr", printable(picture.alternative))
    document.paragraphs[-1].paragraph_format.keep_with_next = True
    _add_caption(
        document, f"Figure {number}.", picture.title
    ).paragraph_format.keep_with_next = False


def _as_bytes(document: Any) -> bytes:
    """The file, with one date for all of its parts."""
    saved, dated = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(dated, "w") as file:
        for part in parts.infolist():
            info = zipfile.ZipInfo(part.filename, _EPOCH)
            file.writestr(info, parts.read(part), zipfile.ZIP_DEFLATED)
    return dated.getvalue()
