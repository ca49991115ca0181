"""A Python script that fits the same model again and gives the same numbers, to the last digit."""

from analytics.outcome.study import Study
from analytics.tables.script import result_script

_IMPORTS = (
    "from analytics.crossed_frame import frame_of, variables_with",
    "from analytics.outcome.study import read_study, run_study",
    "from analytics.outcome.study_numbers import study_json",
)
_BODY = """\
    asked = read_study(variables_with(index, MODEL.get("by")), **MODEL)
    cohort, _ = Cohort.parse(COHORT, index.variables)
    study = run_study(frame_of(index, cohort, asked.plan.names), asked)
    sys.stdout.buffer.write(study_json(study))
"""


def study_script(study: Study) -> str:
    """Source of a program that does the study anew from an index and prints its numbers."""
    made, model = study.model.provenance, study.model
    request = "".join(f"    {key!r}: {value!r},\n" for key, value in study.request.items())
    return result_script(
        made,
        what="Outcome model, its numbers printed as JSON.",
        file_name="outcome.py",
        imports=_IMPORTS,
        constants=f"COHORT = {made.query!r}\nMODEL = {{\n{request}}}",
        body=_BODY,
        caution=model.warnings[0] if model.plan.late else "",
    )
