"""The keys of an experiment, read from its classes and their docstrings."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

import tomli_w
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from gandiag.errors import UsageError, must_be_one_of
from gandiag.experiment.experiment import Experiment
from gandiag.spec import Spec

Models = Sequence[type[BaseModel]]
"""The models allowed at one place: a single one, or one of several kinds."""

WORDS = {int: "integer", float: "number", str: "text", bool: "true/false", Mapping: "table"}
LOW, HIGH = {"ge": ("≥", "≤"), "gt": (">", "<")}, {"le": "≤", "lt": "<"}
"""The signs of bounds; of two, the lower is written on the left."""


@dataclass(frozen=True)
class Key:
    """One key of a table.

    Attributes:
        name: The key.
        kinds: The kinds of the table that have it; none where all do.
        type: The type of its values, as text.
        default: The default, as TOML; None where the key is required.
        about: What it does.
    """

    name: str
    kinds: tuple[str, ...]
    type: str
    default: str | None
    about: str


def keys_of(models: Models) -> tuple[Key, ...]:
    """The keys allowed at one place; those that kinds have in common are listed once.

    A key that one kind explains and another does not is explained by the first.
    """
    variants: dict[tuple[str, str, str | None], dict[str, list[str]]] = {}
    for model in models:
        descriptions = _descriptions(model)
        for name, field in model.model_fields.items():
            if name != "kind":
                same = variants.setdefault((name, _type(field), _default(field)), {})
                same.setdefault(descriptions.get(name, ""), []).append(kind_of(model) or "")
    keys = []
    for (name, words, default), abouts in variants.items():
        unexplained = abouts.pop("", []) if len(abouts) > 1 else []
        for about, kinds in abouts.items():
            kinds += unexplained
            some = () if len(kinds) == len(models) else tuple(kinds)
            keys.append(Key(name, some, words, default, about))
    return tuple(keys)


def by_kind(models: Models) -> dict[str, type[BaseModel]]:
    """The models by the names of their kinds, where they have one."""
    return {kind: model for model in models if (kind := kind_of(model)) is not None}


def kind_of(model: type[BaseModel]) -> str | None:
    """The name of a kind."""
    field = model.model_fields.get("kind")
    return get_args(field.annotation)[0] if field else None


def summary(model: type[BaseModel]) -> str:
    """What a model is, in one sentence."""
    return _plain(inspect.cleandoc(model.__doc__ or "").partition("\n\n")[0])


def models_below(models: Models, part: str | int) -> list[type[BaseModel]]:
    """The models allowed one step below: at a key, an item of a list, or the name of a kind."""
    if str(part).isdecimal():
        return list(models)
    if len(models) > 1 and part in by_kind(models):
        return [by_kind(models)[str(part)]]
    fields = [model.model_fields.get(str(part)) for model in models]
    below = [model for field in fields if field for model in _models_in(field.annotation)]
    return list(dict.fromkeys(below))


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models_in(part)]


@cache
def _descriptions(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings behind the fields of a model and of its bases.

    Pydantic can collect them too, but only when a class is made: every import would pay for it.
    """
    import docstring_parser

    descriptions: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, Spec) and base is not Spec:
            for field in docstring_parser.parse_from_object(base).params:
                descriptions[field.arg_name] = _plain(field.description or "")
    return descriptions


def _plain(text: str) -> str:
    return " ".join(text.replace("`", "").split())


def _type(field: FieldInfo) -> str:
    return _bounded(_words(field.annotation), field.metadata)


def _words(annotation: Any) -> str:
    """A type as text."""
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        return _bounded(_words(inner[0]), inner[1:])
    if get_origin(annotation) is Literal:
        *most, last = map(json.dumps, inner)
        return f"{', '.join(most)} or {last}" if most else last
    if get_origin(annotation) is tuple:
        return f"[{', '.join('…' if each is ... else _words(each) for each in inner)}]"
    if get_origin(annotation) in WORDS or annotation in WORDS:
        return WORDS[get_origin(annotation) or annotation]
    if models := _models_in(annotation):
        return "table" if len(models) == 1 else "table of a kind"
    return " or ".join(_words(each) for each in inner if each is not NoneType)


