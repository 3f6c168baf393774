"""The exceptions that gandiag raises.

    GandiagError                  every error that gandiag raises on purpose
    ├── UsageError                the request cannot be carried out (exit code 2)
    │   ├── ExperimentError       an experiment is not valid, or not known
    │   ├── MissingFrameworkError a backend's framework is not installed
    │   ├── StoreError            a store cannot be read or may not be written
    │   │   └── StoreBusyError    another live process uses it
    │   └── DataError             a data set cannot be found or is damaged
    └── WorkerError               a training process failed (exit code 1)

Every message says what was requested, what was found and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GandiagError(Exception):
    """The root of every error that gandiag raises on purpose."""


class UsageError(GandiagError):
    """The request cannot be carried out; the command line exits with 2."""


class ExperimentError(UsageError):
    """An experiment is not valid, or there is none of that name."""


class MissingFrameworkError(UsageError):
    """A backend was asked for whose framework is not installed.

    Attributes:
        backend: The name of the backend.
    """

    def __init__(self, backend: str, message: str) -> None:
        super().__init__(message)
        self.backend = backend


class StoreError(UsageError):
    """A store cannot be read, or may not be written."""


class StoreBusyError(StoreError):
    """Another live process uses the store or the run.

    Attributes:
        owner: What is known of that process, e.g. ``"process 17 on host a since …"``.
    """

    def __init__(self, message: str, owner: str) -> None:
        super().__init__(message)
        self.owner = owner


class DataError(UsageError):
    """A data set cannot be found, or is damaged."""


class WorkerError(GandiagError):
    """A training process failed; its runs say how."""


def must_be_one_of(what: str, value: str, legal: Iterable[str]) -> str:
    """The message that ``value`` is not one of the ``legal`` ones.

    Args:
        what: What was requested, e.g. ``"preset"``.
        value: The value.
        legal: The legal values.

    Returns:
        The message, with the nearest legal value where one is near.

    >>> must_be_one_of("preset", "devnag-1", ["devnag-1d", "dirac"])
    "there is no preset 'devnag-1'; did you mean 'devnag-1d'? Available: devnag-1d, dirac"
    """
    choices = list(legal)
    near = difflib.get_close_matches(value, choices, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return f"there is no {what} {value!r}{hint} Available: {', '.join(choices)}"
