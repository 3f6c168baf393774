"""``gandiag presets``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from gandiag.cli.options import AsJson


def presets(
    name: Annotated[str | None, typer.Argument(help="Print the TOML of this preset.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the presets, or print one as TOML."""
    if name is not None:
        _print_preset(name, as_json)
    elif as_json:
        _print_list_as_json()
    else:
        _print_list()


def _print_preset(name: str, as_json: bool) -> None:
    from gandiag.experiment import loading

    experiment = loading.read_experiment(name)
    if as_json:
        document = {"schema": "gandiag.preset/1", "experiment": experiment.resolved()}
        print(json.dumps(document, indent=1))
    else:
        print(loading.preset_text(name), end="")


def _print_list_as_json() -> None:
    from gandiag.experiment import loading

    rows = [
        {
            "name": name,
            "title": loading.read_experiment(name).title,
            "variants": loading.variants(name),
        }
        for name in loading.presets()
    ]
    print(json.dumps({"schema": "gandiag.presets/1", "presets": rows}, indent=1))


def _print_list() -> None:
    from gandiag.experiment import loading

    names = loading.presets()
    width = max(map(len, names))
    for name in names:
        variants = [f":{variant}" for variant in loading.variants(name)]
        listed = f" (variants {', '.join(variants)})" if variants else ""
        print(f"{name:<{width}}  {loading.read_experiment(name).title}{listed}")


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(presets)
