"""Ids of components that callbacks name, each said once.

Those of the shell are on every page; a dict id is one of many, told apart by its `name`.
"""

URL = "url"
NAVIGATION = "navigation"
CONTENT = "content"
COHORT_BAR = "cohort-bar"
NOTICES = "notices"
FAULT = "fault"
BANNERS = "banners"
CLOCK = "clock"
PROVIDER = "provider"
THEME_BUTTON = "theme-button"

CARDS = "cards"
ADD_CHART = "add-chart"
SCALE_LINKS = "scale-links"
LABELS = "labels"
LABELS_BUTTON = "labels-button"
ATTRITION = "attrition"
SUBJECTS = "subjects"
CSV_LINK = "csv-link"
"""The Cohort page."""

CHART = "chart"
CAPTION = "caption"
COUNTS = "counts"
FILTER = "filter"
"""Types of the parts of a chart's card, whose `name` is the variable's."""


def chart_part(kind: str, name: object) -> dict[str, object]:
    """The id of one part of a chart's card.

    Args:
        kind: `CHART`, `CAPTION`, `COUNTS` or `FILTER`.
        name: of the variable, or a wildcard.
    """
    return {"type": kind, "name": name}
