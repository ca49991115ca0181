"""Numbers about a stroke imaging cohort: what is measured in an image and computed of a table."""
