"""The release: every file of the dataset in its place, written whole or not at all."""

import csv
import json
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

from data_loader.demo.clinical import ClinicalFiles, draw_clinical
from data_loader.demo.patients import Patient, plan_patients
from data_loader.demo.readme import describe_dataset, write_readme
from data_loader.demo.subject import write_images
from data_loader.demo.template import load_template

Progress = Callable[[int, int], None]


def write_release(
    out: Path, *, subjects: int, seed: int, workers: int, progress: Progress | None
) -> None:
    """Write the dataset; see `data_loader.demo.write_demo`."""
    if subjects < 1 or workers < 1 or seed < 0:
        raise ValueError("subjects and workers must be at least 1, and the seed at least 0.")
    out = out.resolve()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FileExistsError(f"{out} is there already and not empty: name a new folder.")
    load_template()  # so that a missing template is found before anything is written
    partial = out.parent / f".{out.name}-{os.getpid()}.partial"
    partial.mkdir(parents=True)
    try:
        _fill(partial, subjects=subjects, seed=seed, workers=workers, progress=progress)
        if out.exists():
            out.rmdir()
        partial.rename(out)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def _fill(root: Path, *, subjects: int, seed: int, workers: int, progress: Progress | None) -> None:
    patients = plan_patients(subjects, seed=seed)
    clinical = draw_clinical(patients, seed=seed)
    (root / "README.md").write_text(write_readme(patients, seed=seed), encoding="utf-8")
    description = json.dumps(describe_dataset(), indent=2) + "\n"
    (root / "dataset_description.json").write_text(description, encoding="utf-8")
    for patient, files in zip(patients, clinical, strict=True):
        _write_phenotype(root, patient, files)
    ages = [files.age_years for files in clinical]
    for done, _ in enumerate(_write_all_images(root, patients, ages, seed, workers), start=1):
        if progress:
            progress(done, len(patients))


def _write_all_images(
    root: Path, patients: list[Patient], ages: list[float], seed: int, workers: int
) -> Iterator[None]:
    jobs = list(zip(patients, ages, strict=True))
    if workers == 1:
        for patient, age in jobs:
            write_images(root, patient, age_years=age, seed=seed)
            yield
        return
    # The complete subjects take longest: first, so that no process ends alone with one.
    jobs.sort(key=lambda job: not job[0].complete)
    # Spawned, not forked: whoever calls may run threads.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        futures = [
            pool.submit(write_images, root, patient, age_years=age, seed=seed)
            for patient, age in jobs
        ]
        for future in as_completed(futures):
            future.result()
            yield
    finally:
        pool.shutdown(cancel_futures=True)


def _write_phenotype(root: Path, patient: Patient, files: ClinicalFiles) -> None:
    folder = root / patient.split / "phenotype" / patient.subject
    for session, name, cells in (
        ("ses-01", "demographic_baseline", files.baseline),
        ("ses-02", "outcome", files.outcome),
    ):
        path = folder / session / f"{patient.subject}_{session}_{name}.csv"
        path.parent.mkdir(parents=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([cells.keys(), cells.values()])
