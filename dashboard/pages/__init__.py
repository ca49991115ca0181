"""One module a page: `layout` and `register`, thin."""
