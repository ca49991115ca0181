"""Fixtures: real data where they lie, an index of the SOOP cohort, a cache of the tests' own."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from analytics.atlas.choice import choose_atlas
from analytics.measure import measure_lesions
from analytics.territories import standard_space
from data_loader.build import build_index
from data_loader.index import Index, IndexFolder

REAL_DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the user's cache, and the index that was built last, out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real data, read where they lie and never written to."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"real data aren't in {os.path.relpath(REAL_DATA)}")
    return REAL_DATA


@pytest.fixture(scope="session")
def soop_folder(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an index of the real SOOP masks, measured by one process.

    Its territories are those of the published atlas where that was fetched.
    """
    folder = tmp_path_factory.mktemp("soop-index")
    build_index(
        [real_data / "soop"],
        folder,
        measure=partial(measure_lesions, workers=1),
        standard=standard_space(choose_atlas()),
    )
    return folder


@pytest.fixture(scope="session")
def soop(soop_folder: Path) -> Index:
    """An index of the real SOOP masks."""
    return IndexFolder(soop_folder).current()
