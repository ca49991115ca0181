"""What became of each subject's images of each kind, as SQL.

A kind is expected of a subject where anyone of the same dataset and split has a file of it: a
challenge's test split without masks lacks none.
"""

from data_loader.blanks import Clause
from data_loader.cohort import Cohort

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


def states_of(cohort: Cohort, *, by_split: bool) -> Clause:
    """A common table expression `states`: `dataset, subject, position, kind, state`.

    Args:
        cohort: which subjects.
        by_split: whether the index knows splits.

    Returns:
        The SQL, `WITH` included, and the values bound in it.
    """
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
