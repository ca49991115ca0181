"""An outcome model with what is asked for beside it: imputation, validation, what terms add.

`read_study` reads the request, `run_study` does the work and tells how far it has come; the result
goes into every file that `analytics.outcome.export.study_file` makes. A page that shows one part
alone calls `fit_imputed`, `validate_outcome` or `compare_nested` itself and hands a `Study` of it
to the files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analytics.outcome.imputation import ImputationPlan, impute
from analytics.outcome.imputed_model import ImputedModel, PooledEstimates, fit_imputed
from analytics.outcome.model import OutcomeModel, fit_outcome
from analytics.outcome.nested import NestedComparison, compare_nested
from analytics.outcome.plan import Plan, read_plan
from analytics.outcome.validated_model import ValidatedModel, validate_outcome, validation_steps
from analytics.outcome.validation import ValidationPlan
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.progress import Report, part_of
from data_loader.variables import Variable

if TYPE_CHECKING:
    from analytics.outcome.sklearn_learners import Kind

LEARNERS: tuple["Kind", ...] = ("penalised", "boosting", "forest")
"""Of scikit-learn, that a model can be compared with in the same folds."""


@dataclass(frozen=True)
class StudyPlan:
    """What is asked for.

    Attributes:
        plan: the model, added terms included.
        base: the model without the added terms; None where none are.
        imputation: how blanks are filled; None for complete cases alone.
        validation: how the model is validated; None where it isn't.
        learners: that are validated beside it.
        seed: of all random numbers.
        folds: of a repeat of cross-validation, of the model and of what terms add.
        repeats: how often subjects are divided anew.
    """

    plan: Plan
    base: Plan | None = None
    imputation: ImputationPlan | None = None
    validation: ValidationPlan | None = None
    learners: tuple["Kind", ...] = ()
    seed: int = 1
    folds: int = ValidationPlan.folds
    repeats: int = ValidationPlan.repeats

    @property
    def cross_validation(self) -> ValidationPlan:
        """Folds in which the model is held against that without the added terms."""
        return self.validation or ValidationPlan(
            self.folds, self.repeats, seed=self.seed, imputes=self.imputation is not None
        )

    @property
    def request(self) -> dict[str, str | int | bool]:
        """What `read_study` reads to the same study; what goes without saying is left out."""
        asked: dict[str, str | int | bool] = {
            **self.plan.request,
            "impute": self.imputation.imputations if self.imputation else 0,
            "validate": self.validation is not None,
            "add": ",".join(self.added),
            "learners": ",".join(self.learners),
        }
        if self.base:
            asked["terms"] = self.base.request.get("terms", "")
        if self.imputation or self.validation or self.base:
            asked["seed"] = self.seed
        if self.validation or self.base:
            asked["folds"] = self.folds * (self.folds != ValidationPlan.folds)
            asked["repeats"] = self.repeats * (self.repeats != ValidationPlan.repeats)
        return {name: value for name, value in asked.items() if value}

    @property
    def added(self) -> tuple[str, ...]:
        """Texts of the terms whose worth is asked."""
        had = {term.text for term in self.base.terms} if self.base else set()
        return tuple(term.text for term in self.plan.terms if self.base and term.text not in had)


@dataclass(frozen=True)
class Study:
    """What was found; None where it wasn't asked for.

    Attributes:
        model: fitted to the complete cases, with its diagnostics.
        imputed: pooled over imputations.
        validated: how good its predictions are.
        nested: what the added terms bring.
        asked: the request, as `StudyPlan.request`; that of the model alone where empty.
    """

    model: OutcomeModel
    imputed: ImputedModel | None = None
    validated: ValidatedModel | None = None
    nested: NestedComparison | None = None
    asked: Mapping[str, str | int | bool] | None = None

    @property
    def request(self) -> Mapping[str, str | int | bool]:
        """What a script asks to get the same."""
        return self.asked or self.model.plan.request

    @property
    def pooled(self) -> PooledEstimates | None:
        """The pooled estimates, which stand beside those of the complete cases."""
        return self.imputed.estimates if self.imputed else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences that must stand beside the numbers."""
        imputed = self.imputed.notes if self.imputed else ()
        validated = self.validated.notes if self.validated else ()
        nested = self.nested.validation.notes if self.nested else ()
        return tuple(dict.fromkeys((*self.model.warnings, *imputed, *validated, *nested)))


