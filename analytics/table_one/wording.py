"""Numbers and results as a journal prints them."""

from collections.abc import Sequence

from analytics.table_one.choices import Summary
from analytics.table_one.comparison import Comparison
from analytics.table_one.summary import Known, Numbers, Share

EN_DASH = "\u2013"
NOTHING = EN_DASH
HIDDEN = "hidden"
MINUS = "\u2212"

SUMMARY_NAMES: dict[Summary, str] = {
    "mean": "mean ± SD",
    "median": "median [IQR]",
    "range": f"min{EN_DASH}max",
    "count": "n (%)",
}


def fixed(value: float, digits: int) -> str:
    """A number with so many decimals, with a minus sign that is one, and never minus zero."""
    text = f"{value:,.{digits}f}"
    return text.replace("-", MINUS if float(text.replace(",", "")) else "")


def quantile(value: float, digits: int) -> str:
    """A number with decimals only where it has some: quantiles of whole numbers mostly have none."""
    return fixed(value, 0 if value.is_integer() else digits)


def span(low: str, high: str) -> str:
    """From one number to another, told apart from a minus sign."""
    return f"{low} to {high}" if MINUS in low + high else f"{low}{EN_DASH}{high}"


def p_value(p: float | None) -> str:
    """Three decimals, as most journals want it."""
    if p is None:
        return NOTHING
    if p < 0.001:
        return "<0.001"
    return ">0.999" if p > 0.999 else f"{p:.3f}"


def numbers_text(numbers: Numbers, summary: Summary, digits: int) -> str:
    """A summary in print; what is hidden of it is said."""
    if summary == "mean":
        if numbers.mean is None:
            return HIDDEN
        mean = fixed(numbers.mean, digits)
        return mean if numbers.sd is None else f"{mean} ± {fixed(numbers.sd, digits)}"
    middle, low, high = numbers.median, numbers.q1, numbers.q3
    if summary == "range":
        middle, low, high = None, numbers.min, numbers.max
    if low is None or high is None:
        return HIDDEN if middle is None else f"{quantile(middle, digits)} [{HIDDEN}]"
    ends = span(quantile(low, digits), quantile(high, digits))
    return ends if middle is None else f"{quantile(middle, digits)} [{ends}]"


def share_text(share: Share, known: Known, *, percent_only: bool, of_known: bool) -> str:
    """A count and its percentage.

    Args:
        share: of one column.
        known: values of that column.
        percent_only: whether the count is left out.
        of_known: whether the number of known values is said beside it.
    """
    if share.count is None:
        return HIDDEN
    if share.percent is None:
        return NOTHING if known.n == 0 else f"{share.count:,}"
    n = known.n or 0
    percent = f"{share.percent:.1f}"
    if percent_only:
        return f"{percent} (n = {n:,})" if of_known else percent
    return f"{share.count:,}{f'/{n:,}' * of_known} ({percent})"


def interval(value: float, low: float | None, high: float | None, digits: int) -> str:
    """An estimate with its interval."""
    text = fixed(value, digits)
    if low is None or high is None:
        return text
    return f"{text} ({span(fixed(low, digits), fixed(high, digits))})"


def test_sentence(comparison: Comparison, columns: Sequence[str]) -> str:
    """What a footnote says of a test.

    Args:
        comparison: the test.
        columns: labels of the columns that were to be compared.
    """
    if comparison.test is None:
        return f"Not tested: {comparison.reason}."
    text = comparison.test
    if comparison.replicates:
        text += f" with {comparison.replicates:,} tables, seed {comparison.seed}"
    if len(comparison.columns) < len(columns):
        some = joined([columns[place] for place in comparison.columns])
        text += f", of {some} only, the others having no known values"
    return f"{text}."


def joined(parts: Sequence[str], word: str = "and") -> str:
    """Parts of a sentence."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def inside(label: str) -> str:
    """A label within a sentence: in lower case, unless it begins with an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() or len(label) == 1 else label


def sentence_case(text: str) -> str:
    """A sentence's beginning; mRS stays what it is."""
    return text[:1].upper() + text[1:] if text[1:2].islower() else text
