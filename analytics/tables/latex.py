"""A report as a LaTeX document that pdfLaTeX compiles: `booktabs`, long tables over pages."""

from collections.abc import Sequence
from itertools import groupby

from analytics.tables.latex_table import latex_table
from analytics.tables.latex_text import tex
from analytics.tables.layout import Note, notes
from analytics.tables.sheet import GAP_CM, MARGIN_CM, sheet_for
from analytics.tables.table import Picture, Report
from analytics.tables.text import paragraphs

_A3_CM = 40.0

_PREAMBLE = rf"""\usepackage[T1]{{fontenc}}
\usepackage[utf8]{{inputenc}}
\usepackage{{textcomp,helvet}}
\renewcommand{{\familydefault}}{{\sfdefault}}
\usepackage[margin={MARGIN_CM}cm]{{geometry}}
\usepackage{{array,booktabs,longtable,pdflscape}}
\usepackage{{caption}}
\captionsetup{{labelfont=bf,labelsep=period,justification=raggedright,singlelinecheck=false}}
\captionsetup{{margin=0pt,skip=4pt}}
\setlength{{\parindent}}{{0pt}}
\setlength{{\parskip}}{{4pt}}
\setlength{{\tabcolsep}}{{{GAP_CM / 2}cm}}
\setlength{{\LTleft}}{{0pt}}
\setlength{{\LTright}}{{0pt plus 1fil}}
\setlength{{\LTpost}}{{0pt}}
\sloppy"""


def report_tex(report: Report) -> str:
    """The report as a .tex file; of its pictures it has the titles and what they show."""
    sheets = [sheet_for(table) for table in report.tables]
    paper = "a3paper" if any(sheet.width_cm > _A3_CM for sheet in sheets) else "a4paper"
    tables = [
        latex_table(table, sheet, number, below=_notes(notes(table, report)))
        for number, (table, sheet) in enumerate(zip(report.tables, sheets, strict=True), 1)
    ]
    parts = [
        rf"\documentclass[10pt,{paper}]{{article}}",
        _PREAMBLE,
        r"\begin{document}",
        rf"\section*{{{tex(report.title)}}}",
        *(_section(heading, text) for heading, text in report.paragraphs),
        *tables,
        *([] if tables else [_notes(notes(None, report))]),
        *(_figure(number, picture) for number, picture in enumerate(report.pictures, 1)),
        r"\end{document}",
    ]
    return "\n\n".join(parts) + "\n"


def _section(heading: str, text: str) -> str:
    return "\n\n".join([rf"\subsection*{{{tex(heading)}}}", *map(tex, paragraphs(text))])


def _notes(lines: Sequence[Note]) -> str:
    """Marked notes run on in one paragraph, as journals set them; others stand alone."""
    written = "\n\\par\n".join(
        "\n".join(map(_note, run))
        for is_marked, each in groupby(lines, key=lambda note: bool(note.mark))
        for run in ([list(each)] if is_marked else ([note] for note in each))
    )
    return f"{{\\par\\vspace{{4pt}}\\footnotesize\\raggedright\n{written}\\par\n}}"


def _note(note: Note) -> str:
    mark = rf"\textsuperscript{{{tex(note.mark)}}}~" if note.mark else ""
    return mark + (rf"\textbf{{{tex(note.text)}}}" if note.is_warning else tex(note.text))


def _figure(number: int, picture: Picture) -> str:
    title, shown = tex(picture.title), tex(picture.alternative)
    return rf"\textbf{{Figure {number}.}} {title} \emph{{(A file of its own.)}} {shown}"
