"""An ordinal score compared between groups, without adjustment.

Every effect is one of a group against the reference, of the subjects whose score is known; a lower
score is the better one. Nothing is corrected for multiple comparisons.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.crossed_variable import parts_of
from analytics.outcome.contrast import ComparedGroup, Contrast, contrast_counts
from analytics.outcome.describe import MRS_LEVELS, mrs_levels
from analytics.outcome.endpoint import is_mrs
from analytics.outcome.groups import Groups, split_groups
from analytics.outcome.ranks import Counts, RankTest, rank_test
from analytics.outcome.utility import WEIGHT_SETS, WeightSet
from data_loader.errors import AnalysisError
from data_loader.frame import CohortFrame
from data_loader.provenance import Provenance
from data_loader.variables import Variable


@dataclass(frozen=True)
class Comparison:
    """A score compared between groups.

    Attributes:
        outcome: the score.
        by: what splits the cohort; several variables crossed are one.
        groups: the reference first.
        test: Wilcoxon's of two groups, Kruskal and Wallis' of more.
        contrasts: one a group after the reference.
        notes: sentences about who is left out and how far the numbers carry.
        provenance: which subjects of which data these are.
    """

    outcome: Variable
    by: Variable
    groups: tuple[ComparedGroup, ...]
    test: RankTest
    contrasts: tuple[Contrast, ...]
    notes: tuple[str, ...]
    provenance: Provenance

    def as_dict(self) -> dict[str, Any]:
        """Unrounded, for JSON; with two groups, the one contrast's effects stand at the top."""
        contrasts = [contrast.as_dict() for contrast in self.contrasts]
        found: dict[str, Any] = {
            "outcome": self.outcome.name,
            "by": self.by.name,
            "reference": self.groups[0].code,
            "groups": [
                {"code": group.code, "label": group.label, "n": group.n, "left_out": group.left_out}
                for group in self.groups
            ],
        }
        test = {"statistic": self.test.statistic, "p": self.test.p}
        if sum(group.n > 0 for group in self.groups) > 2:
            found["kruskal_wallis"] = test | {"df": self.test.df}
        else:
            found["wilcoxon"] = test
        if len(self.groups) == 2:
            found["win_odds"] = contrasts[0]["win_odds"]
            found["common_odds_ratio"] = contrasts[0]["common_odds_ratio"]
        return found | {"contrasts": contrasts, "warnings": list(self.notes)}


def compare_groups(
    frame: CohortFrame,
    outcome: str,
    *,
    by: str,
    reference: str | None = None,
    weights: WeightSet = WEIGHT_SETS["wang_2020"],
) -> Comparison:
    """Compare a score between the groups of a cohort.

    Args:
        frame: holds the values of `outcome` and `by`.
        outcome: name of an mRS or another score of which less is better.
        by: name of the variable that splits the cohort.
        reference: code of the group that the others are held against; by default the first.
        weights: utilities of the mRS.

    Raises:
        AnalysisError: the outcome is no score, or the cohort can't be split in two or more.
    """
    score = frame.variables[outcome]
    if score.kind != "ordinal" or score.is_text:
        raise AnalysisError(f"{score.label} is no score; groups are compared on an mRS or NIHSS.")
    if outcome in [part.name for part in parts_of(frame.variables[by])]:
        raise AnalysisError(f"{score.label} can't be compared between groups of its own levels.")
    split = split_groups(frame, by, reference=reference)
    if len(split.groups) < 2 or split.variable is None:
        raise AnalysisError(_too_few(frame.variables[by], split))
    counts = _count(frame, score, split)
    groups = tuple(
        ComparedGroup(group.code, group.label, int(n), int(group.members.sum() - n))
        for group, n in zip(split.groups, counts.sum(axis=1), strict=True)
    )
    return Comparison(
        outcome=score,
        by=split.variable,
        groups=groups,
        test=rank_test(counts),
        contrasts=contrast_counts(counts, groups, weights=weights if is_mrs(score) else None),
        notes=(*split.notes, *_notes(score, split.variable, groups)),
        provenance=frame.provenance,
    )


def _count(frame: CohortFrame, score: Variable, split: Groups) -> Counts:
    values = frame.values[score.name].to_numpy(float)
    if is_mrs(score):
        places, width = mrs_levels(values), len(MRS_LEVELS)
    else:
        low, high = score.plausible or (-np.inf, np.inf)
        known = (values >= low) & (values <= high)
        levels, found = np.unique(values[known], return_inverse=True)
        places, width = np.full(len(values), -1), len(levels)
        places[known] = found
    rows = [places[group.members & (places >= 0)] for group in split.groups]
    return np.array([np.bincount(row, minlength=width) for row in rows], dtype=np.int64)


def _too_few(by: Variable, split: Groups) -> str:
    if not split.groups:
        return f"{by.label} is known of nobody in this cohort, so that there are no groups."
    return (
        f"Everybody in this cohort is in one group ({split.groups[0].label}); there is nothing"
        " to compare. Choose another variable, or widen the cohort."
    )


def _notes(score: Variable, by: Variable, groups: tuple[ComparedGroup, ...]) -> list[str]:
    said = []
    if out := sum(group.left_out for group in groups):
        said.append(f"Left out: {out:,} of these groups whose {score.label} is unknown.")
    if by.timepoint == "outcome":
        said.append(
            f"{by.label} is known only after treatment: its groups were not alike beforehand, and"
            " a difference between them is no effect."
        )
    if len(groups) > 2:
        said.append("Contrasts are not corrected for multiple comparisons.")
    return said
