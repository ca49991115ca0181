"""Multiple imputation by chained equations: completed frames, and what was done to complete them.

Each variable's blanks are drawn in turn from a model of its own given all others, outcome
included, again and again; each imputation is a chain of its own with random numbers of its own,
so that the first five of twenty are the five that would be drawn alone (van Buuren, Flexible
Imputation of Missing Data, 2nd edition, algorithm 4.3).

Values are imputed as they are recorded; logarithms, splines and products are made of them
afterwards. A blank that can't have a value is never filled.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from analytics.outcome.design import Excluded
from analytics.outcome.endpoint import Endpoint
from analytics.outcome.imputation_columns import METHODS, Column, Method, read_column
from analytics.outcome.imputation_draws import drawn_classes, drawn_levels, matched_donors
from analytics.outcome.terms import Term, variables_of
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.progress import Report
from data_loader.variables import Variable

Float = npt.NDArray[np.float64]
Int = npt.NDArray[np.intp]
Bool = npt.NDArray[np.bool_]

DONORS = 5


@dataclass(frozen=True)
class ImputationPlan:
    """How imputation is done.

    Attributes:
        imputations: how many completed frames, at least 2.
        iterations: rounds through all variables before a frame is taken.
        seed: of the random numbers.
        auxiliary: variables that help to impute and are not analysed.
        keeps_imputed_outcome: whether subjects whose outcome was imputed are analysed too; else
            they only help to impute the terms (von Hippel, Sociol Methodol 2007; 37: 83-117).
    """

    imputations: int = 20
    iterations: int = 10
    seed: int = 1
    auxiliary: tuple[Variable, ...] = ()
    keeps_imputed_outcome: bool = False

    def __post_init__(self) -> None:
        if self.imputations < 2 or self.iterations < 1:
            raise AnalysisError("Imputation takes at least 2 imputations and 1 iteration.")


@dataclass(frozen=True)
class Trace:
    """What a convergence plot shows of one variable.

    Attributes:
        mean: of the imputed values after each iteration, shape (imputations, iterations): on the
            scale of the imputation model, for categories the share of the commonest one.
        sd: their standard deviation, alike.
    """

    mean: Float
    sd: Float


@dataclass(frozen=True)
class Imputed:
    """One variable that had blanks.

    Attributes:
        variable: whose.
        method: how they were drawn.
        n: subjects whose value was imputed, of those analysed.
    """

    variable: Variable
    method: Method
    n: int


@dataclass(frozen=True)
class Imputation:
    """Completed frames, alike but for the imputed values.

    Attributes:
        frames: one an imputation; the subjects to analyse, in the order of the cohort.
        plan: how it was done.
        imputed: the variables of the analysis that had blanks among those analysed.
        auxiliary: variables that helped.
        excluded: who is in no frame, by reason.
        traces: variable name to its trace.
        notes: sentences about what was left out or couldn't be drawn.
    """

    frames: tuple[CohortFrame, ...]
    plan: ImputationPlan
    imputed: tuple[Imputed, ...]
    auxiliary: tuple[Variable, ...]
    excluded: tuple[Excluded, ...]
    traces: Mapping[str, Trace]
    notes: tuple[str, ...]

    def sentence(self) -> str:
        """What was done, for the methods."""
        plan = self.plan
        if not self.imputed:
            return "No value was missing, so none was imputed."
        by_method = {
            method: [
                f"{one.variable.label} ({one.n})" for one in self.imputed if one.method == method
            ]
            for method in METHODS
        }
        how = "; ".join(f"{m} for {', '.join(of)}" for m, of in by_method.items() if of)
        helped = ", ".join(variable.label for variable in self.auxiliary)
        return (
            f"Missing values were imputed {plan.imputations} times by chained equations with"
            f" {plan.iterations} iterations (seed {plan.seed}): {how}. The imputation models"
            " held the outcome and all variables of the analysis"
            f"{f', and {helped} as auxiliary' if helped else ''}. Values were imputed as recorded"
            " and transformed afterwards. Subjects whose outcome is missing"
            f" {'were analysed too' if plan.keeps_imputed_outcome else 'were not analysed'}."
            " Estimates were pooled by Rubin's rules."
        )


def impute(
    frame: CohortFrame,
    *,
    endpoint: Endpoint,
    terms: Sequence[Term],
    plan: ImputationPlan | None = None,
    progress: Report | None = None,
) -> Imputation:
    """Complete a cohort several times.

    Args:
        frame: values of the variables that endpoint and terms need, and of the auxiliary ones;
            others are handed on as they are.
        endpoint: the outcome; its variables are part of every imputation model.
        terms: of the analysis.
        plan: how many, how long, with which seed and help.
        progress: told after each imputation; an exception that it raises ends the work.

    Raises:
        AnalysisError: nobody is left, nothing is known of a variable, or too little is.
    """
    plan = plan or ImputationPlan()
    analysed = tuple({v.name: v for v in (*endpoint.variables, *variables_of(terms))}.values())
    helping, notes = _helping(frame, plan.auxiliary, analysed)
    unread = np.isnan(endpoint.read(frame.values))
    outcome_blank = {endpoint.variable.name: unread} if endpoint.minus is None else {}
    used, excluded = _used(frame, analysed)
    if not used.any():
        raise AnalysisError("No subject has any of the values that the analysis needs.")
    columns = [
        read_column(frame, variable, used, outcome_blank.get(variable.name))
        for variable in (*analysed, *helping)
    ]
    states, traces = _run(columns, plan, progress)
    kept = used if plan.keeps_imputed_outcome else used & ~unread
    outcome = " or ".join(variable.label for variable in endpoint.variables)
    if not kept.any():
        raise AnalysisError(f"{outcome} is known in no subject; choose another outcome.")
    if (lost := int((used & ~kept).sum())) > 0:
        excluded.append(Excluded(f"{outcome} missing", lost))
    return Imputation(
        frames=tuple(_completed(frame, columns, state, used, kept) for state in states),
        plan=plan,
        imputed=tuple(
            Imputed(column.variable, column.method, n)
            for column in columns
            if column.variable in analysed and (n := int(column.blank[kept[used]].sum())) > 0
        ),
        auxiliary=helping,
        excluded=tuple(excluded),
        traces=traces,
        notes=(*notes, *(column.note for column in columns if column.note)),
    )


def _helping(
    frame: CohortFrame, auxiliary: Sequence[Variable], analysed: Sequence[Variable]
) -> tuple[tuple[Variable, ...], list[str]]:
    known = {variable.name for variable in analysed}
    wanted = [variable for variable in auxiliary if variable.name not in known]
    partial = [variable for variable in wanted if frame.structural[variable.name].any()]
    notes = [
        f"{variable.label} doesn't apply to every subject and didn't help to impute."
        for variable in partial
    ]
    return tuple(variable for variable in wanted if variable not in partial), notes


def _used(frame: CohortFrame, analysed: Sequence[Variable]) -> tuple[Bool, list[Excluded]]:
    """Who takes part in imputation, and who doesn't, by reason."""
    used = np.ones(len(frame), dtype=bool)
    excluded = []
    nothing = np.logical_and.reduce([frame.values[v.name].isna().to_numpy() for v in analysed])
    reasons = [(f"{v.label} doesn't apply", frame.structural[v.name]) for v in analysed]
    for reason, out in (*reasons, ("nothing known of outcome and terms", nothing)):
        if (n := int((used & out).sum())) > 0:
            excluded.append(Excluded(reason, n))
            used &= ~out
    return used, excluded


