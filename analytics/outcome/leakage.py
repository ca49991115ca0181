"""What may explain an outcome: nothing that is known only after treatment, unless by name."""

from collections.abc import Collection

from analytics.crossed_variable import parts_of
from analytics.outcome.endpoint import Endpoint
from analytics.outcome.terms import Term, variables_of
from data_loader.errors import AnalysisError
from data_loader.variables import Variable


def check_leakage(
    endpoint: Endpoint, terms: tuple[Term, ...], *, allowed: Collection[str]
) -> tuple[Variable, ...]:
    """Refuse terms that a baseline model can't have.

    Args:
        endpoint: what is explained.
        terms: what explains it.
        allowed: names of variables that are wanted though they are known only after treatment.

    Returns:
        Those variables among the terms: every export names them.

    Raises:
        AnalysisError: a term is the outcome itself, or known only after treatment and not allowed.
    """
    used = {part.name: part for one in variables_of(terms) for part in parts_of(one)}.values()
    for variable in used:
        if variable.name == endpoint.variable.name:
            raise AnalysisError(
                f"{variable.label} is the outcome; it can't explain itself: take it off the terms."
            )
    late = tuple(variable for variable in used if variable.timepoint == "outcome")
    refused = [variable for variable in late if variable.name not in allowed]
    if refused:
        names = ",".join(variable.name for variable in refused)
        raise AnalysisError(
            f"{_listed(refused)} known only after treatment and can't be in a baseline model; take"
            f" {'it' if len(refused) == 1 else 'them'} off the terms, or ask for"
            f" {'it' if len(refused) == 1 else 'them'} by name"
            f" (--allow-post-treatment {names})."
        )
    return late


def leakage_sentence(late: tuple[Variable, ...], endpoint: Endpoint) -> str:
    """What every export says of a model with such terms."""
    return (
        f"{_listed(late)} known only after treatment: the model describes how"
        f" {endpoint.label} goes with {'it' if len(late) == 1 else 'them'}, and is neither an"
        " effect of treatment nor a prediction from what is known at admission."
    )


def _listed(variables: Collection[Variable]) -> str:
    labels = [variable.label for variable in variables]
    if len(labels) == 1:
        return f"{labels[0]} is"
    return f"{', '.join(labels[:-1])} and {labels[-1]} are"
