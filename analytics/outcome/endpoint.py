"""What a model is about: a variable, and the scale on which it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from data_loader.errors import AnalysisError
from data_loader.variables import Variable

Scale = Literal["ordinal", "binary", "linear"]
Model = Literal["ordinal", "partial", "good", "excellent", "death", "binary", "linear"]
MODELS: tuple[Model, ...] = get_args(Model)

Float = npt.NDArray[np.float64]

_CUTS: Mapping[Model, tuple[float, float, str, str]] = {
    "good": (0, 2, "good outcome", "0 to 2"),
    "excellent": (0, 1, "excellent outcome", "0 to 1"),
    "death": (6, 6, "death", "6"),
}


@dataclass(frozen=True)
class Endpoint:
    """An outcome as a model takes it.

    Attributes:
        variable: whose values are explained.
        scale: ordinal (its levels in order), binary (whether it is the event) or linear.
        label: as a table names it.
        event: of a binary endpoint, the lowest and highest value that count as the event.
        minus: of a change, the variable that is taken off.
    """

    variable: Variable
    scale: Scale
    label: str
    event: tuple[float, float] | None = None
    minus: Variable | None = None

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that it needs."""
        return (self.variable,) if self.minus is None else (self.variable, self.minus)

    @property
    def text(self) -> str:
        """As it is written; names the outcome in JSON."""
        return "-".join(variable.name for variable in self.variables)

    @property
    def reading(self) -> str:
        """What an odds ratio above 1, or a slope above 0, means."""
        match self.scale:
            case "linear":
                return f"An estimate above 0 means a higher {self.label}."
            case "binary":
                return f"An odds ratio above 1 means higher odds of {self.label}."
        worse = " (worse)" if _is_score(self.variable) else ""
        return f"An odds ratio above 1 means a higher{worse} {self.label}."

    def read(self, values: pd.DataFrame) -> Float:
        """Numbers to model, shape (n,).

        Returns:
            The value where linear; 0 or 1 where binary; the value, or the place of its code
            among the levels where codes are text, where ordinal. NaN where it is blank or lies
            outside of an ordinal score's range.
        """
        codes = self._codes(values[self.variable.name])
        if self.minus is not None:
            codes = codes - values[self.minus.name].to_numpy(float)
        if self.event is None:
            return codes
        low, high = self.event
        return np.where(np.isnan(codes), np.nan, (codes >= low) & (codes <= high))

    def level_label(self, level: float) -> str:
        """What a reader sees for a value that `read` gave."""
        if self.variable.is_text:
            return self.variable.level_label(list(self.variable.levels)[int(level)])
        code = int(level) if float(level).is_integer() else level
        return self.variable.level_label(code)

    def _codes(self, column: "pd.Series[Any]") -> Float:
        if self.variable.is_text:
            place = {code: float(n) for n, code in enumerate(_levels(self.variable))}
            return np.asarray(column.map(place).to_numpy(float))
        codes: Float = column.to_numpy(float)
        if self.scale != "linear" and _is_score(self.variable):
            low, high = self.variable.plausible or (-np.inf, np.inf)
            return np.where((codes >= low) & (codes <= high), codes, np.nan)
        return codes


def parse_endpoint(
    text: str, variables: Mapping[str, Variable], *, model: Model | None = None
) -> Endpoint:
    """Read an outcome: a variable, or a change as in `nihss_24h-nihss_admission`.

    Args:
        text: name of the variable, or of the two whose difference is explained.
        variables: those of the index, by name.
        model: how it is modelled; by the variable's kind by default.

    Raises:
        AnalysisError: there is no such variable, or it can't be modelled that way.
    """
    found = [_known(name.strip(), variables) for name in text.split("-", 1)]
    if len(found) == 2:
        return _change(found[0], found[1], model)
    variable = found[0]
    model = model or usual_model(variable)
    if model in _CUTS:
        return _dichotomy(variable, model)
    if model == "linear":
        return Endpoint(_numeric(variable), "linear", variable.heading)
    if model == "binary":
        return _two_levels(variable)
    if variable.kind == "categorical":
        raise AnalysisError(f"{variable.label} has levels without an order; no model takes it.")
    return Endpoint(variable, "ordinal", variable.label)


def usual_model(variable: Variable) -> Model:
    """The model for a variable's kind: ordinal, binary or linear."""
    if variable.kind == "ordinal":
        return "ordinal"
    is_pair = variable.kind == "categorical" and len(variable.levels) == 2
    return "binary" if variable.kind == "binary" or is_pair else "linear"


def is_mrs(variable: Variable) -> bool:
    """Whether a variable is a modified Rankin scale, 0 to 6."""
    return variable.group == "mRS" and variable.kind == "ordinal"


def _is_score(variable: Variable) -> bool:
    return variable.kind == "ordinal" and variable.plausible is not None


def _known(name: str, variables: Mapping[str, Variable]) -> Variable:
    if name not in variables:
        raise AnalysisError(f"{name!r} is no variable of this index.")
    return variables[name]


def _numeric(variable: Variable) -> Variable:
    if variable.is_text or variable.kind == "categorical":
        raise AnalysisError(f"{variable.label} has levels, not numbers; no linear model takes it.")
    return variable


def _levels(variable: Variable) -> tuple[str, ...]:
    if not variable.levels:
        raise AnalysisError(f"{variable.label} has no levels in the dictionary.")
    return tuple(variable.levels)


def _change(variable: Variable, minus: Variable, model: Model | None) -> Endpoint:
    if model not in (None, "linear"):
        raise AnalysisError("A change is modelled as linear; ask for the model linear.")
    label = f"change of {_numeric(variable).label} from {_numeric(minus).label}"
    return Endpoint(variable, "linear", label, minus=minus)


def _dichotomy(variable: Variable, model: Model) -> Endpoint:
    low, high, name, levels = _CUTS[model]
    if not is_mrs(variable):
        raise AnalysisError(f"The model {model} needs an mRS, and {variable.label} is none.")
    label = f"{name} ({variable.label} {levels})"
    return Endpoint(variable, "binary", label, event=(low, high))


def _two_levels(variable: Variable) -> Endpoint:
    if variable.kind == "binary":
        return Endpoint(variable, "binary", variable.label, event=(1, 1))
    if len(variable.levels) != 2:
        raise AnalysisError(f"{variable.label} has no two levels; choose another model.")
    code = list(variable.levels)[1]
    at = 1.0 if variable.is_text else float(code)
    label = f"{variable.label}: {variable.level_label(code)}"
    return Endpoint(variable, "binary", label, event=(at, at))
