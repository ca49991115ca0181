"""A Python script that fits the same model again and gives the same numbers, to the last digit."""

from analytics.outcome.model import OutcomeModel

_SCRIPT = '''\
"""Outcome model, its numbers printed as JSON.

{sentence} n = {n}.
Made with Insula {program_version} from index version {index_version} on {made_on}.

Run as `python outcome.py [INDEX]`, INDEX being the folder of the index; the last one that was
built by default. On the same kind of processor the numbers are the same to the last digit.
"""

import sys
from pathlib import Path

from analytics.outcome.model import fit_outcome
from analytics.outcome.numbers import model_json
from analytics.outcome.plan import read_plan
from data_loader.cohort import Cohort
from data_loader.folders import last_folder
from data_loader.index import IndexFolder

COHORT = {query!r}
MODEL = {{
{request}}}


def main() -> None:
    """Print the numbers, and on stderr whether they are of another index than the first ones."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else last_folder()
    if folder is None:
        sys.exit("No index was built yet; name its folder.")
    index = IndexFolder(folder).current()
    made_with = index.version, index.meta["program_version"]
    if made_with != {made_with!r}:
        print("Another index or program than the model was made with:", *made_with, file=sys.stderr)
    plan = read_plan(index.variables, **MODEL)
    cohort, _ = Cohort.parse(COHORT, index.variables)
    model = fit_outcome(index.frame(cohort, plan.names), plan)
    sys.stdout.buffer.write(model_json(model))


if __name__ == "__main__":
    main()
'''


def model_script(model: OutcomeModel) -> str:
    """Source of a program that fits the model anew from an index and prints its numbers."""
    made = model.provenance
    late = f" {model.warnings[0]}" if model.plan.late else ""
    return _SCRIPT.format(
        sentence=(made.sentence + late).replace("\\", "\\\\").replace('"', "'"),
        n=made.n,
        program_version=made.program_version,
        index_version=made.index_version,
        made_on=made.made_on,
        made_with=(made.index_version, made.program_version),
        query=made.query,
        request="".join(f"    {key!r}: {value!r},\n" for key, value in model.plan.request.items()),
    )
