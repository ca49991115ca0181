"""Data in, plotly figure out, as plain dicts."""
