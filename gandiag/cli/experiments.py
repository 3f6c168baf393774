"""The verbs that look at what there is: presets, keys, doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from gandiag.cli import keys


def presets(
    name: Annotated[str | None, typer.Argument(help="Print the TOML of this one.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """List the experiments that are shipped, or print one."""
    import json

    from gandiag.experiment import loading

    if name is not None:
        experiment = loading.read_experiment(name)
        text = loading.preset_text(name)
        document = {"schema": "gandiag.preset/1", "experiment": experiment.resolved()}
        print(json.dumps(document, indent=1) if as_json else text, end="" if not as_json else "\n")
        return
    found = {each: loading.read_experiment(each) for each in loading.presets()}
    if as_json:
        rows = [
            {"name": each, "title": e.title, "variants": loading.variants(each)}
            for each, e in found.items()
        ]
        print(json.dumps({"schema": "gandiag.presets/1", "presets": rows}, indent=1))
        return
    widest = max(map(len, found))
    for each, experiment in found.items():
        others = loading.variants(each)
        also = f" (also :{', :'.join(others)})" if others else ""
        print(f"{each:<{widest}}  {experiment.title}{also}")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Say what is installed, what it finds, and what stands in its way."""
    import json

    from gandiag.cli.doctor import examine

    found = examine()
    if as_json:
        print(json.dumps(found, indent=1))
        return
    print(f"gandiag {found['gandiag']}, Python {found['python']}, {found['cores']} cores")
    for backend in found["backends"]:
        print(f"{backend['name']:<12} {backend['state']}")
    for warning in found["warnings"]:
        print(f"warning: {warning}")


def add_to(app: typer.Typer) -> None:
    """Adds the verbs."""
    app.command()(presets)
    keys.add_to(app)
    app.command()(doctor)
