"""The controls of the Table 1 page: columns, how they are shown, rows."""

from dash import dcc, html
from dash.development.base_component import Component

from analytics.table_one.choices import paper_rows
from dashboard.components.choices import (
    choice_select,
    choice_several,
    choice_text,
    variable_options,
)
from dashboard.components.order_list import order_list
from dashboard.reports import default_by
from dashboard.view import View
from data_loader.cohort import EVERYONE, Cohort
from data_loader.index import Index

_COLUMNS = (("overall", "All"), ("difference", "Difference"), ("smd", "SMD"))
_STYLES = (("journal", "By kind of variable"), ("paper", "As the paper: mean ± SD"))
_BLANKS = (("cells", "n in the cells"), ("rows", "Rows of missing"), ("none", "Not shown"))
_SMDS = (("levels", "Shares of their levels"), ("ranks", "Ranks"))
_ADJUST = (("none", "Not adjusted"), ("holm", "Holm"), ("bh", "Benjamini-Hochberg"))
_CELLS = (("0", "None hidden"), ("5", "Below 5"), ("10", "Below 10"), ("11", "Below 11"))


def table_one_choices(view: View, index: Index) -> list[Component]:
    """Lay the controls with what an address says."""
    groups = variable_options(index, "categorical", "binary", "ordinal")
    by = default_by(index)
    rows = paper_rows(index.variables, (by,) if by else ())
    every = ",".join(key for key, _ in _COLUMNS)
    return [
        html.H2("Choices"),
        choice_several("by", "Columns by", groups, view, default=by, searchable=True),
        choice_text("against", "Or beside another cohort", view, placeholder="sex=F&age=>=80"),
        choice_text("names", "Names of the two", view, placeholder="younger, older"),
        choice_several("columns", "Beside the groups", _COLUMNS, view, default=every),
        choice_select("style", "Summaries", _STYLES, view, default="journal", allowDeselect=False),
        choice_select("blanks", "Missing", _BLANKS, view, default="cells", allowDeselect=False),
        choice_select("smd", "SMD of scores", _SMDS, view, default="levels", allowDeselect=False),
        choice_select("adjust", "p-values", _ADJUST, view, default="none", allowDeselect=False),
        choice_select("cells", "Small counts", _CELLS, view, default="0", allowDeselect=False),
        html.H3("Rows"),
        order_list("rows", "Rows", view, default=rows),
    ]


def cohort_pair(view: View, index: Index) -> list[Component]:
    """Links that keep the cohort of the address to put another beside it, swap the two, or part them."""
    against = view.choices.get("against")
    if not against:
        if view.cohort.is_everyone:
            return []
        kept = view.with_cohort(EVERYONE).with_choices(against=view.cohort.query())
        return [_link("Keep this cohort to put another beside it", kept)]
    links = [_link("One cohort alone", view.with_choices(against=None, names=None))]
    other, notices = Cohort.parse(against, index.variables)
    if notices or view.cohort.is_everyone:
        return links
    names = ",".join(reversed(view.choices.get("names", "").split(",")))
    swapped = view.with_cohort(other).with_choices(against=view.cohort.query(), names=names)
    return [_link("Swap the two", swapped), *links]


def _link(text: str, view: View) -> Component:
    return dcc.Link(text, href=f"?{view.search.removeprefix('?')}")
