"""What stands under the tables of territories: definitions, tests, who is left out, the atlas."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from analytics.atlas import schematic
from analytics.table_one.comparison import Comparison
from analytics.table_one.wording import MINUS
from analytics.territory_summary import TerritorySummary

ABBREVIATIONS: Mapping[str, str] = {
    "ACA": "anterior cerebral artery",
    "MCA": "middle cerebral artery",
    "PCA": "posterior cerebral artery",
    "VB": "vertebro-basilar arteries",
    "MLS": "medial lenticulostriate",
    "LLS": "lateral lenticulostriate",
    "PCTP": "posterior choroidal and thalamoperforators",
    "ACTP": "anterior choroidal and thalamoperforators",
}
"""In labels of the published and the schematic atlas."""

CRAMERS_V = (
    "Cramér's V: how far shares lie apart between the groups, from 0, alike, to 1; corrected for bias"
    " (Bergsma, J Korean Stat Soc 2013;42:323), interval from the non-central χ² distribution"
    " (Smithson, Confidence Intervals, 2003), none where an expected count is below 5."
)

_MOST_REASONS = 3


def warnings(summary: TerritorySummary) -> tuple[str, ...]:
    """What must stand beside the numbers wherever they go."""
    if summary.atlas.name != schematic.NAME:
        return ()
    return ("The atlas of territories is schematic, approximate, not validated.",)


def region_notes(summary: TerritorySummary, parts: Sequence[str]) -> Iterator[str]:
    """Under the tables of regions.

    Args:
        summary: of a cohort.
        parts: of `volume` and `subjects`, those that the table shows.
    """
    yield known_sentence(summary)
    if "volume" in parts:
        yield (
            "Volumes and shares are means over all of them; the median is over those with any of"
            " their infarct there."
        )
    if "subjects" in parts:
        yield (
            "Dominant: no other territory holds more of the infarct; ventricles and what lies"
            " outside the atlas are no territories."
        )
    if summary.comparisons:
        yield from _comparison_notes(summary, parts)
    yield from common_notes(summary)


def pattern_notes(summary: TerritorySummary) -> Iterator[str]:
    """Under the table of patterns."""
    yield known_sentence(summary)
    yield (
        "Circulation (anterior: ACA and MCA; posterior: PCA and vertebro-basilar) and side: that"
        " which holds at least 90 % of what lies in territories; both where neither does."
    )
    if summary.border_zones:
        yield (
            "Neighbouring territories: each holds at least 10 % of the infarct, on one side;"
            " volumes alone don't tell a border-zone infarct from two emboli."
        )
    if compared := _tests(summary.pattern_comparisons.values()):
        yield f"p: {compared}, not adjusted."
    if summary.pattern_effects:
        yield CRAMERS_V
    yield from common_notes(summary)


def known_sentence(summary: TerritorySummary) -> str:
    """How many of the cohort the numbers are of."""
    n, of = sum(group.n for group in summary.groups), summary.provenance.n
    have = f"subject{'' if of == 1 else 's'} {'has' if n == 1 else 'have'}"
    group = " and a known group" if summary.by else ""
    return f"{n:,} of {of:,} {have} an infarct in standard space{group}."


def abbreviations(summary: TerritorySummary) -> str:
    """What the letters in the labels stand for; empty where they are none of ours."""
    regions = [found.region for found in summary.groups[0].regions]
    words = {word for region in regions for word in re.split(r"[\s_-]", region.label)}
    known = [f"{short}: {text}" for short, text in ABBREVIATIONS.items() if short in words]
    if not known:
        return ""
    sides = ["L, R: the patient's left and right"] if {"L", "R"} & words else []
    return f"{'; '.join([*known, *sides])}."


def _comparison_notes(summary: TerritorySummary, parts: Sequence[str]) -> Iterator[str]:
    of = summary.comparisons
    tests = {
        "Volume": [found.volume for found in of] if "volume" in parts else [],
        "Involvement, of at least 10 % of the infarct": (
            [found.involved for found in of] if "subjects" in parts else []
        ),
    }
    for what, each in tests.items():
        if names := _tests(each):
            made = sum(test.p is not None for test in each)
            yield f"{what}: {names}, p adjusted for {made} tests by Holm."
    if len(summary.groups) > 2:
        yield from _effect_notes(summary, parts)
        return
    first, second = (group.label for group in summary.groups)
    if "volume" in parts:
        yield (
            f"More in the first: chance that a subject of “{first}” has a larger volume there than"
            f" one of “{second}”, equals counted half (area under the ROC curve, interval by"
            " DeLong on the log odds)."
        )
    if "subjects" in parts:
        yield f"Difference: “{first}” less “{second}”, interval by Newcombe."


def _effect_notes(summary: TerritorySummary, parts: Sequence[str]) -> Iterator[str]:
    """Effect sizes of three groups or more."""
    if "volume" in parts:
        n, groups = sum(group.n for group in summary.groups), len(summary.groups)
        chance = (groups - 1) / max(n - 1, 1)
        yield (
            "ε²: share of the variance of the ranks of the volumes that lies between the groups, 0"
            f" to 1, being Kruskal and Wallis' H by n {MINUS} 1 (Tomczak & Tomczak, Trends Sport"
            f" Sci 2014;21:19); of groups that are alike, {chance:.3f} on average. Interval from the"
            " non-central χ² distribution of H (Andrews, Ann Math Stat 1954;25:724)."
        )
    if "subjects" in parts:
        yield CRAMERS_V


def _tests(comparisons: Iterable[Comparison]) -> str:
    """Names of the tests that were made."""
    return " or ".join(dict.fromkeys(one.test for one in comparisons if one.test))


def common_notes(summary: TerritorySummary) -> Iterator[str]:
    """Under every table: abbreviations, who is left out, the way to standard space, the atlas."""
    if short := abbreviations(summary):
        yield short
    whom = [f" of “{group.label}”" if len(summary.groups) > 1 else "" for group in summary.groups]
    left_out = [
        sentence
        for group, of in zip(summary.groups, whom, strict=True)
        for sentence in _left_out(Counter(group.left_out), of)
    ]
    yield " ".join([*left_out, *summary.notes, summary.way])
    yield " ".join(summary.atlas.lines())


def _left_out(reasons: Counter[str], whom: str) -> Iterator[str]:
    """The commonest reasons, and how many have others."""
    for reason, count in islice(reasons.most_common(), _MOST_REASONS):
        yield f"Left out{whom}: {count:,} ({reason.rstrip('.')})."
    if others := sum(count for _, count in reasons.most_common()[_MOST_REASONS:]):
        yield (
            f"Left out{whom}: {others:,} for other reasons, which `insula show registrations` lists."
        )