def _bounded(words: str, metadata: Iterable[Any]) -> str:
    """A type with the bounds that pydantic knows of it, e.g. ``"0 ≤ number < 1"``."""
    held = [one for item in metadata for one in (getattr(item, "metadata", None) or [item])]
    bounds = {name: value for one in held for name, value in _ends(one).items()}
    low = next((name for name in LOW if name in bounds), None)
    high = next((name for name in HIGH if name in bounds), None)
    if low and high:
        words = f"{bounds[low]:_} {LOW[low][1]} {words}"
    elif low:
        words = f"{words} {LOW[low][0]} {bounds[low]:_}"
    return f"{words} {HIGH[high]} {bounds[high]:_}" if high else words


def _ends(constraint: Any) -> dict[str, float]:
    bounds = {name: getattr(constraint, name, None) for name in (*LOW, *HIGH)}
    return {name: value for name, value in bounds.items() if value is not None}


def _default(field: FieldInfo) -> str | None:
    if field.is_required():
        return None
    return _toml(field.get_default(call_default_factory=True))


def _toml(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, BaseModel):
        return "{}"
    return tomli_w.dumps({"default": value}).removeprefix("default = ").rstrip()


@dataclass(frozen=True)
class Kind:
    """One kind of a table: its name, what it is, and the names of its keys."""

    name: str
    about: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The keys allowed at one place, or at several places with the same keys.

    Attributes:
        paths: The places; the whole experiment is ``""``.
        about: What it is for.
        kinds: The kinds, where it comes in kinds.
        keys: The keys; of a path that ends at a single value, that one.
    """

    paths: tuple[str, ...]
    about: str
    kinds: tuple[Kind, ...]
    keys: tuple[Key, ...]


def look_up(path: str) -> Table:
    """The keys allowed at a place, e.g. ``"discriminator.layers"`` or ``"objective.r1"``.

    Raises:
        UsageError: There is no such place.
    """
    models: Models = [Experiment]
    about, keys, passed = summary(Experiment), keys_of(models), ""
    for part in (each for each in path.split(".") if each and not _is_skipped(each)):
        below = models_below(models, part)
        matching = tuple(key for key in keys if key.name == part)
        if not models:
            raise UsageError(f"{passed} is one value ({keys[0].type}), with nothing below it")
        if not matching and not below:
            legal = [*by_kind(models), *dict.fromkeys(key.name for key in keys)]
            where = f"{passed}: " if passed else ""
            raise UsageError(where + unknown_key(part, passed, legal))
        chosen = below == [by_kind(models).get(part)]
        about = summary(below[0]) if chosen else matching[0].about if below else ""
        models, keys = below, keys_of(below) or matching
        passed = f"{passed}.{part}".removeprefix(".")
    return Table((passed,), about, _kinds(models), keys)


def everything() -> list[Table]:
    """All keys: each table once, with all places where it is allowed."""
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
    """The message that a key is unknown at a place, with the place where it is allowed, if any."""
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
    return f"there is no key {key!r} here; it is a key of {known}. Available: {', '.join(legal)}"


def _walk(path: str, about: str, models: Models) -> Iterator[tuple[str, str, Models]]:
    yield path, about, models
    for key in {key.name: key for key in keys_of(models)}.values():
        if below := models_below([m for m in models if key.name in m.model_fields], key.name):
            yield from _walk(f"{path}.{key.name}".removeprefix("."), key.about, below)


def _is_skipped(part: str) -> bool:
    """Whether a part of a path is an index in a list, or the key that chooses a kind."""
    return part.isdecimal() or part == "kind"


def _kinds(models: Models) -> tuple[Kind, ...]:
    if len(models) < 2:
        return ()
    return tuple(
        Kind(name, summary(model), tuple(key.name for key in keys_of([model])))
        for name, model in by_kind(models).items()
    )
