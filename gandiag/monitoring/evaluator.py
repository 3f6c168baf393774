"""A user's own feature extractor: what samples are looked at through."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from numpy.typing import NDArray


@runtime_checkable
class Evaluator(Protocol):
    """Anything with a name and features; a network of one's own, for instance.

    The name stands in every run that was measured through it, for numbers that came through two
    evaluators cannot be compared. Let it change when the weights do.
    """

    @property
    def name(self) -> str:
        """What tells it from others, e.g. ``"mnist-cnn-3f2a"``."""

    def features(self, samples: NDArray[Any], /) -> Any:
        """The features [n, d] of samples [n, ...], as an array of any framework."""
