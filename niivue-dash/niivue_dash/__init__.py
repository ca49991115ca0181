"""NiiVue, the WebGL viewer of medical images, as a Dash component."""

from niivue_dash._imports_ import *
from niivue_dash._imports_ import __all__ as __all__

__version__ = "0.1.0"

_NAMESPACE = "niivue_dash"

_js_dist = [
    {"relative_package_path": "niivue_dash.min.js", "namespace": _NAMESPACE},
    # "lazy" also holds under eager_loading: the chunk is fetched by the shell, when a viewer mounts.
    {"relative_package_path": "async-niivue.js", "namespace": _NAMESPACE, "async": "lazy"},
    {"dev_package_path": "proptypes.js", "dev_only": True, "namespace": _NAMESPACE},
]
_css_dist: list[dict[str, str]] = []

for _component in __all__:
    setattr(globals()[_component], "_js_dist", _js_dist)  # noqa: B010
