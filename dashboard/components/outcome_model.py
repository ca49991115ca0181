"""Model: what was fitted to whom, its estimates, and whether they can be trusted."""

from collections.abc import Mapping
from dataclasses import replace

from dash import dcc, html
from dash.development.base_component import Component

from analytics.crossed_variable import parts_of
from analytics.outcome.coefficient_table import coefficient_table
from analytics.outcome.fit_tables import fit_table, left_out_table
from analytics.outcome.model import OutcomeModel
from analytics.outcome.model_tables import estimates_table, terms_table
from analytics.outcome.terms import variables_of
from analytics.outcome.words import discrimination_label
from analytics.table_one.wording import p_value
from analytics.tables.table import Table
from dashboard.components.outcome_parts import (
    NO_MODEL,
    PATH,
    drawn,
    refusal,
    section_tables,
    warning,
)
from dashboard.components.still import Still
from dashboard.outcome_figures import in_words, model_forest
from dashboard.outcome_results import model_of
from dashboard.outcome_study import pooled_of
from dashboard.outcome_view import FIRTH, OutcomeView
from dashboard.printed_figures import FOREST, figure_links
from dashboard.view import View
from data_loader.errors import InsulaError
from data_loader.index import Index
from data_loader.variables import Variable

_COHORT = "/cohort"


def model_section(view: View, index: Index) -> list[Component]:
    """The model that an address asks for, or why there is none and what can be done."""
    asked = OutcomeView.parse(view, index)
    try:
        model = model_of(view, index)
    except InsulaError as error:
        return [refusal(error, *_remedies(view, asked, index))]
    shown, pooled = model, pooled_of(view, index)
    beside = pooled
    if asked.is_lower:
        shown = lower_model(model)
        is_linear = model.plan.endpoint.scale == "linear"
        beside = pooled.reversed if pooled and not is_linear else pooled
    estimates = estimates_table(shown, beside)
    if asked.is_lower:
        estimates = _read_lower(estimates, model)
    (table,) = section_tables("estimates", [estimates], model.provenance)
    return [
        _facts(model),
        *(warning(sentence, *_offers(sentence, view, model)) for sentence in model.warnings),
        drawn(
            model_forest(model, pooled, is_lower=asked.is_lower),
            said="Estimates with their 95 % intervals, adjusted and unadjusted"
            f"{', and adjusted over imputations' if pooled else ''}.",
            files=figure_links(FOREST, view),
        ),
        table,
    ]


def fitted_part(view: View, index: Index) -> list[Component]:
    """What a statistician asks next: coefficients, terms, the fit, who was left out."""
    try:
        model = model_of(view, index)
    except InsulaError:
        return [html.P(NO_MODEL, className="help")]
    left_out, links = _left_out(model, view)
    found = [
        *([coefficient_table(model)] if model.converged else []),
        *([terms_table(model)] if model.term_tests or model.inflation else []),
        _without_thresholds(fit_table(model)),
        left_out,
    ]
    tables = section_tables("fitted", found, model.provenance, links=links)
    return [html.Div([html.Div(table) for table in tables], className="outcome-tables")]


def _without_thresholds(table: Table) -> Table:
    """The fit without what the coefficients' table has with more digits."""
    rows = [row for row in table.rows if not row.cells[0].text.endswith("(SE)")]
    return replace(table, rows=tuple(rows))


def lower_model(model: OutcomeModel) -> OutcomeModel:
    """The same model read the other way: odds ratios of a lower outcome."""
    if model.plan.endpoint.scale == "linear":
        return model
    return replace(
        model,
        coefficients=tuple(one.reversed for one in model.coefficients),
        unadjusted=tuple(one.reversed for one in model.unadjusted),
        cuts=replace(model.cuts, estimates=-model.cuts.estimates) if model.cuts else None,
    )


def _read_lower(table: Table, model: OutcomeModel) -> Table:
    reading = model.plan.endpoint.reading
    turned = reading
    for text, other in (
        ("a higher (worse)", "a lower (better)"),
        ("a higher", "a lower"),
        ("higher odds", "lower odds"),
    ):
        turned = turned.replace(text, other) if turned == reading else turned
    notes = tuple((mark, turned if text == reading else text) for mark, text in table.footnotes)
    return replace(table, footnotes=notes)


