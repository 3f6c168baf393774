"""Data of the user's own: the samples of a NumPy file."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from gandiag.data.array_files import ArraySource, Layout, LoadedArray, load_array
from gandiag.data.dataset import Dataset
from gandiag.data.order import Key, Order, check_batches
from gandiag.data.rows import Rows
from gandiag.errors import DataError

Side = Annotated[int, Field(ge=1)]


class Array(Dataset):
    """The samples in an .npy or .npz file.

    They are [n] or [n, d], or images: [n, height, width] or [n, channels, height, width]. The
    file's hash is part of a run's identity. An evaluation looks at samples of the file that are
    drawn without regard to the order, none twice as long as there are enough.
    """

    kind: Literal["array"]
    path: str
    """The file, from the working directory."""
    key: str | None = None
    """The name of the samples in an .npz file that holds more than one array."""
    labels: str | None = None
    """The name of their classes there, integers from 0; they are drawn with the samples, one-hot,
    where this is given.
    """
    scale: Annotated[float, Field(gt=0)] = 1.0
    """What the values are divided by, e.g. 255."""
    layout: Layout | None = None
    """``"hwc"`` where the channels come last."""
    order: Order = "epochs"
    """How a training run goes through them, see `gandiag.data.order`."""
    shape: Annotated[tuple[Side, ...], Field(strict=False)] = ()
    """The shape of a sample; by default what is in the file when this is read."""
    classes: Annotated[int, Field(ge=0)] = 0
    """How many classes there are; by default as many as the file needs."""

    @model_validator(mode="after")
    def _has_a_shape(self) -> Array:
        """Reads the file if no shape is given; a store keeps the shape, and needs no file."""
        if self.classes and self.labels is None:
            raise ValueError(f"classes = {self.classes} need labels = the name of an array")
        if not self.shape:
            object.__setattr__(self, "shape", self._loaded.values.shape[1:])
        if self.labels is not None and not self.classes:
            object.__setattr__(self, "classes", int(self._loaded.labels.max()) + 1)
        return self

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., size + classes, batch], none twice if there are enough."""
        self._rows().fill(rng, out)

    def deal(
        self, key: Key, first: int, rng: np.random.Generator, out: NDArray[np.float32]
    ) -> None:
        """Writes the batches that follow on the first ``first``; see `sample_indices`."""
        self._rows().deal(self.order, key, first, rng, out)

    def real(self, most: int) -> NDArray[np.float32]:
        """The samples of the file [m, size], or every k-th of them where they are more."""
        rows = self._rows()
        stride = -(-len(rows) // most)
        return np.asarray(rows.values[::stride] / np.float32(rows.scale), np.float32)

    def fingerprint(self) -> dict[str, str]:
        """The hash of the file."""
        return {f"sha256 of {self.path}": self._loaded.sha256[:12]}

    def check(self, batch: int = 1) -> None:
        """Reads the file.

        Args:
            batch: How many samples the training wants at a time.

        Raises:
            DataError: It cannot be read, or does not match these fields, or has too few
                samples for such batches in the order.
        """
        check_batches(self.order, len(self._rows()), batch)

    @property
    def _loaded(self) -> LoadedArray:
        return load_array(ArraySource(self.path, self.key, self.labels, self.layout))

    def _rows(self) -> Rows:
        table = self._loaded
        if table.values.shape[1:] != self.shape:
            raise DataError(
                f"{self.path} holds samples of shape {table.values.shape[1:]}, and data.shape is "
                f"{self.shape}; leave data.shape out to take the file's"
            )
        if len(table.labels) and table.labels.max() >= self.classes:
            raise DataError(
                f"{self.path} holds the class {table.labels.max()}, counted from 0, and "
                f"data.classes is {self.classes}; leave data.classes out to take the file's"
            )
        values = table.values.reshape(len(table.values), -1)
        return Rows(values, table.labels, self.classes, self.scale)