def read_study(  # noqa: PLR0913 - what a reader may choose
    variables: Mapping[str, Variable],
    *,
    impute: int = 0,
    validate: bool = False,
    add: str = "",
    learners: str = "",
    seed: int = 1,
    folds: int = ValidationPlan.folds,
    repeats: int = ValidationPlan.repeats,
    **model: Any,
) -> StudyPlan:
    """Read what is asked for, as text from the command line or an address.

    Args:
        variables: those of the index, by name.
        impute: how many times blanks are filled; 0 for complete cases alone.
        validate: whether the model is validated.
        add: terms whose worth is asked, besides those of the model, parted by commas.
        learners: of `LEARNERS`, parted by commas; they are validated with the model.
        seed: of all random numbers.
        folds: of a repeat of cross-validation.
        repeats: how often subjects are divided anew.
        model: as `read_plan` takes it; its terms without the added ones.

    Raises:
        AnalysisError: something can't be read, or doesn't go together.
    """
    kinds = tuple(dict.fromkeys(one.strip() for one in learners.split(",") if one.strip()))
    chosen = tuple(kind for kind in LEARNERS if kind in kinds)
    if unknown := [kind for kind in kinds if kind not in LEARNERS]:
        raise AnalysisError(f"There is no learner {unknown[0]!r}; there are {', '.join(LEARNERS)}.")
    if chosen and not validate:
        raise AnalysisError("Learners are compared by validation; ask for it too (--validate).")
    if seed < 0:
        raise AnalysisError("A seed is a whole number from 0.")
    how = ValidationPlan(folds, repeats, seed=seed, imputes=impute > 0)
    usual = (ValidationPlan.folds, ValidationPlan.repeats)
    if (folds, repeats) != usual and not (validate or add.strip()):
        raise AnalysisError("Folds and repeats are of validation; ask for it too (--validate).")
    terms, base = model.get("terms", ""), None
    if add.strip():
        base = read_plan(variables, **model)
        model = {**model, "terms": ",".join(part for part in (terms, add) if part.strip())}
    plan = read_plan(variables, **model)
    asked = StudyPlan(
        plan=plan,
        base=base,
        imputation=ImputationPlan(imputations=impute, seed=seed) if impute else None,
        validation=how if validate else None,
        learners=chosen,
        seed=seed,
        folds=folds,
        repeats=repeats,
    )
    if base and not asked.added:
        raise AnalysisError(f"{add.strip()} can't be added: the model has it already.")
    return asked


def run_study(frame: CohortFrame, asked: StudyPlan, *, progress: Report | None = None) -> Study:
    """Fit the model and do all that is asked for beside it.

    Args:
        frame: values of the variables in `asked.plan.names`.
        asked: from `read_study`.
        progress: told after each imputation, fold and resample; an exception that it raises ends
            the work.

    Raises:
        AnalysisError: these values can't be modelled or validated that way.
    """
    plan, how, nested_how = asked.plan, asked.validation, asked.cross_validation
    imputations = asked.imputation.imputations if asked.imputation else 0
    steps = validation_steps(plan, how, asked.learners) if how else 0
    total = imputations + steps + nested_how.folds * nested_how.repeats * (asked.base is not None)
    model = fit_outcome(frame, plan)
    imputed = validated = nested = None
    if asked.imputation:
        told = part_of(progress, 0, total)
        filled = impute(
            frame, endpoint=plan.endpoint, terms=plan.terms, plan=asked.imputation, progress=told
        )
        imputed = fit_imputed(filled, plan)
    if how:
        told = part_of(progress, imputations, total)
        validated = validate_outcome(frame, plan, how, learners=asked.learners, progress=told)
    if asked.base:
        told = part_of(progress, imputations + steps, total)
        nested = compare_nested(frame, asked.base, plan, nested_how, imputed=imputed, progress=told)
    return Study(model, imputed, validated, nested, asked.request)
