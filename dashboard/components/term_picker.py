"""The terms of a model: picked from the dictionary, ordered, each in the form that it takes.

They stand, joined by commas, in a hidden field that is a control of the address (`choices`), as
the lists of `order_list` do, whose buttons these use; `assets/terms.js` writes there the form that
is chosen for a term.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import dash_mantine_components as dmc
from dash import Dash, Input, Output, State, dcc, html, set_props
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from analytics.outcome.terms import HARRELL_QUANTILES, Part, Term, has_levels, parse_terms
from dashboard import ids
from dashboard.aria import aria, data, unseen
from dashboard.components.choices import choice_part
from dashboard.components.outcome_parts import PATH
from dashboard.components.still import Still
from dashboard.outcome_view import OutcomeView, default_terms
from dashboard.view import View
from data_loader.errors import AnalysisError
from data_loader.index import Index, IndexFolder
from data_loader.variables import Variable

_KEY = "terms"
_KNOTS = (3, 4, 5)
_TIMES = (("design", "Design"), ("baseline", "Before treatment"), ("outcome", "After treatment"))


def term_picker(view: View, index: Index) -> Component:
    """Lay out the picker; its lists are filled by callbacks."""
    default = ",".join(default_terms(index))
    field = dcc.Input(
        id=choice_part(_KEY, default), type="hidden", value=view.choices.get(_KEY, default)
    )
    return html.Div(
        [
            field,
            html.Div(id=ids.term_part("items")),
            dmc.Select(
                id=ids.term_part("add"),
                placeholder="Add a term",
                data=[],
                searchable=True,
                size="xs",
                **aria(label="Add a term"),
            ),
            dmc.Select(
                id=ids.term_part("product"),
                placeholder="Add an interaction",
                data=[],
                searchable=True,
                size="xs",
                **aria(label="Add an interaction"),
            ),
            dmc.TextInput(
                id=ids.term_part("text"),
                label="The terms as text",
                description="age, age/10, log1p(x), rcs(x,4), levels(x,code), a*b",
                debounce=True,
                size="xs",
            ),
            html.Button(
                "Suggested set",
                className="quiet-button",
                title="Age, severity, earlier disability, time and centre, as far as known",
                **data(order=default),
            ),
        ],
        className="order terms",
        role="group",
        **aria(label="Terms"),
        **data(key=_KEY),
    )


def register_term_picker(app: Dash, folder: IndexFolder) -> None:
    """Fill the picker from the address, and write there what is picked."""

    @app.callback(
        Output(ids.term_part("items"), "children"),
        Output(ids.term_part("add"), "data"),
        Output(ids.term_part("product"), "data"),
        Output(ids.term_part("text"), "value"),
        Input(ids.URL, "search"),
    )
    def lay(search: str) -> tuple[Any, ...]:
        index = folder.current()
        view = View.parse(search, index)
        asked = OutcomeView.parse(view, index)
        items = html.Ol([_Item(text, view, asked, index).drawn() for text in asked.terms])
        empty = None if asked.terms else html.P("No term but the groups.", className="help")
        return (
            Still([items, empty]),
            _addable(asked, index),
            _products(asked, index),
            ",".join(asked.terms),
        )

    @app.callback(
        Output(ids.term_part("add"), "value"),
        Output(ids.term_part("product"), "value"),
        Input(ids.term_part("add"), "value"),
        Input(ids.term_part("product"), "value"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def add(name: str | None, product: str | None, search: str) -> tuple[None, None]:
        if not (name or product):
            raise PreventUpdate
        index = folder.current()
        asked = OutcomeView.parse(View.parse(search, index), index)
        more = [text for text in (name, product) if text]
        _write([*asked.terms, *more], search, index)
        return None, None

    # Without an output: Dash would hold all that reads the address until this has answered.
    @app.callback(
        Input(ids.term_part("text"), "value"), State(ids.URL, "search"), prevent_initial_call=True
    )
    def read(text: str | None, search: str) -> None:
        index = folder.current()
        asked = OutcomeView.parse(View.parse(search, index), index)
        if (text or "") != ",".join(asked.terms):
            _write([text or ""], search, index)


def _write(texts: Sequence[str], search: str, index: Index) -> None:
    view = View.parse(search, index)
    joined = ",".join(texts)
    default = ",".join(default_terms(index))
    changed = view.with_choices(terms=None if joined == default else joined)
    set_props(ids.URL, {"search": changed.search})


def _addable(asked: OutcomeView, index: Index) -> list[dict[str, Any]]:
    """Variables that aren't in the model yet, by time point and heading of the dictionary."""
    taken = {*asked.endpoint.split("-"), *(asked.by or "").split(",")}
    taken |= {v.name for term in asked.read_terms(index.variables) for v in term.variables}
    groups: dict[str, list[dict[str, str]]] = {}
    for time, said in _TIMES:
        for variable in index.variables.values():
            if variable.timepoint == time and variable.name not in taken:
                item = {"value": variable.name, "label": variable.label}
                groups.setdefault(f"{said}: {variable.group}", []).append(item)
    return [{"group": heading, "items": items} for heading, items in groups.items()]


