from .NiiVue import NiiVue

__all__ = [
    "NiiVue"
]