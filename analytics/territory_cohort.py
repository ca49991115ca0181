"""The territories of an index's cohort, as the page, the command and the files have them."""

from collections.abc import Collection, Mapping

from analytics.table_one.choices import names
from analytics.territory_groups import territory_groups
from analytics.territory_summary import TerritorySummary, summarise_territories
from analytics.territory_volumes import territory_volumes
from data_loader.atlas import AtlasInfo
from data_loader.cohort import Cohort
from data_loader.errors import AnalysisError
from data_loader.index import Index
from data_loader.variables import Variable

LEVEL_NAMES: Mapping[int, str] = {2: "whole territories", 1: "parts of territories"}
"""Levels of an atlas, the one that goes without saying first."""

_PATTERNS = ("lesion_side", "circulation")


def cohort_territories(
    index: Index, cohort: Cohort, *, by: str = "", level: str = ""
) -> TerritorySummary:
    """Summarise the territories of a cohort.

    Args:
        index: where the infarcts are.
        cohort: which subjects.
        by: variable that splits them, or several joined by commas, whose levels are crossed; one
            group where it is empty.
        level: of the atlas, `1` or `2`; whole territories where it is empty.

    Raises:
        AnalysisError: the index, the cohort or a choice gives no territories.
    """
    atlas = index.atlas
    if atlas is None:
        raise AnalysisError(
            "No infarct of this index is counted by territory; run `insula index` again, with its"
            " masks measured."
        )
    several = names(by)
    _check_by(several, index.variables)
    wanted = _level(level, atlas)
    frame = index.frame(cohort, [n for n in (*several, *_PATTERNS) if n in index.variables])
    if not len(frame):
        raise AnalysisError("The cohort has no subjects; widen it.")
    volumes = territory_volumes(
        frame,
        atlas,
        index.territory_ml(cohort),
        registrations=index.registrations(cohort),
        level=wanted,
    )
    return summarise_territories(frame, atlas, volumes, territory_groups(frame, several))


def _check_by(by: Collection[str], variables: Mapping[str, Variable]) -> None:
    if unknown := [name for name in by if name not in variables]:
        raise AnalysisError(f"“{unknown[0][:60]}” is no variable of this index.")


def _level(text: str, atlas: AtlasInfo) -> int:
    levels = {str(level): level for level in LEVEL_NAMES}
    if text and text not in levels:
        raise AnalysisError(f"“{text[:20]}” is no level of an atlas; 1 and 2 are.")
    if text and levels[text] not in atlas.levels:
        raise AnalysisError(f"{atlas.name} has no {LEVEL_NAMES[levels[text]]}.")
    return levels[text] if text else max(atlas.levels)
