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

SCOPE = "scope"
KEY_FIGURES = "key-figures"
INDEX_VERSION = "index-version"
INDEX_FRESHNESS = "index-freshness"
SUBJECT_COUNTS = "subject-counts"
COMPLETENESS = "completeness"
IMAGE_COUNTS = "image-counts"
PROBLEM_COUNTS = "problem-counts"
PROBLEMS_LINK = "problems-link"
DATASETS = "datasets"
"""The Overview page."""

CARDS = "cards"
ADD_CHART = "add-chart"
SCALE_LINKS = "scale-links"
LABELS = "labels"
LABELS_BUTTON = "labels-button"
ATTRITION = "attrition"
SUBJECTS = "subjects"
CSV_LINK = "csv-link"
GALLERY = "gallery"
GALLERY_SORT = "gallery-sort"
"""The Cohort page."""

PATIENT_HEAD = "patient-head"
PATIENT_COURSE = "patient-course"
PATIENT_INFARCT = "patient-infarct"
PATIENT_RECORD = "patient-record"
PATIENT_FILES = "patient-files"
PATIENT_BEFORE = "patient-before"
PATIENT_AFTER = "patient-after"
SLICES = "slices"
SLICE_SET = "slice-set"
SLICE_KIND = "slice-kind"
SLICE_PLACE = "slice-place"
SLICE_PICTURE = "slice-picture"
SLICE_CAPTION = "slice-caption"
SLICE_STRIP = "slice-strip"
"""The Patient page."""

VIEW_SET = "view-set"
VIEWER = "viewer"
VIEWER_SAID = "viewer-said"
VIEWER_LEFT = "viewer-left"
VIEWER_RIGHT = "viewer-right"
LEFT_PANE = "left-pane"
RIGHT_PANE = "right-pane"
LEFT = "left"
RIGHT = "right"
LAYOUT = "layout"
PRESET = "preset"
PRESET_BOX = "preset-box"
OPACITY = "opacity"
READOUT = "readout"
COMPONENTS = "components"
SERIES = "series"
FRAME = "frame"
FRAME_SAID = "frame-said"
PLAY = "play"
PLAY_CLOCK = "play-clock"
CURVE = "curve"
SNAPSHOT = "snapshot"
SNAPSHOT_SAID = "snapshot-said"
"""Its viewer."""

QUALITY_SAID = "quality-said"
PROBLEM_CHIPS = "problem-chips"
PROBLEM_TABLE = "problem-table"
PROBLEM_SCROLL = "problem-scroll"
PROBLEM_GRID = "problem-grid"
PROBLEM_CSV = "problem-csv"
LOOKED_FOR = "looked-for"
IMAGE_STATES = "image-states"
MOSAIC = "mosaic"
"""The Quality page."""

TABLE_ONE = "table-one"
TABLE_ONE_CHOICES = "table-one-choices"
TABLE_ONE_LINKS = "table-one-links"
TABLE_ONE_SAID = "table-one-said"
ALIKE = "alike"
LOVE_PLOT = "love-plot"
"""The Table 1 page."""

TERRITORY_CHOICES = "territory-choices"
TERRITORY_SAID = "territory-said"
TERRITORY_CAPTION = "territory-caption"
TERRITORY_LINKS = "territory-links"
TERRITORY_RESULT = "territory-result"
TERRITORY_BARS = "territory-bars"
TERRITORY_DOTS = "territory-dots"
TERRITORY_TABLES = "territory-tables"
"""The Territories page."""

OUTCOME_CHOICES = "outcome-choices"
OUTCOME_DESCRIBE = "outcome-describe"
OUTCOME_COMPARE = "outcome-compare"
OUTCOME_MODEL = "outcome-model"
OUTCOME_LINKS = "outcome-links"
OUTCOME_CUTS = "outcome-cuts"
OUTCOME_PREDICTED = "outcome-predicted"
OUTCOME_CURVES = "outcome-curves"
OUTCOME_INFLUENCE = "outcome-influence"
OUTCOME_INFLUENCE_PLOT = "outcome-influence-plot"
OUTCOME_WORDS = "outcome-words"
OUTCOME_VALIDATE = "outcome-validate"
"""The Outcome page."""

TERM_PART = "term-part"
"""Type of the parts of its list of terms, `name` being what they are for."""

CHOICE = "choice"
"""Type of the controls that say what a page computes; `name` is the key in the address."""

ORDER_ITEMS = "order-items"
ORDER_ADD = "order-add"
"""Types of the parts of a list that the reader orders; `name` is its key in the address."""

STRIP_PART = "strip-part"
COMPONENT_PART = "component-part"
COMPONENT_STEP = "component-step"
"""Types of its buttons: slices of a strip and components by number, steps by where they lead."""

CHART = "chart"
CAPTION = "caption"
COUNTS = "counts"
FILTER = "filter"
"""Types of the parts of a chart's card, whose `name` is the variable's."""


def over(name: str) -> str:
    """The id of the switch of what lies over an image, `infarct` for one."""
    return f"over-{name}"


def chart_part(kind: str, name: object) -> dict[str, object]:
    """The id of one part of a chart's card.

    Args:
        kind: `CHART`, `CAPTION`, `COUNTS` or `FILTER`.
        name: of the variable, or a wildcard.
    """
    return {"type": kind, "name": name}


def term_part(name: str) -> dict[str, object]:
    """The id of one part of the list of terms: `items`, `add`, `product` or `text`."""
    return {"type": TERM_PART, "name": name}


def anchor(part: str) -> str:
    """The address, within its page, of the section that holds a part."""
    return f"#{part}-section"
