"""From a BIDS tree and clinical files to one DuckDB index of a stroke imaging cohort."""

__version__ = "0.1.0"
