"""What registers images; known without loading it, which takes a second."""

from importlib.metadata import version
from typing import Literal

from data_loader.registrations import Engine

Method = Literal["affine", "syn"]

RECIPE = 1
"""Raised whenever the same image would get another way: what is stored is then made anew."""


def engine(method: Method) -> Engine:
    """What registers by a method, with its version."""
    return Engine(f"antspyx {version('antspyx')}, {method}, recipe {RECIPE}", method)
