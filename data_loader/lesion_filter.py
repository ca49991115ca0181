"""Where the infarct lies, as a filter of a cohort.

====================================  ===================================================
`lesion_at=-24,-8,16`                 the infarct holds this point of MNI152, in mm
`lesion_at=-24,-8,16,5`               it comes within 5 mm of it
`lesion_in=MCA-L`                     some of it lies in this region of the atlas
`lesion_in=MCA-L:10%,PCA-L:10%`       at least a tenth of it lies in one of these
`lesion_in=MCA-L:10%;PCA-L:10%`       at least a tenth of it lies in each of these
====================================  ===================================================

Subjects whose infarct isn't in standard space are in none of these.
"""

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from data_loader.atlas import OUTSIDE_LABEL
from data_loader.blanks import Clause
from data_loader.errors import CohortError
from data_loader.mni152 import ORIGIN_MM, SHAPE
from data_loader.query_text import joined, quoted_cell, shown
from data_loader.variables import Variable

LESION_AT = "lesion_at"
LESION_IN = "lesion_in"
LESION_KEYS = (LESION_AT, LESION_IN)

NOT_PLACED = "position NOT IN (SELECT subject FROM territory_volumes)"
"""SQL over the subject table: the infarct isn't known in standard space."""

_MOST_MM = 200.0
_CONDITION = re.compile(r'(?:[^;"]|"[^"]*"?)+')
"""One of several that must hold; semicolons within quotes are part of a label."""

_SHARE = re.compile(r"(.+):\s*(\d+(?:\.\d+)?)\s*%")


@dataclass(frozen=True)
class LesionFilter:
    """A condition on where the infarct lies.

    Attributes:
        name: `LESION_AT` or `LESION_IN`.
        expression: the right-hand side of the query, before percent-encoding.
        phrase: as a reader says it, after "subjects whose".
        clause: SQL over the subject table that is TRUE or FALSE, and the values bound in it.
    """

    name: str
    expression: str
    phrase: str
    clause: Clause


def read_lesion_filter(name: str, text: str, variables: Mapping[str, Variable]) -> LesionFilter:
    """Read a condition on where the infarct lies.

    Args:
        name: `LESION_AT` or `LESION_IN`.
        text: as in a query.
        variables: those of the index, by name.

    Raises:
        CohortError: it can't be read, or no infarct of the index is in standard space.
    """
    dominant = variables.get("dominant_territory")
    if dominant is None:
        raise CohortError(f"No infarct of this index is in standard space; {name} was left out.")
    return _at(text) if name == LESION_AT else _in(text, dominant)


def _at(text: str) -> LesionFilter:
    try:
        x, y, z, *rest = (float(part) for part in text.split(","))
        (radius,) = rest or [0.0]
    except ValueError:
        x = y = z = radius = math.nan
    if not (max(abs(x), abs(y), abs(z), radius) <= _MOST_MM and radius >= 0):
        raise CohortError(
            f"Infarct at {shown(text)} can't be read, where x,y,z or x,y,z,radius in mm of MNI152"
            " is expected; it was left out."
        )
    numbers = (x, y, z, *([radius] if radius else []))
    where = f"MNI ({', '.join(map(_number, (x, y, z)))})".replace("-", "\N{MINUS SIGN}")
    near = f"comes within {_number(radius)} mm of" if radius else "holds"
    return LesionFilter(
        name=LESION_AT,
        expression=",".join(map(_number, numbers)),
        phrase=f"infarct {near} {where}",
        clause=_sphere((x, y, z), radius) if radius else _point((x, y, z)),
    )


def _point(mm: tuple[float, float, float]) -> Clause:
    i, j, k = (math.floor(at - o + 0.5) for at, o in zip(mm, ORIGIN_MM, strict=True))
    if not all(0 <= at < size for at, size in zip((i, j, k), SHAPE, strict=True)):
        return "FALSE", ()
    voxel = i + SHAPE[0] * (j + SHAPE[1] * k)
    return f"{_WITH_RUN} first <= ? AND behind > ?)", (voxel, voxel)


