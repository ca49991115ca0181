"""What a page's address says: the cohort, and how it is looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qs, quote

from dashboard.quality_view import DEFAULT_QUALITY, QualityView, page_number
from data_loader.cohort import CHOICE_KEYS, SUBJECT, VIEW_KEYS, Cohort
from data_loader.index import Index
from data_loader.variables import Variable

DEFAULT_CHARTS = (
    "dataset",
    "split",
    "center",
    "age",
    "sex",
    "nihss_admission",
    "mrs_discharge",
    "mrs_3_months",
    "volume_ml",
    "components_26",
)
"""Charts of the Cohort page unless its address names others."""

MOST_CHARTS = 30

_SAFE = ",:()*|<>=."


@dataclass(frozen=True)
class View:
    """A page's address, read.

    Attributes:
        cohort: which subjects.
        charts: variables that have a chart.
        default_charts: those that have one unless the address names others.
        as_share: whether charts show percentages rather than counts.
        sort: variable by which the gallery is sorted, with a minus in front where it descends;
            None for the largest infarct first.
        page: of the gallery, from 1.
        quality: how the Quality page is looked at.
        choices: key of `CHOICE_KEYS` to its text as it stands in the address, for the page that
            reads it; a key without text is left out.
        notices: a sentence for each part that can't be read.
    """

    cohort: Cohort
    charts: tuple[str, ...]
    default_charts: tuple[str, ...]
    as_share: bool = False
    sort: str | None = None
    page: int = 1
    quality: QualityView = DEFAULT_QUALITY
    choices: Mapping[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    @classmethod
    def parse(cls, search: str | None, index: Index) -> "View":
        """Read the query of an address; what can't be read gives a notice and is dropped."""
        cohort, notices = Cohort.parse(search or "", index.variables)
        default = default_charts(index)
        wanted = _fields(search or "")
        charts = tuple(dict.fromkeys(wanted["charts"].split(","))) if wanted["charts"] else default
        known = tuple(name for name in charts if name in index.variables)[:MOST_CHARTS]
        notices += [
            f"“{name[:60]}” is no variable of this index; its chart was left out."
            for name in charts
            if name not in index.variables
        ]
        if wanted["scale"] not in ("", "share"):
            notices.append(f"“{wanted['scale'][:60]}” is no scale; counts are shown.")
        sort = wanted["sort"] or None
        if sort and sort.removeprefix("-") not in (SUBJECT, *index.variables):
            notices.append(f"“{sort[:60]}” is no variable of this index; the sorting was left out.")
            sort = None
        page, as_share = page_number(wanted["page"]), wanted["scale"] == "share"
        quality, unread = QualityView.parse(wanted)
        notices += unread
        choices = {key: wanted[key] for key in sorted(CHOICE_KEYS) if wanted[key]}
        return cls(cohort, known, default, as_share, sort, page, quality, choices, tuple(notices))

    @property
    def search(self) -> str:
        """The query of an address that `parse` reads back, with its question mark if any."""
        parts = [self.cohort.query()]
        if self.charts != self.default_charts:
            parts.append(f"charts={quote(','.join(self.charts), safe=',')}")
        if self.as_share:
            parts.append("scale=share")
        if self.sort:
            parts.append(f"sort={quote(self.sort)}")
        if self.page > 1:
            parts.append(f"page={self.page}")
        parts += self.quality.parts
        parts += [f"{key}={quote(text, safe=_SAFE)}" for key, text in self.choices.items()]
        query = "&".join(part for part in parts if part)
        return f"?{query}" if query else ""

    def with_cohort(self, cohort: Cohort) -> "View":
        """The same view of other subjects, all lists from their first page."""
        return replace(self, cohort=cohort, page=1).with_quality(gaps_page=1, overlay=1)

    def with_page(self, page: int) -> "View":
        """The same view at another page of the gallery."""
        return replace(self, page=page)

    def with_quality(self, **choices: Any) -> "View":
        """The same view with other findings or gaps, by the attributes of `QualityView`."""
        return replace(self, quality=replace(self.quality, **choices))

    def with_choices(self, **texts: str | None) -> "View":
        """The same view with other choices of what is computed; None or no text drops one."""
        both = {**self.choices, **texts}
        kept = {key: text for key, text in sorted(both.items()) if text}
        return replace(self, choices=kept)

    def with_charts(self, charts: tuple[str, ...]) -> "View":
        """The same view with other charts."""
        return replace(self, charts=charts)


def default_charts(index: Index) -> tuple[str, ...]:
    """The charts of an index whose address names none."""
    several = len(index.datasets) > 1
    return tuple(
        name
        for name in DEFAULT_CHARTS
        if name in index.variables and (several or name != "dataset")
    )


def _fields(search: str) -> Mapping[str, str]:
    try:
        read = parse_qs(search.removeprefix("?"), max_num_fields=200)
    except ValueError:
        read = {}
    return {key: read.get(key, [""])[-1] for key in VIEW_KEYS}


def variables_by_group(index: Index) -> dict[str, list[Variable]]:
    """The variables of an index under the headings of the dictionary, in its order."""
    groups: dict[str, list[Variable]] = {}
    for variable in index.variables.values():
        groups.setdefault(variable.group, []).append(variable)
    return groups
