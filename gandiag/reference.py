"""What can be written in an experiment, place by place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from gandiag.errors import UsageError, must_be_one_of
from gandiag.experiment import Experiment
from gandiag.keys import Key, Models, by_kind, keys_of, models_below, summary


@dataclass(frozen=True)
class Kind:
    """One kind of a table: its name, what it is, and the names of its keys."""

    name: str
    about: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """What can be written at one place, or at several alike.

    Attributes:
        paths: The places; the whole experiment is ``""``.
        about: What stands there.
        kinds: The kinds, where it comes in kinds.
        keys: The keys; of a path that ends at a single value, that one.
    """

    paths: tuple[str, ...]
    about: str
    kinds: tuple[Kind, ...]
    keys: tuple[Key, ...]


def look_up(path: str) -> Table:
    """What can be written at a place, e.g. ``"discriminator.layers"`` or ``"objective.r1"``.

    Raises:
        UsageError: There is no such place.
    """
    models: Models = [Experiment]
    about, keys, passed = summary(Experiment), keys_of(models), ""
    for part in (each for each in path.split(".") if each and not _is_passed_over(each)):
        below = models_below(models, part)
        found = tuple(key for key in keys if key.name == part)
        if not models:
            raise UsageError(f"{passed} is one value ({keys[0].type}), with nothing below it")
        if not found and not below:
            legal = [*by_kind(models), *dict.fromkeys(key.name for key in keys)]
            where = f"{passed}: " if passed else ""
            raise UsageError(where + unknown_key(part, passed, legal))
        chosen = below == [by_kind(models).get(part)]
        about = summary(below[0]) if chosen else found[0].about if below else ""
        models, keys = below, keys_of(below) or found
        passed = f"{passed}.{part}".removeprefix(".")
    return Table((passed,), about, _kinds(models), keys)


def everything() -> list[Table]:
    """All that can be written: each table once, with all places where it can stand."""
    places: dict[tuple[type[BaseModel], ...], list[str]] = {}
    abouts = {}
    for path, about, models in _walk("", summary(Experiment), [Experiment]):
        places.setdefault(tuple(models), []).append(path)
        abouts[path] = about
    tables: dict[tuple[type[BaseModel], ...], Table] = {}
    for models, paths in places.items():
        keys, about = keys_of(models), abouts[paths[0]]
        for base in (tables[of] for of in tables if of[0] in models[0].__mro__[1:]):
            keys = tuple(key for key in keys if key not in base.keys)
            about += f" All keys of {base.paths[0]}, and:"
        tables[models] = Table(tuple(paths), about, _kinds(models), keys)
    return list(tables.values())


def unknown_key(key: str, path: str, legal: Sequence[str]) -> str:
    """Words the complaint that a key is not known at a place; it may be one of another place."""
    places = [
        place
        for table in everything()
        for place in table.paths
        if any(key == known.name for known in table.keys)
    ]
    if not places:
        return must_be_one_of("key", key, legal)
    below = [place for place in places if place.startswith(f"{path}.")]
    known = (below or places)[0] or "the experiment itself"
    return f"there is no key {key!r} here; it is a key of {known}. There are: {', '.join(legal)}"


def _walk(path: str, about: str, models: Models) -> Iterator[tuple[str, str, Models]]:
    yield path, about, models
    for key in {key.name: key for key in keys_of(models)}.values():
        if below := models_below([m for m in models if key.name in m.model_fields], key.name):
            yield from _walk(f"{path}.{key.name}".removeprefix("."), key.about, below)


def _is_passed_over(part: str) -> bool:
    """The place of an item in a list, and the key that chooses a kind."""
    return part.isdecimal() or part == "kind"


def _kinds(models: Models) -> tuple[Kind, ...]:
    if len(models) < 2:
        return ()
    return tuple(
        Kind(name, summary(model), tuple(key.name for key in keys_of([model])))
        for name, model in by_kind(models).items()
    )
