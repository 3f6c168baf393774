"""The outputs of finished runs as Keras models."""

from __future__ import annotations

import pytest

from ..conftest import needed  # noqa: TID252
from ..nets import Made, load_all  # noqa: TID252


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Made:
    """The outputs of the networks of finished runs, as models and by NumPy."""
    needed("keras")
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    return load_all("tensorflow", shared / "keras-models")
