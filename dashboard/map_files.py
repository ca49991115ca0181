"""The map that an address asks for: for the viewer, for the page's words and tables, as files.

It is computed from the query alone: a browser never names a file. What the viewer is sent, and what
stands beside it, is kept for the questions asked last; the voxels themselves are not.
"""

from collections import OrderedDict
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from flask import Flask, Response, abort, request

from analytics.lesion_groups import groups_against, groups_by
from analytics.lesion_map import overlap_map
from analytics.lesion_report import difference_report, overlap_report
from analytics.map_export import MAP_FORMATS, map_file
from analytics.map_image import map_image
from analytics.map_regions import Regions
from analytics.peaks import Peak
from analytics.symptom_map import SymptomMap
from analytics.symptom_report import symptom_report
from analytics.tables.table import Report
from dashboard.downloads import register_files, view_of_request
from dashboard.figures.map_layer import MapLayer, difference_layer, overlap_layer, symptom_layer
from dashboard.jobs import Jobs, job_name
from dashboard.map_choices import DIFFERENCE, FREQUENCY, KEYS, MapChoices, read_choices
from dashboard.view import View
from data_loader.errors import AnalysisError, InsulaError
from data_loader.index import Index, IndexFolder
from data_loader.provenance import Provenance

FILE_NAME = "lesion-map"
"""Of the files."""

PICTURES = ("svg", "pdf", "png")
IMAGE = "nii.gz"
FILES = (*PICTURES, IMAGE, *MAP_FORMATS)

_KEPT = 24


@dataclass(frozen=True)
class MapResult:
    """A map with its voxels.

    Attributes:
        layer: as it is drawn.
        values: as a file has them: subjects, percentage points, or the statistic.
        report: what is said of it.
        peak: where a reader may look first; None where nothing is shown.
        critical: of a lesion-symptom map, what its statistic must exceed.
    """

    layer: MapLayer
    values: npt.NDArray[Any]
    report: Report
    peak: Peak | None
    critical: float | None = None


@dataclass(frozen=True)
class MapPicture:
    """A map without its voxels, but as the viewer is sent them.

    Attributes:
        address: from which the viewer fetches it.
        image: the file, `.nii.gz`.
        most: the value farthest from 0, in the unit of the file.
        layer: as it is drawn, without values.
        report: what is said of it.
        peak: where a reader may look first.
        critical: of a lesion-symptom map, what its statistic must exceed.
    """

    address: str
    image: bytes
    most: float
    layer: MapLayer
    report: Report
    peak: Peak | None
    critical: float | None


class MapNotMade(AnalysisError):  # noqa: N818 - a state of the work, not a mistake
    """A lesion-symptom map that nobody had computed yet."""


class LesionMaps:
    """The maps of one index folder, the latest kept."""

    def __init__(self, folder: IndexFolder) -> None:
        self.jobs = Jobs(folder.path)
        self._pictures: OrderedDict[str, MapPicture] = OrderedDict()
        self._regions: tuple[str, Regions] | None = None
        self._lock = Lock()

    def regions(self, index: Index) -> Regions:
        """The territories of an index.

        Raises:
            AnalysisError: no infarct of it is in standard space.
        """
        token = token_of(index)
        if self._regions is None or self._regions[0] != token:
            if index.atlas is None:
                raise AnalysisError("No infarct of this index is in standard space.")
            self._regions = (token, Regions.of(index.atlas, index.atlas_ids))
        return self._regions[1]

    def picture(self, index: Index, view: View) -> MapPicture:
        """The map that an address asks for, for the viewer.

        Raises:
            MapNotMade: it takes longer than a request, and was not computed yet.
            InsulaError: it can't be made.
        """
        address = f"/map/{token_of(index)}/layer.nii.gz{_part(view).search}"
        with self._lock:
            if kept := self._pictures.get(address):
                self._pictures.move_to_end(address)
                return kept
        made = _picture(address, self.result(index, view))
        with self._lock:
            self._pictures[address] = made
            if len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
        return made

    def result(self, index: Index, view: View) -> MapResult:
        """The map that an address asks for, with its voxels; raises as `picture` does."""
        choices, regions = read_choices(view, index), self.regions(index)
        provenance = index.provenance(choices.cohort)
        if choices.kind == FREQUENCY:
            overlap = overlap_map(index.lesion_runs(choices.cohort), least=choices.least)
            return MapResult(
                layer=overlap_layer(overlap),
                values=overlap.shown,
                report=overlap_report(overlap, regions, provenance),
                peak=next(iter(overlap.peaks), None),
            )
        if choices.kind == DIFFERENCE:
            groups = (
                groups_by(index, choices.cohort, choices.by)
                if choices.against is None
                else groups_against(index, choices.cohort, choices.against)
            )
            difference = groups.difference(least=choices.least)
            layer = difference_layer(difference, groups.names)
            report = difference_report(
                difference,
                groups.names,
                regions=regions,
                provenance=provenance,
                shared=groups.shared,
            )
            return MapResult(layer, layer.values, report, _farthest(layer.values))
        found = self._symptom(index, choices)
        return symptom_result(found, regions, provenance, shows_all=choices.shows_all)

    def _symptom(self, index: Index, choices: MapChoices) -> SymptomMap:
        content = self.jobs.result(symptom_job(index, choices))
        if content is None:
            raise MapNotMade("This map was not computed yet; the page offers to compute it.")
        return SymptomMap.from_bytes(content)


