"""The territories of a cohort in sentences: what was done, and what was found."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import attrgetter

from analytics.outcome.effect import Effect
from analytics.table_one.comparison import Comparison
from analytics.table_one.summary import Share
from analytics.table_one.wording import fixed, joined, p_value
from analytics.territory_comparison import RegionComparison
from analytics.territory_notes import known_sentence
from analytics.territory_summary import TerritoryGroup, TerritorySummary
from analytics.territory_tables import whole_percent

ALPHA = 0.05

_MOST_NAMED = 3


def methods_paragraph(summary: TerritorySummary) -> str:
    """What was done, in the past tense of a methods section."""
    return " ".join(_methods(summary))


def results_paragraph(summary: TerritorySummary) -> str:
    """What was found: of groups, where they differ; else which territories hold most."""
    sentences = _differences(summary) if summary.comparisons else _description(summary)
    return " ".join([known_sentence(summary), *_one_level(summary), *sentences])


def _one_level(summary: TerritorySummary) -> Iterator[str]:
    if summary.by is not None and len(summary.groups) == 1:
        only = summary.groups[0].label
        yield f"All of them are in one group, “{only}”, so that there is nothing to compare."


def _methods(summary: TerritorySummary) -> Iterator[str]:
    yield (
        "The centre of every voxel of an infarct was looked up in the atlas in MNI152 space"
        f" ({summary.atlas.name}), so that volumes are those of the original masks."
    )
    yield summary.way
    yield (
        "A territory was taken as involved from 10 % of the infarct, and as dominant where no"
        " other held more."
    )
    if summary.by is None:
        return
    count = len(summary.groups)
    if count < 2:
        return
    test = "Wilcoxon rank-sum test" if count == 2 else "Kruskal-Wallis test"
    yield (
        f"Groups by {summary.by.label} were compared in each territory: volumes by the {test},"
        " involvement by χ², or exactly where an expected count was below 5; p-values of each were"
        " adjusted for the number of its tests by the method of Holm (1979), those of patterns were"
        " not."
    )
    if count == 2:
        yield (
            "Effects are the chance that a subject of the first group has the larger volume, and"
            " the difference of shares with Newcombe's interval."
        )
    else:
        yield (
            "Effects are ε² of the Kruskal-Wallis test (Tomczak & Tomczak, Trends Sport Sci"
            " 2014;21:19) and Cramér's V of the counts, corrected for bias (Bergsma, J Korean Stat"
            " Soc 2013;42:323), with intervals from the non-central χ² distribution."
        )


def _description(summary: TerritorySummary) -> Iterator[str]:
    (group,) = summary.groups
    if group.n == 1:
        yield "The numbers are that subject's alone."
    ranked = sorted(
        (found for found in group.regions if found.dominant.count),
        key=lambda found: -(found.dominant.count or 0),
    )
    if ranked:
        named = [f"{found.region.label} {_said(found.dominant)}" for found in ranked[:_MOST_NAMED]]
        what = "territory" if summary.level == 2 else "part"
        yield f"Most often dominant {what}: {', '.join(named)}."
    if group.circulation:
        yield f"Circulation: {_listed(group.circulation)}."
    if group.sides:
        yield f"Side: {_listed(group.sides)}."
    yield from _elsewhere(group)


def _elsewhere(group: TerritoryGroup) -> Iterator[str]:
    """Ventricles, and what lies outside the atlas."""
    others: dict[str, float] = {}
    for found in group.regions:
        if not found.region.is_territory:
            name = found.region.name
            others[name] = others.get(name, 0) + (found.percent.mean or 0)
    said = [f"{name} {whole_percent(percent)} %" for name, percent in others.items()]
    if said:
        yield f"Mean share of the infarct in no territory: {joined(said)}."


def _listed(levels: Mapping[str, Share]) -> str:
    return ", ".join(f"{label} {_said(share)}" for label, share in levels.items())


def _said(share: Share) -> str:
    return f"{share.count:,} ({whole_percent(share.percent or 0)} %)"


def _differences(summary: TerritorySummary) -> Iterator[str]:
    tests: Sequence[tuple[str, Callable[[RegionComparison], Comparison], Callable[..., str]]] = (
        ("Volume", attrgetter("volume"), _volume),
        ("Involvement", attrgetter("involved"), _involvement),
    )
    for what, test_of, said in tests:
        apart = [one for one in summary.comparisons if (test_of(one).p_adjusted or 1) < ALPHA]
        apart.sort(key=lambda one: test_of(one).p_adjusted or 0)
        yield _apart(what, [said(one, summary) for one in apart], summary)


def _apart(what: str, named: Sequence[str], summary: TerritorySummary) -> str:
    of = len(summary.comparisons)
    places = "territories" if summary.level == 2 else "parts"
    if not named:
        return f"{what} differs in none of {of} {places} at an adjusted p below {ALPHA:g}."
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    shown = "; ".join(named[:_MOST_NAMED])
    return f"{what} differs in {len(named)} of {of} {places}: {shown}{more}."


def _volume(one: RegionComparison, summary: TerritorySummary) -> str:
    p = _p(one.volume.p_adjusted)
    if one.epsilon_squared is not None:
        return f"{one.region.label} ({_effect('ε²', one.epsilon_squared)}{p})"
    if one.more is None or one.more.value is None:
        return f"{one.region.label} ({p})"
    is_first = one.more.value > 0.5
    chance = one.more.value if is_first else 1 - one.more.value
    label = summary.groups[0 if is_first else 1].label
    return f"{one.region.label} (larger in “{label}” with a chance of {fixed(chance, 2)}, {p})"


def _involvement(one: RegionComparison, summary: TerritorySummary) -> str:
    p = _p(one.involved.p_adjusted)
    if one.cramers_v is not None:
        return f"{one.region.label} ({_effect('V', one.cramers_v)}{p})"
    if one.difference is None:
        return f"{one.region.label} ({p})"
    first, second = (
        whole_percent(found.involved.percent or 0)
        for group in summary.groups
        for found in group.regions
        if found.region == one.region
    )
    return f"{one.region.label} ({first} % against {second} %, {p})"


def _effect(name: str, effect: Effect) -> str:
    return "" if effect.value is None else f"{name} = {fixed(effect.value, 2)}, "


def _p(p: float | None) -> str:
    text = p_value(p)
    return f"adjusted p {text[0]} {text[1:]}" if text[0] in "<>" else f"adjusted p = {text}"
