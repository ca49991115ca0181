"""What a Table 1 is to show, as chosen by the reader, and how a choice is written as text."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from data_loader.errors import AnalysisError
from data_loader.variables import Variable

Summary = Literal["mean", "median", "range", "count"]
Test = Literal["welch", "rank", "chi2", "fisher", "trend", "none"]
Style = Literal["journal", "paper"]
Adjustment = Literal["none", "holm", "bh"]
Blanks = Literal["cells", "rows", "none"]
OrdinalSmd = Literal["levels", "ranks"]

ALL = "all"
"""Stands for every variable where a summary or a test is chosen."""

NONE = "none"
"""Stands for an empty list in an address, where a blank means what goes without saying."""

_LONGEST_NAME = 60

PAPER_ROWS = (
    *("center", "age", "sex", "race", "bmi"),
    *("atrial_fibrillation", "hypertension", "diabetes", "hyperlipidemia", "prior_stroke"),
    *("acute_ischaemic_stroke", "etiology"),
    *("anticoagulation", "lipid_lowering_drugs", "platelet_inhibitors"),
    *("glucose_mg_dl", "leucocytes_g_l", "crp_mg_dl", "inr"),
    *("wake_up", "in_house", "referral"),
    *("onset_to_door_min", "alert_to_door_min", "door_to_imaging_min", "door_to_groin_min"),
    *("door_to_first_series_min", "time_of_intervention_min", "door_to_recanalization_min"),
    *("nihss_admission", "nihss_24h", "nihss_discharge"),
    *("mrs_premorbid", "mrs_admission", "mrs_24h", "mrs_discharge", "mrs_3_months"),
    *("tici", "volume_ml", "components_26", "dominant_territory"),
    *("core_ml", "tmax_6_ml", "mismatch_ml", "mismatch_ratio"),
)
"""Rows of the ISLES'24 paper's table, what it owes included, and what kin of it have instead."""


@dataclass(frozen=True)
class Choices:
    """Everything that a reader can choose about a Table 1.

    Attributes:
        by: variables whose levels, crossed, are the columns; empty for one column of all.
        names: of the columns where two cohorts stand beside each other; what is asked of each for
            want of a name.
        variables: the rows, in order; None for those of the frame.
        style: `paper` has mean ± SD throughout and percentages without counts.
        summaries: variable, or `all`, to how it is summarised; by kind where nothing is said.
        tests: variable, or `all`, to how it is compared; by kind where nothing is said.
        adjust: of p-values for their number.
        smd: whether standardised mean differences are given.
        ordinal_smd: from the shares of the levels, or from ranks.
        difference: whether differences of two columns are given.
        overall: whether there is a column of all.
        blanks: known values within the cells, missing ones as rows, or neither.
        minimum_cell: counts below it are hidden, and what would give them away; 0 hides none.
        replicates: tables drawn where an exact test is too dear.
        seed: of those draws.
    """

    by: tuple[str, ...] = ()
    variables: tuple[str, ...] | None = None
    style: Style = "journal"
    summaries: Mapping[str, Summary] = field(default_factory=dict)
    tests: Mapping[str, Test] = field(default_factory=dict)
    adjust: Adjustment = "none"
    smd: bool = True
    ordinal_smd: OrdinalSmd = "levels"
    difference: bool = True
    overall: bool = True
    blanks: Blanks = "cells"
    minimum_cell: int = 0
    replicates: int = 9999
    seed: int = 1
    names: tuple[str, ...] = ()

    @classmethod
    def parse(cls, texts: Mapping[str, str]) -> "Choices":
        """Read choices as they stand in an address; other keys are left alone.

        Args:
            texts: `by` (or `none`), `rows` and `names` (joined by commas), `style`, `summary` and `tests`
                (`name=word` or `name:word`, joined by commas; a word alone is for all), `adjust`,
                `blanks`, `cells` (the minimum count), `smd` (of ordinal scores, from `levels` or
                `ranks`), `columns` (which of `overall`, `difference`, `smd` to show, or `none`).

        Raises:
            AnalysisError: a text can't be read.
        """
        shown = set(names(texts.get("columns", "overall,difference,smd")))
        if unknown := shown - {"overall", "difference", "smd", NONE}:
            raise AnalysisError(f"{_quoted(unknown.pop())} is no column of a Table 1.")
        return cls(
            by=tuple(name for name in names(texts.get("by", "")) if name != NONE),
            variables=names(texts["rows"]) if texts.get("rows") else None,
            style=_word(Style, texts.get("style") or "journal", "style"),
            summaries=_each(Summary, texts.get("summary", ""), "summary"),
            tests=_each(Test, texts.get("tests", ""), "test"),
            adjust=_word(Adjustment, texts.get("adjust") or "none", "adjustment"),
            blanks=_word(Blanks, texts.get("blanks") or "cells", "way to show blanks"),
            minimum_cell=_count(texts.get("cells") or "0"),
            ordinal_smd=_word(OrdinalSmd, texts.get("smd") or "levels", "SMD of scores"),
            smd="smd" in shown,
            difference="difference" in shown,
            overall="overall" in shown,
            names=_names_of_two(texts.get("names", "")),
        )

    def of_rows(self, rows: Collection[str]) -> "Choices":
        """The same without what is said of variables that are no rows now."""
        return replace(
            self,
            summaries={n: s for n, s in self.summaries.items() if n == ALL or n in rows},
            tests={n: t for n, t in self.tests.items() if n == ALL or n in rows},
        )

    def summary_of(self, variable: Variable) -> Summary:
        """How a variable is summarised.

        Raises:
            AnalysisError: the variable has no such summary.
        """
        usual = self._usual_summary(variable)
        if variable.name in self.summaries:
            chosen = self.summaries[variable.name]
            if chosen != "count" and is_named(variable):
                raise AnalysisError(f"{variable.label} has levels, not numbers: choose count.")
            return chosen
        # What is said of all variables is meant for those that can have it.
        chosen = self.summaries.get(ALL, usual)
        return usual if is_named(variable) or chosen == "count" else chosen

    def _usual_summary(self, variable: Variable) -> Summary:
        if is_named(variable):
            return "count"
        if self.style == "paper":
            return "mean"
        is_skewed = variable.log_axis or variable.kind in ("ordinal", "count", "duration")
        return "median" if is_skewed else "mean"

    def test_of(self, variable: Variable) -> Test | None:
        """The test asked for; None for the one that goes without saying."""
        return self.tests.get(variable.name, self.tests.get(ALL))


def is_named(variable: Variable) -> bool:
    """Whether values are levels that no mean can be taken of."""
    return variable.is_text or variable.kind in ("binary", "categorical")


def paper_rows(variables: Mapping[str, Variable], by: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The rows that go without saying: the paper's that an index has, less what groups them."""
    rows = [name for name in PAPER_ROWS if name in variables and name not in by]
    order = list(dict.fromkeys(variable.group for variable in variables.values()))
    return tuple(sorted(rows, key=lambda name: order.index(variables[name].group)))


