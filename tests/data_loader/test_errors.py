"""The tree of errors, and the codes under which findings are listed."""

import pickle
import re
from pathlib import Path

import pytest

from data_loader import errors
from data_loader.errors import ImageError, InsulaError
from data_loader.problems import REMEDIES

SOURCES = Path(errors.__file__).parents[1]


def test_the_tree_drawn_is_the_tree() -> None:
    drawn = re.findall(
        r"(?:├──|└──|^    )\s*(\w+Error|\w+Unavailable|\w+Busy|\w+Interrupted)\s",
        errors.__doc__ or "",
        re.MULTILINE,
    )
    assert sorted(set(drawn)) == errors.__all__


@pytest.mark.parametrize("name", errors.__all__)
def test_all_are_told_in_one_sentence_by_one_handler(name: str) -> None:
    assert issubclass(getattr(errors, name), InsulaError)


def test_an_image_error_survives_the_way_between_processes() -> None:
    sent = ImageError("image-damaged", "The file is truncated.")
    received = pickle.loads(pickle.dumps(sent))  # noqa: S301
    assert (received.code, str(received)) == (sent.code, str(sent))


def test_every_code_has_a_remedy_and_every_remedy_a_code() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("data_loader", "analytics")
        for path in (SOURCES / folder).glob("*.py")
        if path.name != "problems.py"
    )
    named = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text))
    assert set(REMEDIES) <= named
    used = set(re.findall(r'(?:ImageError|_complain|Problem)\([^"]*"([a-z]+-[a-z-]+)"', text))
    assert used <= set(REMEDIES)


@pytest.mark.parametrize("remedy", REMEDIES.values())
def test_remedies_are_sentences(remedy: str) -> None:
    assert re.fullmatch(r"[A-Z].*\.", remedy)
