"""A comparison of groups as tables: the effects, and every cut of an mRS."""

from collections.abc import Iterator
from dataclasses import replace

from analytics.outcome.compare import Comparison
from analytics.outcome.contrast import Contrast
from analytics.outcome.dichotomies import Dichotomy
from analytics.outcome.effect import Effect
from analytics.table_one.wording import fixed, p_value
from analytics.tables.table import EMPTY, Cell, Column, Table, TableRow

NOT_DEFINED = "not defined"

_CUT_NAMES = {1: "0 to 1 (excellent)", 2: "0 to 2 (good)", 5: "0 to 5 (alive)"}


def comparison_tables(comparison: Comparison) -> tuple[Table, ...]:
    """The effects, and, of an mRS, the dichotomies at every cut."""
    has_cuts = any(contrast.dichotomies for contrast in comparison.contrasts)
    return (_effects(comparison), *([_cuts(comparison)] if has_cuts else []))


class _Notes:
    """Footnotes, each marked once however often it is called for."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def mark(self, sentence: str) -> tuple[str, ...]:
        if not sentence:
            return ()
        return (self._marks.setdefault(sentence, chr(ord("a") + len(self._marks))),)

    def footnotes(self, *more: str) -> tuple[tuple[str, str], ...]:
        marked = tuple(
            (mark, f"{said[0].upper()}{said[1:]}.") for said, mark in self._marks.items()
        )
        return (*marked, *(("", sentence) for sentence in more))


def _effects(comparison: Comparison) -> Table:
    notes, test = _Notes(), comparison.test
    statistic = EMPTY if test.statistic is None else Cell(f"{test.statistic:,.2f}", test.statistic)
    name, how = "Rank test: Wilcoxon's W", "Normal approximation, corrected for ties and continuity"
    if test.df is not None:
        name, how = f"Rank test: Kruskal and Wallis' H, {test.df} df", "Corrected for ties"
    marks = notes.mark(f"Not tested: {test.note}" if test.note else how)
    rows = [TableRow((Cell(name), statistic, EMPTY, _p(test.p)), marks=marks)]
    for contrast in comparison.contrasts:
        rows.append(_heading(contrast, columns=4))
        rows += _effect_rows(contrast, comparison.outcome.label, notes)
    return Table(
        title=f"{comparison.outcome.label} by {comparison.by.label}",
        columns=(
            Column("measure", "", align="left"),
            Column("estimate", "Estimate"),
            Column("ci", "95 % CI"),
            Column("p", "p"),
        ),
        rows=tuple(rows),
        footnotes=notes.footnotes(*comparison.notes),
    )


def _heading(contrast: Contrast, *, columns: int) -> TableRow:
    group, reference = contrast.group, contrast.reference
    said = f"{group.label} (n = {group.n:,}) against {reference.label} (n = {reference.n:,})"
    return TableRow((Cell(said), *[EMPTY] * (columns - 1)), is_heading=True)


def _effect_rows(contrast: Contrast, outcome: str, notes: _Notes) -> Iterator[TableRow]:
    won, ratio, utility = contrast.win_odds, contrast.common_odds_ratio, contrast.utility
    how = (
        "A pair is won by the lower value, ties are split; interval from DeLong's variance on the"
        " scale of log odds (Brunner et al., Stat Med 2021;40:3367)"
    )
    odds = won.odds if won else Effect(None, note="a group is empty")
    yield _effect("Win odds", odds, (*notes.mark(how), *notes.mark(odds.note)), p=None)
    if won:
        shares = f"{100 * won.wins:.1f} / {100 * won.ties:.1f} / {100 * won.losses:.1f} %"
        yield TableRow((Cell("Pairs won / tied / lost"), Cell(shares), EMPTY, EMPTY), indent=1)
    how = "Proportional odds with the group as the only term; Wald's interval and p"
    marks = (*notes.mark(how), *notes.mark(ratio.odds.note))
    name = f"Common odds ratio of a higher (worse) {outcome}"
    yield _effect(name, ratio.odds, marks, p=ratio.p)
    turned = _effect(
        "Read the other way: of a lower (better) one", ratio.reversed.odds, (), p=ratio.p
    )
    yield replace(turned, indent=1)
    if utility:
        weights = ", ".join(f"{weight:g}" for weight in utility.weights.weights)
        how = (
            f"Utilities of mRS 0 to 6: {weights} ({utility.weights.source}); Welch's interval and p"
        )
        marks = (*notes.mark(how), *notes.mark(utility.difference.note))
        name = "Difference of mean utility-weighted mRS"
        yield _effect(name, utility.difference, marks, p=utility.p, digits=3)
        means = [NOT_DEFINED if mean is None else fixed(mean, 3) for mean in utility.means[::-1]]
        yield TableRow((Cell("Means"), Cell(" and ".join(means)), EMPTY, EMPTY), indent=1)


def _effect(
    name: str, effect: Effect, marks: tuple[str, ...], *, p: float | None, digits: int = 2
) -> TableRow:
    value = Cell(NOT_DEFINED)
    if effect.value is not None:
        value = Cell(fixed(effect.value, digits), effect.value, digits)
    cells = (Cell(name), value, Cell(_interval(effect, digits)), _p(p))
    return TableRow(cells, marks=marks)


def _cuts(comparison: Comparison) -> Table:
    notes = _Notes()
    newcombe = notes.mark("Newcombe's interval (method 10, Stat Med 1998;17:873)")
    katz = notes.mark("Interval of Katz on the scale of the logarithm")
    woolf = notes.mark("Interval of Woolf on the scale of the logarithm")
    rows = []
    for contrast in comparison.contrasts:
        rows.append(_heading(contrast, columns=6))
        rows += [_cut_row(at, notes) for at in contrast.dichotomies]
    outcome = comparison.outcome.label
    return Table(
        title=f"{outcome} at every cut by {comparison.by.label}",
        columns=(
            Column("cut", outcome, align="left"),
            Column("group", "Group", sub="n (%)"),
            Column("reference", "Reference", sub="n (%)"),
            Column("rd", "Risk difference", sub="percentage points (95 % CI)", marks=newcombe),
            Column("rr", "Risk ratio", sub="95 % CI", marks=katz),
            Column("or", "Odds ratio", sub="95 % CI", marks=woolf),
        ),
        rows=tuple(rows),
        footnotes=notes.footnotes(
            "Above 0, or above 1, the group has the lower (better) score more often.",
            "The cuts are of the same subjects and not corrected for multiple comparisons.",
        ),
    )


def _cut_row(at: Dichotomy, notes: _Notes) -> TableRow:
    name = _CUT_NAMES.get(at.cut, f"0 to {at.cut}" if at.cut else "0")
    shares = [
        Cell(f"{count:,} ({100 * count / n:.1f})" if n else "0", count)
        for count, n in zip(at.events, at.n, strict=True)
    ]
    said = dict.fromkeys(
        note for one in (at.risk_difference, at.risk_ratio, at.odds_ratio) if (note := one.note)
    )
    marks = tuple(mark for note in said for mark in notes.mark(note))
    effects = _whole(at.risk_difference, 1, per=100), _whole(at.risk_ratio), _whole(at.odds_ratio)
    return TableRow((Cell(name), shares[1], shares[0], *effects), indent=1, marks=marks)


def _whole(effect: Effect, digits: int = 2, *, per: int = 1) -> Cell:
    if effect.value is None:
        return Cell(NOT_DEFINED)
    interval = _interval(effect, digits, per=per)
    return Cell(f"{fixed(per * effect.value, digits)} ({interval})", effect.value)


def _interval(effect: Effect, digits: int, *, per: int = 1) -> str:
    if effect.ci_low is None or effect.ci_high is None:
        return NOT_DEFINED if effect.value is not None else ""
    return f"{fixed(per * effect.ci_low, digits)} to {fixed(per * effect.ci_high, digits)}"


def _p(p: float | None) -> Cell:
    return EMPTY if p is None else Cell(p_value(p), p, 3)