def names(text: str) -> tuple[str, ...]:
    """Names joined by commas, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def possible_summaries(variable: Variable) -> tuple[Summary, ...]:
    """The summaries that can be made of a variable."""
    if is_named(variable):
        return ("count",)
    is_counted = variable.kind in ("ordinal", "count")
    return ("mean", "median", "range", "count") if is_counted else ("mean", "median", "range")


def possible_tests(variable: Variable) -> tuple[Test, ...]:
    """The tests that can be made of a variable in two columns."""
    if variable.kind == "categorical":
        return ("chi2", "fisher", "none")
    if is_named(variable):
        return ("chi2", "fisher", "rank", "trend", "none")
    if variable.kind in ("ordinal", "count"):
        return ("rank", "welch", "trend", "chi2", "fisher", "none")
    return ("welch", "rank", "none")


def _names_of_two(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",")) if text.strip() else ()
    if not found:
        return ()
    if len(found) != 2 or found[0] == found[1] or not all(found):
        raise AnalysisError("Two cohorts need two names, joined by a comma, such as “old,young”.")
    if max(map(len, found)) > _LONGEST_NAME:
        raise AnalysisError(f"A name of a column has {_LONGEST_NAME} letters at most.")
    return found


def _each(words: object, text: str, what: str) -> dict[str, Any]:
    chosen = {}
    for part in names(text):
        name, word = part.replace(":", "=").rpartition("=")[::2]
        chosen[name.strip() or ALL] = _word(words, word.strip(), what)
    return chosen


def _word(words: object, text: str, what: str) -> Any:
    known = get_args(words)
    if text not in known:
        listed = f"{', '.join(known[:-1])} and {known[-1]}"
        raise AnalysisError(f"{_quoted(text)} is no {what} of a Table 1; {listed} are.")
    return text


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 6:
        raise AnalysisError(f"{_quoted(text)} is no count: the minimum cell is 0, 5, 10, 11, …")
    return int(text)


def _quoted(text: str) -> str:
    return f"“{text[:40]}{'…' if len(text) > 40 else ''}”"
