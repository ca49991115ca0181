"""Images of a cohort, counted: what became of each subject's of each kind, as SQL.

A kind is expected of a subject where anyone of the same dataset and split has a file of it: a
challenge's test split without masks lacks none.
"""

from data_loader.blanks import Clause
from data_loader.cohort import Cohort
from data_loader.schema import GRID, STATUSES, quoted

OK, IN_PART, UNREADABLE, ABSENT, NOT_USED, NONE = STATES = (
    "ok",
    "in part",
    "unreadable",
    "absent",
    "not used",
    "none",
)
"""All files are good; some are; none of them can be read; none is here; another is used; no file.

A subject has a kind in the first two, as the index counts images.
"""


def state_counts(cohort: Cohort, *, by_split: bool) -> Clause:
    """The statement behind `Index.image_state_counts`.

    Args:
        cohort: which subjects.
        by_split: whether the index knows splits.
    """
    states, parameters = _states(cohort, by_split=by_split)
    return (
        f"{states} SELECT kind, state, count(DISTINCT position) AS subjects,"  # noqa: S608
        f" count(DISTINCT position) FILTER (state <> '{OK}') AS lacking"
        " FROM states GROUP BY GROUPING SETS ((kind, state), ()) ORDER BY kind, state"
    ), parameters


def states_by_subject(cohort: Cohort, *, by_split: bool, of_all: bool, in_order: bool) -> Clause:
    """The statement behind `Index.image_states`, whose arguments these are."""
    states, parameters = _states(cohort, by_split=by_split)
    return (
        f"{states} SELECT dataset, subject, count(*) FILTER (state <> '{OK}') AS lacking,"  # noqa: S608
        " map(list(kind), list(state)) AS states"
        " FROM states GROUP BY dataset, subject, position"
        f" HAVING {of_all} OR lacking > 0"
        f" ORDER BY {'' if in_order else 'lacking DESC, '}position"
    ), parameters


def file_counts(cohort: Cohort, *, by_split: bool) -> Clause:
    """The statement behind `Index.image_counts`."""
    where, parameters = cohort.where()
    split = "split" if by_split else "NULL AS split"
    files = (f"count(*) FILTER (status = '{name}') AS {quoted(name)}" for name in STATUSES)
    sizes = (f"[quantile_disc({c}, 0.5), min({c}), max({c})] AS {c}" for c in GRID)
    return (
        "SELECT kind, space, split, grouping(split) = 0 AS split_row,"  # noqa: S608
        " count(DISTINCT (dataset, subject)) FILTER (status = 'ok') AS subjects,"
        " count(*) AS files,"
        f" {', '.join((*files, *sizes))} FROM images {'LEFT' if cohort.is_everyone else ''} JOIN"
        f" (SELECT dataset, subject, {split} FROM subjects WHERE {where})"
        " USING (dataset, subject)"
        " GROUP BY GROUPING SETS ((kind, space), (kind, space, split))"
        " ORDER BY kind, space, split"
    ), parameters


def _states(cohort: Cohort, *, by_split: bool) -> Clause:
    """A common table expression `states`: `dataset, subject, position, kind, state`."""
    split = "coalesce(split, '')" if by_split else "''"
    where, parameters = cohort.where()
    return (
        f"WITH everyone AS (SELECT dataset, subject, position, {split} AS part, {where} AS member"  # noqa: S608
        f" FROM subjects), found AS ({_FOUND}),"
        " expected AS (SELECT DISTINCT dataset, part, kind FROM found"
        " JOIN everyone USING (dataset, subject)),"
        f" states AS (SELECT dataset, subject, position, kind, coalesce(state, '{NONE}') AS state"
        " FROM everyone JOIN expected USING (dataset, part)"
        " LEFT JOIN found USING (dataset, subject, kind) WHERE member) "
    ), parameters


_FOUND = (
    "SELECT dataset, subject, kind, CASE"  # noqa: S608
    " WHEN bool_or(status = 'ok') THEN"
    f" CASE WHEN bool_or(status IN ('unreadable', 'absent')) THEN '{IN_PART}' ELSE '{OK}' END"
    f" WHEN bool_or(status = 'unreadable') THEN '{UNREADABLE}'"
    f" WHEN bool_or(status = 'absent') THEN '{ABSENT}' ELSE '{NOT_USED}' END AS state"
    " FROM images WHERE kind IS NOT NULL GROUP BY dataset, subject, kind"
)
