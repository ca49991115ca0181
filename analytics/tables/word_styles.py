"""The styles of a Word document: few, named for what they are, so that an editor can change them."""

from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

TEXT = "TableText"
HEADING = "TableHeading"
GROUP = "TableGroup"
NOTE = "Table Note"
CAPTION = "Caption"

LANGUAGE = "en-GB"

TEXT_POINTS = 9.0
"""Size of the type in tables unless a table asks for another."""


def _style(key: str, name: str, paragraph: str, run: str = "", based_on: str = "Normal") -> str:
    """A paragraph style; its last texts are properties in WordprocessingML."""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{based_on}"/><w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


def _size(points: float) -> str:
    half = round(2 * points)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


_TIGHT = '<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>'

_STYLES = (
    f"<w:styles {nsdecls('w')}><w:docDefaults><w:rPrDefault><w:rPr>"
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:eastAsia="Arial" w:cs="Arial"/>'
    f'{_size(10)}<w:lang w:val="{LANGUAGE}" w:eastAsia="{LANGUAGE}" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    '<w:qFormat/><w:pPr><w:spacing w:after="120" w:line="264" w:lineRule="auto"/></w:pPr></w:style>'
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    + _style(
        "Heading1",
        "heading 1",
        '<w:keepNext/><w:spacing w:after="160"/><w:outlineLvl w:val="0"/>',
        f"<w:b/>{_size(15)}",
    )
    + _style(
        "Heading2",
        "heading 2",
        '<w:keepNext/><w:spacing w:before="200" w:after="60"/><w:outlineLvl w:val="1"/>',
        f"<w:b/>{_size(11)}",
    )
    + _style(CAPTION, "caption", '<w:keepNext/><w:spacing w:before="200" w:after="80"/>')
    + _style(TEXT, "Table Text", _TIGHT, _size(TEXT_POINTS))
    + _style(HEADING, "Table Heading", "<w:keepNext/>", "<w:b/>", TEXT)
    + _style(GROUP, "Table Group", '<w:keepNext/><w:spacing w:before="80"/>', "<w:b/>", TEXT)
    + _style("TableNote", NOTE, '<w:keepLines/><w:spacing w:before="40" w:after="0"/>', _size(8))
    + "</w:styles>"
)


def set_styles(document: Any) -> None:
    """Put these in the place of all styles of a `docx.Document`."""
    styles = document.styles.element
    for style in list(styles):
        styles.remove(style)
    for style in list(parse_xml(_STYLES)):
        styles.append(style)
