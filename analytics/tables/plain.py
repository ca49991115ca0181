"""What every export says of its numbers, as plain values for JSON."""

from typing import Any

from data_loader.provenance import Provenance


def provenance_json(provenance: Provenance) -> dict[str, Any]:
    """Where numbers come from, with keys that JSON files of all results share."""
    return {
        "cohort": provenance.query,
        "cohort_sentence": provenance.sentence,
        "n": provenance.n,
        "datasets": [
            {
                "name": source.name,
                "title": source.title,
                "version": source.version,
                "license": source.license,
                "synthetic": source.synthetic,
            }
            for source in provenance.sources
        ],
        "index_version": provenance.index_version,
        "program_version": provenance.program_version,
        "made_on": provenance.made_on.isoformat(),
    }
