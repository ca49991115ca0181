"""A Python script that makes a result again from an index and prints it, to the last digit."""

from collections.abc import Sequence

from data_loader.provenance import Provenance

_SCRIPT = '''\
"""{what}

{sentence} n = {n}.
Made with Insula {program_version} from index version {index_version} on {made_on}.

Run as `python {file_name} [INDEX]`, INDEX being the folder of the index; the last one that was
built by default. On the same kind of processor the numbers are the same to the last digit.
"""

import sys
from pathlib import Path

{imports}

{constants}


def main() -> None:
    """Print the result, and on stderr whether it is of another index than the first one."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else last_folder()
    if folder is None:
        sys.exit("No index was built yet; name its folder.")
    index = IndexFolder(folder).current()
    made_with = index.version, index.meta["program_version"]
    if made_with != {made_with!r}:
        print("Another index or program than the first one:", *made_with, file=sys.stderr)
{body}


if __name__ == "__main__":
    main()
'''

_IMPORTS = (
    "from data_loader.cohort import Cohort",
    "from data_loader.folders import last_folder",
    "from data_loader.index import IndexFolder",
)


def result_script(  # noqa: PLR0913 - the parts of a program
    provenance: Provenance,
    *,
    what: str,
    file_name: str,
    imports: Sequence[str],
    constants: str,
    body: str,
    caution: str = "",
) -> str:
    """Source of a program that makes a result anew and prints it.

    Args:
        provenance: which subjects of which data it is about.
        what: it prints: a sentence.
        file_name: of the program.
        imports: lines, besides those of the cohort and the index.
        constants: the choices that were made, as assignments.
        body: lines of its function that print the result of `index`, indented.
        caution: a sentence that must stand beside the result; empty for none.
    """
    said = f"{provenance.sentence} {caution}".strip()
    return _SCRIPT.format(
        what=what,
        sentence=said.replace("\\", "\\\\").replace('"', "'"),
        n=provenance.n,
        program_version=provenance.program_version,
        index_version=provenance.index_version,
        made_on=provenance.made_on,
        made_with=(provenance.index_version, provenance.program_version),
        file_name=file_name,
        imports="\n".join(sorted((*imports, *_IMPORTS))),
        constants=constants.strip(),
        body=body.rstrip(),
    )
