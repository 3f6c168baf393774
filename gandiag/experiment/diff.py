"""How an experiment differs from the preset of the same name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gandiag.experiment import loading
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.recorded import Trained

Change = tuple[Any, Any]
"""The preset's value, and the experiment's."""

DESCRIPTIVE = ("name", "title", "source", "outcome")
"""Keys that only describe an experiment."""

FEW = 4
"""How many changes a sentence lists."""


def preset_of(trained: Trained) -> str | None:
    """The preset, or the variant of one (``"ring8:pac2"``), that an experiment is named after."""
    known = loading.presets() if isinstance(trained, Experiment) else []
    if trained.name in known:
        return trained.name
    for base in known:
        variant = trained.name.removeprefix(f"{base}-")
        if variant != trained.name and variant in loading.variants(base):
            return f"{base}:{variant}"
    return None


def changes_from_preset(trained: Trained) -> dict[str, Change]:
    """What differs from the preset of that name, as this version ships it.

    Of a part of another kind only the kind is listed, since its keys are others.

    Args:
        trained: The experiment.

    Returns:
        The preset's value and the experiment's, by dotted path, in the order of the TOML;
        nothing where there is no preset of that name.

    >>> from gandiag.experiment.loading import read_experiment
    >>> changes_from_preset(read_experiment("dirac", {"schedule.iterations": 40}))
    {'schedule.iterations': (500, 40)}
    """
    preset = preset_of(trained)
    if preset is None:
        return {}
    before, now = loading.read_experiment(preset).resolved(), trained.resolved()
    return {path: pair for path, pair in _changes(before, now, "") if path not in DESCRIPTIVE}


def summarize_changes(changes: Mapping[str, Change], most: int = FEW) -> str:
    """Changes as a list, e.g. ``"objective.game wasserstein (gan)"``, the preset's in brackets."""
    items = [f"{path} {format_change(pair)}" for path, pair in changes.items()]
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(items[:most]) + more


def format_change(change: Change) -> str:
    """A change as text, with the preset's value in brackets.

    >>> format_change((25000, 40)), format_change(([0.5, 1.0], []))
    ('40 (25,000)', 'none (0.5 1)')
    >>> format_change((None, {"kind": "ring"}))
    'ring (none)'
    """
    before, now = change
    return f"{_format_value(now)} ({_format_value(before)})"


def display_title(trained: Trained) -> str:
    """An experiment's title, or its name, where its title is still that of a preset."""
    taken = preset_of(trained) is None and trained.title in _titles()
    return trained.name if taken else trained.title or trained.name


def _titles() -> set[str]:
    return {loading.read_experiment(name).title for name in loading.presets()}


def _changes(before: Any, now: Any, path: str) -> Iterator[tuple[str, Change]]:
    if isinstance(before, Mapping) and isinstance(now, Mapping):
        keys = [*before, *(key for key in now if key not in before)]
        keys = keys if before.get("kind") == now.get("kind") else ["kind"]
        pairs = [(key, before.get(key), now.get(key)) for key in keys]
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = [(str(i), a, b) for i, (a, b) in enumerate(zip(before, now, strict=True))]
    else:
        if before != now:
            yield path, (before, now)
        return
    for key, a, b in pairs:
        yield from _changes(a, b, f"{path}.{key}" if path else key)


def _format_value(value: Any) -> str:
    """A value as short text."""
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:g}"
    if isinstance(value, Mapping):
        return str(value.get("kind", "set"))
    if isinstance(value, list):
        flat = len(value) <= FEW and not any(isinstance(item, list | Mapping) for item in value)
        return " ".join(map(_format_value, value)) if flat else f"{len(value)} items"
    return str(value)
