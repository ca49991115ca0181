"""A patient's image files, and what is wrong with files and values."""

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.aria import aria
from dashboard.presets import kind_of
from data_loader.rows import Row

_HEADS = ("Image", "Session", "Space", "Grid", "Voxel (mm)", "Axes", "Status", "File")


def image_list(images: Sequence[Row]) -> Component:
    """A row a file: what it is, its grid, and whether it can be used."""
    title = html.Header(html.H2("Images"))
    if not images:
        said = html.P("The dataset has no image of this subject.", className="help")
        return html.Section([title, said], className="panel")
    data = {"head": list(_HEADS), "body": [_image(image) for image in images]}
    table = dmc.Table(data=data, className="image-list", verticalSpacing=3)
    return html.Section([title, table], className="panel", tabIndex="0", **aria(label="Images"))


def _image(image: Row) -> list[str]:
    label = kind_of(image["kind"]).label if image["kind"] else "not recognised"
    status = image["status"] if image["status"] == "ok" else f"! {image['status']}"
    return [
        label,
        image["session"] or "",
        image["space"] or "native",
        _grid(image),
        _voxel(image),
        image["orientation"] or "",
        f"{status}: {image['sentence']}" if image["sentence"] else status,
        image["file"],
    ]


def _grid(image: Row) -> str:
    if image["nx"] is None:
        return ""
    axes = [image["nx"], image["ny"], image["nz"]]
    return " x ".join(map(str, [*axes, image["nt"]] if image["nt"] > 1 else axes))


def _voxel(image: Row) -> str:
    if image["voxel_x_mm"] is None:
        return ""
    return " x ".join(f"{image[f'voxel_{axis}_mm']:.3g}" for axis in "xyz")


def problem_list(problems: Sequence[Row]) -> Component:
    """What is wrong, and what to do about each."""
    title = html.Header(html.H2("Problems"))
    if not problems:
        said = html.P("None found in this subject's files and values.", className="help")
        return html.Section([title, said], className="panel")
    items = [
        html.Li(
            [
                html.Span(
                    [html.Span("!", className="mark", **aria(hidden="true")), problem["severity"]],
                    className="flag" + " flag-doubt" * (problem["severity"] == "error"),
                ),
                html.Span(problem["sentence"]),
                html.Span(problem["remedy"], className="dimmed"),
                html.Code(problem["file"]) if problem["file"] else None,
            ]
        )
        for problem in problems
    ]
    return html.Section([title, html.Ul(items, className="problems")], className="panel")
