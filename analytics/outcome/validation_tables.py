"""Validation as tables: measures, optimism, nested models, calibration, importance."""

from collections.abc import Sequence

from analytics.outcome.calibration import Tenth
from analytics.outcome.curves import Curves
from analytics.outcome.importance import Importance
from analytics.outcome.influence import Estimate
from analytics.outcome.nested import NestedComparison
from analytics.outcome.optimism import BootstrapValidation
from analytics.outcome.performance import LABELS
from analytics.outcome.validated_model import ValidatedModel
from analytics.outcome.validation import CrossValidation
from analytics.table_one.wording import NOTHING, fixed, p_value
from analytics.tables.table import EMPTY, Cell, Column, Table, TableRow

_DESCRIBES = (
    "The interval of the apparent difference describes it; whether the terms add is what the test"
    " says (Demler 2012)."
)
_SHUFFLED = (
    "What AUC, c or R² of held-out predictions lose when a variable is shuffled among held-out"
    " subjects: mean and SD over permutations, first repeat of the folds."
)
_HELD_OUT = "Each subject's mean held-out prediction over the repeats; Wilson's interval."

_RPS = (
    "Of an ordinal outcome the mean over its cut-points: the ranked probability score divided by"
    " their number."
)
_CUTS = (
    "Logistic recalibration; of an ordinal outcome of all cut-points together, with errors"
    " clustered by subject. A slope below 1 means predictions that are too extreme."
)


def validation_tables(validated: ValidatedModel) -> tuple[Table, ...]:
    """Every table of a validated model."""
    tables = [cross_validation_table(validated.cross)]
    if validated.bootstrap:
        tables.append(optimism_table(validated.bootstrap))
    if validated.curves:
        tables.append(calibration_table(validated.curves))
    tables += [importance_table(name, found) for name, found in validated.importance.items()]
    return tuple(tables)


def cross_validation_table(cross: CrossValidation) -> Table:
    """A column a model, a row a measure; below, each model's discrimination less the first's."""
    names = list(cross.models[0].measures)
    columns = [Column("measure", "", align="left")]
    columns += [Column(f"model{n}", one.name, sub="95 % CI") for n, one in enumerate(cross.models)]
    rows = []
    for name in names:
        cells = [_interval(one.estimates()[name]) for one in cross.models]
        rows.append(TableRow((Cell(LABELS[name]), *cells)))
    if len(cross.models) > 1:
        others = range(1, len(cross.models))
        cells = [_interval(cross.difference(place, 0, names[0])) for place in others]
        label = f"Difference of {LABELS[names[0]]} from {cross.models[0].name}"
        rows.append(TableRow((Cell(label), EMPTY, *cells)))
    return Table(
        title="Cross-validated performance",
        columns=tuple(columns),
        rows=tuple(rows),
        footnotes=tuple(
            ("", said) for said in (cross.sentence(), *_explained(names), *cross.notes)
        ),
    )


def optimism_table(bootstrap: BootstrapValidation) -> Table:
    """A row a measure: apparent, optimism, corrected."""
    rows = []
    for name, found in bootstrap.measures.items():
        cells = [Cell(NOTHING), EMPTY, EMPTY]
        if found:
            optimism = Cell(fixed(found.optimism, 3), found.optimism, 3)
            cells = [_interval(found.apparent), optimism, _interval(found.corrected)]
        rows.append(TableRow((Cell(LABELS[name]), *cells)))
    said = (bootstrap.sentence(), *_explained(list(bootstrap.measures)), *bootstrap.notes)
    return Table(
        title="Performance corrected for optimism",
        columns=(
            Column("measure", "", align="left"),
            Column("apparent", "Apparent", sub="95 % CI"),
            Column("optimism", "Optimism"),
            Column("corrected", "Corrected", sub="95 % CI"),
        ),
        rows=tuple(rows),
        footnotes=tuple(("", sentence) for sentence in said),
    )


def nested_table(nested: NestedComparison) -> Table:
    """Two nested models and what the added terms bring."""
    base, full, difference = nested.apparent
    without, with_ = nested.validation.models
    test, label = nested.test, LABELS[nested.measure]
    df = f"{test.df} df" if test.df2 is None else f"{test.df} and {test.df2:.1f} df"
    rows = [
        TableRow((Cell(f"{label}, apparent"), *map(_interval, (base, full, difference)))),
        TableRow(
            (
                Cell(f"{label}, cross-validated"),
                _interval(without.estimates()[nested.measure]),
                _interval(with_.estimates()[nested.measure]),
                _interval(nested.validated_difference),
            )
        ),
    ]
    symbol = "χ²" if test.df2 is None else "F"
    found = f"{symbol} {test.statistic:.2f}, {df}, p {p_value(test.p)}"
    title = f"{test.name[0].upper()}{test.name[1:]}"
    rows.append(TableRow((Cell(title), EMPTY, EMPTY, Cell(found, test.p))))
    said = (
        nested.sentence(),
        nested.validation.sentence(),
        _DESCRIBES,
        *nested.validation.notes,
    )
    return Table(
        title=f"What {', '.join(nested.added)} adds",
        columns=(
            Column("measure", "", align="left"),
            Column("base", without.name, sub="95 % CI"),
            Column("full", with_.name, sub="95 % CI"),
            Column("difference", "Difference", sub="95 % CI"),
        ),
        rows=tuple(rows),
        footnotes=tuple(("", sentence) for sentence in said),
    )


def calibration_table(curves: Curves) -> Table:
    """A row a tenth of the predictions."""
    had, n = int(curves.happened.sum()), len(curves.happened)
    return Table(
        title=f"Predicted and observed probability: {curves.event}",
        columns=(
            Column("tenth", "Tenth", align="left"),
            Column("n", "n"),
            Column("predicted", "Predicted", sub="mean"),
            Column("observed", "Observed", sub="95 % CI"),
        ),
        rows=tuple(_tenth(n, tenth) for n, tenth in enumerate(curves.calibration.tenths, 1)),
        footnotes=(("", f"{had:,} of {n:,} subjects had the event. {_HELD_OUT}"),),
    )


def importance_table(name: str, found: Sequence[Importance]) -> Table:
    """A row a variable, the one that is worth most first."""
    return Table(
        title=f"Permutation importance, {name}",
        columns=(
            Column("variable", "", align="left"),
            Column("loss", "Loss of discrimination"),
            Column("sd", "SD"),
        ),
        rows=tuple(
            TableRow(
                (
                    Cell(one.variable.label),
                    Cell(fixed(one.loss, 3), one.loss, 3),
                    Cell(f"{one.sd:.3f}", one.sd, 3),
                )
            )
            for one in found
        ),
        footnotes=(("", _SHUFFLED),),
    )


def _tenth(number: int, tenth: Tenth) -> TableRow:
    low, high = tenth.ci_low, tenth.ci_high
    return TableRow(
        (
            Cell(str(number), number),
            Cell(f"{tenth.n:,}", tenth.n),
            Cell(f"{tenth.predicted:.3f}", tenth.predicted, 3),
            Cell(f"{tenth.observed:.3f} ({low:.3f} to {high:.3f})", tenth.observed, 3),
        )
    )


def _explained(names: Sequence[str]) -> list[str]:
    return [_RPS, _CUTS] if "brier" in names else []


def _interval(found: Estimate | None) -> Cell:
    if found is None:
        return Cell(NOTHING)
    interval = f"{fixed(found.ci_low, 3)} to {fixed(found.ci_high, 3)}"
    return Cell(f"{fixed(found.value, 3)} ({interval})", found.value, 3)
