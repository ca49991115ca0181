"""A profile says which file of a dataset family is which image, and which column is which variable.

Paths are matched as written under the dataset's folder, with `/` between the parts.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from data_loader.errors import ProfileError
from data_loader.variables import dictionary

ORDER = ("isles24", "isles22", "soop", "jhu", "atlas", "bids")
"""Profiles that come with the program, the most particular first."""

Holds = Literal["labels", "quantities", "perfusion", "diffusion"]
"""What the values of an image are."""

Modality = Literal["ct", "mr"]
"""By what an image of a head was made, as far as registering it goes."""


@dataclass(frozen=True)
class ImageRule:
    """Which files are images of one kind.

    Attributes:
        kind: short name, such as `ncct` or `lesion`.
        file: searched in the path.
        dimensions: the most that a file of this kind may have.
        reference: kinds of images on whose grid it lies; it is compared with the first of them
            that its subject has.
        holds: read whole when masks are measured: labels in search of an empty mask, all others
            in search of values that are not finite. Perfusion maps and diffusion-weighted images
            on the grid of the infarct mask are compared with it: whether it lies inside the slab
            that the maps cover, whether it is bright.
        modality: of an image of a head by which an infarct mask can be registered to MNI152: the
            first of the mask's references that says so.
        on_grid_of: kinds of images on one of which it was drawn, where no name says on which: that
            of its session which lies on its grid, the first kind first. It takes the place of
            `reference`, and isn't compared.
    """

    kind: str
    file: re.Pattern[str]
    dimensions: int = 3
    reference: tuple[str, ...] = ()
    holds: Holds | None = None
    modality: Modality | None = None
    on_grid_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class TransformRule:
    """Which files are the dataset's own transforms to MNI152.

    Attributes:
        kind: of the images from whose space they lead, such as `ncct`.
        file: searched in the path.
    """

    kind: str
    file: re.Pattern[str]


@dataclass(frozen=True)
class ClinicalRule:
    """Which files hold clinical values.

    Attributes:
        file: searched in the path.
        id_column: column with the subject; None where a file is about the subject in its path.
        only: columns that are read; all of them by default.
    """

    file: re.Pattern[str]
    id_column: str | None = None
    only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Profile:
    """How to read one dataset family.

    Attributes:
        name: under which `read_profile` finds it again: a built-in's name, else its path.
        title: as printed where the dataset does not state its own.
        recognise: a dataset is of this family if one of its paths matches.
        subject: finds the subject in a path.
        images: tried in order; the first that matches names the kind.
        transforms: files that take masks to MNI152; they go before registration.
        clinical: files with clinical values.
        columns: source column to variable name, before the dictionary's aliases.
        license: as printed where the dataset does not state its own.
    """

    name: str
    title: str
    recognise: re.Pattern[str]
    subject: re.Pattern[str]
    images: tuple[ImageRule, ...]
    transforms: tuple[TransformRule, ...] = ()
    clinical: tuple[ClinicalRule, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    license: str | None = None

    def image_rule(self, path: str) -> ImageRule | None:
        """The rule that a path falls under."""
        return next((rule for rule in self.images if rule.file.search(path)), None)

    def clinical_rule(self, path: str) -> ClinicalRule | None:
        """The rule that a path falls under."""
        return next((rule for rule in self.clinical if rule.file.search(path)), None)

    def transform_rule(self, path: str) -> TransformRule | None:
        """The rule that a path falls under."""
        return next((rule for rule in self.transforms if rule.file.search(path)), None)

    def subject_of(self, path: str) -> str | None:
        """The subject that a path belongs to."""
        found = self.subject.search(path)
        return found.group() if found else None


def read_profile(name_or_file: str) -> Profile:
    """Read a profile by the name of a built-in one or by its path.

    Raises:
        ProfileError: there is none, or it is malformed.
    """
    built_in = Path(__file__).parent / "profiles" / f"{name_or_file}.toml"
    path = built_in if name_or_file in ORDER else Path(name_or_file)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        name = name_or_file if path is built_in else str(path.resolve())
        return _profile_of(name, table)
    except OSError:
        sentence = f"There is no profile {name_or_file}; known are {', '.join(ORDER)}."
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, re.error) as error:
        sentence = f"The profile {path.name} can't be read: {error}."
    except (KeyError, TypeError, AttributeError) as error:
        sentence = f"The profile {path.name} lacks or misspells {error}."
    raise ProfileError(sentence)


def _profile_of(name: str, table: Mapping[str, Any]) -> Profile:
    if unknown := table.keys() - ({known.name for known in fields(Profile)} - {"name"}):
        raise ProfileError(f"The profile {name} has the unknown key {', '.join(sorted(unknown))}.")
    columns = table.get("columns", {})
    for variable in columns.values():
        if variable not in dictionary() or not dictionary()[variable].aliases:
            raise ProfileError(
                f"The profile {name} maps a column to {variable}, which no file holds."
            )
    return Profile(
        name=name,
        title=table["title"],
        recognise=re.compile(table["recognise"]),
        subject=re.compile(table["subject"]),
        images=tuple(ImageRule(**_rule(name, rule)) for rule in table["images"]),
        transforms=tuple(
            TransformRule(**_rule(name, rule)) for rule in table.get("transforms", ())
        ),
        clinical=tuple(ClinicalRule(**_rule(name, rule)) for rule in table.get("clinical", ())),
        columns=columns,
        license=table.get("license"),
    )


def _rule(name: str, rule: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's values; JSON Schema says the same in `profiles/profile.schema.json`."""
    for key, value in rule.items():
        if not _WELL_FORMED.get(key, _is_text)(value):
            raise ProfileError(f"The profile {name} has a rule with {key} = {value!r}.")
    lists = {key: tuple(value) for key, value in rule.items() if isinstance(value, list)}
    return {**rule, **lists, "file": re.compile(rule["file"])}


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_WELL_FORMED: Mapping[str, Callable[[Any], bool]] = {
    "dimensions": lambda value: type(value) is int and 3 <= value <= 7,
    "reference": _is_texts,
    "on_grid_of": _is_texts,
    "only": _is_texts,
    "holds": lambda value: value in get_args(Holds),
    "modality": lambda value: value in get_args(Modality),
}


@cache
def _built_in() -> tuple[Profile, ...]:
    return tuple(read_profile(name) for name in ORDER)


def recognise_profile(paths: Iterable[str]) -> Profile | None:
    """The first built-in profile that recognises one of the paths, or None."""
    known = list(paths)
    return next((p for p in _built_in() if any(map(p.recognise.search, known))), None)