def symptom_result(
    found: SymptomMap, regions: Regions, provenance: Provenance, *, shows_all: bool = False
) -> MapResult:
    """A lesion-symptom map as it is shown.

    Args:
        found: the map.
        regions: territories.
        provenance: of the cohort.
        shows_all: all voxels that were tested, rather than those beyond chance.
    """
    layer = symptom_layer(found, significant=not shows_all)
    return MapResult(
        layer=layer,
        values=layer.values,
        report=symptom_report(found, regions=regions, provenance=provenance),
        peak=_farthest(found.volume()),
        critical=found.critical,
    )


def map_content(found: MapResult, regions: Regions, extension: str) -> bytes:
    """A map as one of `FILES`.

    Raises:
        AnalysisError: there is no such file.
    """
    if extension in PICTURES:
        return _mosaic(found, regions, extension)
    if extension == IMAGE:
        return map_image(found.values, found.layer.title)
    return map_file(found.report, extension)


def symptom_job(index: Index, choices: MapChoices) -> str:
    """The name of the job that computes a lesion-symptom map."""
    question = choices.question.text if choices.question else ""
    return job_name("symptom-map", token_of(index), choices.cohort.query(), question)


def token_of(index: Index) -> str:
    """A short hash that changes with the index: what is fetched under it never changes."""
    said = f"{index.path} {index.version} {index.meta['built_at']} {index.meta['program_version']}"
    return sha256(said.encode()).hexdigest()[:16]


def atlas_address(index: Index) -> str:
    """From where the viewer fetches the territories."""
    return f"/map/{token_of(index)}/atlas.nii.gz"


def register_map_files(server: Flask, folder: IndexFolder, maps: LesionMaps) -> None:
    """Add the routes of the viewer's images, and of all files of a map."""

    @server.get("/map/<token>/layer.nii.gz")
    def layer_image(token: str) -> Response:
        index = _current(folder, token)
        view = view_of_request(index)
        try:
            return _volume(maps.picture(index, view).image)
        except InsulaError as error:
            return Response(f"{error}\n", status=400, mimetype="text/plain")

    @server.get("/map/<token>/atlas.nii.gz")
    def atlas_image(token: str) -> Response:
        index = _current(folder, token)
        if index.atlas is None:
            abort(404)
        return _volume(map_image(maps.regions(index).ids, index.atlas.name))

    def make(index: Index, view: View, extension: str) -> bytes:
        return map_content(maps.result(index, view), maps.regions(index), extension)

    register_files(server, folder, FILE_NAME, FILES, make)


def _current(folder: IndexFolder, token: str) -> Index:
    index = folder.current()
    if token != token_of(index):
        # The page of an index that was built anew since: it fetches others once it is reloaded.
        abort(410)
    return index


def _part(view: View) -> View:
    """The part of a view that a map is of."""
    chosen = {key: text for key, text in sorted(view.choices.items()) if key in KEYS}
    return View(view.cohort, charts=(), default_charts=(), choices=chosen)


def _picture(address: str, found: MapResult) -> MapPicture:
    layer = found.layer
    return MapPicture(
        address=address,
        image=map_image(found.values, layer.title),
        most=float(np.abs(found.values).max()) or 1.0,
        layer=replace(layer, values=np.empty(0)),
        report=found.report,
        peak=found.peak,
        critical=found.critical,
    )


def _farthest(values: npt.NDArray[Any]) -> Peak | None:
    flat = np.abs(values).ravel(order="F")
    place = int(flat.argmax())
    return Peak(float(flat[place]), place, 1) if flat[place] else None


def _mosaic(found: MapResult, regions: Regions, extension: Any) -> bytes:
    from dashboard.figures.lesion_mosaic import lesion_mosaic  # noqa: PLC0415 - brings matplotlib

    return lesion_mosaic(
        found.layer, outlines=regions.ids, notes=regions.sources, file_format=extension
    )


def _volume(image: bytes) -> Response:
    # As bytes, without a coding: a browser must not undo the gzip on its way.
    answer = Response(image, mimetype="application/octet-stream")
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    answer.set_etag(sha256(image).hexdigest()[:32])
    return answer.make_conditional(request)  # type: ignore[return-value]  # Flask's Response