def _facts(model: OutcomeModel) -> Component:
    """What a reader looks for first."""
    test, found = model.likelihood_ratio, model.discrimination
    events = f", {model.events:,} events" if model.events is not None else ""
    facts = [("Subjects used", f"{model.n:,} of {model.provenance.n:,}{events}")]
    if model.information is not None:
        facts.append(("For each estimate", f"{model.information.value:.1f} subjects that count"))
    facts.append(("Converged", "yes" if model.converged else "no"))
    if test is not None and model.converged:
        p = p_value(test.p)
        facts.append(("All terms", f"p {p if p[0] in '<>' else f'= {p}'}"))
    if found is not None:
        name = discrimination_label(model).partition(" ")[0]
        facts.append((f"{name}, on these subjects", in_words(found)))
    listed = html.Dl(
        [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts],
        className="key-figures outcome-facts",
    )
    return Still(listed)


def _offers(sentence: str, view: View, model: OutcomeModel) -> list[Component | str]:
    """What can be done about a warning, as a link."""
    if "Firth" in sentence and model.plan.endpoint.scale == "binary" and not model.plan.firth:
        href = PATH + view.with_choices(penalty=FIRTH).search
        return [" ", dcc.Link("Use Firth's penalty", href=href)]
    if model.plan.late and sentence == model.warnings[0]:
        href = PATH + view.with_choices(allow=None).search
        return [" ", dcc.Link("Refuse it again", href=href)]
    return []


def _remedies(view: View, asked: OutcomeView, index: Index) -> list[Component | str]:
    """What can be done where a term is refused: ask for it by name, or leave it out."""
    late = late_terms(asked, index.variables)
    if not late:
        return []
    names = [one.name for one in late]
    allow = ",".join(dict.fromkeys((*asked.allow, *names)))
    kept = [
        term.text
        for term in asked.read_terms(index.variables)
        if not {one.name for one in term.variables} & set(names)
    ]
    labels = " and ".join(one.label for one in late)
    use = dcc.Link(
        f"Use {labels} all the same, and say so everywhere",
        href=PATH + view.with_choices(allow=allow).search,
    )
    leave = dcc.Link(
        f"Leave {labels} out", href=PATH + view.with_choices(terms=",".join(kept)).search
    )
    return [html.P([use, " · ", leave], className="remedies")]


def late_terms(asked: OutcomeView, variables: Mapping[str, Variable]) -> tuple[Variable, ...]:
    """Variables among the terms that are known only after treatment and weren't asked for."""
    used = {one.name: one for one in variables_of(asked.read_terms(variables))}
    grouping = (asked.by or "").split(",")
    used |= {name: variables[name] for name in grouping if name in variables}
    return tuple(
        one
        for one in used.values()
        if one.timepoint == "outcome" and one.name not in (*asked.allow, asked.endpoint)
    )


def _left_out(model: OutcomeModel, view: View) -> tuple[Table, dict[str, str]]:
    """Who was left out, each reason leading to those of the cohort with that blank."""
    table = left_out_table(model)
    plan = model.plan
    used = (*plan.endpoint.variables, *variables_of(plan.terms))
    needed = {part.name: part for one in used for part in parts_of(one)}
    links = {}
    for variable in needed.values():
        for reason, blank in (("missing", "missing"), ("doesn't apply", "not-applicable")):
            cohort = view.cohort.with_filter(variable.name, blank, needed)
            href = _COHORT + view.with_cohort(cohort).search
            links[f"{variable.label} {reason}"] = href
    # A row is named by its reason.
    rows = tuple(
        replace(row, key=row.cells[0].text) if row.cells[0].text in links else row
        for row in table.rows
    )
    note = ("", "A reason leads to all subjects of the cohort with that blank.")
    return replace(table, rows=rows, footnotes=(*table.footnotes, note)), links
