"""Measures of CT perfusion beside subjects: which series counts, and what is made of its measures.

Mismatch as in DEFUSE 3 (Albers et al., N Engl J Med 2018;378:708-18).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from data_loader.checks import CheckedSeries
from data_loader.content import Content, Row, add_variables, complain
from data_loader.journal import Key, Result
from data_loader.variables import dictionary

VARIABLES = (
    *("tmax_6_ml", "core_ml", "mismatch_ml", "mismatch_ratio", "target_mismatch"),
    *("hypoperfusion_intensity_ratio", "infarct_growth_ml"),
)
"""Columns of the subject table too."""

_TARGET = {"ratio": 1.8, "core_below_ml": 70.0, "mismatch_ml": 15.0}


def add_perfusion(
    content: Content, checked: Iterable[CheckedSeries], results: Mapping[Key, Result]
) -> None:
    """Put one row a subject into the table of perfusion, and its measures beside the subject.

    Of several series that counts which lies on the grid of the infarct mask, else the first.
    """
    images = {(row["dataset"], row["file"]): row for row in content.images}
    subjects = {(row["dataset"], row["subject"]): row for row in content.subjects}
    lesions = {(row["dataset"], row["subject"]): row for row in content.lesions}
    for key, row in _chosen(checked, results, images).items():
        lesion = lesions.get(key)
        row.update(_made_of(row, lesion["volume_ml"] if lesion else None))
        subjects[key].update({name: row[name] for name in VARIABLES})
        content.perfusion.append(row)
        if row["normal_cbf"] is None:
            sentence = (
                f"Of the tissue with flow {row['normal_share']:.0%} have a Tmax of 4 s or less, so"
                " that no normal tissue can be told to hold a core against. Is Tmax in seconds?"
            )
            complain(content, images[key[0], row["tmax_file"]], "perfusion-no-normal", sentence)
    if content.perfusion:
        names = tuple(dict.fromkeys(row["dataset"] for row in content.perfusion))
        known = (
            name for name in VARIABLES if any(row[name] is not None for row in content.perfusion)
        )
        add_variables(content, [replace(dictionary()[name], datasets=names) for name in known])


def _chosen(
    checked: Iterable[CheckedSeries],
    results: Mapping[Key, Result],
    images: Mapping[tuple[str, str], Row],
) -> dict[tuple[str, str], Row]:
    chosen: dict[tuple[str, str], Row] = {}
    for row in _measured(checked, results, images):
        known = chosen.setdefault((row["dataset"], row["subject"]), row)
        if known["infarct_in_tmax_6_ml"] is None and row["infarct_in_tmax_6_ml"] is not None:
            chosen[row["dataset"], row["subject"]] = row
    return chosen


def _measured(
    checked: Iterable[CheckedSeries],
    results: Mapping[Key, Result],
    images: Mapping[tuple[str, str], Row],
) -> Iterator[Row]:
    """A row a series with measures."""
    for series in checked:
        measures = results.get(series.key, {}).get("perfusion")
        if measures is None:
            continue
        files = {image.rule.kind: image.file for image in series.images}
        image = images[series.dataset, files["tmax"]]
        yield {
            **{name: image[name] for name in ("dataset", "subject", "session", "space")},
            "tmax_file": files["tmax"],
            "cbf_file": files["cbf"],
            **measures,
        }


def _made_of(row: Row, infarct_ml: float | None) -> Row:
    """Mismatch, and growth where there is a final infarct; None where there is no core to tell."""
    core, deficit = row["core_ml"], row["tmax_6_ml"]
    made = dict.fromkeys(("mismatch_ml", "mismatch_ratio", "target_mismatch", "infarct_growth_ml"))
    intensity = row["tmax_10_ml"] / deficit if deficit else None
    if core is None:
        return made | {"hypoperfusion_intensity_ratio": intensity}
    mismatch = deficit - core
    is_target = (
        deficit >= _TARGET["ratio"] * core
        and core < _TARGET["core_below_ml"]
        and mismatch >= _TARGET["mismatch_ml"]
    )
    return {
        "mismatch_ml": mismatch,
        "mismatch_ratio": deficit / core if core else None,
        "target_mismatch": int(is_target),
        "hypoperfusion_intensity_ratio": intensity,
        "infarct_growth_ml": None if infarct_ml is None else infarct_ml - core,
    }
