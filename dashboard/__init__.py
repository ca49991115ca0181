"""The pages: what a browser shows of an index."""
