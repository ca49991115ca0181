"""A patient's course: scores in the colours that figures give them."""

from collections.abc import Iterator
from typing import Any

import pytest

from dashboard.components.course import course
from dashboard.record import Entry
from dashboard.theme import MRS
from data_loader.variables import dictionary


@pytest.mark.parametrize("level", range(7))
def test_an_mrs_has_the_colour_that_it_has_in_figures(level: int) -> None:
    variable = dictionary()["mrs_premorbid"]
    drawn = course({variable.name: Entry(variable, level)})
    assert MRS[level] in {style.get("background") for style in _styles(drawn)}


def _styles(part: Any) -> Iterator[dict[str, str]]:
    yield getattr(part, "style", None) or {}
    inside = getattr(part, "children", None)
    for one in inside if isinstance(inside, list) else [inside] if inside else []:
        yield from _styles(one)
