"""Ids of components that callbacks name, each said once."""

URL = "url"
