"""What a bar, a point or a number of the Territories page stands for: a part of a query.

Such as `lesion_in=MCA-L:10%` or `dominant_territory=MCA-L`. Of where the infarct lies, several
hold at once: whoever asks for a second region keeps the first.
"""

from collections.abc import Mapping
from typing import Literal

from data_loader.cohort import Cohort, Filter
from data_loader.lesion_filter import LESION_IN, conditions, region_expression
from data_loader.variables import Variable

DOMINANT = "dominant_territory"

Involvement = Literal["any", "involved", "dominant"]
"""How much of the infarct a region holds: any of it, at least a tenth, or most of it."""


def region_filter(label: str, level: int, involvement: Involvement) -> str:
    """Who has so much of the infarct in a region; empty where no query says so.

    Args:
        label: of the region.
        level: of the atlas; of parts of territories, none is dominant in a query.
        involvement: how much.
    """
    if involvement == "dominant":
        return f"{DOMINANT}={label}" if level == 2 else ""
    percent = 10 if involvement == "involved" else 0
    return f"{LESION_IN}={region_expression(label, percent)}"


def narrowed_by(cohort: Cohort, part: str, variables: Mapping[str, Variable]) -> Cohort:
    """The cohort with one condition more.

    Raises:
        CohortError: the part can't be read.
    """
    name, _, text = part.partition("=")
    if name != LESION_IN:
        return cohort.with_filter(name, _expression(name, text, variables), variables)
    others = [one for one in _conditions(cohort) if one != text]
    return cohort.with_filter(LESION_IN, ";".join([*others, text]), variables)


def toggled_by(cohort: Cohort, part: str, variables: Mapping[str, Variable]) -> Cohort:
    """The cohort with one condition more, or without it where it has it.

    Raises:
        CohortError: the part can't be read.
    """
    name, _, text = part.partition("=")
    if name == LESION_IN:
        others = [one for one in _conditions(cohort) if one != text]
        has_it, less = text in _conditions(cohort), ";".join(others)
    else:
        wanted = narrowed_by(cohort, part, variables).filter_of(name)
        has_it, less = wanted == cohort.filter_of(name), ""
    if not has_it:
        return narrowed_by(cohort, part, variables)
    return cohort.with_filter(name, less, variables) if less else cohort.without(name)


def _conditions(cohort: Cohort) -> list[str]:
    found = next((one for one in cohort.lesions if one.name == LESION_IN), None)
    return conditions(found.expression) if found else []


def _expression(name: str, code: str, variables: Mapping[str, Variable]) -> str:
    return Filter(variables[name], codes=(code,)).expression if name in variables else code