def _run(
    columns: Sequence[Column], plan: ImputationPlan, progress: Report | None
) -> tuple[list[Int], dict[str, Trace]]:
    """Run every chain.

    Returns:
        For each imputation, each subject's place among the values of each column, shape
        (n, columns); and the traces.
    """
    visited = [n for n, column in enumerate(columns) if column.is_drawn]
    visited.sort(key=lambda n: int(columns[n].blank.sum()))
    _check_size(columns, visited)
    moments = np.zeros((2, plan.imputations, plan.iterations, len(columns)))
    states = []
    for run, seed in enumerate(np.random.SeedSequence(plan.seed).spawn(plan.imputations)):
        random = np.random.default_rng(seed)
        state = np.column_stack([column.started(random) for column in columns])
        for round_, _ in enumerate(_rounds(random, columns, state, visited, plan.iterations)):
            for n in visited:
                drawn = columns[n].scores[state[columns[n].blank, n]]
                moments[:, run, round_, n] = drawn.mean(), drawn.std()
        states.append(state)
        if progress:
            progress(run + 1, plan.imputations)
    return states, {columns[n].variable.name: Trace(*moments[..., n]) for n in visited}


def _rounds(
    random: np.random.Generator,
    columns: Sequence[Column],
    state: Int,
    visited: Sequence[int],
    iterations: int,
) -> Iterator[None]:
    """Draw every column once a round, in place."""
    blocks = [column.predictors(state[:, n]) for n, column in enumerate(columns)]
    constant = np.ones((len(state), 1))
    for _ in range(iterations):
        for n in visited:
            x = np.hstack([constant, *blocks[:n], *blocks[n + 1 :]])
            state[columns[n].blank, n] = _drawn(random, columns[n], x, state[:, n])
            blocks[n] = columns[n].predictors(state[:, n])
        yield


def _drawn(random: np.random.Generator, column: Column, x: Float, state: Int) -> Int:
    known, blank = ~column.blank, column.blank
    found, count = state[known], len(column.scores)
    match column.method:
        case "predictive mean matching":
            y = column.scores[found]
            return found[matched_donors(random, x[known], y, x[blank], donors=DONORS)]
        case "multinomial regression":
            return drawn_classes(random, x[known], found, x[blank], classes=count)
    return drawn_levels(random, x[known], found, x[blank], levels=count)


def _check_size(columns: Sequence[Column], visited: Sequence[int]) -> None:
    widths = [column.predictors(np.zeros(1, dtype=np.intp)).shape[1] for column in columns]
    for n in visited:
        known, needed = int((~columns[n].blank).sum()), sum(widths) - widths[n] + 2
        if known < needed:
            raise AnalysisError(
                f"{columns[n].variable.label} is known in {known} subjects, too few to impute it"
                f" from {needed - 2} predictors; drop terms or auxiliary variables."
            )


def rows_of(frame: CohortFrame, kept: Bool) -> CohortFrame:
    """A frame of some of the subjects, who are told by `kept`, shape (subjects,)."""
    structural = {name: is_structural[kept] for name, is_structural in frame.structural.items()}
    return replace(frame, values=frame.values[kept], structural=structural)


def _completed(
    frame: CohortFrame, columns: Sequence[Column], state: Int, used: Bool, kept: Bool
) -> CohortFrame:
    some, within = rows_of(frame, kept), kept[used]
    values = some.values.copy()
    for n, column in enumerate(columns):
        if column.blank[within].any():
            drawn = column.values[state[within, n]]
            # Named, since pandas would make a type of its own of text.
            values[column.variable.name] = pd.Series(drawn, index=values.index, dtype=drawn.dtype)
    return replace(some, values=values)