def _products(asked: OutcomeView, index: Index) -> list[dict[str, str]]:
    """Pairs of terms whose product isn't in the model yet."""
    terms = asked.read_terms(index.variables)
    texts = {term.text for term in terms}
    single = [term for term in terms if len(term.parts) == 1]
    if asked.by in index.variables:
        single = [*parse_terms(str(asked.by), index.variables), *single]
    pairs = (Term((*one.parts, *other.parts)) for one, other in combinations(single, 2))
    return [
        {"value": pair.text, "label": pair.label}
        for pair in pairs
        if pair.text not in texts and len({v.name for v in pair.variables}) == 2
    ]


class _Item:
    """One term of the list.

    Attributes:
        text: as written.
        view: the address.
        asked: what it asks for.
        index: whose variables.
    """

    def __init__(self, text: str, view: View, asked: OutcomeView, index: Index) -> None:
        self.text, self.view, self.asked, self.index = text, view, asked, index
        try:
            self.terms = parse_terms(text, index.variables)
            self.problem = ""
        except AnalysisError as error:
            self.terms, self.problem = (), str(error)

    def drawn(self) -> Component:
        """The item with its form and its buttons."""
        label = self._label()
        buttons = [
            html.Button(
                sign,
                className=f"order-{way}",
                title=f"{said} {label}",
                **aria(label=f"{said} {label}"),
            )
            for way, sign, said in (
                ("up", "↑", "Move up"),
                ("down", "↓", "Move down"),
                ("drop", "✕", "Leave out"),
            )
        ]
        name = html.Span([label, *self._marks()], className="order-label", title=self.problem)
        return html.Li(
            [html.Div([name, *buttons], className="term-line"), *self._form(label), *self._free()],
            key=self.text,
            className="order-item",
            draggable="true",
            **data(name=self.text),
        )

    def _label(self) -> str:
        if not self.terms:
            return self.text
        if self.problem or len(self.terms) > 1 or len(self.terms[0].parts) > 1:
            return " x ".join(v.label for v in self.terms[-1].variables)
        return self.terms[0].variables[0].label

    def _marks(self) -> list[Component]:
        marks: list[Component] = []
        if self.problem:
            marks.append(html.Span("can't be read", className="term-mark"))
        if any(v.timepoint == "outcome" for term in self.terms for v in term.variables):
            marks.append(html.Span("after treatment", className="term-mark"))
        return marks

    def _form(self, label: str) -> list[Component]:
        """The forms that a variable can take, its own chosen."""
        if len(self.terms) != 1 or len(self.terms[0].parts) != 1:
            return []
        part = self.terms[0].parts[0]
        options = dict(_forms(part.variable))
        options.setdefault(part.text, part.label)
        if len(options) < 2:
            return []
        drawn = [
            html.Option(said, value=text, selected=text == part.text)
            for text, said in options.items()
        ]
        return [html.Select(drawn, className="term-form", **aria(label=f"Form of {label}"))]

    def _free(self) -> list[Component]:
        """A link that frees the term, in a partial proportional odds model."""
        if self.asked.model_name(self.index.variables) != "partial" or not self.terms:
            return []
        text, free = self.terms[0].text, self.asked.free
        is_free = text in free
        rest = [one for one in free if one != text] if is_free else [*free, text]
        said = "an odds ratio at every cut" if is_free else "one odds ratio"
        href = PATH + self.view.with_choices(free=",".join(rest)).search
        link = dcc.Link(["Hold" if is_free else "Free", unseen(f" {self._label()}")], href=href)
        return [html.Div([said, " · ", link], className="term-free")]


def _forms(variable: Variable) -> list[tuple[str, str]]:
    """Texts of the forms that a variable can take, and how a reader is told."""
    if has_levels(variable):
        codes = list(variable.levels)
        first = variable.level_label(codes[0]) if codes else "the first"
        against = [
            (Part(variable, "levels", reference=code).text, variable.level_label(code))
            for code in codes[1:]
        ]
        found = [(Part(variable, "levels").text, f"each level against {first}")]
        return found + [(text, f"each level against {label}") for text, label in against]
    if variable.kind == "binary":
        return []
    forms = [
        (Part(variable).text, "as it is"),
        (Part(variable, "per", units=10).text, "per 10"),
        (Part(variable, "log1p").text, "log(1 + value)"),
    ]
    forms += [
        (
            Part(variable, "rcs", quantiles=HARRELL_QUANTILES[knots]).text,
            f"spline, {knots} knots",
        )
        for knots in _KNOTS
    ]
    if variable.kind in ("ordinal", "count"):
        forms.append((Part(variable, "levels").text, "a level each"))
    return forms
