"""Downloads the original archives of MNIST from the first mirror that works, and caches them."""

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
"""The URLs of the archives, which are checked against known hashes."""

TIMEOUT_S = 10.0
"""The longest silence of a mirror, in seconds."""


def download(file: File) -> Path:
    """The path of an archive in the cache, downloaded if it is missing or damaged.

    Raises:
        DataError: No mirror has it.
    """
    import pooch

    name, errors = f"{file.name}.gz", []
    with ExitStack() as stack:
        stack.enter_context(_quiet(pooch.get_logger()))
        bar = stack.enter_context(_progress(name)) if sys.stderr.isatty() else False
        for mirror in MIRRORS:
            try:
                path = pooch.retrieve(
                    mirror + name,
                    known_hash=f"sha256:{file.archive_sha256}",
                    fname=name,
                    path=pooch.os_cache("gandiag") / "mnist",
                    downloader=pooch.HTTPDownloader(progressbar=bar, timeout=TIMEOUT_S),
                )
            except (OSError, ValueError) as error:  # no connection, no such file, another content
                errors.append(f"{mirror}: {_brief(error)}")
            else:
                return Path(path)
    raise DataError(f"{name} cannot be downloaded. " + "; ".join(errors))


def _brief(error: Exception) -> str:
    """A short reason, without the names of a library's objects."""
    import requests

    if isinstance(error, requests.HTTPError) and error.response is not None:
        return f"it answers {error.response.status_code}"
    if isinstance(error, requests.RequestException):
        return "no connection"
    return "it has another content than MNIST's" if isinstance(error, ValueError) else str(error)


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    """Silences pooch's log: our error contains what matters."""
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _progress(name: str) -> Iterator[_Bar]:
    """A progress bar on the terminal, removed at the end."""
    from rich.console import Console
    from rich.progress import DownloadColumn, Progress, TextColumn

    columns = (TextColumn("downloading {task.description}"), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield _Bar(progress, name)


class _Bar:
    """A progress bar of Rich with the interface of tqdm, which pooch uses."""

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
        """Does nothing: the context closes the bar."""
