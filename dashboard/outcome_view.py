"""What an address asks of the Outcome page, with what goes without saying filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analytics.outcome.endpoint import MODELS, is_mrs, usual_model
from analytics.outcome.plan import Plan, read_plan, suggested_terms
from analytics.outcome.shift import mrs_points
from analytics.outcome.terms import Term, parse_terms
from analytics.outcome.utility import WEIGHT_SETS, WeightSet
from analytics.table_one.choices import names
from dashboard.view import View
from data_loader.errors import AnalysisError
from data_loader.index import Index
from data_loader.variables import Variable

EVERYONE = "none"
"""What `by` says where nobody is told apart."""

FIRTH, HC3, LOWER = "firth", "hc3", "lower"
"""Of the keys `penalty`, `errors` and `reading`."""

_BINARY = ("good", "excellent", "death", "binary")
_OPTION = re.compile(r" \(--[^)]*\)")


@dataclass(frozen=True)
class OutcomeView:
    """The page's part of an address, read.

    Attributes:
        endpoint: what is explained: a variable, or a change such as `nihss_24h-nihss_admission`.
        regression: how; empty for the way that is usual for the outcome.
        terms: as written, one text a term.
        by: whose levels are groups, several variables that are crossed joined by commas; None for
            everyone together.
        bars: the mRS whose levels are shown by group; empty where the index has none.
        free: texts of the terms that get an odds ratio at every cut.
        errors: `hc3`, a variable whose codes are clusters, or empty for the model's own.
        penalty: `firth`, or empty.
        allow: variables that are wanted though known only after treatment.
        weights: key of the utilities.
        along: variable along which is predicted; empty for the first.
        cut: above which value of a score curves are drawn; empty for the usual one.
        is_lower: whether odds ratios are those of a lower outcome.
    """

    endpoint: str
    regression: str
    terms: tuple[str, ...]
    by: str | None
    bars: str
    free: tuple[str, ...]
    errors: str
    penalty: str
    allow: tuple[str, ...]
    weights: str
    along: str
    cut: str
    is_lower: bool

    @classmethod
    def parse(cls, view: View, index: Index) -> "OutcomeView":
        """Read an address; whether what it names exists is asked where it is computed."""
        said = view.choices
        endpoint = said.get("endpoint") or default_endpoint(index)
        grouping = names(said.get("by") or default_group(index))
        by = ",".join(name for name in grouping if name != EVERYONE)
        return cls(
            endpoint=endpoint,
            regression=said.get("regression", ""),
            terms=_terms(said.get("terms"), index, taken={*endpoint.split("-"), *grouping}),
            by=by or None,
            bars=said.get("bars") or default_bars(index, endpoint),
            free=split_terms(said.get("free", "")),
            errors=said.get("errors", ""),
            penalty=said.get("penalty", ""),
            allow=split_terms(said.get("allow", "")),
            weights=said.get("weights") or next(iter(WEIGHT_SETS)),
            along=said.get("along", ""),
            cut=said.get("cut", ""),
            is_lower=said.get("reading") == LOWER,
        )

    def model_name(self, variables: Mapping[str, Variable]) -> str:
        """One of `MODELS`: the usual one where none is asked for."""
        if self.regression:
            return self.regression
        known = variables.get(self.endpoint)
        return usual_model(known) if known else "linear"

    def request(self, variables: Mapping[str, Variable]) -> dict[str, Any]:
        """What is asked for, as `read_plan` and `read_study` take it.

        Choices that the model at hand doesn't know, such as freed terms of a linear one, wait in
        the address until one does.
        """
        name = self.model_name(variables)
        present = {term.text for term in self.read_terms(variables)} | {self.by}
        free = [text for text in self.free if text in present]
        if self.by and "," in self.by and set(names(self.by)) <= set(self.free):
            free.append(self.by)
        return {
            "outcome": self.endpoint,
            "model": self.regression or None,
            "terms": ",".join(self.terms),
            "by": self.by,
            "free": ",".join(free) * (name == "partial"),
            "cluster": self.errors if self.errors not in ("", HC3) else None,
            "firth": self.penalty == FIRTH and name in _BINARY,
            "hc3": self.errors == HC3 and name == "linear",
            "allow": ",".join(self.allow),
        }

    def plan(self, variables: Mapping[str, Variable]) -> Plan:
        """What is asked for, read as the command line reads it.

        Raises:
            AnalysisError: it can't be read, or doesn't go together.
        """
        return read_plan(variables, **self.request(variables))

    def read_terms(self, variables: Mapping[str, Variable]) -> tuple[Term, ...]:
        """The terms that can be read; a product written with `*` in its parts."""
        return tuple(
            {term.text: term for text in self.terms for term in _read(text, variables)}.values()
        )

    def weight_set(self) -> WeightSet:
        """Utilities of the mRS.

        Raises:
            AnalysisError: there are none of that name.
        """
        if self.weights not in WEIGHT_SETS:
            known = ", ".join(WEIGHT_SETS)
            raise AnalysisError(f"There are no utilities {self.weights[:60]!r}; there are {known}.")
        return WEIGHT_SETS[self.weights]

    def group(self, variables: Mapping[str, Variable]) -> str | None:
        """Whose levels are groups.

        Raises:
            AnalysisError: there is no such variable.
        """
        for name in names(self.by or ""):
            if name not in variables:
                raise AnalysisError(f"{name[:60]!r} is no variable of this index.")
        return self.by


def default_endpoint(index: Index) -> str:
    """The latest mRS that there is, or else the first thing known only after treatment."""
    later = [name for name in ("mrs_3_months", "mrs_discharge") if name in index.variables]
    known = index.variables.values()
    later += [one.name for one in known if one.timepoint == "outcome" and one.kind == "ordinal"]
    later += [one.name for one in known if one.timepoint == "outcome"]
    return next(iter(later), next(iter(index.variables)))


def default_group(index: Index) -> str:
    """What makes the groups unless the address says so: the sex, which most datasets have."""
    return "sex" if "sex" in index.variables else EVERYONE


def default_bars(index: Index, endpoint: str) -> str:
    """The mRS that is shown by group: the outcome where it is one, or else the latest."""
    variable = index.variables.get(endpoint)
    if variable is not None and is_mrs(variable):
        return endpoint
    return next(reversed(mrs_points(index.variables)), "")


def default_terms(index: Index) -> tuple[str, ...]:
    """The conventional adjustment that is known before treatment."""
    return suggested_terms(index.variables)


def models_of(endpoint: str, index: Index) -> tuple[str, ...]:
    """The models that an outcome can have, the usual one first."""
    variable = index.variables.get(endpoint)
    if variable is None:
        return ("linear",)
    if is_mrs(variable):
        return tuple(name for name in MODELS if name != "binary")
    usual = usual_model(variable)
    if variable.kind == "ordinal" and not variable.is_text:
        return (usual, "partial", "linear")
    return (usual, "partial") if usual == "ordinal" else (usual,)


def split_terms(text: str) -> tuple[str, ...]:
    """Texts between commas that stand outside brackets."""
    pieces = (piece.strip() for piece in re.split(r",(?![^()]*\))", text))
    return tuple(dict.fromkeys(piece for piece in pieces if piece))


def page_sentence(text: object) -> str:
    """A sentence without the options of the command line that it offers."""
    return _OPTION.sub("", str(text))


def _terms(said: str | None, index: Index, *, taken: set[str]) -> tuple[str, ...]:
    if said is not None:
        return split_terms(said)
    return tuple(name for name in default_terms(index) if name not in taken)


def _read(text: str, variables: Mapping[str, Variable]) -> tuple[Term, ...]:
    try:
        return parse_terms(text, variables)
    except AnalysisError:
        return ()
