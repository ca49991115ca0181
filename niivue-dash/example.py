"""Two linked viewers of your own files: `python example.py image.nii.gz [mask.nii.gz]`."""

import sys
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, html
from flask import Response, send_file

from niivue_dash import NiiVue


def create_app(image: Path, mask: Path | None) -> Dash:
    """An app that shows the image twice, with the mask as colour on one and as line on the other."""
    app = Dash(__name__)
    files = {"image": image} | ({"mask": mask} if mask else {})

    @app.server.get("/volume/<name>")
    def volume(name: str) -> Response:
        # The type keeps Flask from declaring the gzip file as a compressed response.
        return send_file(files[name].resolve(), mimetype="application/gzip", conditional=True)

    def volumes(**mask_look: Any) -> list[Any]:
        shown = [{"id": "image", "url": "/volume/image"}]
        return shown + [{"id": "mask", "url": "/volume/mask"} | mask_look] * bool(mask)

    fill = {"colormap": "red", "cal_min": 0, "cal_max": 1, "opacity": 0.5}
    line = {"opacity": 0, "outline": 2, "outline_color": "#ffd400"}
    app.layout = html.Main(
        [
            NiiVue(id="fill", volumes=volumes(**fill), sync_group="pair", alt="Mask as colour"),
            html.P(id="readout"),
            NiiVue(id="line", volumes=volumes(**line), sync_group="pair", alt="Mask as line"),
        ]
    )
    app.clientside_callback(
        """location => location
            ? `${location.mm.join(', ')} mm: ${location.values.map(v => v.value).join(', ')}`
            : 'Click into a slice.'""",
        Output("readout", "children"),
        Input("fill", "location"),
    )
    return app


if __name__ == "__main__":
    image, *mask = map(Path, sys.argv[1:])
    create_app(image, mask[0] if mask else None).run()
