"""The territories of a cohort as plain numbers, unrounded."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from analytics.outcome.effect import Effect
from analytics.table_one.comparison import Comparison
from analytics.table_one.summary import Share
from analytics.territory_comparison import RegionComparison
from analytics.territory_notes import warnings
from analytics.territory_summary import TerritoryGroup, TerritorySummary
from data_loader.rows import Row, Rows

_COLUMNS = (
    *("level", "region_id", "label", "side", "circulation", "is_territory"),
    *("group", "group_label", "n"),
    *("ml_mean", "ml_sd", "ml_median", "ml_q1", "ml_q3", "ml_min", "ml_max"),
    *("ml_where_any_median", "ml_where_any_q1", "ml_where_any_q3"),
    *("percent_mean", "percent_sd", "percent_median", "percent_of_all"),
    *("any", "any_percent", "involved", "involved_percent", "dominant", "dominant_percent"),
)


def territory_rows(summary: TerritorySummary) -> Rows:
    """A row a group and region."""
    rows = [row for group in summary.groups for row in _group_rows(group)]
    return Rows(_COLUMNS, rows)


def territory_json(summary: TerritorySummary) -> bytes:
    """Atlas, groups, regions, patterns, comparisons, and where they come from."""
    atlas = summary.atlas
    made = summary.provenance
    document = {
        "atlas": {"name": atlas.name, "version": atlas.version, "sha256": atlas.sha256}
        | {"license": atlas.license, "citation": atlas.citation, "note": atlas.note},
        "standard_space": summary.way,
        "level": summary.level,
        "by": summary.by.name if summary.by else None,
        "groups": [_group(group, summary) for group in summary.groups],
        "regions": territory_rows(summary),
        "comparisons": [_comparison(one) for one in summary.comparisons],
        "pattern_comparisons": {
            pattern: _test(done) | {"cramers_v": _effect(summary.pattern_effects.get(pattern))}
            for pattern, done in summary.pattern_comparisons.items()
        },
        "warnings": warnings(summary),
        "notes": summary.notes,
        "cohort": made.query,
        "cohort_n": made.n,
        "index_version": made.index_version,
        "program_version": made.program_version,
        "sources": [str(source) for source in made.sources],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _group_rows(group: TerritoryGroup) -> Iterator[Row]:
    for found in group.regions:
        region = found.region
        row: Row = {"level": region.level, "region_id": region.id, "label": region.label}
        row |= {"side": region.side, "circulation": region.circulation}
        row |= {"is_territory": region.is_territory}
        row |= {"group": group.code or None, "group_label": group.label, "n": group.n}
        row |= {f"ml_{name}": value for name, value in asdict(found.ml).items()}
        for name in ("median", "q1", "q3"):
            row[f"ml_where_any_{name}"] = getattr(found.ml_where_any, name)
        for name in ("mean", "sd", "median"):
            row[f"percent_{name}"] = getattr(found.percent, name)
        row["percent_of_all"] = found.percent_of_all
        for name in ("any", "involved", "dominant"):
            share: Share = getattr(found, name)
            row |= {name: share.count, f"{name}_percent": share.percent}
        yield row


def _group(group: TerritoryGroup, summary: TerritorySummary) -> dict[str, Any]:
    zones = zip([zone.label for zone in summary.border_zones], group.border_zones, strict=True)
    return {
        "group": group.code or None,
        "label": group.label,
        "n": group.n,
        "left_out": dict(group.left_out),
        "no_dominant": asdict(group.no_dominant),
        "border_zones": {label: asdict(share) for label, share in zones},
        "sides": {label: asdict(share) for label, share in group.sides.items()},
        "circulation": {label: asdict(share) for label, share in group.circulation.items()},
    }


def _comparison(found: RegionComparison) -> dict[str, Any]:
    return {
        "label": found.region.label,
        "volume": _test(found.volume),
        "more_in_first": _effect(found.more),
        "epsilon_squared": _effect(found.epsilon_squared),
        "involved": _test(found.involved),
        "difference": asdict(found.difference) if found.difference else None,
        "cramers_v": _effect(found.cramers_v),
    }


def _effect(effect: Effect | None) -> dict[str, float | None] | None:
    return None if effect is None else effect.as_dict()


def _test(done: Comparison) -> dict[str, Any]:
    df: Sequence[float] = done.df
    return {
        "test": done.test,
        "statistic": done.statistic,
        "df": list(df) or None,
        "p": done.p,
        "p_adjusted": done.p_adjusted,
        "no_test_because": done.reason,
    }
