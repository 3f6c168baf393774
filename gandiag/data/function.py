"""Data of the user's own: a function that draws them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from gandiag.arrays import to_numpy
from gandiag.data.dataset import Dataset
from gandiag.data.user_function import load_function, source_hash
from gandiag.errors import DataError

Side = Annotated[int, Field(ge=1)]


class Function(Dataset):
    """Samples drawn by a function of your own.

    It is called as ``draw(rng, n)`` for every batch, with a `numpy.random.Generator` and the
    number of samples, and gives back an array [n, d] or, for images, [n, height, width] or
    [n, channels, height, width]. All that is random in it has to come from ``rng``: then a
    repeated run sees the same data.
    """

    kind: Literal["function"]
    function: str
    """``module:function``, found from the working directory, or ``file.py:function``."""
    shape: Annotated[tuple[Side, ...], Field(strict=False)] = ()
    """The shape of a sample; by default that of two that are drawn when this is read."""
    classes: ClassVar = 0

    @model_validator(mode="after")
    def _has_a_shape(self) -> Function:
        """Draws samples if no shape is given; a store keeps the shape, and draws none."""
        if not self.shape:
            object.__setattr__(self, "shape", self._drawn(np.random.default_rng(0), 2).shape[1:])
        return self

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        """Draws into ``out`` [..., size, batch].

        Raises:
            DataError: The function fails, or gives something else than samples of the shape.
        """
        for where in np.ndindex(out.shape[:-2]):
            batch = self._drawn(rng, out.shape[-1])
            if batch.shape[1:] != self.shape:
                raise DataError(
                    f"{self.function} gave samples of shape {batch.shape[1:]}, and data.shape is "
                    f"{self.shape}; leave data.shape out to take the function's"
                )
            out[where] = batch.reshape(len(batch), -1).T

    def fingerprint(self) -> dict[str, str]:
        """The hash of the source of the function."""
        return {f"source of {self.function}": source_hash(self.function)}

    def check(self, batch: int = 1) -> None:
        """Draws two samples.

        Raises:
            DataError: The function is not there, or does not do what it should.
        """
        self.fill(np.random.default_rng(0), np.empty((self.size, 2), np.float32))

    def _drawn(self, rng: np.random.Generator, n: int) -> NDArray[np.float32]:
        """A batch, [n, d] or [n, channels, height, width]."""
        draw = load_function(self.function)
        try:
            drawn = draw(rng, n)
        except Exception as error:
            raise DataError(self._failed(draw, n, error)) from error
        batch = self._numbers(drawn, n)
        return batch[:, None] if batch.ndim == 3 else batch

    def _failed(self, draw: Callable[..., Any], n: int, error: Exception) -> str:
        """The message for a call that failed, e.g. because of a wrong signature."""
        try:
            inspect.signature(draw).bind(None, n)
        except TypeError:
            name = self.function.rpartition(":")[2]
            return (
                f"{self.function} cannot be called with (rng, n): write def {name}(rng, n), which "
                "is given a numpy.random.Generator and a number and returns an array [n, d]"
            )
        except ValueError:  # what is compiled need not tell its signature
            pass
        return f"{self.function}(rng, {n}) failed: {type(error).__name__}: {error}"

    def _numbers(self, drawn: Any, n: int) -> NDArray[np.float32]:
        try:
            with np.errstate(over="ignore"):  # reported below
                batch = to_numpy(drawn).astype(np.float32)
        except ValueError as error:
            raise DataError(f"{self.function}(rng, {n}): {error}") from None
        if batch.ndim not in (2, 3, 4) or len(batch) != n:
            raise DataError(
                f"{self.function}(rng, {n}) gave {type(drawn).__name__} of shape {batch.shape}; "
                f"give [{n}, d] (d = 1 on the line), [{n}, height, width] or "
                f"[{n}, channels, height, width]"
            )
        if not np.isfinite(batch).all():
            raise DataError(f"{self.function}(rng, {n}) gave values that are not finite in float32")
        return batch
