"""What is asked of a model, read and checked before any value is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.outcome.endpoint import MODELS, Endpoint, Model, parse_endpoint, usual_model
from analytics.outcome.leakage import check_leakage
from analytics.outcome.terms import Part, Term, has_levels, parse_terms, variables_of
from data_loader.errors import AnalysisError
from data_loader.variables import Variable

CONVENTIONAL_TERMS = (
    "age",
    "nihss_admission",
    "mrs_premorbid",
    "onset_to_door_min",
    "volume_ml",
    "center",
)
"""Age, severity, earlier disability, time, infarct volume and centre: the adjustment that stroke
trials and registries agree on. Of the times, ISLES'24 has onset to door in most subjects."""


@dataclass(frozen=True)
class Plan:
    """A model as asked for.

    Attributes:
        model: how the outcome is modelled.
        endpoint: what is explained.
        terms: what explains it; that of the groups comes first.
        group: whose levels are compared; None where no groups are.
        free: texts of the terms that get an estimate at every cut.
        cluster: whose codes tell apart groups of subjects that may be alike.
        firth: whether the likelihood bears Firth's penalty.
        hc3: whether a linear model's errors allow for variances that differ.
        late: variables among the terms that are known only after treatment, asked for by name.
    """

    model: Model
    endpoint: Endpoint
    terms: tuple[Term, ...]
    group: Variable | None = None
    free: tuple[str, ...] = ()
    cluster: Variable | None = None
    firth: bool = False
    hc3: bool = False
    late: tuple[Variable, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the variables whose values it needs."""
        needed = [*self.endpoint.variables, *variables_of(self.terms)]
        needed += [self.cluster] if self.cluster else []
        return tuple(dict.fromkeys(variable.name for variable in needed))

    @property
    def request(self) -> dict[str, str | bool]:
        """What `read_plan` reads to the same plan; what goes without saying is left out."""
        own = self.terms[1:] if self.group else self.terms
        asked: dict[str, str | bool] = {
            "outcome": self.endpoint.text,
            "model": self.model,
            "terms": ",".join(term.text for term in own),
            "by": self.group.name if self.group else "",
            "free": ",".join(self.free),
            "cluster": self.cluster.name if self.cluster else "",
            "firth": self.firth,
            "hc3": self.hc3,
            "allow": ",".join(variable.name for variable in self.late),
        }
        return {name: value for name, value in asked.items() if value}


def read_plan(  # noqa: PLR0913 - what a reader may choose
    variables: Mapping[str, Variable],
    *,
    outcome: str,
    model: str | None = None,
    terms: str = "",
    by: str | None = None,
    free: str = "",
    cluster: str | None = None,
    firth: bool = False,
    hc3: bool = False,
    allow: str = "",
) -> Plan:
    """Read what is asked for, as text from the command line or an address.

    Args:
        variables: those of the index, by name.
        outcome: a variable, or a change such as `nihss_24h-nihss_admission`.
        model: one of `MODELS`; by the kind of the outcome by default.
        terms: parted by commas, as `parse_terms` reads them.
        by: a variable whose levels are compared; it becomes the first term. Several that are
            crossed are joined by commas, and `variables` holds what crosses them.
        free: terms that get an estimate at every cut, parted by commas.
        cluster: a variable whose codes tell apart groups of subjects that may be alike.
        firth: whether the likelihood bears Firth's penalty.
        hc3: whether a linear model's errors allow for variances that differ.
        allow: names of variables that are wanted though known only after treatment.

    Raises:
        AnalysisError: something can't be read, or doesn't go together.
    """
    if model is not None and model not in MODELS:
        raise AnalysisError(f"There is no model {model!r}; there are {', '.join(MODELS)}.")
    chosen = next((known for known in MODELS if known == model), None)
    if chosen is None:
        chosen = "partial" if free.strip() else _usual(outcome, variables)
    endpoint = parse_endpoint(outcome, variables, model=chosen)
    found = (*_group_term(by, variables), *parse_terms(terms, variables))
    if not found:
        raise AnalysisError(f"A model needs terms, such as {_suggestion(variables, endpoint)}.")
    allowed = {name.strip() for name in allow.split(",") if name.strip()}
    for name in (*allowed, *([cluster] if cluster else [])):
        _known(name, variables)
    plan = Plan(
        model=chosen,
        endpoint=endpoint,
        terms=found,
        group=variables[by] if by else None,
        free=_free(free, by, variables),
        cluster=variables[cluster] if cluster else None,
        firth=firth,
        hc3=hc3,
        late=check_leakage(endpoint, found, allowed=allowed),
    )
    _check_together(plan)
    return plan


def suggested_terms(
    variables: Mapping[str, Variable], *, allow_post_treatment: bool = False
) -> tuple[str, ...]:
    """The conventional adjustment as far as an index has it.

    Args:
        variables: those of the index, by name.
        allow_post_treatment: whether final infarct volume is among them.
    """
    known = [variables[name] for name in CONVENTIONAL_TERMS if name in variables]
    return tuple(v.name for v in known if allow_post_treatment or v.timepoint != "outcome")


def _usual(outcome: str, variables: Mapping[str, Variable]) -> Model:
    return usual_model(variables[outcome]) if outcome in variables else "linear"


def _suggestion(variables: Mapping[str, Variable], endpoint: Endpoint) -> str:
    own = {variable.name for variable in endpoint.variables}
    names = [name for name in suggested_terms(variables) if name not in own]
    return ",".join(names) or "age,sex"


def _group_term(by: str | None, variables: Mapping[str, Variable]) -> tuple[Term, ...]:
    if not by:
        return ()
    variable = _known(by, variables)
    if variable.kind in ("continuous", "duration", "count"):
        raise AnalysisError(
            f"{variable.label} is a measure, not a group; put it among the terms instead."
        )
    as_levels = has_levels(variable) or variable.kind != "binary"
    return (Term((Part(variable, "levels" if as_levels else "raw"),)),)


def _free(free: str, by: str | None, variables: Mapping[str, Variable]) -> tuple[str, ...]:
    """Texts of the freed terms; that of crossed groups has commas of its own."""
    crossed = f",{by}," if by and "," in by else None
    is_group = crossed is not None and crossed in f",{free},"
    rest = f",{free},".replace(crossed, ",") if crossed else free
    texts = [*([by] if is_group and by else []), *(t.text for t in parse_terms(rest, variables))]
    return tuple(dict.fromkeys(texts))


def _known(name: str, variables: Mapping[str, Variable]) -> Variable:
    if name not in variables:
        raise AnalysisError(f"{name!r} is no variable of this index.")
    return variables[name]


def _check_together(plan: Plan) -> None:
    texts = {term.text for term in plan.terms}
    missing = [text for text in plan.free if text not in texts]
    if missing:
        raise AnalysisError(
            f"{missing[0]} can't be freed: it is none of the terms ({', '.join(sorted(texts))})."
        )
    if plan.model == "partial" and not plan.free:
        raise AnalysisError("Partial proportional odds need the terms that are freed (--free).")
    if plan.free and plan.model != "partial":
        raise AnalysisError(f"Only partial proportional odds free terms, not {plan.model}.")
    if plan.firth and plan.endpoint.scale != "binary":
        raise AnalysisError(
            "Firth's penalty is for outcomes with two levels; choose the model good, excellent,"
            " death or binary."
        )
    if plan.firth and plan.cluster:
        raise AnalysisError("Firth's penalty has no errors by cluster; choose one of the two.")
    if plan.hc3 and (plan.endpoint.scale != "linear" or plan.cluster):
        raise AnalysisError("HC3 errors are for linear models without clusters.")
