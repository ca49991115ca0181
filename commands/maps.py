"""`insula lesion-map` and `insula symptom-map`: maps in standard space as files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.options import CohortOption, IndexOption, cohort_of, folder_of, write

if TYPE_CHECKING:
    from analytics.map_regions import Regions
    from dashboard.map_files import MapResult

OutFile = Annotated[
    Path,
    typer.Option(
        "--out", metavar="FILE", help="By its ending: .nii.gz .svg .pdf .png .docx .csv .json ..."
    ),
]


def lesion_map(  # noqa: PLR0913, PLR0917 - an argument for each option
    out: OutFile,
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    by: Annotated[
        str, typer.Option(metavar="VAR", help="Two groups: the difference is mapped.")
    ] = "",
    against: Annotated[
        str, typer.Option(metavar="Q", help="A second cohort: the difference is mapped.")
    ] = "",
    least: Annotated[
        int | None, typer.Option("--minimum", metavar="N", help="Lesions to show a voxel.")
    ] = None,
) -> None:
    """Write the lesion frequency of a cohort, or its difference between two groups."""
    from dashboard.map_choices import DIFFERENCE, FREQUENCY
    from dashboard.map_files import LesionMaps
    from dashboard.view import View
    from data_loader.index import IndexFolder

    folder = IndexFolder(folder_of(index_dir))
    index, maps = folder.current(), LesionMaps(folder)
    choices = {
        "map_kind": DIFFERENCE if by or against else FREQUENCY,
        "by": by,
        "against": against,
        "map_least": "" if least is None else str(least),
    }
    view = View(cohort_of(cohort, index), (), ()).with_choices(**choices)
    _write(maps.result(index, view), maps.regions(index), out)


def symptom_map(  # noqa: PLR0913, PLR0917 - an argument for each option
    out: OutFile,
    score: Annotated[
        str, typer.Option(metavar="VAR", help="What is mapped; or VAR-VAR, a change.")
    ],
    index_dir: IndexOption = None,
    cohort: CohortOption = "",
    method: Annotated[str, typer.Option(metavar="brunner-munzel|linear")] = "brunner-munzel",
    covariates: Annotated[
        str, typer.Option(metavar="TERM,...", help="Of a linear model: age,log1p(volume_ml).")
    ] = "",
    least: Annotated[
        str, typer.Option("--minimum", metavar="N", help="Lesions to test a voxel.")
    ] = "",
    permutations: Annotated[str, typer.Option(metavar="N")] = "1000",
    seed: Annotated[str, typer.Option(metavar="N")] = "1",
    shows_all: Annotated[
        bool, typer.Option("--all", help="All voxels tested, not only those beyond chance.")
    ] = False,
) -> None:
    """Write where in the brain a lesion goes with a score, corrected for all voxels."""
    from analytics.symptom_cohort import cohort_symptom_map, read_question
    from dashboard.map_files import LesionMaps, symptom_result
    from data_loader.index import IndexFolder
    from data_loader.progress import shown

    folder = IndexFolder(folder_of(index_dir))
    index = folder.current()
    regions, chosen = LesionMaps(folder).regions(index), cohort_of(cohort, index)
    question = read_question(
        index.variables,
        score=score,
        method=method,
        covariates=covariates,
        least=least,
        permutations=permutations,
        seed=seed,
    )
    with shown("permutations") as report:
        found = cohort_symptom_map(index, chosen, question, report=report)
    result = symptom_result(found, regions, index.provenance(chosen), shows_all=shows_all)
    _write(result, regions, out)


def _write(result: "MapResult", regions: "Regions", out: Path) -> None:
    from dashboard.map_files import IMAGE, map_content

    extension = IMAGE if out.name.endswith(f".{IMAGE}") else out.suffix[1:]
    write(map_content(result, regions, extension), out, extension)