def _sphere(mm: tuple[float, float, float], radius: float) -> Clause:
    """Runs that have a voxel whose centre lies in a sphere; each run lies on one line along x."""
    x, y, z = (at - o for at, o in zip(mm, ORIGIN_MM, strict=True))
    slice_ = SHAPE[0] * SHAPE[1]
    from_x = f"greatest(first % {SHAPE[0]}, least(?, first % {SHAPE[0]} + behind - first - 1)) - ?"
    from_y = f"first // {SHAPE[0]} % {SHAPE[1]} - ?"
    from_z = f"first // {slice_} - ?"
    sql = (
        f"{_WITH_RUN} first BETWEEN ? AND ?"
        f" AND ({from_x}) ** 2 + ({from_y}) ** 2 + ({from_z}) ** 2 <= ?)"
    )
    slices = (math.floor(z - radius) * slice_, math.ceil(z + radius + 1) * slice_)
    return sql, (*slices, x, x, y, z, radius**2)


_WITH_RUN = "position IN (SELECT subject FROM lesion_runs WHERE"


def _in(text: str, dominant: Variable) -> LesionFilter:
    read = [_alternatives(part, dominant) for part in conditions(text) or [text]]
    each = list({tuple(one.items()): one for one in read}.values())
    phrases = [joined([_inside(*pair) for pair in one.items()], "or") for one in each]
    together = ", and " if any(len(one) > 1 for one in each) else " and "
    clauses = [_regions(one) for one in each]
    return LesionFilter(
        name=LESION_IN,
        expression=";".join(map(_expression, each)),
        phrase=f"infarct lies {together.join(phrases)}",
        clause=(" AND ".join(sql for sql, _ in clauses), tuple(v for _, of in clauses for v in of)),
    )


def conditions(expression: str) -> list[str]:
    """Those of a `lesion_in` that must all hold."""
    return _CONDITION.findall(expression)


def _alternatives(text: str, dominant: Variable) -> dict[str, float]:
    """Label of a region to the least percentage there."""
    labels = {label.casefold(): label for label in dominant.regions}
    found: dict[str, float] = {}
    for part in _parts(text):
        matched = _SHARE.fullmatch(part)
        name, percent = (matched[1], float(matched[2])) if matched else (part, 0.0)
        label = labels.get(name.strip().casefold())
        if label is None or percent > 100:
            example = next(iter(dominant.levels))
            raise CohortError(
                f"Infarct in {shown(part)} can't be read, where a region of the atlas such as"
                f" {example} or {example}:10% is expected; it was left out."
            )
        found[label] = percent
    return found


def _expression(alternatives: Mapping[str, float]) -> str:
    return ",".join(region_expression(label, percent) for label, percent in alternatives.items())


def region_expression(label: str, percent: float = 0) -> str:
    """A region and the least percentage of the infarct in it, as a query has them."""
    text = f"{label}:{percent:g}%" if percent else label
    return f'"{text}"' if ";" in text and '"' not in text else quoted_cell(text)


def _parts(text: str) -> list[str]:
    try:
        (cells,) = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        cells = [text]
    return [cell.strip() for cell in cells]


def _inside(label: str, percent: float) -> str:
    place = "outside the atlas" if label == OUTSIDE_LABEL else f"in {label}"
    return f"to at least {percent:g} % {place}" if percent else f"in part {place}"


def _regions(least_percent: Mapping[str, float]) -> Clause:
    alternative = "(label = ? AND share > 0 AND share >= ?)"
    sql = (
        "position IN (SELECT subject FROM territory_volumes"  # noqa: S608
        " JOIN atlas_regions ON atlas_regions.position = region"
        f" WHERE {' OR '.join([alternative] * len(least_percent))})"
    )
    return sql, tuple(v for label, p in least_percent.items() for v in (label, p / 100))


def _number(value: float) -> str:
    return f"{value:.6g}"
