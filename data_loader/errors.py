"""What can go wrong, as one tree.

::

    InsulaError                 shown to the user as one sentence; exit code 2
    ├── DatasetError            a folder can't be read as a dataset
    ├── ProfileError            a profile is malformed or unknown
    ├── CohortError             a filter can't be read
    ├── AnalysisError           an analysis can't be made of these values as asked
    ├── AtlasError              an atlas can't be read or used
    ├── TransformError          a transform can't be read; its mask has no territories
    ├── IndexUnavailable        there is no index, or another version made it
    │   └── IndexBusy           another run is writing this index
    ├── MeasureInterrupted      measuring stopped early; finished subjects are kept
    └── ImageError              one image can't be read; becomes a row of `problems`

An `ImageError` never ends a run: it bears the code under which it is listed.
"""

__all__ = [
    "AnalysisError",
    "AtlasError",
    "CohortError",
    "DatasetError",
    "ImageError",
    "IndexBusy",
    "IndexUnavailable",
    "InsulaError",
    "MeasureInterrupted",
    "ProfileError",
    "TransformError",
]


class InsulaError(Exception):
    """Anything the user is told in one sentence."""


class DatasetError(InsulaError):
    """A folder can't be read as a dataset."""


class ProfileError(InsulaError):
    """A profile is malformed or unknown."""


class CohortError(InsulaError):
    """A filter of a cohort can't be read."""


class AnalysisError(InsulaError):
    """An analysis can't be made of these values as asked."""


class AtlasError(InsulaError):
    """An atlas of arterial territories can't be read or used."""


class TransformError(InsulaError):
    """A dataset's own transform to standard space can't be read or used."""


class IndexUnavailable(InsulaError):  # noqa: N818 - a state of the world, not a mistake
    """There is no index here, or another program version made it."""


class IndexBusy(IndexUnavailable):
    """Another run is writing this index."""


class MeasureInterrupted(InsulaError):  # noqa: N818 - the user interrupted it
    """Measuring stopped before the end; every finished subject is kept."""


class ImageError(InsulaError):
    """One image can't be read or measured.

    Attributes:
        code: the problem code, a key of `data_loader.problems.REMEDIES`.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code

    def __reduce__(self) -> tuple[type["ImageError"], tuple[str, str]]:
        return type(self), (self.code, str(self))
