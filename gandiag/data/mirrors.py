"""MNIST from the net: the original archives from whichever mirror has them, kept in a cache."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gandiag.data.idx import File
from gandiag.errors import DataError

if TYPE_CHECKING:
    from rich.progress import Progress

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
"""Where the archives are; each has to be the one whose hash is known."""

PATIENCE_S = 10.0
"""How long a mirror may be silent, in seconds."""


def download(file: File) -> Path:
    """The archive of a file in the cache, where it is put if it is not there, or damaged.

    Raises:
        DataError: No mirror gives it.
    """
    import pooch

    name, complaints = f"{file.name}.gz", []
    with ExitStack() as stack:
        stack.enter_context(_quiet(pooch.get_logger()))
        bar = stack.enter_context(_progress(name)) if sys.stderr.isatty() else False
        for mirror in MIRRORS:
            try:
                found = pooch.retrieve(
                    mirror + name,
                    known_hash=f"sha256:{file.archive_sha256}",
                    fname=name,
                    path=pooch.os_cache("gandiag") / "mnist",
                    downloader=pooch.HTTPDownloader(progressbar=bar, timeout=PATIENCE_S),
                )
            except (OSError, ValueError) as error:  # no connection, no such file, another content
                complaints.append(f"{mirror}: {_brief(error)}")
            else:
                return Path(found)
    raise DataError(f"{name} cannot be downloaded. " + "; ".join(complaints))


def _brief(error: Exception) -> str:
    """The gist of an error, without the names of a library's objects."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"it answers {error.response.status_code}"
    if isinstance(error, requests.RequestException):
        return "no connection"
    return "it has another content than MNIST's" if isinstance(error, ValueError) else str(error)


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Lets pooch say nothing: what matters is in the error."""
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _progress(name: str) -> Iterator[_Bar]:
    """A bar on the terminal that goes when all is there."""
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn

    columns = (TextColumn("downloading {task.description}"), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress, name)


class _Bar:
    """A bar of Rich's in the words in which pooch speaks to one of tqdm's."""

    def __init__(self, progress: Progress, name: str) -> None:
        self._progress = progress
        self._task = progress.add_task(name, total=None)

    @property
    def total(self) -> float | None:
        return self._progress.tasks[0].total

    @total.setter
    def total(self, value: float) -> None:
        self._progress.update(self._task, total=value)

    def update(self, count: int) -> None:
        self._progress.advance(self._task, count)

    def reset(self) -> None:
        self._progress.reset(self._task)

    def close(self) -> None:
        """It goes with its context."""
